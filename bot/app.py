"""Where everything is wired together: the one place that reads the clock and makes ids.

`serve` runs the bot until it is told to stop. Without a token it serves the simulator on loopback
and talks to that, over the same HTTP client and through the same code as to Telegram.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import uvicorn

from bot.dispatch import Dispatch
from bot.fetcher import Fetcher
from bot.intake import poll
from bot.introduction import introduction_calls
from bot.library import Library, open_library
from bot.logs import log_trouble
from bot.returning import ask_again, away_since
from bot.sender import Sender
from bot.settings import Settings
from bot.simulator.server import TOKEN, simulator_app
from bot.simulator.world import World
from bot.telegram.client import Telegram
from bot.telegram.errors import Refused
from bot.telegram.patience import patiently, unless
from bot.ticks import ticking
from bot.workshop import Workshop
from conversations.programme import Programme
from conversations.xform.instance import Surroundings
from locales.locale import locales_of
from storage import outbox
from storage.errors import WrongKey
from storage.files import Files
from storage.migrate import migrate
from storage.opening import open_store
from storage.store import Store

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8080

STOPPING_SECONDS_MAX = 3
"""How long the simulator waits for its browsers when it stops."""

SAME_WISH_SECONDS = 1.0
"""Signals to stop within this time are one."""


class PortInUse(Exception):
    """The port asked for is taken."""


@dataclass(frozen=True, slots=True)
class Running:
    """What `serve` reports once the bot is up: where the simulator's page is, or the bot's name."""

    page: str = ""
    username: str = ""


def system_clock() -> datetime:
    """Return the time now, aware, in UTC."""
    return datetime.now(UTC)


def fresh_key() -> str:
    """Return a new session's key: 32 hexadecimal digits nobody can guess."""
    return uuid.uuid4().hex


async def serve(
    settings: Settings,
    programme: Programme,
    port: int | None,
    stop: asyncio.Event,
    started: Callable[[Running], None],
) -> None:
    """Run the bot until `stop` is set; then finish what is under way and close everything.

    `port` is the simulator's, None for the usual one or, if that is taken, any. Raise `PortInUse`,
    `storage.errors.StorageError` or `bot.telegram.errors.TokenRefused` when it cannot run.
    """
    async with AsyncExitStack() as stack:
        store = await _open(settings)
        stack.push_async_callback(store.close)
        if settings.token is None:
            world = World(system_clock)
            page = await stack.enter_async_context(simulator(world, port))
            telegram = Telegram(TOKEN, page)
            clock, running = world.now, Running(page=page)
        else:
            telegram = Telegram(settings.token.get_secret_value(), settings.api_url)
            clock, running = system_clock, Running()
        await stack.enter_async_context(telegram)
        me = await patiently(stop, lambda: telegram.call("getMe", {}), "Telegram is away")
        if me is None:
            return
        library = await open_library(store, programme, clock())
        await patiently(stop, partial(_ask, telegram, "deleteWebhook", {}), "Telegram is away")
        started(Running(running.page, me["username"]))
        await _work(settings, library, store, telegram, clock, stop)


async def _open(settings: Settings) -> Store:
    """Open the store; a key made just now does not stay where another one is missed."""
    await migrate(settings.store_url)
    made_now = not settings.has_key()
    try:
        return await open_store(settings.store_url, settings.pseudonym_key())
    except WrongKey:
        if made_now:
            settings.key_file.unlink()
        raise


