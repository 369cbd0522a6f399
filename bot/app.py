"""Where everything is wired together: the one place that reads the clock and makes ids.

`serve` runs the bot until it is told to stop. Without a token it serves the simulator on loopback
and talks to that, over the same HTTP client and through the same code as to Telegram.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.house import Doors, House
from bot.library import open_library
from bot.logs import log_trouble
from bot.serving import (
    CONSOLE_PATH,
    DEFAULT_PORT,
    LOOPBACK,
    address_of,
    listen,
    listen_somewhere,
    served,
)
from bot.settings import Settings
from bot.simulator.server import TOKEN, simulator_app
from bot.simulator.world import World
from bot.telegram.client import Telegram
from bot.telegram.patience import patiently
from bot.webhook import secret_of
from conversations.programme import Programme
from conversations.xform.instance import Surroundings
from locales.locale import locales_of
from storage.errors import WrongKey
from storage.migrate import migrate
from storage.opening import open_store
from storage.store import Store

log = logging.getLogger(__name__)

SAME_WISH_SECONDS = 1.0
"""Signals to stop within this time are one."""


@dataclass(frozen=True, slots=True)
class Running:
    """What is told once the bot is up: where the simulator's page is, or who listens and how."""

    page: str = ""
    username: str = ""
    webhook: str = ""
    workers: int = 1
    console: str = ""


def system_clock() -> datetime:
    """Return the time now, aware, in UTC."""
    return datetime.now(UTC)


def counted_seconds() -> float:
    """Return seconds that only count on; those in which the machine slept count where it tells."""
    which = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if which is None else time.clock_gettime(which)


def fresh_key() -> str:
    """Return a new session's key: 32 hexadecimal digits nobody can guess."""
    return uuid.uuid4().hex


async def serve(
    settings: Settings,
    programme: Programme,
    stop: asyncio.Event,
    started: Callable[[Running], None],
    doors: Doors | None = None,
) -> None:
    """Run the bot until `stop` is set; then finish what is under way and close everything.

    A worker is given its `doors`: its supervisor has spoken to Telegram. Raise `PortInUse`,
    `WebhookRefused`, `storage.errors.StorageError` or `bot.telegram.errors.TokenRefused` when it
    cannot run.
    """
    async with AsyncExitStack() as stack:
        store = await open_current(settings)
        stack.push_async_callback(store.close)
        if settings.token is None:
            world = World(system_clock)
            page = await stack.enter_async_context(simulator(world, settings.port))
            telegram = Telegram(TOKEN, page)
            clock, running = world.now, Running(page=page)
        else:
            telegram = Telegram(settings.token.get_secret_value(), settings.api_url)
            clock, running = system_clock, Running(webhook=settings.webhook)
        await stack.enter_async_context(telegram)
        doors = open_doors(settings) if doors is None else doors
        me = await patiently(stop, lambda: telegram.call("getMe", {}), "Telegram is away")
        if me is None:
            return
        running = replace(running, username=me["username"])
        library = await open_library(store, programme, clock())
        token = settings.token.get_secret_value() if settings.token else ""
        house = House(
            *(library, store, telegram, settings.data_dir),
            *(clock, system_clock, counted_seconds if token else None, fresh_key),
            *(locales_of(programme.fallback), doors, token),
            username=running.username,
        )
        running = replace(running, console=doors.console_url)
        await house.work(stop, lambda: started(running))


def open_doors(settings: Settings) -> Doors:
    """Listen where the settings say; raise `PortInUse`."""
    port = DEFAULT_PORT if settings.port is None else settings.port
    return doors_of(
        settings,
        listen(settings.host, port) if settings.webhook else None,
        _own_door(settings.metrics_port, "--metrics-port"),
        _own_door(settings.console_port, "--console-port"),
    )


def _own_door(port: int | None, option: str) -> socket.socket | None:
    return None if port is None else listen(LOOPBACK, port, option)


def doors_of(
    settings: Settings,
    webhook: socket.socket | None,
    metrics: socket.socket | None,
    console: socket.socket | None = None,
    *,
    announced: bool = False,
) -> Doors:
    """Return what listens, with the secret that is the same in all processes of one bot."""
    url = settings.console
    if console is not None and not settings.console_url:
        url = address_of(console) + CONSOLE_PATH
    if webhook is None or settings.token is None:
        return Doors(None, metrics, console=console, console_url=url)
    secret = secret_of(settings.pseudonym_key(), settings.token.get_secret_value())
    return Doors(webhook, metrics, settings.webhook, secret, announced, console, url)


async def open_current(settings: Settings) -> Store:
    """Bring the database up to date and open it.

    A key made just now does not stay where another one is missed.
    """
    await migrate(settings.store_url)
    made_now = not settings.has_key()
    try:
        return await open_store(settings.store_url, settings.pseudonym_key())
    except WrongKey:
        if made_now:
            settings.key_file.unlink()
        raise


@asynccontextmanager
async def simulator(world: World, port: int | None) -> AsyncIterator[str]:
    """Serve the simulator on loopback; yield its address."""
    listening, app = listen_somewhere(port), simulator_app(world)
    async with served(app, listening):
        try:
            yield address_of(listening)
        finally:
            await app.close()


@contextmanager
def until_told() -> Iterator[asyncio.Event]:
    """Yield an event that Ctrl-C or SIGTERM sets; a second one, later, ends the process at once.

    That is safe at any instant, as a kill is. What comes within a second of the first is the same
    wish, handed on by a wrapper of ours.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    told_at: list[float] = []

    def told(number: int) -> None:
        told_at.append(loop.time())
        if told_at[-1] - told_at[0] > SAME_WISH_SECONDS:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        if not stop.is_set():
            log.info("Stopping; what is under way is finished first, a second Ctrl-C ends it now")
        stop.set()

    for number in signals:
        try:
            loop.add_signal_handler(number, told, number)
        except NotImplementedError:  # Windows: Ctrl-C arrives as KeyboardInterrupt there.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    try:
        yield stop
    finally:
        for number in signals:
            signal.signal(number, signal.SIG_DFL)


async def run(settings: Settings, programme: Programme, started: Callable[[Running], None]) -> None:
    """Run the bot until Ctrl-C or SIGTERM; see `serve`."""
    asyncio.get_running_loop().set_exception_handler(log_trouble)
    with until_told() as stop:
        await serve(settings, programme, stop, started)


def surroundings(language: str) -> Surroundings:
    """Return what an instance filled in here and now knows of the world."""
    now = datetime.now().astimezone()
    key = fresh_key()
    return Surroundings(
        now=now,
        language=language,
        seed=key,
        instance_id=f"uuid:{uuid.UUID(key)}",
        started_at=now,
    )
