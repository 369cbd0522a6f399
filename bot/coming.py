"""What is due, put to people: one person at a time, gently, by any process, never twice.

A round claims what is due under a lease and goes through it person by person. All that concerns one
person happens in one transaction with their row held: whether it is the time, what is said, what
became of it. So a process that dies leaves nothing half done, and two never ask the same. What
other rooms plan is put by whoever they name for its kind (`others`).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from bot.aftermath import doubt_unanswered
from bot.asked import asked_of
from bot.dispatch import Dispatch
from bot.followups import give_up, reminders_of
from bot.moods import mood_of
from bot.plans import row_of
from bot.rendering import render
from bot.reviews import Reviews
from bot.unfinished import steps_of
from conversations.events import (
    Asked,
    Event,
    QuestionLetGo,
    QuestionsCame,
    ReportWaits,
    TimeRanOut,
)
from conversations.followups.gentle import Drop, Mood, Now, Verdict, Wait, verdict
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.session import Session
from conversations.sheets.followups import REPORTER, FollowUp
from storage import (
    clarifications,
    consents,
    contacts,
    due,
    outbox,
    reach,
    sessions,
    submissions,
)
from storage.contacts import Contact
from storage.due import UNANSWERED, Due
from storage.outbox import Priority
from storage.reach import Reach
from storage.reporters import Reporter
from storage.store import Unit

log = logging.getLogger(__name__)

CLAIMED_MAX: Final = 500
"""Rows claimed in one unit, for which all others wait."""
LEASE_SECONDS: Final = 120.0
OF_ONE_MAX: Final = 50
"""Rows of one person that are looked at together."""
UNKNOWN_FOR: Final = timedelta(hours=6)
"""So long waits what nobody here knows how to put."""
BACKLOG_MAX: Final = 1_000
"""Questions and the like that lie in the outbox, about a minute of sending: so what is said is true
when it goes out, and nobody's night begins meanwhile."""
ALARM: Final = "alarm"
OWN: Final = frozenset({"followup", "reminder", "closing"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to whom something is due, in a unit that holds them."""

    unit: Unit
    contact: Contact
    reach: Reach
    mood: Mood
    session: Session | None
    programme: Programme
    locale: Locale
    now: datetime

    def verdict(self, row: Due, *windows: FollowUp) -> Verdict:
        """Say whether a row may be put to them now."""
        window = windows[0].send_window if windows else None
        return verdict(row.planned.due_at, self.now, self.mood, window, row.planned.dedupe)


Put: TypeAlias = Callable[["Coming", Person, Due], Awaitable[None]]
"""Does what a row of some kind asks for, and settles it."""


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Coming:
    """Puts what is due to people, in the name of one process.

    While its clock is not steady only people are called about alarms, which must not wait.
    """

    dispatch: Dispatch
    owner: str
    others: Mapping[str, Put] = field(default_factory=dict)
    is_steady: Callable[[], bool] = _always

    async def round(self) -> int:
        """Do what is due now, as far as the outbox has room; return how many rows were claimed.

        Calls for help go out however much lies there.
        """
        done, claimed, wanted = 0, 1, 1
        while claimed == wanted:
            wanted, rows = await self._claim()
            claimed = len(rows)
            done += claimed
            for reporter in dict.fromkeys(row.planned.reporter for row in rows):
                await self._visit(reporter)
        return done

    async def _claim(self) -> tuple[int, tuple[Due, ...]]:
        """Claim as many as have room; return how many were wanted, and what was claimed."""
        now = self.dispatch.now()
        async with self.dispatch.store.reading() as reading:
            first = await due.next_at(reading)
            if first is None or first > now:
                return CLAIMED_MAX, ()
            lies = await outbox.waiting_at_most(reading, Priority.FOLLOW_UP, BACKLOG_MAX)
        room = min(BACKLOG_MAX - lies, CLAIMED_MAX)
        kind = "" if room and self.is_steady() else ALARM
        wanted = CLAIMED_MAX if kind else room
        async with self.dispatch.store.unit() as unit:
            return wanted, await due.claim(unit, self.owner, now, LEASE_SECONDS, wanted, kind)

    async def _visit(self, reporter: Reporter) -> None:
        """Do all that is due of one person."""
        now, contact = self.dispatch.now(), None
        async with self.dispatch.store.unit() as unit:
            rows = await self._hold(unit, reporter, now)
            rows = await self._call_people(unit, rows, now)
            person = await self._meet(unit, reporter, now) if rows else None
            if person is None:
                for row in rows:
                    await self.settle(unit, row, "dropped", "gone")
                return
            contact = person.contact
            await self._put_all(person, rows)
        self.dispatch.outgoing.look(contact.id)

    async def _hold(self, unit: Unit, reporter: Reporter, now: datetime) -> tuple[Due, ...]:
        """Hold all that is due of one person, but for what another process was quicker to hold."""
        until = now + timedelta(seconds=LEASE_SECONDS)
        rows = await due.of_person(unit, reporter, now, self.owner, OF_ONE_MAX)
        if not self.is_steady():
            rows = tuple(row for row in rows if row.planned.kind == ALARM)
        held = [await due.hold(unit, row.id, self.owner, now, until) for row in rows]
        return tuple(row for row, ours in zip(rows, held, strict=True) if ours)

    async def _call_people(
        self, unit: Unit, rows: tuple[Due, ...], now: datetime
    ) -> tuple[Due, ...]:
        """Do what concerns those who hold a role; return what concerns the person themselves."""
        alarms = self.dispatch.reception.alarms
        for row in rows:
            if row.planned.kind == ALARM:
                again = await alarms.call(unit, row, now)
                if again is None:
                    await self.settle(unit, row, "dropped", "nobody came")
                else:
                    await due.put_off(unit, row.id, self.owner, again, "called")
            elif row.planned.kind == UNANSWERED:
                await self._go_on_without(unit, row, now)
            elif _is_for_others(row):
                await alarms.tell_of_deadline(unit, row, now)
                await self.settle(unit, row, "done", "told")
        return tuple(
            row
            for row in rows
            if row.planned.kind not in {ALARM, UNANSWERED} and not _is_for_others(row)
        )

    async def _go_on_without(self, unit: Unit, row: Due, now: datetime) -> None:
        """Let a case go on whose reporter did not answer, wherever they are."""
        dispatch = self.dispatch
        programme = (await dispatch.library.offering(unit)).programme
        asked = await clarifications.by_id(unit, int(row.planned.body["number"]))
        reviews = Reviews(dispatch.store, programme, dispatch.locale_of)
        went_on = asked is not None and await reviews.unanswered(unit, asked, now)
        await self.settle(unit, row, "done" if went_on else "cancelled", "no answer")

    async def _tell_deadline(self, person: Person, row: Due) -> None:
        """Tell the reporter of a date that comes near."""
        said = person.verdict(row)
        if not isinstance(said, Now):
            await self.follow_verdict(person, row, said)
            return
        message = await self.dispatch.reception.alarms.deadline(
            person.unit, row, person.locale, person.now
        )
        if message is not None:
            calls = render([message], person.locale)
            await outbox.put(person.unit, person.contact.id, calls, person.now)
        await self.settle(person.unit, row, "asked" if message else "dropped")

    async def _meet(self, unit: Unit, reporter: Reporter, now: datetime) -> Person | None:
        known = await reach.of(unit, reporter)
        if known is None:
            return None
        contact = await contacts.hold(unit, reach.contact_of(self.dispatch.store, known))
        if contact is None:
            return None
        programme = (await self.dispatch.library.offering(unit)).programme
        session = await sessions.current(unit, reporter, programme.name)
        mood = await mood_of(unit, programme, reporter, known, session, now)
        locale = self.dispatch.locale_of(contact.language or known.language)
        return Person(unit, contact, known, mood, session, programme, locale, now)

    async def _put_all(self, person: Person, rows: tuple[Due, ...]) -> None:
        await self._put_followups(person, [row for row in rows if row.planned.kind == "followup"])
        for row in rows:
            match row.planned.kind:
                case "followup":
                    pass
                case "reminder":
                    await self._remind(person, row)
                case "closing":
                    await self._close(person, row)
                case "deadline":
                    await self._tell_deadline(person, row)
                case "unfinished":
                    await self._unfinished(person, row)
                case kind if kind in self.others:
                    await self.others[kind](self, person, row)
                case _:
                    await self.put_off(person, row, person.now + UNKNOWN_FOR, "nobody puts this")

    # Follow-ups

    async def _put_followups(self, person: Person, rows: list[Due]) -> None:
        """Put the follow-ups that may be put now: one by its question, several by a list."""
        found = [(row, await self._ready(person, row)) for row in rows]
        ready = [(row, *one) for row, one in found if one is not None]
        if not ready:
            return
        event = QuestionsCame(tuple(asked for _, asked, _ in ready))
        await self._say(person, event)
        for row, _, asking in ready:
            await self.settle(person.unit, row, "asked")
            body = {**row.planned.body, "language": person.locale.tag}
            await due.note(person.unit, row.id, body)
            later = reminders_of(row, asking, person.mood.clock, person.now)
            await due.plan(person.unit, later)
        await reach.note_asked(person.unit, person.reach.reporter, person.now)

    async def _ready(self, person: Person, row: Due) -> tuple[Asked, FollowUp] | None:
        """Return what a row asks, where it may be asked now; else settle it or put it off."""
        unit, planned = person.unit, row.planned
        why = await self._against(person, row)
        if why:
            await self.settle(unit, row, "cancelled", why)
            return None
        standing = await submissions.standing_of(unit, planned.subject)
        asking = row_of(person.programme, standing, planned) if standing else None
        asked = await asked_of(unit, person.programme, row, person.locale, person.now)
        if asking is None or asked is None:
            await self.settle(unit, row, "dropped", "closed" if standing else "erased")
            return None
        said = person.verdict(row, asking)
        if isinstance(said, Now):
            return asked, asking
        await self.follow_verdict(person, row, said)
        return None

    async def _against(self, person: Person, row: Due) -> str:
        """Say what speaks against asking at all; blank for nothing."""
        unit, programme = person.unit, person.programme
        if any(programme.consent.text.values()) and not await consents.standing(
            unit, person.reach.reporter, programme.name
        ):
            return "no consent"
        return "alert" if await due.is_alarmed(unit, row.planned.root) else ""

    async def _remind(self, person: Person, row: Due) -> None:
        """Bring a question to mind that was put before, where it still waits."""
        asked = await due.by_id(person.unit, row.planned.body["of"])
        if asked is None or asked.state != "asked":
            await self.settle(person.unit, row, "cancelled", "answered")
            return
        said = person.verdict(row)
        if not isinstance(said, Now):
            await self.follow_verdict(person, row, said)
            return
        what = await asked_of(person.unit, person.programme, asked, person.locale, person.now)
        begun = person.session is not None and person.session.due_id == asked.id
        if what is None or (begun and _is_answering(person.session)):
            await self.settle(person.unit, row, "cancelled", "closed" if what is None else "begun")
            return
        await self._say(person, QuestionsCame((what,), again=True))
        await self.settle(person.unit, row, "asked")

    async def _close(self, person: Person, row: Due) -> None:
        """Give up a question that nobody answered, and end its session if nothing was begun."""
        asked = await due.by_id(person.unit, row.planned.body["of"])
        await self.settle(person.unit, row, "done")
        if asked is None or asked.state != "asked":
            return
        session = person.session
        if session is not None and session.due_id == asked.id:
            if _is_answering(session):
                return
            if person.reach.stopped:
                await sessions.end(person.unit, person.reach.reporter, person.programme.name)
            else:
                await self._say(person, QuestionLetGo(asked.id))
        if await give_up(person.unit, person.programme, asked, person.now):
            await doubt_unanswered(person.unit, person.programme, asked, person.now)

    async def _unfinished(self, person: Person, row: Due) -> None:
        """Bring a report to mind that is not sent, or end it, as long as it has really waited."""
        unit, session, courtesy = person.unit, person.session, person.programme.courtesy
        changed = await sessions.changed_at(unit, person.reach.reporter, person.programme.name)
        if session is None or session.key != row.planned.subject or changed is None:
            await self.settle(unit, row, "done", "put aside or sent")
            return
        steps = list(steps_of(courtesy))
        done = row.planned.body.get("done", 0)
        if done >= len(steps):
            await self.settle(unit, row, "done")
            return
        after, is_end = steps[done]
        if changed + after > person.now:
            await self.put_off(person, row, changed + after, "at work")
            return
        said = person.verdict(row)
        if not isinstance(said, Now):
            await self.follow_verdict(person, row, said)
            return
        await self._say(person, TimeRanOut(courtesy.hand_in) if is_end else ReportWaits())
        if is_end:
            await self.settle(unit, row, "done", "expired")
            return
        await self._next_step(person, row, changed, steps, done + 1)

    async def _next_step(
        self,
        person: Person,
        row: Due,
        changed: datetime,
        steps: list[tuple[timedelta, bool]],
        done: int,
    ) -> None:
        """Plan the next reminder or the end; what was said does not count as being at work."""
        unit = person.unit
        await self.settle(unit, row, "asked")
        await sessions.still_waits(unit, person.reach.reporter, person.programme.name, changed)
        if done < len(steps):
            planned = row.planned
            dedupe, when = f"unfinished:{planned.subject}:{done}", changed + steps[done][0]
            following = replace(planned, due_at=when, dedupe=dedupe, body={"done": done})
            await due.plan(unit, [following])

    # What all kinds share

    async def _say(self, person: Person, event: Event) -> None:
        _, calls = await self.dispatch.reception.reports.speak_first(
            person.unit, person.contact, person.reach.reporter, event
        )
        await outbox.put(person.unit, person.contact.id, calls, person.now)

    async def follow_verdict(self, person: Person, row: Due, said: Verdict) -> None:
        """Put a row off, or drop it, as the verdict says."""
        match said:
            case Wait(until, why):
                await self.put_off(person, row, until, why)
            case Drop(why):
                await self.settle(person.unit, row, "dropped", why)

    async def settle(self, unit: Unit, row: Due, state: due.DueState, why: str = "") -> None:
        """Say what became of a row that this process holds."""
        await due.settle(unit, row.id, self.owner, state, self.dispatch.now(), why)

    async def put_off(self, person: Person, row: Due, until: datetime, why: str) -> None:
        """Let a row wait."""
        await due.put_off(person.unit, row.id, self.owner, until, why)


def _is_for_others(row: Due) -> bool:
    """Tell whether a deadline is told to somebody else than the reporter."""
    return row.planned.kind == "deadline" and row.planned.body["to"] != REPORTER


def _is_answering(session: Session | None) -> bool:
    """Tell whether a person has begun to answer what was asked of them."""
    return session is not None and bool(session.trail)
