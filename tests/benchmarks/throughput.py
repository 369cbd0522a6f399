"""How many form steps a second the bot takes and keeps, how long one takes, and what it costs.

    python tests/benchmarks/throughput.py [--seconds 6] [--sessions 0,100000,1000000]
                                          [--postgres packaged|URL] [--only WORD] [--profile FILE]

The bot is `python -m bot run`: the whole process, SQLite with `synchronous=FULL` on the disk of
the temporary folder, or PostgreSQL (`packaged` starts the one of the tests with its usual
durability, a URL names another; each run gets a database of its own) with 1, 2 and 4 workers behind
a webhook. `report` is the programme that ships, tapped
through from /start to the receipt and again from /start; a step there is three calls of the Bot
API (the tap is answered, the question changed, the next one sent). `ten` are ten texts; a step
there is two calls (the keys of the question before are taken away beside the next one), where the
two peers, which keep nothing for certain, make one: python-telegram-bot's Application with
ConversationHandler and PicklePersistence, and aiogram with states in memory.

Steps do not cost the same: a form's first question costs three times its fifth, and the receipt
ten times. So before anything is measured people are led to all places between /start and the
receipt alike (some 7,000 steps; `--together` leaves them at the first question, which is where all
figures before that were taken), and then answer in an order that is drawn: in the order in which
they got there, all receipts of a minute fell into the same second.

Bars. `ten` at 0 ms: 1,000 steps a second. `ten` at 200 a second with 40 ms of round trip: the 99th
of a hundred `inside` at most 50 ms, which is what a person waits for the bot rather than for the
network (`report` edits the question before it asks the next, so a round trip of its own is in its
`inside`). A million stored sessions: at most 100 MB more than none, at most 30 % slower.

Sessions are those of other people, stored before. CPU and memory are those of the bot's processes,
from /proc. What else runs on the machine counts in every figure, so the load stands above them; the
ratios to the peers of the same run hold better than the figures. Telegram is `stub`, in this
process, on another core where there is one.

How long it takes on two cores with little else to do: about half a minute for each line of
`report` and of `ten`, a third of that for the peers; 20 seconds more for each 100,000 sessions
that are stored, which take 0.5 GB of the temporary folder. No line takes longer than `--seconds`
and six minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.programmes import SHIPPED, programme_folder
from conversations.session import Session
from storage.migrate import migrate
from storage.opening import open_store
from storage.sessions import BEGIN
from tests.benchmarks.databases import empty_database, server_of
from tests.benchmarks.processes import cpu_seconds, resident_megabytes
from tests.benchmarks.stub import TOKEN, Telegram, serving

ROOT = Path(__file__).parents[2]
WORKBOOKS = Path(tempfile.gettempdir()) / "baraza-benchmarks"
ROUND_TRIP_SECONDS = 0.04
STEADY_PER_SECOND = 200
STORED_AT_ONCE = 20_000
KEY = bytes(range(32))
TEN = 10
WORKERS = (1, 2, 4)
LED_SECONDS_MAX = 240.0
"""How long people are led apart before they are measured where they are by then."""

PEOPLE = 1_200
"""Enough that nobody meets the pace of one chat: a burst of 20 calls, then one a second."""

PROGRAMME = """
name = "springs"
languages = ["en"]
time_zone = "UTC"
safety = "normal"
offered = ["springs"]
responder = "crew@springs.example"
retention_days = 365
attachment_megabytes_max = 2
limits = { updates_a_minute = 0, reports_a_day = 0 }
title = { en = "Springs" }
consent = { version = "1", text = { en = "Do you agree?" } }
"""
FORM = """
| survey |
| | type | name | label | required |
{rows}
| settings |
| | form_id | version |
| | springs | 1 |
"""


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot to measure: what it is, and with how many people, or so many steps a second."""

    name: str
    people: int = PEOPLE
    per_second: int = 0
    stored: int = 0
    workers: int = 0
    """Processes behind a webhook, on PostgreSQL; none: it polls, on SQLite."""

    @property
    def places(self) -> int:
        """Return how many steps people are led apart; the peers' are all alike."""
        return {"report": 20, "ten": 13}.get(self.name, 1)


@dataclass(frozen=True, slots=True)
class Figures:
    """Steps a second; milliseconds (p50, p99); CPU milliseconds a step; megabytes."""

    per_second: float
    inside: tuple[float, float]
    whole: tuple[float, float]
    cpu_ms: float
    resident_mb: float


