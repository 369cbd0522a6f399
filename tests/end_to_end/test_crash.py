"""The real bot, killed at random instants while a crowd answers: each answer is kept once.

The simulator lives in the test and survives; the bot is `python -m bot run`, a process of its own.
"""

from __future__ import annotations

import asyncio
import random
import re
import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.simulator.server import TOKEN, simulator_app
from bot.simulator.world import World
from conversations.session import Session
from storage import submissions, updates
from storage.opening import open_readable
from tests.end_to_end.bot_process import KILL, SECONDS_MAX, STOP, Bot
from tests.end_to_end.crowd import QUESTIONS, Member
from tests.simulator.running import serving

PEOPLE = 40
FAULTS_AT_ONCE_MAX = 3

TROUBLES: tuple[dict[str, object], ...] = (
    {"method": "sendMessage", "count": 3, "error": {"error_code": 429, "retry_after": 1}},
    {"method": "sendMessage", "count": 3, "error": {"error_code": 500, "description": "Oh"}},
    {"method": "sendMessage", "count": 3, "drop": True},
    {"method": "sendMessage", "count": 3, "drop": "after"},
    {"method": "getUpdates", "error": {"error_code": 502, "description": "Oh"}},
    {"method": "getUpdates", "drop": "after"},
    {"method": "getMe", "error": {"error_code": 500, "description": "Oh"}},
)


async def test_killed_while_people_answer(tmp_path: Path) -> None:
    """A bot killed over and over loses no answer, doubles none, and misplaces nobody."""
    await _answer_whatever_happens(tmp_path, (KILL, KILL), troubled=False)


async def test_killed_and_stopped_while_telegram_is_unwell(tmp_path: Path) -> None:
    """That holds too while Telegram refuses, stumbles and drops answers; a stop stays clean."""
    await _answer_whatever_happens(tmp_path, (KILL, STOP, KILL), troubled=True)


async def _answer_whatever_happens(
    tmp_path: Path, ends: Sequence[signal.Signals], *, troubled: bool
) -> None:
    chance = random.Random(20261122)  # noqa: S311 - which instants, not secrets.
    world = World()
    crowd = [Member(world, chance, n, QUESTIONS if n % 2 else 1 + n % 4) for n in range(PEOPLE)]
    async with (
        serving(simulator_app(world)) as api_url,
        asyncio.timeout(SECONDS_MAX),
        Bot(tmp_path, api_url) as bot,
    ):
        people = asyncio.gather(*(member.live() for member in crowd))
        trouble = asyncio.create_task(_trouble(world, chance)) if troubled else None
        await bot.suffer(chance, ends)
        process = await bot.start()
        if trouble:
            trouble.cancel()
        await people
        await bot.end(process, STOP)
    await _expect_all_kept(tmp_path, crowd)
    _expect_discreet(bot.log, crowd)


async def _trouble(world: World, chance: random.Random) -> None:
    """Let something go wrong at Telegram every now and then."""
    while True:
        if len(world.state.faults.ordered) < FAULTS_AT_ONCE_MAX:
            world.order_fault(chance.choice(TROUBLES))
        await asyncio.sleep(chance.uniform(0.1, 0.4))


async def _expect_all_kept(folder: Path, crowd: list[Member]) -> None:
    readable = await open_readable(f"sqlite:///{folder / 'baraza-data' / 'baraza.db'}")
    try:
        async with readable.reading() as reading:
            sent = await submissions.of_programme(reading, "springs")
            bodies = await reading.rows("SELECT body FROM sessions")
            assert await updates.dead_letters(reading) == []
    finally:
        await readable.close()
    texts = Counter(tuple(re.findall(r"<q\d+>(.*?)</q\d+>", one.xml)) for one in sent)
    assert texts == Counter(tuple(member.said) for member in crowd if member.finishes)
    open_sessions = [Session.from_json(row["body"]) for row in bodies]
    standing = {tuple(value for _, value in one.draft): one.current for one in open_sessions}
    assert len(standing) == len(open_sessions)
    assert standing == {
        tuple(member.said): f"/data/q{member.answers + 1}"
        for member in crowd
        if not member.finishes
    }


def _expect_discreet(log: str, crowd: list[Member]) -> None:
    """Nothing went wrong on our side, and the log names nobody and quotes nothing."""
    assert "Traceback" not in log, log
    assert " ERROR " not in log, log
    secrets = [TOKEN, *(str(member.chat) for member in crowd), *(s for m in crowd for s in m.said)]
    assert [secret for secret in secrets if secret in log] == []
