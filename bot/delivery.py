"""One row of the outbox as one call to Telegram: filled with what the outbox does not hold.

The outbox names neither chats nor the ids of messages, and holds no files: the chat and the
message to change come with the row (a call that has a scope gets the chat there), the programme's
files from the shelf, and texts that are to be sent as files are made into them here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.rendering import TEXT_FILE
from bot.shelf import Filled, Shelf
from bot.telegram.client import Telegram
from bot.telegram.errors import DeliveryError, Refused
from storage.errors import StorageError
from storage.outbox import OutboxRow

log = logging.getLogger(__name__)

Files: TypeAlias = Mapping[str, tuple[str, bytes]]
"""Names and bytes, by the parameter they stand in for."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Makes calls over `telegram`, with files from `shelf`."""

    telegram: Telegram
    shelf: Shelf

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
        return result.get("message_id") if isinstance(result, dict) else None

    async def _call(self, row: OutboxRow) -> object:
        texts = _text_files(row.params)
        params = {name: value for name, value in row.params.items() if name not in texts}
        if "scope" in params:
            params["scope"] = {**params["scope"], "chat_id": row.chat_id}
        else:
            params["chat_id"] = row.chat_id
        if row.method.startswith("editMessage"):
            params["message_id"] = row.message_id
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

    async def _sent(self, method: str, filled: Filled, texts: Files) -> object:
        return await self.telegram.call(method, filled.params, {**filled.files, **texts})


def _text_files(params: Mapping[str, Any]) -> Files:
    """Make the files whose text lies in the outbox itself."""
    found: dict[str, tuple[str, bytes]] = {}
    for member, value in params.items():
        if isinstance(value, str) and value.startswith(TEXT_FILE):
            name, _, text = value.removeprefix(TEXT_FILE).partition("\n")
            found[member] = (name, text.encode())
    return found
