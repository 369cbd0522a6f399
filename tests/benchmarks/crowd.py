"""Very many people to be asked in one second: whole, from the table of what is due to what is sent.

    python -m tests.benchmarks.crowd [--people 100000] [--database sqlite | packaged | URL]

All have told of a pregnancy and live in eight time zones; every tenth is to be asked twice. The bot
looks every five seconds of its clock, which goes as fast as the work does, and 25 messages a second
leave the outbox, as Telegram lets them. Counted is what should never happen: somebody left out,
written to more often than the caps allow or in their night, and more in the outbox than may lie
there; and told is what a person costs of the processor, how long one held everybody else up, and
the memory.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.coming import BACKLOG_MAX, Coming
from conversations.courtesy import Courtesy, wall_of
from storage import due, outbox, reach, submissions
from storage.consents import KEEP as CONSENT
from storage.contacts import ContactId
from storage.due import Due
from storage.migrate import migrate
from storage.moments import to_kept
from storage.opening import open_store
from storage.outbox import Priority
from storage.reporters import Reporter
from storage.store import Store
from tests.benchmarks.databases import analyze, empty_database, server_of
from tests.followups.year import BEGINNING, ZONES, Somebody, Year

KEY = b"a key of the tests, not a secret"
FIRST = 1_000
DUE = BEGINNING + timedelta(weeks=30, hours=4)
"""In one second of the day this is in Kiribati's night and Colombia's morning."""
OVER = timedelta(hours=36)
LOOK = timedelta(seconds=5)
A_SECOND = 25
TWICE_EVERY = 10
TOGETHER = 2_000
GRACE = timedelta(minutes=1)
"""So long a message may lie in the outbox while somebody's evening begins."""

CONTACT = """
    INSERT INTO contacts (id, chat_id, language, state, met_on) VALUES ($1, $2, 'en', 'active', $3)
"""
REACH = reach.MEET.replace("$4, ''", "$4, $8")
SENT = """
    DELETE FROM outbox WHERE id IN (
        SELECT id FROM outbox WHERE state = 'waiting' ORDER BY priority, id LIMIT $1)
    RETURNING contact_id, method
"""
LEFT = "SELECT count(*) AS count FROM due WHERE kind = 'followup' AND state = 'waiting'"


@dataclass(slots=True)
class Counted:
    """What was seen; `heard` is how often each contact was written to."""

    zones: dict[int, str] = field(default_factory=dict)
    heard: Counter[int] = field(default_factory=Counter)
    at_night: int = 0
    deepest: int = 0
    last: datetime = DUE
    held: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Timed(Coming):
    """Notes how long the work for one person took."""

    counted: Counted = field(default_factory=Counted)

    async def _visit(self, reporter: Reporter) -> None:
        began = time.perf_counter()
        await super(Timed, self)._visit(reporter)
        self.counted.held.append(time.perf_counter() - began)


async def begun(store: Store) -> Year:
    """Let one person report in the chat; the others are made like it."""
    chance = random.Random(1)  # noqa: S311 - no secret is made of it.
    year = Year(store, {FIRST: Somebody(FIRST, "Africa/Nairobi", [], 0)}, chance)
    await year.settle_in()
    await year.write(FIRST, "/start", "2027-07-19", "Yes", "Send ✓")
    async with store.unit() as unit:
        await unit.run("DELETE FROM outbox")
    return year


async def fill(year: Year, people: int, counted: Counted) -> None:
    """Let so many report alike, all to be asked in one second."""
    name = year.dispatch.programme.name
    first = year.store.reporter(name, FIRST)
    async with year.store.reading() as reading:
        rows = await due.of_reporter(reading, first, "waiting", 10)
        like = {row.planned.name: row for row in rows if row.planned.kind == "followup"}
        (sent,) = await submissions.of_reporter(reading, first, name)
    async with year.store.unit() as unit:
        await unit.run("DELETE FROM due")
    known = (like["report:after_due"], like["report:monthly"])
    for begin in range(0, people, TOGETHER):
        numbers = range(begin, min(begin + TOGETHER, people))
        await _fill(year, numbers, known, sent, counted)


