"""Published figures under attack: crowds, races, people who are erased, results on their way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import published
from bot.counting import recounts
from bot.published import DOUBTS_A_DAY, Published, subject_of
from conversations.campaigning.audience import RESULTS, Audience
from conversations.campaigning.message import Message
from conversations.campaigning.results import worded
from conversations.campaigning.standing import Plan
from conversations.reviewing.cases import ModeratorId, Rules
from conversations.reviewing.deciding import Moderator
from conversations.reviewing.published import Count, Figure, FigureCase, Recount, figure_look_by
from locales.locale import locale_of
from storage import audit, campaigns, contacts, figure_cases, outbox
from storage.reporters import Reporter
from storage.store import Store, Unit
from tests.bot.test_aftermath import KEY, NOW, PROGRAMME, tells

FIGURE = Figure("2026-11", KEY[0])
AMINA, BAKARI = Moderator(ModeratorId(1)), Moderator(ModeratorId(2))
LOCALES = [locale_of(tag) for tag in PROGRAMME.languages]


def room(store: Store) -> Published:
    """Return what keeps doubts."""
    return Published(store, PROGRAMME, locale_of)


async def publish(unit: Unit, count: Count = 12) -> int:
    """Let results of the month go out; return the number of their campaign."""
    blank = Message(period=FIGURE.period, figures={"": {FIGURE.form_id: count}})
    plan = Plan(worded(PROGRAMME, blank, LOCALES), Audience(agreed="any", topic=RESULTS))
    about = {"dedupe": "auto:results", "title": "Results", "start_at": NOW, "per_second": 5}
    await campaigns.begin(unit, PROGRAMME.name, plan, **about)  # type: ignore[arg-type]  # By name.
    (campaign,) = await campaigns.newest(unit, PROGRAMME.name, 1)
    return campaign.id


async def doubts(store: Store, unit: Unit, chat: int, reason: str = "low") -> bool:
    """Let whoever chats there doubt the figure."""
    contact = await contacts.meet(unit, chat, NOW)
    reporter = store.reporter(PROGRAMME.name, chat)
    (campaign,) = await campaigns.newest(unit, PROGRAMME.name, 1)
    about = (reporter, contact, campaign.id, FIGURE, 12, reason, NOW)
    return await room(store).doubt(unit, *about)  # type: ignore[arg-type]  # A reason by name.


async def the_case(store: Store) -> FigureCase:
    """Return the figure's case."""
    async with store.reading() as reading:
        (case,) = await figure_cases.queue(reading, PROGRAMME.name, 5)
    return case


async def test_a_thousand_fresh_accounts_are_one_loud_doubt(store: Store) -> None:
    """They are one case that weighs eight, do not disturb who holds it, and are all told."""
    async with store.unit() as unit:
        await publish(unit)
        assert await doubts(store, unit, 8_000)
    first = await the_case(store)
    async with store.unit() as unit:
        claimed = await room(store).act(unit, AMINA, first.number, first.version, "claim", NOW)
    assert isinstance(claimed, FigureCase)
    for many in range(10):
        async with store.unit() as unit:
            for one in range(100):
                assert await doubts(store, unit, 9_000 + many * 100 + one)
    async with store.unit() as unit:
        assert not await doubts(store, unit, 9_000, "harm"), "one doubt a person and figure"
    case = await the_case(store)
    assert (case.weight, case.version) == (8.0, claimed.version)
    assert figure_look_by(case, Rules()) == NOW + timedelta(hours=72 / 4), "never at once"
    async with store.unit() as unit:
        kept = await room(store).act(unit, AMINA, case.number, claimed.version, "keep", NOW)
    assert isinstance(kept, FigureCase)
    assert await room(store).tell(NOW) == 1_001
    assert await room(store).tell(NOW) == 0, "each once"
    async with store.unit() as unit:
        waiting = await outbox.claim(unit, "one", NOW, 2_000, 30)
        assert len(waiting) == 1_001
        assert not await doubts(store, unit, 99), "a figure that is decided stays so"


