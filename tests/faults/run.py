"""One run: a crowd, a bot that dies again and again, and everything that can go wrong around it."""

from __future__ import annotations

import asyncio
import math
import random
import shutil
import signal
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from bot.serving import listen
from bot.simulator.server import TOKEN, simulator_app
from bot.webhook import secret_of
from tests.faults.checks import expect_discreet, expect_kept, nothing_waits
from tests.faults.crowd import LAST, Amiss, Crowd, write_programme
from tests.faults.databases import Database, Kind, database
from tests.faults.nursery import Birth, Child, Nursery
from tests.faults.points import ONCE, POINTS
from tests.faults.telegram import TROUBLES, UnwellWorld
from tests.simulator.running import serving

PEOPLE = 60
AT_A_POINT = 0.45
WHILE_STARTING = 0.15
STOPPED = 0.05
"""How often a life ends at a named point, while it starts, and politely; else at any instant."""

NTH_MAX = 40
STARTING_SECONDS = 0.4
LIFE_SECONDS_MAX = 20.0
"""Long enough for a life's share of updates where the machine is slow."""

POINT_SECONDS_MAX = 120.0
HAIR_SECONDS = 0.02
LOOK_SECONDS = 0.05

TELEGRAM_PAUSE_SECONDS = (0.2, 1.0)
DATABASE_PAUSE_SECONDS = (3.0, 12.0)
TROUBLE_SECONDS = (0.05, 1.2)
FREEZE_PAUSE_SECONDS = (8.0, 25.0)
FROZEN_SECONDS = (6.5, 10.0)
"""Longer than a lease lasts (`nursery.SHORTER`), so that another takes over."""

STILL_SECONDS_MAX = 180.0
"""How long nothing at all may happen while somebody waits, once nothing goes wrong any more.

Longer than Telegram's longest pause between two tries to deliver.
"""

SETTLING_SECONDS_MAX = 900.0
"""A file whose fetch failed often is tried again after minutes."""

TAKES = ("Taking updates", "is listening")
"""What a bot says once it takes updates: a worker, and one that polls."""

KEY = "0123456789abcdef" * 4
FAULTS_AT_ONCE_MAX = 3
JOURNAL_SHOWN = 60
LOG_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Wish:
    """What to run."""

    kind: Kind
    seed: int
    kills: int
    updates: int
    people: int = PEOPLE
    workers: int = 0
    """So many processes behind a webhook; with 0 one process polls."""

    @property
    def bot(self) -> str:
        """Return which kind of bot it is, as `points` knows it."""
        return "workers" if self.workers else self.kind

    def command(self) -> str:
        """Return the command that runs the same again."""
        return (
            f"python -m tests.faults --database {self.kind} --kills {self.kills} "
            f"--updates {self.updates} --people {self.people} --workers {self.workers} "
            f"--seed {self.seed}"
        )


class Broken(AssertionError):
    """An invariant does not hold; says how to run the same again."""