async def _work(  # noqa: PLR0913, PLR0917 - this is where all parts meet.
    settings: Settings,
    library: Library,
    store: Store,
    telegram: Telegram,
    clock: Callable[[], datetime],
    stop: asyncio.Event,
) -> None:
    programme = library.programme
    locale_of = locales_of(programme.fallback)
    sender = Sender(store, telegram, programme, clock, fresh_key())
    files = Files(settings.data_dir)
    dispatch = Dispatch(store, library, locale_of, clock, fresh_key, sender.wake)
    fetcher = Fetcher(store, files, telegram, clock)
    cache_folder = settings.data_dir / "workbooks"
    workshop = Workshop(
        store, library, telegram, locale_of, clock, fresh_key, cache_folder, sender.wake
    )
    if store.alone:
        async with store.unit() as unit:
            # Whoever held a lease is dead: this process has the store to itself.
            await outbox.release(unit)
    caught_up, back_at = asyncio.Event(), clock()
    since = await away_since(store, back_at)
    asked = _ask_again(dispatch, since, back_at, caught_up, stop)
    with ticking(store, files, clock, system_clock):
        works = (poll(telegram, dispatch, stop, caught_up), sender.run(stop), fetcher.run(stop))
        beside = (workshop.run(stop), asked, _introduce(telegram, programme, stop))
        gc.freeze()  # The forms and catalogs stay; nobody need look through them for garbage.
        await _all_or_none((*works, *beside), stop)


async def _ask_again(
    dispatch: Dispatch,
    since: datetime | None,
    back_at: datetime,
    caught_up: asyncio.Event,
    stop: asyncio.Event,
) -> None:
    """Ask again whoever was left in the middle, when what waited is read; then wait for the end."""
    if since is not None:
        await unless(stop, caught_up.wait())
        await patiently(stop, partial(ask_again, dispatch, since, back_at, stop), "Nobody is asked")
    await stop.wait()


async def _all_or_none(works: Iterable[Awaitable[None]], stop: asyncio.Event) -> None:
    """Run all until one ends; raise what ended it as it is, for the caller to name."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for work in works:
                tasks.create_task(_stopping_all(work, stop))
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None


async def _stopping_all(work: Awaitable[None], stop: asyncio.Event) -> None:
    """Run one of them; when it ends, for whatever reason, the others end too."""
    try:
        await work
    finally:
        stop.set()


async def _introduce(telegram: Telegram, programme: Programme, stop: asyncio.Event) -> None:
    """Introduce the bot, then wait for the end.

    This goes on beside everything else: Telegram takes such calls so seldom that it may ask for
    hours between them.
    """
    introduction = introduction_calls(programme, locales_of(programme.fallback))
    for method, parameters in introduction:
        call = partial(_ask, telegram, method, parameters)
        await patiently(stop, call, "The bot is not introduced yet")
    await stop.wait()


async def _ask(telegram: Telegram, method: str, parameters: Mapping[str, Any]) -> None:
    """Make a call without which the bot works too: a refusal is only logged."""
    try:
        await telegram.call(method, parameters)
    except Refused as error:
        log.warning("Telegram refused %s: %s", method, error)


@asynccontextmanager
async def simulator(world: World, port: int | None) -> AsyncIterator[str]:
    """Serve the simulator on loopback; yield its address."""
    listening = _listen(port)
    # Accepted connections inherit this; without it each answer waits 40 ms for an acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    address = f"http://{LOOPBACK}:{listening.getsockname()[1]}"
    app = simulator_app(world)
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,  # Its own handlers would write past ours.
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=STOPPING_SECONDS_MAX,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await server.listening.wait()
        yield address
    finally:
        await app.close()
        server.should_exit = True
        await serving


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
        """Take no signal: `until_told` has them."""
        yield


def _listen(port: int | None) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, DEFAULT_PORT if port is None else port))
    except OSError:
        if port is None:
            return socket.create_server((LOOPBACK, 0))
        raise PortInUse(
            f"Port {port} is taken by another program. Choose another with --port, "
            "or leave --port out to take any free one."
        ) from None


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


async def run(
    settings: Settings,
    programme: Programme,
    port: int | None,
    started: Callable[[Running], None],
) -> None:
    """Run the bot until Ctrl-C or SIGTERM; see `serve`."""
    asyncio.get_running_loop().set_exception_handler(log_trouble)
    with until_told() as stop:
        await serve(settings, programme, port, stop, started)


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
