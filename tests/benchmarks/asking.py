"""How long it takes to choose whom to ask about a report, however many people there are.

    python -m tests.benchmarks.asking [--people 1000000] [--postgres packaged] [--no-sqlite]

fills a database with people in 50 areas, around 400 cells and in four languages, each asked at some
time or never, and chooses seven of them by area, by distance (5 km and 30 km), by language and out
of all: looking for candidates and choosing among them, median and worst of 50 reports, on the clock
and of the processor. On PostgreSQL it also asks the server what each statement cost it (`EXPLAIN
ANALYZE`: planning and running, the worst of 50 reports) and whether any goes through a whole table;
those times hold on a busy machine, too.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from conversations.audiences import Audience, Candidate, Place, Subject, choose
from conversations.verdicts.answers import Validator
from storage import candidates
from storage.candidates import Wanted, cells_around
from storage.location import is_postgres
from storage.migrate import migrate
from storage.moments import to_kept
from storage.opening import open_store
from storage.store import Reading, Row, Store, Value
from tests.benchmarks.databases import empty_database, server_of

NOW: Final = datetime(2026, 11, 22, 9, tzinfo=UTC)
AREAS, LANGUAGES = 50, ("sw", "en", "mas", "ki")
REPORTS: Final = 50
TOGETHER: Final = 20_000
CHANCE: Final = random.Random(20261122)  # noqa: S311 - data, not secrets.

FILL: Final = """
    INSERT INTO reach (reporter, programme, sealed, language, zone, area, cell, invited_by, met_on,
                       paused_until_at, stopped, asked_at)
    VALUES ($1, 'mch', '', $2, '', $3, $4, '', '2026-01-05', 0, $5, $6)
"""

# The same, drawn by the server, which is much quicker.
FILL_AT_ONCE: Final = """
    INSERT INTO reach (reporter, programme, sealed, language, zone, area, cell, invited_by, met_on,
                       paused_until_at, stopped, asked_at)
    SELECT md5(n::text), 'mch', '',
        (ARRAY['sw', 'sw', 'sw', 'sw', 'sw', 'sw', 'en', 'en', 'en', 'mas'])[1 + n % 10], '',
        'area' || (n / 10) % 50, (-10 - (n / 7) % 20) || ',' || (360 + (n / 140) % 20), '',
        '2026-01-05', 0, false, CASE WHEN random() < 0.5 THEN 0 ELSE ($2::bigint
            - (random() * 9000)::bigint * 3600000000) END
    FROM generate_series($1::int, $3::int) AS n
"""
RARE: Final = """
    UPDATE reach SET language = 'ki' WHERE reporter < '028f'
