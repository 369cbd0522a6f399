"""What was kept as long as the programme says goes by itself, and nothing sooner."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import retention
from bot.library import Library
from bot.retention import Retention
from conversations.programme import Programme
from conversations.replies import KeepAttachment, KeepSubmission
from conversations.session import Session
from storage import attachments, audit, consents, contacts, links, outbox, sessions, submissions
from storage import updates as seen
from storage.opening import open_store
from storage.outbox import Call
from storage.programmes import load_programme
from storage.store import Store, Unit
from tests.end_to_end.crowd import write_programme

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
DAYS = 365
AMINA, JUMA = 7_001, 7_002
KEY = b"a key of the tests, not a secret"


@dataclass(slots=True)
class House:
    """A store in which reports of a programme are kept, and when it is."""

    store: Store
    programme: Programme
    today: datetime = NOW

    async def sends(
        self, chat: int, instance_id: str, after_days: int = 0, replaces: str = ""
    ) -> None:
        """Let somebody send a report, or a change of one, some days after the beginning."""
        at = NOW + timedelta(days=after_days)
        async with self.store.unit() as unit:
            reporter, name = self.store.reporter(self.programme.name, chat), self.programme.name
            await contacts.meet(unit, chat, at)
            await consents.keep(unit, reporter, name, "1", "en", agreed=True, now=at)
            sent = KeepSubmission(
                instance_id, "springs", "1", "en", "4T7K", "<data/>", (), replaces
            )
            await submissions.keep(unit, reporter, name, sent, at)

    async def begins(self, chat: int, key: str, *, aside: bool = False) -> None:
        """Let somebody begin a report, send a picture for it, and not go on; or set it aside."""
        async with self.store.unit() as unit:
            reporter = self.store.reporter(self.programme.name, chat)
            session = Session(key, "en", "form", began_at=NOW.isoformat())
            await sessions.keep(unit, reporter, self.programme.name, session, NOW)
            for _ in range(aside):
                await sessions.set_aside(unit, reporter, self.programme.name)
            file = KeepAttachment("q.jpg", "AgACAg", "image/jpeg", 1)
            await attachments.expect(unit, key, file, NOW)

    async def round(self, after_days: int) -> int:
        """Let what is old enough go, some days after the beginning."""
        self.today = NOW + timedelta(days=after_days, minutes=1)
        return await Retention(self.store, Library(self.programme), lambda: self.today).round()

    async def left(self, table: str, column: str) -> list[object]:
        """List what a table holds."""
        async with self.store.reading() as reading:
            rows = await reading.rows(f"SELECT {column} AS it FROM {table} ORDER BY 1")  # noqa: S608 - our names.
        return [row["it"] for row in rows]

    async def reports(self) -> list[object]:
        """List the submissions that are kept."""
        return await self.left("submissions", "instance_id")


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Lend a store of each kind."""
    store = await open_store(database_url, KEY)
    programme = load_programme(write_programme(tmp_path / "springs"))
    yield House(store, replace(programme, retention_days=DAYS))
    await store.close()


async def test_a_report_goes_on_its_day(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each goes so many days after it was sent, however many there are; the audit says how many."""
    monkeypatch.setattr(retention, "PAGE", 3)
    monkeypatch.setattr(retention, "TOGETHER", 2)
    for number in range(8):
        await house.sends(AMINA, f"uuid:{number}", after_days=number)
    assert await house.round(DAYS - 1) == 0
    assert len(await house.reports()) == 8
    assert await house.round(DAYS + 6) == 7
    assert await house.reports() == ["uuid:7"]
    async with house.store.reading() as reading:
        told = await audit.newest(reading, 9)
        assert (await audit.verify(reading, house.store)).broken is None
    assert {(one.who, one.act, one.subject) for one in told} == {
        ("retention", "Expired", house.programme.name)
    }
    assert await house.round(DAYS + 6) == 0


async def test_a_report_and_what_came_of_it_go_together(house: House) -> None:
    """A change, or an answer to a follow-up, keeps a report until it is old enough itself."""
    await house.sends(AMINA, "uuid:1")
    await house.sends(AMINA, "uuid:2", after_days=1, replaces="uuid:1")
    await house.sends(AMINA, "uuid:3", after_days=200)
    await house.sends(JUMA, "uuid:4", after_days=200)
    async with house.store.unit() as unit:
        for answer in ("uuid:3", "uuid:4"):
            await _link(unit, answer, "uuid:1")
    assert await house.round(DAYS + 199) == 0
    assert await house.round(DAYS + 200) == 4
    assert await house.reports() == []


async def _link(unit: Unit, answer: str, parent: str) -> None:
    await links.link(unit, links.Link(answer, parent, parent, "two_weeks", 1))


async def test_what_was_begun_goes(house: House) -> None:
    """A report that was left in the middle goes with its files, so many days later."""
    await house.begins(AMINA, "1" * 32, aside=True)
    await house.round(DAYS - 1)
    assert await house.left("sessions", "session_key") == ["1" * 32]
    await house.round(DAYS)
    assert await house.left("sessions", "session_key") == []
    assert await house.left("attachments", "name") == []


async def test_words_that_wait_go(house: House) -> None:
    """What was never sent in all that time, and what nobody understood, goes as well."""
    async with house.store.unit() as unit:
        contact = await contacts.meet(unit, AMINA, NOW)
        await outbox.put(unit, contact.id, [Call("sendMessage", {"text": "Hello Amina"})], NOW)
        await seen.set_aside(unit, 5, "{}", "why", NOW)
    await house.round(DAYS - 1)
    assert len(await house.left("outbox", "id")) == 1
    await house.round(DAYS + 1)
    assert await house.left("outbox", "id") == []
    assert await house.left("dead_letters", "update_id") == []


async def test_without_a_number_of_days_nothing_goes(house: House) -> None:
    """A programme that names none keeps everything until somebody erases it."""
    house.programme = replace(house.programme, retention_days=None)
    await house.sends(AMINA, "uuid:1")
    assert await house.round(100_000) == 0
    assert await house.reports() == ["uuid:1"]
