"""Telegram for benchmarks: a fast stub of the Bot API, and people who answer whatever is asked.

It hands out updates by long polling, or posts them where a webhook is set, and answers each call
after a round trip. People tap the first
button that goes forward; where there is none they write. A step is an update taken, understood and
kept, and the next question put before the person.

`inside` is from the moment a bot has an update until its message leaves: everything that is the
bot's own doing, the commit included, and nothing of the way to Telegram and back, but for calls
that the bot makes before that message and waits for. `whole` is from the moment a person wrote
until the message reaches Telegram, half a round trip and more each way.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

TOKEN = "123456:a-token-of-the-benchmark"
BATCH_MAX = 100
POSTS_MAX = 100
"""So many updates are under way to a webhook at once, as Telegram has it at most."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
SIDEWAYS = {"back", "skip", "keep", "done"}
"""What the buttons do that give no answer."""


@dataclass(slots=True)
class Telegram:
    """The stub; people answer at once while `at_once` says so, else they wait in `ready`."""

    round_trip_seconds: float
    at_once: bool = False
    running: bool = True
    pending: deque[dict[str, Any]] = field(default_factory=deque)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    numbers: int = 0
    written_at: dict[int, float] = field(default_factory=dict)
    handed_at: dict[int, float] = field(default_factory=dict)
    waiting: dict[int, int] = field(default_factory=dict)
    ready: deque[tuple[int, str]] = field(default_factory=deque)
    steps: int = 0
    inside: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    door: tuple[str, str] | None = None
    poster: aiohttp.ClientSession | None = None
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(POSTS_MAX))
    posts: set[asyncio.Task[None]] = field(default_factory=set)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one call of the Bot API, half a round trip later."""
        method = request.match_info["method"]
        given = await self._read(request)
        reached_at = time.perf_counter()
        await asyncio.sleep(self.round_trip_seconds / 2)
        result = await self._do(method, given, reached_at)
        await asyncio.sleep(self.round_trip_seconds / 2)
        if method.lower() == "getupdates":
            now = time.perf_counter()
            self.handed_at.update({update["update_id"]: now for update in result})
        return web.json_response({"ok": True, "result": result})

    async def _read(self, request: web.Request) -> dict[str, Any]:
        if request.content_type == "application/json":
            return dict(await request.json())
        return dict(await request.post())

    async def _do(self, method: str, given: dict[str, Any], reached_at: float) -> Any:
        match method.lower():
            case "getme":
                return {"id": 123456, "is_bot": True, "first_name": "B", "username": "b_bot"}
            case "getupdates":
                return await self._updates(int(given.get("offset", 0)), int(given["timeout"]))
            case "sendmessage":
                return self._message(given, reached_at)
            case "setwebhook":
                self.door = (str(given["url"]), str(given["secret_token"]))
                while self.pending:
                    self._post_soon(self.pending.popleft())
                return True
            case "getwebhookinfo":
                url = self.door[0] if self.door else ""
                return {"url": url, "pending_update_count": len(self.posts)}
            case _:
                return True

    async def _updates(self, offset: int, seconds: int) -> list[dict[str, Any]]:
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()
        if not self.pending:
            self.news.clear()
            try:
                await asyncio.wait_for(self.news.wait(), seconds)
            except TimeoutError:
                return []
        return list(self.pending)[:BATCH_MAX]

    def _message(self, given: dict[str, Any], reached_at: float) -> dict[str, Any]:
        chat, text = int(given["chat_id"]), str(given["text"])
        self.numbers += 1
        self._count(chat, reached_at)
        act = _act_on(given.get("reply_markup") or {})
        if self.at_once and self.running:
            self.do(chat, act)
        else:
            self.ready.append((chat, act))
        return {"message_id": self.numbers, "date": 1, "chat": _chat(chat), "text": text}

    def _count(self, chat: int, reached_at: float) -> None:
        update_id = self.waiting.pop(chat, 0)
        if update_id and self.running:
            self.steps += 1
            self.inside.append(reached_at - self.handed_at[update_id])
            arrived_at = reached_at + self.round_trip_seconds / 2
            self.whole.append(arrived_at - self.written_at[update_id])

    def do(self, chat: int, act: str) -> None:
        """Let a person do what answers a message: write, or tap a button by its data."""
        self.numbers += 1
        self.waiting[chat] = self.numbers
        self.written_at[self.numbers] = time.perf_counter()
        update = _tap(chat, act) if "." in act else self._written(chat, act)
        update = {"update_id": self.numbers, **update}
        if self.door:
            self._post_soon(update)
            return
        self.pending.append(update)
        self.news.set()

    def _post_soon(self, update: dict[str, Any]) -> None:
        task = asyncio.create_task(self._post(update))
        self.posts.add(task)
        task.add_done_callback(self.posts.discard)

    async def _post(self, update: dict[str, Any]) -> None:
        """Post an update until it is taken."""
        assert self.door is not None
        assert self.poster is not None
        url, secret = self.door
        async with self.places:
            while self.running:
                await asyncio.sleep(self.round_trip_seconds / 2)
                self.handed_at[update["update_id"]] = time.perf_counter()
                headers = {SECRET_HEADER: secret}
                async with self.poster.post(url, json=update, headers=headers) as response:
                    await response.read()
                await asyncio.sleep(self.round_trip_seconds / 2)
                if response.ok:
                    return

    def _written(self, chat: int, text: str) -> dict[str, Any]:
        entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        message = {"message_id": self.numbers, "date": 1, "chat": _chat(chat), "text": text}
        message |= {"entities": entities} if text.startswith("/") else {}
        return {"message": message | {"from": _person(chat)}}

    def forget(self) -> None:
        """Begin to measure."""
        self.steps = 0
        self.inside.clear()
        self.whole.clear()


def _act_on(markup: dict[str, Any] | str) -> str:
    """Choose what a person does at a message: a button's data, words, or /start at the end."""
    shown = json.loads(markup) if isinstance(markup, str) else markup
    rows = shown.get("inline_keyboard") or []
    data = [str(button["callback_data"]) for row in rows for button in row]
    if any(one.rpartition(".")[2].startswith("change") for one in data):
        return "/start"
    for wanted in ("agree", "send"):
        found = [one for one in data if one.endswith(f".{wanted}")]
        if found:
            return found[0]
    forward = [one for one in data if one.rpartition(".")[2] not in SIDEWAYS]
    skips = [one for one in data if one.endswith(".skip")]
    return next(iter((*forward, *skips)), "12")


def _tap(chat: int, data: str) -> dict[str, Any]:
    under = {"message_id": 1, "date": 1, "chat": _chat(chat)}
    tap = {"id": "1", "from": _person(chat), "chat_instance": "1", "data": data}
    return {"callback_query": {**tap, "message": under}}


def _person(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "P", "language_code": "en"}


def _chat(chat: int) -> dict[str, Any]:
    return {"id": chat, "type": "private", "first_name": "P"}


@asynccontextmanager
async def serving(stub: Telegram) -> AsyncIterator[str]:
    """Serve the stub on loopback; yield its address."""
    app = web.Application()
    app.router.add_route("*", f"/bot{TOKEN}/{{method}}", stub.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, shutdown_timeout=0.1)
    await site.start()
    async with aiohttp.ClientSession() as stub.poster:
        try:
            yield "http://{}:{}".format(*runner.addresses[0][:2])
        finally:
            for post in stub.posts:
                post.cancel()
            await asyncio.gather(*stub.posts, return_exceptions=True)
            await runner.cleanup()
