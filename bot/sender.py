"""What lies in the outbox, sent to Telegram: in each chat's order, at Telegram's pace.

Telegram has no key by which a message sent twice could be known, so a message is sent at least
once: twice only when the process dies between Telegram's answer and our commit, or when an answer
never came and the one further try was in fact the second.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from bot.rendering import TEXT_FILE
from bot.shelf import Filled, Shelf
from bot.telegram.client import Telegram
from bot.telegram.errors import (
    RETRY_SECONDS,
    ContactGone,
    ContactMoved,
    DeliveryError,
    MaybeDone,
    Refused,
    TokenRefused,
    TooMany,
    TryLater,
)
from conversations.programme import Programme
from storage import contacts, outbox
from storage.contacts import ContactId
from storage.errors import StorageError
from storage.outbox import OutboxRow
from storage.store import Store

log = logging.getLogger(__name__)

Files: TypeAlias = Mapping[str, tuple[str, bytes]]
"""Names and bytes, by the parameter they stand in for."""

AT_ONCE_MAX = 64
"""How many chats are written to side by side."""

LEASE_SECONDS = 60.0
"""How long a row may be under way before another try may begin."""

LOOK_SECONDS = 1.0
"""How often the outbox is looked at when nobody calls."""

TRIES_MAX = 300
"""How often one call is tried; with the pauses between that is about a day."""

PAUSE_SECONDS_MAX = 300.0
"""The longest pause between tries: after an outage nobody waits longer for what stood in line."""

NO_ANSWER = "no answer came"
"""Opens the reason of a row that may have been sent: it is tried once more, never twice."""


@dataclass(slots=True)
class Sender:
    """Sends until stopped; `wake` it when something was put into the outbox."""

    store: Store
    telegram: Telegram
    programme: Programme
    now: Callable[[], datetime]
    _shelf: Shelf = field(init=False)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _quiet_until: datetime | None = None
    _limited: tuple[ContactId, datetime] | None = None

    def __post_init__(self) -> None:
        """Take the programme's files from its shelf."""
        self._shelf = Shelf(self.store, self.programme.media)

    def wake(self) -> None:
        """Look at the outbox now."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send what waits until `stop` is set; what is under way is finished first."""
        under_way: set[asyncio.Task[None]] = set()
        try:
            while not stop.is_set():
                self._woken.clear()
                for row in await self._claim(AT_ONCE_MAX - len(under_way)):
                    task = asyncio.create_task(self._deliver(row))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                    task.add_done_callback(lambda _: self.wake())
                await self._rest(stop)
        finally:
            if under_way:
                await asyncio.wait(under_way)

    async def drain(self) -> int:
        """Send all that is due, one after the other; return how many calls were made."""
        made = 0
        while rows := await self._claim(AT_ONCE_MAX):
            for row in rows:
                await self._deliver(row)
                made += 1
        return made

    async def _claim(self, room: int) -> list[OutboxRow]:
        now = self.now()
        if room <= 0 or (self._quiet_until is not None and now < self._quiet_until):
            return []
        try:
            async with self.store.reading() as reading:
                next_at = await outbox.next_at(reading)
            if next_at is None or next_at > now:
                return []
            async with self.store.unit() as unit:
                return await outbox.claim(unit, now, room, LEASE_SECONDS)
        except StorageError as error:
            log.warning("The outbox cannot be read now: %s", error)
            return []

    async def _rest(self, stop: asyncio.Event) -> None:
        waits = {asyncio.ensure_future(self._woken.wait()), asyncio.ensure_future(stop.wait())}
        await asyncio.wait(waits, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _deliver(self, row: OutboxRow) -> None:
        try:
            await self._settle(row, await self._outcome(row))
        except StorageError as error:
            # The lease runs out and the row comes back: sent once more, never lost.
            log.warning("A sent message could not be noted: %s", error)

    async def _outcome(self, row: OutboxRow) -> DeliveryError | int | None:
        """Make the call; return the message's id, None where there is none, or what went wrong."""
        if row.method.startswith("editMessage") and row.message_id is None:
            return None  # What it would change was never shown.
        try:
            result = await self._call(row)
        except DeliveryError as error:
            return error
        except StorageError:
            raise
        except Exception:
            log.exception("Call %s cannot be made", row.method)
            return Refused("a mistake of ours, see the log")
        return result.get("message_id") if isinstance(result, dict) else None

    async def _call(self, row: OutboxRow) -> object:
        """Make the call with what the outbox does not hold: chat, message to change, files."""
        texts = _text_files(row.params)
        params = {name: value for name, value in row.params.items() if name not in texts}
        params["chat_id"] = row.chat_id
        if row.method.startswith("editMessage"):
            params["message_id"] = row.message_id
        filled = await self._shelf.fill(row.method, params)
        try:
            result = await self._sent(row.method, filled, texts)
        except Refused:
            if not filled.named:
                raise
            await self._shelf.forget(row.method, filled)
            filled = await self._shelf.fill(row.method, params)
            result = await self._sent(row.method, filled, texts)
        with suppress(StorageError):  # It is sent; another time the file is uploaded once more.
            await self._shelf.learn(row.method, filled, result)
        return result

    async def _sent(self, method: str, filled: Filled, texts: Files) -> object:
        return await self.telegram.call(method, filled.params, {**filled.files, **texts})

    async def _settle(self, row: OutboxRow, outcome: DeliveryError | int | None) -> None:
        maybe_sent = row.reason.startswith(NO_ANSWER)
        async with self.store.unit() as unit:
            match outcome:
                case ContactGone():
                    await contacts.mark_gone(unit, row.contact_id)
                case ContactMoved(chat_id=chat_id):
                    await contacts.move(unit, row.chat_id, chat_id)
                    await outbox.put_off(unit, row.id, self.now(), "the chat has another id")
                case MaybeDone() if maybe_sent:
                    await outbox.give_up(unit, row.id, f"{NO_ANSWER}, twice")
                case TooMany():
                    await outbox.put_off(unit, row.id, self._limit(row, outcome), row.reason)
                case TryLater() | TokenRefused() if row.attempts < TRIES_MAX:
                    until = self.now() + timedelta(seconds=_pause(row.attempts))
                    ambiguous = maybe_sent or isinstance(outcome, MaybeDone)
                    reason = f"{NO_ANSWER}: {outcome}" if ambiguous else str(outcome)
                    await outbox.put_off(unit, row.id, until, reason)
                case DeliveryError():
                    log.error("Call %s is given up: %s", row.method, outcome)
                    await outbox.give_up(unit, row.id, str(outcome))
                case _:
                    await outbox.sent(unit, row.id, outcome)

    def _limit(self, row: OutboxRow, limit: TooMany) -> datetime:
        """Return when a chat may be written to again.

        Telegram does not say whether the chat or the bot has its fill. One chat's limit is its
        own affair, lest one person's tapping silence the bot for all; a second one while the
        first lasts is taken for everybody's.
        """
        now = self.now()
        until = now + timedelta(seconds=limit.seconds)
        if self._limited and self._limited[0] != row.contact_id and self._limited[1] > now:
            self._quiet_until = until
        self._limited = (row.contact_id, until)
        return until


def _text_files(params: Mapping[str, Any]) -> Files:
    """Make the files whose text lies in the outbox itself."""
    found: dict[str, tuple[str, bytes]] = {}
    for member, value in params.items():
        if isinstance(value, str) and value.startswith(TEXT_FILE):
            name, _, text = value.removeprefix(TEXT_FILE).partition("\n")
            found[member] = (name, text.encode())
    return found


def _pause(attempts: int) -> float:
    """Double the pause with each try."""
    return min(RETRY_SECONDS * 2.0 ** min(attempts - 1, 30), PAUSE_SECONDS_MAX)