"""


def person(number: int) -> tuple[str | int, ...]:
    """Return somebody who can be written to."""
    reporter = hashlib.sha256(str(number).encode()).hexdigest()[:32]
    cell = f"{-10 - CHANCE.randrange(20)},{360 + CHANCE.randrange(20)}"
    asked = 0 if CHANCE.random() < 0.5 else to_kept(NOW - timedelta(hours=CHANCE.randrange(9000)))
    language = CHANCE.choices(LANGUAGES, (60, 30, 9, 1))[0]
    return reporter, language, f"area{CHANCE.randrange(AREAS)}", cell, False, asked


async def fill(store: Store, people: int) -> None:
    """Let so many people be known."""
    for first in range(0, people, TOGETHER):
        rows = [person(number) for number in range(first, min(people, first + TOGETHER))]
        async with store.unit() as unit:
            await unit.run_many(FILL, rows)


def ways(place: Place) -> Iterator[tuple[str, Wanted, Audience]]:
    """Yield the ways to look for people, one report after the other."""
    lot = f"{CHANCE.getrandbits(128):032x}"
    area = f"area{CHANCE.randrange(AREAS)}"
    every, swahili = frozenset(LANGUAGES), frozenset({"sw"})
    yield "area", Wanted("area", [area], lot), Audience(swahili, area)
    for km in (5.0, 30.0):
        cells = cells_around(place, km)
        yield f"{km:g} km", Wanted("cell", cells, lot), Audience(swahili, distance_km=km)
    yield "language", Wanted("language", ["ki"], lot), Audience(frozenset({"ki"}))
    yield "all", Wanted("", (), lot), Audience(every)


@dataclass
class Explaining:
    """Asks PostgreSQL what each statement of a reading costs, beside running it."""

    reading: Reading
    cost_ms: list[float] = field(default_factory=list)
    whole: set[str] = field(default_factory=set)

    async def rows(self, sql: str, *values: Value) -> Sequence[Row]:
        """Run a statement, and note what it cost."""
        (explained,) = await self.reading.rows(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", *values)
        found = explained["QUERY PLAN"]
        (plan,) = json.loads(found) if isinstance(found, str) else found
        self.cost_ms.append(plan["Planning Time"] + plan["Execution Time"])
        self.whole |= set(_whole_tables(plan["Plan"]))
        return await self.reading.rows(sql, *values)

    async def row(self, sql: str, *values: Value) -> Row | None:
        """Run a statement that gives one row."""
        return next(iter(await self.rows(sql, *values)), None)


def _whole_tables(plan: Mapping[str, Any]) -> Iterator[str]:
    """Yield the tables that a plan goes through from beginning to end, but for empty ones."""
    if plan["Node Type"] == "Seq Scan" and plan["Actual Rows"]:
        yield plan["Relation Name"]
    for below in plan.get("Plans", ()):
        yield from _whole_tables(below)


async def explain(store: Store) -> None:
    """Print what looking for candidates costs the server."""
    costs: dict[str, list[float]] = {}
    whole: set[str] = set()
    for _ in range(REPORTS):
        place = (-CHANCE.uniform(1, 3), CHANCE.uniform(36, 38))
        for name, wanted, _ in ways(place):
            async with store.reading() as reading:
                explaining = Explaining(reading)
                await candidates.found(explaining, "mch", wanted, NOW)
            costs.setdefault(name, []).append(sum(explaining.cost_ms))
            whole |= explaining.whole
    for name, spent in costs.items():
        median, worst = statistics.median(spent), max(spent)
        print(f"{name:10} of the server: median {median:6.2f} ms   worst {worst:6.2f} ms")  # noqa: T201 - what it is for.
    print(f"tables gone through: {', '.join(sorted(whole)) or 'none'}")  # noqa: T201 - as above.


async def measure(store: Store) -> None:
    """Choose for many reports and print how long it took."""
    took: dict[str, list[float]] = {}
    spent: dict[str, list[float]] = {}
    for number in range(REPORTS):
        place = (-CHANCE.uniform(1, 3), CHANCE.uniform(36, 38))
        reporter = Candidate(Validator(f"reporter {number}"), None, frozenset(), 100)
        for name, wanted, audience in ways(place):
            started, busy = time.perf_counter(), time.process_time()
            async with store.reading() as reading:
                found = await candidates.found(reading, "mch", wanted, NOW)
            subject = Subject(str(number), reporter, place)
            chosen = choose(b"key", subject, audience, found, 7)
            took.setdefault(name, []).append(time.perf_counter() - started)
            spent.setdefault(name, []).append(time.process_time() - busy)
            assert len(chosen) == 7 or "km" in name, (name, len(found))
    for name, seconds in took.items():
        median, worst = statistics.median(seconds) * 1000, max(seconds) * 1000
        cpu = statistics.median(spent[name]) * 1000
        print(f"{name:10} median {median:6.1f} ms   worst {worst:6.1f} ms   CPU {cpu:6.1f} ms")  # noqa: T201 - what it is for.


async def run(url: str, people: int) -> None:
    """Fill one database and measure."""
    store = await open_store(url, b"a key of a benchmark, no secret")
    if is_postgres(url):
        for first in range(1, people + 1, TOGETHER):
            async with store.unit() as unit:
                last = min(people, first + TOGETHER - 1)
                await unit.run(FILL_AT_ONCE, first, to_kept(NOW), last)
        async with store.unit() as unit:
            await unit.run(RARE)
    else:
        await fill(store, people)
    async with store.unit() as unit:
        await unit.run("ANALYZE reach")
    await measure(store)
    if is_postgres(url):
        await explain(store)
    await store.close()


async def both(people: int, postgres: str, *, sqlite: bool) -> None:
    """Measure on SQLite, and on PostgreSQL where one is named."""
    if sqlite:
        await on_sqlite(people)
    if postgres:
        with server_of(postgres) as server:
            print("PostgreSQL")  # noqa: T201 - what it is for.
            await run(await empty_database(server), people)


async def on_sqlite(people: int) -> None:
    """Measure on a file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/baraza.db"
        await migrate(url)
        print("SQLite")  # noqa: T201 - what it is for.
        await run(url, people)


if __name__ == "__main__":
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--people", type=int, default=1_000_000)
    told.add_argument("--postgres", default="")
    told.add_argument("--no-sqlite", action="store_true")
    given = told.parse_args()
    asyncio.run(both(given.people, given.postgres, sqlite=not given.no_sqlite))
