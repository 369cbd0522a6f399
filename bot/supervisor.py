"""Several workers behind one webhook: started, watched, started again, and stopped together.

All workers accept from one socket that stays open here, so what knocks while one of them is dead
waits for another, and nothing is turned away. A worker that ends unasked is started again after a
pause that doubles while it goes on dying; one that lives and does not answer (`bot.pulse`) is
killed and replaced. A worker's standard input is a pipe from here: when this process ends, however
it ends, the pipe does too, and the worker stops in good order.

This process takes no updates itself; it loads no forms and keeps no connection to the database.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from prometheus_client.multiprocess import mark_process_dead

from bot import metrics, pulse
from bot.app import Running, open_current, open_doors, until_told
from bot.house import Doors
from bot.logs import log_trouble
from bot.settings import Settings
from bot.telegram.client import Telegram
from bot.telegram.patience import patiently, unless
from bot.webhook import announce

log = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 1.0
PAUSE_SECONDS_MAX: Final = 60.0
"""The pauses, from first to longest, before a worker that died is started again."""

LIVED_SECONDS: Final = 60.0
"""Who lived so long did not die of the start: the pauses begin anew."""

STOPPING_SECONDS_MAX: Final = 40.0
"""How long workers may take to finish what is under way; then they are killed, which is safe."""


async def supervise(settings: Settings, programme: str, started: Callable[[Running], None]) -> None:
    """Run `settings.workers` workers for a programme until Ctrl-C or SIGTERM.

    Raise `PortInUse`, `WebhookRefused`, `storage.errors.StorageError` or `TokenRefused` when the
    bot cannot run.
    """
    asyncio.get_running_loop().set_exception_handler(log_trouble)
    await (await open_current(settings)).close()
    doors = open_doors(settings)
    with until_told() as stop, TemporaryDirectory(prefix="baraza-") as counting:
        crew = Crew(settings, programme, doors, counting)
        async with asyncio.TaskGroup() as tasks:
            for number in range(1, settings.workers + 1):
                tasks.create_task(crew.keep(number, stop))
            tasks.create_task(_introduce(settings, doors, stop, started))


async def _introduce(
    settings: Settings, doors: Doors, stop: asyncio.Event, started: Callable[[Running], None]
) -> None:
    """Have Telegram post to the webhook; whatever hinders that for good ends the workers too."""
    assert settings.token is not None, "settings see to it"  # noqa: S101 - our mistake.
    try:
        async with Telegram(settings.token.get_secret_value(), settings.api_url) as telegram:
            me = await patiently(stop, lambda: telegram.call("getMe", {}), "Telegram is away")
            if me is None:
                return
            await announce(telegram, doors.url, doors.secret, stop)
        started(Running("", me["username"], settings.webhook, settings.workers))
    except Exception:
        stop.set()
        raise


@dataclass(frozen=True, slots=True)
class Crew:
    """Workers for a programme; all of them count in the folder `counting`."""

    settings: Settings
    programme: str
    doors: Doors
    counting: str

    async def keep(self, number: int, stop: asyncio.Event) -> None:
        """Have one worker run until `stop` is set, however often it ends before."""
        loop, pause = asyncio.get_running_loop(), PAUSE_SECONDS
        while not stop.is_set():
            begun = loop.time()
            heard, beats = os.pipe()
            process = await self._start(number, beats)
            os.close(beats)  # What is left open here would hide that the worker is dead.
            await unless(stop, _end_of(number, process, heard))
            os.close(heard)
            if stop.is_set():
                await _stop(process)
                return
            mark_process_dead(process.pid, self.counting)  # type: ignore[no-untyped-call]
            if loop.time() - begun > LIVED_SECONDS:
                pause = PAUSE_SECONDS
            log.error(
                "Worker %d %s; it is started again in %.0f s",
                *(number, _end(process.returncode or 0), pause),
            )
            await unless(stop, asyncio.sleep(pause))
            pause = min(pause * 2, PAUSE_SECONDS_MAX)

    async def _start(self, number: int, beats: int) -> Process:
        sockets = (self.doors.webhook, self.doors.metrics)
        handles = [*(-1 if one is None else one.fileno() for one in sockets), beats]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bot.worker"),
            *(str(number), *map(str, handles), self.programme),
            env=self._environment(),
            stdin=PIPE,
            pass_fds=[handle for handle in handles if handle >= 0],
            start_new_session=True,  # Ctrl-C is for this process, which then stops the workers.
        )
        log.info("Worker %d is process %d", number, process.pid)
        return process

    def _environment(self) -> Mapping[str, str]:
        """Hand on what the command line set, and where this program is."""
        given = {
            f"BARAZA_{name.upper()}": str(getattr(self.settings, name))
            for name in ("webhook", "workers", "log_format")
        }
        ours = str(Path(__file__).parent.parent)
        path = os.pathsep.join(filter(None, (ours, os.environ.get("PYTHONPATH", ""))))
        return {**os.environ, **given, "PYTHONPATH": path, metrics.FOLDER: self.counting}


async def _end_of(number: int, process: Process, heard: int) -> None:
    """Wait until a worker has ended; bring its end about where it does not answer any more."""
    ended = asyncio.create_task(process.wait())
    silent = asyncio.create_task(pulse.silence(heard))
    try:
        await asyncio.wait({ended, silent}, return_when=asyncio.FIRST_COMPLETED)
        if silent.done() and not ended.done():
            log.error("Worker %d hangs and is killed", number)
            await pulse.end(process)
    finally:
        ended.cancel()
        silent.cancel()
        await asyncio.wait({ended, silent})


async def _stop(process: Process) -> None:
    """Ask a worker to stop, and kill it when it does not."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOPPING_SECONDS_MAX):
            await process.wait()
    except TimeoutError:
        log.warning("Worker process %d does not stop and is killed", process.pid)
        process.kill()
        await process.wait()


def _end(status: int) -> str:
    return f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
