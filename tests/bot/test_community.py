"""Others are asked about a report: who, how many, what it comes to, and what attacks come to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.aftermath import follow
from bot.choosing import link_of
from bot.community import Community
from bot.consequences import RESIDENTS, to_reporter
from bot.estimating import estimate, estimate_all
from bot.kept import Kept
from bot.office import Visit
from bot.reviews import Reviews
from bot.testimony import Evidence
from bot.validating import Validating
from conversations.events import ButtonTapped
from conversations.moderation import Moderation
from conversations.replies import KeepSubmission
from conversations.reviewing.acts import Act, Approve, Claim, Reject
from conversations.reviewing.cases import ModeratorId
from conversations.reviewing.deciding import Acted, Moderator
from conversations.turn import Occasion
from conversations.validating.questions import STAMP
from conversations.validating.telling import Came
from conversations.validating.terms import Terms
from conversations.verdicts.answers import Validator
from conversations.verdicts.reliability import PRIORS, Reliabilities, Reliability, unknown
from conversations.xform.form import Form
from conversations.xform.instance import Instance, Surroundings
from locales.locale import locale_of
from storage import (
    asks,
    audit,
    cases,
    consents,
    contacts,
    due,
    flags,
    reach,
    reliabilities,
    rests,
    rounds,
    submissions,
)
from storage.asks import Ask
from storage.opening import open_store
from storage.reporters import Reporter
from storage.rounds import Round
from storage.store import Store
from tests.dialogue.chat import programme_of
from tests.sheets.making import form_with

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
REPORT = "uuid:1"
FORM = form_with(
    validations=[
        {
            "name": "there",
            "question::English (en)": "Somebody told us of this: ${topic}. Is it so?",
            "audience": "language",
            "relevant": "${topic} != ''",
            "consent": "${follow_ok}",
            "never": "${age} > 90",
            "min": "2",
            "max": "5",
            "control_share": "0",
        }
    ]
)
KEY = (FORM.form_id, FORM.version)
PROGRAMME = replace(
    programme_of(), languages=("en", "sw"), offered=(KEY,), moderation=Moderation("all")
).with_forms({KEY: FORM})


@dataclass
class Village:
    """People around a store; `chat` numbers are theirs, the reporter's is 1."""

    store: Store
    programme: Any = field(default_factory=lambda: PROGRAMME)
    now: datetime = NOW
    form: Form = FORM

    @property
    def community(self) -> Community:
        """Return who asks them."""
        return Community(self.store, self.programme)

    def known_as(self, chat: int) -> Reporter:
        """Return somebody's pseudonym."""
        return self.store.reporter(self.programme.name, chat)

    async def meet(self, *chats: int, days: int = 30, invited_by: str = "") -> None:
        """Let people be known for so many days."""
        async with self.store.unit() as unit:
            for chat in chats:
                contact = await contacts.meet(unit, chat, self.now)
                about = (self.store, self.known_as(chat), self.programme.name, contact.id, "en")
                await reach.meet(unit, *about, self.now - days * DAY, invited_by)

    async def report(self, number: int = 1, replaces: str = "", **answers: str) -> None:
        """Let the reporter send a report."""
        said = {"topic": "service", "follow_ok": "yes", **answers}
        surroundings = Surroundings(self.now, "en", "seed", f"uuid:{number}", self.now)
        instance = Instance.begin(self.form, surroundings)
        for name, value in said.items():
            instance.answer(f"/data/{name}", value)
        xml = instance.finish(self.now).xml
        sent = KeepSubmission(f"uuid:{number}", *KEY, "en", f"4T7{number}", xml, (), replaces)
        reporter, name = self.known_as(1), self.programme.name
        async with self.store.unit() as unit:
            contact = await contacts.meet(unit, 1, self.now)
            await consents.keep(unit, reporter, name, "v1", "en", agreed=True, now=self.now)
            await submissions.keep(unit, reporter, name, sent, self.now)
            about = (self.store, self.programme, contact, reporter, sent, instance)
            kept = Kept(unit, *about, self.now, self.now)
            await follow(kept, {"en": locale_of("en")})

    async def round(self, report: str = REPORT) -> Round:
        """Return the round about a report."""
        async with self.store.reading() as reading:
            (one,) = await rounds.of(reading, report)
        return one

    async def asked(self, report: str = REPORT) -> dict[Reporter, Ask]:
        """Return who was asked about a report."""
        one = await self.round(report)
        async with self.store.reading() as reading:
            return {ask.validator: ask for ask in await asks.of_round(reading, one.id)}

    async def say(self, choice: str, *chats: int, late: bool = False) -> Round:
        """Let people answer who were asked; return what the report's round comes to."""
        for chat in chats:
            ask = (await self.asked())[self.known_as(chat)]
            async with self.store.unit() as unit:
                await self.community.answered(unit, ask, choice, self.now, late=late)
        return await self.round()

    async def say_whoever(self, choice: str, number: int, report: str = REPORT) -> Round:
        """Let so many of those who were asked, and are silent, answer."""
        for _ in range(number):
            asked = await self.asked(report)
            silent = [ask for ask in asked.values() if ask.state == "waiting"]
            async with self.store.unit() as unit:
                await self.community.answered(unit, silent[0], choice, self.now, late=False)
        return await self.round(report)

    async def moderate(self, wanted: Act, report: str = REPORT) -> None:
        """Let a moderator decide."""
        reviews = Reviews(self.store, self.programme, locale_of)
        by = Moderator(ModeratorId(7))
        for act in (Claim(), wanted):
            async with self.store.unit() as unit:
                case = await cases.of(unit, report)
                assert case is not None
                done = await reviews.act(unit, by, report, case.version, act, self.now)
                assert isinstance(done, Acted), done