@dataclass(slots=True)
class Bench:
    """One run of the command."""

    seconds: float
    profile: str = ""
    postgres: str = ""
    together: bool = False
    folders: dict[int, Path] = field(default_factory=dict)

    async def measure(self, bot: Bot, round_trip_seconds: float) -> Figures:
        """Let people answer for a while: each at once, or so many of them a second."""
        stub = Telegram(round_trip_seconds)
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            if bot.stored:
                shutil.move(self.folders[bot.stored] / "baraza-data", folder)
            command = _command(bot, folder, self.profile)
            async with AsyncExitStack() as stack:
                variables = {
                    "PYTHONPATH": str(ROOT),
                    "BARAZA_TOKEN": TOKEN,
                    "BARAZA_API_URL": await stack.enter_async_context(serving(stub)),
                    "BARAZA_KEY": KEY.hex(),
                    **(await _behind_a_webhook(bot, self.postgres) if bot.workers else {}),
                }
                process = await stack.enter_async_context(_running(command, folder, variables))
                async with asyncio.timeout(2 * self.seconds + LED_SECONDS_MAX + 60):
                    return await self._measured(stub, bot, process)

    async def _measured(self, stub: Telegram, bot: Bot, process: int) -> Figures:
        for person in range(1, bot.people + 1):
            stub.do(person, "/start")
        while len(stub.ready) < bot.people:
            os.kill(process, 0)  # Whoever is gone is not waited for.
            await asyncio.sleep(0.05)
        if not self.together:
            await self._lead_apart(stub, bot)
        await self._flow(stub, bot, self.seconds / 3)
        stub.forget()
        cpu, began_at = cpu_seconds(process), time.perf_counter()
        await self._flow(stub, bot, self.seconds)
        took = time.perf_counter() - began_at
        cpu_ms = (cpu_seconds(process) - cpu) / max(stub.steps, 1) * 1e3
        stub.running = False
        megabytes = resident_megabytes(process)
        return Figures(
            stub.steps / took, _parts(stub.inside), _parts(stub.whole), cpu_ms, megabytes
        )

    async def _lead_apart(self, stub: Telegram, bot: Bot) -> None:
        """Let each person make as many steps as bring them to a place of their own."""
        wanted = {person: person % bot.places for person in range(1, bot.people + 1)}
        there: list[tuple[int, str]] = []
        until = time.perf_counter() + LED_SECONDS_MAX
        while len(there) < bot.people and time.perf_counter() < until:
            while stub.ready:
                person, act = stub.ready.popleft()
                if wanted[person]:
                    wanted[person] -= 1
                    stub.do(person, act)
                else:
                    there.append((person, act))
            await asyncio.sleep(0.02)
        Random(0).shuffle(there)  # noqa: S311 - nothing secret hangs on it.
        stub.ready.extendleft(there)

    async def _flow(self, stub: Telegram, bot: Bot, seconds: float) -> None:
        stub.at_once = not bot.per_second
        began_at, done = time.perf_counter(), 0
        while (passed := time.perf_counter() - began_at) < seconds:
            due = passed * bot.per_second if bot.per_second else bot.people
            while done < due and stub.ready:
                stub.do(*stub.ready.popleft())
                done += 1
            await asyncio.sleep(0.001 if bot.per_second else 0.1)

    async def store_sessions(self, number: int) -> None:
        """Make a data folder with the sessions of so many other people, once for all runs."""
        folder = self.folders[number] = Path(tempfile.mkdtemp())
        (folder / "baraza-data").mkdir()
        url = f"sqlite:///{folder}/baraza-data/baraza.db"
        await migrate(url)
        store = await open_store(url, KEY)
        now = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1e6)
        for start in range(0, number, STORED_AT_ONCE):
            people = range(start, min(start + STORED_AT_ONCE, number))
            async with store.unit() as unit:
                await unit.run_many(BEGIN, [_stored(person, now) for person in people])
        await store.close()


def _stored(person: int, now: int) -> tuple[str | int, ...]:
    """Return the row of a session in the middle of a form, about as large as real ones."""
    draft = tuple((f"/data/group/question_{number}", "an answer") for number in range(10))
    session = Session(
        key=f"{person:032x}",
        language="sw",
        stage="question",
        form_id="elsewhere",
        form_version="1",
        step=12,
        current="/data/group/question_10",
        trail=tuple(path for path, _ in draft),
        draft=draft,
    )
    place = (f"other-{person:058x}", "elsewhere", session.key)
    return (*place, session.form_id, "1", session.stage, session.to_json(), now)


def _command(bot: Bot, folder: Path, profile: str) -> tuple[str, ...]:
    run = ("-m", "cProfile", "-o", profile, "-m", "bot") if profile else ("-m", "bot")
    match bot.name:
        case "report":
            return (*run, "run", str(programme_folder(SHIPPED[0])), "--no-browser")
        case "ten":
            return (*run, "run", str(_ten(folder)), "--no-browser")
        case peer:
            return (str(Path(__file__).with_name("peers.py")), peer)


