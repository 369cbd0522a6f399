"""One browser for all tests of the page, one world and one window for each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.page.browsing import Stage, browsing, staged


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Run the browser while these tests last."""
    async with browsing() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    """Open a fresh window before an empty world."""
    async with staged(browser) as ready:
        yield ready
