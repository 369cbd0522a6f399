"""What the way to Telegram may do to a call, and what is known of the call then."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.telegram.client import Telegram
from bot.telegram.errors import DeliveryError, MaybeDone, TryLater

Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter
Talk: TypeAlias = Callable[[Reader, Writer], Awaitable[None]]

BODY = b'{"ok":true,"result":{"message_id":7}}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n5\r\n%b\r\n20\r\n%b\r\n0\r\n\r\n"

ANSWERS = {
    "whole": WHOLE,
    "in chunks": HEAD + CHUNKED % (BODY[:5], BODY[5:]),
    "until the end": HEAD + b"\r\n" + BODY,
    "after a word ahead": b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE,
    "of an old server": WHOLE.replace(b"1.1", b"1.0"),
}

KEPT = {ANSWERS["whole"], ANSWERS["in chunks"], ANSWERS["after a word ahead"]}
"""After these a server that speaks HTTP/1.1 keeps the connection."""

BROKEN = {
    "nothing": b"",
    "half a head": HEAD,
    "half a body": WHOLE[:-5],
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
}


async def asked(reader: Reader) -> bytes:
    """Read one request; return it, blank when the caller has gone."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
    return head + await reader.readexactly(length)


@asynccontextmanager
async def talking(talk: Talk, secure: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serve a talk for each connection; yield the address."""

    async def through(reader: Reader, writer: Writer) -> None:
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(through, "127.0.0.1", 0, ssl=secure)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"{'https' if secure else 'http'}://127.0.0.1:{port}"
    finally:
        server.close()


async def said(address: str, times: int = 1) -> list[object]:
    """Send messages one after the other; return what came of each."""
    async with Telegram("1:a", address) as bot:
        return [await bot.call("sendMessage", {"chat_id": 1, "text": "é"}) for _ in range(times)]


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_an_answer_is_read_however_it_comes(answer: bytes) -> None:
    """An answer in single bytes is read, whichever way the server tells where it ends."""

    async def talk(reader: Reader, writer: Writer) -> None:
        while await asked(reader):
            for place in range(len(answer)):
                writer.write(answer[place : place + 1])
                await writer.drain()
            if answer not in KEPT:
                return

    async with talking(talk) as address:
        assert await said(address, 2) == [{"message_id": 7}] * 2


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
async def test_an_answer_that_breaks_off_leaves_it_open(answer: bytes) -> None:
    """Where a request was written and no answer came whole, Telegram may have carried it out."""

    async def talk(reader: Reader, writer: Writer) -> None:
        await asked(reader)
        writer.write(answer)

    async with talking(talk) as address:
        with pytest.raises(MaybeDone):
            await said(address)


async def test_silence_leaves_it_open() -> None:
    """A server that says nothing for as long as one waits may have carried the call out."""

    async def talk(reader: Reader, _writer: Writer) -> None:
        await asked(reader)
        await asked(reader)

    async with talking(talk) as address, Telegram("1:a", address) as bot:
        with pytest.raises(MaybeDone):
            await bot.call("sendMessage", {"chat_id": 1}, read_seconds=0.05)


async def test_nobody_at_the_address_means_that_nothing_happened() -> None:
    """A call that found no server was not carried out."""
    async with talking(asked_only) as address:
        pass
    with pytest.raises(DeliveryError) as told:
        await said(address)
    assert type(told.value) is TryLater


async def asked_only(reader: Reader, _writer: Writer) -> None:
    """Take a request and say nothing."""
    await asked(reader)


async def test_calls_share_a_connection_while_the_server_keeps_it() -> None:
    """Calls one after the other use one connection; one that was closed meanwhile fails nobody."""
    connections: list[int] = []

    async def talk(reader: Reader, writer: Writer) -> None:
        connections.append(0)
        while connections[-1] < 2 and await asked(reader):
            connections[-1] += 1
            writer.write(WHOLE)

    async with talking(talk) as address, Telegram("1:a", address) as bot:
        for _ in range(4):
            assert await bot.call("sendMessage", {"chat_id": 1})
            await asyncio.sleep(0.01)
    assert connections == [2, 2]


async def test_what_the_server_closed_while_we_stood_still_is_not_used() -> None:
    """After a standstill a call is made over a new connection, so it is known what came of it."""

    def serve(door: socket.socket, still: threading.Event, closed: threading.Event) -> None:
        for _ in range(2):
            caller, _address = door.accept()
            with caller:
                while b"\r\n\r\n" not in caller.recv(65_536, socket.MSG_PEEK):
                    pass
                caller.recv(65_536)
                caller.sendall(WHOLE)
                still.wait()
                caller.shutdown(socket.SHUT_RDWR)
            closed.set()

    still, closed = threading.Event(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = threading.Thread(target=serve, args=(door, still, closed))
        server.start()
        async with Telegram("1:a", f"http://127.0.0.1:{door.getsockname()[1]}") as bot:
            message = {"chat_id": 1, "text": "a"}
            first = await bot.call("sendMessage", message)
            still.set()
            closed.wait()  # Nothing else runs in this process meanwhile.
            assert await bot.call("sendMessage", message) == first
        server.join()


async def test_a_call_given_up_takes_no_answer_of_another() -> None:
    """The late answer of a call that nobody waits for any more is not taken for the next one's."""
    went_away = asyncio.Event()

    async def talk(reader: Reader, writer: Writer) -> None:
        request = await asked(reader)
        if b'"first"' in request:
            await went_away.wait()
            writer.write(WHOLE.replace(b"7", b"1"))
            await asyncio.sleep(0.01)
        else:
            writer.write(WHOLE)

    async with talking(talk) as address, Telegram("1:a", address) as bot:
        first = asyncio.create_task(bot.call("sendMessage", {"text": "first"}))
        await asyncio.sleep(0.05)
        first.cancel()
        went_away.set()
        assert await bot.call("sendMessage", {"text": "second"}) == {"message_id": 7}


async def test_a_redirect_is_followed() -> None:
    """A server that sends us elsewhere, with the same request, is obeyed."""

    async def there(reader: Reader, writer: Writer) -> None:
        assert b"sendMessage" in await asked(reader)
        writer.write(WHOLE)

    async with talking(there) as elsewhere:

        async def here(reader: Reader, writer: Writer) -> None:
            await asked(reader)
            place = f"{elsewhere}/bot1:a/sendMessage".encode()
            gone = b"HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0\r\nLocation: %b\r\n\r\n"
            writer.write(gone % place)

        async with talking(here) as address:
            assert await said(address) == [{"message_id": 7}]


async def test_a_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the environment names a proxy, calls go there."""

    async def talk(reader: Reader, writer: Writer) -> None:
        assert (await asked(reader)).startswith(b"POST http://telegram.invalid/bot1:a/sendMessage")
        writer.write(WHOLE)

    async with talking(talk) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        assert await said("http://telegram.invalid") == [{"message_id": 7}]


async def test_a_certificate_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls are made over TLS to a server that proves who it is, and to no other."""
    certificate = own_certificate(tmp_path)
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(certificate)

    async def talk(reader: Reader, writer: Writer) -> None:
        assert await asked(reader)
        writer.write(WHOLE)

    async with talking(talk, secure) as address:
        with pytest.raises(TryLater):
            await said(address)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert await said(address) == [{"message_id": 7}]


def own_certificate(folder: Path) -> Path:
    """Write a key and a certificate that 127.0.0.1 signs for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a server")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "server.pem"
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path
