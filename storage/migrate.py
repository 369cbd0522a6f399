"""Bringing a database up to this program's tables, and saying so where that is due.

Alembic runs without its ini file, on a connection of ours, in a thread, and in one transaction:
a step that fails leaves the database as it was.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from storage.errors import DatabaseRefused, NotMigrated, StorageError, TooNew
from storage.location import location_of
from storage.lock import FileLock
from storage.sqlite_connection import Raw, connect_file, connect_memory, told_plainly

STEPS = Path(__file__).parent / "migrations"

FOREIGN_KEYS_BROKEN = (
    "The migration would leave rows without those they belong to; nothing was done."
)


async def migrate(database_url: str) -> None:
    """Bring the database at a URL up to date, making it where there is none; all or nothing.

    Raises `DatabaseRefused` (`storage.errors`) as `open_store` does. A database in memory is
    migrated when it is opened.
    """
    path = location_of(database_url)
    if path is not None:
        await asyncio.to_thread(_migrate_file, path)


def expect_current(raw: Raw, path: Path) -> None:
    """Raise `NotMigrated` or `TooNew` unless a database has exactly this program's tables."""
    revision = _revision(raw)
    if revision is None:
        said = f"The database {path} has no tables of Baraza yet; run `baraza migrate`."
        raise NotMigrated(said)
    _expect_known(revision, path)
    if revision != _steps().get_current_head():
        said = f"The database {path} is of an earlier Baraza; run `baraza migrate`."
        raise NotMigrated(said)


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
        config = _config()
        config.attributes["connection"] = connection
        yield config
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise DatabaseRefused(FOREIGN_KEYS_BROKEN)


def _migrate_file(path: Path) -> None:
    lock = FileLock(path)
    try:
        with closing(connect_file(path)) as raw:
            revision = _revision(raw)
        if revision is not None:
            _expect_known(revision, path)
        with alembic_on(str(path)) as config:
            command.upgrade(config, "head")
    except (sqlite3.Error, DBAPIError) as error:
        _refuse(error, path)
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
    row = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _expect_known(revision: str, path: Path) -> None:
    if revision not in {step.revision for step in _steps().walk_revisions()}:
        said = f"The database {path} was written by a later Baraza; install that version."
        raise TooNew(said)


@cache
def _steps() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _leave_transactions_to_us(raw: Raw, _record: object) -> None:
    raw.isolation_level = None


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
