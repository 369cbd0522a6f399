"""Opening the database that rows go to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storage.copying.sqlite_target import sqlite_target
from storage.copying.target import Target
from storage.errors import DatabaseRefused
from storage.location import expect_driver, is_postgres, location_of


@asynccontextmanager
async def target_on(database_url: str, revision: str) -> AsyncIterator[Target]:
    """Lend an empty database of a revision; it is brought up to date and put in its place after.

    Where the block raises, nothing has changed. Raises `DatabaseRefused` where something is kept
    there already, or where a Baraza works on it.
    """
    if is_postgres(database_url):
        expect_driver()
        from storage.copying.postgres_target import postgres_target  # noqa: PLC0415 - an extra.

        async with postgres_target(database_url, revision) as target:
            yield target
        return
    path = location_of(database_url)
    if path is None:
        raise DatabaseRefused("A database in memory keeps nothing; name a file.")
    async with sqlite_target(path, revision) as target:
        yield target
