"""A workbook is checked beside the chats, once, whatever happens in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import fresh_key, simulator
from bot.dispatch import Dispatch
from bot.intake import take_all
from bot.library import open_library
from bot.sender import Sender
from bot.simulator.parameters import Upload
from bot.simulator.server import TOKEN
from bot.simulator.world import World
from bot.telegram.client import Telegram
from bot.workshop import LEASE_SECONDS, Workshop
from locales.locale import locale_of
from storage import contacts, desks, roles
from storage.opening import open_store
from storage.programmes import load_programme
from storage.store import Store
from tests.end_to_end.crowd import write_programme
from tests.player.databases import lay
from tests.player.stage import BEGINNING, KEY
from tests.workbooks.making import HONEST, workbook_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Bench:
    """A bot with one coordinator."""

    world: World
    telegram: Telegram
    store: Store
    dispatch: Dispatch
    workshop: Workshop
    sender: Sender
    amina: int

    async def send(self, name: str = "water.xlsx") -> None:
        """Have the coordinator send a workbook."""
        upload = Upload(name, XLSX, workbook_of(HONEST))
        self.world.send_media(self.amina, "document", upload)
        await take_all(self.telegram, self.dispatch, await self.telegram.updates(None, ["message"]))

    async def heard(self) -> list[str]:
        """Return what the coordinator reads."""
        await self.sender.drain()
        messages = self.world.view(self.amina)["messages"]
        return [message["text"] for message in messages if message["from"] == "bot"]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """Lend a bot with one coordinator."""
    async with AsyncExitStack() as stack:
        world = World(lambda: BEGINNING)
        page = await stack.enter_async_context(simulator(world, 0))
        telegram = await stack.enter_async_context(Telegram(TOKEN, page))
        url = f"sqlite:///{tmp_path / 'baraza.db'}"
        lay(url)
        store = await open_store(url, KEY)
        stack.push_async_callback(store.close)
        programme = load_programme(write_programme(tmp_path / "springs"))
        library = await open_library(store, programme, world.now())
        amina = world.add_person("Amina", "en", started=True)
        async with store.unit() as unit:
            contact = await contacts.meet(unit, amina, world.now())
            until = world.now() + timedelta(days=1)
            await roles.invite(unit, programme.name, "coordinator", "", "t", until)
            await roles.take(unit, programme.name, "t", contact.id, world.now())
        yield Bench(
            world,
            telegram,
            store,
            Dispatch(store, library, locale_of, world.now, fresh_key),
            Workshop(store, library, telegram, locale_of, world.now, fresh_key, None),
            Sender(store, telegram, programme, world.now, "one"),
            amina,
        )


async def test_a_check_whose_process_died_is_done_again(bench: Bench) -> None:
    """The lease of the dead one runs out; then the workbook is checked, and once."""
    await bench.send()
    async with bench.store.unit() as unit:
        name, now = bench.workshop.library.programme.name, bench.world.now()
        assert await desks.claim(unit, name, now, 9, LEASE_SECONDS)
    assert await bench.workshop.check_waiting() == 0
    bench.world.advance(LEASE_SECONDS + 1)
    assert await bench.workshop.check_waiting() == 1
    assert await bench.workshop.check_waiting() == 0
    assert len([text for text in await bench.heard() if text.startswith("water (water)")]) == 1


async def test_only_the_newest_workbook_is_answered(bench: Bench) -> None:
    """Who sends a mended workbook while the first waits hears that the first is put aside."""
    await bench.send("first.xlsx")
    await bench.send("second.xlsx")
    while await bench.workshop.check_waiting():
        pass
    heard = await bench.heard()
    assert heard[:3] == [
        "I am reading first.xlsx…",
        "I put first.xlsx aside for the one you sent now.",
        "I am reading second.xlsx…",
    ]
    assert len([text for text in heard if text.startswith("water (water)")]) == 1


async def test_a_file_that_cannot_be_had_is_asked_for_again(bench: Bench) -> None:
    """Where Telegram does not hand it out the coordinator is told, and nothing waits any more."""
    await bench.send()
    error = {"error_code": 400, "description": "Bad Request: wrong file_id"}
    bench.world.order_fault({"method": "getFile", "count": 1, "error": error})
    await bench.workshop.check_waiting()
    assert (await bench.heard())[-1] == "⚠️ I could not fetch water.xlsx. Please send it again."
    assert await bench.workshop.check_waiting() == 0


async def test_a_file_that_cannot_be_had_now_is_tried_again(bench: Bench) -> None:
    """While Telegram is away the coordinator waits, and hears the result in the end."""
    await bench.send()
    error = {"error_code": 500, "description": "Internal Server Error"}
    bench.world.order_fault({"method": "getFile", "count": 1, "error": error})
    await bench.workshop.check_waiting()
    assert await bench.heard() == ["I am reading water.xlsx…"]
    bench.world.advance(10)
    await bench.workshop.check_waiting()
    assert (await bench.heard())[-1].startswith("water (water)")


async def test_a_role_taken_away_during_the_check(bench: Bench) -> None:
    """Who is no coordinator any more hears nothing of the result."""
    await bench.send()
    async with bench.store.unit() as unit:
        await roles.revoke(unit, bench.workshop.library.programme.name, 1)
    await bench.workshop.check_waiting()
    assert await bench.heard() == ["I am reading water.xlsx…"]
