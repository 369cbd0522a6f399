"""The bot as a process of its own, before a simulator that lives in the test and survives."""

from __future__ import annotations

import asyncio
import random
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from bot.simulator.server import TOKEN
from tests.end_to_end.crowd import write_programme
from tests.end_to_end.process import environment

KILL, STOP = signal.SIGKILL, signal.SIGTERM
UP_SECONDS = (0.05, 0.9)
SECONDS_MAX = 240.0
"""How long anything may take before it counts as hanging; usually a tenth of that."""


def free_port() -> int:
    """Return a port nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class Bot:
    """The bot as a process, started and ended again and again; `log` is all it ever wrote.

    It runs with `options` of `baraza run`, and with `settings` beside the usual ones.
    """

    def __init__(
        self,
        folder: Path,
        api_url: str,
        options: Sequence[str] = (),
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.command = (
            *(sys.executable, "-m", "bot", "run"),
            *(str(write_programme(folder / "springs")), "--no-browser", *options),
        )
        self.process: asyncio.subprocess.Process | None = None
        self.folder = folder
        ours = {"BARAZA_TOKEN": TOKEN, "BARAZA_API_URL": api_url}
        self.variables = environment() | ours | dict(settings or {})
        self.log = ""

    async def __aenter__(self) -> Self:
        """Be there, not started yet."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave no process behind, also when the test fails."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def start(self) -> asyncio.subprocess.Process:
        """Start it, and return once it says that it listens."""
        self.process = process = await asyncio.create_subprocess_exec(
            *self.command,
            cwd=self.folder,
            env=self.variables,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        async for line in process.stdout:
            if b"listening" in line:
                return process
        raise AssertionError((await process.communicate())[1].decode())

    async def end(self, process: asyncio.subprocess.Process, by: signal.Signals) -> None:
        """End it by a signal; only a kill may leave it another exit status than 0."""
        process.send_signal(by)
        _, told = await asyncio.wait_for(process.communicate(), SECONDS_MAX)
        self.log += told.decode()
        assert process.returncode == (-KILL if by == KILL else 0), self.log

    async def suffer(self, chance: random.Random, ends: Sequence[signal.Signals]) -> None:
        """Run and end by each of `ends`, at an instant that nobody chose."""
        for by in ends:
            process = await self.start()
            await asyncio.sleep(chance.uniform(*UP_SECONDS))
            await self.end(process, by)
