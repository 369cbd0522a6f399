"""What waits and what was set aside, from the command line, beside a running bot."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.app import fresh_key, system_clock
from bot.dispatch import Dispatch
from bot.library import open_library
from bot.settings import Settings
from bot.staffing import beside
from bot.updates import UnreadableUpdate
from conversations.programme import Programme
from locales.locale import locales_of
from storage import backlog, clocks, heartbeat, leases, updates
from storage.backlog import Waiting
from storage.clocks import HeldClock
from storage.errors import StorageError
from storage.opening import open_readable
from storage.store import Reading, Store
from storage.updates import DeadLetter


class NoSuchLetter(Exception):
    """No update of this number is set aside."""


@dataclass(frozen=True, slots=True)
class OutboxView:
    """What waits; `silent_until` is set while Telegram asks for nothing at all to be sent.

    `is_away` where no bot runs that would send it.
    """

    waiting: Sequence[Waiting]
    silent_until: datetime | None
    is_away: bool


async def outbox_view(settings: Settings, now: Callable[[], datetime] = system_clock) -> OutboxView:
    """Look at what waits to be sent."""
    store = await open_readable(settings.store_url)
    try:
        async with store.reading() as reading:
            moment = now()
            held = await leases.are_held(reading, moment)
            clock, beat_at = await clocks.held(reading), await heartbeat.last_beat(reading)
            return OutboxView(
                await backlog.backlog(reading, moment),
                await leases.silent_until(reading, moment),
                clock is None and heartbeat.is_away(beat_at, holds_rights=held, now=moment),
            )
    finally:
        await store.close()


async def retry(settings: Settings, now: Callable[[], datetime] = system_clock) -> int:
    """Let what was put off after a failure be tried at once; return how many messages."""
    async with beside(settings) as store, store.unit() as unit:
        return await backlog.hurry_on(unit, now())


async def held_clock(settings: Settings) -> HeldClock | None:
    """Return the jump of the clock for which work is held; None where none is."""
    store = await open_readable(settings.store_url)
    try:
        async with store.reading() as reading:
            return await clocks.held(reading)
    finally:
        await store.close()


async def confirm_clock(settings: Settings, now: Callable[[], datetime] = system_clock) -> bool:
    """Tell a running bot that the clock is right; False where nothing is held."""
    async with beside(settings) as store, store.unit() as unit:
        if await clocks.held(unit) is None:
            return False
        await clocks.confirm(unit, now())
        return True


async def dead_letters(settings: Settings, numbers: Sequence[int] = ()) -> list[DeadLetter]:
    """List what is set aside, or just what has these numbers; raise `NoSuchLetter`."""
    store = await open_readable(settings.store_url)
    try:
        async with store.reading() as reading:
            if not numbers:
                return list(await updates.dead_letters(reading))
            return [await _letter(reading, number) for number in numbers]
    finally:
        await store.close()


async def drop(settings: Settings, numbers: Sequence[int]) -> None:
    """Drop what is set aside under these numbers, all or none; raise `NoSuchLetter`."""
    async with beside(settings) as store, store.unit() as unit:
        for number in numbers:
            if not await updates.take_back(unit, number):
                raise NoSuchLetter(_no_letter(number))


async def replay(
    settings: Settings, programme: Programme, numbers: Sequence[int]
) -> dict[int, str]:
    """Take updates that were set aside as if they came now; return why not, for those that failed.

    A running bot sends what comes of it.
    """
    async with beside(settings) as store:
        dispatch = await _dispatch(store, programme)
        async with store.reading() as reading:
            letters = [await _letter(reading, number) for number in numbers]
        tried = {letter.update_id: await _replayed(dispatch, letter) for letter in letters}
    return {number: why for number, why in tried.items() if why}


async def _dispatch(store: Store, programme: Programme) -> Dispatch:
    library = await open_library(store, programme, system_clock())
    locale_of = locales_of(library.programme.fallback)
    return Dispatch(store, library, locale_of, system_clock, fresh_key)


async def _replayed(dispatch: Dispatch, letter: DeadLetter) -> str:
    """Replay one; return why it stays set aside, without what the person said, or nothing."""
    if "posted" in json.loads(letter.raw):
        return "it is no update of Telegram's, and never will be: drop it"
    try:
        await dispatch.replay(letter)
    except StorageError:
        raise
    except UnreadableUpdate as error:
        return f"it is not as Telegram documents updates: {error}"
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it is told, one by one.
        return type(error).__name__
    return ""


async def _letter(reading: Reading, number: int) -> DeadLetter:
    letter = await updates.dead_letter(reading, number)
    if letter is None:
        raise NoSuchLetter(_no_letter(number))
    return letter


def _no_letter(number: int) -> str:
    return f"There is no update {number} among the dead letters; `baraza dead-letters` lists them."
