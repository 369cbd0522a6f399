"""Who is asked about a report: as few as could decide it, at the right time, and never some."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.choosing import link_of
from conversations.validating.terms import Terms
from storage import (
    due,
    rests,
    rounds,
)
from tests.bot.village import DAY, NOW, PROGRAMME, REPORT, Village


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
