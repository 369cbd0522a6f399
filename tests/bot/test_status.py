"""`baraza status`: all of it on one screen, beside a running bot, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.status import lines_of, look
from conversations.programme import Programme
from conversations.replies import KeepSubmission
from storage import consents, contacts, heartbeat, leases, outbox, submissions, updates
from storage.opening import open_store
from storage.outbox import Call, Priority
from storage.programmes import load_programme
from storage.store import Store
from tests.end_to_end.crowd import write_programme

AMINA, BARAKA = 7_001_002_003, 7_001_002_004
KEY = "ab" * 32


@dataclass(frozen=True, slots=True)
class Place:
    """A bot at work on a database."""

    settings: Settings
    programme: Programme
    store: Store

    async def screen(self) -> dict[str, str]:
        """Return what the screen says, by the words that open each line."""
        lines = lines_of(await look(self.settings, self.programme))
        return {line[:14].strip(): line[14:] for line in lines}


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    """Lend a bot at work on each database."""
    store = await open_store(database_url, bytes.fromhex(KEY))
    settings = Settings(_env_file=None, database_url=database_url, data_dir=tmp_path)  # type: ignore[call-arg]
    programme = load_programme(write_programme(tmp_path / "springs"))
    yield Place(settings, programme, store)
    await store.close()


async def test_a_database_nobody_used_is_quiet(place: Place) -> None:
    """Nothing happened and nothing is wrong."""
    told = await place.screen()
    assert told["Bot"] == "was never started on this database"
    assert told["Last update"] == "none yet"
    assert told["Form"] == "springs 1  open  0 reports, 0 under way"
    assert told["To be sent"] == "nothing"
    assert told["Rights"] == "held by nobody"
    assert "Given up" not in told


async def test_the_screen_says_what_stands_and_what_wants_a_hand(place: Place) -> None:
    """Reports, who is there, what waits and since when, what failed, who holds which right."""
    now = datetime.now(UTC)
    async with place.store.unit() as unit:
        amina = await contacts.meet(unit, AMINA, now)
        baraka = await contacts.meet(unit, BARAKA, now)
        await contacts.mark_gone(unit, baraka.id)
        await outbox.put(unit, amina.id, [Call("sendMessage", {"text": "secret"})], now)
        bulk = Call("sendMessage", {"text": "news"}, "", Priority.CAMPAIGN)
        await outbox.put(unit, amina.id, [bulk, bulk], now - timedelta(minutes=10))
        await updates.first_sight(unit, 1, now)
        await updates.set_aside(unit, 1, '{"update_id": 1, "said": "secret"}', "unreadable: x", now)
        await heartbeat.beat(unit, now)
        assert await leases.take(unit, leases.BULK, "0123456789", now, 600)
        reporter = place.store.reporter("springs", AMINA)
        await consents.keep(unit, reporter, "springs", "1", "en", True, now)  # noqa: FBT003
        for number, age in enumerate((timedelta(), timedelta(days=3))):
            sent = KeepSubmission(
                f"uuid:{number}", "springs", "1", "en", f"R{number}", "<data/>", ()
            )
            await submissions.keep(unit, reporter, "springs", sent, now - age)
        changed = KeepSubmission(
            *("uuid:2", "springs", "1", "en", "R0", "<data/>", ()), replaces="uuid:0"
        )
        await submissions.keep(unit, reporter, "springs", changed, now)
    told = await place.screen()
    assert told["Bot"].startswith("runs; alive")
    assert told["Last update"].endswith(f"s ago ({now:%Y-%m-%d %H:%M} UTC)")
    assert told["Form"] == "springs 1  open  2 reports, 0 under way"
    assert told["Reports"] == "2, 1 of them today"
    assert told["People"] == "2, 1 of them cannot be written to any more"
    assert told["To be sent"].startswith("replies 1, campaigns 2; oldest 1")
    assert told["Set aside"] == "1; `baraza dead-letters` lists them"
    assert told["Rights"].startswith("bulk: process 012345, ")
    assert told["Database"].startswith(("SQLite, ", "PostgreSQL, "))
    assert told["Disk"].endswith("free")
    screen = str(told)
    assert "secret" not in screen
    assert str(AMINA) not in screen
    async with place.store.unit() as unit:
        await leases.give_back(unit, "0123456789")
    assert (await place.screen())["Bot"].startswith("does not run; alive"), "it stopped just now"
