"""Earlier reports and a changed sheet: what is counted is what is done, once, whoever dies."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot import takeovers
from bot.takeovers import Takeovers, rehearse
from conversations.followups.rehearsal import Rehearsal, from_plain
from conversations.xform.extras import with_extras
from conversations.xform.form import Form
from conversations.xform.reader import read_form
from conversations.xform.renumbering import with_version
from storage import audit, forms
from storage import takeovers as kept
from storage.opening import open_store
from tests.followups.year import BEGINNING, Somebody, Year

PEOPLE = range(1_000, 1_005)
WEEKS = {"name": "monthly", "form": "news", "offset": "6 weeks"}
SOON = {"name": "soon", "form": "news", "offset": "3 days"}
NEVER = asyncio.Event()


@pytest.fixture
async def year(database_url: str) -> AsyncIterator[Year]:
    """Lend a world in which five people have told of a pregnancy; the last wants no question."""
    store = await open_store(database_url, b"a key of the tests, not a secret")
    people = {one: Somebody(one, "Africa/Nairobi", [], 0) for one in PEOPLE}
    made = Year(store, people, random.Random(1))  # noqa: S311 - no secret is made of it.
    await made.settle_in()
    for one in PEOPLE:
        await made.write(one, "/start", "2027-09-01", "No", "Send ✓")
    await made.write(PEOPLE[-1], "/stop")
    yield made
    await store.close()


def changed(year: Year, version: str, *rows: dict[str, str]) -> Form:
    """Return the report with other follow-ups."""
    bare = re.sub(r"<baraza:sheets .*</baraza:sheets>", "", _first(year).source)
    return with_version(read_form(with_extras(bare, {"followups": list(rows)})), version)


async def publish(year: Year, form: Form) -> None:
    """Keep a version, and let earlier reports go by its sheet."""
    library, now = year.dispatch.library, year.now
    async with year.store.unit() as unit:
        for one in (_first(year), form):
            await forms.keep(unit, library.programme.name, one, now)
        about = (form.form_id, form.version, 0, now)
        await takeovers.begin(unit, year.store, library.programme, *about)


def worker(year: Year) -> Takeovers:
    """Return a process that takes reports over."""
    dispatch = year.dispatch
    return Takeovers(year.store, dispatch.library, dispatch.locale_of, dispatch.now)


async def done(year: Year) -> Rehearsal:
    """Return what came of the last takeover; it has to be done."""
    async with year.store.reading() as reading:
        found = await kept.of_form(reading, year.dispatch.library.programme.name, "report")
    assert found is not None
    assert found.is_done
    return from_plain(found.tally)


async def waiting(year: Year) -> list[tuple[str, int]]:
    """Return the names of what waits, with how many weeks after the report it comes."""
    sql = "SELECT name, due_at FROM due WHERE state = 'waiting' AND kind = 'followup'"
    begin = BEGINNING.timestamp() * 1_000_000
    async with year.store.reading() as reading:
        rows = await reading.rows(sql)
    week = timedelta(weeks=1).total_seconds() * 1_000_000
    return sorted((row["name"], round((row["due_at"] - begin) / week)) for row in rows)


async def test_what_is_counted_is_what_is_done(year: Year) -> None:
    """A row moves, a row is new, who wants no question is left alone; it is noted in the audit."""
    form = changed(year, "2", WEEKS, SOON)
    seen = await rehearse(year.store, year.dispatch.library.programme, form, year.now)
    assert (seen.reports, seen.silent) == (5, 1)
    assert [dict(row.counts) for row in seen.rows.values()] == [{"moved": 4}, {"added": 4}]
    assert seen.first == (year.now + timedelta(days=3)).date()
    assert await waiting(year) == [("report:monthly", 4)] * 4
    await publish(year, form)
    await worker(year).look(NEVER)
    assert await done(year) == seen
    assert await waiting(year) == [("report:monthly", 6)] * 4 + [("report:soon", 0)] * 4
    async with year.store.reading() as reading:
        acts = [entry.act for entry in await audit.newest(reading, 10, "report")]
    assert acts[:2] == ["ReportsTakenOver", "TakeReportsOver"]


async def test_a_process_that_dies_leaves_pages_done_or_not(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process goes on where the first one stood, and two at once count nothing twice."""
    monkeypatch.setattr(takeovers, "PAGE", 1)
    form = changed(year, "2", WEEKS)
    await publish(year, form)
    async with year.store.reading() as reading:
        (one,) = await kept.under_way(reading, year.dispatch.library.programme.name)
    await worker(year)._page(one)  # noqa: SLF001 - the first process does one page.
    await asyncio.gather(worker(year).look(NEVER), worker(year).look(NEVER))
    assert (await done(year)).reports == 5
    assert await waiting(year) == [("report:monthly", 6)] * 4


async def test_the_way_back(year: Year) -> None:
    """Publishing the former sheet brings back what the new one cancelled, at its former time."""
    before = await waiting(year)
    for form in (changed(year, "2", SOON), with_version(_first(year), "3")):
        await publish(year, form)
        await worker(year).look(NEVER)
    assert (await done(year)).total("cancelled", "added") == 8
    assert await waiting(year) == before


def _first(year: Year) -> Form:
    return year.dispatch.library.programme.forms["report", "1"]


async def test_what_has_begun_goes_on_by_its_own_sheet(year: Year) -> None:
    """Whoever was asked already is asked again as the sheet said with which it began."""
    year.now = BEGINNING + timedelta(weeks=4, hours=2)
    await year.look()
    form = changed(year, "2", {**WEEKS, "repeat": "8 weeks", "until": "2 times"})
    await publish(year, form)
    await worker(year).look(NEVER)
    assert (await done(year)).total("begun") == 4
    year.now += timedelta(days=12)  # Reminded in vain, it goes on.
    await year.look()
    year.now += timedelta(days=10)
    await year.look()
    assert ("report:monthly", 8) in await waiting(year)
