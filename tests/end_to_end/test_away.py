"""The real bot stops, stays away for a while and comes back: who was left is asked once more."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.simulator.server import simulator_app
from bot.simulator.world import World
from storage.moments import to_kept
from tests.end_to_end.bot_process import SECONDS_MAX, STOP, Bot, free_port
from tests.simulator.running import serving

AWAY = "I was away for a while."
LOOK_SECONDS = 0.05
LOOKS_MAX = int(SECONDS_MAX / LOOK_SECONDS)
QUIET_SECONDS = 1.5
"""So long after the last one was asked again, everybody has been."""


@dataclass(slots=True)
class Person:
    """Somebody on the simulator; `heard` are the bot's messages as they read now."""

    world: World
    name: str
    chat: int = 0

    async def begins(self) -> None:
        """Come, agree and answer the first question."""
        self.chat = self.world.add_person(self.name, "en")
        self.world.write(self.chat, "/start")
        await self.reads("Do you agree?")
        self.tap(self.newest_with_buttons(), ".agree")
        await self.answers("Question 1?", "one")
        await self.reads("Question 2?")

    async def answers(self, question: str, text: str) -> None:
        """Wait for a question and answer it."""
        await self.reads(question)
        self.world.write(self.chat, text)

    async def reads(self, words: str, times: int = 1) -> None:
        """Wait until so many messages have these words."""
        await until(lambda: self.count(words) >= times)

    def count(self, words: str) -> int:
        """Count the messages with these words."""
        return sum(words in message.get("text", "") for message in self._heard())

    def newest_with_buttons(self) -> int:
        """Return the newest message that has buttons."""
        return max(int(one["message_id"]) for one in self._heard() if one.get("inline_keyboard"))

    def buttons(self, message_id: int) -> list[list[dict[str, str]]]:
        """Return the rows of buttons of a message."""
        return self.world.chat(self.chat).messages[message_id].inline_rows

    def tap(self, message_id: int, action: str) -> None:
        """Tap the button of a message that does this."""
        found = [one["callback_data"] for row in self.buttons(message_id) for one in row]
        data = next(one for one in found if one.endswith(action))
        self.world.tap(self.chat, message_id, data=data)

    def _heard(self) -> list[dict[str, str]]:
        return [one for one in self.world.view(self.chat)["messages"] if one["from"] == "bot"]


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that has to come."""
    for _ in range(LOOKS_MAX):
        if true():
            return
        await asyncio.sleep(LOOK_SECONDS)
    raise AssertionError(true)


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_whoever_was_left_in_the_middle_is_asked_again_once(tmp_path: Path, way: str) -> None:
    """A question is put again after a time away, once; a tap on its old copy still counts."""
    world, port = World(), free_port()
    hook = ("--webhook", f"http://127.0.0.1:{port}/telegram", "--port", str(port))
    amina, juma = Person(world, "Amina"), Person(world, "Juma")
    async with (
        serving(simulator_app(world)) as api_url,
        asyncio.timeout(SECONDS_MAX),
        Bot(tmp_path, api_url, hook if way == "webhook" else ()) as bot,
    ):
        process = await bot.start()
        await asyncio.gather(amina.begins(), juma.begins())
        before = amina.newest_with_buttons()
        rows = amina.buttons(before)

        await bot.end(process, STOP)
        step_back(tmp_path)
        juma.world.write(juma.chat, "written while nobody listened")
        process = await bot.start()
        await juma.reads("Question 3?")
        await amina.reads(AWAY)
        assert amina.count("Question 2?") == 2

        # Her phone has not heard yet that the old button is gone; the question is the same.
        world.chat(amina.chat).messages[before].markup = {"inline_keyboard": rows}
        amina.tap(before, ".back")
        await until(lambda: amina.count("Question 1?") == 2)
        amina.world.write(amina.chat, "one")
        await until(lambda: amina.count("Question 2?") == 3)
        assert (amina.count(AWAY), juma.count(AWAY)) == (1, 0)

        await bot.end(process, STOP)
        step_back(tmp_path)
        process = await bot.start()
        await juma.reads(AWAY)
        await until(lambda: amina.count(AWAY) == 2)
        await asyncio.sleep(QUIET_SECONDS)
        assert (amina.count(AWAY), juma.count(AWAY)) == (2, 1)

        await amina.answers("Question 2?", "two")
        await amina.reads("Question 3?")
        await bot.end(process, STOP)
    assert "Traceback" not in bot.log, bot.log


def step_back(folder: Path) -> None:
    """Let the bot have been away for twenty minutes, and everybody have acted just before."""
    now = datetime.now(UTC)
    away, acted = now - timedelta(minutes=20), now - timedelta(minutes=21)
    with sqlite3.connect(folder / "baraza-data" / "baraza.db") as database:
        beat = "UPDATE store_facts SET value = ? WHERE name = 'heartbeat'"
        database.execute(beat, (away.isoformat(),))
        database.execute("UPDATE sessions SET changed_at = ?", (to_kept(acted),))
    database.close()
