"""The conversation of reports: an event goes in, and what comes of it is kept, within one unit."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.aftermath import follow
from bot.allowances import Allowance
from bot.asked import (
    asked_of,
    late,
    take_late,
)
from bot.keeping import WAITING_MAX, Keeping
from bot.kept import Kept
from bot.library import Library
from bot.rendering import render, toast
from bot.visit import Outcome, Visit, language_chosen
from conversations.amending import looks_at_reports
from conversations.coming_back import asked_for, looks_at_waiting
from conversations.dialogue import advance
from conversations.events import (
    Asked,
    CommandGiven,
    Event,
    ReportWaits,
)
from conversations.interruptions import looks_at_others
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.replies import (
    KeepSubmission,
    Reply,
)
from conversations.reports import REPORTS_MAX
from conversations.session import Session
from conversations.turn import Occasion, Person, Report, Turn
from conversations.validating.inviting import came_by
from storage import (
    campaigns,
    due,
    known,
    outbox,
    reach,
    sessions,
    submissions,
)
from storage.contacts import Contact
from storage.outbox import Call
from storage.reporters import Reporter
from storage.store import Store, Unit
from storage.submissions import Standing

log = logging.getLogger(__name__)

TROUBLES_TOLD_MAX = 1_000
"""Troubles of forms that one process writes into its log; each of them is written once."""


@dataclass(frozen=True, slots=True)
class Conversing:
    """Holds everybody's conversation about reports. `told` are the troubles the log has already."""

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]
    now: Callable[[], datetime]
    fresh_key: Callable[[], str]
    told: set[str]

    @property
    def programme(self) -> Programme:
        """Return the programme as its folder declares it."""
        return self.library.programme

    async def take(self, visit: Visit, reporter: Reporter, event: Event) -> tuple[Turn, Outcome]:
        """Take an event into the conversation of reports, and keep what comes of it."""
        unit, contact, session = visit.unit, visit.contact, visit.session
        met = visit.known or await known.of(unit, self.programme.name, reporter, contact.id)
        asked = looks_at_reports(session, event)
        reports = await self._reports(unit, reporter) if asked else ()
        language, low_data = contact.language or None, contact.low_data
        may = Allowance(unit, reporter, self.programme, visit.occasion.now)
        lately, left = await may.reports_lately(session, event), await may.bytes_left(event)
        about = (met.agreed, visit.guess, reports, low_data, met.roles, lately, left)
        person = Person(language, *about)
        programme = (await self.library.offering(unit, met.offers)).programme
        if isinstance(event, CommandGiven) and event.name == "time":
            way = await reach.of(unit, reporter)
            person = replace(person, zone=way.zone if way else "")
        if programme.limits.reports_open > 1 and looks_at_others(session, event):
            aside = await sessions.asides(unit, reporter, self.programme.name)
            person = replace(person, aside=len(aside))
        if looks_at_waiting(event):
            waiting = await self._waiting(visit, programme, reporter, event)
            person = replace(person, waiting=waiting)
        turn = advance(programme, person, session, event, visit.occasion)
        turn = _with_invitation(turn, session, event)
        self._log_troubles(turn, turn.session or session)
        now = visit.occasion.now
        keeping = Keeping(unit, contact, reporter, programme, self.store, now, may)
        await keeping.keep(session, turn)
        if turn.session is not None and turn.session.due_id == asked_for(event) != 0:
            await take_late(unit, programme, reporter, turn.session.due_id, now)
        besides = await self._follow(visit, reporter, programme, turn)
        locale = self.locale_of(self._language(turn, session, contact))
        calls = render((*turn.replies, *besides), locale)
        chosen = language_chosen(turn.replies)
        outcome = Outcome(calls, toast(turn.replies, locale), chosen)
        if session is not None and turn.session is None:
            return await self._back_to_aside(visit, reporter, turn, outcome)
        return turn, outcome

    async def _back_to_aside(
        self, visit: Visit, reporter: Reporter, turn: Turn, outcome: Outcome
    ) -> tuple[Turn, Outcome]:
        """Take up the report again that made way for another, or for a question of ours."""
        own = await sessions.bring_back(visit.unit, reporter, self.programme.name)
        if own is None:
            return turn, outcome
        back, more = await self.take(
            replace(visit, session=own, known=None), reporter, ReportWaits(after_another=True)
        )
        return back, replace(outcome, calls=(*outcome.calls, *more.calls))

    async def speak_first(
        self, unit: Unit, contact: Contact, reporter: Reporter, event: Event
    ) -> tuple[Turn, tuple[Call, ...]]:
        """Bring an event of our own into somebody's conversation, within a unit that holds them.

        What is to be said waits behind whoever is being answered.
        """
        session = await sessions.current(unit, reporter, self.programme.name)
        occasion = Occasion(self.now(), self.fresh_key(), self.locale_of)
        turn, outcome = await self.take(Visit(unit, contact, session, occasion), reporter, event)
        later = outbox.Priority.FOLLOW_UP
        return turn, tuple(replace(call, priority=later) for call in outcome.calls)

    async def _waiting(
        self, visit: Visit, programme: Programme, reporter: Reporter, event: Event
    ) -> tuple[Asked, ...]:
        """Find the questions that were put to somebody and have no answer yet.

        One that was given up is among them where it is tapped, and can still be answered.
        """
        unit, locale, now = visit.unit, self.locale_of(visit.language(programme)), self.now()
        tapped = await late(unit, reporter, asked_for(event), now)
        rows = await due.of_reporter(unit, reporter, "asked", WAITING_MAX)
        rows = (*rows, tapped) if tapped else rows
        found = [await asked_of(unit, programme, row, locale, now) for row in rows]
        return tuple(one for one in found if one is not None)

    async def _follow(
        self, visit: Visit, reporter: Reporter, programme: Programme, turn: Turn
    ) -> tuple[Reply, ...]:
        """Let a report that was kept in this turn bring with it what it does.

        Return what is said to its reporter besides.
        """
        session, instance, now = visit.session, turn.live, visit.occasion.now
        besides: tuple[Reply, ...] = ()
        for sent in turn.replies:
            if isinstance(sent, KeepSubmission) and not sent.replaces:
                await campaigns.note_answered(visit.unit, visit.contact.id, sent.form_id)
            if isinstance(sent, KeepSubmission) and session is not None and instance is not None:
                began_at = datetime.fromisoformat(session.began_at)
                about = (self.store, programme, visit.contact, reporter, sent, instance)
                locales = {tag: self.locale_of(tag) for tag in programme.languages}
                by = session.invited_by
                kept = Kept(visit.unit, *about, began_at, now, session.due_id, by)
                besides = await follow(kept, locales)
        return besides

    def _log_troubles(self, turn: Turn, session: Session | None) -> None:
        """Tell the operator once of each thing in a form that could not be worked out."""
        form = session.form_id if session and session.form_id else "a form"
        for trouble in turn.troubles:
            line = f"{form} of {self.programme.name}: {trouble}"
            if len(self.told) < TROUBLES_TOLD_MAX and line not in self.told:
                self.told.add(line)
                log.warning("Could not be worked out in %s", line)

    async def _reports(self, unit: Unit, reporter: Reporter) -> tuple[Report, ...]:
        sent = await submissions.recent(unit, reporter, self.programme.name, REPORTS_MAX)
        return tuple(_report(standing) for standing in sent)

    def _language(self, turn: Turn, before: Session | None, contact: Contact) -> str:
        """Return the language the person is spoken to in after this turn."""
        session = turn.session or before
        if chosen := language_chosen(turn.replies):
            return chosen
        if session is not None:
            return session.language
        return contact.language or self.programme.languages[0]


def _with_invitation(turn: Turn, before: Session | None, event: Event) -> Turn:
    """Let a session remember by whose link the person came."""
    token = came_by(event) or (before.invited_by if before else "")
    if not token or turn.session is None or turn.session.invited_by == token:
        return turn
    return replace(turn, session=replace(turn.session, invited_by=token))


def _report(standing: Standing) -> Report:
    sent = standing.submission
    return Report(
        *(sent.instance_id, sent.form_id, sent.form_version),
        *(sent.receipt, standing.sent_at, sent.xml),
        sent.review_state,
    )
