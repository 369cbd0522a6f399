"""What is due, by the million: planning it, claiming it, asking for it in vain, the memory of that.

    python -m tests.benchmarks.schedule --rows 1000000
    python -m tests.benchmarks.schedule --rows 1000000 --database packaged

As the product does, a worker claims `CLAIMED_MAX` rows, settles most of them and puts some off, and
claims again. On a server 1, 2 and 4 processes do so side by side, each with its share of the rows;
no row may be claimed twice, none left. Claims are timed alone, and together with what becomes of
the rows. What putting a question to a person costs is measured by `tests.benchmarks.crowd`.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from bot.coming import CLAIMED_MAX, LEASE_SECONDS
from storage import due
from storage.due import Planned
from storage.migrate import migrate
from storage.moments import to_kept
from storage.opening import open_store
from storage.reporters import Reporter
from storage.store import Store
from tests.benchmarks.databases import analyze, empty_database, server_of, server_seconds

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LATER = NOW + timedelta(seconds=2)
TOMORROW = NOW + timedelta(days=1)
KEY = b"a key of the tests, not a secret"
TOGETHER = 5_000
IDLE_TIMES = 2_000
PUT_OFF_EVERY = 5
"""Of so many people one sleeps, or is at another form."""
SIDE_BY_SIDE = {1: 0.25, 2: 0.25, 4: 0.5}
"""How many processes claim which share of the rows, one after the other."""


def row(number: int) -> Planned:
    """Return a follow-up, due in the one second that all are due in."""
    subject = f"uuid:{number:032x}"
    about = (Reporter(f"{number:064x}"), "followup", "report:after_due", subject)
    when = (NOW + timedelta(microseconds=number % 1_000_000), "Africa/Nairobi", "2026-11-22T12:00")
    body = {"form": "later", "when": "2026-11-22", "moved": 0}
    return Planned("mch", *about, *when, f"followup:{subject}:0", 0, body, subject)


async def plan(store: Store, rows: int) -> None:
    """Plan so many."""
    for begin in range(0, rows, TOGETHER):
        numbers = range(begin, min(begin + TOGETHER, rows))
        async with store.unit() as unit:
            await due.plan(unit, [row(number) for number in numbers])


async def idle(store: Store) -> None:
    """Look for what is due, in vain."""
    for _ in range(IDLE_TIMES):
        async with store.reading() as reading:
            first = await due.next_at(reading)
        assert first is not None
        assert first >= NOW


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one worker claimed, and how long it took to claim that, and to say what became of it.

    `claiming_cpu` is of this process: on SQLite all there is.
    """

    ids: Sequence[int]
    claiming: float
    claiming_cpu: float
    settling: float
    memory_mb: int


async def claim(store: Store, owner: str, at_least: int) -> Claimed:
    """Claim and settle, round by round, until so many were claimed or none is left."""
    ids, claiming, claiming_cpu, settling = list[int](), 0.0, 0.0, 0.0
    while len(ids) < at_least:
        began, cpu = time.perf_counter(), time.process_time()
        async with store.unit() as unit:
            found = await due.claim(unit, owner, LATER, LEASE_SECONDS, CLAIMED_MAX)
        claiming += time.perf_counter() - began
        claiming_cpu += time.process_time() - cpu
        if not found:
            break
        began = time.perf_counter()
        await settle(store, owner, [one.id for one in found])
        settling += time.perf_counter() - began
        ids += [one.id for one in found]
    return Claimed(ids, claiming, claiming_cpu, settling, memory_mb())


async def settle(store: Store, owner: str, ids: Sequence[int]) -> None:
    """Say what became of rows: put off until tomorrow, or asked."""
    waits = [one for one in ids if one % PUT_OFF_EVERY == 0]
    asked = [one for one in ids if one % PUT_OFF_EVERY]
    async with store.unit() as unit:
        tomorrow = to_kept(TOMORROW)
        await unit.run_many(due.PUT_OFF, [(one, owner, tomorrow, "night") for one in waits])
        at = to_kept(LATER)
        await unit.run_many(due.SETTLE, [(one, owner, "asked", "", at) for one in asked])


