"""A hand on one phone of the chat page: it taps and types, and its owner reads what comes.

Everything goes by what a person sees: a button is found by its words, a message by being the last.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect
from playwright.async_api import TimeoutError as TookTooLong

PATIENCE_MILLISECONDS = 15_000


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody at their phone in the browser."""

    phone: Locator

    @classmethod
    def of(cls, page: Page, name: str) -> Hand:
        """Return the hand that holds the phone of the person so named."""
        return cls(page.get_by_role("region", name=f"{name}\u2019s phone"))

    async def begin(self) -> None:
        """Press Start in an empty chat."""
        await self.phone.get_by_role("button", name="Start", exact=True).click()

    async def reads(self, *words: str | re.Pattern[str]) -> None:
        """Wait until the bot's last message has all these words."""
        for one in words:
            with suppress(TookTooLong):  # Quick to see it; the next line says what stands there.
                await self.message.filter(has_text=one).wait_for(timeout=PATIENCE_MILLISECONDS)
            await expect(self.message).to_contain_text(one, timeout=1_000)

    async def taps(self, label: str) -> None:
        """Tap the button with exactly this label, in the newest message or below the chat."""
        keys = self._keys().get_by_role("button", name=label, exact=True)
        await keys.click(timeout=PATIENCE_MILLISECONDS)

    async def offered(self, label: str) -> None:
        """Wait until there is a button with exactly this label."""
        key = self._keys().get_by_role("button", name=label, exact=True)
        await expect(key).to_be_visible(timeout=PATIENCE_MILLISECONDS)

    async def writes(self, text: str) -> None:
        """Type a text into the box and send it with Enter."""
        box = self.phone.get_by_role("textbox")
        await box.fill(text)
        await box.press("Enter")
        own = self.phone.locator(".message[data-from=person]").last
        await expect(own).to_contain_text(text, timeout=PATIENCE_MILLISECONDS)

    async def answers(self, question: str, act: str) -> None:
        """Wait for a question and answer it: `[label]` is tapped, anything else is typed."""
        await self.reads(question)
        await (self.taps(act[1:-1]) if act.startswith("[") else self.writes(act))

    @property
    def message(self) -> Locator:
        """The last message of the bot."""
        return self.phone.locator(".message[data-from=bot]").last

    def _keys(self) -> Locator:
        return self.phone.locator(".message[data-from=bot]:last-child, .reply")