async def _fill(
    year: Year,
    numbers: range,
    like: tuple[Due, Due],
    sent: submissions.Submission,
    counted: Counted,
) -> None:
    store, name, day = year.store, year.dispatch.programme.name, BEGINNING.date().isoformat()
    moment, space = to_kept(BEGINNING), 2**62 // 10_000_000
    people, agreed, reached, reports, planned = [], [], [], [], []
    for number in numbers:
        chat, contact = FIRST + 1 + number, (number + 1) * space
        who, zone = store.reporter(name, chat), ZONES[number % len(ZONES)]
        key = f"uuid:{number:032x}"
        counted.zones[contact] = zone
        people.append((contact, chat, day))
        agreed.append((who, name, "v1", "en", True, moment))
        sealed = store.seal(who, ContactId(contact))
        reached.append((who, name, sealed, "en", "", day, False, zone))
        xml = sent.xml.replace(sent.instance_id, key)
        about = (key, name, who, sent.form_id, sent.form_version, "en", f"R{number}", xml)
        reports.append((*about, moment))
        for row in like[: 2 if number % TWICE_EVERY == 0 else 1]:
            one = replace(row.planned, reporter=who, subject=key, root=key, due_at=DUE, zone=zone)
            planned.append(replace(one, dedupe=f"followup:{key}:{one.name}:0"))
    async with store.unit() as unit:
        await unit.run_many(CONTACT, people)
        await unit.run_many(CONSENT, agreed)
        await unit.run_many(REACH, reached)
        await unit.run_many(submissions.KEEP, reports)
        await due.plan(unit, planned)


async def pass_by(year: Year, counted: Counted) -> None:
    """Let the bot look, and messages go out, until nothing of that second is left."""
    coming = Timed(year.dispatch, "crowd", counted=counted)
    year.now = DUE + timedelta(seconds=1)
    while year.now < DUE + OVER:
        await coming.round()
        async with year.store.unit() as unit:
            lies = await outbox.waiting_at_most(unit, Priority.FOLLOW_UP, 10 * BACKLOG_MAX)
            gone = await unit.rows(SENT, round(A_SECOND * LOOK.total_seconds()))
            next_at = await due.next_at(unit)
        counted.deepest = max(counted.deepest, lies)
        for row in gone:
            _hear(counted, row["contact_id"], year.now, year.dispatch.programme.courtesy)
        if next_at is None:
            return
        year.now = year.now + LOOK if gone else max(year.now + LOOK, next_at)


def _hear(counted: Counted, contact: int, now: datetime, courtesy: Courtesy) -> None:
    counted.heard[contact] += 1
    counted.last = now
    zone = ZoneInfo(counted.zones[contact])
    awake = (wall_of(at, zone).time() in courtesy.hours for at in (now, now - GRACE))
    counted.at_night += not any(awake)


def memory_mb() -> int:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


async def measure(url: str, people: int, *, is_server: bool) -> None:
    """Fill a database, let the second come, and print what was seen."""
    say, counted = print, Counted()
    store = await open_store(url, KEY)
    try:
        year = await begun(store)
        began = time.perf_counter()
        await fill(year, people, counted)
        if is_server:
            await analyze(url)
        before = memory_mb()
        say(f"{people:,} people made in {time.perf_counter() - began:.0f} s", flush=True)
        began, cpu = time.perf_counter(), time.process_time()
        await pass_by(year, counted)
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        async with store.reading() as reading:
            left = await reading.row(LEFT)
    finally:
        await store.close()
    heard, held = counted.heard, sorted(counted.held)
    say(f"asked in {wall:.0f} s: {people / wall:,.0f}/s, {cpu / people * 1e3:.1f} ms of CPU each")
    say(f"the last heard after {counted.last - DUE} of the bot's clock (it was night for some)")
    cap = year.dispatch.programme.courtesy.per_day
    over = sum(many > cap for many in heard.values())
    say(f"left out {people - len(heard)}, over the cap {over}, at night {counted.at_night}")
    say(f"still waiting {left['count'] if left else 0}; most in the outbox {counted.deepest}")
    middle, slow = (held[int(len(held) * part)] * 1e3 for part in (0.5, 0.99))
    say(f"one person: p50 {middle:.1f} ms, p99 {slow:.1f} ms, max {held[-1] * 1e3:.0f} ms")
    say(f"memory at most {memory_mb()} MB, {before} MB before")


def main() -> None:
    """Read what is wished and measure it."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--people", type=int, default=10_000)
    reading.add_argument("--database", default="sqlite")
    wish = reading.parse_args()
    if wish.database == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'baraza.db'}"
            asyncio.run(migrate(url))
            asyncio.run(measure(url, wish.people, is_server=False))
        return
    with server_of(wish.database) as server:
        url = asyncio.run(empty_database(server))
        asyncio.run(measure(url, wish.people, is_server=True))


if __name__ == "__main__":
    main()
