"""What the bot learns of somebody's clock, and of reports that others correct."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.asked import ask_again_in, change_zone, learn_zone
from bot.followups import plan_again
from bot.library import Library
from bot.mending import Mending
from conversations.areas import Area
from conversations.reviewing.acts import EditAnswer
from locales.locale import locale_of
from storage import due, reach, submissions
from storage.opening import open_store
from storage.store import Reading
from tests.followups.year import BEGINNING, Somebody, Year

AMINA = 1_000
MANAUS, ACRE, SEA = (-3.12, -60.02), (-9.97, -67.81), (0.0, 0.0)
AREAS = {
    "AM": Area({"": "Amazonas"}, (), (MANAUS,), "America/Manaus"),
    "AC": Area({"": "Acre"}, (), (ACRE,), "America/Rio_Branco"),
}


@pytest.fixture
async def year(database_url: str) -> AsyncIterator[Year]:
    """Lend a world in which Amina has told of a pregnancy, and may be asked about it."""
    store = await open_store(database_url, b"a key of the tests, not a secret")
    people = {AMINA: Somebody(AMINA, "", [], 0)}
    made = Year(store, people, random.Random(1))  # noqa: S311 - no secret is made of it.
    await made.settle_in()
    await made.write(AMINA, "/start", "2027-06-01", "Yes", "Send ✓")
    yield made
    await store.close()


async def first_due(reading: Reading) -> due.Due:
    """Return the question two weeks after the expected day."""
    sql = "SELECT dedupe FROM due WHERE name = 'report:after_due' AND kind = 'followup'"
    rows = await reading.rows(sql)
    found = await due.by_dedupe(reading, rows[0]["dedupe"])
    assert found is not None
    return found


async def test_a_shared_place_tells_the_zone(year: Year) -> None:
    """The area where somebody is gives their zone, what waits keeps its time; their word wins."""
    programme = replace(year.dispatch.programme, areas=AREAS)
    amina = year.store.reporter(programme.name, AMINA)
    zones = []
    async with year.store.unit() as unit:
        before = await first_due(unit)
        for where, own in ((SEA, True), (ACRE, False), (MANAUS, False), (MANAUS, True)):
            await learn_zone(unit, programme, amina, where, own=own)
            known = await reach.of(unit, amina)
            zones.append(known.zone if known else None)
        after = await first_due(unit)
        await change_zone(unit, amina, "Africa/Lagos")
        await learn_zone(unit, programme, amina, ACRE, own=True)
        known = await reach.of(unit, amina)
    assert zones == ["", "America/Rio_Branco", "America/Rio_Branco", "America/Manaus"]
    there = after.planned.due_at.astimezone(ZoneInfo("America/Manaus"))
    assert before.planned.wall == after.planned.wall == f"{there:%Y-%m-%dT%H:%M}"
    assert known is not None
    assert known.zone == "Africa/Lagos"


def settled_in_brazil(year: Year) -> None:
    """Let the programme know areas, each with its zone."""
    programme = replace(year.dispatch.programme, areas=AREAS)
    year.dispatch = replace(year.dispatch, library=Library(programme))


async def planned_wall(year: Year, zone: str) -> tuple[str, str]:
    """Return the time that the question was planned for, and when it comes by a clock in a zone."""
    async with year.store.reading() as reading:
        planned = (await first_due(reading)).planned
    return planned.wall, f"{planned.due_at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


async def tap(year: Year, words: str) -> None:
    """Tap the last button with these words."""
    async with year.store.unit() as unit:
        rows = await unit.rows("SELECT params FROM outbox ORDER BY id DESC")
        await unit.run("DELETE FROM outbox")
    keyboards = (json.loads(row["params"]).get("reply_markup", {}) for row in rows)
    keys = (key for one in keyboards for line in one.get("inline_keyboard", ()) for key in line)
    data = next(key["callback_data"] for key in keys if key["text"] == words)
    year.updates += 1
    person = {"id": AMINA, "is_bot": False, "first_name": "X", "language_code": "en"}
    chat = {"id": AMINA, "type": "private"}
    message = {"message_id": 1, "date": 0, "chat": chat, "text": "x"}
    query = {"id": "1", "from": person, "chat_instance": "1", "message": message, "data": data}
    await year.dispatch.take({"update_id": year.updates, "callback_query": query})


async def share(year: Year, where: tuple[float, float]) -> None:
    """Share a place."""
    year.updates += 1
    chat, at = {"id": AMINA, "type": "private"}, {"latitude": where[0], "longitude": where[1]}
    person = {"id": AMINA, "is_bot": False, "first_name": "X", "language_code": "en"}
    message = {"message_id": 2, "date": 0, "chat": chat, "from": person, "location": at}
    await year.dispatch.take({"update_id": year.updates, "message": message})


async def test_somebody_who_moves(year: Year) -> None:
    """Who says with /place that they are elsewhere is asked at the same hour there."""
    settled_in_brazil(year)
    wall, at_home = await planned_wall(year, "UTC")
    assert at_home[:13] == wall[:13].replace("T07", "T08")
    await year.write(AMINA, "/place")
    await tap(year, "Acre")
    assert await planned_wall(year, "America/Rio_Branco") == (wall, wall)
    await year.write(AMINA, "/place")
    await share(year, MANAUS)
    assert await planned_wall(year, "America/Manaus") == (wall, wall)


async def test_somebody_who_moves_after_tomorrow_was_said(year: Year) -> None:
    """What was put off to tomorrow is not asked at once because somebody moved."""
    settled_in_brazil(year)
    year.now = BEGINNING.replace(month=6, day=15, hour=12)
    async with year.store.unit() as unit:
        asked = await first_due(unit)
        assert await due.claim(unit, "one", year.now, 60, 10)
        await due.settle(unit, asked.id, "one", "asked", year.now)
        await ask_again_in(unit, await first_due(unit), 1, year.now)
        await change_zone(unit, asked.planned.reporter, "America/Manaus")
        assert (await first_due(unit)).planned.due_at == year.now + timedelta(days=1)


async def test_an_anchor_that_a_moderator_corrects(year: Year) -> None:
    """The question moves with the date in the report, whoever corrects it; blank asks nothing."""
    programme, found = year.dispatch.programme, []
    amina = year.store.reporter(programme.name, AMINA)
    async with year.store.unit() as unit:
        (sent,) = await submissions.of_reporter(unit, amina, programme.name)
        for day in ("2027-07-01", "1527-07-01", "2027-08-01"):
            wanted = EditAnswer("/data/due_date", day)
            mending = Mending(year.store, programme, locale_of)
            assert await mending.mend(unit, sent.instance_id, wanted, year.now) is None
            await plan_again(unit, programme, sent.instance_id, year.now)
            row = await first_due(unit)
            found.append((row.state, row.planned.due_at.date().isoformat()))
    assert found == [
        ("waiting", "2027-07-15"),
        ("cancelled", "2027-07-15"),
        ("waiting", "2027-08-15"),
    ]
    assert year.now == BEGINNING
