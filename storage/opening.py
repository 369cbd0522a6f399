"""Opening the store that a database URL names."""

from __future__ import annotations

from storage.errors import DatabaseRefused
from storage.reporters import check_key
from storage.sqlite import location_of, open_sqlite
from storage.store import Store


async def open_store(database_url: str, key: bytes) -> Store:
    """Open the store at a URL; `key` makes pseudonyms and is at least 16 bytes.

    `sqlite:///relative/path.db`, `sqlite:////absolute/path.db`, or `sqlite://` for one in memory,
    which is begun empty and migrated. Raises `DatabaseRefused` (see `storage.errors`): another
    process has it, `baraza migrate` is due, it is no database, the key is another one.
    """
    check_key(key)
    if not database_url.startswith("sqlite:"):
        raise DatabaseRefused(_unknown(database_url))
    return await open_sqlite(location_of(database_url), key)


def _unknown(database_url: str) -> str:
    scheme = database_url.partition(":")[0][:40]
    return f"BARAZA_DATABASE_URL begins with '{scheme}'; write sqlite:///path/to/baraza.db."
