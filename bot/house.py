"""All parts of one process, side by side until it is told to stop.

The parts know each other by what is handed to them here and by nothing else. Of several processes
that share one database, one does what is done once for all: whichever holds the lease on chores.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.asking import Asking
from bot.billboard import Billboard
from bot.broadcasts import Broadcasts
from bot.coming import Coming
from bot.console.desk import Desk
from bot.console.server import console_routes
from bot.digests import Digests
from bot.dispatch import Dispatch
from bot.errata import Errata
from bot.fetcher import Fetcher
from bot.health import Health
from bot.intake import poll
from bot.introduction import introduction_calls
from bot.library import Library
from bot.results import Results
from bot.retention import Retention
from bot.returning import ask_again, away_since
from bot.sender import Sender
from bot.serving import served
from bot.steadiness import Steadiness
from bot.telegram.client import Telegram
from bot.telegram.errors import Refused
from bot.telegram.patience import patiently, unless
from bot.ticks import Chores, Parts, ticking
from bot.webhook import AT_ONCE_MAX, STOPPING_SECONDS_MAX, Webhook, announce, watch
from bot.workshop import Workshop
from conversations.phrases import Locale
from storage import leases, outbox
from storage.files import Files
from storage.store import Store

log = logging.getLogger(__name__)

GARBAGE_FROM = 200_000
"""So many more objects than before, some 30 megabytes, before garbage is looked for.

To look takes 60 ms, in which everybody waits, and finds nothing: what turns let go is freed at
once.
"""


@dataclass(frozen=True, slots=True)
class Doors:
    """What listens already: for updates that are posted, and for those who ask how the bot is.

    Updates are posted to `url` with `secret`. They are polled for where `webhook` is None.
    """

    webhook: socket.socket | None = None
    metrics: socket.socket | None = None
    url: str = ""
    secret: str = ""
    announced: bool = False
    """Whether somebody else tells Telegram where to post, as a worker's supervisor does."""
    console: socket.socket | None = None
    console_url: str = ""
    """Where moderators' console is served on a port of its own, and the address by which moderators
    reach it; blank where there is none. Beside a webhook it needs no port."""


