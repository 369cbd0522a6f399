"""Killed at any instant: what was said to be kept is kept, once and whole."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from pathlib import Path

from conversations.session import Session
from storage.migrate import migrate
from storage.opening import open_readable, open_store
from storage.store import Readable, Reading

WORKER = Path(__file__).parent / "crash_worker.py"
ROOT = Path(__file__).parents[2]
KILLS = 6
SECONDS_MAX = 0.25


async def work_and_kill(database_url: str, first: int, seconds: float) -> list[int]:
    """Let a process keep units, kill it, and return the updates it said are kept."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(WORKER), database_url, str(first)),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 30) == b"ready\n"
    killing = asyncio.get_running_loop().call_later(seconds, process.kill)
    said = await process.stdout.read()
    killing.cancel()
    await process.wait()
    whole_lines = said[: said.rfind(b"\n") + 1]
    return [int(line) for line in whole_lines.split()]


async def expect_whole(reading: Reading, told: set[int]) -> int:
    """Check that every unit is there in all its tables or in none; return the highest update."""
    seen = {row["update_id"] for row in await reading.rows("SELECT update_id FROM updates")}
    rows = await reading.rows("SELECT params FROM outbox")
    calls = [json.loads(row["params"]) for row in rows]
    assert told <= seen, "an acknowledged update is lost"
    replies = Counter(call["update"] for call in calls)
    assert replies == Counter(seen), "a turn is there twice, or half"
    turns = Counter(call["person"] for call in calls)
    bodies = await reading.rows("SELECT body FROM sessions")
    steps = {int(s.key, 16): s.step for s in (Session.from_json(row["body"]) for row in bodies)}
    assert steps == dict(turns), "a session is behind or before its turns"
    return max(seen, default=0)


async def look(readable: Readable, told: set[int]) -> int:
    """Check what is kept, and the file itself."""
    async with readable.reading() as reading:
        (sound,) = await reading.rows("PRAGMA integrity_check")
        assert sound["integrity_check"] == "ok"
        return await expect_whole(reading, told)


async def test_killed_at_random_instants(database_url: str) -> None:
    """No unit acknowledged before a kill is lost, kept twice or kept by half."""
    await migrate(database_url)
    chance = random.Random(20261122)  # noqa: S311 - which instants, not secrets.
    told: set[int] = set()
    highest = 0
    for _ in range(KILLS):
        seconds = chance.uniform(0.0, SECONDS_MAX)
        told.update(await work_and_kill(database_url, highest + 1, seconds))
        readable = await open_readable(database_url)
        highest = await look(readable, told)
        await readable.close()
    assert len(told) > KILLS
    # The lock of the killed process is gone with it.
    await (await open_store(database_url, b"a key of the tests, not a secret")).close()
