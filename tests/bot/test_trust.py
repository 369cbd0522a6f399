"""Trust in moderators: earned where somebody else looked, and what it changes."""

from __future__ import annotations

from datetime import timedelta

from bot.reviews import Reviews
from conversations.reviewing.acts import Act, Approve, Escalate, Reject
from conversations.reviewing.cases import Case, ModeratorId, look_by
from conversations.reviewing.deciding import Acted, Moderator
from conversations.reviewing.weights import ModeratorRecord, second_look_share
from locales.locale import locale_of
from storage import cases, second_looks, trust
from storage.cases import Served
from storage.second_looks import SecondLook
from storage.store import Store
from tests.bot.test_aftermath import AMINA, NOW, PROGRAMME, tells

GOOD, POOR, OTHER = (ModeratorId(number) for number in (1, 2, 3))
YEAR = timedelta(days=365)


async def does(store: Store, by: ModeratorId, number: int, act: Act) -> Case:
    """Let a moderator act on a report as it stands."""
    async with store.unit() as unit:
        case = await cases.of(unit, f"uuid:{number}")
        assert case is not None
        reviews = Reviews(store, PROGRAMME, locale_of)
        about = (unit, Moderator(by), f"uuid:{number}", case.version, act, NOW)
        done = await reviews.act(*about)
        assert isinstance(done, Acted), done
        return done.case


async def looked_at_twice(store: Store, number: int) -> None:
    """Let many decisions be looked at again: those of one were right, of the other wrong."""
    for one in range(number):
        await tells(store, 150, "A clinic", 100 + one)
        await does(store, GOOD if one % 2 else POOR, 100 + one, Approve())
        async with store.unit() as unit:
            first = (f"uuid:{100 + one}", GOOD if one % 2 else POOR, "approved")
            second = "approved" if one % 2 else "rejected"
            look = SecondLook(*first, OTHER, second)  # type: ignore[arg-type]  # Outcomes by name.
            assert await second_looks.keep(unit, PROGRAMME.name, look, NOW)


async def test_records(store: Store) -> None:
    """Second looks count for both; an objection for whoever decided first; the rest for nobody."""
    await tells(store, 150, "A clinic", 7)
    await does(store, GOOD, 7, Reject("", "no"))
    async with store.unit() as unit:
        reporter = store.reporter(PROGRAMME.name, AMINA)
        again = Reviews(store, PROGRAMME, locale_of)
        assert isinstance(await again.appeal(unit, reporter, "4T7K", NOW), Case)
    await does(store, OTHER, 7, Approve())
    await looked_at_twice(store, 4)
    async with store.reading() as reading:
        found = await trust.records(reading, PROGRAMME.name, NOW - YEAR)
        later = await trust.records(reading, PROGRAMME.name, NOW + YEAR)
    assert found == {
        GOOD: ModeratorRecord(objected=1, stood=0, looked_at=2, alike=2),
        POOR: ModeratorRecord(looked_at=2),
        OTHER: ModeratorRecord(looked_at=4, alike=2),
    }
    assert not later, "what is long past says nothing"


async def test_what_a_trusted_moderator_leaves_comes_sooner(store: Store) -> None:
    """Of two like cases left to a senior, that of whoever is mostly right is looked at first."""
    await looked_at_twice(store, 40)
    rules, left = PROGRAMME.moderation.rules, {}
    for number, by in enumerate((POOR, GOOD, OTHER), 1):
        await tells(store, 150, "A clinic", number)
        left[by] = await does(store, by, number, Escalate("Who knows?"))
    moments = [look_by(left[by], rules) for by in (GOOD, OTHER, POOR)]
    assert moments == sorted(moments)
    assert moments[0] < moments[1] < moments[2]
    async with store.reading() as reading:
        page = await cases.queue(reading, PROGRAMME.name, Served(free_only=False), NOW, 3)
    assert [case.instance_id for case, _ in page] == ["uuid:2", "uuid:3", "uuid:1"]


async def test_whoever_is_borne_out_is_looked_at_less(store: Store) -> None:
    """The sample of one who is often wrong is larger, and holds all that is in a smaller one."""
    await looked_at_twice(store, 40)
    async with store.reading() as reading:
        known = await trust.records(reading, PROGRAMME.name, NOW - YEAR)
    shares = [second_look_share(known[by]) for by in (GOOD, POOR)]
    assert shares[0] < second_look_share(ModeratorRecord()) < shares[1]
    ids = [f"uuid:{number}" for number in range(2_000)]
    few, many = (
        {one for one in ids if second_looks.is_sampled(store, one, share)} for share in shares
    )
    assert few < many
    assert abs(len(many) / 2_000 - shares[1]) < 0.04
