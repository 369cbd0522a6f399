"""Acts on cases under attack: races, lost roles, crowds, forged names, words that deceive."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.dossiers import Dossiers
from bot.flagging import flag
from bot.moderators import moderator, served_by
from bot.reviews import Reviews
from bot.testimony import Evidence
from conversations.moderating.card import card
from conversations.moderating.dossier import Dossier
from conversations.phrases import Problem, verbatim
from conversations.plain import to_plain
from conversations.reviewing.acts import (
    Act,
    Approve,
    AskReporter,
    Claim,
    EditAnswer,
    RedactText,
    Reject,
    RevertAnswer,
)
from conversations.reviewing.cases import ModeratorId
from conversations.reviewing.deciding import Acted, Moderator, Refused
from conversations.roles import Role, Serves
from conversations.sheets.flags import Severity
from locales.locale import locale_of
from storage import (
    audit,
    cases,
    clarifications,
    contacts,
    due,
    flags,
    links,
    roles,
    sealing,
    submissions,
)
from storage.contacts import ContactId
from storage.due import Planned
from storage.flags import Raised
from storage.links import Link
from storage.reporters import Reporter
from storage.store import Store, Unit
from tests.bot.test_aftermath import AMINA, NOW, PROGRAMME, tells

JUMA, ZAWADI = 7_002, 7_003


async def appointed(unit: Unit, chat_id: int, role: Role, serves: Serves = Serves()) -> ContactId:  # noqa: B008 - it is frozen.
    """Give a role to whoever chats there; return their contact."""
    contact, token = await contacts.meet(unit, chat_id, NOW), f"{chat_id} {role}"
    await roles.invite(unit, PROGRAMME.name, role, "", token, NOW + timedelta(days=1), serves)
    await roles.take(unit, PROGRAMME.name, token, contact.id, NOW)
    return contact.id


async def acts(
    store: Store, chat_id: int, act: Act, seen: int | None = None
) -> Acted | Refused | Problem | None:
    """Let somebody act on the report as either face does; None where they have no role."""
    async with store.unit() as unit:
        contact = await contacts.meet(unit, chat_id, NOW)
        by = await moderator(unit, store, PROGRAMME, contact.id, "uuid:1")
        case = await cases.of(unit, "uuid:1")
        assert case is not None
        version = case.version if seen is None else seen
        if by is None:
            return None
        return await Reviews(store, PROGRAMME, locale_of).act(unit, by, "uuid:1", version, act, NOW)


async def dossier(store: Store, language: str = "en") -> Dossier:
    """Read what a moderator sees of the report."""
    async with store.reading() as reading:
        found = await Dossiers(store, PROGRAMME, locale_of).of(reading, "uuid:1", language, NOW)
    assert found is not None
    return found


def said(found: Dossier, language: str = "en") -> str:
    """Return a card as text."""
    return "\n".join(locale_of(language).say(block.speech) for block in card(found, 0))


async def test_of_ten_who_race_for_a_case_one_has_it(store: Store) -> None:
    """Ten moderators claim the same version at once: one holds it, nine are told it changed."""
    await tells(store, 150, "All went well")
    reviews = Reviews(store, PROGRAMME, locale_of)

    async def claim(number: int) -> Acted | Refused | Problem:
        async with store.unit() as unit:
            by = Moderator(ModeratorId(number))
            return await reviews.act(unit, by, "uuid:1", 1, Claim(), NOW)

    came = await asyncio.gather(*(claim(number) for number in range(1, 11)))
    assert sum(isinstance(one, Acted) for one in came) == 1
    assert came.count("changed meanwhile") == 9
    async with store.reading() as reading:
        assert (await audit.verify(reading, store)).broken is None
        assert len(await cases.history(reading, store, "uuid:1")) == 1


async def test_a_moderator_removed_while_deciding_decides_nothing(store: Store) -> None:
    """The right is asked for with each act, so a role taken away ends with the next tap."""
    await tells(store, 150, "All went well")
    async with store.unit() as unit:
        await appointed(unit, JUMA, "moderator")
    assert isinstance(await acts(store, JUMA, Claim()), Acted)
    async with store.unit() as unit:
        (role,) = await roles.of_programme(unit, PROGRAMME.name)
        await roles.revoke(unit, PROGRAMME.name, role.id)
    assert await acts(store, JUMA, Approve()) is None
    async with store.reading() as reading:
        case = await cases.of(reading, "uuid:1")
    assert case is not None
    assert (case.state, case.outcome) == ("open", "")


async def test_nobody_decides_about_their_own_report(store: Store) -> None:
    """Not even a senior: the pseudonym of who acts is compared with that of the report."""
    await tells(store, 150, "All went well")
    async with store.unit() as unit:
        await appointed(unit, AMINA, "senior moderator")
    assert await acts(store, AMINA, Approve()) == "own report"


async def test_a_moderator_sees_what_they_serve(store: Store) -> None:
    """Who serves another language finds nothing in the queue, and may not act."""
    await tells(store, 150, "All went well")
    async with store.unit() as unit:
        contact = await appointed(unit, JUMA, "moderator", Serves(languages=frozenset({"es"})))
        (role,) = await roles.held_by(unit, PROGRAMME.name, contact)
        assert await cases.queue(unit, PROGRAMME.name, served_by(role), NOW, 10) == ()
    assert await acts(store, JUMA, Claim()) == "not served"


async def test_a_thousand_fresh_accounts_are_one_loud_flag(store: Store) -> None:
    """They weigh eight together, and the moderator at work is not disturbed by any of them."""
    await tells(store, 150, "All went well")
    async with store.unit() as unit:
        await appointed(unit, JUMA, "moderator")
    claimed = await acts(store, JUMA, Claim())
    assert isinstance(claimed, Acted)
    for _ in range(10):
        async with store.unit() as unit:
            for number in range(100):
                who = Reporter(f"{_}-{number}")
                assert await flag(unit, PROGRAMME, who, "uuid:1", "wrong", NOW)
                assert not await flag(unit, PROGRAMME, who, "uuid:1", "wrong again", NOW)
    async with store.reading() as reading:
        case = await cases.of(reading, "uuid:1")
    assert case is not None
    assert (case.weight, case.version) == (4.0 + 8.0, claimed.case.version)
    assert "1,000 people doubt this." in said(await dossier(store))
    assert isinstance(await acts(store, JUMA, Approve(), claimed.case.version), Acted)


async def test_a_person_flags_a_report_once_and_not_their_own(store: Store) -> None:
    """A flag opens a case where there is none; whoever was right before weighs more."""
    await tells(store, 5, "All went well")
    own, other = (store.reporter(PROGRAMME.name, chat) for chat in (AMINA, ZAWADI))
    async with store.unit() as unit:
        assert not await flag(unit, PROGRAMME, own, "uuid:1", "wrong", NOW)
        assert await flag(unit, PROGRAMME, other, "uuid:1", "wrong", NOW)
        assert not await flag(unit, PROGRAMME, other, "uuid:elsewhere", "wrong", NOW)
        case = await cases.of(unit, "uuid:1")
        assert case is not None
        assert case.weight == 1.0
        assert [one.source for one in await flags.of(unit, "uuid:1")] == ["person"]


async def test_a_text_cannot_deceive(store: Store) -> None:
    """Signs that turn the direction of writing are gone from the card; marks are no marks."""
    await tells(store, 150, "approved\u202e <b>0712 345 678</b> \u2066rejected")
    shown = said(await dossier(store))
    assert "\u202e" not in shown
    assert "\u2066" not in shown
    assert "<b>0712 345 678</b>" in shown


async def test_an_answer_is_corrected_and_put_back(store: Store) -> None:
    """The original stands beside it, its reporter is the same, and the form checks the value."""
    await tells(store, 150, "All went well")
    async with store.unit() as unit:
        await appointed(unit, JUMA, "moderator")
    assert isinstance(await acts(store, JUMA, EditAnswer("/data/age", "a lot")), Problem)
    assert isinstance(await acts(store, JUMA, EditAnswer("/data/age", "15")), Acted)
    found = await dossier(store)
    line = found.line_at("/data/age")
    assert line is not None
    assert line.value == "15"
    (change,) = found.changes
    assert (change.here and change.here.words, found.change(line)) == ("150", change)
    assert isinstance(await acts(store, JUMA, RevertAnswer("/data/age")), Acted)
    found = await dossier(store)
    line = found.line_at("/data/age")
    assert (line and line.value, found.changes) == ("150", ())
    async with store.reading() as reading:
        chain = await submissions.chain_of(reading, "uuid:1")
    assert len(chain) == 3
    assert len({one.reporter for one in chain}) == 1


async def test_words_that_are_blacked_out_are_gone_from_every_version(store: Store) -> None:
    """What stood there can be read with the key alone; the history and audit do not hold it."""
    await tells(store, 150, "Call 0712 345 678")
    async with store.unit() as unit:
        await appointed(unit, JUMA, "moderator")
    await acts(store, JUMA, EditAnswer("/data/age", "15"))
    assert isinstance(await acts(store, JUMA, RedactText("/data/facility", 5, 17)), Acted)
    async with store.unit() as unit:
        chain = await submissions.chain_of(unit, "uuid:1")
        assert all("0712" not in sent.xml for sent in chain)
        assert len(chain) == 2
        assert ("/data/facility", "Call 0712 345 678") in await sealing.of_report(
            unit, store, "uuid:1"
        )
        rows = await unit.rows("SELECT sealed FROM sealed_texts")
        assert all("0712" not in row["sealed"] for row in rows)
        history = await cases.history(unit, store, "uuid:1")
        assert all("0712" not in str(one.body) for one in history)
        assert all("0712" not in str(one.body) for one in await audit.newest(unit, 100))
    (line,) = [one for one in (await dossier(store)).lines if one.reference == "/data/facility"]
    assert line.value == "Call ████████████"


async def test_a_question_is_withdrawn_when_the_report_is_decided(store: Store) -> None:
    """Nobody is asked about what is settled; an answer that comes first opens the case again."""
    await tells(store, 150, "All went well")
    async with store.unit() as unit:
        await appointed(unit, JUMA, "moderator")
    await acts(store, JUMA, AskReporter("Is it right?"))
    reporter = store.reporter(PROGRAMME.name, AMINA)
    async with store.unit() as unit:
        (asked,) = await clarifications.open_of(unit, PROGRAMME.name, reporter)
        await clarifications.expect(unit, asked)
        assert await Reviews(store, PROGRAMME, locale_of).answered(unit, asked, "Yes", NOW)
        case = await cases.of(unit, "uuid:1")
        assert case is not None
        assert case.state == "open"
    await acts(store, JUMA, AskReporter("Really?"))
    assert isinstance(await acts(store, JUMA, Reject("", "No.")), Acted)
    async with store.unit() as unit:
        assert await clarifications.open_of(unit, PROGRAMME.name, reporter) == []


async def test_an_appeal_is_taken_once_from_whoever_reported(store: Store) -> None:
    """Nobody else can appeal by knowing the code, and the same moderator does not decide twice."""
    await tells(store, 150, "All went well")
    async with store.unit() as unit:
        await appointed(unit, JUMA, "moderator")
        await appointed(unit, ZAWADI, "moderator")
    await acts(store, JUMA, Reject("", "No."))
    reviews = Reviews(store, PROGRAMME, locale_of)
    async with store.unit() as unit:
        stranger = store.reporter(PROGRAMME.name, ZAWADI)
        assert await reviews.appeal(unit, stranger, "4T7K", NOW) == "not decided"
        own = store.reporter(PROGRAMME.name, AMINA)
        again = await reviews.appeal(unit, own, "4T7K", NOW)
        assert not isinstance(again, str)
        assert again.appealed
    assert await acts(store, JUMA, Reject("", "No.")) == "decided by you"
    assert isinstance(await acts(store, ZAWADI, Reject("", "No.")), Acted)
    async with store.unit() as unit:
        own = store.reporter(PROGRAMME.name, AMINA)
        assert await reviews.appeal(unit, own, "4T7K", NOW) == "too late"


async def test_a_correction_closes_doubts_and_raises_others(store: Store) -> None:
    """What does not hold any more is closed, what is new is raised, and the history says so."""
    await tells(store, 150, "Call 0712 345 678")
    async with store.unit() as unit:
        await appointed(unit, JUMA, "moderator")
        assert {one.name for one in await flags.of(unit, "uuid:1")} == {"far", "personal"}
        words = to_plain(verbatim("Hardly read."))
        stays = Raised("uuid:1", PROGRAMME.name, "check", "fast", Severity.MEDIUM, words, NOW)
        await flags.raise_(unit, stays)
    corrected = await acts(store, JUMA, EditAnswer("/data/age", "15"))
    assert isinstance(corrected, Acted)
    assert not corrected.case.held
    assert isinstance(await acts(store, JUMA, RedactText("/data/facility", 5, 17)), Acted)
    blacked = await acts(store, JUMA, EditAnswer("/data/age", "120"))
    assert isinstance(blacked, Acted)
    async with store.reading() as reading:
        assert {one.name for one in await flags.of(reading, "uuid:1")} == {"fast", "far"}
        history = await cases.history(reading, store, "uuid:1")
        assert (await audit.verify(reading, store)).broken is None
        noted = [one.act for one in await audit.newest(reading, 99, "uuid:1")]
        case = await cases.of(reading, "uuid:1")
    found = [one.body for one in history if one.act == "Recheck"]
    assert found == [
        {"closed": ["far"], "raised": []},
        {"closed": ["personal"], "raised": []},
        {"closed": [], "raised": ["far"]},
    ]
    assert noted.count("Recheck") == 3
    assert case is not None
    assert (case.version, case.held) == (4, True)
    assert "checked again: - far" in said(await dossier(store))


async def test_a_decision_ends_the_alarm(store: Store) -> None:
    """Nobody is called any more about a report that was decided; other things that wait stay."""
    await tells(store, 150, "All went well")
    async with store.unit() as unit:
        await appointed(unit, JUMA, "moderator")
        for kind in ("alarm", "followup"):
            about = (PROGRAMME.name, store.reporter(PROGRAMME.name, AMINA), kind, "far", "uuid:1")
            planned = Planned(*about, NOW, "Africa/Nairobi", "", kind, root="uuid:1")
            await due.plan(unit, [planned])
    assert isinstance(await acts(store, JUMA, Approve()), Acted)
    async with store.reading() as reading:
        rows = {one.planned.kind: one.state for one in await due.about(reading, "uuid:1")}
        assert not await due.is_alarmed(reading, "uuid:1")
        assert "AlarmEnded" in [one.act for one in await audit.newest(reading, 9, "uuid:1")]
    assert rows == {"alarm": "done", "followup": "waiting"}


async def test_what_came_later_stands_beside_a_report(store: Store) -> None:
    """The answers of a chain are shown with the report that began it, and that with them."""
    await tells(store, 150, "All went well")
    await tells(store, 40, "Better now", number=2)
    async with store.unit() as unit:
        await links.link(unit, Link("uuid:2", "uuid:1", "uuid:1", "two_weeks", 1))
    (step,) = (await dossier(store)).chain
    assert (step.code, step.earlier) == ("4T7K", False)
    assert any(answer == "Better now" for _, answer in step.lines)
    shown = said(await dossier(store))
    assert "Later: 4T7K" in shown
    assert "Better now" in shown
    async with store.reading() as reading:
        of_answer = Evidence(PROGRAMME, "en", NOW, locale_of)
        (before,) = await of_answer.chain(reading, "uuid:2")
        assert await of_answer.chain(reading, "uuid:elsewhere") == ()
    assert (before.earlier, len(before.lines)) == (True, 2)