@pytest.fixture
async def village(database_url: str) -> AsyncIterator[Village]:
    """Lend a village on each database, in which nobody is known."""
    opened = await open_store(database_url, b"a key of the tests, not a secret")
    yield Village(opened)
    await opened.close()


async def test_as_few_as_could_decide_are_asked(village: Village) -> None:
    """Three are asked at first; who says otherwise makes more be asked; nobody is asked twice."""
    await village.meet(*range(2, 12))
    await village.report()
    assert len(await village.asked()) == 3
    assert village.known_as(1) not in await village.asked()
    one = await village.say_whoever("saw", 1)
    assert (one.state, len(await village.asked())) == ("open", 3)
    await village.say_whoever("no", 1)
    assert len(await village.asked()) == 5
    one = await village.say_whoever("saw", 3)
    assert (one.grade, one.yes, one.no) == ("confirmed by residents", 4, 1)


async def test_nobody_is_asked_who_must_not_be(village: Village) -> None:
    """The reporter's second phone, whoever came by the same link, and new accounts are left out."""
    await village.meet(1, 2, 3, invited_by="spring")
    await village.meet(4, 5, days=2)
    await village.meet(6, 7, 8)
    await village.report()
    assert set(await village.asked()) == {village.known_as(chat) for chat in (6, 7, 8)}


async def test_whoever_came_by_a_link_knows_who_gave_it(village: Village) -> None:
    """Who came by the reporter's link is not asked; of ten who came by another's, one is."""
    await village.meet(2, 3, invited_by=link_of(village.store, village.known_as(1)))
    await village.meet(*range(10, 20), invited_by=link_of(village.store, village.known_as(4)))
    await village.meet(4, 5, 6, 7)
    await village.report()
    for _ in range(4):
        await village.say_whoever("dk", 1)
    asked = set(await village.asked())
    gang = {village.known_as(chat) for chat in (4, *range(10, 20))}
    assert not asked & {village.known_as(2), village.known_as(3)}
    assert len(asked & gang) == 1
    assert asked - gang == {village.known_as(chat) for chat in (5, 6, 7)}


async def test_two_in_a_place_are_not_asked(village: Village) -> None:
    """Where only two could be asked, nobody is; when a third comes they are."""
    await village.meet(2, 3)
    await village.report()
    assert await village.asked() == {}
    await village.meet(4)
    await village.community.look_after(NOW + timedelta(hours=1))
    assert len(await village.asked()) == 3


@pytest.mark.parametrize("answers", [{"follow_ok": "no"}, {"topic": ""}, {"age": "95"}])
async def test_some_reports_are_never_put_to_others(
    village: Village, answers: dict[str, str]
) -> None:
    """Without consent, where it is not relevant, and where the sheet says never."""
    await village.meet(2, 3, 4)
    await village.report(**answers)
    async with village.store.reading() as reading:
        assert await rounds.of(reading, REPORT) == ()


async def test_a_programme_can_ask_nobody(village: Village) -> None:
    """A programme that asks nobody, and a high-risk one that did not decide to, begin nothing."""
    await village.meet(2, 3, 4)
    for changed in ({"validation": Terms(asks=False)}, {"safety": "high-risk"}):
        quiet = Village(village.store, replace(PROGRAMME, **changed))
        await quiet.report()
        async with village.store.reading() as reading:
            assert await rounds.of(reading, REPORT) == ()


