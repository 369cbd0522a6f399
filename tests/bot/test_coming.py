"""What is due, put to people: by one of several processes, and only where there is somebody."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.coming import Coming
from storage import contacts, due, offers
from storage.store import Unit
from tests.followups.amina import AMINA, LATER, became
from tests.followups.year import BEGINNING, Year


async def looked(year: Year) -> list[str]:
    """Look at the time when it is due; return what is sent."""
    year.now = max(year.now, LATER)
    await Coming(year.dispatch, "one").round()
    return [text for texts in (await year._sent()).values() for text in texts]  # noqa: SLF001


async def test_two_processes_ask_once(year: Year) -> None:
    """Several processes that look at the same moment put a question once."""
    year.now = LATER
    rounds = (Coming(year.dispatch, f"process {number}").round() for number in range(4))
    await asyncio.gather(*rounds)
    sent = (await year._sent())[AMINA]  # noqa: SLF001
    assert len(sent) == 1
    assert await became(year) == [("asked", "")]


async def test_it_is_asked_once(year: Year) -> None:
    """Looking again asks nothing again."""
    assert len(await looked(year)) == 1
    assert await looked(year) == []


async def test_a_week_away(year: Year) -> None:
    """What is more than a week late is dropped, and counted."""
    year.now = LATER + timedelta(days=10)
    assert await looked(year) == []
    assert await became(year) == [("dropped", "too late")]


async def test_somebody_who_left(year: Year) -> None:
    """Nobody is written to who blocked the bot."""
    async with year.store.unit() as unit:
        met = await contacts.by_chat(unit, AMINA)
        assert met is not None
        await contacts.mark_gone(unit, met.id)
    assert await looked(year) == []
    assert await became(year) == [("dropped", "gone")]


async def erase(unit: Unit) -> None:
    """Erase all reports."""
    await unit.run("DELETE FROM submissions")


async def test_a_report_that_was_erased(year: Year) -> None:
    """Nothing is asked about a report that is there no more."""
    async with year.store.unit() as unit:
        await erase(unit)
    assert await looked(year) == []
    assert await became(year) == [("dropped", "erased")]


async def test_a_form_that_was_closed(year: Year) -> None:
    """A form that is closed when it would be asked is not asked."""
    async with year.store.unit() as unit:
        programme = year.dispatch.programme
        await offers.close_form(unit, programme.name, "news")
    assert await looked(year) == []
    assert await became(year) == [("dropped", "closed")]


async def test_a_process_that_died(year: Year) -> None:
    """What a dead process had claimed is put when its lease has run out."""
    year.now = LATER
    async with year.store.unit() as unit:
        assert len(await due.claim(unit, "the dead", year.now, 60, 10)) > 0
    assert await looked(year) == []
    year.now += timedelta(seconds=61)
    assert len(await looked(year)) == 1


async def test_a_clock_that_jumps_back(year: Year) -> None:
    """Nothing is asked before its time, nor again after it."""
    assert len(await looked(year)) == 1
    year.now -= timedelta(hours=3)
    await Coming(year.dispatch, "one").round()
    assert await year._sent() == {}  # noqa: SLF001


async def test_what_nobody_here_knows(year: Year) -> None:
    """A kind that this process cannot put waits for one that can."""
    async with year.store.unit() as unit:
        (row, *_) = await due.of_reporter(
            unit, year.store.reporter(year.dispatch.programme.name, AMINA), "waiting", 1
        )
        strange = replace(row.planned, kind="riddle", dedupe="riddle", due_at=BEGINNING)
        await due.plan(unit, [strange])
    await Coming(year.dispatch, "one").round()
    async with year.store.reading() as reading:
        kept = await due.by_dedupe(reading, "riddle")
    assert kept is not None
    assert (kept.state, kept.planned.due_at > BEGINNING) == ("waiting", True)
