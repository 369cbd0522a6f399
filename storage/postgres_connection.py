"""Connections to PostgreSQL, and what its errors mean in plain words.

asyncpg comes with the extra `baraza[postgres]`; `storage.location.expect_driver` asks for it
before this is imported. One SQL is written for both databases; what only PostgreSQL should see
stands in a comment that begins with `PostgreSQL:`, and is uncovered here:

    SELECT id FROM outbox WHERE ... LIMIT $3 /* PostgreSQL: FOR UPDATE SKIP LOCKED */
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from storage.errors import (
    DatabaseRefused,
    StorageBroken,
    StorageError,
    StorageFull,
    StorageUnavailable,
    fail,
)
from storage.location import expect_address

STATEMENT_SECONDS_MAX = 60.0
"""A statement that takes longer is ended; ours take milliseconds."""

# The internal error comes where a connection is cut in the middle of a word.
DRIVER_ERRORS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)


class _OneLine(logging.Filter):
    """Lets asyncpg's pool tell of a connection that failed in a line instead of thirty."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Put the kind of the error in the place of where it came from, and let the line pass."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.msg, record.args = f"{record.getMessage()}: {type(error).__name__}", ()
            record.exc_info = None
        return True


logging.getLogger("asyncpg.pool").addFilter(_OneLine())

_ONLY_HERE = re.compile(r"/\* PostgreSQL: (.*?) \*/", re.DOTALL)


@cache
def uncovered(sql: str) -> str:
    """Return a statement with what is meant for PostgreSQL only.

    >>> uncovered("SELECT 1 /* PostgreSQL: FOR UPDATE */")
    'SELECT 1 FOR UPDATE'
    """
    return _ONLY_HERE.sub(r"\1", sql)


def name_of(database_url: str) -> str:
    """Return how a database is called in messages: its name and host, never a password.

    Raises `DatabaseRefused` where its URL cannot be taken apart.

    >>> name_of("postgresql://amina:secret@db.example.org/baraza")
    'baraza on db.example.org'
    """
    expect_address(database_url)
    parts = urlsplit(database_url)
    return f"{parts.path.lstrip('/') or 'postgres'} on {parts.hostname or 'this machine'}"


@contextmanager
def telling_plainly(name: str) -> Iterator[None]:
    """Raise the world's errors as `StorageError`; ours stay as they are."""
    try:
        yield
    except DRIVER_ERRORS as error:
        fail(told_plainly(error, name), error)


@contextmanager
def refusing(name: str) -> Iterator[None]:
    """Raise what keeps a database from being opened as `DatabaseRefused`."""
    try:
        yield
    except (*DRIVER_ERRORS, ValueError) as error:
        said = f"The database {name} cannot be opened ({error}); check BARAZA_DATABASE_URL."
        raise DatabaseRefused(said) from error


def told_plainly(error: Exception, name: str) -> Exception:
    """Return the error to raise for one of PostgreSQL's: what it means and what to do."""
    for kinds, meaning, said in _meanings():
        if isinstance(error, kinds):
            return meaning(said.format(name=name))
    return error


@cache
def _meanings() -> tuple[tuple[tuple[type[Exception], ...], type[StorageError], str], ...]:
    away: Any = (
        OSError,
        TimeoutError,
        asyncpg.PostgresConnectionError,
        asyncpg.OperatorInterventionError,
        asyncpg.InsufficientResourcesError,
        asyncpg.TransactionRollbackError,
        asyncpg.LockNotAvailableError,
        asyncpg.ReadOnlySQLTransactionError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
    )
    return (
        (
            (asyncpg.DiskFullError,),
            StorageFull,
            "No room left for the database {name}; make room on its disk.",
        ),
        (
            (asyncpg.DataCorruptedError, asyncpg.IndexCorruptedError),
            StorageBroken,
            "The database {name} is damaged; stop Baraza and restore a back-up.",
        ),
        (away, StorageUnavailable, "The database {name} does not answer now; is it running?"),
    )
