"""A PostgreSQL database made new inside one transaction: all of it is there at once, or nothing.

Empty tables of a Baraza that nobody wrote to are taken away first, for those of the revision that
is copied may be other ones.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.copying.rows import Shape
from storage.copying.target import OCCUPIED, OF_NOBODY, Zeroes
from storage.errors import DatabaseRefused
from storage.postgres import PostgresUnit
from storage.postgres_connection import name_of, telling_plainly
from storage.postgres_migration import ONE_AT_A_TIME, transaction_on
from storage.steps import config_on
from storage.store import Value

TABLES: Final = """
    SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename
"""

COUNT_ON: Final = """
    SELECT setval(pg_get_serial_sequence($1, $2)::regclass, greatest($3::bigint, 1), $3 > 0)
"""


@asynccontextmanager
async def postgres_target(database_url: str, revision: str) -> AsyncIterator[PostgresTarget]:
    """Lend a database under way; see `opening.target_on`."""
    name = name_of(database_url)
    try:
        async with transaction_on(database_url) as connection:
            await connection.execute(text(ONE_AT_A_TIME))
            raw = await connection.get_raw_connection()
            target = PostgresTarget(raw.driver_connection, name)
            await target.take_away_empty()
            await connection.run_sync(_upgrade, revision)
            yield target
            await connection.run_sync(_upgrade, "head")
    except DBAPIError as error:  # From the first question to the commit: the server may go away.
        said = f"The database {name} could not be filled ({error.orig}); nothing was done."
        raise DatabaseRefused(said) from error


class PostgresTarget:
    """A database under way, in one transaction."""

    def __init__(self, connection: Any, name: str) -> None:  # noqa: ANN401  # asyncpg has no types.
        """Write through `connection`, inside its transaction; `name` is the database in errors."""
        self._connection = connection
        self._name = name
        self.reading = PostgresUnit(connection, name)
        self.zeroes = Zeroes()

    async def take_away_empty(self) -> None:
        """Drop the tables of a Baraza that nobody wrote to; refuse all others."""
        tables = [row["tablename"] for row in await self.reading.rows(TABLES)]
        for table in tables:
            if table not in {*OF_NOBODY, "alembic_version"} and await self._holds(table):
                raise DatabaseRefused(OCCUPIED.format(name=self._name, table=table))
        if "alembic_version" in tables:
            named = ", ".join(f'"{table}"' for table in tables)
            await self.reading.run(f"DROP TABLE {named}")
        elif tables:
            raise DatabaseRefused(OCCUPIED.format(name=self._name, table=tables[0]))

    async def _holds(self, table: str) -> bool:
        return await self.reading.row(f'SELECT 1 AS held FROM "{table}" LIMIT 1') is not None  # noqa: S608 - a name of the catalog.

    async def put(self, shape: Shape, rows: Sequence[Sequence[Value]]) -> None:
        """Put rows into a table; no text of PostgreSQL's holds a zero character."""
        records = [tuple(self.zeroes.shown(shape, row)) for row in rows]
        with telling_plainly(self._name):
            await self._connection.copy_records_to_table(
                shape.name, records=records, columns=shape.columns
            )

    async def count_on(self, shape: Shape, counter_at: int) -> None:
        """Let a table's counter go on behind a number."""
        await self.reading.rows(COUNT_ON, shape.name, shape.counter, counter_at)


def _upgrade(connection: Connection, revision: str) -> None:
    command.upgrade(config_on(connection), revision)
