"""Serving an ASGI app from inside the process: simulator, webhook, figures.

uvicorn, without its own signals, log and start: whoever runs the bot decides when it stops.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

LOOPBACK: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8080

STATUS_PATHS: Final = ("/healthz", "/metrics")
"""Where it is shown how the bot is."""

CONSOLE_PATH: Final = "/console"
"""Below which moderators find the console."""

BACKLOG: Final = 2048
"""Connections that wait while no worker takes them, as when one was killed."""

IDLE_SECONDS_MAX: Final = 130
"""When an idle connection is closed: later than by any proxy (nginx 60, Caddy 120 seconds), so that
none of them sends a request into a connection that is just being closed."""

STOPPING_SECONDS_MAX: Final = 3
"""How long the simulator waits for its browsers when it stops."""


class PortInUse(Exception):
    """The port asked for is taken, or the address is none of this machine's."""


def listen(host: str, port: int, option: str = "--port") -> socket.socket:
    """Listen at an address; port 0 takes any free one. Raise `PortInUse`, which names `option`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        where = f"port {port}" if host == LOOPBACK else f"{host} port {port}"
        raise PortInUse(
            f"Nothing can listen at {where} ({_why(error)}). Choose another with {option}"
            + ("." if host == LOOPBACK else " or --host.")
        ) from None
    # Accepted connections inherit this; without it each answer waits 40 ms for an acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _why(error: OSError) -> str:
    """Say why in the system's words alone: Python says the address once more behind them."""
    return str(error.strerror).partition(" (while ")[0]


def listen_somewhere(port: int | None) -> socket.socket:
    """Listen on loopback: at a port that was asked for, else at the usual one or any."""
    if port is not None:
        return listen(LOOPBACK, port)
    try:
        return listen(LOOPBACK, DEFAULT_PORT)
    except PortInUse:
        return listen(LOOPBACK, 0)


def address_of(listening: socket.socket) -> str:
    """Return the address under which this machine reaches what listens.

    >>> address_of(listen("127.0.0.1", 0)).rpartition(":")[0]
    'http://127.0.0.1'
    """
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@asynccontextmanager
async def served(
    app: ASGIApp,
    listening: socket.socket,
    stopping_seconds: int = STOPPING_SECONDS_MAX,
    at_once_max: int | None = None,
) -> AsyncIterator[None]:
    """Serve an app while the block lasts; requests under way are answered before it ends.

    Beyond `at_once_max` connections, more are answered with 503.
    """
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,  # Its own handlers would write past ours.
            access_log=False,
            lifespan="off",
            server_header=False,
            limit_concurrency=at_once_max,
            timeout_keep_alive=IDLE_SECONDS_MAX,
            timeout_graceful_shutdown=stopping_seconds,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await server.listening.wait()
        yield
    finally:
        server.should_exit = True
        await serving


def _cuts_something_off(record: logging.LogRecord) -> bool:
    """Tell whether a line is worth an error: a connection may linger in which nobody asks."""
    return not (str(record.msg).startswith("Cancel %s running task") and record.args == (0,))


logging.getLogger("uvicorn.error").addFilter(_cuts_something_off)


class _Server(uvicorn.Server):
    """uvicorn, leaving the signals to us and saying when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal: `app.until_told` has them."""
        yield