async def test_ten_moderators_race_for_one_figure(store: Store) -> None:
    """One takes it on; of two decisions the second is told, and nobody decides twice."""
    async with store.unit() as unit:
        await publish(unit)
        await doubts(store, unit, 8_000)
    case = await the_case(store)
    came = []
    for number in range(1, 11):
        async with store.unit() as unit:
            by = Moderator(ModeratorId(number))
            came.append(await room(store).act(unit, by, case.number, 1, "claim", NOW))
    assert sum(isinstance(one, FigureCase) for one in came) == 1
    assert set(came[1:]) == {"changed meanwhile"}
    async with store.unit() as unit:
        late = await room(store).act(unit, BAKARI, case.number, 2, "keep", NOW)
        assert late == "held by another"
        own = await room(store).act(unit, replace(AMINA, own=True), case.number, 2, "keep", NOW)
        assert own == "own doubt"
        done = await room(store).act(unit, AMINA, case.number, 2, "withdraw", NOW)
        assert isinstance(done, FigureCase)
        again = await room(store).act(unit, AMINA, case.number, done.version, "keep", NOW)
        assert again == "decided already"
        acts = [one.act for one in await audit.newest(unit, 9, subject_of(case.number), "")]
        assert acts == ["WithdrawFigure", "ClaimFigure"]


async def test_a_figure_is_counted_again_and_put_right(store: Store) -> None:
    """What has not been sent yet tells the corrected count, or that it was withdrawn."""
    for number in range(1, 4):
        await tells(store, 30, "All went well", number)
    async with store.reading() as reading:
        again = await recounts(reading, PROGRAMME, [FIGURE])
    assert again[FIGURE] == Recount(None), "one person sent them all"
    async with store.unit() as unit:
        number = await publish(unit)
        await doubts(store, unit, 8_000)
        case = (await figure_cases.queue(unit, PROGRAMME.name, 5))[0]
        same = await room(store).act(unit, AMINA, case.number, 1, "correct", NOW, Recount(12))
        assert same == "nothing to correct"
        fixed = await room(store).act(unit, AMINA, case.number, 1, "correct", NOW, Recount(9))
        assert isinstance(fixed, FigureCase)
        told = await campaigns.of(unit, PROGRAMME.name, number)
        assert told is not None
        assert ": 9 reports" in told.plan.message.texts["en"]
        undone = await room(store).act(unit, AMINA, case.number, fixed.version, "undo", NOW)
        assert isinstance(undone, FigureCase)
        told = await campaigns.of(unit, PROGRAMME.name, number)
        assert told is not None
        assert ": 12 reports" in told.plan.message.texts["en"]


async def test_trust_is_earned_by_the_right_direction(store: Store) -> None:
    """Who said "too low" of a number that was corrected downwards was not right."""
    async with store.unit() as unit:
        await publish(unit)
        await doubts(store, unit, 8_001, "low")
        await doubts(store, unit, 8_002, "high")
        case = (await figure_cases.queue(unit, PROGRAMME.name, 5))[0]
        await room(store).act(unit, AMINA, case.number, 1, "correct", NOW, Recount(9))
    await room(store).tell(NOW)
    async with store.unit() as unit:
        found = dict(zip((8_001, 8_002), await figure_cases.people_on(unit, 1), strict=True))
    assert found == {8_001: (0, 1), 8_002: (1, 1)}


async def test_who_goes_takes_their_doubts_along(store: Store) -> None:
    """An erased person's doubt weighs nothing any more; a day's doubts of one person end."""
    who = store.reporter(PROGRAMME.name, 8_001)
    async with store.unit() as unit:
        await publish(unit)
        await doubts(store, unit, 8_001)
        await doubts(store, unit, 8_002)
        assert await published.withdraw(unit, PROGRAMME, who) == 1
    case = await the_case(store)
    assert case.weight == 1.0
    async with store.unit() as unit:
        contact = await contacts.meet(unit, 8_003, NOW)
        by = Reporter("many")
        for month in range(DOUBTS_A_DAY):
            figure = Figure(f"20{month:02}-01", FIGURE.form_id)
            await room(store).doubt(unit, by, contact, 1, figure, 5, "low", NOW)
        assert await room(store).doubted_enough(unit, by, NOW)
        assert not await room(store).doubted_enough(unit, by, NOW + timedelta(days=2))
