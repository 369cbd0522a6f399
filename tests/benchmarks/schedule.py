"""What is due, by the million: planning it, claiming it, asking for it in vain, the memory of that.

    python -m tests.benchmarks.schedule --rows 1000000
    python -m tests.benchmarks.schedule --rows 1000000 --server packaged

Workers claim side by side, as processes do that share one database; no row may be claimed twice.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.coming import CLAIMED_MAX
from storage import due
from storage.due import Planned
from storage.migrate import migrate
from storage.opening import open_store
from storage.reporters import Reporter
from storage.store import Store
from tests.benchmarks.databases import empty_database, server_of

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TOGETHER = 5_000
WORKERS = 4
IDLE_TIMES = 2_000


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


async def claim_all(store: Store, owner: str, found: list[int]) -> None:
    """Claim until nothing is left."""
    now = NOW + timedelta(seconds=2)
    while True:
        async with store.unit() as unit:
            rows = await due.claim(unit, owner, now, 36_000, CLAIMED_MAX)
        if not rows:
            return
        found += [one.id for one in rows]


async def settle_some(store: Store, owner: str, ids: list[int]) -> None:
    """Say what became of rows, each in a unit of its own, as a tick does person by person."""
    for due_id in ids:
        async with store.unit() as unit:
            await due.settle(unit, due_id, owner, "asked", NOW)


def told(what: str, count: int, wall: float, cpu: float) -> None:
    """Print a rate, by the clock and by this process's own time."""
    rate, own = count / wall, count / cpu if cpu else 0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    line = f"{what:<22} {count:>9} in {wall:6.1f} s: {rate:>9,.0f}/s; by CPU {own:>9,.0f}/s"
    print(f"{line}; {memory} MB")  # noqa: T201 - a table is printed.


async def measure(url: str, rows: int) -> None:
    """Measure all on one database."""
    store = await open_store(url, b"a key of the tests, not a secret")
    try:
        for what, count, work in (
            ("planned", rows, plan(store, rows)),
            ("looked for in vain", IDLE_TIMES, idle(store)),
        ):
            begin = time.perf_counter(), time.process_time()
            await work
            told(what, count, time.perf_counter() - begin[0], time.process_time() - begin[1])
        found: list[list[int]] = [[] for _ in range(WORKERS)]
        begin = time.perf_counter(), time.process_time()
        await asyncio.gather(*(claim_all(store, f"worker {n}", found[n]) for n in range(WORKERS)))
        ids = [one for some in found for one in some]
        told("claimed", len(ids), time.perf_counter() - begin[0], time.process_time() - begin[1])
        print(f"claimed twice: {len(ids) - len(set(ids))}; left: {rows - len(set(ids))}")  # noqa: T201
        some = found[0][:2_000]
        begin = time.perf_counter(), time.process_time()
        await settle_some(store, "worker 0", some)
        told(
            "settled one by one",
            len(some),
            time.perf_counter() - begin[0],
            time.process_time() - begin[1],
        )
    finally:
        await store.close()


async def run(server: str, rows: int) -> None:
    """Measure on SQLite, or on a server."""
    if server:
        with server_of(server) as at:
            await measure(await empty_database(at), rows)
        return
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'baraza.db'}"
        await migrate(url)
        await measure(url, rows)


def main() -> None:
    """Read what to measure, and measure it."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--rows", type=int, default=100_000)
    reading.add_argument("--server", default="", help="a server's URL, or `packaged`")
    given = reading.parse_args()
    asyncio.run(run(given.server, given.rows))


if __name__ == "__main__":
    main()
