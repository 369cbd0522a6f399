"""The way from the chat into the console."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from bot.cli import main
from bot.console.desk import BASE
from bot.dispatch import Dispatch
from bot.library import Library
from bot.programmes import SHIPPED, programme_folder
from locales.locale import locale_of
from storage import audit, outbox
from storage.outbox import OutboxRow
from storage.programmes import load_programme
from tests.console.seeding import KEY, Place, open_place

AMINA, STRANGER = 7_001, 7_666


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """Lend an empty place."""
    opened = await open_place(tmp_path)
    yield opened
    await opened.store.close()


async def said(place: Place, chat: int, url: str) -> list[OutboxRow]:
    """Send /console; return what is said."""
    dispatch = Dispatch(
        *(place.store, Library(place.programme), locale_of, lambda: place.now, lambda: "1" * 32),
        console_url=url,
    )
    person: dict[str, Any] = {"id": chat, "is_bot": False, "first_name": "A", "language_code": "en"}
    message = {
        "message_id": 1,
        "date": int(place.now.timestamp()),
        "chat": {"id": chat, "type": "private", "first_name": "A"},
        "from": person,
        "text": "/console",
        "entities": [{"type": "bot_command", "offset": 0, "length": 8}],
    }
    await dispatch.take({"update_id": chat, "message": message})
    async with place.store.unit() as unit:
        rows = await outbox.claim(unit, "test", place.now, 9, 30)
    return [row for row in rows if row.method == "sendMessage"]


async def test_the_link_lets_in_whoever_asked(place: Place) -> None:
    """It leads to the console, once; behind https a button opens it inside Telegram."""
    await place.moderator(AMINA)
    place.url = f"https://bot.example{BASE}"
    (row,) = await said(place, AMINA, place.url)
    (button,) = row.params["reply_markup"]["inline_keyboard"][0]
    assert button["web_app"] == {"url": f"{place.url}/app"}
    link = row.params["text"].split()[-1]
    transport = httpx.ASGITransport(place.app())
    async with httpx.AsyncClient(transport=transport, base_url="https://bot.example") as client:
        token = httpx.URL(link).params["token"]
        assert (await client.get(link)).status_code == 200
        entered = await client.post(f"{BASE}/enter", data={"token": token})
        assert (entered.status_code, entered.headers["location"]) == (303, f"{BASE}/")
        assert (await client.get(f"{BASE}/")).status_code == 200


async def test_on_this_machine_there_is_no_button(place: Place) -> None:
    """Telegram takes no button that leads to a machine of one's own."""
    await place.moderator(AMINA)
    (row,) = await said(place, AMINA, f"http://127.0.0.1:8090{BASE}")
    assert "reply_markup" not in row.params
    assert f"http://127.0.0.1:8090{BASE}/enter?token=" in row.params["text"]


async def test_nobody_else_gets_a_link(place: Place) -> None:
    """Whoever has no such role hears so."""
    (row,) = await said(place, STRANGER, f"https://bot.example{BASE}")
    assert "token" not in row.params["text"]
    assert "moderators" in row.params["text"]


# From the command line


def told(place: Place, *words: str, status: int = 0, **settings: str) -> str:
    """Run a command beside the bot; return all that it says."""
    folder = place.files.folder.parent
    env = {"BARAZA_DATA_DIR": str(folder), "BARAZA_KEY": KEY.hex(), **settings}
    said = CliRunner().invoke(main, list(words), env=env)
    assert said.exit_code == status, said.output
    return said.output


async def on_this_machine(place: Place, *words: str, status: int = 0, **settings: str) -> str:
    """Run a command in a thread, for it has a loop of its own."""
    return await asyncio.to_thread(partial(told, place, *words, status=status, **settings))


async def test_a_link_from_the_command_line(place: Place) -> None:
    """It lets in whoever it was made for, once; with two moderators it asks whose it shall be."""
    place.programme = load_programme(programme_folder(SHIPPED[0]))
    port = {"BARAZA_CONSOLE_PORT": "8090"}
    assert "BARAZA_CONSOLE_PORT" in await on_this_machine(place, "console", status=1)
    assert "none" in await on_this_machine(place, "console", status=1, **port)
    number = await place.moderator(AMINA)
    link = (await on_this_machine(place, "console", **port)).strip()
    assert link.startswith(f"http://127.0.0.1:8090{BASE}/enter?token=")
    other = await place.moderator(STRANGER, "moderator", "Bakari")
    whose = await on_this_machine(place, "console", status=1, **port)
    assert f"{number} (Amina), {other} (Bakari)" in whose
    assert "/enter?token=" in await on_this_machine(place, "console", "--role", str(other), **port)
    async with place.store.reading() as reading:
        entries = await audit.newest(reading, 9)
    assert [one.subject for one in entries if one.act == "Link"] == [
        f"role:{other}",
        f"role:{number}",
    ]
    transport = httpx.ASGITransport(place.app())
    token = link.partition("token=")[2]
    place.now = datetime.now(UTC)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        entered = await client.post(f"{BASE}/enter", data={"token": token})
        assert entered.status_code == 303
        again = await client.post(f"{BASE}/enter", data={"token": token})
        assert again.status_code != 303
