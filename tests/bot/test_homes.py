"""Which place somebody knows is learnt from reports; what they said themselves stands over it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.community import Community
from bot.erasing import Erasing
from conversations.programme import Programme
from locales.locale import locale_of
from storage import asks, reach, rounds
from storage.opening import open_store
from storage.reach import Reach
from storage.reporters import Reporter
from storage.store import Store
from tests.dialogue.chat import programme_of
from tests.player.others import report
from tests.sheets.making import form_with

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
FORM = form_with(
    validations=[
        {
            "name": "there",
            "question::English (en)": "Is it so?",
            "audience": "place ${topic}",
            "consent": "${follow_ok}",
            "control_share": "0",
        }
    ]
)
KEY = (FORM.form_id, FORM.version)
PLAIN = programme_of()
PROGRAMME = replace(
    PLAIN,
    languages=("en", "sw"),
    offered=(KEY,),
    validation=replace(PLAIN.validation, place_question="topic"),
).with_forms({KEY: FORM})
AMINA = 1


@dataclass
class People:
    """People who report, and what is known of them."""

    store: Store
    programme: Programme = PROGRAMME

    def known_as(self, chat: int) -> Reporter:
        """Return somebody's pseudonym."""
        return self.store.reporter(self.programme.name, chat)

    async def tell(self, chat: int, answers: str, now: datetime = NOW) -> str:
        """Let somebody report."""
        return await report(self.store, self.programme, locale_of, chat, answers, now)

    async def of(self, chat: int) -> Reach:
        """Return what is known of somebody."""
        async with self.store.reading() as reading:
            known = await reach.of(reading, self.known_as(chat))
        assert known is not None
        return known


@pytest.fixture
async def people() -> AsyncIterator[People]:
    """Lend a programme with nobody in it."""
    opened = await open_store("sqlite://", bytes(range(32)))
    yield People(opened)
    await opened.close()


async def test_a_reporter_is_asked_about_reports_of_their_place(people: People) -> None:
    """Whoever told of a place may be asked a week later about others' reports from there."""
    for chat in (1, 2, 3):
        await people.tell(chat, "topic=service")
    await people.tell(4, "topic=pregnancy")
    later = NOW + timedelta(days=8)
    about = await people.tell(9, "topic=service follow_ok=yes", later)
    async with people.store.reading() as reading:
        (one,) = await rounds.of(reading, about)
        asked = await asks.of_round(reading, one.id)
    assert {ask.validator for ask in asked} == {people.known_as(chat) for chat in (1, 2, 3)}


async def test_a_location_is_kept_as_its_cell(people: People) -> None:
    """Of a place in a report a cell of 11 km is kept, and no area is made of it."""
    await people.tell(AMINA, "point=-1.2921+36.8219+0+5")
    known = await people.of(AMINA)
    assert (known.area, known.cell, known.place_by) == ("", "-13,368", "report")


async def test_their_own_word_stands(people: People) -> None:
    """A place that somebody said, or had forgotten, is not overruled by a report."""
    await people.tell(AMINA, "topic=service")
    assert (await people.of(AMINA)).area == "service"
    await people.tell(2, "topic=service")
    async with people.store.unit() as unit:
        await reach.keep_place(unit, people.known_as(AMINA), "pregnancy", "")
        await reach.keep_place(unit, people.known_as(2), "", "")
    for chat in (AMINA, 2):
        async with people.store.unit() as unit:
            await reach.learn_place(unit, people.known_as(chat), "service", "-13,368")
    assert (await people.of(AMINA)).area == "pregnancy"
    assert ((await people.of(2)).area, (await people.of(2)).cell) == ("", "")


async def test_an_erased_report_tells_no_place(people: People) -> None:
    """With the report goes the place that was learnt from it."""
    sent = await people.tell(AMINA, "topic=service")
    async with people.store.unit() as unit:
        erasing = Erasing(Community(people.store, people.programme), unit, NOW, "reporter")
        await erasing.report(people.known_as(AMINA), sent)
    assert ((await people.of(AMINA)).area, (await people.of(AMINA)).place_by) == ("", "")


@pytest.mark.parametrize("safety", ["high-risk", "normal"])
async def test_where_nothing_is_learnt(people: People, safety: str) -> None:
    """A high-risk programme learns no place, nor does one that names no question."""
    terms = replace(PROGRAMME.validation, place_question="" if safety == "normal" else "topic")
    people.programme = replace(PROGRAMME, safety=safety, validation=terms)  # type: ignore[arg-type]  # It is one of three words.
    await people.tell(AMINA, "topic=service")
    assert ((await people.of(AMINA)).area, (await people.of(AMINA)).place_by) == ("", "")
