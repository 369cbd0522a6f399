"""PostgreSQL goes away and comes back while the webhook serves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.app import fresh_key, simulator
from bot.dispatch import Dispatch
from bot.health import Health
from bot.library import Library
from bot.sender import Sender
from bot.simulator.server import TOKEN
from bot.simulator.world import World
from bot.telegram.client import Telegram
from bot.updates import ALLOWED_UPDATES
from bot.webhook import SECRET_HEADER, Webhook
from locales.locale import locale_of
from storage import updates
from storage.migrate import migrate
from storage.opening import open_store
from storage.programmes import load_programme
from storage.store import Store
from tests.end_to_end.crowd import write_programme
from tests.faults.databases import PostgresServer, database
from tests.player.stage import BEGINNING, KEY

SECRET = "a-secret-of-the-tests"
PEOPLE = 5


@dataclass(slots=True)
class House:
    """A bot behind a webhook, and the server of its database."""

    server: PostgresServer
    store: Store
    world: World
    telegram: Telegram
    client: httpx.AsyncClient
    sender: Sender
    people: list[int]

    async def post(self, update: dict[str, Any]) -> int:
        """Post an update as Telegram does; return the status of the answer."""
        headers = {SECRET_HEADER: SECRET}
        return (await self.client.post("/telegram", json=update, headers=headers)).status_code

    async def post_all(self, posted: list[dict[str, Any]]) -> set[int]:
        """Post updates side by side; return the statuses."""
        return set(await asyncio.gather(*map(self.post, posted)))

    async def health(self) -> int:
        """Return what /healthz answers."""
        await self.telegram.call("getMe", {})
        return (await self.client.get("/healthz")).status_code

    def answers(self) -> list[int]:
        """Count what the bot has said to each person."""
        seen = [self.world.view(one)["messages"] for one in self.people]
        return [sum(message["from"] == "bot" for message in chat) for chat in seen]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder that PostgreSQL's own user may enter, too, unlike those of pytest."""
    with TemporaryDirectory(prefix="baraza-faults-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[House]:
    """Serve a webhook on a server of its own."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(database("postgres", folder))
        assert isinstance(server, PostgresServer)
        world = World(lambda: BEGINNING)
        page = await stack.enter_async_context(simulator(world, 0))
        telegram = await stack.enter_async_context(Telegram(TOKEN, page))
        await migrate(server.url)
        store = await open_store(server.url, KEY)
        stack.push_async_callback(store.close)
        programme = load_programme(write_programme(folder / "springs"))
        dispatch = Dispatch(store, Library(programme), locale_of, world.now, fresh_key)
        health = Health(store, telegram, world.now)
        routes = [Webhook(dispatch, "/telegram", SECRET).route(), *health.routes()]
        transport = httpx.ASGITransport(Starlette(routes=routes))
        client = httpx.AsyncClient(transport=transport, base_url="http://bot")
        await stack.enter_async_context(client)
        sender = Sender(store, telegram, programme, world.now, "one")
        people = [world.add_person(f"Person {n}", "en") for n in range(PEOPLE)]
        yield House(server, store, world, telegram, client, sender, people)


async def test_postgresql_restarted_while_the_webhook_serves(folder: Path) -> None:
    """While it is away Telegram hears 503 and health says so; then all is taken, answered once."""
    async with served(folder) as house:
        for one in house.people:
            house.world.write(one, "/start")
        posted = await house.telegram.updates(None, ALLOWED_UPDATES)
        taken, waiting = posted[: PEOPLE // 2], posted[PEOPLE // 2 :]
        assert await house.post_all(taken) == {200}
        assert await house.health() == 200
        await house.server.stop()
        assert await house.post_all(waiting) == {503}
        assert await house.post_all(waiting) == {503}
        assert await house.health() == 503
        await house.sender.drain()
        await house.server.start()
        assert await house.post_all([*taken, *waiting]) == {200}
        assert await house.health() == 200
        await house.sender.drain()
        assert house.answers() == [1] * PEOPLE
        async with house.store.reading() as reading:
            assert await updates.dead_letters(reading) == []
