"""Alarms and deadlines: calling those who look into reports, until somebody takes it up.

An alarm is raised in the transaction that keeps the report; it stops all that is planned about the
report's chain. It is called out here when it is due, which is at once, and again by its clock. Who
taps is asked for their role each time; what they decide goes into the audit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.followups import take_up
from bot.library import Library
from bot.plans import deadline_of, sheet_of, surroundings_of
from bot.rendering import Toast, render
from bot.visit import Outcome, Visit
from conversations.events import ButtonTapped, Event
from conversations.followups.alarms import (
    GO_ON,
    LEAVE,
    SEEN,
    alarm_message,
    answers,
    called,
    deadline_message,
    decided,
    next_call,
    taken_up_already,
    taken_up_message,
)
from conversations.followups.moments import Clock, read
from conversations.interruptions import remark
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.replies import Send
from conversations.xform.editing import read_submission
from storage import audit, contacts, due, outbox, responders, submissions
from storage.contacts import ContactId
from storage.due import Due
from storage.outbox import Call
from storage.responders import Responder
from storage.store import Store, Unit

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Alarms:
    """Calls people of one programme, and takes what they tap."""

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]

    @property
    def _programme(self) -> Programme:
        return self.library.programme

    # Calling

    async def call(self, unit: Unit, row: Due, now: datetime) -> datetime | None:
        """Call out an alarm; return when the next call comes, None for never."""
        calls = int(row.planned.body.get("calls", 0))
        code = await self._code(unit, row)
        if code is None:
            return None
        held = await responders.holding(unit, self._programme.name)
        wanted = called([(one.role, one.contact_id) for one in held], calls)
        if not wanted:
            log.error("An alarm about report %s finds nobody who holds a role", code)
        for contact_id in dict.fromkeys(wanted):
            await self._tell(unit, contact_id, now, lambda to: self._alarm(row, code, calls, to))
        await due.note(unit, row.id, {**row.planned.body, "calls": calls + 1})
        after = next_call(calls + 1)
        return None if after is None else now + after

    def _alarm(self, row: Due, code: str, calls: int, locale: Locale) -> Send:
        texts = {} if self._programme.is_high_risk else row.planned.body.get("about", {})
        found = (texts[tag] for tag in (*locale.chain, *texts) if tag in texts)
        return alarm_message(row.id, code, next(found, ""), calls)

    async def tell_of_deadline(self, unit: Unit, row: Due, now: datetime) -> None:
        """Tell those whom a deadline names of it; those who hold a role where none holds that."""
        held = await responders.holding(unit, self._programme.name)
        people = [(one.role, one.contact_id) for one in held]
        for contact_id in dict.fromkeys(called(people, 0, row.planned.body["to"])):
            contact = await contacts.by_id(unit, contact_id)
            locale = self._locale(contact.language if contact else "")
            message = await self.deadline(unit, row, locale, now)
            if message is not None:
                await outbox.put(unit, contact_id, _later(render([message], locale)), now)

    async def deadline(self, unit: Unit, row: Due, locale: Locale, now: datetime) -> Send | None:
        """Return what is said of a deadline; None where its report or its row is gone."""
        standing = await submissions.standing_of(unit, row.planned.subject)
        if standing is None:
            return None
        programme, sent = (await self.library.offering(unit)).programme, standing.submission
        found = deadline_of(programme, standing, row.planned)
        if found is None:
            return None
        clock = Clock(programme.zone, programme.courtesy)
        form = programme.forms[sheet_of(standing, row.planned)]
        spoken = surroundings_of(standing, now, clock, locale.tag)
        text = found.message.said(read_submission(form, sent.xml, spoken), locale)
        return deadline_message(sent.receipt, text, _day(row.planned.body["falls"], clock))

    async def _tell(
        self,
        unit: Unit,
        contact_id: ContactId,
        now: datetime,
        message: Callable[[Locale], Send],
    ) -> None:
        contact = await contacts.by_id(unit, contact_id)
        locale = self._locale(contact.language if contact else "")
        await outbox.put(unit, contact_id, render([message(locale)], locale), now)

    # What people do

    async def take(self, visit: Visit, event: Event, now: datetime) -> Outcome | None:
        """Take a tap under an alarm; None for everything else."""
        if not isinstance(event, ButtonTapped) or not event.action.startswith((SEEN, GO_ON, LEAVE)):
            return None
        held = await responders.holding(visit.unit, self._programme.name)
        mine = (one for one in held if one.contact_id == visit.contact.id and answers(one.role))
        who = next(mine, None)
        row = await due.by_id(visit.unit, int(event.action.rpartition("-")[2]))
        if who is None or row is None or row.planned.kind != "alarm":
            return Outcome((), Toast())
        locale = self._locale(visit.contact.language)
        if event.action.startswith(SEEN):
            return await self._taken_up(visit.unit, row, who, locale, now)
        go_on = event.action.startswith(GO_ON)
        return await self._decided(visit.unit, row, who, locale, now, go_on=go_on)

    async def _taken_up(
        self, unit: Unit, row: Due, who: Responder, locale: Locale, now: datetime
    ) -> Outcome:
        if row.state != "waiting" and row.planned.body.get("by") != who.number:
            return Outcome((), Toast(locale.say(taken_up_already())))
        await due.become(unit, row.id, "asked", now, "taken up")
        await due.note(unit, row.id, {**row.planned.body, "by": who.number})
        await self._note(unit, row, who, "AlarmTakenUp", now)
        code = await self._code(unit, row) or ""
        return Outcome.of([taken_up_message(row.id, code)], locale)

    async def _decided(  # noqa: PLR0913 - who decides what about which alarm, when.
        self,
        unit: Unit,
        row: Due,
        who: Responder,
        locale: Locale,
        now: datetime,
        *,
        go_on: bool,
    ) -> Outcome:
        if row.state not in {"waiting", "asked"}:
            return Outcome((), Toast(locale.say(taken_up_already())))
        await due.become(unit, row.id, "done", now, "goes on" if go_on else "left")
        programme = (await self.library.offering(unit)).programme
        planned = await take_up(unit, programme, row.planned.root, now) if go_on else 0
        await self._note(unit, row, who, "AlarmGoesOn" if go_on else "AlarmLeft", now)
        said = remark(decided(go_on=go_on, planned=planned))
        return Outcome.of([said], locale)

    async def _note(self, unit: Unit, row: Due, who: Responder, act: str, now: datetime) -> None:
        await audit.note(unit, self.store, f"role:{who.number}", act, row.planned.subject, now)

    async def _code(self, unit: Unit, row: Due) -> str | None:
        standing = await submissions.standing_of(unit, row.planned.subject)
        return standing.submission.receipt if standing else None

    def _locale(self, language: str) -> Locale:
        return self.locale_of(language or self._programme.languages[0])


def _later(calls: tuple[Call, ...]) -> list[Call]:
    priority = outbox.Priority.FOLLOW_UP
    return [Call(one.method, one.params, one.slot, priority) for one in calls]


def _day(written: str, clock: Clock) -> date:
    when = read(written)
    return when.astimezone(clock.zone).date() if isinstance(when, datetime) else when
