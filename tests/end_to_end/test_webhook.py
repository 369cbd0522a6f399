"""The real bot behind a webhook: one process on SQLite, two workers on PostgreSQL.

The simulator lives in the test and posts as Telegram does: messages by chat, taps by person, again
and again what is not taken.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.sender import BULK_AT_ONCE_MAX
from bot.simulator.server import TOKEN, simulator_app
from bot.simulator.world import World
from storage import contacts, outbox, submissions, updates
from storage.opening import open_beside, open_readable
from storage.outbox import Call, Priority
from tests.end_to_end.bot_process import STOP, Bot, free_port
from tests.end_to_end.crowd import QUESTIONS, Member
from tests.player.postgres import new_database
from tests.simulator.running import serving

CROWD = 12
PEOPLE = 100
NEWS = "The well is repaired."
SECONDS = 100


@dataclass(slots=True)
class Hooked:
    """A bot behind a webhook, and the world that posts to it."""

    world: World
    bot: Bot
    client: httpx.AsyncClient
    database_url: str
    process: asyncio.subprocess.Process
    log: list[str] = field(default_factory=list)
    ends_with: int = 0

    async def figures(self) -> Mapping[str, float]:
        """Return what /metrics tells, by name and labels."""
        told = (await self.client.get("/metrics")).text
        lines = (line.rsplit(" ", 1) for line in told.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, value in lines}

    async def logged(self, words: str, times: int = 1) -> list[str]:
        """Wait until these words stand in the log so many times; return what was found in them."""
        while len(found := re.findall(words, "".join(self.log))) < times:  # noqa: ASYNC110 - no bell.
            await asyncio.sleep(0.05)
        return list(found)

    async def listen(self) -> None:
        """Read the log as it is written."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.log.append(line.decode())


@asynccontextmanager
async def hooked(folder: Path, database_url: str, *options: str) -> AsyncIterator[Hooked]:
    """Run the bot behind a webhook; end it with SIGTERM."""
    world, port = World(), free_port()
    address = f"http://127.0.0.1:{port}"
    where = ("--webhook", f"{address}/telegram", "--port", str(port))
    async with (
        asyncio.timeout(SECONDS),
        serving(simulator_app(world)) as api_url,
        Bot(folder, api_url, (*where, *options), {"BARAZA_DATABASE_URL": database_url}) as bot,
        httpx.AsyncClient(base_url=address, timeout=30) as client,
    ):
        process = await bot.start()
        running = Hooked(world, bot, client, database_url, process)
        listening = asyncio.create_task(running.listen())
        yield running
        if process.returncode is None:
            process.send_signal(STOP)
        await process.wait()
        await listening
        assert process.returncode == running.ends_with, "".join(running.log)


@pytest.fixture(params=["sqlite", "postgres"])
async def bot(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Hooked]:
    """Run one process on SQLite, two workers on PostgreSQL."""
    url, workers = f"sqlite:///{tmp_path / 'baraza.db'}", "1"
    if request.param == "postgres":
        url, workers = await new_database(request.getfixturevalue("postgres")), "2"
    async with hooked(tmp_path, url, "--workers", workers, "--log-format", "json") as running:
        yield running


def crowd_in(world: World) -> list[Member]:
    """Return people who all finish their reports."""
    chance = random.Random(20261127)  # noqa: S311 - how long somebody thinks.
    return [Member(world, chance, number, QUESTIONS) for number in range(CROWD)]


async def expect_all_kept(database_url: str, crowd: list[Member]) -> None:
    """Look that each person's answers are kept, once and in order."""
    readable = await open_readable(database_url)
    try:
        async with readable.reading() as reading:
            sent = await submissions.of_programme(reading, "springs")
            assert await updates.dead_letters(reading) == []
    finally:
        await readable.close()
    texts = Counter(tuple(re.findall(r"<q\d+>(.*?)</q\d+>", one.xml)) for one in sent)
    assert texts == Counter(tuple(member.said) for member in crowd)


async def test_reports_come_in_over_a_webhook(bot: Hooked) -> None:
    """People report as ever; the figures tell of it, and the log, a JSON object a line, of nobody.

    With two workers either may be asked: both answer for all.
    """
    crowd = crowd_in(bot.world)
    await asyncio.gather(*(member.live() for member in crowd))
    health = await bot.client.get("/healthz")
    assert (health.status_code, health.json()["status"]) == (200, "well"), health.text
    told = await bot.figures()
    turns = CROWD * (QUESTIONS + 3)
    assert told['baraza_turns_total{outcome="kept"}'] >= turns
    assert told["baraza_turn_seconds_count"] >= turns
    assert told['baraza_calls_total{method="sendMessage",outcome="done"}'] >= turns
    assert told["baraza_reports"] == CROWD
    assert told['baraza_contacts{state="active"}'] == CROWD
    assert told["baraza_database_up"] == 1
    await expect_all_kept(bot.database_url, crowd)
    for line in "".join(bot.log).splitlines():
        assert {"time", "level", "logger", "message"} <= json.loads(line).keys(), line
    said = [TOKEN, *(str(member.chat) for member in crowd), *(s for m in crowd for s in m.said)]
    page = json.dumps(told)
    assert [one for one in said if one in "".join(bot.log) or one in page] == []


