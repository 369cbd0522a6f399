"""Numbers of a month are put to the right people, stay safe to show, and stand any bad input."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.community import Community
from bot.count_checks import CountChecks
from bot.erasing import Erasing
from bot.objections import Objections
from conversations.programme import Programme
from conversations.validating.objections import ObjectionOutcome
from conversations.validating.questions import Why
from locales.locale import locale_of
from storage import audit, consents, contacts, count_asks, counts, reach, submissions
from storage.count_asks import CountAsk
from storage.counts import CountCheck
from storage.opening import open_store
from storage.reporters import Reporter
from storage.store import Store
from tests.dialogue.chat import programme_of
from tests.player.others import report
from tests.sheets.making import form_with

MARCH = datetime(2026, 3, 4, 9, tzinfo=UTC)
APRIL = datetime(2026, 4, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ROW = {
    "name": "born",
    "source": "count",
    "question::English (en)": "For ${place} in ${month} we counted ${count}.",
    "audience": "place ${topic}",
    "date": "${due_date}",
}
BORN = "due_date=2026-03-02"
FORM = form_with(validations=[ROW, {**ROW, "name": "old", "relevant": "${age} > 40"}])
BY_SENDING = form_with(validations=[{**ROW, "date": ""}])


def programme_with(form: object = FORM) -> Programme:
    """Return a programme of one form."""
    key = (FORM.form_id, FORM.version)
    made = replace(programme_of(), languages=("en", "sw"), offered=(key,))
    return made.with_forms({key: form})  # type: ignore[dict-item]  # It is a form.


@dataclass
class Ward:
    """People of a place, those who report, and what is asked of them."""

    store: Store
    programme: Programme
    now: datetime = MARCH
    told: int = 1_000

    @property
    def counting(self) -> CountChecks:
        """Return who asks them."""
        return CountChecks(self.store, self.programme)

    def known_as(self, chat: int) -> Reporter:
        """Return somebody's pseudonym."""
        return self.store.reporter(self.programme.name, chat)

    async def live(self, *chats: int, place: str = "service", invited_by: str = "") -> None:
        """Let people be known for a month, and be registered for a place."""
        async with self.store.unit() as unit:
            for chat in chats:
                contact = await contacts.meet(unit, chat, self.now)
                about = (self.store, self.known_as(chat), self.programme.name, contact.id, "en")
                await reach.meet(unit, *about, self.now - 30 * DAY, invited_by)
                await reach.keep_place(unit, self.known_as(chat), place, "")

    async def tell(self, number: int, answers: str = f"topic=service {BORN}") -> list[str]:
        """Let so many people report the same."""
        about = (self.store, self.programme, locale_of)
        first, self.told = self.told, self.told + number
        return [
            await report(*about, chat, answers, self.now) for chat in range(first, first + number)
        ]

    async def april(self, *, days: int = 0) -> None:
        """Let the third of April come, or so many days later."""
        self.now = APRIL + days * DAY
        await self.counting.look_after(self.now)
        await Objections(self.counting).look_after(self.now)

    async def checks(self) -> tuple[CountCheck, ...]:
        """Return all checks."""
        async with self.store.reading() as reading:
            return await counts.of_form(reading, self.programme.name, FORM.form_id)

    async def asked(self) -> tuple[CountAsk, ...]:
        """Return who was asked about the first number."""
        check = (await self.checks())[0]
        async with self.store.reading() as reading:
            return await count_asks.of_check(reading, check.id)

    async def say(self, choice: str, place: int = 0) -> None:
        """Let one of those who were asked answer."""
        ask = (await self.asked())[place]
        async with self.store.unit() as unit:
            await self.counting.answered(unit, ask, choice, self.now)

    async def object(self, why: Why, place: int = 0) -> bool:
        """Let one of those who were asked say that it should not be; tell whether that is news."""
        ask = (await self.asked())[place]
        async with self.store.unit() as unit:
            return await Objections(self.counting).take(unit, ask, why, self.now)

    async def decide(self, outcome: ObjectionOutcome) -> bool:
        """Let a coordinator decide about the first number; tell whether that is news."""
        check = (await self.checks())[0]
        async with self.store.unit() as unit:
            about = (check, outcome, "role:1", self.now)
            return await Objections(self.counting).decide(unit, *about)

    async def to_be_told(self) -> list[tuple[str, str]]:
        """Return what is planned for those who objected, with how it stands."""
        sql = "SELECT dedupe, state FROM due WHERE kind = 'count objection' ORDER BY id"
        async with self.store.reading() as reading:
            return [(row["dedupe"], row["state"]) for row in await reading.rows(sql)]


@pytest.fixture
async def ward() -> AsyncIterator[Ward]:
    """Lend a ward with nobody in it."""
    opened = await open_store("sqlite://", bytes(range(32)))
    yield Ward(opened, programme_with())
    await opened.close()


