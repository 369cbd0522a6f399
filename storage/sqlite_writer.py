"""The one writer of a SQLite file: many units, one commit.

A commit costs a flush of the disk, whatever it holds, so units that wait at the same time share
one. The writer serves them one after the other inside one transaction, each behind a savepoint
of its own:

    BEGIN IMMEDIATE   SAVEPOINT (first unit) RELEASE   SAVEPOINT (second unit) RELEASE ...   COMMIT

A unit that raises is rolled back to its savepoint and the others go on. No caller hears that its
unit is kept before the commit that contains it; if that commit fails, all of them hear so.
Only the commit waits for the disk, so only it leaves the event loop's thread; the loop does
meanwhile what needs no transaction, such as sending what was kept before. (To commit a long group
in parts, for the sake of the first in it, was tried: all waited longer, for a commit costs more.)

One task owns the connection and walks through this; callers only hold tickets, so a caller that
is cancelled at any point can neither stop the writer nor leave the transaction open.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from storage.errors import StorageError, StorageUnavailable
from storage.sqlite_connection import BUSY_SECONDS, Connection
from storage.store import Unit, Value

GROUP_MAX = 64
"""Units in one commit: the first of them waits for the last."""

BUSY_PAUSE_SECONDS = 0.02
"""How long to wait before asking again whether an outside program has let go of the file."""

LOST = "The database ended the transaction by itself (see the error before); try again."
CLOSED = "The store is closed; nothing more can be kept."


def _future() -> asyncio.Future[Any]:
    return asyncio.get_running_loop().create_future()


@dataclass(slots=True, eq=False)
class Ticket:
    """One caller's place in the queue and the three things said about it."""

    turn: asyncio.Future[None] = field(default_factory=_future)
    finished: asyncio.Future[bool] = field(default_factory=_future)
    kept: asyncio.Future[None] = field(default_factory=_future)
    owner: asyncio.Task[Any] | None = field(default_factory=asyncio.current_task)

    def finish(self, *, good: bool) -> None:
        """Say, once, that the unit's block ended, and whether without an error."""
        if not self.finished.done():
            self.finished.set_result(good)

    def fail(self, error: Exception) -> None:
        """Tell the caller that nothing was kept, unless it went away or knows already."""
        if not self.turn.done():
            self.turn.set_exception(error)
        elif not self.kept.done() and not self.gave_up():
            self.kept.set_exception(error)

    def gave_up(self) -> bool:
        """Tell whether the unit's block raised, or was left before its turn came."""
        return self.finished.done() and not self.finished.result()


class WriterUnit:
    """A unit on the writer's connection, good until its block ends."""

    alone = True

    def __init__(self, connection: Connection, ticket: Ticket) -> None:
        """Speak through `connection` while `ticket` is not finished."""
        self._connection = connection
        self._ticket = ticket

    async def rows(self, sql: str, *values: Value) -> Sequence[sqlite3.Row]:
        """Run one statement and return its rows."""
        return self._open().rows_now(sql, *values)

    async def row(self, sql: str, *values: Value) -> sqlite3.Row | None:
        """Run one statement and return its first row, or None."""
        rows = self._open().rows_now(sql, *values)
        return rows[0] if rows else None

    async def run(self, sql: str, *values: Value) -> None:
        """Run one statement for what it does."""
        self._open().rows_now(sql, *values)

    async def run_many(self, sql: str, many: Sequence[Sequence[Value]]) -> None:
        """Run one statement once for each sequence of values."""
        self._open().run_many_now(sql, many)

    def _open(self) -> Connection:
        """Guard against writing outside the transaction, where each statement would commit."""
        if self._ticket.finished.done():
            said = "the unit has ended; do its work inside `async with store.unit()`"
            raise RuntimeError(said)
        if not self._connection.in_transaction:
            raise self._connection.trouble or StorageUnavailable(LOST)
        return self._connection


class Writer:
    """Serves units in the order they came, in shared transactions of at most `group_max`."""

    def __init__(self, connection: Connection, group_max: int) -> None:
        """Start serving; must be made inside a running loop."""
        self._connection = connection
        self._group_max = group_max
        self._queue: asyncio.Queue[Ticket] = asyncio.Queue()
        self._active: Ticket | None = None
        self._closed = False
        self.kept = 0
        """How many units were kept since the start."""
        self._task = asyncio.create_task(self._serve(), name="storage writer")

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """Wait for a turn, lend the connection, and return once the commit is on disk."""
        ticket = self._ask()
        try:
            await ticket.turn
            yield WriterUnit(self._connection, ticket)
        except BaseException:
            ticket.finish(good=False)
            raise
        ticket.finish(good=True)
        await ticket.kept

    async def close(self) -> None:
        """Serve what waits, take nothing new, and close the connection."""
        self._closed = True
        if not self._task.done():
            await self._queue.join()
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self._connection.close()

    def _ask(self) -> Ticket:
        if self._closed:
            raise StorageUnavailable(CLOSED)
        ticket = Ticket()
        active = self._active
        if active and active.owner is ticket.owner and not active.finished.done():
            said = "a unit inside a unit would wait for itself; hand the open one on instead"
            raise RuntimeError(said)
        self._queue.put_nowait(ticket)
        return ticket

    async def _serve(self) -> None:
        while True:
            group = [await self._queue.get()]
            await self._commit_together(group)
            for _ in group:
                self._queue.task_done()

    async def _commit_together(self, group: list[Ticket]) -> None:
        """Serve the first of a group and those that join it, and tell all how it ended."""
        try:
            await self._begin()
            good = await self._serve_each(group)
            await self._connection.rows("COMMIT")
        except BaseException as error:
            await self._end_badly(group, error)
            if not isinstance(error, Exception):
                raise
        else:
            self.kept += len(good)
            for ticket in good:
                if not ticket.kept.done():
                    ticket.kept.set_result(None)

    async def _begin(self) -> None:
        """Begin here, where nobody holds the file; else ask again until an errand has done."""
        clock = asyncio.get_running_loop().time
        until = clock() + BUSY_SECONDS
        while not self._connection.begun_now():
            if clock() > until:
                raise self._connection.trouble or StorageUnavailable(LOST)
            await asyncio.sleep(BUSY_PAUSE_SECONDS)

    async def _serve_each(self, group: list[Ticket]) -> list[Ticket]:
        """Serve a group that grows while others wait; return those that ended well."""
        good = []
        for ticket in group:
            if await self._serve_one(ticket):
                good.append(ticket)
            if len(group) < self._group_max and not self._queue.empty():
                group.append(self._queue.get_nowait())
        return good

    async def _serve_one(self, ticket: Ticket) -> bool:
        if ticket.gave_up():
            return False
        self._connection.rows_now("SAVEPOINT unit")
        self._active = ticket
        if not ticket.turn.done():
            ticket.turn.set_result(None)
        good = await ticket.finished
        self._active = None
        if not self._connection.in_transaction:
            raise self._connection.trouble or StorageUnavailable(LOST)
        if not good:
            self._connection.rows_now("ROLLBACK TO unit")
        self._connection.rows_now("RELEASE unit")
        return good

    async def _end_badly(self, group: list[Ticket], error: BaseException) -> None:
        self._active = None
        # Where the event loop is ending the connection may be closed already: a ValueError.
        with suppress(StorageError, sqlite3.Error, ValueError):
            if self._connection.in_transaction:
                await self._connection.rows("ROLLBACK")
        for ticket in group:
            ticket.fail(error if isinstance(error, Exception) else StorageUnavailable(CLOSED))
