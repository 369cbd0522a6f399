"""One connection to a SQLite file, and what its errors mean in plain words.

Statements run in the connection's own thread (aiosqlite), in the order they were handed over,
one hop each; transactions are begun and ended by hand.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import aiosqlite

from storage.errors import StorageBroken, StorageError, StorageFull, StorageUnavailable
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

Raw = sqlite3.Connection


class Connection:
    """A connection; errors that are the world's come as `StorageError`, ours as they are.

    `trouble` is the last of the world's.
    """

    def __init__(self, raw: aiosqlite.Connection, name: str) -> None:
        """Wrap an open connection; `name` is the database as errors should call it."""
        self._raw = raw
        self._name = name
        self.trouble: StorageError | None = None

    @classmethod
    async def open(cls, connect: Callable[[], Raw], name: str) -> Connection:
        """Run `connect` in a thread of its own and prepare the connection."""
        try:
            raw = await aiosqlite.Connection(connect, iter_chunk_size=64)
        except sqlite3.Error as error:
            raise told_plainly(error, name) from error
        connection = cls(raw, name)
        try:
            for pragma in PRAGMAS:
                await connection.rows(pragma)
        except BaseException:
            await connection.close()
            raise
        return connection

    @property
    def in_transaction(self) -> bool:
        """Tell whether a transaction is open; SQLite itself ends one after some errors."""
        return self._raw.in_transaction

    async def rows(self, sql: str, *values: Value) -> Sequence[sqlite3.Row]:
        """Run one statement and return its rows."""
        try:
            return list(await self._raw.execute_fetchall(sql, _numbered(values)))
        except sqlite3.Error as error:
            raise self._noted(error) from error

    async def run_many(self, sql: str, many: Iterable[Sequence[Value]]) -> None:
        """Run one statement once for each sequence of values."""
        try:
            async with self._raw.executemany(sql, [_numbered(values) for values in many]):
                pass
        except sqlite3.Error as error:
            raise self._noted(error) from error

    async def close(self) -> None:
        """Close the connection and end its thread."""
        await self._raw.close()

    def _noted(self, error: sqlite3.Error) -> Exception:
        told = told_plainly(error, self._name)
        if isinstance(told, StorageError):
            self.trouble = told
        return told


def connect_file(path: Path) -> Raw:
    """Connect to a database file, without a transaction of the driver's own making."""
    raw = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    raw.row_factory = sqlite3.Row
    return raw


def told_plainly(error: sqlite3.Error, name: str) -> Exception:
    """Return the error to raise for one of SQLite's: what it means and what to do.

    Errors that are neither the disk's nor the file's are mistakes of ours and stay as they are.
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code not in MEANINGS:
        return error
    kind, said = MEANINGS[code]
    return kind(said.format(name=name))


def _numbered(values: Sequence[Value]) -> dict[str, Any]:
    return {str(number): value for number, value in enumerate(values, start=1)}


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
