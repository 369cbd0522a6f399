"""How fast turns are kept on SQLite, and what sharing a commit gains.

    python tests/benchmarks/keeping.py [UNITS]

A unit is what a turn does: dedupe the update, read the session, keep it, put one reply into the
outbox; `synchronous=FULL`, a file on the disk of the temporary folder. Both ways run in turn in
one run, so the ratios hold on a noisy machine.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, islice

from conversations.session import Session
from storage import contacts, outbox, sessions, updates
from storage.contacts import ContactId
from storage.migrate import migrate
from storage.opening import open_store
from storage.outbox import Call
from storage.sqlite_writer import GROUP_MAX
from storage.store import Store

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WAITING = (1, 20, 200)
ROUNDS = 3
DRAFT = tuple((f"/data/question_{number}", "an answer") for number in range(20))


@dataclass(frozen=True, slots=True)
class Figures:
    """Units a second, and how long one took: the middle and the 99th of a hundred."""

    per_second: float
    middle_ms: float
    slow_ms: float


async def turn(store: Store, person: int, contact_id: ContactId, update_id: int) -> float:
    """Keep one turn; return how many seconds it took."""
    began = time.perf_counter()
    reporter = store.reporter("mch", person)
    async with store.unit() as unit:
        await updates.first_sight(unit, update_id, NOW)
        await sessions.current(unit, reporter, "mch")
        session = Session(f"{person:032x}", "sw", "question", step=update_id, draft=DRAFT)
        await sessions.keep(unit, reporter, "mch", session, NOW)
        await outbox.put(unit, contact_id, [Call("sendMessage", {"text": "?" * 80})], NOW)
    return time.perf_counter() - began


async def measure(store: Store, waiting: int, units: int, update_ids: Iterator[int]) -> Figures:
    """Keep `units` turns, `waiting` of them at a time."""
    ids = []
    for person in range(waiting):
        async with store.unit() as unit:
            ids.append((await contacts.meet(unit, person, NOW)).id)
    seconds: list[float] = []

    async def live(person: int) -> None:
        for update_id in islice(update_ids, units // waiting):
            took = await turn(store, person, ids[person], update_id)
            seconds.append(took)

    began = time.perf_counter()
    await asyncio.gather(*map(live, range(waiting)))
    whole = time.perf_counter() - began
    slow = sorted(seconds)[int(len(seconds) * 0.99)]
    return Figures(len(seconds) / whole, statistics.median(seconds) * 1e3, slow * 1e3)


async def compare(units: int, waiting: int, groups: Sequence[int]) -> list[Figures]:
    """Measure each largest group in turn, a few rounds, and keep the middle one of each."""
    found: dict[int, list[Figures]] = {group: [] for group in groups}
    for _ in range(ROUNDS):
        for group in groups:
            with tempfile.TemporaryDirectory() as folder:
                url = f"sqlite:///{folder}/baraza.db"
                await migrate(url)
                store = await open_store(url, bytes(32), group_max=group)
                found[group].append(await measure(store, waiting, units, count(1)))
                await store.close()
    return [sorted(each, key=lambda one: one.per_second)[ROUNDS // 2] for each in found.values()]


async def main(units: int) -> None:
    """Print a line for each number of units that wait at the same time."""
    say = print
    say("waiting  together/s  alone/s  ratio   p50 ms  p99 ms (together)")
    for waiting in WAITING:
        alone, together = await compare(units, waiting, (1, GROUP_MAX))
        say(
            f"{waiting:7}  {together.per_second:10.0f}  {alone.per_second:7.0f}"
            f"  {together.per_second / alone.per_second:5.1f}"
            f"  {together.middle_ms:7.2f} {together.slow_ms:7.2f}"
        )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else 2_000))
