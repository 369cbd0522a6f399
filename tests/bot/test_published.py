"""Published figures under attack: crowds, races, people who are erased, results on their way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot import published
from bot.counting import recounts
from bot.errata import Errata
from bot.library import Library
from bot.published import DOUBTS_A_DAY, Published, subject_of
from conversations.areas import Area
from conversations.campaigning.audience import RESULTS, Audience
from conversations.campaigning.errata import Erratum, errata_message
from conversations.campaigning.message import Message, spoken_in
from conversations.campaigning.results import worded
from conversations.campaigning.standing import Plan
from conversations.reviewing.cases import ModeratorId, Rules
from conversations.reviewing.deciding import Moderator
from conversations.reviewing.published import (
    Count,
    Figure,
    FigureAct,
    FigureCase,
    Recount,
    figure_look_by,
)
from locales.locale import locale_of
from storage import audit, campaigns, contacts, figure_cases, outbox, reach, subscriptions
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


async def put_out(unit: Unit, campaign: int) -> None:
    """Let the results of a campaign have gone out to somebody who hears them."""
    reporter = Reporter("somebody who hears results")
    await subscriptions.keep(unit, reporter, PROGRAMME.name, RESULTS, "")
    await unit.run("UPDATE campaigns SET put = 7 WHERE id = $1", campaign)


async def decide(store: Store, wanted: FigureAct, now: datetime) -> None:
    """Let Amina do something with the only figure that is doubted."""
    async with store.unit() as unit:
        case = await figure_cases.of_figure(unit, PROGRAMME.name, FIGURE)
        assert case is not None
        about = (AMINA, case.number, case.version, wanted, now, Recount(9))
        assert isinstance(await room(store).act(unit, *about), FigureCase)


async def newest(store: Store) -> str:
    """Return what the newest message to many says."""
    async with store.reading() as reading:
        (campaign,) = await campaigns.newest(reading, PROGRAMME.name, 1)
    return campaign.plan.message.texts.get("en", "")


async def test_a_published_mistake_is_told_again(store: Store) -> None:
    """Whoever hears results hears once of a corrected figure, and again where it turns out else."""
    later = NOW + timedelta(hours=3)
    errata = Errata(store, Library(PROGRAMME), locale_of, lambda: later)
    async with store.unit() as unit:
        await put_out(unit, await publish(unit))
        await doubts(store, unit, 8_000)
    await decide(store, "correct", NOW)
    early = Errata(store, Library(PROGRAMME), locale_of, lambda: NOW + timedelta(minutes=5))
    assert not await early.plan(), "it may be taken back yet"
    assert await errata.plan()
    told = await newest(store)
    assert told.startswith("We published something wrong. This is how it stands now:\n")
    assert told.endswith(" · November 2026 · all places: 9 reports (before: 12 reports)")
    assert not await errata.plan(), "each once"
    await decide(store, "undo", NOW + timedelta(minutes=10))
    assert not await errata.plan(), "nothing is decided"
    await decide(store, "keep", NOW + timedelta(minutes=20))
    assert await errata.plan()
    assert "12 reports (before: 9 reports)" in await newest(store)


async def test_a_mistake_that_nobody_read(store: Store) -> None:
    """Where the results have not gone out, or nobody hears them, nobody is told of a mistake."""
    later = NOW + timedelta(hours=3)
    errata = Errata(store, Library(PROGRAMME), locale_of, lambda: later)
    async with store.unit() as unit:
        await publish(unit)
        await doubts(store, unit, 8_000)
    await decide(store, "withdraw", NOW)
    assert not await errata.plan()
    async with store.reading() as reading:
        assert len(await campaigns.newest(reading, PROGRAMME.name, 5)) == 1


async def test_mistakes_about_one_place() -> None:
    """Whoever hears of a place reads of its mistakes alone; elsewhere nobody is written to."""
    areas = {"hill": Area({"en": "Hill"}), "shore": Area({"en": "Shore"})}
    programme = replace(PROGRAMME, areas=areas)
    wrong = Erratum(replace(FIGURE, area="hill"), 12, 9)
    message = errata_message(programme, [wrong], LOCALES)
    words = {area: spoken_in(message, programme, "en", area=area) for area in ("", *areas)}
    assert words[""] == words["shore"] == ""
    assert "Hill: 9 reports" in words["hill"]


async def test_nobody_is_told_at_night_or_in_a_pause(store: Store) -> None:
    """Who doubted a figure hears in the morning, or when their pause is over what came of it."""
    night = NOW.replace(hour=23)
    async with store.unit() as unit:
        await publish(unit)
        await doubts(store, unit, 8_000)
        await doubts(store, unit, 8_001)
        about = (store, store.reporter(PROGRAMME.name, 8_001), PROGRAMME.name)
        contact = await contacts.meet(unit, 8_001, NOW)
        await reach.meet(unit, *about, contact.id, "en", NOW)
        await reach.pause(unit, about[1], night + timedelta(days=3))
    await decide(store, "keep", NOW)
    assert await room(store).tell(night) == 0
    assert await room(store).tell(night + timedelta(hours=12)) == 1
    assert await room(store).tell(night + timedelta(days=3, hours=12)) == 1


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