@dataclass(slots=True)
class Run:
    """A run under way; `deaths` counts how lives ended."""

    wish: Wish
    folder: Path
    nursery: Nursery
    database: Database
    world: UnwellWorld
    crowd: Crowd
    api_url: str
    door: socket.socket
    deaths: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    living: list[Child] = field(default_factory=list)
    began_at: float = field(default_factory=time.monotonic)
    journal: list[str] = field(default_factory=list)
    away_until: float = -math.inf
    calming: asyncio.Event = field(default_factory=asyncio.Event)
    births: count[int] = field(default_factory=count)

    @property
    def updates(self) -> int:
        """Return how many updates there have been."""
        return self.world.queue.next_id - self.world.first_update

    @property
    def logs(self) -> Path:
        """Return the folder in which each bot of this run has a log."""
        return self.folder / "logs"

    def logged(self, newest: int = 0) -> str:
        """Return what bots wrote, all of them or the newest few, the oldest first."""
        files = sorted(self.logs.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        return "".join(file.read_text("utf-8") for file in files[-newest:])

    @property
    def webhook(self) -> str:
        """Return where workers are posted to."""
        return f"http://127.0.0.1:{self.door.getsockname()[1]}/telegram"

    def announce(self) -> None:
        """Have Telegram post to the workers, as their supervisor would."""
        secret = secret_of(bytes.fromhex(KEY), TOKEN)
        self.world.call("setWebhook", {"url": self.webhook, "secret_token": secret})

    def note(self, words: str) -> None:
        """Write down what happened, and when."""
        self.journal.append(f"{time.monotonic() - self.began_at:8.3f} {words}")

    # Lives and deaths

    async def die_at(self, point: str) -> None:
        """Let the bot live until it comes to a point, which it must."""
        child = await self._born((self.wish.bot, point, 1))
        reached = await child.ends_within(POINT_SECONDS_MAX)
        child.send(signal.SIGKILL)
        await child.end()
        self.living.remove(child)
        if not reached:
            raise Amiss(f"the bot never came to the point: {point}")
        self._died(point)

    async def live(self, chance: random.Random) -> None:
        """Let the bot live once, and die."""
        point = self._point(chance)
        child = await self._born(point)
        try:
            await self._die(child, chance, point)
        finally:
            self.living.remove(child)

    async def calm(self) -> None:
        """Let the bot live until everybody is done; it must leave in peace."""
        self.crowd.wanting = False
        self.world.queue.unruly = False
        self.world.state.faults.clear()
        child = await self._born(None)
        ended = asyncio.create_task(child.end())
        done = asyncio.create_task(self.crowd.done.wait())
        self.crowd.look_around()
        await self._while_something_happens(ended, done)
        if ended.done():
            raise Amiss(f"the bot ended by itself with {ended.result()}")
        if not done.done():
            waiting = [f"{one.number}\n{self.crowd.history(one)}" for one in self.crowd.unfinished]
            raise Amiss(f"people wait and hear nothing: {', '.join(waiting[:5])}")
        await self._settled()
        child.send(signal.SIGTERM)
        if await ended != 0:
            raise Amiss(f"told to stop, the bot ended with {ended.result()}")

    async def _while_something_happens(self, *ends: asyncio.Task[Any]) -> None:
        """Wait for the first end, however long it takes, as long as it comes nearer."""
        before, stirred = 0, True
        while stirred and not any(end.done() for end in ends):
            await asyncio.wait(ends, timeout=STILL_SECONDS_MAX, return_when="FIRST_COMPLETED")
            now = sum(
                len(member.sent) * LAST + member.place for member in self.crowd.members.values()
            )
            before, stirred = now, now != before

    async def _settled(self) -> None:
        """Wait until nothing is left to take, to send or to fetch."""
        async with asyncio.timeout(SETTLING_SECONDS_MAX):
            while not (  # noqa: ASYNC110 - nobody calls when a database is empty.
                await nothing_waits(self.database.url) and not self.world.queue.pending
            ):
                await asyncio.sleep(LOOK_SECONDS)

    def _point(self, chance: random.Random) -> tuple[str, str, int] | None:
        if chance.random() > AT_A_POINT:
            return None
        name = chance.choice(sorted(POINTS[self.wish.bot]))
        nth = 1 if name in ONCE else chance.randint(1, NTH_MAX)
        return self.wish.bot, name, nth

    async def _born(self, point: tuple[str, str, int] | None) -> Child:
        programme = str(self.folder / "springs")
        argv, module = ["run", programme, "--no-browser"], "bot.__main__"
        if self.wish.workers:
            argv, module = ["1", str(self.door.fileno()), "-1", "-1", programme], "bot.worker"
        env = {
            "BARAZA_TOKEN": TOKEN,
            "BARAZA_API_URL": self.api_url,
            "BARAZA_DATA_DIR": str(self.folder / "disk" / "data"),
            "BARAZA_DATABASE_URL": self.database.url,
            **({"BARAZA_WEBHOOK": self.webhook, "BARAZA_KEY": KEY} if self.wish.workers else {}),
        }
        self.logs.mkdir(exist_ok=True)
        log = self.logs / f"{next(self.births):05}"
        birth = Birth(argv, env, str(self.folder), str(log), point, module)
        child = await self.nursery.bear(birth)
        self.living.append(child)
        return child

    async def _die(
        self, child: Child, chance: random.Random, point: tuple[str, str, int] | None
    ) -> None:
        where = f"{point[1]} ({point[2]})" if point else "any instant"
        stopped_at: float | None = None
        if await self._outlives(child, chance, point):
            where = "any instant"
            if point is None and chance.random() < STOPPED:
                where, stopped_at = "stopped", time.monotonic()
            child.send(signal.SIGKILL if stopped_at is None else signal.SIGTERM)
        status = await child.end()
        self.note(f"bot {child.number} ended with {status}: {where}")
        well = stopped_at is not None and status in {0, -signal.SIGTERM}
        if status == -signal.SIGKILL:
            self._died(where.partition(" (")[0])
        elif not well and not self._could_not_start(child):
            raise Amiss(f"the bot ended by itself with {status}")
        elif stopped_at is not None and self._was_away_since(stopped_at):
            self.crowd.crashed()  # What was sent could not be noted any more.

    def _was_away_since(self, moment: float) -> bool:
        """Tell whether the database was away at any time since a moment."""
        return self.away_until >= moment

    def _could_not_start(self, child: Child) -> bool:
        """Tell whether a bot found no database when it began: only then may it end by itself."""
        log = Path(child.log).read_text("utf-8")
        begun = any(words in log for words in TAKES)
        return self._was_away_since(child.born_at) and not begun

    def _died(self, where: str) -> None:
        self.kills += 1
        self.crowd.crashed()
        self.deaths[where] += 1

    async def _outlives(
        self, child: Child, chance: random.Random, point: tuple[str, str, int] | None
    ) -> bool:
        """Wait for the instant at which it is to die; tell whether it is still alive then."""
        if point is None and chance.random() < WHILE_STARTING:
            return not await child.ends_within(chance.uniform(0.0, STARTING_SECONDS))
        most = 2 * self.wish.updates / self.wish.kills
        until = self.updates + chance.uniform(0.0, most) + (most if point else 0)
        ends = time.monotonic() + LIFE_SECONDS_MAX
        while self.updates < until and time.monotonic() < ends and not self.crowd.amiss:
            if await child.ends_within(LOOK_SECONDS):
                return False
        return not await child.ends_within(chance.uniform(0.0, HAIR_SECONDS))

    # Troubles

    async def storm(
        self,
        chance: random.Random,
        pause_seconds: tuple[float, float],
        befall: Callable[[random.Random], Awaitable[None]],
    ) -> None:
        """Let something happen every now and then until it is to be calm."""
        while not self.calming.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self.calming.wait(), chance.uniform(*pause_seconds))
                return
            await befall(chance)

    async def telegram_stumbles(self, chance: random.Random) -> None:
        """Let something go wrong at Telegram."""
        ordered = self.world.state.faults.ordered
        del ordered[: max(0, len(ordered) - FAULTS_AT_ONCE_MAX + 1)]  # Nobody met them.
        trouble = chance.choice(TROUBLES)
        self.note(f"Telegram: {trouble}")
        self.world.order_fault(trouble)

    async def one_freezes(self, chance: random.Random) -> None:
        """Let a bot stand still for longer than its leases last, and wake in the middle of it all.

        Its own leases and another's that has taken over are both at work then.
        """
        if not self.living:
            return
        child, seconds = chance.choice(self.living), chance.uniform(*FROZEN_SECONDS)
        self.note(f"bot {child.number} stands still for {seconds:.2f} s")
        self.troubles["standstills"] += 1
        self.crowd.crashed()  # To the others it is dead, with whatever it had in hand.
        child.send(signal.SIGSTOP)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.calming.wait(), seconds)
        self.crowd.crashed()
        child.send(signal.SIGCONT)
        self.note(f"bot {child.number} goes on")

    async def database_stumbles(self, chance: random.Random) -> None:
        """Let something befall the database, and be over again."""
        name = chance.choice(("locked", "full", "restarted"))
        seconds = chance.uniform(*TROUBLE_SECONDS)
        self.note(f"database {name} for {seconds:.2f} s")
        self.troubles[name] += 1
        self.away_until = math.inf
        await getattr(self.database, name)(self.living, seconds)
        self.away_until = time.monotonic()
        self.note(f"database {name} no more")


