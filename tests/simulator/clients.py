"""Two client libraries behind one face, so that one scenario can be played with both."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import aiogram
import aiogram.methods
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BufferedInputFile, InputMediaDocument
from pydantic import BaseModel

from bot.simulator.server import TOKEN


class Client(Protocol):
    """What a scenario needs of a client library."""

    async def call(self, method: str, **parameters: Any) -> Any:
        """Call a method by the library's own function; return the result as JSON values."""

    async def refusal(self, method: str, **parameters: Any) -> str:
        """Call a method that is refused; return the words of the refusal."""

    async def download(self, file_id: str) -> bytes:
        """Fetch a file as the library does."""

    def album(self, file_id: str, content: bytes) -> list[object]:
        """Return an album of two documents, one known and one new, in the library's classes."""

    def commands(self, name: str, description: str) -> list[object]:
        """Return a list of one command, as the library takes it."""


@dataclass(frozen=True, slots=True)
class Ptb:
    """python-telegram-bot."""

    bot: telegram.Bot

    async def call(self, method: str, **parameters: Any) -> Any:
        """Call `send_message` for sendMessage."""
        name = re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", method)
        return _plain(await getattr(self.bot, name)(**parameters))

    async def refusal(self, method: str, **parameters: Any) -> str:
        """Return the message of the TelegramError."""
        try:
            await self.call(method, **parameters)
        except telegram.error.TelegramError as error:
            return error.message
        return ""

    async def download(self, file_id: str) -> bytes:
        """Fetch by getFile and its path."""
        return bytes(await (await self.bot.get_file(file_id)).download_as_bytearray())

    def album(self, file_id: str, content: bytes) -> list[object]:
        """Make an album."""
        return [telegram.InputMediaDocument(file_id), telegram.InputMediaDocument(content)]

    def commands(self, name: str, description: str) -> list[object]:
        """Return a pair."""
        return [(name, description)]


@dataclass(frozen=True, slots=True)
class Aiogram:
    """aiogram, whose results are checked against its models as they come in."""

    bot: aiogram.Bot

    async def call(self, method: str, **parameters: Any) -> Any:
        """Call `SendMessage` for sendMessage."""
        model = getattr(aiogram.methods, method[0].upper() + method[1:])
        given = {name: _buffered(value) for name, value in parameters.items()}
        return _plain(await self.bot(model(**given)))

    async def refusal(self, method: str, **parameters: Any) -> str:
        """Return the message of the TelegramAPIError."""
        try:
            await self.call(method, **parameters)
        except TelegramAPIError as error:
            return error.message
        return ""

    async def download(self, file_id: str) -> bytes:
        """Fetch by getFile and its path."""
        found = await self.bot.download(file_id)
        assert found is not None
        return found.read()

    def album(self, file_id: str, content: bytes) -> list[object]:
        """Make an album."""
        new = InputMediaDocument(media=BufferedInputFile(content, "upload"))
        return [InputMediaDocument(media=file_id), new]

    def commands(self, name: str, description: str) -> list[object]:
        """Return an object."""
        return [{"command": name, "description": description}]


@asynccontextmanager
async def open_client(library: str, address: str) -> AsyncIterator[Client]:
    """Open a client of a library, by its registry name, on a simulator's address."""
    if library == "aiogram":
        session = AiohttpSession(api=TelegramAPIServer.from_base(address))
        async with aiogram.Bot(TOKEN, session=session) as bot:
            yield Aiogram(bot)
        return
    ptb = telegram.Bot(TOKEN, f"{address}/bot", f"{address}/file/bot")
    async with ptb:
        yield Ptb(ptb)


def _plain(result: Any) -> Any:
    match result:
        case list() | tuple():
            return [_plain(one) for one in result]
        case BaseModel():
            return result.model_dump(mode="json", exclude_none=True, by_alias=True)
        case telegram.TelegramObject():
            return result.to_dict()
    return result


def _buffered(value: Any) -> Any:
    return BufferedInputFile(value, "upload") if isinstance(value, bytes) else value
