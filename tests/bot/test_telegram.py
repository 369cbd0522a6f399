"""What an answer means when it is not Telegram's: the way there is broken, nothing else."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.telegram.client import Telegram
from bot.telegram.errors import ContactGone, DeliveryError, MaybeDone, TokenRefused, TryLater

CASES: dict[str, tuple[int, str, type[DeliveryError]]] = {
    "a proxy forbids": (403, "<h1>Forbidden</h1>", TryLater),
    "a proxy finds nothing": (404, "not found", TryLater),
    "a proxy wants a password": (401, "{}", TryLater),
    "a proxy stumbles": (502, "<h1>Bad Gateway</h1>", TryLater),
    "a portal greets": (200, "<h1>Welcome to our Wi-Fi</h1>", MaybeDone),
    "an answer is cut": (200, '{"ok":true,"resu', MaybeDone),
    "the person left": (
        403,
        '{"ok":false,"description":"Forbidden: bot was blocked"}',
        ContactGone,
    ),
    "the token is wrong": (401, '{"ok":false,"description":"Unauthorized"}', TokenRefused),
}


@pytest.mark.parametrize(("status", "text", "kind"), CASES.values(), ids=CASES)
async def test_what_an_answer_means(
    status: int, text: str, kind: type[DeliveryError], caplog: pytest.LogCaptureFixture
) -> None:
    """Only Telegram can say that somebody left or that a token is wrong; nothing is quoted."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=text)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    async with (
        TestServer(app) as server,
        Telegram("1:a", str(server.make_url("")).rstrip("/")) as bot,
    ):
        with pytest.raises(DeliveryError) as told:
            await bot.call("sendMessage", {"chat_id": 1, "text": "private"})
    assert type(told.value) is kind
    assert "<h1>" not in str(told.value) + caplog.text


@pytest.mark.parametrize(
    "words",
    [
        'Bad Request: unsupported start tag "amina" at byte offset 3',
        "Bad Request: can't take what isn't one: unsupported start tag 'amina' is wrong",
    ],
)
async def test_a_quoted_word_is_left_out(words: str) -> None:
    """Where Telegram quotes a text it refuses, the reason we keep and log does not."""

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": 400, "description": words}, status=400)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    async with (
        TestServer(app) as server,
        Telegram("1:a", str(server.make_url("")).rstrip("/")) as bot,
    ):
        with pytest.raises(DeliveryError, match=r"(?i)unsupported start tag") as told:
            await bot.call("sendMessage", {"chat_id": 1, "text": "<amina>"})
    assert "amina" not in str(told.value)
