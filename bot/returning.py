"""After a time away: whoever was in the middle of something is asked once more.

A tap lives for 150 seconds on Telegram's side, so buttons pressed while nobody listened may have
seemed dead. Whoever was active shortly before the bot went away, and has done nothing since that
still waits to be read, gets the question that waits once more, below everything else. People idle
for longer are left in peace. Nobody is asked twice by this without having answered in between.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from bot.dispatch import Dispatch
from bot.telegram.patience import unless
from storage import contacts, heartbeat, sessions
from storage.contacts import Contact
from storage.store import Store

log = logging.getLogger(__name__)

BEAT_SECONDS = 30
"""How often the bot notes that it is alive."""

AWAY_AT_LEAST = timedelta(seconds=150)
"""So long a tap lives; after a shorter time away nothing was lost."""

ACTIVE_BEFORE = timedelta(hours=1)
"""Whoever did nothing for so long before the bot went away is not waiting for it."""

PEOPLE_MAX = 1_000
"""So many are asked again after one time away, those first who were active last."""

PACE_SECONDS = 0.1
"""Between two people, so that whoever writes now is answered first."""

CONTACTS_AT_ONCE = 1_000


async def away_since(store: Store, now: datetime) -> datetime | None:
    """Return since when the bot was away, None where it was not for long; and note its return."""
    async with store.unit() as unit:
        last = await heartbeat.last_beat(unit)
        await heartbeat.beat(unit, now)
    return last if last and now - last > AWAY_AT_LEAST else None


async def beat(store: Store, now: datetime) -> None:
    """Note that the bot is alive."""
    async with store.unit() as unit:
        await heartbeat.beat(unit, now)


async def ask_again(
    dispatch: Dispatch, since: datetime, back_at: datetime, stop: asyncio.Event
) -> int:
    """Put the waiting question again to all who were left in the middle; return how many.

    `since` is when the bot went away, `back_at` when it came back; what waited at Telegram has been
    read by now. One person's trouble does not keep the others waiting.
    """
    asked = 0
    async for contact in _left_waiting(dispatch.store, dispatch.programme.name, since, back_at):
        if stop.is_set():
            break
        asked += await dispatch.ask_again(contact, back_at)
        await unless(stop, asyncio.sleep(PACE_SECONDS))
    if asked:
        log.info("%s people were asked again after a time away", asked)
    return asked


async def _left_waiting(
    store: Store, programme: str, since: datetime, back_at: datetime
) -> AsyncIterator[Contact]:
    """Find the contacts behind the sessions: only this process can tell whose a pseudonym is."""
    async with store.reading() as reading:
        begin = since - ACTIVE_BEFORE
        waiting = set(await sessions.changed_in(reading, programme, begin, back_at, PEOPLE_MAX))
    after = 0
    while waiting:
        async with store.reading() as reading:
            page = await contacts.active_after(reading, after, CONTACTS_AT_ONCE)
        if not page:
            return
        after = page[-1].id
        for contact in page:
            reporter = store.reporter(programme, contact.chat_id)
            if reporter in waiting:
                waiting.discard(reporter)
                yield contact
