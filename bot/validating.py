"""People who are asked about others' reports, at their buttons, inside the update's transaction.

A tap counts only for whoever was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.choosing import KIND
from bot.community import Community
from bot.opened import opened
from bot.visit import Outcome, Visit
from conversations.events import ButtonTapped, Event
from conversations.phrases import Locale
from conversations.replies import Acknowledge, Reply
from conversations.validating import questions, tapped, telling
from conversations.validating.questions import (
    STAMP,
    Answered,
    Declined,
    Flagged,
    Heard,
    Rested,
    Shown,
    Standing,
)
from storage import asks, due, rests, rounds
from storage.asks import Ask
from storage.reporters import Reporter
from storage.rounds import Round


def is_to_validator(event: Event) -> bool:
    """Tell whether an event is meant for a question about somebody else's report."""
    return isinstance(event, ButtonTapped) and event.session_key == STAMP


@dataclass(frozen=True, slots=True)
class Validating:
    """Takes what validators tap."""

    community: Community
    locale_of: Callable[[str], Locale]

    async def take(self, visit: Visit, reporter: Reporter, event: Event) -> Outcome | None:
        """Take an event that `is_to_validator`; None for all else."""
        if not isinstance(event, ButtonTapped):
            return None
        locale = self.locale_of(visit.language(self.community.programme))
        replies = await self._tapped(visit, reporter, event, locale)
        return Outcome.of(replies, locale)

    async def _tapped(
        self, visit: Visit, reporter: Reporter, tap: ButtonTapped, locale: Locale
    ) -> tuple[Reply, ...]:
        unit, now = visit.unit, visit.occasion.now
        ask = await asks.by_id(unit, tap.step)
        if ask is None or ask.validator != reporter:
            return (Acknowledge(telling.not_yours()),)
        one = await rounds.hold(unit, ask.round_id)
        about = await opened(unit, self.community.programme, one) if one else None
        if one is None or about is None:
            return (Acknowledge(telling.over()),)
        programme = self.community.programme
        question = await about.question(unit, programme, ask.id, locale, now)
        heard = questions.heard(question, tap.action, ask.choice, _standing(ask, one))
        await self._do(visit, ask, heard, now)
        is_newest = await asks.newest(unit, reporter) == ask.id
        return tapped.replies(
            question,
            heard,
            flagged=telling.flagged(),
            decided=telling.decided(),
            is_newest=is_newest,
        )

    async def _do(self, visit: Visit, ask: Ask, heard: Heard, now: datetime) -> None:
        """Keep what a tap means."""
        unit = visit.unit
        if state := tapped.settles(heard):
            await due.become_asked(unit, f"{KIND}:{ask.id}", state, now)
        match heard:
            case Answered(choice, late):
                await self.community.answered(unit, ask, choice, now, late=late)
            case Flagged(why):
                await self.community.objected(unit, ask, why, now)
            case Rested(time):
                await rests.rest(unit, ask.validator, now + time)
                await self.community.without_answer(unit, ask, now)
            case Declined():
                await self.community.declined(unit, ask, now)
            case Shown():
                pass


def _standing(ask: Ask, one: Round) -> Standing:
    """Say how a round stands for somebody; a control must look like any other.

    While a moderator is to decide, it is not decided: minds may change.
    """
    if ask.state == "withdrawn" or one.state == "void":
        return "closed"
    return "decided" if one.state == "decided" and not ask.is_control else "open"
