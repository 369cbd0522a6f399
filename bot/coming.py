"""What is due, put to people: one person at a time, gently, by any process, never twice.

A round claims what is due under a lease and goes through it person by person. All that concerns one
person happens in one transaction with their row held: whether it is the time, what is said, what
became of it. So a process that dies leaves nothing half done, and two never ask the same. What
other rooms plan is put by whoever they name for its kind (`others`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot import reminding
from bot.dispatch import Dispatch
from bot.moods import mood_of
from bot.person import Person, Put
from bot.reviews import Reviews
from conversations.sheets.followups import REPORTER
from storage import (
    clarifications,
    contacts,
    due,
    outbox,
    reach,
    sessions,
)
from storage.due import UNANSWERED, Due
from storage.outbox import Priority
from storage.reporters import Reporter
from storage.store import Unit

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
FOLLOWUP: Final = "followup"


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
                    await self._settle(unit, row, "dropped", "gone")
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
                    await self._settle(unit, row, "dropped", "nobody came")
                else:
                    await due.put_off(unit, row.id, self.owner, again, "called")
            elif row.planned.kind == UNANSWERED:
                await self._go_on_without(unit, row, now)
            elif _is_for_others(row):
                await alarms.tell_of_deadline(unit, row, now)
                await self._settle(unit, row, "done", "told")
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
        await self._settle(unit, row, "done" if went_on else "cancelled", "no answer")

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
        about = (known, mood, session, programme, locale, now)
        return Person(unit, contact, *about, self.dispatch, self.owner)

    async def _put_all(self, person: Person, rows: tuple[Due, ...]) -> None:
        """Put the follow-ups together, all else one by one."""
        followups = [row for row in rows if row.planned.kind == FOLLOWUP]
        await reminding.put_followups(person, followups)
        puts = {**reminding.PUTS, **self.others}
        for row in rows:
            if row.planned.kind != FOLLOWUP:
                await puts.get(row.planned.kind, _nobody_puts)(person, row)

    async def _settle(self, unit: Unit, row: Due, state: due.DueState, why: str) -> None:
        await due.settle(unit, row.id, self.owner, state, self.dispatch.now(), why)


async def _nobody_puts(person: Person, row: Due) -> None:
    await person.put_off(row, person.now + UNKNOWN_FOR, "nobody puts this")


def _is_for_others(row: Due) -> bool:
    """Tell whether a deadline is told to somebody else than the reporter."""
    return row.planned.kind == "deadline" and row.planned.body["to"] != REPORTER