async def test_a_question_waits_some_time_and_for_the_day(village: Village) -> None:
    """What is put to people does not come with the report, nor all at once, nor at night."""
    await village.meet(*range(2, 6))
    village.now = NOW.replace(hour=23)
    await village.report()
    one = await village.round()
    async with village.store.reading() as reading:
        planned = [row.planned for row in await due.about(reading, f"round:{one.id}")]
    assert len({row.due_at for row in planned}) == 3
    hours = {row.due_at.astimezone(PROGRAMME.zone).hour for row in planned}
    assert all(8 <= hour < 20 for hour in hours)
    assert min(row.due_at for row in planned) >= village.now + timedelta(minutes=30)


async def test_minds_change_until_it_is_decided(village: Village) -> None:
    """The latest answer counts; the same one twice counts once; a late first one is marked."""
    await village.meet(*range(2, 12))
    await village.report()
    one, two, three = (await village.asked()).values()
    chats = {village.known_as(chat): chat for chat in range(2, 12)}
    await village.say("no", chats[one.validator])
    await village.say("saw", chats[one.validator], chats[one.validator])
    await village.say("saw", chats[two.validator])
    decided = await village.say("saw", chats[three.validator])
    assert (decided.grade, decided.yes, decided.no) == ("confirmed by residents", 3, 0)
    left = [ask for ask in (await village.asked()).values() if ask.state == "expired"]
    village.now += timedelta(hours=1)
    after = await village.say("no", *(chats[ask.validator] for ask in left), late=True)
    asked = await village.asked()
    assert all(asked[ask.validator].late for ask in left)
    assert (after.yes, after.no) == (3, len(left))


async def test_contrary_evidence_opens_it_again(village: Village) -> None:
    """A confirmed report that later answers contradict is open again, and more people are asked."""
    await village.meet(*range(2, 12))
    await village.report()
    decided = await village.say_whoever("saw", 3)
    assert decided.state == "decided"
    village.now += DAY
    async with village.store.unit() as unit:
        extra = [chat for chat in range(2, 12)
                 if village.known_as(chat) not in await village.asked()][:2]  # fmt: skip
        for chat in extra:
            await asks.plan(unit, decided.id, village.known_as(chat), "en", village.now)
    again = await village.say("no", *extra, late=True)
    assert again.state in {"open", "for a moderator"}
    assert again.says == ""


async def test_undecided_goes_to_a_moderator_and_back(village: Village) -> None:
    """When no answer is left it is flagged and waits for a moderator, whose word stands."""
    await village.meet(*range(2, 12))
    await village.report()
    await village.say_whoever("saw", 1)
    await village.say_whoever("no", 2)
    one = await village.say_whoever("dk", 2)
    assert (one.state, one.grade) == ("for a moderator", "disputed")
    async with village.store.reading() as reading:
        assert "disputed" in {flag.name for flag in await flags.of(reading, REPORT)}
    await village.moderate(Approve())
    one = await village.round()
    assert (one.state, one.moderator, one.grade) == ("decided", "yes", "confirmed by a moderator")


async def test_disagreement_with_a_moderator_is_logged(village: Village) -> None:
    """Residents confirm, a moderator rejects: that stands, and the audit tells of it."""
    await village.meet(*range(2, 6))
    await village.report()
    await village.say_whoever("saw", 3)
    await village.moderate(Reject("", "It was not so."))
    one = await village.round()
    assert (one.grade, one.disagrees) == ("rejected", True)
    async with village.store.reading() as reading:
        told = [entry.act for entry in await audit.newest(reading, 10, REPORT)]
    assert "residents disagree" in told


async def test_an_erased_validator_takes_the_verdict_along(village: Village) -> None:
    """Their answers leave, the verdict is worked out again, and the change is logged."""
    await village.meet(*range(2, 12))
    await village.report()
    await village.say_whoever("saw", 3)
    one, other = list(await village.asked())[:2]
    for gone in (one, other):
        async with village.store.unit() as unit:
            assert await village.community.forget(unit, gone, NOW) == 1
    left = await village.round()
    assert (left.grade, left.yes) == ("unconfirmed", 1)
    said = {who for who, ask in (await village.asked()).items() if ask.said}
    assert not {one, other} & said
    async with village.store.reading() as reading:
        entries = await audit.newest(reading, 10, REPORT)
    changes = [entry.body for entry in entries if entry.act == "validator erased"]
    assert [(body["before"], body["after"]) for body in changes] == [
        (["confirmed by residents", 2, 0], ["unconfirmed", 1, 0]),
        (["confirmed by residents", 3, 0], ["confirmed by residents", 2, 0]),
    ]


