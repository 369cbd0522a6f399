"""One lane a chat: what concerns one person is done one after the other, the older update first.

Telegram posts messages by chat and taps by person, side by side, so two updates of one person can
be here at once. Where one of them cannot be kept, those that wait behind it are not taken either:
all of them come again, in their order.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import TypeAlias

from storage.errors import StorageError

_Waiting: TypeAlias = "tuple[int, int, asyncio.Future[None]]"


@dataclass(slots=True)
class Lanes:
    """The lanes of one process."""

    _lanes: dict[Hashable, list[_Waiting]] = field(default_factory=dict)
    _arrivals: count[int] = field(default_factory=count)

    @asynccontextmanager
    async def lane(self, chat: Hashable, update_id: int) -> AsyncIterator[None]:
        """Be alone with a chat; raise the `StorageError` of the one before, if it met one."""
        await self._enter(chat, update_id)
        try:
            yield
        except StorageError as error:
            self._close(chat, error)
            raise
        except BaseException:
            self._leave(chat)
            raise
        self._leave(chat)

    async def _enter(self, chat: Hashable, update_id: int) -> None:
        waiting = self._lanes.get(chat)
        if waiting is None:
            self._lanes[chat] = []
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(waiting, (update_id, next(self._arrivals), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # It was our turn already; the next one has it.
                self._leave(chat)
            raise

    def _leave(self, chat: Hashable) -> None:
        waiting = self._lanes[chat]
        while waiting:
            _, _, turn = heappop(waiting)
            if not turn.done():
                turn.set_result(None)
                return
        del self._lanes[chat]

    def _close(self, chat: Hashable, error: StorageError) -> None:
        for _, _, turn in self._lanes.pop(chat):
            if not turn.done():
                turn.set_exception(error)
