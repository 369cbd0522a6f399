"""Workbooks that coordinators sent, fetched and checked beside the chats.

A check may take seconds, so it never holds up a conversation: the wish to have it is kept with the
turn, the work is done here, and its result is brought to the desk in a unit of its own. A check
that was under way when the process ended begins anew. The converter itself runs in a cage
(`storage.workbooks`); a file that breaks it breaks nothing else. What a form's follow-ups would do
with the reports that there are is counted here, and done here where it was published for them, too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.library import Library
from bot.office import Office
from bot.takeovers import Takeovers, rehearse
from bot.telegram.client import Telegram
from bot.telegram.errors import ContactGone, DeliveryError, Refused
from bot.telegram.patience import unless
from bot.visit import Visit
from conversations.authoring.exchange import WorkbookChecked
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.turn import Occasion
from storage import contacts, desks, outbox, roles
from storage.desks import Waiting
from storage.errors import StorageError
from storage.programmes import check_workbook
from storage.store import Store

log = logging.getLogger(__name__)

AT_ONCE_MAX = 2
"""Each check is a process of its own that may take a gigabyte."""

LEASE_SECONDS = 600.0
LOOK_SECONDS = 1.0
TRIES_MAX = 8
PAUSE_SECONDS_MAX = 300.0


@dataclass(frozen=True, slots=True)
class Workshop:
    """Checks until stopped; `kept` is called when something may lie in the outbox."""

    store: Store
    library: Library
    telegram: Telegram
    locale_of: Callable[[str], Locale]
    now: Callable[[], datetime]
    fresh_key: Callable[[], str]
    cache_folder: Path | None
    kept: Callable[[], None] = lambda: None
    is_steady: Callable[[], bool] = lambda: True

    @property
    def _programme(self) -> str:
        return self.library.programme.name

    async def run(self, stop: asyncio.Event) -> None:
        """Check what waits until `stop` is set; a download under way is given up for later."""
        while not stop.is_set():
            try:
                checked = await self.check_waiting(stop) + await self.take_over(stop)
            except StorageError as error:
                log.warning("Workbooks cannot be looked for now: %s", error)
                checked = 0
            if not checked:
                await _rest(stop)

    async def check_waiting(self, stop: asyncio.Event | None = None) -> int:
        """Check some of the workbooks that wait; return how many were tried."""
        async with self.store.reading() as reading:
            if not await desks.any_waiting(reading, self._programme, self.now()):
                return 0
        async with self.store.unit() as unit:
            waiting = await desks.claim(
                unit, self._programme, self.now(), AT_ONCE_MAX, LEASE_SECONDS
            )
        async with asyncio.TaskGroup() as tasks:
            for one in waiting:
                tasks.create_task(self._check(one, stop or asyncio.Event()))
        return len(waiting)

    async def take_over(self, stop: asyncio.Event | None = None) -> int:
        """Take reports over to a sheet that was published for them, too; return how many pages."""
        about = (self.store, self.library, self.locale_of, self.now)
        over = Takeovers(*about, self.kept, self.is_steady)
        return await over.look(stop or asyncio.Event())

    async def _check(self, waiting: Waiting, stop: asyncio.Event) -> None:
        try:
            content = await unless(stop, self.telegram.download(waiting.source))
        except DeliveryError as error:
            await self._not_fetched(waiting, error)
            return
        try:
            if content is None:
                await self._put_off(waiting, 0.0)
            else:
                await self._read(waiting, content)
        except StorageError as error:
            # The lease runs out and the check begins anew.
            log.warning("A checked workbook cannot be kept now: %s", error)
        except Exception:
            log.exception("A mistake of ours; the workbook is checked again later")

    async def _read(self, waiting: Waiting, content: bytes) -> None:
        programme = await self._as_it_stands()
        read = await asyncio.to_thread(
            check_workbook, content, waiting.file_name, programme, self.cache_folder
        )
        seen = await rehearse(self.store, programme, read.form, self.now()) if read.form else None
        told = seen if seen and seen.rows else None
        event = WorkbookChecked(waiting.upload, read.form, read.problems, told)
        await self._tell(waiting, event, content, read.form.source if read.form else None)

    async def _as_it_stands(self) -> Programme:
        """Return the programme with all that was published in the chat, open or closed."""
        async with self.store.reading() as reading:
            offering = await self.library.offering(reading)
        return replace(offering.programme, offered=tuple(offering.standing.items()), asked=())

    async def _not_fetched(self, waiting: Waiting, error: DeliveryError) -> None:
        if not isinstance(error, Refused | ContactGone) and waiting.attempts < TRIES_MAX:
            await self._put_off(waiting, min(2.0**waiting.attempts, PAUSE_SECONDS_MAX))
            return
        log.warning("A workbook cannot be fetched: %s", error)
        await self._tell(waiting, WorkbookChecked(waiting.upload, None, None), None, None)

    async def _put_off(self, waiting: Waiting, seconds: float) -> None:
        async with self.store.unit() as unit:
            until = self.now() + timedelta(seconds=seconds)
            await desks.put_off(unit, self._programme, waiting, until)

    async def _tell(
        self, waiting: Waiting, event: WorkbookChecked, content: bytes | None, xform: str | None
    ) -> None:
        """Lay the result on the desk, if it is still awaited there, and tell its owner."""
        now, office = self.now(), Office(self.library, self.locale_of, self.store)
        async with self.store.unit() as unit:
            if not await desks.checked(unit, self._programme, waiting, content, xform):
                return
            contact = await contacts.by_id(unit, waiting.contact_id)
            if contact is None or not await roles.held(unit, self._programme, contact.id):
                return
            occasion = Occasion(now, self.fresh_key(), self.locale_of)
            outcome = await office.hear(Visit(unit, contact, None, occasion), event)
            await outbox.put(unit, contact.id, outcome.calls, now)
        self.kept()


async def _rest(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
    except TimeoutError:
        return
