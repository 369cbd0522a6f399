"""Calls of the Bot API by name, over python-telegram-bot.

Calls are (method, parameters) pairs as they lie in the outbox, so a method newer than the library
needs no new code here. Results are Telegram's own JSON.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Self, TypeGuard

from telegram import Bot, InputFile, InputMediaPhoto
from telegram.error import TelegramError
from telegram.warnings import PTBUserWarning

from bot import metrics
from bot.telegram.errors import Refused, TryLater, meaning
from bot.telegram.transport import AiohttpRequest

log = logging.getLogger(__name__)

POLL_SECONDS = 25
"""How long one getUpdates waits for news."""

DOWNLOAD_BYTES_MAX = 20_000_000
"""What Telegram's server lets a bot fetch; https://core.telegram.org/bots/api#getfile.

A Bot API server of one's own has no such limit, and a file passes through our memory.
"""

UPDATE_ID_MAX = 2**63 - 1
"""The largest number that the database holds."""

_NOTHING_TO_DO = ("message is not modified", "query is too old")

# The library would rather have its own methods called; the outbox holds methods by name.
warnings.filterwarnings("ignore", message="Please use 'Bot", category=PTBUserWarning)


class Telegram:
    """One bot at one Bot API server; `async with` opens and closes its connections.

    `heard_at` is when a call was last carried out, on the event loop's clock; None where none was.
    """

    def __init__(self, token: str, api_url: str) -> None:
        self.heard_at: float | None = None
        self._request = AiohttpRequest()
        self._bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._address = self._bot.base_url

    async def __aenter__(self) -> Self:
        """Open the connections; nothing is asked of the server yet."""
        await self._request.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._request.shutdown()

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        files: Mapping[str, tuple[str, bytes]] | None = None,
        read_seconds: float | None = None,
    ) -> Any:  # noqa: ANN401 - the result is whatever JSON the method answers.
        """Make one call; return its result as decoded JSON.

        `files` puts a file (name, bytes) in the place of a parameter, or where a parameter says
        `attach://` and the file's key. An edit that changes
        nothing, and an answer to a tap that is over, count as done. Raise `DeliveryError`.
        """
        with metrics.call(method):
            result = await self._call(method, parameters, files, read_seconds)
        self.heard_at = asyncio.get_running_loop().time()
        return result

    async def _call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        files: Mapping[str, tuple[str, bytes]] | None,
        read_seconds: float | None,
    ) -> Any:  # noqa: ANN401 - as above.
        try:
            if files:
                return await self._upload(method, parameters, files)
            return await self._request.call(f"{self._address}/{method}", parameters, read_seconds)
        except TelegramError as error:
            if any(sign in error.message.lower() for sign in _NOTHING_TO_DO):
                return True
            raise meaning(error) from error

    async def _upload(
        self,
        method: str,
        parameters: Mapping[str, Any],
        files: Mapping[str, tuple[str, bytes]],
    ) -> Any:  # noqa: ANN401 - as `call`.
        """Make a call with files, which the library puts into their places."""
        uploads = {
            name: InputFile(content, filename=file_name)
            for name, (file_name, content) in files.items()
        }
        given = {**parameters, **_album(parameters), **uploads}
        return await self._bot.do_api_request(method, api_kwargs=given)

    async def updates(self, offset: int | None, allowed: Sequence[str]) -> list[dict[str, Any]]:
        """Wait for updates from `offset` on; they count as taken once a higher offset is asked.

        What has no number could never count as taken and is left out. Raise `DeliveryError`.
        """
        parameters: dict[str, Any] = {"timeout": POLL_SECONDS, "allowed_updates": list(allowed)}
        if offset is not None:
            parameters["offset"] = offset
        found = await self.call("getUpdates", parameters, read_seconds=POLL_SECONDS + 10)
        numbered = [one for one in found if is_numbered(one)] if isinstance(found, list) else []
        if found and not numbered:
            raise TryLater("what came are no updates")
        if len(numbered) < len(found):
            log.error("%d of the updates that came are none", len(found) - len(numbered))
        return numbered

    async def download(self, file_id: str) -> bytes:
        """Fetch a file a person sent; raise `Refused` when it is too large for a bot."""
        file = await self.call("getFile", {"file_id": file_id})
        if "file_path" not in file:
            raise Refused("Telegram names no path for this file")
        if file.get("file_size", 0) > DOWNLOAD_BYTES_MAX:
            raise Refused("the file is too big")
        url = f"{self._bot.base_file_url}/{file['file_path']}"
        try:
            return await self._request.retrieve(url)
        except TelegramError as error:
            raise meaning(error) from error


def _album(parameters: Mapping[str, Any]) -> dict[str, list[InputMediaPhoto]]:
    """Return the pictures of an album as the library wants them: no list of them may be plain."""
    photos = parameters.get("media")
    if not isinstance(photos, list):
        return {}
    return {"media": [InputMediaPhoto(one["media"], caption=one.get("caption")) for one in photos]}


def is_numbered(update: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether something has a number as an update has it: nothing else could be kept."""
    if not isinstance(update, dict):
        return False
    number = update.get("update_id")
    return isinstance(number, int) and 0 <= number <= UPDATE_ID_MAX
