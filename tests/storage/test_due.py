"""What comes back later: planned once, handed out once, settled by whoever holds it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage import due
from storage.due import Planned
from storage.reporters import Reporter
from storage.store import Store

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=14)


def planned(number: int, due_at: datetime = NOW, reporter: str = "amina") -> Planned:
    """Return a follow-up about a birth."""
    return Planned(
        *("mch", Reporter(reporter), "followup", "after_due", "uuid:1", due_at),
        *("Africa/Nairobi", "2026-11-22T12:30", f"followup:uuid:1:after_due:{number}"),
        number,
        {"form": "birth_followup"},
    )


async def plan(store: Store, *many: Planned) -> None:
    """Plan in a unit of its own."""
    async with store.unit() as unit:
        await due.plan(unit, many)


async def claim(store: Store, owner: str, now: datetime = NOW) -> tuple[due.Due, ...]:
    """Claim in a unit of its own."""
    async with store.unit() as unit:
        return await due.claim(unit, owner, now, 30, 100)


async def test_what_is_planned_comes_back_equal(store: Store) -> None:
    """A planned thing comes back as it was, when it is due and not before."""
    await plan(store, planned(0), planned(1, LATER))
    (row,) = await claim(store, "one")
    assert row.planned == planned(0)
    assert (row.state, row.attempts, row.settled_at) == ("waiting", 1, None)
    async with store.reading() as reading:
        assert await due.next_at(reading) == NOW


async def test_planned_twice_is_planned_once(store: Store) -> None:
    """The same dedupe key plans nothing more, even after it was settled."""
    await plan(store, planned(0))
    (row,) = await claim(store, "one")
    async with store.unit() as unit:
        assert await due.settle(unit, row.id, "one", "asked", NOW)
    await plan(store, planned(0))
    assert await claim(store, "one", LATER) == ()


async def test_a_row_is_held_by_one(store: Store) -> None:
    """Two that claim at once get different rows; a lease that ran out can be taken over."""
    await plan(store, *(planned(number) for number in range(20)))
    one, other = await asyncio.gather(claim(store, "one"), claim(store, "other"))
    assert len(one) + len(other) == 20
    assert not {row.id for row in one} & {row.id for row in other}
    late = NOW + timedelta(minutes=1)
    assert len(await claim(store, "third", late)) == 20
    async with store.unit() as unit:
        held = (*one, *other)[0]
        assert not await due.settle(unit, held.id, "one", "asked", late)
        assert await due.settle(unit, held.id, "third", "asked", late)


async def test_the_longest_due_come_first(store: Store) -> None:
    """Rows are handed out by their moment, however they were planned."""
    early, late = planned(0, NOW - timedelta(hours=2)), planned(1, NOW - timedelta(hours=1))
    await plan(store, late, early)
    assert [row.planned for row in await claim(store, "one")] == [early, late]


async def test_put_off_and_moved(store: Store) -> None:
    """What is put off or moved comes at its new moment."""
    await plan(store, planned(0), planned(1, LATER))
    (row,) = await claim(store, "one")
    async with store.unit() as unit:
        assert await due.put_off(unit, row.id, "one", LATER, "quiet hours")
        assert await due.move(unit, planned(1).dedupe, NOW, "Africa/Nairobi", "2026-11-22T12:30")
        assert not await due.move(unit, "unknown", NOW, "", "")
    (moved,) = await claim(store, "one")
    assert moved.planned.number == 1
    (put_off,) = [row for row in await claim(store, "two", LATER) if row.planned.number == 0]
    assert (put_off.reason, put_off.attempts) == ("quiet hours", 2)


async def test_cancelled_about_a_subject_and_for_a_reporter(store: Store) -> None:
    """Nothing comes any more that was cancelled; what was settled stays as it was."""
    about = replace(planned(0), subject="uuid:2", dedupe="b", kind="reminder")
    await plan(store, planned(0), about, planned(2, reporter="baraka"))
    async with store.unit() as unit:
        assert await due.cancel_about(unit, "uuid:2", NOW, "erased", "followup") == 0
        assert await due.cancel_about(unit, "uuid:2", NOW, "erased") == 1
        assert await due.cancel_for(unit, Reporter("amina"), NOW, "asked us to stop") == 1
    (left,) = await claim(store, "one")
    assert left.planned.reporter == "baraka"
    async with store.reading() as reading:
        (gone,) = await due.about(reading, "uuid:2")
    assert (gone.state, gone.reason, gone.settled_at) == ("cancelled", "erased", NOW)


async def test_counts(store: Store) -> None:
    """What was asked counts for caps and rates; what comes is counted ahead."""
    await plan(store, planned(0), planned(1, LATER), planned(2, LATER + timedelta(days=1)))
    (row,) = await claim(store, "one")
    amina = Reporter("amina")
    async with store.unit() as unit:
        await due.settle(unit, row.id, "one", "asked", NOW)
        assert await due.asked_since(unit, amina, NOW - timedelta(days=1)) == 1
        assert await due.asked_since(unit, amina, NOW + timedelta(seconds=1)) == 0
        assert [one.id for one in await due.of_reporter(unit, amina, "asked", 10)] == [row.id]
        (ahead,) = await due.ahead(unit, "mch", LATER + timedelta(days=30))
        assert (ahead.name, ahead.count, ahead.first_at) == ("after_due", 2, LATER)
        await due.become(unit, row.id, "answered", NOW)
        became = await due.became(unit, "mch", NOW - timedelta(days=1))
        assert became == {("followup", "after_due"): {"answered": 1}}
        assert await due.forget_settled(unit, NOW + timedelta(days=400), 100) == 1


async def test_what_was_put_off_counts_as_asked(store: Store) -> None:
    """Whoever puts a question off was written to, and is again when it comes back."""
    await plan(store, planned(0))
    (row,) = await claim(store, "one")
    amina, again = Reporter("amina"), NOW + timedelta(days=1)
    async with store.unit() as unit:
        await due.settle(unit, row.id, "one", "asked", NOW)
        await due.wait_again(unit, row.id, again, "later")
        await due.wait_again(unit, row.id, again, "later")
        (once_more,) = await due.claim(unit, "one", again, 30, 9)
        await due.settle(unit, once_more.id, "one", "asked", again)
        assert await due.asked_times(unit, amina, NOW - timedelta(days=1)) == (NOW, again)
        assert [one.id for one in await due.about(unit, row.planned.subject)] == [row.id]
