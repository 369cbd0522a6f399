"""The files people sent, fetched from Telegram after the answer that names them is kept.

A picture never holds up a conversation: the answer and the handle to its bytes are kept in the
turn's transaction, the bytes follow. Telegram keeps a file for its bot, so a fetch that fails is
tried again, for days if need be.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.telegram.client import Telegram
from bot.telegram.errors import ContactGone, DeliveryError, Refused
from storage import attachments
from storage.attachments import Attachment
from storage.errors import StorageError
from storage.files import Files
from storage.store import Store

log = logging.getLogger(__name__)

AT_ONCE_MAX = 4
LEASE_SECONDS = 600.0
LOOK_SECONDS = 2.0
TRIES_MAX = 20
PAUSE_SECONDS_MAX = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches until stopped."""

    store: Store
    files: Files
    telegram: Telegram
    now: Callable[[], datetime]

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch what waits until `stop` is set; a fetch under way is finished first."""
        while not stop.is_set():
            try:
                fetched = await self.fetch_waiting()
            except StorageError as error:
                log.warning("Attachments cannot be kept now: %s", error)
                fetched = 0
            if not fetched:
                await _rest(stop)

    async def fetch_waiting(self) -> int:
        """Fetch some of the files that wait; return how many were tried."""
        async with self.store.unit() as unit:
            waiting = await attachments.claim(unit, self.now(), AT_ONCE_MAX, LEASE_SECONDS)
        await asyncio.gather(*(self._fetch(attachment) for attachment in waiting))
        return len(waiting)

    async def _fetch(self, attachment: Attachment) -> None:
        try:
            content = await self.telegram.download(attachment.source)
        except (Refused, ContactGone) as error:
            await self._fail(attachment, error)
        except DeliveryError as error:
            await self._put_off(attachment, error)
        else:
            sha256 = await self.files.keep(content)
            async with self.store.unit() as unit:
                await attachments.kept(unit, attachment, sha256, len(content))

    async def _fail(self, attachment: Attachment, error: DeliveryError) -> None:
        log.error("An attachment cannot be fetched: %s", error)
        async with self.store.unit() as unit:
            await attachments.failed(unit, attachment, str(error))

    async def _put_off(self, attachment: Attachment, error: DeliveryError) -> None:
        if attachment.attempts >= TRIES_MAX:
            await self._fail(attachment, error)
            return
        pause = min(2.0 ** (attachment.attempts + 1), PAUSE_SECONDS_MAX)
        async with self.store.unit() as unit:
            until = self.now() + timedelta(seconds=pause)
            await attachments.put_off(unit, attachment, until, str(error))


async def _rest(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
    except TimeoutError:
        return