async def test_a_changed_report_is_asked_about_anew(village: Village) -> None:
    """Answers to what the report says no more do not count; an unquoted change keeps them."""
    await village.meet(*range(2, 12))
    await village.report()
    await village.say_whoever("saw", 3)
    await village.report(2, replaces=REPORT, age="7")
    assert (await village.round()).yes == 3
    await village.report(3, replaces="uuid:2", topic="pregnancy")
    one = await village.round()
    assert (one.state, one.yes) == ("open", 0)
    await village.report(4, replaces="uuid:3", follow_ok="no")
    assert (await village.round()).state == "void"


async def test_silence_makes_others_be_asked_and_ends(village: Village) -> None:
    """Who does not answer is not waited for; when its time is over a round ends undecided."""
    await village.meet(*range(2, 12))
    await village.report()
    await village.community.look_after(NOW + 3 * DAY)
    assert len(await village.asked()) == 6
    await village.community.look_after(NOW + 8 * DAY)
    one = await village.round()
    assert (one.state, one.grade) == ("expired", "unconfirmed")
    async with village.store.reading() as reading:
        left = await due.about(reading, f"round:{one.id}")
    assert {row.state for row in left} == {"cancelled"}


async def test_whoever_declines_or_rests_is_left_alone(village: Village) -> None:
    """Somebody else is asked instead, and who rests is not asked about the next report."""
    await village.meet(*range(2, 6))
    await village.report()
    ask = next(iter((await village.asked()).values()))
    async with village.store.unit() as unit:
        await rests.rest(unit, ask.validator, NOW + 30 * DAY)
        await village.community.without_answer(unit, ask, NOW)
    assert len(await village.asked()) == 4
    await village.report(5)
    assert ask.validator not in await village.asked("uuid:5")


async def test_an_answer_may_be_taken_back(village: Village) -> None:
    """Who would rather have left a question out is not counted, and somebody else is asked."""
    await village.meet(*range(2, 6))
    await village.report()
    assert (await village.say_whoever("saw", 1)).yes == 1
    ask = next(ask for ask in (await village.asked()).values() if ask.said)
    async with village.store.unit() as unit:
        await village.community.declined(unit, ask, NOW)
    assert (await village.round()).yes == 0
    assert len(await village.asked()) == 4


async def tap(village: Village, who: int, ask: Ask, action: str) -> list[str]:
    """Let somebody tap a button under a question; return what is said for a moment."""
    event = ButtonTapped(STAMP, ask.id, action)
    async with village.store.unit() as unit:
        contact = await contacts.meet(unit, who, village.now)
        visit = Visit(unit, contact, None, Occasion(village.now, "", locale_of))
        validating = Validating(village.community, locale_of)
        outcome = await validating.take(visit, village.known_as(who), event)
    return [outcome.toast.text] if outcome and outcome.toast else []


async def test_a_tap_counts_only_for_whoever_was_asked(village: Village) -> None:
    """Somebody else's tap, one that means nothing, and one under what is over keep nothing."""
    await village.meet(*range(2, 6))
    await village.report()
    ask = next(iter((await village.asked()).values()))
    chats = {village.known_as(chat): chat for chat in range(2, 6)}
    asked = chats[ask.validator]
    other = next(chat for chat in range(2, 6) if chat != asked)
    assert await tap(village, other, ask, "a0") == ["This question was not for you."]
    assert await tap(village, asked, replace(ask, id=999), "a0") == [
        "This question was not for you."
    ]
    for action in ("a99", "a-1", "a", "²", "", "x" * 60):
        await tap(village, asked, ask, action)
    assert (await village.round()).yes == 0
    await tap(village, asked, ask, "a0")
    assert await tap(village, asked, ask, "a0") == ["That is noted already."]
    assert (await village.round()).yes == 1
    await village.report(3, replaces=REPORT, follow_ok="no")
    over = await tap(village, asked, ask, "a2")
    assert over == ["This is not asked any more. Thank you all the same."]


async def told(village: Village, validator: Reporter) -> list[Came]:
    """Let somebody be told what is news to them; return it."""
    async with village.store.unit() as unit:
        news = await asks.news(unit, validator, 10)
        for ask_id, came in news.items():
            await asks.note_heard(unit, ask_id, came.outcome)
    return list(news.values())


async def test_what_came_out_otherwise_is_planned_again(village: Village) -> None:
    """A confirmation told is taken back to the reporter, and told anew to those who answered."""
    await village.meet(*range(2, 12))
    await village.report()
    await village.say_whoever("saw", 3)
    first = next(who for who, ask in (await village.asked()).items() if ask.said)
    assert await told(village, first) == [Came("confirmed")]
    one = await village.round()
    assert to_reporter(one) == "confirmed"
    async with village.store.unit() as unit:
        await rounds.note_told(unit, one.id, one.grade)
        planned = await due.about(unit, f"round:{one.id}")
    assert [row.planned.kind for row in planned].count(RESIDENTS) == 1
    await village.moderate(Reject("", "It was not so."))
    one = await village.round()
    assert to_reporter(one) is None, "the moderator tells"
    assert await told(village, first) == [Came("doubted", "confirmed")]
    assert await told(village, first) == []


