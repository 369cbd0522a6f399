"""One message to a million people, put into the outbox beside people who answer questions.

    python -m tests.benchmarks.broadcast [--contacts 1000000] [--database sqlite | packaged | URL]

Measures how many messages are put in a second and what that costs in memory, and how long an
interactive unit takes beside it (`keeping.turn`, at a steady pace, whoever is late counts as late)
and without it. How long a page held everybody else up is told, too: that is what the broadcast adds
to a turn at most, on any machine. Nothing is held back for the outbox's sake here; at work no more
lie in it than are sent in a minute, so this is the worst there can be.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count

from bot.broadcasts import Broadcasts, Paging
from bot.library import Library
from bot.programmes import SHIPPED, programme_folder
from conversations.campaigning.audience import Audience
from conversations.campaigning.message import Message
from conversations.campaigning.standing import Plan
from conversations.courtesy import ALL_DAY, Courtesy
from conversations.programme import Programme
from locales.locale import locales_of
from storage import campaigns, contacts, recipients
from storage.contacts import ContactId
from storage.migrate import migrate
from storage.moments import to_kept
from storage.opening import open_store
from storage.programmes import load_programme
from storage.recipients import Finding
from storage.store import Store
from tests.benchmarks.databases import empty_database, server_of
from tests.benchmarks.keeping import turn

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEXTS = {"en": "The drains will be mended on Monday.", "sw": "Mifereji itatengenezwa Jumatatu."}
PEOPLE = 200
TURNS_A_SECOND = 100
QUIET_SECONDS = 10
CHUNK = 10_000

CONTACT = """
    INSERT INTO contacts (id, chat_id, language, state, met_on) VALUES ($1, $2, $3, 'active', $4)
"""
CONSENT = """
    INSERT INTO consents (reporter, programme, text_version, language, agreed, kept_at)
    VALUES ($1, $2, $3, $4, $5, $6)