async def play(
    wish: Wish, folder: Path, suffer: Callable[[Run], Awaitable[None]] | None = None
) -> Run:
    """Run a wish in an empty folder; raise `Broken` where anybody has reason to complain.

    `suffer` says what befalls the bot; everything at random if it is left out.
    """
    async with _set_up(wish, folder) as run:
        try:
            await (suffer or everything)(run)
            await run.calm()
            _expect_content(run)
            await expect_kept(run.database.url, run.crowd, folder / "disk" / "data", run.world)
            expect_discreet(run.logged(), run.crowd)
        except (Amiss, AssertionError, TimeoutError) as error:
            await asyncio.to_thread(_keep_disk, folder)
            raise Broken(_told(run, error)) from error
    return run


def _keep_disk(folder: Path) -> None:
    """Copy what the database held when a run failed: its own disk goes with the run."""
    with suppress(OSError, shutil.Error):  # A server still writes: what can be copied is.
        shutil.copytree(folder / "disk", folder / "disk as it failed")


async def each_point(run: Run) -> None:
    """Let the bot die at each named point once, and nothing else go wrong."""
    for point in POINTS[run.wish.bot]:
        await run.die_at(point)
        _expect_content(run)


async def everything(run: Run) -> None:
    """Let go wrong whatever can, at instants that the seed chooses."""
    seed, wish = run.wish.seed, run.wish
    telegram, database_, freeze = (random.Random(f"{seed} {it}") for it in ("tg", "db", "ice"))  # noqa: S311 - which instants, not secrets.
    storms = [
        asyncio.create_task(run.storm(freeze, FREEZE_PAUSE_SECONDS, run.one_freezes)),
        asyncio.create_task(run.storm(telegram, TELEGRAM_PAUSE_SECONDS, run.telegram_stumbles)),
        asyncio.create_task(run.storm(database_, DATABASE_PAUSE_SECONDS, run.database_stumbles)),
    ]
    try:
        await asyncio.gather(*(_lives(run, number) for number in range(wish.workers or 1)))
    finally:
        run.calming.set()
        await asyncio.gather(*storms)


