"""What people say about a report: their minds, what it comes to, and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.consequences import RESIDENTS, to_reporter
from bot.testimony import Evidence
from bot.validating import Validating
from bot.visit import Visit
from conversations.events import ButtonTapped
from conversations.reviewing.acts import Approve, Reject
from conversations.turn import Occasion
from conversations.validating.questions import STAMP
from conversations.validating.telling import Came
from locales.locale import locale_of
from storage import (
    asks,
    audit,
    contacts,
    due,
    flags,
    rounds,
)
from storage.asks import Ask
from storage.reporters import Reporter
from tests.bot.village import DAY, NOW, REPORT, Village


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
