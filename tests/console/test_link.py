"""The way from the chat into the console."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.console.desk import BASE
from bot.dispatch import Dispatch
from bot.library import Library
from locales.locale import locale_of
from storage import outbox
from storage.outbox import OutboxRow
from tests.console.seeding import Place, open_place

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
