"""The Store on PostgreSQL: many processes, a pool of connections, a transaction a unit.

PostgreSQL gathers commits of many connections by itself, so there is no writer here as on SQLite.
Two units that meet the same contact wait for each other at the contact's row (`contacts.MEET`);
so a person's turns stay in order however many workers there are.

Where the connection breaks in the very moment of a commit nobody can know whether the unit was
kept. It is told as not kept and tried again, and what was kept the first time (an update seen, a
submission under its instance id) is known then.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import asyncpg

from storage.errors import StorageUnavailable
from storage.keys import expect_key
from storage.postgres_connection import (
    DRIVER_ERRORS,
    STATEMENT_SECONDS_MAX,
    name_of,
    refusing,
    telling_plainly,
    uncovered,
)
from storage.postgres_migration import expect_current
from storage.reporters import Reporter, pseudonym, seal, signature, unseal
from storage.store import Reading, Row, Unit, Value

CONNECTIONS_MAX = 20
"""Units under way at once; PostgreSQL's own limit is 100 connections unless it is set otherwise."""

CLOSED = "The store is closed; nothing more can be kept."


async def open_postgres(database_url: str, key: bytes) -> PostgresStore:
    """Open a PostgreSQL database; see `storage.opening.open_store`."""
    readable = await open_postgres_readable(database_url)
    store = PostgresStore(readable, key)
    try:
        async with store.unit() as unit:
            await expect_key(unit, key)
    except BaseException:
        await store.close()
        raise
    return store


async def open_postgres_readable(database_url: str) -> PostgresReadable:
    """Open a PostgreSQL database for reading only."""
    name = name_of(database_url)
    with refusing(name):
        pool = await asyncpg.create_pool(
            database_url,
            min_size=1,
            max_size=CONNECTIONS_MAX,
            command_timeout=STATEMENT_SECONDS_MAX,
            reset=_roll_back,
            server_settings={"application_name": "baraza"},
        )
        try:
            async with pool.acquire() as connection:
                await expect_current(connection, name)
        except BaseException:
            await pool.close()
            raise
    return PostgresReadable(pool, name)


async def _roll_back(connection: Any) -> None:  # noqa: ANN401  # asyncpg has no types.
    """Take back what a cancelled caller left open; nothing else outlives a transaction of ours."""
    if connection.is_in_transaction():
        await connection.reset()


class PostgresReadable:
    """A pool of connections, for views."""

    def __init__(self, pool: Any, name: str) -> None:  # noqa: ANN401  # asyncpg has no types.
        """Lend connections of `pool`; `name` is the database in errors."""
        self.pool = pool
        self.name = name
        self._closed = False
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reading]:
        """Lend a connection that sees what was committed when it was lent, and nothing later."""
        async with self.transaction(isolation="repeatable_read", readonly=True) as connection:
            yield PostgresUnit(connection, self.name)

    @asynccontextmanager
    async def transaction(self, **kind: object) -> AsyncIterator[Any]:
        """Lend a connection inside a transaction."""
        if self._closed:
            raise StorageUnavailable(CLOSED)
        with self._counted():
            with telling_plainly(self.name):
                connection = await self.pool.acquire()
            try:
                async with self._begun(connection, **kind):
                    yield connection
            finally:
                with suppress(*DRIVER_ERRORS):  # One that broke is closed, and what was kept is.
                    await self.pool.release(connection)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    @asynccontextmanager
    async def _begun(self, connection: Any, **kind: object) -> AsyncIterator[None]:  # noqa: ANN401  # As above.
        transaction = connection.transaction(**kind)
        with telling_plainly(self.name):
            await transaction.start()
        try:
            yield
        except BaseException:
            with suppress(*DRIVER_ERRORS):
                await transaction.rollback()
            raise
        with telling_plainly(self.name):
            await transaction.commit()

    async def close(self) -> None:
        """Finish what is under way and close."""
        self._closed = True
        await self._idle.wait()
        await self.pool.close()


class PostgresStore:
    """One PostgreSQL database, open."""

    def __init__(self, readable: PostgresReadable, key: bytes) -> None:
        """Serve units on the connections of `readable`; `key` makes pseudonyms."""
        self._readable = readable
        self._key = key
        self._owners: set[asyncio.Task[Any] | None] = set()

    @property
    def alone(self) -> bool:
        """Return False: PostgreSQL serves many."""
        return False

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """Open a unit of work; see `storage.store.Store.unit`."""
        owner = asyncio.current_task()
        if owner in self._owners:
            said = "a unit inside a unit could wait for itself; hand the open one on instead"
            raise RuntimeError(said)
        self._owners.add(owner)
        try:
            async with self._readable.transaction() as connection:
                unit = PostgresUnit(connection, self._readable.name)
                try:
                    yield unit
                finally:
                    unit.ended = True
        finally:
            self._owners.discard(owner)

    def reading(self) -> Any:  # noqa: ANN401  # As `PostgresReadable.reading` says it.
        """Open a view for reading; see `storage.store.Store.reading`."""
        return self._readable.reading()

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
        """Finish the units under way and close."""
        await self._readable.close()


class PostgresUnit:
    """A transaction on one connection, good until its block ends."""

    alone = False

    def __init__(self, connection: Any, name: str) -> None:  # noqa: ANN401  # asyncpg has no types.
        """Speak through `connection`."""
        self._connection = connection
        self._name = name
        self.ended = False

    async def rows(self, sql: str, *values: Value) -> Sequence[Row]:
        """Run one statement and return its rows."""
        with telling_plainly(self._name):
            rows: Sequence[Row] = await self._open().fetch(uncovered(sql), *values)
        return rows

    async def row(self, sql: str, *values: Value) -> Row | None:
        """Run one statement and return its first row, or None."""
        rows = await self.rows(sql, *values)
        return rows[0] if rows else None

    async def run(self, sql: str, *values: Value) -> None:
        """Run one statement for what it does."""
        await self.rows(sql, *values)

    async def run_many(self, sql: str, many: Sequence[Sequence[Value]]) -> None:
        """Run one statement once for each sequence of values."""
        with telling_plainly(self._name):
            await self._open().executemany(uncovered(sql), many)

    def _open(self) -> Any:  # noqa: ANN401  # asyncpg has no types.
        """Guard against writing outside the transaction, where each statement would commit."""
        if self.ended:
            said = "the unit has ended; do its work inside `async with store.unit()`"
            raise RuntimeError(said)
        return self._connection