async def _lives(run: Run, number: int) -> None:
    """Let one process of the bot live again and again."""
    chance = random.Random(f"{run.wish.seed} life {number}")  # noqa: S311 - as above.
    while run.kills < run.wish.kills or run.updates < run.wish.updates:
        await run.live(chance)
        _expect_content(run)


def _expect_content(run: Run) -> None:
    if run.crowd.amiss:
        raise Amiss("; ".join(run.crowd.amiss[:5]))


@asynccontextmanager
async def _set_up(wish: Wish, folder: Path) -> AsyncIterator[Run]:
    async with AsyncExitStack() as stack:
        world = UnwellWorld(random.Random(f"{wish.seed} order"))  # noqa: S311 - as above.
        crowd = Crowd(world)
        world.told, world.queue.lapse = crowd.told, crowd.lapsed
        api_url = await stack.enter_async_context(serving(simulator_app(world)))
        kept = await stack.enter_async_context(database(wish.kind, folder))
        door = stack.enter_context(listen("127.0.0.1", 0))
        nursery = await stack.enter_async_context(Nursery([door.fileno()]))
        write_programme(folder / "springs")
        run = Run(wish, folder, nursery, kept, world, crowd, api_url, door)
        if wish.workers:
            run.announce()
        crowd.come(wish.people, wish.seed)
        yield run


def _told(run: Run, error: BaseException) -> str:
    return "\n".join(
        [
            *run.logged(newest=2).splitlines()[-LOG_SHOWN:],
            *run.journal[-JOURNAL_SHOWN:],
            f"{type(error).__name__}: {error}",
            f"after {run.kills} kills and {run.updates} updates; the bots' logs are in {run.logs}",
            f"to run the same again: {run.wish.command()}",
        ]
    )
