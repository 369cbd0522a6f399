"""After a time away several workers may come back at once, to one database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.app import fresh_key
from bot.dispatch import Dispatch
from bot.library import open_library
from bot.programmes import SHIPPED, programme_folder
from bot.returning import ask_again, away_since, beat
from conversations.session import Session
from locales.locale import locale_of
from storage import contacts, outbox, sessions
from storage.opening import open_store
from storage.programmes import load_programme
from storage.store import Store

KEY = b"a key of the tests, not a secret"
WENT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CAME = WENT + timedelta(minutes=20)
PEOPLE, WORKERS = 12, 3
PROGRAMME = replace(load_programme(programme_folder(SHIPPED[0])), media={})


async def test_several_workers_ask_each_person_once(postgres_url: str) -> None:
    """Workers that begin at the same moment ask again everybody who waits, and nobody twice."""
    stores = [await open_store(postgres_url, KEY) for _ in range(WORKERS)]
    try:
        await _leave_people_waiting(stores[0])
        async with asyncio.timeout(60):
            asked = await asyncio.gather(*(_come_back(store) for store in stores))
        assert sum(asked) == PEOPLE
        async with stores[0].reading() as reading:
            rows = await reading.rows("SELECT contact_id FROM outbox WHERE method = 'sendMessage'")
            assert len({row["contact_id"] for row in rows}) == len(rows) == PEOPLE
            assert set(await outbox.depths(reading)) == {("waiting", outbox.Priority.FOLLOW_UP)}
    finally:
        for store in stores:
            await store.close()


async def _leave_people_waiting(store: Store) -> None:
    """Let people be asked for their language, and the bot go away."""
    for number in range(PEOPLE):
        session = Session(f"{number:032x}", "en", "language", step=1)
        async with store.unit() as unit:
            contact = await contacts.meet(unit, 7_000_000 + number, WENT)
            reporter = store.reporter(PROGRAMME.name, contact.chat_id)
            await sessions.keep(unit, reporter, PROGRAMME.name, session, WENT)
    await beat(store, WENT)


async def _come_back(store: Store) -> int:
    since = await away_since(store, CAME) or WENT
    library = await open_library(store, PROGRAMME, CAME)
    dispatch = Dispatch(store, library, locale_of, lambda: CAME, fresh_key)
    return await ask_again(dispatch, since, CAME, asyncio.Event())
