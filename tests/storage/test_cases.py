"""Cases, flags and the audit, on every database."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conversations.reviewing.cases import NOBODY, Case, ModeratorId
from conversations.sheets.flags import Severity
from storage import audit, cases, consents, flags, submissions
from storage.cases import DoneAct, Served
from storage.flags import Raised
from storage.reporters import Reporter
from storage.store import Store
from tests.storage.made import submission_of

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MCH = "mch"


EVERY_ACT = "SELECT * FROM case_acts ORDER BY id"

EARLIER_ACT = """
    INSERT INTO case_acts (instance_id, programme, version, act, by_role, body, done_at)
    VALUES ($1, $2, $3, 'Escalate', 3, $4, $5)
"""


async def report(store: Store, number: int) -> str:
    """Keep a report; return its instance id."""
    reporter = store.reporter(MCH, number)
    async with store.unit() as unit:
        await consents.keep(unit, reporter, MCH, "v1", "sw", agreed=True, now=NOW)
        await submissions.keep(unit, reporter, MCH, submission_of(number), NOW)
    return f"uuid:{number}"


def case_of(number: int, **changes: object) -> Case:
    """Return a case of a report."""
    known = Case(f"uuid:{number}", "birth", "sw", NOW, Severity.MEDIUM, 2.5, "mukuru")
    return replace(known, **changes)  # type: ignore[arg-type]  # Members by name.


async def opened(store: Store, number: int, minutes: int = 0, **changes: object) -> Case:
    """Open the case of a new report, to be looked at so many minutes from now."""
    await report(store, number)
    case = case_of(number, **changes)
    async with store.unit() as unit:
        assert await cases.open_(unit, MCH, case, NOW + timedelta(minutes=minutes))
    return case


async def test_a_case_comes_back_equal(store: Store) -> None:
    """Everything that is known of a case is kept, and a report has one case."""
    full = await opened(
        store,
        1,
        claimed_by=ModeratorId(3),
        claimed_until=NOW,
        state="second",
        first=ModeratorId(4),
        proposed="approved",
        sources=2,
        escalated=True,
        held=True,
    )
    async with store.unit() as unit:
        assert await cases.of(unit, "uuid:1") == full
        assert not await cases.open_(unit, MCH, case_of(1), NOW)
        assert await cases.of(unit, "uuid:2") is None


async def test_of_two_who_change_a_case_one_counts(store: Store) -> None:
    """The version that was seen is the lock."""
    case = await opened(store, 1)

    async def claim(by: int) -> bool:
        taken = replace(case, claimed_by=ModeratorId(by), version=2)
        async with store.unit() as unit:
            return await cases.keep(unit, MCH, taken, NOW, case.version)

    assert sum(await asyncio.gather(*(claim(number) for number in range(1, 11)))) == 1


async def test_the_queue(store: Store) -> None:
    """The earliest first, page by page; what others hold, asked back or decided is not in it."""
    for number, minutes in ((1, 30), (2, 10), (3, 20)):
        await opened(store, number, minutes)
    held = {"claimed_by": ModeratorId(7), "claimed_until": NOW + timedelta(minutes=5)}
    await opened(store, 4, 5, **held)
    await opened(store, 5, 1, state="asked")
    await opened(store, 6, 1, state="decided", outcome="approved")

    async def page(served: Served, at_most: int = 10, after: object = None) -> list[str]:
        async with store.reading() as reading:
            found = await cases.queue(reading, MCH, served, NOW, at_most, after)  # type: ignore[arg-type]
        return [case.instance_id for case, _ in found]

    assert await page(Served()) == ["uuid:2", "uuid:3", "uuid:1"]
    assert await page(Served(by=ModeratorId(7))) == ["uuid:4", "uuid:2", "uuid:3", "uuid:1"]
    assert await page(Served(), 1) == ["uuid:2"]
    assert await page(Served(), 1, (NOW + timedelta(minutes=10), "uuid:2")) == ["uuid:3"]
    assert await page(Served(free_only=False)) == ["uuid:4", "uuid:2", "uuid:3", "uuid:1"]


async def test_the_queue_of_what_somebody_serves(store: Store) -> None:
    """Languages, areas and forms each narrow it down."""
    await opened(store, 1)
    await opened(store, 2, language="en", area="narok")
    for served, count in (
        (Served(languages=frozenset({"sw", "mas"})), 1),
        (Served(areas=frozenset({"narok"})), 1),
        (Served(forms=frozenset({"birth"})), 2),
        (Served(forms=frozenset({"bir"})), 0),
    ):
        async with store.reading() as reading:
            assert len(await cases.queue(reading, MCH, served, NOW, 10)) == count


async def test_counts_and_history(store: Store) -> None:
    """What waits is counted, and what was done is told in its order."""
    await opened(store, 1)
    await opened(store, 2, state="decided", outcome="approved", decided_at=NOW)
    done = [
        DoneAct("uuid:1", 2, "claim", ModeratorId(3), {}, NOW),
        DoneAct("uuid:1", 3, "edit", ModeratorId(3), {"reference": "/data/a", "was": "3"}, NOW),
    ]
    async with store.unit() as unit:
        for one in done:
            await cases.note(unit, store, MCH, one)
        assert await cases.depth(unit, MCH) == {("open", Severity.MEDIUM): 1}
        assert await cases.history(unit, store, "uuid:1") == done
        (decided,) = await cases.decided_since(unit, MCH, NOW - timedelta(days=1), 10)
        assert (decided.instance_id, decided.decided_by) == ("uuid:2", NOBODY)
        assert await cases.workload(unit, MCH, NOW) == {3: {"claim": 1, "edit": 1}}


def flag(name: str = "fast", **changes: object) -> Raised:
    """Return a flag on the first report."""
    known = Raised("uuid:1", MCH, "check", name, Severity.MEDIUM, {"text": "Hardly read."}, NOW)
    return replace(known, **changes)  # type: ignore[arg-type]  # Members by name.


async def test_flags(store: Store) -> None:
    """A flag is raised once; the gravest stands first; a corrected report loses a check's flag."""
    await report(store, 1)
    grave = flag("personal", severity=Severity.HIGH, about=("/data/a",), other="uuid:9")
    async with store.unit() as unit:
        assert await flags.raise_(unit, flag())
        assert not await flags.raise_(unit, flag())
        assert await flags.raise_(unit, grave)
        assert await flags.of(unit, "uuid:1") == (grave, flag())
        await flags.lift(unit, "uuid:1", flag().dedupe)
        assert await flags.of(unit, "uuid:1") == (grave,)


