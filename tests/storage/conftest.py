"""A store on each backend, and what its tests speak of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.migrate import migrate
from storage.opening import open_store
from storage.store import Store

KEY = b"a key of the tests, not a secret"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Return the URL of a database file that is not there yet."""
    return f"sqlite:///{tmp_path}/keep/baraza.db"


@pytest.fixture(params=["memory", "file"])
async def store(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Store]:
    """Lend an empty store on each backend."""
    if request.param == "file":
        await migrate(database_url)
        opened = await open_store(database_url, KEY)
    else:
        opened = await open_store("sqlite://", KEY)
    yield opened
    await opened.close()
