"""The Store on SQLite: one file, one process, one writer, readers beside it.

WAL lets readers see the last commit while the writer works. A database in memory has one
connection only, so reading there waits its turn like a unit.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

from storage import sqlite_log
from storage.errors import DatabaseRefused, NotMigrated, StorageError
from storage.keys import expect_key
from storage.lock import FileLock
from storage.migrate import expect_current, fresh_in_memory
from storage.reporters import Reporter, pseudonym, seal, signature, unseal
from storage.sqlite_connection import IMPATIENT, Connection, Raw, connect_file
from storage.sqlite_writer import Writer
from storage.store import Reading, Unit, Value

READERS_MAX = 4


async def open_sqlite(
    path: Path | None, key: bytes, group_max: int, *, alone: bool = True
) -> SqliteStore:
    """Open the database file, or one in memory; see `storage.opening.open_store`.

    `alone` False takes no lock: SQLite's own then keeps the units of two processes apart.
    """
    if path is None:
        writer = await Connection.open(fresh_in_memory, "in memory")
        return await _begun(SqliteStore(Writer(writer, group_max), None, None, key), key)
    lock = FileLock(path) if alone else None
    try:
        writer = await Connection.open(partial(_connect_writer, path), str(path))
    except BaseException as error:
        if lock is not None:
            lock.release()
        if isinstance(error, StorageError) and not isinstance(error, DatabaseRefused):
            raise DatabaseRefused(str(error)) from error
        raise
    return await _begun(SqliteStore(Writer(writer, group_max), path, lock, key), key)


def open_sqlite_readable(path: Path | None) -> Readers:
    """Open a database file for reading only, whoever else works on it."""
    if path is None:
        said = "A database in memory belongs to the process that made it; name a file."
        raise DatabaseRefused(said)
    return Readers(partial(_connect_other_reader, path), str(path))


async def _begun(store: SqliteStore, key: bytes) -> SqliteStore:
    try:
        async with store.unit() as unit:
            await expect_key(unit, key)
    except BaseException:
        await store.close()
        raise
    return store


def _connect_writer(path: Path) -> Raw:
    connection = _connect_current(path)
    try:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute(IMPATIENT).fetchall()
        connection.execute(sqlite_log.PRAGMA).fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_other_reader(path: Path) -> Raw:
    """Connect beside a process we know nothing of, which may be of another release."""
    connection = _connect_current(path)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _connect_current(path: Path) -> Raw:
    if not path.is_file():
        said = (
            f"There is no database at {path}. Start where you ran Baraza before, or set "
            "BARAZA_DATA_DIR to its data folder."
        )
        raise NotMigrated(said)
    connection = connect_file(path)
    try:
        expect_current(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_reader(path: Path) -> Raw:
    connection = connect_file(path)
    connection.execute("PRAGMA query_only = ON")
    return connection


class SqliteStore:
    """One SQLite database, open."""

    def __init__(
        self, writer: Writer, path: Path | None, lock: FileLock | None, key: bytes
    ) -> None:
        """Serve units on `writer`; `path` None means that there is no file to read beside it."""
        self._writer = writer
        self._readers = Readers(partial(_connect_reader, path), str(path)) if path else None
        self._lock = lock
        self._key = key
        self._log = self._keeping_log_short(path) if path and lock else None

    def _keeping_log_short(self, path: Path) -> asyncio.Task[None]:
        kept = partial(getattr, self._writer, "kept")
        work = sqlite_log.keep_short(partial(connect_file, path), str(path), kept)
        return asyncio.create_task(work, name="storage log")

    @property
    def alone(self) -> bool:
        """Return whether the file is locked for this process, or in its own memory."""
        return self._lock is not None or self._readers is None

    def unit(self) -> AbstractAsyncContextManager[Unit]:
        """Open a unit of work; see `storage.store.Store.unit`."""
        return self._writer.unit()

    def reading(self) -> AbstractAsyncContextManager[Reading]:
        """Open a view for reading; see `storage.store.Store.reading`."""
        return self._readers.reading() if self._readers else self._writer.unit()

    def reporter(self, programme: str, chat_id: int) -> Reporter:
        """Return the pseudonym under which a programme knows the person of a chat."""
        return pseudonym(self._key, programme, chat_id)

    def seal(self, reporter: Reporter, contact_id: int) -> str:
        """Return a contact's id, readable with the key alone."""
        return seal(self._key, reporter, contact_id)

    def unseal(self, reporter: Reporter, sealed: str) -> int:
        """Return the contact's id that was sealed, or raise `WrongKey`."""
        return unseal(self._key, reporter, sealed)

    def sign(self, said: str) -> str:
        """Return a keyed HMAC of a text."""
        return signature(self._key, said)

    async def close(self) -> None:
        """Finish the units under way and close; whoever closes last empties the log."""
        if self._log:
            self._log.cancel()
            await asyncio.wait({self._log})
        if self._readers:
            await self._readers.close()
        await self._writer.close()
        if self._lock:
            self._lock.release()


class Readers:
    """Connections for reading, opened when needed, at most `READERS_MAX` at work."""

    def __init__(self, connect: Callable[[], Raw], name: str) -> None:
        """Open connections with `connect`."""
        self._connect = connect
        self._name = name
        self._idle: list[Connection] = []
        self._places = asyncio.Semaphore(READERS_MAX)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reading]:
        """Lend a connection inside a transaction, so that all its answers belong together."""
        async with self._places:
            connection = (
                self._idle.pop() if self._idle else await Connection.open(self._connect, self._name)
            )
            try:
                await connection.rows("BEGIN")
                yield ReaderView(connection)
                await connection.rows("ROLLBACK")
            except BaseException:
                await connection.close()
                raise
            self._idle.append(connection)

    async def close(self) -> None:
        """Close the connections that are not at work."""
        while self._idle:
            await self._idle.pop().close()


class ReaderView:
    """What a reader sees: the database as it stood at the first question."""

    def __init__(self, connection: Connection) -> None:
        """Ask through `connection`."""
        self._connection = connection

    async def rows(self, sql: str, *values: Value) -> Sequence[sqlite3.Row]:
        """Run one statement and return its rows."""
        return await self._connection.rows(sql, *values)

    async def row(self, sql: str, *values: Value) -> sqlite3.Row | None:
        """Run one statement and return its first row, or None."""
        rows = await self._connection.rows(sql, *values)
        return rows[0] if rows else None
