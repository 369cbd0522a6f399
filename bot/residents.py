"""Numbers put to residents, and what they tap under them, each within a unit of its own.

A tap counts only for whoever was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot import coordinators
from bot.count_checks import KIND, CountChecks, question_of
from bot.objections import Objections
from bot.visit import Outcome, Visit
from conversations.events import ButtonTapped, Event
from conversations.phrases import Locale
from conversations.replies import Acknowledge, Reply, Send
from conversations.validating import counts as words
from conversations.validating import questions, tapped, telling
from conversations.validating.objections import objected
from conversations.validating.questions import (
    OF_COUNT,
    Answered,
    Declined,
    Flagged,
    Heard,
    Question,
    Rested,
    Shown,
    Standing,
    Why,
)
from storage import count_asks, counts, due, rests
from storage.count_asks import CountAsk
from storage.counts import CheckId, CountCheck
from storage.reporters import Reporter
from storage.store import Unit


def is_to_resident(event: Event) -> bool:
    """Tell whether an event is meant for a question about a number."""
    return isinstance(event, ButtonTapped) and event.session_key == OF_COUNT


@dataclass(frozen=True, slots=True)
class Residents:
    """Takes what residents tap under a number."""

    counting: CountChecks
    locale_of: Callable[[str], Locale]

    async def take(self, visit: Visit, reporter: Reporter, event: Event) -> Outcome | None:
        """Take an event that `is_to_resident`; None for all else."""
        if not isinstance(event, ButtonTapped):
            return None
        locale = self.locale_of(visit.language(self.counting.programme))
        replies = await self._tapped(visit, reporter, event, locale)
        return Outcome.of(replies, locale)

    async def _tapped(
        self, visit: Visit, reporter: Reporter, tap: ButtonTapped, locale: Locale
    ) -> tuple[Reply, ...]:
        unit = visit.unit
        ask = await count_asks.by_id(unit, tap.step)
        if ask is None or ask.validator != reporter:
            return (Acknowledge(telling.not_yours()),)
        check = await counts.hold(unit, ask.check_id)
        asked = asked_about(self.counting, check, ask.id, locale) if check else None
        if check is None or asked is None:
            return (Acknowledge(telling.over()),)
        heard = questions.heard(asked, tap.action, ask.choice, _standing(check))
        await self._do(visit, ask, heard, visit.occasion.now)
        is_newest = await count_asks.newest(unit, reporter) == ask.id
        return tapped.replies(
            asked, heard, flagged=words.flagged(), decided=telling.closed(), is_newest=is_newest
        )

    async def _do(self, visit: Visit, ask: CountAsk, heard: Heard, now: datetime) -> None:
        """Keep what a tap means."""
        unit = visit.unit
        if state := tapped.settles(heard):
            await due.become_asked(unit, f"{KIND}:{ask.id}", state, now)
        match heard:
            case Answered(choice):
                await self.counting.answered(unit, ask, choice, now)
            case Rested(time):
                await rests.rest(unit, ask.validator, now + time)
                await self.counting.without_answer(unit, ask, now)
            case Declined():
                await self.counting.declined(unit, ask, now)
            case Flagged(why):
                if await Objections(self.counting).take(unit, ask, why, now):
                    await self._tell_coordinators(unit, ask.check_id, why, now)
            case Shown():
                pass

    async def _tell_coordinators(
        self, unit: Unit, check_id: CheckId, why: Why, now: datetime
    ) -> None:
        check = await counts.hold(unit, check_id)
        if check is not None:
            said = partial(_objected, self.counting, check, why)
            await coordinators.tell(unit, self.counting.programme, self.locale_of, said, now)


def asked_about(
    counting: CountChecks, check: CountCheck, number: int, locale: Locale
) -> Question | None:
    """Return the question about a number as somebody reads it; None where its row is gone."""
    text = question_of(counting, check, locale)
    return Question(number, text, words.choices(), OF_COUNT) if text is not None else None


def _objected(counting: CountChecks, check: CountCheck, why: Why, locale: Locale) -> Send:
    text = question_of(counting, check, locale) or check.number.name
    return objected(text, why, check.id)


def _standing(check: CountCheck) -> Standing:
    match check.state:
        case "void":
            return "closed"
        case "ended":
            return "decided"
        case "open":
            return "open"