def _ten(folder: Path) -> Path:
    """Lay out a programme with a form of ten texts."""
    programme = folder / "springs"
    (programme / "forms").mkdir(parents=True)
    (programme / "programme.toml").write_text(PROGRAMME, "utf-8")
    rows = "\n".join(f"| | text | q{number} | Question {number}? | yes |" for number in range(TEN))
    (programme / "forms" / "springs.md").write_text(FORM.format(rows=rows), "utf-8")
    return programme


async def _behind_a_webhook(bot: Bot, server: str) -> dict[str, str]:
    """Say how a bot with workers is run: on PostgreSQL, at a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return {
        "BARAZA_DATABASE_URL": await empty_database(server),
        "BARAZA_WEBHOOK": f"http://127.0.0.1:{port}/telegram",
        "BARAZA_PORT": str(port),
        "BARAZA_WORKERS": str(bot.workers),
    }


@asynccontextmanager
async def _running(
    command: tuple[str, ...], folder: Path, variables: dict[str, str]
) -> AsyncIterator[int]:
    """Run a bot as a process of its own; yield its id."""
    log = (folder / "log").open("wb")
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=folder, env=os.environ | variables, stdout=log, stderr=log
    )
    try:
        yield process.pid
    except TimeoutError:
        sys.stderr.write((folder / "log").read_text("utf-8", "replace")[-3_000:])
        raise
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()
        log.close()


def _parts(seconds: list[float]) -> tuple[float, float]:
    ordered = sorted(seconds) or [float("nan")]
    middle, slow = (ordered[int(len(ordered) * part)] * 1e3 for part in (0.5, 0.99))
    return middle, slow


def _bots(stored: list[int], postgres: str) -> Iterator[tuple[str, Bot, float]]:
    """List what is measured: a title, the bot and the round trip."""
    for seconds in (0.0, ROUND_TRIP_SECONDS):
        yield "telegram-ext, ten", Bot("telegram-ext", people=50), seconds
        yield "aiogram, ten", Bot("aiogram"), seconds
        yield "baraza, ten", Bot("ten"), seconds
        yield "baraza, report", Bot("report"), seconds
    far = ROUND_TRIP_SECONDS
    for number in stored:
        if number:
            yield f"report, {number:,} stored", Bot("report", stored=number), far
    steady = Bot("report", per_second=STEADY_PER_SECOND)
    yield f"ten at {STEADY_PER_SECOND}/s", replace(steady, name="ten"), far
    yield f"report at {STEADY_PER_SECOND}/s", steady, far
    for workers in WORKERS if postgres else ():
        named = f"PostgreSQL, {workers} worker{'s' if workers > 1 else ''}"
        yield f"{named}, ten", Bot("ten", workers=workers), 0.0
        yield f"{named}, report", Bot("report", workers=workers), far


@contextmanager
def _cleared(bench: Bench) -> Iterator[None]:
    try:
        yield
    finally:
        for folder in bench.folders.values():
            shutil.rmtree(folder, ignore_errors=True)


async def main(given: argparse.Namespace) -> None:
    """Print a line for each bot; ratios are to the two peers at the same round trip."""
    bench = Bench(given.seconds, given.profile, given.postgres, given.together)
    stored = [int(number) for number in given.sessions.split(",")]
    peers: dict[tuple[str, float], float] = {}
    say = print
    say(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {given.seconds:.0f} s each")
    say("round trip  what                      steps/s  x ext  x aio   inside p50    p99", end="")
    say("   whole p50    p99 ms  CPU ms/step     MB")
    with _cleared(bench):
        for number in filter(None, stored):
            await bench.store_sessions(number)
        for title, bot, far in _bots(stored, given.postgres):
            if given.only in title:
                found = await bench.measure(bot, far)
                peers[bot.name, far] = found.per_second
                bases = [
                    peers.get((peer, far), float("nan")) for peer in ("telegram-ext", "aiogram")
                ]
                say(_line(title, far, found, bases), flush=True)


def _line(title: str, round_trip: float, found: Figures, bases: list[float]) -> str:
    ratios = "".join(f"{found.per_second / base:7.1f}" for base in bases)
    return (
        f"{round_trip * 1e3:7.0f} ms  {title:25}{found.per_second:8.0f}{ratios}"
        f"  {found.inside[0]:11.1f} {found.inside[1]:6.1f}"
        f"  {found.whole[0]:10.1f} {found.whole[1]:6.1f}"
        f"  {found.cpu_ms:14.2f} {found.resident_mb:6.0f}"
    )


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--sessions", default="0,100000", help="such as 0,100000,1000000")
    parser.add_argument("--postgres", default="", help="packaged, or a server's URL")
    parser.add_argument("--only", default="", help="a word in the titles of what is measured")
    parser.add_argument("--together", action="store_true", help="do not lead people apart first")
    parser.add_argument("--profile", default="", help="write a profile of the bot to a file")
    return parser.parse_args()


if __name__ == "__main__":
    asked = _given()
    with server_of(asked.postgres) as asked.postgres:
        asyncio.run(main(asked))
