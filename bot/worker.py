"""One of several workers behind a webhook: what the supervisor starts, and nobody else.

`python -m bot.worker NUMBER WEBHOOK METRICS BEATS PROGRAMME`: two sockets that listen already, and
a pipe for its pulse, by their handles, -1 for none. It stops on SIGTERM, and when its standard
input ends: its supervisor died.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys

from bot import app
from bot.command_line import settings_and_log, told_plainly
from bot.logs import log_trouble
from bot.programmes import programme_folder
from bot.pulse import beating
from bot.settings import Settings
from conversations.programme import Programme
from storage.programmes import load_programme

log = logging.getLogger("bot.worker")  # This module runs under the name `__main__`.


def main() -> None:
    """Run one worker until it is told to stop."""
    number, webhook, metrics, beats, programme = sys.argv[1:]
    with told_plainly():
        settings = settings_and_log(worker=int(number))
        loaded = load_programme(programme_folder(programme), settings.data_dir / "workbooks")
        sockets = (_socket(int(webhook)), _socket(int(metrics)))
        asyncio.run(_work(settings, loaded, *sockets, int(beats)))


def _socket(handle: int) -> socket.socket | None:
    return None if handle < 0 else socket.socket(fileno=handle)


async def _work(
    settings: Settings,
    programme: Programme,
    webhook: socket.socket | None,
    metrics: socket.socket | None,
    beats: int,
) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(log_trouble)
    doors = app.doors_of(settings, webhook, metrics, announced=True)
    with app.until_told() as stop, beating(beats):
        loop.add_reader(sys.stdin.fileno(), _hear, stop)
        await app.serve(settings, programme, stop, lambda _: log.info("Taking updates"), doors)


def _hear(stop: asyncio.Event) -> None:
    """Notice that the supervisor is gone; it never writes anything."""
    if not os.read(sys.stdin.fileno(), 1):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        if not stop.is_set():
            log.error("The supervisor is gone; stopping")
            stop.set()


if __name__ == "__main__":
    main()