async def test_people_of_the_place_who_did_not_report(ward: Ward) -> None:
    """Three are asked of those registered for the place, none who reported or is acquainted."""
    await ward.live(*range(1, 6))
    await ward.live(9, place="elsewhere")
    await ward.live(1_000, 1_001)
    await ward.live(7, invited_by=ward.counting._link(ward.known_as(1_002)))  # noqa: SLF001 - it is the link they give.
    await ward.tell(6)
    await ward.april()
    (check,) = await ward.checks()
    assert (check.counted, check.number.place, check.number.month) == (6, "service", "2026-03")
    able = {ward.known_as(chat) for chat in range(1, 6)}
    asked = {ask.validator for ask in await ward.asked()}
    assert len(asked) == 3
    assert asked <= able
    await ward.counting.look_after(ward.now)
    assert len(await ward.asked()) == 3


@pytest.mark.parametrize("people", [1, 2])
async def test_a_place_of_two(ward: Ward, people: int) -> None:
    """Where fewer than three could be asked, nobody is."""
    await ward.live(*range(1, people + 1))
    await ward.tell(6)
    await ward.april()
    assert await ward.asked() == ()


async def test_few_reports_and_one_person_with_many(ward: Ward) -> None:
    """No number of fewer than five people is asked about."""
    await ward.live(1, 2, 3)
    await ward.tell(4)
    await ward.april()
    assert await ward.checks() == ()


async def test_two_numbers_that_give_a_third_away(ward: Ward) -> None:
    """Of two numbers that differ by two people only one is asked about."""
    await ward.live(1, 2, 3)
    await ward.tell(5, f"topic=service {BORN} age=41")
    await ward.tell(2, f"topic=service {BORN} age=20")
    await ward.april()
    assert [(check.number.name, check.counted) for check in await ward.checks()] == [("born", 7)]


async def test_a_number_beside_the_results(ward: Ward) -> None:
    """Where the monthly results say the total, no place is asked whose rest is of few people."""
    ward.programme = programme_with(BY_SENDING)
    await ward.live(1, 2, 3)
    await ward.tell(6, "topic=service")
    await ward.tell(2, "topic=pregnancy")
    await ward.april()
    assert await ward.checks() == ()


async def test_what_is_rejected_later(ward: Ward) -> None:
    """A number of which too little is left is put to nobody else."""
    await ward.live(1, 2, 3, 4)
    sent = await ward.tell(5)
    await ward.april()
    (check,) = await ward.checks()
    async with ward.store.unit() as unit:
        assert await ward.counting.may_be_put(unit, check)
        await submissions.review(unit, sent[0], "rejected")
        assert not await ward.counting.may_be_put(unit, check)
        await ward.counting.close(unit, check, ward.now)
    assert {ask.state for ask in await ward.asked()} == {"expired"}
    await ward.say("few")
    assert (await ward.checks())[0].says == ""


async def test_a_row_that_is_taken_out(ward: Ward) -> None:
    """A number whose row the form has no more is asked about no more."""
    await ward.live(1, 2, 3, 4)
    await ward.tell(5)
    await ward.april()
    ward.programme = programme_with(form_with())
    await ward.april(days=1)
    assert [check.state for check in await ward.checks()] == ["void"]


async def test_a_row_that_comes_later(ward: Ward) -> None:
    """The month in which a row came into the form is not asked about: its count is not whole."""
    with_row, ward.programme = ward.programme, programme_with(form_with())
    await ward.live(1, 2, 3)
    await ward.tell(3)
    ward.programme, ward.now = with_row, MARCH + DAY
    await ward.counting.look_after(ward.now)
    await ward.tell(6)
    await ward.april()
    assert await ward.checks() == ()


async def test_a_bot_that_was_away(ward: Ward) -> None:
    """A month is asked about late where the bot was away in its first days, and never twice."""
    await ward.live(*range(1, 6))
    await ward.tell(5)
    await ward.april(days=-2)
    assert await ward.checks() == ()
    for days in (24, 24, 25):
        await ward.april(days=days)
        assert len(await ward.asked()) == 3
    ward.now = APRIL.replace(day=20)
    await ward.tell(6, "topic=service due_date=2026-04-11")
    await ward.april(days=32)
    assert [check.number.month for check in await ward.checks()] == ["2026-03", "2026-04"]


async def test_a_bot_that_was_away_for_a_month(ward: Ward) -> None:
    """What was reported two months ago is asked about no more."""
    await ward.live(*range(1, 6))
    await ward.tell(5)
    await ward.april(days=31)
    assert await ward.checks() == ()


async def test_answers_that_come_late_or_change(ward: Ward) -> None:
    """What people say ends a check; what comes later is kept, counted, and may turn it."""
    await ward.live(*range(1, 6))
    await ward.tell(5)
    await ward.april()
    for place in range(2):
        await ward.say("few", place)
    await ward.say("many", 2)
    (check,) = await ward.checks()
    assert (check.state, check.says) == ("ended", "few")
    await ward.say("many", 1)
    (check,) = await ward.checks()
    assert (check.state, check.says) == ("ended", "many")
    assert [ask.late for ask in await ward.asked()] == [False, True, False]


