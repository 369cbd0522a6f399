"""How many form steps a second the bot takes and keeps, and how long one takes.

    python tests/benchmarks/turns.py [SECONDS]

The bot is `python -m bot run`, SQLite with `synchronous=FULL` on the disk of the temporary folder.
Telegram is a stub in this process, so as not to measure the simulator: it hands out updates by long
polling and answers each call after a round trip. A step is an update taken, an answer understood
and kept, and the next question sent. The baseline in the same run is python-telegram-bot's own
echo bot with its default transport, which keeps nothing.

`inside` is from the moment the bot has an update until its reply leaves; `whole` is from the moment
a person wrote until the reply reaches Telegram, half a round trip and more each way.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

ROOT = Path(__file__).parents[2]
TOKEN = "123456:a-token-of-the-benchmark"
PEOPLE = 400
QUESTIONS = 60
ROUND_TRIP_SECONDS = 0.04
STEADY_PER_SECOND = 200
BATCH_MAX = 100

PROGRAMME = """
name = "springs"
languages = ["en"]
time_zone = "UTC"
safety = "normal"
offered = ["springs"]
responder = "crew@springs.example"
retention_days = 365
attachment_megabytes_max = 2
title = { en = "Springs" }
consent = { version = "1", text = { en = "Do you agree?" } }
"""
FORM = """
| survey |
| | type | name | label |
{rows}
| settings |
| | form_id | version |
| | springs | 1 |
"""


@dataclass(slots=True)
class Telegram:
    """The stub: people who answer whatever is asked, at once or when told to."""

    round_trip_seconds: float
    at_once: bool = True
    running: bool = True
    pending: deque[dict[str, Any]] = field(default_factory=deque)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    numbers: int = 0
    written_at: dict[int, float] = field(default_factory=dict)
    handed_at: dict[int, float] = field(default_factory=dict)
    waiting: dict[int, int] = field(default_factory=dict)
    ready: deque[int] = field(default_factory=deque)
    steps: int = 0
    inside: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one call of the Bot API, half a round trip later."""
        method = request.match_info["method"]
        given = await self._read(request)
        reached_at = time.perf_counter()
        await asyncio.sleep(self.round_trip_seconds / 2)
        result = await self._do(method, given, reached_at)
        await asyncio.sleep(self.round_trip_seconds / 2)
        if method == "getUpdates":
            now = time.perf_counter()
            self.handed_at.update({update["update_id"]: now for update in result})
        return web.json_response({"ok": True, "result": result})

    async def _read(self, request: web.Request) -> dict[str, Any]:
        if request.content_type == "application/json":
            return dict(await request.json())
        return dict(await request.post())

    async def _do(self, method: str, given: dict[str, Any], reached_at: float) -> Any:
        match method:
            case "getMe":
                return {"id": 123456, "is_bot": True, "first_name": "B", "username": "b_bot"}
            case "getUpdates":
                return await self._updates(int(given.get("offset", 0)), int(given["timeout"]))
            case "sendMessage":
                return self._message(given, reached_at)
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
        buttons = (given.get("reply_markup") or {}).get("inline_keyboard") or []
        agree = [
            b["callback_data"] for row in buttons for b in row if "agree" in b["callback_data"]
        ]
        if agree:
            self.tap(chat, agree[0])
        elif self.at_once and self.running:
            self.write(chat, "an answer")
        else:
            self.ready.append(chat)
        return {"message_id": self.numbers, "date": 1, "chat": self._chat(chat), "text": text}

    def _count(self, chat: int, reached_at: float) -> None:
        update_id = self.waiting.pop(chat, 0)
        if update_id and self.running:
            self.steps += 1
            self.inside.append(reached_at - self.handed_at[update_id])
            arrived_at = reached_at + self.round_trip_seconds / 2
            self.whole.append(arrived_at - self.written_at[update_id])

    def write(self, chat: int, text: str) -> None:
        """Let a person write."""
        self._come(chat, message=self._written(chat, text))

    def tap(self, chat: int, data: str) -> None:
        """Let a person tap a button."""
        tapped = {"message_id": 1, "date": 1, "chat": self._chat(chat)}
        tap = {"id": "1", "from": self._person(chat), "chat_instance": "1", "data": data}
        self._come(chat, callback_query={**tap, "message": tapped})

    def _come(self, chat: int, **update: Any) -> None:
        self.numbers += 1
        self.waiting[chat] = self.numbers
        self.written_at[self.numbers] = time.perf_counter()
        self.pending.append({"update_id": self.numbers, **update})
        self.news.set()

    def _written(self, chat: int, text: str) -> dict[str, Any]:
        who = {"from": self._person(chat), "chat": self._chat(chat)}
        entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        return {"message_id": self.numbers, "date": 1, **who, "text": text} | (
            {"entities": entities} if text.startswith("/") else {}
        )

    def _person(self, chat: int) -> dict[str, Any]:
        return {"id": chat, "is_bot": False, "first_name": "P", "language_code": "en"}

    def _chat(self, chat: int) -> dict[str, Any]:
        return {"id": chat, "type": "private", "first_name": "P"}

    def forget(self) -> None:
        """Begin to measure."""
        self.steps = 0
        self.inside.clear()
        self.whole.clear()


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run showed: steps a second, and milliseconds."""

    per_second: float
    inside: tuple[float, float]
    whole: tuple[float, float]


@asynccontextmanager
async def serving(stub: Telegram) -> AsyncIterator[str]:
    """Serve the stub on loopback; yield its address."""
    app = web.Application()
    app.router.add_route("*", f"/bot{TOKEN}/{{method}}", stub.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, shutdown_timeout=0.1)
    await site.start()
    try:
        yield "http://{}:{}".format(*runner.addresses[0][:2])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def running(*command: str, folder: str, api_url: str) -> AsyncIterator[None]:
    """Run a bot as a process of its own."""
    variables = {"PYTHONPATH": str(ROOT), "BARAZA_TOKEN": TOKEN, "BARAZA_API_URL": api_url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=folder, env=os.environ | variables,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def measure(
    bot: Callable[[str], AbstractContextManager[tuple[str, ...]]],
    seconds: float,
    round_trip_seconds: float,
    per_second: int = 0,
) -> Figures:
    """Let people answer for `seconds`: each at once, or so many of them `per_second`."""
    stub = Telegram(round_trip_seconds, at_once=False)
    with tempfile.TemporaryDirectory() as folder, bot(folder) as command:
        async with (
            serving(stub) as api_url,
            running(*command, folder=folder, api_url=api_url),
            asyncio.timeout(seconds + 120),
        ):
            for person in range(1, PEOPLE + 1):
                stub.write(person, "/start")
            while len(stub.ready) < PEOPLE:  # noqa: ASYNC110 - a stub rings no bell.
                await asyncio.sleep(0.05)
            stub.forget()
            began_at = time.perf_counter()
            await (_steadily(stub, seconds, per_second) if per_second else _at_once(stub, seconds))
            took = time.perf_counter() - began_at
            stub.running = False
            return Figures(stub.steps / took, _percentiles(stub.inside), _percentiles(stub.whole))


async def _at_once(stub: Telegram, seconds: float) -> None:
    stub.at_once = True
    while stub.ready:
        stub.write(stub.ready.popleft(), "an answer")
    await asyncio.sleep(seconds)


async def _steadily(stub: Telegram, seconds: float, per_second: int) -> None:
    began_at, written = time.perf_counter(), 0
    while (passed := time.perf_counter() - began_at) < seconds:
        while written < passed * per_second and stub.ready:
            stub.write(stub.ready.popleft(), "an answer")
            written += 1
        await asyncio.sleep(0.001)


def _percentiles(seconds: list[float]) -> tuple[float, float]:
    ordered = sorted(seconds) or [float("nan")]
    return tuple(ordered[int(len(ordered) * part)] * 1e3 for part in (0.5, 0.99))  # type: ignore[return-value]


@contextmanager
def baraza(folder: str) -> Iterator[tuple[str, ...]]:
    """Lay out a programme and return the command that serves it."""
    programme = Path(folder) / "springs"
    (programme / "forms").mkdir(parents=True)
    (programme / "programme.toml").write_text(PROGRAMME, "utf-8")
    rows = "\n".join(f"| | text | q{k} | Question {k}? |" for k in range(QUESTIONS))
    (programme / "forms" / "springs.md").write_text(FORM.format(rows=rows), "utf-8")
    yield "-m", "bot", "run", str(programme), "--no-browser"


@contextmanager
def echo(_folder: str) -> Iterator[tuple[str, ...]]:
    """Return the command that runs the baseline."""
    yield __file__, "--echo"


def run_echo() -> None:
    """Run python-telegram-bot's echo bot as its documentation shows it."""

    async def say_again(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "")

    builder = Application.builder().token(TOKEN).base_url(f"{os.environ['BARAZA_API_URL']}/bot")
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, say_again))
    application.run_polling()


