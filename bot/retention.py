"""Retention: what was kept as long as the programme says goes by itself, a little at a time.

`retention_days` of the programme says how long; without it nothing goes. Every hour, whichever
process does the chores looks for what is old enough (`storage.retention` says what that is) beside
everybody's turns, and erases it in small units, just as `/forget` erases a report: with its flags,
its case, what others said of it. The files' bytes go with the next sweep. The audit says how many
went, never whose.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot import unfinished
from bot.community import Community
from bot.erasing import Erasing
from bot.library import Library
from storage import campaigns, retention, updates
from storage.retention import Old
from storage.store import Store

WHO: Final = "retention"

PAGE: Final = 500
"""How many are looked up at once."""

TOGETHER: Final = 20
"""How many reports are erased in one unit, for which all others wait."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Retention:
    """Erases what is old enough."""

    store: Store
    library: Library
    now: Callable[[], datetime]

    async def round(self) -> int:
        """Erase all that is old enough by now; return how many submissions went."""
        days = self.library.programme.retention_days
        if days is None:
            return 0
        before = self.now() - timedelta(days=days)
        await self._sessions(before)
        await self._waiting(before)
        await self._letters(before)
        return await self._reports(before)

    async def _reports(self, before: datetime) -> int:
        async with self.store.reading() as reading:
            programme = (await self.library.offering(reading)).programme
        community, gone = Community(self.store, programme), 0
        last: Old | None = retention.START
        while last is not None:
            async with self.store.reading() as reading:
                page = await retention.reports(reading, programme.name, before, last, PAGE)
            for some in _some(page):
                async with self.store.unit() as unit:
                    erasing = Erasing(community, unit, self.now(), WHO)
                    old = [(one.reporter, one.instance_id) for one in some]
                    gone += await erasing.old(old, before)
                await asyncio.sleep(0)
            last = page[-1] if len(page) == PAGE else None
        return gone

    async def _sessions(self, before: datetime) -> None:
        name, page = self.library.programme.name, [""] * PAGE
        while len(page) == PAGE:
            async with self.store.reading() as reading:
                page = list(await retention.sessions(reading, name, before, PAGE))
            for some in _some(page):
                async with self.store.unit() as unit:
                    for session_key in some:
                        await retention.end_session(unit, session_key, before)
                        await unfinished.forget(unit, session_key)

    async def _waiting(self, before: datetime) -> None:
        page = [0] * PAGE
        while len(page) == PAGE:
            async with self.store.reading() as reading:
                page = list(await retention.waiting(reading, before, PAGE))
            for some in _some(page):
                async with self.store.unit() as unit:
                    for row_id in some:
                        if number := await retention.forget_waiting(unit, row_id):
                            await campaigns.count_failed(unit, number)

    async def _letters(self, before: datetime) -> None:
        dropped = PAGE
        while dropped == PAGE:
            async with self.store.unit() as unit:
                dropped = await updates.prune_dead_letters(unit, before, PAGE)


def _some(page: Sequence[T]) -> Iterator[Sequence[T]]:
    return (page[begin : begin + TOGETHER] for begin in range(0, len(page), TOGETHER))
