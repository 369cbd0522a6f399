"""Authors who say whether a doubted answer of theirs is right, inside the update's transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot import authors
from bot.aftermath import let_go
from bot.kept import Report
from bot.visit import Outcome, Visit
from conversations.events import ButtonTapped, Event
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.replies import Acknowledge, Reply
from conversations.reports import CHANGE
from conversations.validating import authors as words
from conversations.validating.authors import Assurance
from storage import assurances, clarifications, submissions
from storage.assurances import Assurance as Kept
from storage.reporters import Reporter
from storage.store import Store


def is_to_author(event: Event) -> bool:
    """Tell whether an event is meant for a question to an author."""
    return isinstance(event, ButtonTapped) and event.session_key == words.STAMP


@dataclass(frozen=True, slots=True)
class Assuring:
    """Takes what authors tap."""

    store: Store
    programme: Programme
    locale_of: Callable[[str], Locale]

    async def take(self, visit: Visit, reporter: Reporter, tap: Event) -> Event | Outcome:
        """Take an event that `is_to_author`; one that opens the report is handed on."""
        locale = self.locale_of(visit.language(self.programme))
        if not isinstance(tap, ButtonTapped):
            return tap
        asked = await assurances.by_id(visit.unit, tap.step)
        if asked is None or asked.reporter != reporter or asked.state != "asked":
            return _shown((Acknowledge(words.over()),), locale)
        if tap.action == words.CHANGE:
            sent = await submissions.by_id(visit.unit, asked.instance_id)
            return ButtonTapped("", 0, f"{CHANGE}{sent.receipt if sent else ''}")
        said = words.heard(tap.action)
        replies = await self._said(visit, asked, said, locale) if said else ()
        return _shown((Acknowledge(), *replies), locale)

    async def _said(
        self, visit: Visit, asked: Kept, said: Assurance, locale: Locale
    ) -> tuple[Reply, ...]:
        """Keep what an author says; put the next question, or let the report go."""
        unit, now = visit.unit, visit.occasion.now
        about = (unit, self.store, self.programme, asked.instance_id, now, locale)
        report = await authors.reopened(*about)
        await assurances.become(unit, asked.id, said, now)
        if report is None:
            return (words.closed(),)
        question = authors.doubted(report, asked, locale)
        if question is None:
            await let_go(report)
            return (words.closed(),)
        await self._note(report, asked, locale.say(question.words), locale.say(words.worded(said)))
        following = await authors.next_question(report, locale)
        if not following:
            await let_go(report)
        return (words.noted(question, said), *following)

    async def _note(self, report: Report, asked: Kept, question: str, answer: str) -> None:
        """Bring it into the case: what was asked, and what the author said."""
        about = (self.programme.name, asked.reporter, asked.instance_id, question, asked.about)
        await clarifications.note(report.unit, *about, asked.asked_at, answer, report.now)


def _shown(replies: tuple[Reply, ...], locale: Locale) -> Outcome:
    return Outcome.of(replies, locale)
