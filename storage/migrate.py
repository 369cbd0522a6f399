"""Bringing a database up to this program's tables; on SQLite in a thread, under the file's lock."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from storage.errors import DatabaseRefused, StorageError
from storage.location import expect_driver, is_postgres, location_of
from storage.lock import FileLock
from storage.sqlite_connection import Raw, connect_file, connect_memory, told_plainly
from storage.steps import REVISION, config_on, expect_head, expect_known

FOREIGN_KEYS_BROKEN = (
    "The migration would leave rows without those they belong to; nothing was done."
)


async def migrate(database_url: str) -> None:
    """Bring the database at a URL up to date, making it where there is none; all or nothing.

    Raises `DatabaseRefused` (`storage.errors`) as `open_store` does. A database in memory is
    migrated when it is opened.
    """
    if is_postgres(database_url):
        expect_driver()
        from storage.postgres_migration import migrate_postgres  # noqa: PLC0415 - an extra.

        await migrate_postgres(database_url)
    elif path := location_of(database_url):
        await asyncio.to_thread(_migrate_file, path)


def expect_current(raw: Raw, path: Path) -> None:
    """Raise `NotMigrated` or `TooNew` unless a database has exactly this program's tables."""
    expect_head(_revision(raw), str(path))


def fresh_in_memory() -> Raw:
    """Return a connection to a new database in memory with this program's tables."""
    raw = connect_memory()
    raw.deserialize(_fresh())
    return raw


@contextmanager
def alembic_on(database: str) -> Iterator[Config]:
    """Lend an Alembic configuration whose connection is in a transaction on a SQLite file."""
    engine = create_engine(f"sqlite:///{database}", poolclass=NullPool)
    # The driver would commit before each CREATE TABLE; we begin and end the transaction ourselves.
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", _begin)
    with engine.begin() as connection:
        yield config_on(connection)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise DatabaseRefused(FOREIGN_KEYS_BROKEN)


def upgrade_file(path: Path, revision: str = "head") -> None:
    """Bring a file that nobody else works on up to a revision; raises `DatabaseRefused`."""
    _made_for_its_owner(path)
    try:
        with closing(connect_file(path)) as raw:
            found = _revision(raw)
        expect_known(found, str(path))
        with alembic_on(str(path)) as config:
            command.upgrade(config, revision)
    except (sqlite3.Error, DBAPIError) as error:
        _refuse(error, path)


def _made_for_its_owner(path: Path) -> None:
    """Make a file that is not there yet, readable by its owner alone: it holds who people are.

    SQLite gives its log the same rights. Where no file can be made, SQLite says why.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _migrate_file(path: Path) -> None:
    lock = FileLock(path)
    try:
        upgrade_file(path)
    finally:
        lock.release()


def _refuse(error: sqlite3.Error | DBAPIError, path: Path) -> None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        told = told_plainly(cause, str(path))
        if isinstance(told, StorageError):
            raise DatabaseRefused(str(told)) from error
    raise error


@cache
def _fresh() -> bytes:
    """Make an empty, migrated database once, to be copied for each that is asked for."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fresh.db"
        _migrate_file(path)
        with closing(connect_file(path)) as raw:
            return raw.serialize()


def _revision(raw: Raw) -> str | None:
    known = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    if raw.execute(known).fetchone() is None:
        return None
    row = raw.execute(REVISION).fetchone()
    return str(row[0]) if row else None


def _leave_transactions_to_us(raw: Raw, _record: object) -> None:
    raw.isolation_level = None


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
