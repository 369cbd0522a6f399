"""Numbers put to residents, and what they tap under them, each within a unit of its own.

A tap counts only for whoever was asked. The newest question is changed in its place; an older one
is answered by a message of its own, since only the chat knows which message it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.count_checks import KIND, CountChecks, question_of
from bot.office import Outcome, Visit
from bot.rendering import render, toast
from conversations.events import ButtonTapped, Event
from conversations.phrases import Locale
from conversations.replies import Acknowledge, Reply, Send
from conversations.validating import counts as words
from conversations.validating import questions, telling
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
)
from storage import count_asks, counts, due, rests
from storage.count_asks import CountAsk
from storage.counts import CountCheck
from storage.due import DueState
from storage.reporters import Reporter


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
        return Outcome(render(replies, locale), toast(replies, locale))

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
        return (_toasted(heard), *_shown(asked, heard, is_newest=is_newest))

    async def _do(self, visit: Visit, ask: CountAsk, heard: Heard, now: datetime) -> None:
        """Keep what a tap means."""
        unit = visit.unit
        match heard:
            case Answered(choice):
                await self._note(visit, ask, "answered", now)
                await self.counting.answered(unit, ask, choice, now)
            case Rested(time):
                await self._note(visit, ask, "done", now)
                await rests.rest(unit, ask.validator, now + time)
                await self.counting.without_answer(unit, ask, now)
            case Declined() | Flagged():
                await self._note(visit, ask, "done", now)
                await self.counting.without_answer(unit, ask, now)
            case Shown():
                pass

    async def _note(self, visit: Visit, ask: CountAsk, state: DueState, now: datetime) -> None:
        planned = await due.by_dedupe(visit.unit, f"{KIND}:{ask.id}")
        if planned is not None and planned.state == "asked":
            await due.become(visit.unit, planned.id, state, now)


def asked_about(
    counting: CountChecks, check: CountCheck, number: int, locale: Locale
) -> Question | None:
    """Return the question about a number as somebody reads it; None where its row is gone."""
    text = question_of(counting, check, locale)
    return Question(number, text, words.choices(), OF_COUNT) if text is not None else None


def _standing(check: CountCheck) -> Standing:
    match check.state:
        case "void":
            return "closed"
        case "ended":
            return "decided"
        case "open":
            return "open"


def _toasted(heard: Heard) -> Acknowledge:
    match heard:
        case Shown("same"):
            return Acknowledge(telling.noted())
        case Shown("old"):
            return Acknowledge(telling.over())
        case _:
            return Acknowledge()


def _shown(asked: Question, heard: Heard, *, is_newest: bool) -> tuple[Reply, ...]:
    """Return what is shown after a tap."""
    match heard:
        case Answered(choice, late):
            shown = questions.answered(asked, choice, may_change=not late)
        case Declined() | Flagged():
            shown = questions.closed(asked, telling.declined())
        case Rested():
            shown = questions.closed(asked, telling.rested(heard))
        case Shown("rest"):
            shown = questions.rest(asked)
        case Shown("choices"):
            shown = questions.again(asked)
        case Shown("decided"):
            shown = questions.closed(asked, telling.closed())
        case _:
            return ()
    if is_newest or shown.blocks is None:
        return (shown,)
    return (Send(shown.blocks, shown.keys),)
