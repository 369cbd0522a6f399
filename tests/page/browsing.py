"""A real browser before the simulator's page, and the test itself in the place of the bot.

The test hears what a bot would hear (`getUpdates`) and says what it likes over the Bot API, so
each test reads as the talk it is about and needs no bot running beside it.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.simulator.parameters import Json
from bot.simulator.server import TOKEN, simulator_app
from bot.simulator.world import World
from tests.simulator.running import serving

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-sync", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
]
PATIENCE_MILLISECONDS = 30_000
"""How long a page may take on a busy machine; what is there sooner is not waited for."""

expect.set_options(timeout=PATIENCE_MILLISECONDS)
NARROW, PHONE, WIDE = (360, 740), (420, 860), (1600, 900)


@dataclass(slots=True)
class Stage:
    """The page in a browser, the world behind it, and the bot's side of the talk."""

    page: Page
    world: World
    address: str
    http: httpx.AsyncClient
    next_update: int = 0

    async def bot(self, method: str, **parameters: object) -> Json:
        """Call a method of the Bot API and return its result."""
        answer = (await self.http.post(f"/bot{TOKEN}/{method}", json=parameters)).json()
        assert answer["ok"], answer
        return answer  # type: ignore[no-any-return]

    async def says(self, chat: int, text: str, **more: object) -> int:
        """Let the bot send a text and return the message's id."""
        sent = await self.bot("sendMessage", chat_id=chat, text=text, **more)
        return int(sent["result"]["message_id"])

    async def heard(self) -> Json:
        """Return the next update the bot hears; it has to come soon."""
        wish = {"offset": self.next_update, "limit": 1, "timeout": 20}
        updates = (await self.bot("getUpdates", **wish))["result"]
        assert updates, "The bot heard nothing."
        self.next_update = updates[0]["update_id"] + 1
        return updates[0]  # type: ignore[no-any-return]

    async def begin(self) -> int:
        """Open the page for the first time, press Start, and return the first person's id."""
        await self.page.goto(self.address)
        await self.page.get_by_role("button", name="Start", exact=True).click()
        update = await self.heard()
        await self.page.locator(".message").first.wait_for()
        return int(update["message"]["chat"]["id"])

    async def focused(self) -> str:
        """Return the words of what has the focus: its name or its text."""
        script = "() => (e => e.ariaLabel || e.querySelector('.words')?.textContent"
        script += " || e.textContent)(document.activeElement)"
        return str(await self.page.evaluate(script))


def find_browser() -> str:
    """Return the path of a Chromium, or skip where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"No browser to test the page in; any of {', '.join(BROWSERS)} will do.")
    return found


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """Run a headless browser."""
    path = find_browser()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@asynccontextmanager
async def staged(browser: Browser) -> AsyncIterator[Stage]:
    """Serve an empty world and put a fresh browser window before it; page errors fail the test."""
    world = World(lambda: datetime.now(UTC))
    async with serving(simulator_app(world)) as address:
        context = await browser.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]}, locale="sw-KE", color_scheme="light"
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        page = await context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        async with httpx.AsyncClient(base_url=address, timeout=30) as http:
            yield Stage(page, world, address, http)
        await context.close()
        assert not errors, errors
