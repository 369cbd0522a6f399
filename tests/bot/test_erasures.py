"""A report, or a person, erased from the command line by a code, beside a running bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import erasures
from bot.erasures import NoSuchReport
from bot.settings import Settings
from conversations.programme import Programme
from conversations.replies import KeepSubmission
from storage import audit, consents, contacts, reach, submissions
from storage.opening import open_store
from storage.programmes import load_programme
from storage.store import Store
from tests.end_to_end.crowd import write_programme
from tests.player.databases import lay

NOW = datetime(2026, 11, 22, tzinfo=UTC)
AMINA = 1_000_001


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[tuple[Settings, Store, Programme]]:
    """Lend a bot at work to which Amina sent two reports, one of them under a code of another."""
    settings = Settings(data_dir=tmp_path, token=None, _env_file=None)
    lay(settings.store_url)
    store = await open_store(settings.store_url, settings.pseudonym_key())
    programme = load_programme(write_programme(tmp_path / "springs"))
    for chat, number, code in (
        (AMINA, 1, "4T7K-9WXM"),
        (AMINA, 2, "4T7K-AAAA"),
        (7, 3, "4T7K-AAAA"),
    ):
        reporter = store.reporter(programme.name, chat)
        async with store.unit() as unit:
            met = await contacts.meet(unit, chat, NOW)
            await reach.meet(unit, store, reporter, programme.name, met.id, "en", NOW)
            await consents.keep(unit, reporter, programme.name, "v1", "en", agreed=True, now=NOW)
            sent = KeepSubmission(f"uuid:{number}", "springs", "1", "en", code, "<data/>", ())
            await submissions.keep(unit, reporter, programme.name, sent, NOW)
    yield settings, store, programme
    await store.close()


async def test_a_report_by_its_code(house: tuple[Settings, Store, Programme]) -> None:
    """The report with the code goes, in any letters; the running bot's audit says so and holds."""
    settings, store, programme = house
    found = await erasures.find(settings, programme.name, " 4t7k-9wxm ")
    assert (found.form_id, found.others) == ("springs", 1)
    assert (await erasures.erase_report(settings, programme, found)).submissions == 1
    with pytest.raises(NoSuchReport):
        await erasures.find(settings, programme.name, "4T7K-9WXM")
    async with store.reading() as reading:
        assert await submissions.count(reading, programme.name) == 2
        (entry,) = await audit.newest(reading, 5)
        assert (entry.who, entry.act, entry.subject) == ("command", "Erased", "uuid:1")
        assert (await audit.verify(reading, store)).broken is None


async def test_a_code_of_two_reports(house: tuple[Settings, Store, Programme]) -> None:
    """Nothing is erased before it was said which; then all of its sender can go."""
    settings, store, programme = house
    with pytest.raises(NoSuchReport, match="uuid:2"):
        await erasures.find(settings, programme.name, "4T7K-AAAA")
    found = await erasures.find(settings, programme.name, "4T7K-AAAA", "uuid:2")
    gone = await erasures.erase_person(settings, programme, found)
    assert (gone.submissions, gone.contact) == (2, True)
    async with store.reading() as reading:
        assert await contacts.by_chat(reading, AMINA) is None
        assert await contacts.by_chat(reading, 7) is not None
