"""Updates are taken in each person's order, once, and none can stop those behind it.

Everything is real: simulator over HTTP, SQLite on disk; where the store or our own code must
fail, the failing part stands in front of the real one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.app import simulator
from bot.dispatch import Dispatch
from bot.intake import poll, take_all
from bot.library import Library
from bot.sender import Sender
from bot.simulator.server import TOKEN
from bot.simulator.world import World
from bot.telegram.client import Telegram
from bot.telegram.errors import TokenRefused
from bot.updates import ALLOWED_UPDATES
from conversations.phrases import Locale
from locales.locale import locale_of
from storage import contacts, updates
from storage.errors import StorageUnavailable
from storage.opening import open_store
from storage.programmes import load_programme
from storage.store import Store, Unit
from tests.end_to_end.crowd import write_programme
from tests.player.databases import lay
from tests.player.stage import BEGINNING, KEY

SECONDS_MAX = 20


@dataclass(slots=True)
class Stumbling:
    """The store, which answers that the disk is away to the units numbered in `failing`."""

    store: Store
    failing: set[int] = field(default_factory=set)
    units: int = 0

    def __getattr__(self, name: str) -> Any:
        """Do everything else as the store does."""
        return getattr(self.store, name)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """Open a unit, or fail."""
        self.units += 1
        if self.units in self.failing:
            raise StorageUnavailable("the disk is away")
        async with self.store.unit() as unit:
            yield unit


@dataclass(slots=True)
class Desk:
    """What takes updates, and the person who makes them."""

    world: World
    telegram: Telegram
    store: Stumbling
    dispatch: Dispatch
    amina: int
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def poll_until_nothing_waits(self) -> None:
        """Take updates until Telegram has none left."""
        async with asyncio.timeout(SECONDS_MAX), asyncio.TaskGroup() as tasks:
            tasks.create_task(poll(self.telegram, self.dispatch, self.stop))
            while self.world.state.updates.pending:  # noqa: ASYNC110 - the world rings no bell.
                await asyncio.sleep(0.02)
            self.stop.set()

    async def standing(self) -> list[tuple[str, str]]:
        """Return the answers that Amina's open session holds."""
        async with self.store.store.reading() as reading:
            rows = await reading.rows("SELECT body FROM sessions")
        return [(path, value) for row in rows for path, value in json.loads(row["body"])["draft"]]

    async def dead_letters(self) -> int:
        """Count what was set aside."""
        async with self.store.store.reading() as reading:
            return len(await updates.dead_letters(reading))

    async def agree(self) -> None:
        """Bring Amina to the first question."""
        now = self.world.now()
        self.world.write(self.amina, "/start")
        (update,) = await self.telegram.updates(None, ["message"])
        await self.dispatch.take(update)
        async with self.store.reading() as reading:
            (row,) = await reading.rows("SELECT body FROM sessions")
        session = json.loads(row["body"])
        user = {"id": self.amina, "is_bot": False, "first_name": "Amina"}
        data = f"{session['key'][:8]}.{session['step']}.agree"
        chat = {"id": self.amina, "type": "private"}
        message = {"message_id": 1, "date": int(now.timestamp()), "chat": chat}
        tap = {"id": "1", "from": user, "chat_instance": "1", "data": data, "message": message}
        await self.dispatch.take({"update_id": update["update_id"] + 10**9, "callback_query": tap})


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Yield a desk that has taken nothing yet."""
    async with AsyncExitStack() as stack:
        world = World(lambda: BEGINNING)
        page = await stack.enter_async_context(simulator(world, 0))
        telegram = await stack.enter_async_context(Telegram(TOKEN, page))
        url = f"sqlite:///{tmp_path / 'baraza.db'}"
        lay(url)
        store = Stumbling(await open_store(url, KEY))
        stack.push_async_callback(store.store.close)
        programme = load_programme(write_programme(tmp_path / "springs"))
        keys = iter(f"{number:032x}" for number in range(1, 100))
        dispatch = Dispatch(store, Library(programme), locale_of, world.now, lambda: next(keys))
        yield Desk(world, telegram, store, dispatch, world.add_person("Amina", "en"))


ANSWERS = [("/data/q1", "one"), ("/data/q2", "two"), ("/data/q3", "three")]


async def test_the_rest_of_a_chat_waits_for_a_failed_update(desk: Desk) -> None:
    """When the disk is away for the first of three answers, the others do not overtake it."""
    await desk.agree()
    desk.store.failing = {desk.store.units + 1}
    for _, said in ANSWERS:
        desk.world.write(desk.amina, said)
    await desk.poll_until_nothing_waits()
    assert await desk.standing() == ANSWERS


@pytest.mark.parametrize("refused", [False, True])
async def test_a_tap_is_answered_before_anything_is_said(desk: Desk, refused: bool) -> None:  # noqa: FBT001 - a table.
    """The clock on the button ends first; when it cannot be ended, the conversation goes on."""
    programme, world = desk.dispatch.programme, desk.world
    sender = Sender(desk.store, desk.telegram, programme, world.now, "one")
    dispatch = replace(desk.dispatch, outgoing=sender)
    world.write(desk.amina, "/start")
    (start,) = await desk.telegram.updates(None, ALLOWED_UPDATES)
    await take_all(desk.telegram, dispatch, [start])
    await sender.drain()
    shown = next(one for one in world.view(desk.amina)["messages"] if one.get("inline_keyboard"))
    world.tap(desk.amina, shown["message_id"], text=shown["inline_keyboard"][0][0]["text"])
    if refused:
        world.order_fault({"method": "answerCallbackQuery", "error": {"error_code": 500}})
    taps = await desk.telegram.updates(start["update_id"] + 1, ALLOWED_UPDATES)
    before = len(world.calls())
    sending = asyncio.create_task(sender.run(desk.stop))
    await take_all(desk.telegram, dispatch, taps)
    async with asyncio.timeout(SECONDS_MAX):
        while len(world.calls()) < before + 2:  # noqa: ASYNC110 - the world rings no bell.
            await asyncio.sleep(0.02)
    desk.stop.set()
    await sending
    answered, said = world.calls()[before : before + 2]
    assert (answered["method"], answered["ok"]) == ("answerCallbackQuery", not refused)
    assert said["ok"]


async def test_updates_that_come_again_change_nothing(desk: Desk) -> None:
    """A batch delivered twice, as after a kill before the offset moved, counts once."""
    await desk.agree()
    for _, said in ANSWERS:
        desk.world.write(desk.amina, said)
    batch = await desk.telegram.updates(None, ["message"])
    await take_all(desk.telegram, desk.dispatch, batch)
    await take_all(desk.telegram, desk.dispatch, batch)
    assert await desk.standing() == ANSWERS


@pytest.mark.parametrize(
    "poison",
    [
        {"message": "not an object"},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": "x", "type": "private"}}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 2**70, "type": "private"}}},
        {"callback_query": {"id": "1", "from": {"id": 5}, "data": "\ud800"}},
        {"my_chat_member": {"chat": {"id": 2**70, "type": "private"}, "new_chat_member": None}},
        {},
    ],
)
async def test_no_update_stops_those_behind_it(desk: Desk, poison: dict[str, Any]) -> None:
    """An update nobody can make sense of is put aside, and the next one is taken."""
    await desk.agree()
    desk.world.write(desk.amina, "one")
    batch = await desk.telegram.updates(None, ["message"])
    await take_all(desk.telegram, desk.dispatch, [{"update_id": 3, **poison}, *batch])
    assert await desk.standing() == ANSWERS[:1]


async def test_a_mistake_of_ours_is_set_aside_and_told_without_a_word_of_theirs(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """A turn our own code stumbles over is kept for the operator; the person is told."""
    await desk.agree()

    stumbles = [ValueError("my name is Amina")]

    def stumble_once(tag: str) -> Locale:
        if stumbles:
            raise stumbles.pop()
        return locale_of(tag)

    desk.dispatch = replace(desk.dispatch, locale_of=stumble_once)
    for said in ("lost", "one"):
        desk.world.write(desk.amina, said)
    await desk.poll_until_nothing_waits()
    assert await desk.dead_letters() == 1
    assert await desk.standing() == ANSWERS[:1]
    assert "my name is" not in "".join(record.getMessage() for record in caplog.records)
    async with desk.store.reading() as reading:
        rows = await reading.rows("SELECT params FROM outbox")
    assert sum("went wrong on our side" in row["params"] for row in rows) == 1


async def test_what_cannot_even_be_told_is_set_aside(desk: Desk) -> None:
    """Where the person cannot be told either, the update is kept for the operator all the same."""
    await desk.agree()

    def stumble(_tag: str) -> Locale:
        raise ValueError("my name is Amina")

    desk.dispatch = replace(desk.dispatch, locale_of=stumble)
    desk.world.write(desk.amina, "one")
    await desk.poll_until_nothing_waits()
    assert await desk.dead_letters() == 1


async def test_a_refused_token_ends_polling(desk: Desk) -> None:
    """A token that Telegram takes back while the bot runs is said plainly, not tried for ever."""
    desk.world.order_fault(
        {"method": "getUpdates", "error": {"error_code": 401, "description": "Unauthorized"}}
    )
    with pytest.raises(TokenRefused, match="BARAZA_TOKEN"):
        await poll(desk.telegram, desk.dispatch, desk.stop)


async def test_another_poller_is_named(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """When two programs take the same bot's updates, the log says so and what to do."""
    desk.world.write(desk.amina, "/start")
    desk.world.order_fault({"method": "getUpdates", "error": {"error_code": 409}})
    await desk.poll_until_nothing_waits()
    assert "Another program takes this bot's updates" in caplog.text


