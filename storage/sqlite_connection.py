"""One connection to a SQLite file, and what its errors mean in plain words.

What may take long (a flush of the disk, a search through a table) runs in the connection's own
thread, through aiosqlite. Handing a statement over and back costs 60 to 250 microseconds though,
and a statement that finds one row by its key takes 10: `rows_now` runs those where they stand.
Nobody may use both at the same time. Transactions are begun and ended by hand.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

import aiosqlite

from storage.errors import StorageBroken, StorageError, StorageFull, StorageUnavailable, fail
from storage.store import Value

BUSY_SECONDS = 5.0
"""How long to wait for an outside program (a shell, a back-up) that holds the file."""

PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    # What is committed is on the disk before anybody is told so.
    "PRAGMA synchronous = FULL",
    # What was erased is overwritten, not merely unlinked.
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
)

STATEMENTS_KEPT_MAX: Final = 1_000
"""So many statements are remembered as SQLite has them, and prepared; there are fewer in all."""

_PLACE = re.compile(r"\$(\d+)")

Raw = sqlite3.Connection


IMPATIENT: Final = "PRAGMA busy_timeout = 0"
"""For a connection whose statements run on the event loop: it must not stand still there."""


class Connection:
    """A connection; errors that are the world's come as `StorageError`, ours as they are.

    `trouble` is the last of the world's.
    """

    def __init__(self, raw: Raw, aside: aiosqlite.Connection, name: str) -> None:
        """Use `raw` here and, in its thread, as `aside`; `name` is the database in errors."""
        self._raw = raw
        self._aside = aside
        self._name = name
        self._closing = asyncio.create_task(self._close_at_end(), name="database connection")
        self.trouble: StorageError | None = None

    @classmethod
    async def open(cls, connect: Callable[[], Raw], name: str) -> Connection:
        """Run `connect` in a thread, prepare the connection and give it a thread of its own."""
        try:
            raw = await asyncio.to_thread(_prepared, connect)
        except sqlite3.Error as error:
            fail(told_plainly(error, name), error)
        # Connected before, for a thread of aiosqlite's whose connecting fails ends in disorder.
        aside = await aiosqlite.Connection(lambda: raw, iter_chunk_size=64)
        connection = cls(raw, aside, name)
        await asyncio.sleep(0)  # `_close_at_end` must have begun before it can be cancelled.
        return connection

    @property
    def in_transaction(self) -> bool:
        """Tell whether a transaction is open; SQLite itself ends one after some errors."""
        return self._raw.in_transaction

    def begun_now(self) -> bool:
        """Begin a transaction that writes; False where an outside program holds the file.

        Where that is to be known at once, the connection must be `IMPATIENT`.
        """
        try:
            self._raw.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            told = self._told(error)
            if _primary(error) == sqlite3.SQLITE_BUSY:
                return False
            fail(told, error)
        return True

    async def rows(self, sql: str, *values: Value) -> Sequence[sqlite3.Row]:
        """Run one statement in the connection's thread and return its rows."""
        try:
            return list(await self._aside.execute_fetchall(_by_place(sql), values))
        except sqlite3.Error as error:
            fail(self._told(error), error)

    def rows_now(self, sql: str, *values: Value) -> Sequence[sqlite3.Row]:
        """Run one quick statement here and return its rows."""
        try:
            return self._raw.execute(_by_place(sql), values).fetchall()
        except sqlite3.Error as error:
            fail(self._told(error), error)

    def run_many_now(self, sql: str, many: Iterable[Sequence[Value]]) -> None:
        """Run one quick statement here, once for each sequence of values."""
        try:
            self._raw.executemany(_by_place(sql), many)
        except sqlite3.Error as error:
            fail(self._told(error), error)

    async def close(self) -> None:
        """Close the connection and end its thread."""
        self._closing.cancel()
        with suppress(asyncio.CancelledError):
            await self._closing

    async def _close_at_end(self) -> None:
        """Wait to be cancelled, by `close` or by the end of the event loop, and then close.

        A thread left behind would keep a process that failed from ending.
        """
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await self._aside.close()

    def _told(self, error: sqlite3.Error) -> Exception:
        told = told_plainly(error, self._name)
        if isinstance(told, StorageError):
            self.trouble = told
        return told


def _prepared(connect: Callable[[], Raw]) -> Raw:
    raw = connect()
    try:
        for pragma in PRAGMAS:
            raw.execute(pragma).fetchall()
    except BaseException:
        raw.close()
        raise
    return raw


def connect_file(path: Path) -> Raw:
    """Connect to a database file, without a transaction of the driver's own making."""
    raw = sqlite3.connect(
        *(path, BUSY_SECONDS),
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENTS_KEPT_MAX,
    )
    return _by_name(raw)


def connect_memory() -> Raw:
    """Connect to a new, empty database in memory."""
    return _by_name(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))


def _by_name(raw: Raw) -> Raw:
    raw.row_factory = sqlite3.Row
    return raw


def told_plainly(error: sqlite3.Error, name: str) -> Exception:
    """Return the error to raise for one of SQLite's: what it means and what to do.

    Errors that are neither the disk's nor the file's are mistakes of ours and stay as they are.
    """
    code = _primary(error)
    if code not in MEANINGS:
        return error
    kind, said = MEANINGS[code]
    return kind(said.format(name=name))


def _primary(error: sqlite3.Error) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


@lru_cache(STATEMENTS_KEPT_MAX)
def _by_place(sql: str) -> str:
    """Write `$1` as `?1`: SQLite's driver looks names up one by one, and takes places as they are.

    >>> _by_place("SELECT $2 WHERE $1 < $2")
    'SELECT ?2 WHERE ?1 < ?2'
    """
    return _PLACE.sub(r"?\1", sql)


AWAY: tuple[type[StorageError], str] = (
    StorageUnavailable,
    "The database {name} cannot be read or written now; check the disk and its permissions.",
)
BROKEN: tuple[type[StorageError], str] = (
    StorageBroken,
    "The database {name} is damaged; stop Baraza and restore a back-up.",
)
MEANINGS: dict[int, tuple[type[StorageError], str]] = {
    sqlite3.SQLITE_FULL: (
        StorageFull,
        "No room left for the database {name}; make room on its disk.",
    ),
    sqlite3.SQLITE_BUSY: (
        StorageUnavailable,
        "Another program holds the database {name}; close it and try again.",
    ),
    sqlite3.SQLITE_IOERR: AWAY,
    sqlite3.SQLITE_READONLY: AWAY,
    sqlite3.SQLITE_CANTOPEN: AWAY,
    sqlite3.SQLITE_PERM: AWAY,
    sqlite3.SQLITE_CORRUPT: BROKEN,
    sqlite3.SQLITE_NOTADB: BROKEN,
}
