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

from bot.looks import look_of
from bot.seen_before import look_at
from bot.telegram.client import Telegram
from bot.telegram.errors import ContactGone, DeliveryError, Refused
from bot.telegram.patience import unless
from conversations.programme import Programme
from storage import attachments
from storage.attachments import Attachment, Look
from storage.errors import StorageError
from storage.files import Files
from storage.store import Store

log = logging.getLogger(__name__)

AT_ONCE_MAX = 4
LEASE_SECONDS = 600.0
"""How long a fetch may take before another begins; a request ends before that by itself."""

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
    programme: Programme | None = None
    """Whose reports are looked at again when a picture arrives; None looks at none."""

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch what waits until `stop` is set; a download under way is given up for later."""
        while not stop.is_set():
            try:
                fetched = await self.fetch_waiting(stop)
            except StorageError as error:
                log.warning("Attachments cannot be kept now: %s", error)
                fetched = 0
            if not fetched:
                await _rest(stop)

    async def fetch_waiting(self, stop: asyncio.Event | None = None) -> int:
        """Fetch some of the files that wait; return how many were tried."""
        async with self.store.unit() as unit:
            waiting = await attachments.claim(unit, self.now(), AT_ONCE_MAX, LEASE_SECONDS)
        async with asyncio.TaskGroup() as tasks:
            for attachment in waiting:
                tasks.create_task(self._fetch(attachment, stop or asyncio.Event()))
        return len(waiting)

    async def _fetch(self, attachment: Attachment, stop: asyncio.Event) -> None:
        try:
            await self._fetch_now(attachment, stop)
        except StorageError as error:
            # The lease runs out and the file is fetched again.
            log.warning("An attachment cannot be kept now: %s", error)
        except Exception:
            log.exception("A mistake of ours; the attachment is tried again later")

    async def _fetch_now(self, attachment: Attachment, stop: asyncio.Event) -> None:
        try:
            content = await unless(stop, self.telegram.download(attachment.source))
        except (Refused, ContactGone) as error:
            await self._fail(attachment, error)
        except DeliveryError as error:
            await self._put_off(attachment, error)
        else:
            await self._keep(attachment, content)

    async def _keep(self, attachment: Attachment, content: bytes | None) -> None:
        if content is None:
            async with self.store.unit() as unit:
                await attachments.put_off(unit, attachment, self.now(), "the bot was stopped")
            return
        sha256 = await self.files.keep(content)
        look = await self._look(attachment, content)
        async with self.store.unit() as unit:
            await attachments.kept(unit, attachment, sha256, len(content), look)
            if look is not None and self.programme is not None:
                # It may have become a report's while its bytes were on their way.
                now_of = await attachments.by_id(unit, attachment.id)
                await look_at(unit, self.programme, now_of or attachment, look, self.now())

    async def _look(self, attachment: Attachment, content: bytes) -> Look | None:
        """Work out how a picture looks, in a thread: that takes longer than a turn may."""
        if self.programme is None or not attachment.media_type.startswith("image/"):
            return None
        return await asyncio.to_thread(look_of, content)

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
