"""Serving from inside the process: how it stops."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.serving import listen, served

MORE_THAN_A_SOCKET_HOLDS = 20_000_000


async def _stopped_with(seconds: float) -> None:
    """Stop a server while somebody has asked, does not read, and is answered after a while."""

    async def answer(_: Request) -> Response:
        await asyncio.sleep(seconds)
        return Response(b"x" * MORE_THAN_A_SOCKET_HOLDS)

    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    async with served(Starlette(routes=[Route("/", answer)]), listening, stopping_seconds=1):
        _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        writer.write(b"GET / HTTP/1.1\r\nHost: bot\r\n\r\n")
        await asyncio.sleep(0.3)
    writer.transport.abort()


async def test_who_does_not_read_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """Where all are answered and a connection lingers, the stop cuts nothing off and says so."""
    await _stopped_with(0)
    assert not [line for line in caplog.records if line.levelname == "ERROR"]


async def test_who_is_cut_off_is_told_to_the_operator(caplog: pytest.LogCaptureFixture) -> None:
    """A request under way that a stop cannot wait for is an error in the log."""
    await _stopped_with(60)
    assert [line.args for line in caplog.records if line.levelname == "ERROR"][:1] == [(1,)]
