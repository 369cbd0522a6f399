"""One row of the outbox as one call to Telegram: filled with what the outbox does not hold.

The outbox names neither chats nor the ids of messages, and holds no files: the chat and the
message to change come with the row (a call that has a scope gets the chat there), the programme's
files from the shelf, and texts that are to be sent as files are made into them here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from bot.calendars import Weeks, weeks_picture
from bot.maps import place_map
from bot.rendering import GROUP_TOPIC, KEPT_FILE, PLACE_MAP, TEXT_FILE, WEEKS_PICTURE
from bot.shelf import Filled, Shelf
from bot.telegram.client import Telegram
from bot.telegram.errors import DeliveryError, Refused
from conversations.areas import Area
from storage import outbox
from storage.errors import StorageError
from storage.files import Files
from storage.outbox import OutboxRow

log = logging.getLogger(__name__)

Uploads: TypeAlias = Mapping[str, tuple[str, bytes]]
"""Names and bytes, by the parameter they stand in for."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Makes calls over `telegram`, with files from `shelf`, and those of people from `kept`."""

    telegram: Telegram
    shelf: Shelf
    areas: Mapping[str, Area] = field(default_factory=dict)
    kept: Files | None = None

    async def outcome(self, row: OutboxRow) -> DeliveryError | int | None:
        """Make the call; return the message's id, None where there is none, or what went wrong.

        Raise `StorageError` when the shelf cannot be asked: nothing was sent then.
        """
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
        if not isinstance(result, dict):
            return None
        number: int | None = result.get("message_id", result.get("message_thread_id"))
        return number

    async def _call(self, row: OutboxRow) -> object:
        texts = {**_text_files(row.params), **await self._kept_files(row.params)}
        params = {name: value for name, value in row.params.items() if name not in texts}
        if "scope" in params:
            params["scope"] = {**params["scope"], "chat_id": row.chat_id}
        else:
            params["chat_id"] = row.chat_id
        if row.method.startswith("editMessage"):
            params["message_id"] = row.message_id
        await self._find_topic(row, params)
        filled = await self.shelf.fill(row.method, params)
        try:
            result = await self._sent(row.method, filled, texts)
        except Refused:
            if not filled.named:
                raise
            await self.shelf.forget(row.method, filled)
            filled = await self.shelf.fill(row.method, params)
            result = await self._sent(row.method, filled, texts)
        with suppress(StorageError):  # It is sent; another time the file is uploaded once more.
            await self.shelf.learn(row.method, filled, result)
        return result

    async def _find_topic(self, row: OutboxRow, params: dict[str, Any]) -> None:
        """Put the number of a topic where its slot is named; without one, it is General."""
        named = params.get("message_thread_id")
        if isinstance(named, str) and named.startswith(GROUP_TOPIC):
            slot = named.removeprefix(GROUP_TOPIC)
            async with self.shelf.store.reading() as reading:
                topic = await outbox.message_in(reading, row.contact_id, slot)
            del params["message_thread_id"]
            if topic:
                params["message_thread_id"] = topic

    async def _kept_files(self, params: Mapping[str, Any]) -> Uploads:
        """Fetch the files that somebody sent, and draw the maps, that a call shows."""
        found: dict[str, tuple[str, bytes]] = {}
        for member, value in params.items():
            if isinstance(value, str) and value.startswith(KEPT_FILE):
                sha256, _, name = value.removeprefix(KEPT_FILE).partition("\n")
                found[member] = (name, await self._read(sha256))
            elif isinstance(value, str) and value.startswith(PLACE_MAP):
                latitude, longitude = map(float, value.removeprefix(PLACE_MAP).split())
                drawn = partial(place_map, self.areas, (latitude, longitude))
                found[member] = ("map.png", await asyncio.to_thread(drawn))
            elif isinstance(value, str) and value.startswith(WEEKS_PICTURE):
                weeks = Weeks.from_json(value.removeprefix(WEEKS_PICTURE))
                found[member] = ("weeks.png", await asyncio.to_thread(weeks_picture, weeks))
        return found

    async def _read(self, sha256: str) -> bytes:
        if self.kept is None:
            raise Refused("files that people sent are not kept here")
        try:
            return await self.kept.read(sha256)
        except FileNotFoundError:
            raise Refused("a file that somebody sent is not here any more") from None

    async def _sent(self, method: str, filled: Filled, texts: Uploads) -> object:
        return await self.telegram.call(method, filled.params, {**filled.files, **texts})


def _text_files(params: Mapping[str, Any]) -> Uploads:
    """Make the files whose text lies in the outbox itself."""
    found: dict[str, tuple[str, bytes]] = {}
    for member, value in params.items():
        if isinstance(value, str) and value.startswith(TEXT_FILE):
            name, _, text = value.removeprefix(TEXT_FILE).partition("\n")
            found[member] = (name, text.encode())
    return found
