"""Work and agreement: the page's figures against examples that were worked out by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.console.desk import BASE
from bot.console.figures import pairs_of
from conversations.reviewing.cases import NOBODY, ModeratorId, Outcome
from conversations.verdicts.agreement import agreement
from storage import audit, cases, second_looks
from storage.cases import DoneAct
from storage.second_looks import SecondLook
from tests.console.seeding import open_place
from tests.console.test_attacks import AMINA, BAKARI, browser, post, proof_of

COHEN: Sequence[tuple[str, str, int]] = (
    ("approved", "approved", 20),
    ("approved", "rejected", 5),
    ("rejected", "approved", 10),
    ("rejected", "rejected", 15),
)
"""50 cases. Alike: 20 + 15 = 35, so 0.7. By chance: 25/50 * 30/50 + 25/50 * 20/50 = 0.5.
Kappa = (0.7 - 0.5) / (1 - 0.5) = 0.4."""

THREE: Sequence[tuple[str, str, int]] = (
    ("approved", "approved", 9),
    ("approved", "rejected", 1),
    ("rejected", "rejected", 6),
    ("rejected", "duplicate", 2),
    ("duplicate", "duplicate", 2),
)
"""20 cases. Alike: 17, so 0.85. The first said 10, 8, 2 and the second 9, 7, 4: by chance
(10 * 9 + 8 * 7 + 2 * 4) / 400 = 154/400 = 0.385. Kappa = (0.85 - 0.385) / 0.615 = 0.7561."""


@pytest.mark.parametrize(("said", "alike", "kappa"), [(COHEN, 35, 0.4), (THREE, 17, 0.465 / 0.615)])
def test_kappa_is_cohens(said: Sequence[tuple[str, str, int]], alike: int, kappa: float) -> None:
    """As worked out by hand, with two outcomes and with three."""
    found = agreement([(one, other) for one, other, count in said for _ in range(count)])
    assert found.agreed == alike
    assert found.kappa == pytest.approx(kappa)


def test_pairs_are_the_same_whoever_was_first() -> None:
    """Of two moderators there is one figure, each on the same side, however they took turns."""
    one, other = ModeratorId(3), ModeratorId(8)
    looks = [
        SecondLook("uuid:1", one, "approved", other, "rejected"),
        SecondLook("uuid:2", other, "rejected", one, "approved"),
        SecondLook("uuid:3", other, "approved", one, "approved"),
        SecondLook("uuid:4", one, "rejected", other, "rejected"),
        SecondLook("uuid:5", ModeratorId(9), "rejected", one, "rejected"),
    ]
    pairs = pairs_of(looks)
    assert [(pair.one, pair.other, pair.found.cases) for pair in pairs] == [(3, 8, 4), (3, 9, 1)]
    # 3 said approved three times of four, 8 once: by chance (3 + 3) / 16 = 0.375.
    # Kappa = (0.5 - 0.375) / 0.625.
    assert pairs[0].found.kappa == pytest.approx(0.2)


async def test_the_page_shows_work_and_agreement(tmp_path: Path) -> None:
    """Who did how much in thirty days, and kappa once there are five cases; in figures as such."""
    place = await open_place(tmp_path)
    seeded = await place.many(6)
    amina = await place.moderator(AMINA)
    bakari = await place.moderator(BAKARI, name="Bakari")
    both: Sequence[tuple[Outcome, Outcome]] = (
        *[("approved", "approved")] * 2,
        *[("rejected", "rejected")] * 2,
        ("approved", "rejected"),
    )
    name, now = place.programme.name, place.now
    async with place.store.unit() as unit:
        for instance_id, (first, second) in zip(seeded, both, strict=False):
            who = (ModeratorId(amina), first, ModeratorId(bakari), second)
            await second_looks.keep(unit, name, SecondLook(instance_id, *who), now)
        for act, by in (("Approve", amina), ("Approve", amina), ("Reject", bakari)):
            done = DoneAct(seeded[0], 2, act, ModeratorId(by), {}, now)
            await cases.note(unit, place.store, name, done)
        rechecked = DoneAct(seeded[0], 2, "Recheck", NOBODY, {}, now)
        await cases.note(unit, place.store, name, rechecked)
    async with browser(place, await place.session(amina)) as client:
        page = (await client.get(f"{BASE}/work")).text
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))
    # Alike 4 of 5; the first said 3 and 2, the second 2 and 3: by chance 12 / 25.
    # Kappa = 0.32 / 0.52 = 0.62.
    assert plain.count("5 4 0.62") == 2
    assert re.search("Amina . Bakari", plain)
    assert "Amina approved 2" in plain
    assert "Bakari rejected 1" in plain
    assert "checked again" not in plain
    await place.store.close()


async def test_check_all_finds_tampering(tmp_path: Path) -> None:
    """A senior has the whole audit checked on the page: whole, then not, and which entry it is."""
    place = await open_place(tmp_path)
    role = await place.moderator(AMINA, "senior moderator")
    async with place.store.unit() as unit:
        for number in range(1, 4):
            await audit.note(unit, place.store, f"role:{number}", "Saw", "uuid:1", place.now)
    async with browser(place, await place.session(role)) as client:
        proof = await proof_of(client, "/audit")
        whole = await post(client, "/audit", proof=proof)
        assert "The audit is whole: 3 entries." in whole.text
        async with place.store.unit() as unit:
            await unit.run("UPDATE audit SET who = 'role:9' WHERE number = 2")
        broken = await post(client, "/audit", proof=proof)
        assert "The audit was tampered with: entry 2 does not fit." in broken.text
        assert (await post(client, "/audit")).status_code == 403
    await place.store.close()