def work(told: tuple[str, str, int]) -> Claimed:
    """Claim in a process of its own."""
    return asyncio.run(_work(*told))


async def _work(url: str, owner: str, at_least: int) -> Claimed:
    store = await open_store(url, KEY)
    try:
        return await claim(store, owner, at_least)
    finally:
        await store.close()


def memory_mb() -> int:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def told(what: str, count: int, wall: float, cpu: float = 0.0) -> None:
    """Print a rate, by the clock and by the processor, of this process or else of the server."""
    own = f"; by CPU {count / cpu:>9,.0f}/s" if cpu else ""
    line = f"{what:<30} {count:>9} in {wall:6.1f} s: {count / wall:>9,.0f}/s{own}"
    print(f"{line}; {memory_mb()} MB", flush=True)  # noqa: T201 - a table is printed.


async def planned(url: str, rows: int) -> None:
    """Measure planning, and a look in vain."""
    store = await open_store(url, KEY)
    try:
        for what, count, doing in (
            ("planned", rows, plan(store, rows)),
            ("looked for in vain", IDLE_TIMES, idle(store)),
        ):
            begin = time.perf_counter(), time.process_time()
            await doing
            told(what, count, time.perf_counter() - begin[0], time.process_time() - begin[1])
    finally:
        await store.close()


async def alone(url: str, rows: int) -> list[int]:
    """Measure claiming where one process has the database for itself; return what was claimed."""
    store = await open_store(url, KEY)
    try:
        begin = time.process_time()
        found = await claim(store, "alone", rows + 1)
        cpu = time.process_time() - begin
    finally:
        await store.close()
    told("claimed", len(found.ids), found.claiming, found.claiming_cpu)
    told("claimed and settled", len(found.ids), found.claiming + found.settling, cpu)
    return list(found.ids)


def shares(rows: int) -> Iterator[tuple[int, int]]:
    """Yield how many processes claim side by side, and how many rows each; the last take all."""
    for workers, share in SIDE_BY_SIDE.items():
        yield workers, rows if workers == max(SIDE_BY_SIDE) else int(rows * share) // workers


def side_by_side(url: str, rows: int) -> list[int]:
    """Measure claiming by several processes; return what was claimed."""
    ids = list[int]()
    for workers, each in shares(rows):
        names = [(url, f"worker {number} of {workers}", each) for number in range(workers)]
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            list(pool.map(int, range(workers)))  # Processes begin before the clock does.
            began, cpu = time.perf_counter(), asyncio.run(server_seconds(url))
            found = list(pool.map(work, names))
            wall = time.perf_counter() - began
            server = asyncio.run(server_seconds(url)) - cpu
        count = sum(len(one.ids) for one in found)
        told(f"claimed by {workers}", count, sum(one.claiming for one in found) / workers)
        told(f"claimed and settled by {workers}", count, wall, server)
        ids += [one for some in found for one in some.ids]
        print(f"  memory of a worker: {max(one.memory_mb for one in found)} MB")  # noqa: T201
    return ids


def verdict(ids: Sequence[int], rows: int) -> None:
    """Say whether each row was claimed, and once."""
    known = len(set(ids))
    print(f"claimed twice: {len(ids) - known}; left: {rows - known}")  # noqa: T201


def run(database: str, rows: int) -> None:
    """Measure on SQLite, or on a server."""
    if database == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'baraza.db'}"
            asyncio.run(migrate(url))
            asyncio.run(planned(url, rows))
            verdict(asyncio.run(alone(url, rows)), rows)
        return
    with server_of(database) as server:
        url = asyncio.run(empty_database(server))
        asyncio.run(planned(url, rows))
        asyncio.run(analyze(url))
        verdict(side_by_side(url, rows), rows)


def main() -> None:
    """Read what to measure, and measure it."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--rows", type=int, default=100_000)
    reading.add_argument("--database", default="sqlite", help="`packaged`, or a server's URL")
    given = reading.parse_args()
    run(given.database, given.rows)


if __name__ == "__main__":
    main()
