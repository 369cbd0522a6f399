"""A worker's pulse: how its supervisor knows that it answers, and not only that it lives.

The event loop of a worker writes a byte into a pipe again and again. A loop that hangs, in a
computation without end, in a call that does not return, stopped by somebody's signal, writes
nothing, and what Telegram posts to it waits unanswered. Then its supervisor has it say where it
hangs, and kills it, which is safe at any instant; its updates come again to another.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

BEAT_SECONDS: Final = 2.0

SILENT_SECONDS_MAX: Final = 30.0
"""A loop that is busy for so long does not come back; the longest turns take a second."""

STARTING_SECONDS_MAX: Final = 300.0
"""How long a worker may take to its first beat: it reads the programme's workbooks before."""

TELLING_SECONDS: Final = 1.0
"""How long a worker that hangs has to say where."""

NOBODY: Final = -1
"""The handle of a worker that nobody listens to."""


@contextmanager
def beating(handle: int) -> Iterator[None]:
    """Let this process's loop beat while the block lasts, and be able to say where it hangs."""
    if handle == NOBODY:
        yield
        return
    os.set_blocking(handle, False)  # A supervisor that does not read must not stop its workers.
    faulthandler.register(signal.SIGUSR1)
    beat = asyncio.create_task(_beat(handle))
    try:
        yield
    finally:
        beat.cancel()


async def _beat(handle: int) -> None:
    while True:
        with suppress(OSError):  # The pipe is full, or the supervisor is gone.
            os.write(handle, b".")
        await asyncio.sleep(BEAT_SECONDS)


async def silence(handle: int) -> None:
    """Return when a worker was not heard for too long; what it writes is read from `handle`."""
    loop, heard = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(handle, _listen, handle, heard)
    patience = STARTING_SECONDS_MAX
    try:
        while await _within(patience, heard):
            heard.clear()
            patience = SILENT_SECONDS_MAX
    finally:
        loop.remove_reader(handle)


def _listen(handle: int, heard: asyncio.Event) -> None:
    if os.read(handle, 4096):
        heard.set()
    else:  # It is dead, which others notice.
        asyncio.get_running_loop().remove_reader(handle)


async def _within(seconds: float, heard: asyncio.Event) -> bool:
    """Tell whether something is heard in time; what came while we stood still was in time."""
    with suppress(TimeoutError):
        await asyncio.wait_for(heard.wait(), seconds)
    return heard.is_set()


async def end(process: Process) -> None:
    """Have a worker that hangs write into the log where it does, and kill it."""
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGUSR1)
        await asyncio.sleep(TELLING_SECONDS)
        process.kill()
    await process.wait()