@dataclass(frozen=True, slots=True)
class House:
    """All parts of one process; `data_dir` holds its files."""

    library: Library
    store: Store
    telegram: Telegram
    data_dir: Path
    clock: Callable[[], datetime]
    system_clock: Callable[[], datetime]
    seconds: Callable[[], float] | None
    """Counts on, whatever happens to the clock; None where the clock is moved on purpose."""
    fresh_key: Callable[[], str]
    locale_of: Callable[[str], Locale]
    doors: Doors
    token: str = ""
    """The bot's, under which Telegram signs who opens the console; blank in the simulator."""
    username: str = ""
    """The bot's own, by which links lead to it and a group's commands name it."""

    async def work(self, stop: asyncio.Event, started: Callable[[], None]) -> None:
        """Do everything side by side until `stop` is set; call `started` when updates are taken."""
        store, telegram, clock, library = self.store, self.telegram, self.clock, self.library
        fresh_key, owner, files = self.fresh_key, self.fresh_key(), Files(self.data_dir)
        locale_of, steady = self.locale_of, Steadiness(store, clock, self.seconds)
        sender = Sender(store, telegram, library.programme, clock, owner, files)
        dispatch = Dispatch(
            *(store, library, locale_of, clock, fresh_key, sender),
            console_url=self.doors.console_url,
            username=self.username,
        )
        fetcher = Fetcher(store, files, telegram, clock, library.programme)
        cache = self.data_dir / "workbooks"
        workshop = Workshop(
            *(store, library, telegram, locale_of, clock, fresh_key, cache, sender.wake),
            is_steady=steady.is_steady,
        )
        await steady.look()
        if store.alone:
            await self._end_leases()
        chores, caught_up = Chores(store, owner, clock), asyncio.Event()
        asking = Asking(dispatch)
        coming = Coming(dispatch, owner, asking.puts(), steady.is_steady)
        rooms = (store, library, locale_of)
        parts = Parts(
            *(chores, files, steady, coming, asking, self.system_clock),
            broadcasts=Broadcasts(*rooms, steady.now, chores.are_ours, sender.wake),
            results=Results(*rooms, steady.now),
            errata=Errata(*rooms, steady.now),
            billboard=Billboard(*rooms, clock, sender.wake),
            retention=Retention(store, library, steady.now),
            digests=Digests(*rooms, steady.now, sender.wake),
        )
        with ticking(parts):
            taking = self._taking(dispatch, caught_up, stop, started, steady)
            works = (taking, sender.run(stop), fetcher.run(stop), workshop.run(stop))
            for_all = self._for_all(chores, steady, dispatch, caught_up, stop)
            # The forms and catalogs stay; nobody need look through them for garbage. And what turns
            # under way hold is none, so it is looked through seldom.
            gc.freeze()
            gc.set_threshold(GARBAGE_FROM)
            await _all_or_none((*works, for_all), stop)

    def _console(self) -> list[BaseRoute]:
        """Return the routes of moderators' console; none where it has no address."""
        url, library = self.doors.console_url, self.library
        if not url:
            return []
        files = Files(self.data_dir)
        desk = Desk(self.store, library, files, self.locale_of, self.clock, self.token, url)
        return console_routes(desk)

    async def _end_leases(self) -> None:
        """End what the dead held: this process has the store to itself."""
        async with self.store.unit() as unit:
            await outbox.release(unit)
            await leases.end_all(unit)

    async def _taking(
        self,
        dispatch: Dispatch,
        caught_up: asyncio.Event,
        stop: asyncio.Event,
        started: Callable[[], None],
        steady: Steadiness,
    ) -> None:
        """Take updates, by whichever way they come, and answer whoever asks how the bot is."""
        health = Health(self.store, self.telegram, self.clock, steady.told)
        async with AsyncExitStack() as stack:
            if self.doors.metrics is not None:
                app = Starlette(routes=health.routes())
                await stack.enter_async_context(served(app, self.doors.metrics))
            if self.doors.console is not None:
                app = Starlette(routes=self._console())
                await stack.enter_async_context(served(app, self.doors.console))
            if self.doors.webhook is None:
                forget = partial(_ask, self.telegram, "deleteWebhook", {})
                await patiently(stop, forget, "Telegram is away")
                started()
                await poll(self.telegram, dispatch, stop, caught_up)
                return
            webhook = Webhook(dispatch, self.doors.url, self.doors.secret)
            app = Starlette(routes=[webhook.route(), *health.routes(), *self._console()])
            door = served(app, self.doors.webhook, STOPPING_SECONDS_MAX, AT_ONCE_MAX)
            await stack.enter_async_context(door)
            if not self.doors.announced:
                await announce(self.telegram, self.doors.url, self.doors.secret, stop)
            started()
            await watch(self.telegram, self.doors.url, caught_up, stop, health.note)

    async def _for_all(
        self,
        chores: Chores,
        steady: Steadiness,
        dispatch: Dispatch,
        caught_up: asyncio.Event,
        stop: asyncio.Event,
    ) -> None:
        """Do what one process does for all, once that is this one; then wait for the end."""
        back_at = self.clock()
        if await chores.become_ours(stop):
            noted = partial(away_since, self.store, back_at)
            known = steady.is_steady()
            since = await patiently(stop, noted, "Nobody is asked") if known else None
            asked = _ask_again(dispatch, since, back_at, caught_up, stop)
            introduction = introduction_calls(self.library.programme, self.locale_of)
            await asyncio.gather(_introduce(self.telegram, introduction, stop), asked)
        await stop.wait()


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


async def _introduce(
    telegram: Telegram, introduction: Iterable[tuple[str, dict[str, Any]]], stop: asyncio.Event
) -> None:
    """Introduce the bot, then wait for the end.

    This goes on beside everything else: Telegram takes such calls so seldom that it may ask for
    hours between them.
    """
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