async def test_a_bot_that_polls_tells_how_it_is(tmp_path: Path) -> None:
    """With a port for it, figures and health are there when polling too, for this machine alone."""
    port = free_port()
    world = World()
    async with (
        asyncio.timeout(SECONDS),
        serving(simulator_app(world)) as api_url,
        Bot(tmp_path, api_url, ("--metrics-port", str(port))) as bot,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
    ):
        process = await bot.start()
        (member,) = crowd_in(world)[:1]
        await member.live()
        assert (await client.get("/healthz")).json()["status"] == "well"
        told = (await client.get("/metrics")).text
        assert "baraza_reports 1.0" in told
        assert 'baraza_calls_total{method="getUpdates",outcome="done"}' in told
        await bot.end(process, STOP)


async def test_a_killed_worker_loses_nothing(tmp_path: Path, postgres: str) -> None:
    """Workers killed while people answer are started again; each answer is kept once, in order."""
    url = await new_database(postgres)
    async with hooked(tmp_path, url, "--workers", "2") as bot:
        crowd = crowd_in(bot.world)
        living = asyncio.gather(*(member.live() for member in crowd))
        for kills in (1, 2):
            numbers = await bot.logged(r"Worker \d is process (\d+)", 1 + kills)
            await asyncio.sleep(0.5)
            os.kill(int(numbers[-1]), signal.SIGKILL)
        await living
        deaths = await bot.logged("was ended by signal 9; it is started again in")
        assert len(deaths) >= 1
        before = await bot.figures()
    await expect_all_kept(url, crowd)
    assert before["baraza_reports"] == len(crowd)
    workers = {int(one) for one in re.findall(r"is process (\d+)", "".join(bot.log))}
    assert [one for one in workers if _lives(one)] == []
    assert "Traceback" not in "".join(bot.log)


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_campaign_goes_on_when_its_sender_is_killed(tmp_path: Path, postgres: str) -> None:
    """One worker sends bulk; when both are killed in turn, another has it in seconds."""
    url = await new_database(postgres)
    async with hooked(tmp_path, url, "--workers", "2") as bot:
        await bot.logged(r"(?s)Taking updates.*Taking updates")
        chats = [bot.world.add_person("Mtu", "en", started=True) for _ in range(PEOPLE)]
        await campaign(url, bytes.fromhex((tmp_path / "baraza-data" / "key").read_text()), chats)
        for number in await bot.logged(r"is process (\d+)"):
            before = len(bot.world.calls())
            while len(bot.world.calls()) < before + 10:  # noqa: ASYNC110 - the world rings no bell.
                await asyncio.sleep(0.05)
            os.kill(int(number), signal.SIGKILL)
        while not all(heard(bot.world, chat) for chat in chats):  # noqa: ASYNC110 - as above.
            await asyncio.sleep(0.2)
    times = [heard(bot.world, chat) for chat in chats]
    assert sum(times) - PEOPLE <= 2 * BULK_AT_ONCE_MAX


async def campaign(url: str, key: bytes, chats: list[int]) -> None:
    """Put a message for each of these people into the outbox, as an errand beside the bot."""
    store = await open_beside(url, key)
    now = datetime.now(UTC)
    call = Call("sendMessage", {"text": NEWS}, "", Priority.CAMPAIGN)
    try:
        async with store.unit() as unit:
            for chat in chats:
                contact = await contacts.meet(unit, chat, now)
                await outbox.put(unit, contact.id, [call], now)
    finally:
        await store.close()


def heard(world: World, chat: int) -> int:
    """Count how often somebody got the news."""
    return sum(one.get("text") == NEWS for one in world.view(chat)["messages"])


async def test_workers_follow_their_supervisor(tmp_path: Path, postgres: str) -> None:
    """When the supervisor is killed its workers stop by themselves, in good order."""
    async with hooked(tmp_path, await new_database(postgres), "--workers", "2") as bot:
        await bot.logged(r"(?s)Taking updates.*Taking updates")
        bot.process.kill()
        bot.ends_with = -signal.SIGKILL
        for number in await bot.logged(r"is process (\d+)"):
            while _lives(int(number)):  # noqa: ASYNC110 - no bell rings when a stranger ends.
                await asyncio.sleep(0.05)
    assert "".join(bot.log).count("The supervisor is gone") == 2
