"""Small calls to one server over connections that stay open: HTTP/1.1, and little of it.

A call of the Bot API is one short POST and one short answer, so most of what a general client does
for it is done for nothing. This knows no proxy, no redirect, no file and no compression; for these
`transport` has a general client.

Rules. A connection carries one call at a time, and another one only after an answer that came
whole and whose server keeps the connection. Until a request is written nothing has happened
(`NetworkError`); from then on Telegram may have done it, whatever breaks (`TimedOut`). So a
connection that the server has closed meanwhile must not be written to, though this process may not
have come to read that yet: it may have stood still.
"""

from __future__ import annotations

import asyncio
import select
import ssl
from typing import Any, Final
from urllib.parse import SplitResult

from httptools import HttpParserError, HttpResponseParser
from telegram.error import NetworkError, TimedOut

CONNECTIONS_MAX: Final = 256
"""How many calls are on their way at once; more wait for a place."""

CONNECT_SECONDS: Final = 10.0
"""How long a place and a connection are waited for."""

IDLE_SECONDS_MAX: Final = 15.0
"""An older connection may be closed by the server just as we use it."""

CALL_SECONDS_MAX: Final = 300.0
"""The longest one call may take, however steadily its bytes drip."""

ANSWER_BYTES_MAX: Final = 64_000_000
"""A hundred of the largest updates are a hundredth of that."""

_SUCCESS = 200
_PORTS = {"http": 80, "https": 443}
_LENGTHS = frozenset({b"content-length", b"transfer-encoding"})


class Wire:
    """The connections to one server, opened when they are needed."""

    def __init__(self, server: SplitResult) -> None:
        """Call the server of a URL; nothing is opened yet."""
        self._server = server
        self._secure = ssl.create_default_context() if server.scheme == "https" else None
        self._places = asyncio.Semaphore(CONNECTIONS_MAX)
        self._idle: list[_Connection] = []
        self._all: set[_Connection] = set()
        self._heads: dict[str, bytes] = {}

    async def post(self, path: str, body: bytes, read_seconds: float | None) -> tuple[int, bytes]:
        """Post JSON; return the status and the body of the answer.

        `read_seconds` is how long the server may say nothing.
        """
        connection = await self._connected()
        try:
            return await connection.ask(self._head(path) % len(body) + body, read_seconds)
        finally:
            connection.rest()
            self._give_back(connection)

    def close(self) -> None:
        """Close all connections; calls on their way end without an answer."""
        while self._all:
            self._all.pop().close()
        self._idle.clear()

    def _head(self, path: str) -> bytes:
        """Return a request up to its length; there are as many as methods."""
        head = self._heads.get(path)
        if head is None:
            host = self._server.netloc.rpartition("@")[2]
            lines = (
                f"POST {path} HTTP/1.1",
                f"Host: {host}",
                "Accept: application/json",
                "Content-Type: application/json",
            )
            said = "\r\n".join(lines).encode().replace(b"%", b"%%")
            head = self._heads[path] = said + b"\r\nContent-Length: %d\r\n\r\n"
        return head

    async def _connected(self) -> _Connection:
        """Return a connection that nobody uses, and a place for it."""
        if not self._places.locked():
            await self._places.acquire()
            if kept := self._kept():
                return kept
            self._places.release()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._places.acquire()
                try:
                    return self._kept() or await self._opened()
                except BaseException:
                    self._places.release()
                    raise
        except TimeoutError:
            raise NetworkError("no connection in time") from None
        except (OSError, UnicodeError):
            raise NetworkError("no connection") from None

    def _kept(self) -> _Connection | None:
        """Return the connection that was used last, if it is still good."""
        now = asyncio.get_running_loop().time()
        while self._idle:
            connection = self._idle.pop()
            fresh = now - connection.heard_at < IDLE_SECONDS_MAX
            if fresh and connection.is_open and connection.is_quiet():
                return connection
            self._forget(connection)
        return None

    async def _opened(self) -> _Connection:
        port = self._server.port or _PORTS[self._server.scheme]
        _, connection = await asyncio.get_running_loop().create_connection(
            _Connection,
            self._server.hostname or "",
            port,
            ssl=self._secure,
            happy_eyeballs_delay=0.25,
        )
        self._all.add(connection)
        return connection

    def _give_back(self, connection: _Connection) -> None:
        self._places.release()
        if connection.is_open:
            self._idle.append(connection)
        else:
            self._forget(connection)

    def _forget(self, connection: _Connection) -> None:
        self._all.discard(connection)
        connection.close()


