"""Which questions people misread: measured on every database, and told to coordinators once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.misreading import Daily, judged
from conversations.sheets.texts import Message
from conversations.validating.agreeing import agreements_of
from conversations.validating.board import Changed, Load
from conversations.verdicts.wording import misread
from locales.locale import locale_of
from storage import agreements, asks, audit, contacts, roles, rounds
from storage.contacts import Contact
from storage.reporters import Reporter
from storage.store import Store
from tests.bot.village import FORM, KEY, NOW, PROGRAMME, Village

NAME = PROGRAMME.name
DAY = timedelta(days=1)
OTHER = (FORM.form_id, "9")

(ROW,) = PROGRAMME.sheets[KEY].validations
REWORDED = replace(ROW, question=Message({"en": ("Is this right?",), "sw": ("Je?",)}))


async def answered(store: Store, reports: int) -> None:
    """Let six people answer about each report, which a moderator approves; Swahili is misread."""
    village = Village(store)
    for number in range(reports):
        await village.report(number + 1)
        one = await village.round(f"uuid:{number + 1}")
        async with store.unit() as unit:
            for person in range(6):
                language = "sw" if person % 2 else "en"
                who = Reporter(f"person {(number + person) % 9} {language}")
                ask = await asks.plan(unit, one.id, who, language, NOW)
                assert ask is not None
                await asks.note_put(unit, ask, NOW, (KEY, OTHER)[number % 2][1])
                choice = "no" if language == "sw" else "saw"
                await asks.answer(unit, ask, choice, NOW + timedelta(hours=2), late=False)
            await rounds.moderate(unit, one.id, "yes", NOW)


async def coordinator(store: Store) -> Contact:
    """Let somebody be a coordinator."""
    async with store.unit() as unit:
        contact = await contacts.meet(unit, 70, NOW)
        await roles.invite(unit, NAME, "coordinator", "", "token", NOW + DAY)
        await roles.take(unit, NAME, "token", contact.id, NOW)
    return contact


async def test_a_misread_language_is_told_once(store: Store) -> None:
    """Coordinators hear of it by day, once, also after a restart; the audit keeps it."""
    await answered(store, 12)
    amina = await coordinator(store)
    night = NOW.replace(hour=23) - DAY
    assert await Daily().look(store, PROGRAMME, locale_of, night) == ()
    daily = Daily()
    assert await daily.look(store, PROGRAMME, locale_of, NOW) == (amina,)
    for again in (daily, Daily()):
        assert await again.look(store, PROGRAMME, locale_of, NOW + DAY) == ()
    async with store.reading() as reading:
        told = [one for one in await audit.newest(reading, 50) if one.act == "wording stands out"]
        rows = await reading.rows("SELECT params FROM outbox WHERE contact_id = $1", amina.id)
        text = " ".join(str(row["params"]) for row in rows)
    assert [one.body["percent"] for one in told] == [0]
    assert "there (sw): residents" in text
    assert "0 of 100 answers" in text


async def test_versions_that_word_it_alike_are_one_wording(store: Store) -> None:
    """Two versions with the same words are measured together, with others apart."""
    await answered(store, 12)
    alike = PROGRAMME.with_forms({KEY: FORM, OTHER: replace(FORM, version="9")})
    sheets = {KEY: PROGRAMME.sheets[KEY], OTHER: PROGRAMME.sheets[KEY]}
    alike = replace(alike, sheets=sheets)
    reworded = {**sheets, OTHER: replace(sheets[KEY], validations=(REWORDED,))}
    apart = replace(alike, sheets=reworded)
    async with store.reading() as reading:
        together = await judged(reading, alike, NOW + DAY)
        parted = await judged(reading, apart, NOW + DAY)
    assert {one.wording for one in together} == {f"{FORM.version}, 9"}
    assert {one.wording for one in parted} == {FORM.version, "9"}
    assert [one.reports for one in misread(together)] == [12]
    assert misread(parted)[0].wording == "", "six reports each are too few for one wording"
    (key, part), *_ = agreements_of(together).questions.items()
    assert (key[1:], part.agreed, part.answers) == (("there", "en"), 36, 36)


async def test_what_validation_came_to(store: Store) -> None:
    """How soon people answer, and what moderators made of what residents say."""
    await answered(store, 3)
    async with store.unit() as unit:
        load = await agreements.load(unit, NAME, NOW - DAY)
        one = (await rounds.of(unit, "uuid:1"))[0]
        await rounds.keep(unit, replace(one, disagrees=True))
        changed = await agreements.changed(unit, NAME, NOW - DAY)
    assert load == Load(18, 18, 0, 14, 2, timedelta(hours=2), 0, 18)
    assert changed == Changed(0, 0, 1)
