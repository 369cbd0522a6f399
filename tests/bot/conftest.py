"""Stores, and senders at work, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.opening import open_store
from storage.store import Store
from tests.bot.post import Post, post_on
from tests.bot.village import Village
from tests.followups.amina import amina_at
from tests.followups.year import Year


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    """Lend senders with nobody written to yet, on SQLite."""
    async with post_on(f"sqlite:///{tmp_path / 'baraza.db'}") as opened:
        yield opened


@pytest.fixture
async def any_post(database_url: str) -> AsyncIterator[Post]:
    """Lend senders with nobody written to yet, on each database."""
    async with post_on(database_url) as opened:
        yield opened


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """Lend an empty store on each database."""
    opened = await open_store(database_url, b"a key of the tests, not a secret")
    yield opened
    await opened.close()


@pytest.fixture
async def year(database_url: str) -> AsyncIterator[Year]:
    """Lend a world in which Amina has told of a pregnancy, and agreed to nothing else."""
    async with amina_at(database_url) as made:
        yield made


@pytest.fixture
async def village(store: Store) -> Village:
    """Lend a village on each database, in which nobody is known."""
    return Village(store)