async def test_those_who_do_not_agree(ward: Ward) -> None:
    """More are asked, one by one, while people do not agree; at the most it stays so."""
    await ward.live(*range(1, 12))
    await ward.tell(5)
    await ward.april()
    for place in range(9):
        await ward.say(("few", "many", "right")[place % 3], place)
        assert len(await ward.asked()) == min(9, max(3, place + 2))
    (check,) = await ward.checks()
    assert check.says == "divided"
    await ward.april(days=8)
    (check,) = await ward.checks()
    assert (check.state, check.says) == ("ended", "divided")


async def test_nobody_answers(ward: Ward) -> None:
    """Whoever does not answer for some days is not waited for; at the end nothing is said."""
    await ward.live(*range(1, 12))
    await ward.tell(5)
    await ward.april()
    await ward.april(days=3)
    assert len(await ward.asked()) == 6
    await ward.april(days=8)
    (check,) = await ward.checks()
    assert (check.state, check.says) == ("ended", "")


async def test_an_erased_person(ward: Ward) -> None:
    """An answer goes with whoever gave it; what people say is worked out anew, and logged."""
    await ward.live(*range(1, 6))
    await ward.tell(5)
    await ward.april()
    for place in range(3):
        await ward.say("few", place)
    who = (await ward.asked())[0].validator
    async with ward.store.unit() as unit:
        community = Community(ward.store, ward.programme)
        await consents.keep(unit, who, "x", "v1", "en", agreed=True, now=ward.now)
        await Erasing(community, unit, ward.now, "reporter").person(who)
        entries = await audit.newest(unit, 5)
    assert len(await ward.asked()) == 2
    assert (await ward.checks())[0].says == ""
    assert "validator erased" in {entry.act for entry in entries}


async def test_a_programme_that_asks_nobody(ward: Ward) -> None:
    """With ask = false, and in a high-risk programme that did not allow it, nobody is asked."""
    await ward.live(1, 2, 3)
    await ward.tell(5)
    plain = ward.programme
    for programme in (
        replace(plain, validation=replace(plain.validation, asks=False)),
        replace(plain, safety="high-risk"),
    ):
        ward.programme = programme
        await ward.april()
    assert await ward.checks() == ()


async def test_a_question_that_is_changed_or_taken_out(ward: Ward) -> None:
    """Whoever publishes another question, or none, has decided: who objected is told of it."""
    await ward.live(*range(1, 6))
    await ward.tell(5)
    await ward.april()
    assert await ward.object("who")
    other = {**ROW, "question::English (en)": "In ${place}: ${count}."}
    key = (FORM.form_id, FORM.version)
    forms = {key: form_with(validations=[other]), (FORM.form_id, "0"): FORM}
    ward.programme = ward.programme.with_forms(forms)
    async with ward.store.unit() as unit:
        await unit.run("UPDATE count_checks SET form_version = '0'")
    await ward.april(days=1)
    assert [(check.state, check.decided) for check in await ward.checks()] == [("void", "changed")]
    assert (await ward.asked())[0].outcome == "changed"
    assert await ward.to_be_told() == [("count objection:1:changed", "waiting")]


async def test_a_row_that_people_object_to_is_taken_out(ward: Ward) -> None:
    """Whoever said that it should not be asked hears that it is asked no more."""
    await ward.live(*range(1, 6))
    await ward.tell(5)
    await ward.april()
    await ward.object("harm")
    ward.programme = programme_with(form_with())
    await ward.april(days=1)
    assert await ward.to_be_told() == [("count objection:1:withdrawn", "waiting")]


async def test_reasons_after_a_decision(ward: Ward) -> None:
    """A known reason is answered as it was decided; a new one goes to coordinators again."""
    await ward.live(*range(1, 9))
    await ward.tell(5)
    await ward.april()
    assert await ward.object("who", 0)
    assert await ward.decide("kept")
    assert not await ward.decide("kept")
    assert not await ward.object("who", 1)
    assert await ward.object("harm", 2)
    assert [one.outcome for one in (await ward.asked())[:3]] == ["kept", "kept", ""]
    assert await ward.decide("withdrawn")
    assert not await ward.decide("kept")
    assert not await ward.object("unclear", 3)
    assert {one.outcome for one in (await ward.asked())[:4]} == {"withdrawn"}
    told = [f"count objection:{number}:withdrawn" for number in range(1, 5)]
    assert [dedupe for dedupe, state in await ward.to_be_told() if state == "waiting"] == told


async def test_an_objection_of_somebody_erased(ward: Ward) -> None:
    """Whoever is erased is told of nothing, and what they said is gone."""
    await ward.live(*range(1, 6))
    await ward.tell(5)
    await ward.april()
    await ward.object("who")
    await ward.decide("kept")
    who = (await ward.asked())[0].validator
    async with ward.store.unit() as unit:
        await ward.counting.forget(unit, who, ward.now)
    assert await ward.to_be_told() == [("count objection:1:kept", "cancelled")]
