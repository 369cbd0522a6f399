"""Chains of follow-ups as they are kept: planned again, stopped, taken up, linked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from conversations.replies import KeepSubmission
from storage import consents, due, links, submissions
from storage.due import Planned
from storage.links import Link
from storage.reporters import Reporter
from storage.store import Store

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=14)
AMINA = Reporter("amina")
ASKED = Planned(
    *("mch", AMINA, "followup", "report:after_due", "uuid:1", LATER),
    *("Africa/Nairobi", "2026-12-06T12:30", "followup:uuid:1:report:after_due:0", 0, {}, "uuid:1"),
)


async def test_planned_again_moves_what_waits(store: Store) -> None:
    """A changed report moves what waits, and brings back what a change had taken away."""
    moved = replace(ASKED, due_at=LATER + timedelta(days=7))
    async with store.unit() as unit:
        await due.plan(unit, [ASKED])
        await due.replan(unit, [moved])
        (row,) = await due.about(unit, "uuid:1")
        assert row.planned == moved
        await due.cancel(unit, row.id, NOW, "changed")
        await due.replan(unit, [ASKED])
        (row,) = await due.about(unit, "uuid:1")
    assert (row.state, row.planned.due_at) == ("waiting", LATER)


async def test_what_was_asked_is_not_planned_again(store: Store) -> None:
    """A question that was put, or withdrawn by its person, stays as it is."""
    async with store.unit() as unit:
        await due.plan(unit, [ASKED])
        (row,) = await due.claim(unit, "one", LATER, 60, 10)
        await due.settle(unit, row.id, "one", "asked", LATER)
        await due.replan(unit, [replace(ASKED, due_at=LATER + timedelta(days=7))])
        (row,) = await due.about(unit, "uuid:1")
        assert (row.state, row.asked_at, row.planned.due_at) == ("asked", LATER, LATER)
        assert await due.count_asked(unit, "uuid:1", "followup", "report:after_due") == 1
        assert await due.cancel_chain(unit, "uuid:1", LATER, "withdrawn") == 1
        await due.replan(unit, [ASKED])
        (row,) = await due.about(unit, "uuid:1")
    assert row.state == "cancelled"


async def test_a_chain_is_stopped_and_taken_up(store: Store) -> None:
    """An alarm stops what waits in the whole chain; what lies ahead comes back if it may."""
    child = replace(ASKED, subject="uuid:2", dedupe="followup:uuid:2:x:0")
    past = replace(ASKED, subject="uuid:3", dedupe="followup:uuid:3:x:0", due_at=NOW)
    alarm = replace(ASKED, kind="alarm", dedupe="alarm:uuid:2", due_at=NOW)
    async with store.unit() as unit:
        await due.plan(unit, [ASKED, child, past, alarm])
        assert await due.cancel_chain(unit, "uuid:1", NOW, "alert") == 3
        assert await due.is_alarmed(unit, "uuid:1")
        assert await due.revive(unit, "uuid:1", "alert", NOW) == 2


async def test_several_at_once_count_once(store: Store) -> None:
    """What was put to a person in one message counts once for how often they were asked."""
    second = replace(ASKED, dedupe="another")
    async with store.unit() as unit:
        await due.plan(unit, [ASKED, second])
        for row in await due.claim(unit, "one", LATER, 60, 10):
            await due.settle(unit, row.id, "one", "asked", LATER)
        assert await due.asked_since(unit, AMINA, NOW) == 1
        assert await due.asked_times(unit, AMINA, NOW) == (LATER,)


async def test_a_row_is_held_by_whoever_is_quicker(store: Store) -> None:
    """Of two that list what is due of a person, one holds it."""
    until = LATER + timedelta(seconds=60)
    async with store.unit() as unit:
        await due.plan(unit, [ASKED])
        (row,) = await due.of_person(unit, AMINA, LATER, "one", 10)
        assert await due.hold(unit, row.id, "one", LATER, until)
        assert not await due.hold(unit, row.id, "two", LATER, until)
        assert await due.of_person(unit, AMINA, LATER, "two", 10) == ()


async def test_answers_are_found_from_their_report(store: Store) -> None:
    """What was answered stands in the order it came, and goes with the report it is about."""
    async with store.unit() as unit:
        await consents.keep(unit, AMINA, "mch", "v1", "sw", agreed=True, now=NOW)
        for number in (1, 2, 3):
            kept = KeepSubmission(f"uuid:{number}", "f", "1", "sw", f"4T7{number}", "<d/>", ())
            at = NOW + timedelta(days=number)
            await submissions.keep(unit, AMINA, "mch", kept, at)
        first = Link("uuid:2", "uuid:1", "uuid:1", "report:after_due", 7)
        second = Link("uuid:3", "uuid:2", "uuid:1", "later:six_weeks", 8)
        for one in (second, first, first):
            await links.link(unit, one)
        assert await links.chain(unit, "uuid:1") == (first, second)
        assert await links.of(unit, "uuid:3") == second
        assert await links.of(unit, "uuid:1") is None
        await unit.run("DELETE FROM submissions WHERE instance_id = $1", "uuid:2")
        assert await links.chain(unit, "uuid:1") == ()
