"""Senders at work, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.post import Post, post_on
from tests.player.postgres import new_database


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    """Lend senders with nobody written to yet, on SQLite."""
    async with post_on(f"sqlite:///{tmp_path / 'baraza.db'}") as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgres"])
async def any_post(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Post]:
    """Lend senders with nobody written to yet, on each database."""
    url = f"sqlite:///{tmp_path / 'baraza.db'}"
    if request.param == "postgres":
        url = await new_database(request.getfixturevalue("postgres"))
    async with post_on(url) as opened:
        yield opened
