"""Opening the store that a database URL names."""

from __future__ import annotations

from storage.location import expect_driver, is_postgres, location_of
from storage.reporters import check_key
from storage.sqlite import open_sqlite, open_sqlite_readable
from storage.sqlite_writer import GROUP_MAX
from storage.store import Readable, Store


async def open_store(database_url: str, key: bytes, group_max: int = GROUP_MAX) -> Store:
    """Open the store at a URL; `key` makes pseudonyms and is at least 16 bytes.

    `sqlite:///relative/path.db`, `sqlite:////absolute/path.db`, or `sqlite://` for one in memory,
    which is begun empty and migrated, or `postgresql://person:password@host/name`. Raises
    `DatabaseRefused` (see `storage.errors`): another process has the file, `baraza migrate` is due,
    it is no database, the key is another one.
    `group_max` is how many units may share a commit on SQLite.
    """
    if is_postgres(database_url):
        expect_driver()
        from storage.postgres import open_postgres  # noqa: PLC0415 - its driver is an extra.

        return await open_postgres(database_url, check_key(key))
    return await open_sqlite(location_of(database_url), check_key(key), group_max)


async def open_beside(database_url: str, key: bytes) -> Store:
    """Open the store for one short errand, also while a Baraza works on it.

    Each unit waits for the units of others and they for it, some seconds at most; so keep to a
    few. Never send from such a store: its outbox is somebody else's. Raises as `open_store`.
    """
    if is_postgres(database_url):
        return await open_store(database_url, key)
    return await open_sqlite(location_of(database_url), check_key(key), 1, alone=False)


async def open_readable(database_url: str) -> Readable:
    """Open what is kept for reading, also while a Baraza works on it; raises as `open_store`."""
    if is_postgres(database_url):
        expect_driver()
        from storage.postgres import open_postgres_readable  # noqa: PLC0415 - as above.

        return await open_postgres_readable(database_url)
    return open_sqlite_readable(location_of(database_url))
