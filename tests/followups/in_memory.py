"""A store in memory that waits for nothing."""

from __future__ import annotations

from typing import Any

from storage.opening import open_store
from storage.sqlite import SqliteStore
from storage.store import Store, Value


class Here:
    """Runs the statements of a database in memory where they stand: no disk has to be waited for.

    Only beginnings and commits go through a connection's thread; nothing else is left out.
    """

    def __init__(self, raw: Any, aside: Any) -> None:
        """Run on `raw`; `aside` is the connection's thread, which stays idle until the end."""
        self._raw, self._aside = raw, aside

    async def execute_fetchall(self, sql: str, values: tuple[Value, ...]) -> list[Any]:
        """Run one statement and return its rows."""
        return list(self._raw.execute(sql, values).fetchall())

    async def close(self) -> None:
        """Close the connection."""
        await self._aside.close()


async def in_memory() -> Store:
    """Open a store in memory that waits for nothing."""
    store = await open_store("sqlite://", b"a key of the tests, not a secret")
    assert isinstance(store, SqliteStore)
    connection: Any = store._writer._connection  # noqa: SLF001 - see `Here`.
    connection._aside = Here(connection._raw, connection._aside)  # noqa: SLF001 - as above.
    return store