async def test_people_flag_once_and_have_a_record(store: Store) -> None:
    """One flag of a person on a report; how often they were right is counted when it is decided."""
    amina = Reporter("amina")
    for number in (1, 2):
        await report(store, number)
    async with store.unit() as unit:
        said = flag("false", source="person", raised_by=amina)
        assert await flags.raise_(unit, said)
        assert not await flags.raise_(unit, replace(said, name="rude"))
        assert await flags.raise_(unit, replace(said, instance_id="uuid:2"))
        assert await flags.record_of(unit, amina) == (0, 0)
        await flags.judge(unit, "uuid:1", right=True)
        await flags.judge(unit, "uuid:2", right=False)
        assert await flags.record_of(unit, amina) == (1, 2)
        await flags.judge(unit, "uuid:1", right=None)
        assert await flags.record_of(unit, amina) == (0, 1)


async def noted(store: Store, many: int) -> str:
    """Note many acts at once; return the newest hash."""

    async def one(number: int) -> None:
        async with store.unit() as unit:
            await audit.note(unit, store, "role:3", "claim", f"uuid:{number}", NOW, {"n": number})

    await asyncio.gather(*(one(number) for number in range(many)))
    async with store.reading() as reading:
        return (await audit.newest(reading, 1))[0].hash


async def test_an_untouched_audit_fits(store: Store) -> None:
    """Entries of many at once make one chain, which fits."""
    head = await noted(store, 20)
    async with store.reading() as reading:
        assert await audit.verify(reading, store) == audit.Verified(20, None, head)
        assert await audit.verify(reading, store, head) == audit.Verified(20, None, head)
        assert (await audit.verify(reading, store, "0" * 64)).broken == 21
        assert len(await audit.newest(reading, 100, subject="uuid:3")) == 1
        assert len(await audit.newest(reading, 5, who="role:3")) == 5


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE audit SET who = 'role:4' WHERE number = 3", 3),
        ("UPDATE audit SET body = '{}' WHERE number = 5", 5),
        ("UPDATE audit SET noted_at = noted_at + 1 WHERE number = 1", 1),
        ("DELETE FROM audit WHERE number = 4", 4),
        ("DELETE FROM audit WHERE number = 6", 6),
        ("UPDATE audit SET number = 7 WHERE number = 6", 6),
        ("DELETE FROM audit", 1),
    ],
)
async def test_any_tampering_is_found(store: Store, tampering: str, broken: int) -> None:
    """Whatever is changed, taken out or cut off: the first entry that does not fit is named."""
    await noted(store, 6)
    async with store.unit() as unit:
        await unit.run(tampering)
        assert (await audit.verify(unit, store)).broken == broken


async def test_what_moderators_write_is_sealed(store: Store) -> None:
    """It is read with the key and stands nowhere without it; the rest stays to be counted."""
    await opened(store, 1)
    words = {"words": "Amina's sister saw it", "about": "/data/a"}
    corrected = {"reference": "/data/name", "value": "Naserian"}
    done = [
        DoneAct("uuid:1", 2, "AskReporter", ModeratorId(3), words, NOW),
        DoneAct("uuid:1", 3, "EditAnswer", ModeratorId(3), corrected, NOW),
        DoneAct("uuid:1", 4, "Reject", ModeratorId(3), {"reason": "far", "words": ""}, NOW),
    ]
    async with store.unit() as unit:
        for one in done:
            await cases.note(unit, store, MCH, one)
        assert await cases.history(unit, store, "uuid:1") == done
        raw = str([(row["body"], row["sealed"]) for row in await unit.rows(EVERY_ACT)])
        assert "sister" not in raw
        assert "Naserian" not in raw
        assert "/data/name" in raw


async def test_words_of_before_are_sealed_once(store: Store) -> None:
    """Rows that an earlier Baraza wrote are read as they are, then sealed, a few at a time."""
    await opened(store, 1)
    async with store.unit() as unit:
        for number in range(3):
            body = json.dumps({"words": f"Words {number}", "about": ""})
            await unit.run(EARLIER_ACT, "uuid:1", MCH, number, body, 5)
        before = await cases.history(unit, store, "uuid:1")
        assert [one.body["words"] for one in before] == ["Words 0", "Words 1", "Words 2"]
        assert [await cases.seal_plain(unit, store, 2) for _ in range(3)] == [2, 1, 0]
        assert await cases.history(unit, store, "uuid:1") == before
        assert "Words" not in str([row["body"] for row in await unit.rows(EVERY_ACT)])
