"""A worker as its supervisor starts it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot import pulse
from bot.house import Doors
from bot.settings import Settings
from bot.supervisor import Crew
from tests.end_to_end.crowd import write_programme
from tests.end_to_end.process import ROOT, SECONDS, environment


def test_a_worker_without_its_database_says_so_in_a_line(tmp_path: Path) -> None:
    """A database that is away when a worker begins is no mistake in the program."""
    variables = {
        "BARAZA_TOKEN": "123456:a-token-of-the-tests",
        "BARAZA_API_URL": "http://127.0.0.1:9",
        "BARAZA_WEBHOOK": "http://127.0.0.1:9/telegram",
        "BARAZA_DATABASE_URL": f"postgresql:///nobody?host={tmp_path}",
        "BARAZA_DATA_DIR": str(tmp_path / "data"),
    }
    programme = str(ROOT / "bot" / "programmes" / "kenya_mother_and_child")
    supervised, supervisor = os.pipe()
    told = subprocess.run(
        [sys.executable, "-m", "bot.worker", "1", "-1", "-1", "-1", programme],
        cwd=tmp_path, env=environment() | variables, capture_output=True, text=True,
        timeout=SECONDS, check=False, stdin=supervised,
    )  # fmt: skip
    os.close(supervisor)
    os.close(supervised)
    assert told.returncode == 1
    assert "cannot be opened" in told.stderr
    assert "CRITICAL" not in told.stderr


async def test_a_worker_that_hangs_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A worker that lives and does not answer is noticed by its pulse, killed and begun anew."""
    monkeypatch.setenv("BARAZA_TOKEN", "123456:a-token-of-the-tests")
    monkeypatch.setenv("BARAZA_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("BARAZA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(pulse, "SILENT_SECONDS_MAX", 2 * pulse.BEAT_SECONDS)
    caplog.set_level("INFO")
    webhook = "http://127.0.0.1:9/telegram"
    settings = Settings(webhook=webhook, data_dir=tmp_path / "data", _env_file=None)
    crew = Crew(settings, str(write_programme(tmp_path / "springs")), Doors(), str(tmp_path))
    stop = asyncio.Event()
    living = asyncio.create_task(crew.keep(1, stop))
    async with asyncio.timeout(SECONDS):
        (first,) = await _started(caplog, 1)
        while not (tmp_path / "data" / "baraza.db").exists():  # noqa: ASYNC110 - it beats by then.
            await asyncio.sleep(0.05)
        os.kill(first, signal.SIGSTOP)
        (_, second) = await _started(caplog, 2)
        stop.set()
        await living
    assert "Worker 1 hangs and is killed" in caplog.text
    assert "was ended by signal 9; it is started again" in caplog.text
    assert second != first


async def _started(caplog: pytest.LogCaptureFixture, times: int) -> list[int]:
    """Wait until so many workers were started; return the numbers of their processes."""
    while len(found := re.findall(r"is process (\d+)", caplog.text)) < times:  # noqa: ASYNC110 - no bell.
        await asyncio.sleep(0.05)
    return [int(number) for number in found]


async def test_a_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who beats is left alone; who falls silent is noticed, and who ends is somebody else's."""
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(pulse, "SILENT_SECONDS_MAX", 0.2)
    heard, beats = os.pipe()
    noticed = asyncio.create_task(pulse.silence(heard))
    with pulse.beating(beats):
        await asyncio.sleep(0.5)
        assert not noticed.done()
    async with asyncio.timeout(SECONDS):
        await noticed
    os.close(beats)
    os.close(heard)
