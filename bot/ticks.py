"""Chores that come round by themselves: at the start and then every hour, and one oftener.

Each is idempotent and works in small units, for everybody else waits while one lasts. One that
fails is tried again at the next round. Of several processes the one that holds the lease on chores
does them; the lease is renewed with every note of being alive.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, TypeAlias

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.asking import Asking
from bot.billboard import Billboard
from bot.broadcasts import Broadcasts
from bot.coming import Coming
from bot.digests import Digests
from bot.errata import Errata
from bot.results import Results
from bot.retention import Retention
from bot.returning import BEAT_SECONDS, beat
from bot.steadiness import ClockUnsteadyError, Steadiness
from bot.telegram.patience import patiently, unless
from storage import cases, due, erasure, floods, leases, outbox, updates, uploads
from storage.errors import StorageError
from storage.files import Files
from storage.store import Store, Unit

log = logging.getLogger(__name__)

FORGET_AT_ONCE: Final = 1_000
"""How many rows are forgotten in one unit, for which all others wait."""

SEEN_FOR: Final = timedelta(days=3)
"""How long an update is remembered as seen; Telegram sends one again for a day at most."""

GIVEN_UP_FOR: Final = timedelta(days=30)
"""How long the reason of a message that was given up is kept for the operator."""

SET_ASIDE_FOR: Final = timedelta(days=90)
"""How long an update nobody understood waits for the operator; it holds what a person said."""

UPLOADS_FOR: Final = timedelta(days=2)
"""How long a day's bytes are remembered: zones are at most a day apart."""

ASKING_SECONDS: Final = 300
"""How often rounds of questions about reports are looked after."""

SEALED_AT_ONCE: Final = 500
SETTLED_FOR: Final = timedelta(days=366)
"""How long what was asked, or dropped, is remembered; response rates are counted from it."""

HOUR_SECONDS: Final = 3_600
JITTER_SECONDS: Final = 300

COMING_SECONDS: Final = 5
"""How often each process looks for what is due; a look that finds nothing asks one index."""

ROUND_SECONDS: Final = 1.0
"""How often is looked for what is to be sent to many people."""

Forget: TypeAlias = Callable[[Unit, datetime, int], Awaitable[int]]
"""Forgets what is older than a moment, at most so many; returns how many."""


CHORES_SECONDS: Final = 3.0 * BEAT_SECONDS
"""How long after its death a process keeps the right to do the chores."""


@dataclass(frozen=True, slots=True)
class Chores:
    """The right to do what one process does for all; `owner` names this process in leases."""

    store: Store
    owner: str
    now: Callable[[], datetime]

    async def are_ours(self) -> bool:
        """Take or renew the right; False while another process has it."""
        async with self.store.unit() as unit:
            return await leases.take(unit, leases.CHORES, self.owner, self.now(), CHORES_SECONDS)

    async def become_ours(self, stop: asyncio.Event) -> bool:
        """Wait until this process has the right; False when `stop` came first."""
        while not stop.is_set():
            if await patiently(stop, self.are_ours, "Chores are left"):
                return True
            await unless(stop, asyncio.sleep(BEAT_SECONDS))
        return False


@dataclass(frozen=True, slots=True)
class Parts:
    """All of a process that comes round by itself; files have the system's own moments."""

    chores: Chores
    files: Files
    steady: Steadiness
    coming: Coming
    asking: Asking
    system_now: Callable[[], datetime]
    broadcasts: Broadcasts
    results: Results
    errata: Errata
    billboard: Billboard
    retention: Retention
    digests: Digests

    async def sweep_files(self) -> None:
        """Clear away files that nobody needs."""
        await self.files.sweep(self.chores.store, self.system_now())

    async def note_being_alive(self) -> None:
        """Write down that the bot lived at this moment."""
        await beat(self.chores.store, self.steady.now())


@dataclass(frozen=True, slots=True)
class _Round:
    """Something done every so many seconds; `at_once` also at the start, spread over minutes."""

    seconds: float
    do: Callable[[], Awaitable[object]]
    at_once: bool = False