"""


@dataclass(slots=True)
class Interactive:
    """Turns that are kept at a steady pace; `seconds` is how long each took since it was due.

    Nobody answers before they were asked: who still waits when their next turn is due is `missed`.
    """

    store: Store
    people: list[ContactId]
    update_ids: Iterator[int]
    seconds: list[float] = field(default_factory=list)
    waiting: set[int] = field(default_factory=set)
    missed: int = 0

    async def go_on(self, stop: asyncio.Event) -> None:
        """Keep turns until `stop` is set."""
        began, under_way = time.perf_counter(), set[asyncio.Task[None]]()
        for number in count():
            due = began + number / TURNS_A_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if stop.is_set():
                break
            person = number % len(self.people)
            if person in self.waiting:
                self.missed += 1
                continue
            self.waiting.add(person)
            task = asyncio.create_task(self._one(person, due))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)

    async def _one(self, person: int, due: float) -> None:
        await turn(self.store, -1 - person, self.people[person], next(self.update_ids))
        self.waiting.discard(person)
        self.seconds.append(time.perf_counter() - due)

    def told(self) -> str:
        """Say the middle, the 99th of a hundred and the longest, and begin anew."""
        ordered = sorted(self.seconds)
        self.seconds.clear()
        middle, slow = (ordered[int(len(ordered) * part)] * 1e3 for part in (0.5, 0.99))
        missed, self.missed = self.missed, 0
        told = f"p50 {middle:.1f} ms, p99 {slow:.1f} ms, max {ordered[-1] * 1e3:.0f} ms"
        return f"{told}; {len(ordered)} turns, {missed} not taken, for the one before still waited"


@dataclass(slots=True)
class Watched(Paging):
    """Pages that remember how long each held others up, and how large they became."""

    held: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def took(self, seconds: float) -> None:
        """Learn from a page, and remember it."""
        self.held.append(seconds)
        self.sizes.append(self.size)
        super(Watched, self).took(seconds)  # `super()` alone is lost where slots are made.

    def told(self) -> str:
        """Say how long pages took, and how many people the middle one had."""
        ordered, sizes = sorted(self.held), sorted(self.sizes)
        middle, slow = (ordered[int(len(ordered) * part)] * 1e3 for part in (0.5, 0.99))
        told = f"p50 {middle:.1f} ms, p99 {slow:.1f} ms, max {ordered[-1] * 1e3:.0f} ms"
        return f"{told}; {len(sizes)} pages, {sizes[len(sizes) // 2]} people on the middle one"


async def fill(store: Store, programme: Programme, number: int) -> None:
    """Let so many people agree, a chunk at a time."""
    space = 2**62 // (number + 1)
    for first in range(0, number, CHUNK):
        chats = range(first, min(first + CHUNK, number))
        day, version, at = NOW.date().isoformat(), programme.consent.version, to_kept(NOW)
        async with store.unit() as unit:
            language = ("en", "sw")
            rows = [((one + 1) * space, one + 1, language[one % 2], day) for one in chats]
            await unit.run_many(CONTACT, rows)
            name = programme.name
            agreed = [
                (store.reporter(name, one + 1), name, version, language[one % 2], True, at)
                for one in chats
            ]
            await unit.run_many(CONSENT, agreed)


async def met(store: Store) -> list[ContactId]:
    """Meet those who answer questions beside."""
    ids = []
    for person in range(PEOPLE):
        async with store.unit() as unit:
            ids.append((await contacts.meet(unit, -1 - person, NOW)).id)
    return ids


async def begun(store: Store, programme: Programme) -> None:
    """Let the campaign go."""
    async with store.unit() as unit:
        await campaigns.begin(
            *(unit, programme.name, Plan(Message(TEXTS), Audience())),
            dedupe="auto:benchmark",
            title="The drains",
            start_at=NOW,
            per_second=10**9,
        )


async def broadcast(broadcasts: Broadcasts) -> int:
    """Put everything; return how many."""
    put = 0
    while more := await broadcasts.tick():
        put += more
        await asyncio.sleep(0)
    return put


async def measure(url: str, number: int) -> None:
    """Fill a database, and print what was measured."""
    say = print
    programme = load()
    store = await open_store(url, bytes(32))
    began = time.perf_counter()
    await fill(store, programme, number)
    people = await met(store)
    say(f"{number:,} contacts made in {time.perf_counter() - began:.0f} s")
    async with store.reading() as reading:
        began = time.perf_counter()
        finding = Finding(store, reading, programme.name, Audience(languages=("sw",)))
        found = await recipients.count(finding, programme.consent.version, NOW)
        say(f"audience counted: {found} in {time.perf_counter() - began:.2f} s")
    beside = Interactive(store, people, count(1))
    async with going(beside):
        await asyncio.sleep(QUIET_SECONDS)
    say(f"interactive alone: {beside.told()}")
    await begun(store, programme)
    before, clock, cpu = memory_mb(), time.perf_counter(), time.process_time()
    paging = Watched()
    broadcasts = Broadcasts(
        *(store, Library(programme), locales_of({}), lambda: NOW),
        backlog_max=10**9,
        paging=paging,
    )
    async with going(beside):
        put = await broadcast(broadcasts)
    seconds, worked = time.perf_counter() - clock, time.process_time() - cpu
    say(f"put {put:,} in {seconds:.0f} s: {put / seconds:,.0f}/s (CPU {worked:.0f} s)")
    say(f"interactive beside it: {beside.told()}")
    say(f"a page held others up: {paging.told()}")
    say(f"memory at most {memory_mb():.0f} MB, {before:.0f} MB before")
    await store.close()


@asynccontextmanager
async def going(beside: Interactive) -> AsyncIterator[None]:
    """Keep turns beside while the block lasts."""
    stop = asyncio.Event()
    task = asyncio.create_task(beside.go_on(stop))
    yield
    stop.set()
    await task


def memory_mb() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def load() -> Programme:
    """Read the shipped programme, which writes to people at any hour here."""
    # People's sessions are of another programme, so nobody counts as busy.
    read = load_programme(programme_folder(SHIPPED[0]))
    return replace(read, courtesy=Courtesy(ALL_DAY))


def main() -> None:
    """Read what is wished and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--database", default="sqlite")
    wish = parser.parse_args()
    if wish.database == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/baraza.db"
            asyncio.run(migrate(url))
            asyncio.run(measure(url, wish.contacts))
        return
    with server_of(wish.database) as server:
        asyncio.run(measure(asyncio.run(empty_database(server)), wish.contacts))


if __name__ == "__main__":
    main()