async def main(seconds: float) -> None:
    """Print a line for each round trip, and one for a steady flow."""
    say = print
    say("round trip  what             steps/s  ratio   inside p50    p99   whole p50    p99 (ms)")
    for round_trip in (0.0, ROUND_TRIP_SECONDS):
        base = await measure(echo, seconds, round_trip)
        ours = await measure(baraza, seconds, round_trip)
        for name, found in (("echo bot, no form", base), ("baraza", ours)):
            say(_line(name, round_trip, found, f"{found.per_second / base.per_second:5.1f}"))
    steady = await measure(baraza, seconds, ROUND_TRIP_SECONDS, STEADY_PER_SECOND)
    say(_line(f"baraza at {STEADY_PER_SECOND}/s", ROUND_TRIP_SECONDS, steady, "    -"))


def _line(name: str, round_trip: float, found: Figures, ratio: str) -> str:
    return (
        f"{round_trip * 1e3:7.0f} ms  {name:17}{found.per_second:7.0f}  {ratio}"
        f"  {found.inside[0]:10.1f} {found.inside[1]:6.1f}"
        f"  {found.whole[0]:10.1f} {found.whole[1]:6.1f}"
    )


if __name__ == "__main__":
    if "--echo" in sys.argv:
        run_echo()
    else:
        asyncio.run(main(float(sys.argv[1]) if sys.argv[1:] else 8.0))