async def test_one_flag_a_person(village: Village) -> None:
    """Who says twice that it should not be asked raises one flag."""
    await village.meet(*range(2, 6))
    await village.report()
    ask = next(iter((await village.asked()).values()))
    for _ in range(2):
        async with village.store.unit() as unit:
            await village.community.objected(unit, ask, "harm", NOW)
    async with village.store.reading() as reading:
        raised = [flag for flag in await flags.of(reading, REPORT) if flag.source == "person"]
    assert len(raised) == 1


async def moderated(village: Village, number: int) -> None:
    """Let a moderator have rejected and approved some reports."""
    for report in range(100, 100 + number):
        await village.report(report)
        wanted: Act = Approve() if report % 2 else Reject("", "It was not so.")
        await village.moderate(wanted, f"uuid:{report}")


async def test_probation_tests_people_with_decided_reports(village: Village) -> None:
    """Under attack somebody unproven gets a report that a moderator decided, every other time."""
    terms = Terms(probation=True, per_week=50)
    village.programme = replace(PROGRAMME, validation=terms)
    await moderated(village, 6)
    await village.meet(*range(2, 12))
    for report in range(1, 5):
        await village.report(report)
    async with village.store.unit() as unit:
        rows = await unit.rows("SELECT is_control FROM asks")
    controls = [bool(row["is_control"]) for row in rows]
    assert 0.2 < sum(controls) / len(controls) < 0.8
    one = await village.say_whoever("saw", 3, "uuid:1")
    assert one.state == "open"


async def test_reliabilities_are_learnt_beside_the_chats(village: Village) -> None:
    """With enough answers they are estimated once, in a thread, and kept."""
    await village.meet(*range(2, 12))
    await village.report()
    await village.say_whoever("saw", 3)
    name = village.programme.name
    assert await estimate_all(village.store, name, NOW) == 0
    await estimate(village.store, name, ("yes", "no"), NOW)
    async with village.store.reading() as reading:
        known = await reliabilities.known(reading, name, ("yes", "no"))
    assert (len(known.known), known.decided_answers) == (3, 3)


async def test_what_liars_confirmed_is_opened_again_when_they_are_known(village: Village) -> None:
    """A verdict that no longer holds by what was learnt since is open again, and that is logged."""
    await village.meet(*range(2, 12))
    await village.report()
    decided = await village.say_whoever("saw", 3)
    liars = [Validator(who) for who, ask in (await village.asked()).items() if ask.said]
    lies = Reliability(((0.0, 40.0), (40.0, 0.0)), PRIORS["resident"].rows(2))
    crowd = {Validator(f"v{n}"): Reliability(unknown(2), lies.prior) for n in range(20)}
    assert await village.community.look_again(NOW) == 0
    found = Reliabilities(("yes", "no"), crowd | dict.fromkeys(liars, lies), 200)
    async with village.store.unit() as unit:
        await reliabilities.keep(unit, village.programme.name, found, {}, NOW)
    assert await village.community.look_again(decided.begun.expires_at) == 0, "its time is over"
    assert await village.community.look_again(NOW) == 1
    one = await village.round()
    assert (one.state, one.grade) == ("open", "unconfirmed")
    assert len(await village.asked()) > 3
    async with village.store.reading() as reading:
        told = [entry.act for entry in await audit.newest(reading, 10, REPORT)]
    assert "reliabilities estimated" in told


async def test_moderators_see_how_many_said_what(village: Village) -> None:
    """Counts by answer, and of how many; never who, neither on the card nor on the page."""
    await village.meet(*range(10, 30))
    await village.report()
    await village.say_whoever("saw", 1)
    await village.say_whoever("no", 1)
    async with village.store.reading() as reading:
        testimony = Evidence(village.programme, "en", village.now, locale_of)
        (found,) = await testimony.said(reading, REPORT)
        assert await testimony.said(reading, "uuid:elsewhere") == ()
    english = locale_of("en")
    counts = {english.say(label): count for label, count in found.counts}
    assert counts == {"Yes, I saw it myself": 1, "No, that is not right": 1}
    assert found.answered == 2
    asked = await village.asked()
    everything = repr(found)
    assert not any(str(person) in everything for person in asked)
