"""Published figures in the console: seen in the queue, decided on a page of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.console.desk import BASE
from bot.published import Published
from conversations.reviewing.published import Figure
from locales.locale import locale_of
from storage import contacts, figure_cases
from storage.reporters import Reporter
from tests.console.seeding import NOW, Place, form, open_place
from tests.console.test_attacks import browser, post, proof_of

AMINA, BAKARI, CAROL = 7_001, 7_002, 7_003


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    """Lend a place on each database, with a figure of all places that somebody doubts."""
    opened = await open_place(tmp_path, database_url)
    async with opened.store.unit() as unit:
        contact = await contacts.meet(unit, 8_001, NOW)
        figure = Figure("2026-10", form().form_id)
        room = Published(opened.store, opened.programme, locale_of)
        who = opened.store.reporter(opened.programme.name, 8_001)
        await room.doubt(unit, who, contact, 0, figure, 12, "high", NOW)
    yield opened
    await opened.store.close()


async def test_a_figure_is_decided(place: Place) -> None:
    """It waits in the queue; a form without proof, or of an old version, decides nothing."""
    async with browser(place, await place.session(await place.moderator(AMINA))) as client:
        queue = (await client.get(f"{BASE}/")).text
        assert "Drains and floods · October 2026 · all places" in queue
        page = (await client.get(f"{BASE}/figures/1")).text
        assert "12 reports" in page
        assert "too few to show" in page, "what counting again gives"
        assert "The number is too high (1)" in page
        assert (await post(client, "/figures/1", act="withdraw", seen=1)).status_code == 403
        proof = await proof_of(client)
        old = await post(client, "/figures/1", act="withdraw", seen=7, proof=proof)
        assert old.status_code == 409
        done = await post(client, "/figures/1", act="correct", seen=1, proof=proof)
        assert done.headers["location"] == f"{BASE}/?said=done"
        after = (await client.get(f"{BASE}/figures/1")).text
        assert "published number corrected" in after
        assert "October 2026" not in (await client.get(f"{BASE}/")).text
        undone = await post(client, "/figures/1", act="undo", seen=2, proof=proof)
        assert undone.headers["location"] == f"{BASE}/figures/1"


async def test_who_may_not_decides_nothing(place: Place) -> None:
    """A case worker looks and decides nothing; who doubted it themselves does not either."""
    looks = await place.session(await place.moderator(BAKARI, "case worker", "Bakari"))
    async with browser(place, looks) as client:
        assert "It stands" not in (await client.get(f"{BASE}/figures/1")).text
        proof = await proof_of(client)
        assert (
            await post(client, "/figures/1", act="keep", seen=1, proof=proof)
        ).status_code == 409
    async with place.store.unit() as unit:
        own = place.store.reporter(place.programme.name, CAROL)
        contact = await contacts.meet(unit, CAROL, NOW)
        about = (1, own, contact.id, "low", NOW)
        assert await figure_cases.raise_(unit, place.store, *about)
        assert own != Reporter("")
    async with browser(place, await place.session(await place.moderator(CAROL))) as client:
        proof = await proof_of(client)
        page = await post(client, "/figures/1", act="keep", seen=1, proof=proof)
        assert (page.status_code, "This doubt is your own" in page.text) == (409, True)
        assert (await client.get(f"{BASE}/figures/99")).status_code == 404
