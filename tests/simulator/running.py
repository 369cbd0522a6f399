"""A simulator on loopback, and what its tests share."""

from __future__ import annotations

import asyncio
import socket
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import uvicorn
from starlette.types import ASGIApp

from bot.simulator.parameters import Json
from bot.simulator.server import TOKEN
from bot.simulator.world import World

IDLE_SECONDS_MAX = 75
"""When an idle connection is closed: later than a bot keeps it, as it is at Telegram."""


@dataclass(frozen=True, slots=True)
class Running:
    """A simulator that listens."""

    world: World
    address: str
    http: httpx.AsyncClient

    async def bot(self, method: str, **parameters: object) -> Json:
        """Call a method as a bot would, with JSON; return the envelope."""
        answer = await self.http.post(f"/bot{TOKEN}/{method}", json=parameters)
        return dict(answer.json())

    async def sim(self, path: str, **members: object) -> Json:
        """Post to the control API."""
        answer = await self.http.post(f"/sim/{path}", json=members)
        return dict(answer.json())


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an app with uvicorn on a free port of loopback; yield its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(app, log_level="critical", timeout_keep_alive=IDLE_SECONDS_MAX)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        await task


def png(width: int = 640, height: int = 480) -> bytes:
    """Return a black picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\0" * ((width + 7) // 8)) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
