"""Bringing a PostgreSQL database up to this program's tables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from alembic import command
from sqlalchemy import Connection, NullPool, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from storage.errors import DatabaseRefused
from storage.postgres_connection import name_of, refusing
from storage.steps import REVISION, config_on, expect_head, expect_known

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('baraza migrate'))"
"""Several workers may start at once; the first migrates, the others find nothing to do."""

HAS_TABLES = "SELECT to_regclass('alembic_version') IS NOT NULL AS found"


async def migrate_postgres(database_url: str) -> None:
    """Bring a PostgreSQL database up to date, in one transaction; see `storage.migrate`."""
    name = name_of(database_url)
    try:
        async with transaction_on(database_url) as connection:
            await connection.execute(text(ONE_AT_A_TIME))
            await connection.run_sync(_upgrade, name)
    except DBAPIError as error:  # From the first question to the commit: the server may go away.
        said = f"The database {name} could not be migrated ({error.orig}); nothing was done."
        raise DatabaseRefused(said) from error


@asynccontextmanager
async def transaction_on(database_url: str) -> AsyncIterator[Any]:
    """Lend SQLAlchemy's connection inside a transaction.

    What the block raises is raised, also where the connection is gone and nothing can be rolled
    back over it; the server has done so then.
    """
    failed: BaseException | None = None

    async def connect() -> Any:  # noqa: ANN401  # asyncpg has no types.
        with refusing(name_of(database_url)):
            return await asyncpg.connect(database_url)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            try:
                yield connection
            except BaseException as error:
                failed = error
                raise
    except DBAPIError:
        if failed is None:
            raise
        raise failed from failed.__cause__
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, name: str) -> None:
    if inspect(connection).has_table("alembic_version"):
        expect_known(connection.execute(text(REVISION)).scalar(), name)
    command.upgrade(config_on(connection), "head")


async def expect_current(connection: Any, name: str) -> None:  # noqa: ANN401  # As above.
    """Raise `NotMigrated` or `TooNew` unless a database has exactly this program's tables."""
    found = await connection.fetchval(HAS_TABLES)
    expect_head(await connection.fetchval(REVISION) if found else None, name)