class _Connection(asyncio.Protocol):
    """One connection; `is_open` while it can carry another call."""

    __slots__ = (
        *("_answer", "_body", "_began_at", "_has_length", "_is_told", "_loop", "_parser"),
        *("_read_seconds", "_size", "_socket", "_timer", "_transport", "heard_at", "is_open"),
    )

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._parser = HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._read_seconds = self._began_at = 0.0
        self.heard_at = self._loop.time()
        self.is_open = False
        self._socket: Any = None
        self._clear()

    def is_quiet(self) -> bool:
        """Tell whether the server has said nothing, not even its end, that is still to be read."""
        return not _is_readable(self._socket)

    def ask(self, request: bytes, read_seconds: float | None) -> asyncio.Future[tuple[int, bytes]]:
        """Write a request; the answer comes to the future. Let it `rest` after each."""
        assert self._transport is not None  # noqa: S101 - it is connected.
        self._answer = self._loop.create_future()
        self._began_at = self.heard_at = self._loop.time()
        self._read_seconds = CALL_SECONDS_MAX if read_seconds is None else read_seconds
        self._timer = self._loop.call_at(self._began_at + self._read_seconds, self._look)
        self._transport.write(request)
        return self._answer

    def close(self) -> None:
        """Close; a call under way ends without an answer."""
        self._fail("the connection was closed")
        if self._transport is not None:
            self._transport.abort()

    def rest(self) -> None:
        """End a call; one that nobody waits for any more leaves no connection for another."""
        if self._timer is not None:
            self._timer.cancel()
        if self._answer is None or self._answer.cancelled():
            self.is_open = False

    # What happens to a call

    def _look(self) -> None:
        """Give up where nothing was heard for too long."""
        until = min(self.heard_at + self._read_seconds, self._began_at + CALL_SECONDS_MAX)
        if self._loop.time() < until:
            self._timer = self._loop.call_at(until, self._look)
        else:
            self._fail("no answer in time")

    def _fail(self, why: str) -> None:
        self.is_open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(TimedOut(why))

    # What the event loop says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be open from now on."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a stream's always is.
        self._transport = transport
        self._socket = transport.get_extra_info("socket")
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        """Read some of an answer; what nobody asked for ends the connection."""
        self.heard_at = self._loop.time()
        if self._answer is None or self._answer.done():
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except HttpParserError:
            self._fail("the answer cannot be read")

    def eof_received(self) -> None:
        """Take the end for the answer's where it names no length itself."""
        if self._is_told and not self._has_length:
            self.on_message_complete()

    def connection_lost(self, _error: Exception | None) -> None:
        """Fail a call under way: the server may have read it before it closed the connection."""
        self._fail("the server closed the connection")

    # What the parser says

    def _clear(self) -> None:
        self._body: list[bytes] = []
        self._size = 0
        self._is_told = self._has_length = False

    def on_message_begin(self) -> None:
        """Close after an answer that nobody asked for."""
        if self._answer is None or self._answer.done():
            self.is_open = False

    def on_header(self, name: bytes, _value: bytes) -> None:
        """Look whether the answer says how long it is."""
        if name.lower() in _LENGTHS:
            self._has_length = True

    def on_headers_complete(self) -> None:
        """Know that a body follows."""
        self._is_told = True

    def on_body(self, body: bytes) -> None:
        """Collect the body."""
        self._body.append(body)
        self._size += len(body)
        if self._size > ANSWER_BYTES_MAX:
            self._fail("the answer is too long")

    def on_message_complete(self) -> None:
        """Hand the answer over; what comes before the real one (100, 103) is none."""
        status, body = self._parser.get_status_code(), b"".join(self._body)
        self._clear()
        if status < _SUCCESS:
            return
        self.is_open = self.is_open and self._parser.should_keep_alive()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((status, body))


def _is_readable(connected: Any) -> bool:  # noqa: ANN401 - asyncio's stand-in for a socket.
    """Tell whether a socket has something for us to read, now."""
    if not hasattr(select, "poll"):
        return bool(select.select([connected], [], [], 0)[0])
    poll = select.poll()
    poll.register(connected, select.POLLIN)
    return bool(poll.poll(0))