async def test_who_left_in_the_middle_goes_on_after_coming_back(desk: Desk) -> None:
    """Blocking the bot in the middle of a form loses nothing that was answered before."""
    await desk.agree()
    desk.world.write(desk.amina, "one")
    desk.world.block(desk.amina)
    desk.world.unblock(desk.amina)
    desk.world.write(desk.amina, "two")
    await desk.poll_until_nothing_waits()
    assert await desk.standing() == ANSWERS[:2]
    async with desk.store.unit() as unit:
        contact = await contacts.by_chat(unit, desk.amina)
    assert contact is not None
    assert contact.state == "active"


async def test_what_a_form_could_not_work_out_is_logged_once_with_its_name(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator reads which form and which expression, once, and no word of a person."""
    folder = write_programme(tmp_path / "troubled")
    way = "| | calculate | mark | | | digest('a', ${q1}, 'hex') |"
    form = folder / "forms" / "springs.md"
    head, mark, tail = form.read_text("utf-8").partition("| required |")
    rows, end, rest = tail.partition("| settings |")
    rows = rows.replace("| yes |", "| yes | |")
    form.write_text(f"{head}{mark} calculation |{rows}{way}\n{end}{rest}", "utf-8")
    library = Library(load_programme(folder))
    desk.dispatch = replace(desk.dispatch, library=library)
    await desk.agree()
    for _, said in ANSWERS:
        desk.world.write(desk.amina, said)
    await desk.poll_until_nothing_waits()
    lines = [record.getMessage() for record in caplog.records if "worked out" in record.msg]
    assert len(lines) == 1
    assert lines[0].startswith("Could not be worked out in springs of ")
    assert "digest('a'" in lines[0]
