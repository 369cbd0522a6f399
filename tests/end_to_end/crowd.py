"""A crowd that answers a form at once, whatever becomes of the bot, and remembers what it said.

Each person reads what is asked, thinks, and answers that question once. Who waits too long nudges
the bot with a sticker, as people do; that answers nothing.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.simulator.world import World

QUESTIONS = 6
THINKING_SECONDS_MAX = 1.0
PATIENCE_SECONDS = 3.0
LOOK_SECONDS = 0.05

PROGRAMME = """
name = "springs"
languages = ["en"]
time_zone = "UTC"
safety = "normal"
offered = ["springs"]
responder = "crew@springs.example"
retention_days = 365
attachment_megabytes_max = 2

[limits]
updates_a_minute = 0
reports_a_day = 0

[title]
en = "Springs"

[consent]
version = "1"
text = { en = "Do you agree?" }
"""
FORM = """
| survey |
| | type | name | label::English (en) | required |
{questions}
| settings |
| | form_id | version | default_language |
| | springs | 1 | English (en) |
"""


def write_programme(folder: Path) -> Path:
    """Write a programme with one form of `QUESTIONS` texts; return its folder."""
    rows = [f"| | text | q{k} | Question {k}? | yes |" for k in range(1, QUESTIONS + 1)]
    (folder / "forms").mkdir(parents=True)
    (folder / "programme.toml").write_text(PROGRAMME, "utf-8")
    form = FORM.format(questions="\n".join(rows))
    (folder / "forms" / "springs.md").write_text(form, "utf-8")
    return folder


@dataclass(slots=True)
class Member:
    """One person; `answers` stops before the last question for those who leave the rest open."""

    world: World
    chance: random.Random
    number: int
    answers: int
    said: list[str] = field(default_factory=list)
    chat: int = 0

    async def live(self) -> None:
        """Come, agree, answer, and send the report or wait at the question left open."""
        self.chat = self.world.add_person(f"Person {self.number}", "en")
        self.world.write(self.chat, "/start")
        await self._tap(".agree", until=lambda: self._asked(1))
        for number in range(1, self.answers + 1):
            await self._until(partial(self._asked, number), self._nudge)
            await asyncio.sleep(self.chance.uniform(0.0, THINKING_SECONDS_MAX))
            self.said.append(f"p{self.number}a{number}")
            self.world.write(self.chat, self.said[-1])
        if self.finishes:
            await self._tap(".send", until=self._thanked)
        else:
            await self._until(lambda: self._asked(self.answers + 1), self._nudge)

    @property
    def finishes(self) -> bool:
        """Tell whether this person sends the report."""
        return self.answers == QUESTIONS

    async def _tap(self, action: str, until: Callable[[], bool]) -> None:
        await self._until(lambda: bool(self._buttons(action)), self._nudge)
        self._press(action)
        await self._until(until, lambda: self._press(action))

    def _press(self, action: str) -> None:
        for message_id, data in self._buttons(action)[-1:]:
            self.world.tap(self.chat, message_id, data=data)

    def _nudge(self) -> None:
        self.world.send_sticker(self.chat)

    async def _until(self, true: Callable[[], bool], impatient: Callable[[], object]) -> None:
        since = time.monotonic()
        while not true():
            await asyncio.sleep(LOOK_SECONDS)
            if time.monotonic() - since > PATIENCE_SECONDS:
                impatient()
                since = time.monotonic()

    def _buttons(self, action: str) -> list[tuple[int, str]]:
        return [
            (message["message_id"], button["data"])
            for message in self.world.view(self.chat)["messages"]
            for row in message.get("inline_keyboard", ())
            for button in row
            if button.get("data", "").endswith(action)
        ]

    def _asked(self, number: int) -> bool:
        return self._heard(f"Question {number}?")

    def _thanked(self) -> bool:
        return self._heard("Thank you")

    def _heard(self, words: str) -> bool:
        messages = self.world.view(self.chat)["messages"]
        return any(words in m.get("text", "") for m in messages if m["from"] == "bot")