def _rounds(parts: Parts) -> Iterator[_Round]:
    """List what comes round.

    What a moment decides waits while the clock is not steady. What is due is put by every process:
    rows are shared by leases, not by the right to chores.
    """
    chores, steady = parts.chores, parts.steady

    def steadily(chore: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[object]]:
        return partial(_steadily, steady, chores, chore)

    yield _Round(BEAT_SECONDS, steadily(parts.note_being_alive))
    for hourly in (
        partial(forget_old, chores.store, steady.now),
        parts.retention.round,
        parts.sweep_files,
        partial(seal_words, chores.store),
        parts.results.plan,
        parts.errata.plan,
    ):
        yield _Round(HOUR_SECONDS, steadily(hourly), at_once=True)
    yield _Round(ASKING_SECONDS, steadily(parts.asking.look_after))
    yield _Round(COMING_SECONDS, partial(_quietly, chores, parts.billboard.round))
    yield _Round(COMING_SECONDS, steadily(parts.digests.round))
    yield _Round(COMING_SECONDS, partial(_looking, steady, parts.coming))
    yield _Round(ROUND_SECONDS, partial(_putting, parts.broadcasts))


@contextmanager
def ticking(parts: Parts) -> Iterator[None]:
    """Do what comes round while the block lasts, each never beside itself."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    for one in _rounds(parts):
        start = {"jitter": JITTER_SECONDS, "next_run_time": parts.system_now()}
        scheduler.add_job(
            *(one.do, "interval"),
            seconds=one.seconds,
            coalesce=True,
            max_instances=1,
            **(start if one.at_once else {}),
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


async def _looking(steady: Steadiness, coming: Coming) -> None:
    """Put what is due; what goes wrong with it is told, and tried again at the next look."""
    try:
        await steady.look()
        await coming.round()
    except StorageError as error:
        log.warning("What is due waits for the next look: %s", error)
    except Exception:
        log.exception("What is due could not be put")


async def _putting(broadcasts: Broadcasts) -> None:
    """Put messages to many; what goes wrong with them is told, and tried again in a second."""
    try:
        await broadcasts.tick()
    except ClockUnsteadyError:
        log.debug("Messages to many wait until the clock is steady")
    except StorageError as error:
        log.warning("Messages to many wait for the next look: %s", error)
    except Exception:
        log.exception("Messages to many could not be put")


async def _steadily(
    steady: Steadiness, chores: Chores, chore: Callable[[], Awaitable[object]]
) -> None:
    """Do what a wrong clock would spoil, while the clock is steady."""

    async def if_steady() -> None:
        if await steady.look():
            await chore()

    await _quietly(chores, if_steady)


async def _quietly(chores: Chores, chore: Callable[[], Awaitable[object]]) -> None:
    try:
        if await chores.are_ours():
            await chore()
    except ClockUnsteadyError:
        log.debug("A chore waits until the clock is steady")
    except asyncio.CancelledError:
        log.debug("A chore ends with its process")  # The scheduler would call it an error.
    except StorageError as error:
        log.warning("A chore is left for its next round: %s", error)


async def forget_old(store: Store, now: Callable[[], datetime]) -> None:
    """Forget what has been kept long enough."""
    letters = await _forget(store, updates.prune_dead_letters, now() - SET_ASIDE_FOR)
    if letters:
        log.warning("%d updates that nobody understood were dropped for their age", letters)
    await _forget(store, due.forget_settled, now() - SETTLED_FOR)
    await _forget(store, floods.forget, now())
    await _forget(store, uploads.forget, now() - UPLOADS_FOR)
    await _forget(store, outbox.forget_given_up, now() - GIVEN_UP_FOR)
    await _forget(store, updates.prune, now() - SEEN_FOR)
    await _forget(store, _forget_left, now())


async def seal_words(store: Store) -> None:
    """Seal what moderators wrote before that was sealed; seldom anything is left to do."""
    while True:
        async with store.unit() as unit:
            if await cases.seal_plain(unit, store, SEALED_AT_ONCE) < SEALED_AT_ONCE:
                return


async def _forget_left(unit: Unit, _now: datetime, limit: int) -> int:
    return await erasure.forget_left(unit, limit)


async def _forget(store: Store, forget: Forget, before: datetime) -> int:
    """Forget unit by unit, letting others in between; return how many."""
    forgotten, together = FORGET_AT_ONCE, 0
    while forgotten == FORGET_AT_ONCE:
        async with store.unit() as unit:
            forgotten = await forget(unit, before, FORGET_AT_ONCE)
        together += forgotten
        await asyncio.sleep(0)
    return together
