"""What is posted to the webhook: who may post, what is taken, and what must come again.

The simulator's people do things; a test takes the update where Telegram would keep it and posts it
itself, so that it can be posted twice, at once, or to two workers.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.app import fresh_key, simulator
from bot.dispatch import Dispatch
from bot.health import OVERDUE_SECONDS_MAX, TELEGRAM_SECONDS_MAX, Health
from bot.library import Library
from bot.simulator.server import TOKEN
from bot.simulator.world import World
from bot.telegram.client import Telegram
from bot.updates import ALLOWED_UPDATES
from bot.webhook import (
    BODY_BYTES_MAX,
    CONNECTIONS_MAX,
    ELSEWHERE,
    SECRET_HEADER,
    Webhook,
    WebhookRefused,
    announce,
    secret_of,
    watch,
)
from locales.locale import locale_of
from storage import contacts, outbox, updates
from storage.opening import open_store
from storage.outbox import Call
from storage.programmes import load_programme
from tests.bot.away import Away
from tests.end_to_end.crowd import write_programme
from tests.player.databases import lay
from tests.player.postgres import new_database
from tests.player.stage import BEGINNING, KEY

SECRET = "a-secret-of-the-tests"
URL = "https://bot.example.org/telegram"


@dataclass(slots=True)
class Workers:
    """Two workers on one database (one and the same on SQLite), and who posts to them."""

    world: World
    telegram: Telegram
    stores: list[Away]
    clients: list[httpx.AsyncClient]
    amina: int
    taken: list[dict[str, Any]] = field(default_factory=list)

    async def made(self) -> list[dict[str, Any]]:
        """Return the updates that people made since the last time."""
        offset = self.taken[-1]["update_id"] + 1 if self.taken else None
        fresh = await self.telegram.updates(offset, ALLOWED_UPDATES)
        self.taken += fresh
        return fresh

    async def post(self, update: object, worker: int = 0) -> httpx.Response:
        """Post an update as Telegram does."""
        content = update if isinstance(update, bytes) else json.dumps(update).encode()
        return await self.clients[worker].post(
            "/telegram", content=content, headers={SECRET_HEADER: SECRET}
        )

    async def say(self, *texts: str) -> list[dict[str, Any]]:
        """Have Amina write; return the updates."""
        for text in texts:
            self.world.write(self.amina, text)
        return await self.made()

    async def agree(self) -> None:
        """Bring Amina to the first question."""
        (start,) = await self.say("/start")
        assert (await self.post(start)).status_code == 200
        answer = await self.post(await self.tap("agree"))
        assert answer.json()["method"] == "answerCallbackQuery"

    async def tap(self, action: str) -> dict[str, Any]:
        """Return a tap on a button of the question that stands."""
        async with self.stores[0].reading() as reading:
            (row,) = await reading.rows("SELECT body FROM sessions")
        session = json.loads(row["body"])
        data = f"{session['key'][:8]}.{session['step']}.{action}"
        user = {"id": self.amina, "is_bot": False, "first_name": "Amina"}
        chat = {"id": self.amina, "type": "private"}
        message = {"message_id": 1, "date": 1, "chat": chat}
        tap = {"id": "1", "from": user, "chat_instance": "1", "data": data, "message": message}
        number = 10**9 + session["step"]
        return {"update_id": number, "callback_query": tap}

    async def standing(self) -> list[str]:
        """Return the answers that Amina's open session holds, in the form's order."""
        async with self.stores[0].reading() as reading:
            rows = await reading.rows("SELECT body FROM sessions")
        return [value for row in rows for _, value in json.loads(row["body"])["draft"]]

    async def letters(self) -> list[str]:
        """Return what was set aside, as it came."""
        async with self.stores[0].reading() as reading:
            return [letter.raw for letter in await updates.dead_letters(reading)]


@asynccontextmanager
async def working(url: str, folder: Path) -> AsyncIterator[Workers]:
    """Open two workers on a database."""
    async with AsyncExitStack() as stack:
        world = World(lambda: BEGINNING)
        page = await stack.enter_async_context(simulator(world, 0))
        telegram = await stack.enter_async_context(Telegram(TOKEN, page))
        lay(url)
        stores, clients = [], []
        for _ in range(2 if url.startswith("postgres") else 1):
            store = await open_store(url, KEY)
            stack.push_async_callback(store.close)
            away = Away(store)
            programme = load_programme(folder)
            dispatch = Dispatch(away, Library(programme), locale_of, world.now, fresh_key)
            health = Health(away, telegram, world.now)
            routes = [Webhook(dispatch, URL, SECRET).route(), *health.routes()]
            transport = httpx.ASGITransport(Starlette(routes=routes))
            client = httpx.AsyncClient(transport=transport, base_url="http://bot")
            clients.append(await stack.enter_async_context(client))
            stores.append(away)
        amina = world.add_person("Amina", "en")
        yield Workers(world, telegram, stores, [clients[0], clients[-1]], amina)


@pytest.fixture(params=["sqlite", "postgres"])
async def workers(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Workers]:
    """Lend two workers on PostgreSQL, or the one there can be on SQLite."""
    url = f"sqlite:///{tmp_path / 'baraza.db'}"
    if request.param == "postgres":
        url = await new_database(request.getfixturevalue("postgres"))
    async with working(url, write_programme(tmp_path / "springs")) as opened:
        yield opened


@pytest.fixture
async def worker(tmp_path: Path) -> AsyncIterator[Workers]:
    """Lend one worker on SQLite."""
    folder = write_programme(tmp_path / "springs")
    async with working(f"sqlite:///{tmp_path / 'baraza.db'}", folder) as opened:
        yield opened


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({SECRET_HEADER: ""}, 403),
        ({SECRET_HEADER: SECRET[:-1]}, 403),
        ({SECRET_HEADER: SECRET + "x"}, 403),
        ({SECRET_HEADER: "é".encode().decode("latin-1")}, 403),
        ({SECRET_HEADER: SECRET}, 200),
    ],
)
async def test_only_telegram_may_post(
    worker: Workers, headers: dict[str, str], status: int
) -> None:
    """Without the secret that Telegram was told nothing is taken."""
    (update,) = await worker.say("/start")
    told = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = await worker.clients[0].post("/telegram", json=update, headers=told)
    assert answer.status_code == status
    async with worker.stores[0].reading() as reading:
        known = await contacts.by_chat(reading, worker.amina)
    assert (known is not None) == (status == 200)


async def test_telegram_is_told_where_to_post(worker: Workers) -> None:
    """The address goes out with the secret, the kinds of updates, and as much at once as may be."""
    await announce(worker.telegram, "https://127.0.0.1:8443/telegram", SECRET, asyncio.Event())
    (call,) = [one for one in worker.world.calls() if one["method"] == "setWebhook"]
    assert call["parameters"] == {
        "url": "https://127.0.0.1:8443/telegram",
        "secret_token": SECRET,
        "allowed_updates": list(ALLOWED_UPDATES),
        "max_connections": CONNECTIONS_MAX,
    }
    with pytest.raises(WebhookRefused, match="will not post to ftp"):
        await announce(worker.telegram, "ftp://example.org", SECRET, asyncio.Event())


def test_the_secret_is_the_same_everywhere_and_tells_nothing() -> None:
    """All processes of a bot have one secret; another token or key makes another."""
    secrets = [secret_of(key, token) for key in (KEY, KEY[::-1]) for token in ("1:a", "1:b")]
    assert len(set(secrets)) == 4
    assert secret_of(KEY, "1:a") == secrets[0]
    assert all(len(one) == 64 and one.isalnum() for one in secrets)


async def test_what_is_too_long_is_not_read(worker: Workers) -> None:
    """A body larger than any update is turned away; the bot goes on."""
    answer = await worker.post(b'"' + b"x" * BODY_BYTES_MAX + b'"')
    assert answer.status_code == 413
    assert await worker.letters() == []


async def test_what_cannot_be_kept_comes_again(worker: Workers) -> None:
    """While the database is away the answer is 503 and says when; then the update counts."""
    await worker.agree()
    (update,) = await worker.say("one")
    worker.stores[0].is_away = True
    refused = await worker.post(update)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    worker.stores[0].is_away = False
    assert (await worker.post(update)).status_code == 200
    assert await worker.standing() == ["one"]


@pytest.mark.parametrize(
    "posted",
    [
        b"not JSON",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b"{}",
        b'{"update_id": "one"}',
        b'{"update_id": -1}',
        b'{"update_id": 99999999999999999999}',
        b"[" * 100_000,
        b'{"update_id": 5, "message": "not an object"}',
        b'{"update_id": 6, "message": {"chat": {"id": [], "type": "private"}}}',
    ],
)
async def test_what_nobody_can_read_is_set_aside_and_taken(workers: Workers, posted: bytes) -> None:
    """A dead letter is kept once however often it comes, and holds nobody up."""
    for number in (0, 1):
        assert (await workers.post(posted, number)).status_code == 200
    assert len(await workers.letters()) == 1
    await workers.agree()


async def test_a_zero_character_is_kept_nowhere(workers: Workers) -> None:
    """What not every database can keep is left out at the door; the rest of the words is taken."""
    await workers.agree()
    (update,) = await workers.say("one")
    update["message"]["text"] = "o\x00ne"
    assert (await workers.post(update)).status_code == 200
    assert await workers.standing() == ["one"]
    assert await workers.letters() == []


async def test_an_update_posted_to_both_workers_at_once_counts_once(workers: Workers) -> None:
    """Redelivery meets the same update at another worker and changes nothing."""
    await workers.agree()
    for text in ("one", "two", "three"):
        (update,) = await workers.say(text)
        answers = await asyncio.gather(*(workers.post(update, n % 2) for n in range(8)))
        assert [answer.status_code for answer in answers] == [200] * 8
    assert await workers.standing() == ["one", "two", "three"]


async def test_one_person_flooding_both_workers_is_heard_in_order(workers: Workers) -> None:
    """Texts go by chat and taps by person, at whichever worker: no answer is lost or doubled.

    Telegram posts a chat's next message when the one before is taken; the taps of a stale button
    come between, many at once.
    """
    await workers.agree()
    stale = await workers.tap("agree")
    said = ["one", "two", "three", "four", "five"]

    async def texts() -> None:
        for number, update in enumerate(await workers.say(*said)):
            await asyncio.gather(*(workers.post(update, (number + n) % 2) for n in range(2)))

    async def taps() -> None:
        for number in range(20):
            tap = {**stale, "update_id": 2 * 10**9 + number}
            assert (await workers.post(tap, number % 2)).status_code == 200

    await asyncio.gather(texts(), taps(), taps())
    assert await workers.standing() == said
    assert await workers.letters() == []


async def test_a_flood_without_order_is_still_one_turn_after_the_other(workers: Workers) -> None:
    """Whatever order updates come in, each is one turn: as many questions as answers."""
    await workers.agree()
    said = ["one", "two", "three", "four", "five"]
    made = await workers.say(*said)
    await asyncio.gather(*(workers.post(update, n % 2) for n, update in enumerate(made)))
    assert sorted(await workers.standing()) == sorted(said)
    async with workers.stores[0].reading() as reading:
        rows = await reading.rows("SELECT params FROM outbox WHERE method = 'sendMessage'")
    asked = [
        number for row in rows for number in range(1, 7) if f"Question {number}?" in row["params"]
    ]
    assert sorted(asked) == [1, 2, 3, 4, 5, 6]


async def test_health_says_what_is_wrong(worker: Workers) -> None:
    """200 while all is well; 503 when Telegram or the database is away, or replies are left."""
    client = worker.clients[0]
    assert (await client.get("/healthz")).json()["unwell"] == ["Telegram was not reached lately"]
    await worker.telegram.call("getMe", {})
    assert (await client.get("/healthz")).status_code == 200
    async with worker.stores[0].unit() as unit:
        amina = await contacts.meet(unit, worker.amina, worker.world.now())
        await outbox.put(unit, amina.id, [Call("sendMessage", {"text": "a"})], worker.world.now())
    assert (await client.get("/healthz")).status_code == 200
    worker.world.advance(OVERDUE_SECONDS_MAX + 61)
    left = await client.get("/healthz")
    assert left.status_code == 503
    assert left.json()["unwell"] == ["replies wait and nobody sends them"]
    assert worker.telegram.heard_at is not None
    worker.telegram.heard_at -= TELEGRAM_SECONDS_MAX + 1
    assert "Telegram was not reached lately" in (await client.get("/healthz")).json()["unwell"]
    worker.stores[0].is_away = True
    away = (await client.get("/healthz")).json()
    assert (away["database_reachable"], away["status"]) == (False, "unwell")
    assert "baraza_database_up 0.0" in (await client.get("/metrics")).text


async def test_telegram_is_asked_how_delivery_goes(
    worker: Workers, caplog: pytest.LogCaptureFixture
) -> None:
    """What waits is caught up with; what could not be delivered, and a lost webhook, are told."""
    mine, caught_up, stop, told = (
        "https://127.0.0.1:9/telegram",
        asyncio.Event(),
        asyncio.Event(),
        [],
    )
    await announce(worker.telegram, mine, SECRET, stop)
    worker.world.write(worker.amina, "/start")
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(watch(worker.telegram, mine, caught_up, stop, told.append))
        while "could not deliver: Connection failed" not in caplog.text:  # noqa: ASYNC110 - no bell.
            await asyncio.sleep(0.05)
        assert not caught_up.is_set()
        await worker.telegram.call("deleteWebhook", {"drop_pending_updates": True})
        await caught_up.wait()
        stop.set()
    assert (told[0], told[-1]) == ("", ELSEWHERE)


async def test_all_figures_are_there(worker: Workers) -> None:
    """Updates, turns and how long they take, what waits, calls, 429s and errors: each is told."""
    await worker.agree()
    told = (await worker.clients[0].get("/metrics")).text
    for name in (
        *("baraza_updates_total", "baraza_turns_total", "baraza_turn_seconds_bucket"),
        *("baraza_outbox_waiting", "baraza_due", "baraza_attachments", "baraza_dead_letters"),
        *("baraza_calls_total", "baraza_call_seconds_bucket", "baraza_too_many_requests_total"),
        *("# TYPE baraza_errors_total counter", "baraza_webhook_pending_updates"),
    ):
        assert name in told, name


async def test_figures_are_for_this_house_alone(worker: Workers) -> None:
    """What came through a proxy does not see the figures; they name nobody."""
    await worker.agree()
    client = worker.clients[0]
    told = await client.get("/metrics")
    assert 'baraza_contacts{state="active"} 1.0' in told.text
    assert str(worker.amina) not in told.text
    for header in ("X-Forwarded-For", "Forwarded"):
        assert (await client.get("/metrics", headers={header: "x"})).status_code == 404
