"""Roles and published forms from the command line, beside a running bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import staffing
from bot.library import open_library
from bot.settings import Settings
from bot.staffing import NoSuchRole
from conversations.programme import Programme
from conversations.roles import token_of
from conversations.xform.form import Form
from conversations.xform.renumbering import with_version
from storage import contacts, forms, offers, roles
from storage.offers import KeptWorkbook
from storage.opening import open_store
from storage.programmes import load_programme
from storage.roles import Taken
from storage.store import Store
from tests.end_to_end.crowd import write_programme
from tests.player.databases import lay

NOW = datetime(2026, 11, 22, tzinfo=UTC)
AMINA = 1_000_001


@dataclass(frozen=True, slots=True)
class House:
    """A bot at work: its settings, its store, and the programme in its folder."""

    settings: Settings
    store: Store
    programme: Programme

    @property
    def form(self) -> Form:
        """Return the folder's form."""
        return self.programme.forms[self.programme.offered[0]]

    async def publish(self, version: str, *, is_numbered: bool = True) -> None:
        """Publish the folder's form in the chat under another version."""
        form, name = with_version(self.form, version), self.programme.name
        workbook = KeptWorkbook("form.xlsx", b"PK workbook", is_numbered)
        async with self.store.unit() as unit:
            await forms.keep(unit, name, form, NOW)
            await offers.publish(unit, name, (form.form_id, version), workbook, NOW)

    async def offered(self, programme: Programme | None = None) -> tuple[tuple[str, str], ...]:
        """Return what a bot offers that starts with a folder."""
        library = await open_library(self.store, programme or self.programme, NOW)
        async with self.store.reading() as reading:
            return (await library.offering(reading)).programme.offered

    def folder_with(self, version: str) -> Programme:
        """Return the programme with another version in its folder."""
        form = with_version(self.form, version)
        key = (form.form_id, version)
        return replace(self.programme, forms={key: form}, offered=(key,))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Lend a bot at work, which has the store to itself."""
    settings = Settings(data_dir=tmp_path, token=None, _env_file=None)
    lay(settings.store_url)
    store = await open_store(settings.store_url, settings.pseudonym_key())
    yield House(settings, store, load_programme(write_programme(tmp_path / "springs")))
    await store.close()


async def test_an_invitation_made_beside_the_bot_is_taken_and_revoked(house: House) -> None:
    """The running bot sees the invitation at once, and at once that the role is taken away."""
    name = house.programme.name
    made = await staffing.invite(house.settings, name, "coordinator", "Amina", 7)
    assert made.link == ""
    async with house.store.unit() as unit:
        amina = (await contacts.meet(unit, AMINA, NOW)).id
        token = token_of(made.word)
        assert token is not None
        assert await roles.take(unit, name, token, amina, NOW) == Taken("coordinator")
    (given,) = await staffing.given_roles(house.settings, name)
    assert (given.id, given.known_as) == (made.number, "Amina")
    await staffing.revoke(house.settings, name, made.number)
    async with house.store.unit() as unit:
        assert not await roles.held(unit, name, amina)
    with pytest.raises(NoSuchRole):
        await staffing.revoke(house.settings, name, made.number)


async def test_an_invitation_fits_into_a_deep_link(house: House) -> None:
    """Telegram takes 64 signs after `start=`: letters, digits, hyphens and underscores."""
    made = await staffing.invite(house.settings, house.programme.name, "coordinator", "", 7)
    assert len(made.word) <= 64
    assert made.word.replace("-", "").replace("_", "").isalnum()


async def test_the_first_invitation_makes_the_database(tmp_path: Path) -> None:
    """Whoever invites before the first start need not know of migrations."""
    settings = Settings(data_dir=tmp_path / "new", token=None, _env_file=None)
    await staffing.invite(settings, "springs", "coordinator", "", 7)
    assert len(await staffing.given_roles(settings, "springs")) == 1


async def test_a_published_version_stands_over_the_folder(house: House) -> None:
    """It survives restarts, and gives way to a version the folder never had before."""
    form_id = house.form.form_id
    assert await house.offered() == (house.programme.offered[0],)
    await house.publish("7")
    assert await house.offered() == ((form_id, "7"),)
    assert await house.offered() == ((form_id, "7"),)
    assert await house.offered(house.folder_with("8")) == ((form_id, "8"),)
    assert await house.offered(house.folder_with("8")) == ((form_id, "8"),)


async def test_what_was_brought_back_to_the_folder_stays_offered(house: House) -> None:
    """The published version in the folder is the one that stands."""
    await house.offered()
    await house.publish("7")
    assert await house.offered(house.folder_with("7")) == ((house.form.form_id, "7"),)


async def test_the_form_is_brought_back_as_it_was_sent(house: House, tmp_path: Path) -> None:
    """The workbook itself where its author numbered it."""
    await house.offered()
    await house.publish("7")
    (path,) = await staffing.bring_back(house.settings, house.programme, tmp_path / "out")
    assert path.name == f"{house.form.form_id}.xlsx"
    assert path.read_bytes() == b"PK workbook"
    (line,) = await staffing.forms_standing(house.settings, house.programme)
    assert (line.key[1], line.from_chat, line.is_open) == ("7", True, True)


async def test_a_form_numbered_by_the_bot_is_brought_back_as_xform(
    house: House, tmp_path: Path
) -> None:
    """The workbook has not the number under which its answers were given."""
    await house.offered()
    await house.publish("7", is_numbered=False)
    (path,) = await staffing.bring_back(house.settings, house.programme, tmp_path / "out")
    assert path.name == f"{house.form.form_id}.xml"
    assert 'version="7"' in path.read_text("utf-8")
