"""A store on each backend, and what its tests speak of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.opening import open_store
from storage.store import Store
from tests.player.databases import lay
from tests.player.postgres import new_database

KEY = b"a key of the tests, not a secret"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Return the URL of a database file that is not there yet."""
    return f"sqlite:///{tmp_path}/keep/baraza.db"


@pytest.fixture(params=["memory", "file", "postgres"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """Lend an empty store on each backend."""
    opened = await open_store(await _url(request), KEY)
    yield opened
    await opened.close()


async def _url(request: pytest.FixtureRequest) -> str:
    match request.param:
        case "memory":
            return "sqlite://"
        case "file":
            url = str(request.getfixturevalue("database_url"))
            lay(url)
            return url
        case _:
            return await new_database(request.getfixturevalue("postgres"))
