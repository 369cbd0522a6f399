"""What a report brings back to its reporter, put to them when its time has come.

Follow-ups and what reminds of them or gives them up, dates that come near, reports that were begun
and not sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.aftermath import doubt_unanswered
from bot.asked import asked_of
from bot.followups import give_up, reminders_of
from bot.person import Person, Put
from bot.plans import row_of
from bot.rendering import render
from bot.unfinished import steps_of
from conversations.events import (
    Asked,
    QuestionLetGo,
    QuestionsCame,
    ReportWaits,
    TimeRanOut,
)
from conversations.session import Session
from conversations.sheets.followups import FollowUp
from storage import consents, due, outbox, reach, sessions, submissions
from storage.due import Due


async def _tell_deadline(person: Person, row: Due) -> None:
    """Tell the reporter of a date that comes near."""
    if not await person.is_time_for(row):
        return
    message = await person.dispatch.reception.alarms.deadline(
        person.unit, row, person.locale, person.now
    )
    if message is not None:
        calls = render([message], person.locale)
        await outbox.put(person.unit, person.contact.id, calls, person.now)
    await person.settle(row, "asked" if message else "dropped")


async def put_followups(person: Person, rows: list[Due]) -> None:
    """Put the follow-ups that may be put now: one by its question, several by a list."""
    found = [(row, await _ready(person, row)) for row in rows]
    ready = [(row, *one) for row, one in found if one is not None]
    if not ready:
        return
    event = QuestionsCame(tuple(asked for _, asked, _ in ready))
    await person.hear(event)
    for row, _, asking in ready:
        await person.settle(row, "asked")
        body = {**row.planned.body, "language": person.locale.tag}
        await due.note(person.unit, row.id, body)
        later = reminders_of(row, asking, person.mood.clock, person.now)
        await due.plan(person.unit, later)
    await reach.note_asked(person.unit, person.reach.reporter, person.now)


async def _ready(person: Person, row: Due) -> tuple[Asked, FollowUp] | None:
    """Return what a row asks, where it may be asked now; else settle it or put it off."""
    unit, planned = person.unit, row.planned
    why = await _against(person, row)
    if why:
        await person.settle(row, "cancelled", why)
        return None
    standing = await submissions.standing_of(unit, planned.subject)
    asking = row_of(person.programme, standing, planned) if standing else None
    asked = await asked_of(unit, person.programme, row, person.locale, person.now)
    if asking is None or asked is None:
        await person.settle(row, "dropped", "closed" if standing else "erased")
        return None
    return (asked, asking) if await person.is_time_for(row, asking) else None


async def _against(person: Person, row: Due) -> str:
    """Say what speaks against asking at all; blank for nothing."""
    unit, programme = person.unit, person.programme
    if any(programme.consent.text.values()) and not await consents.standing(
        unit, person.reach.reporter, programme.name
    ):
        return "no consent"
    return "alert" if await due.is_alarmed(unit, row.planned.root) else ""


async def _remind(person: Person, row: Due) -> None:
    """Bring a question to mind that was put before, where it still waits."""
    asked = await due.by_id(person.unit, row.planned.body["of"])
    if asked is None or asked.state != "asked":
        await person.settle(row, "cancelled", "answered")
        return
    if not await person.is_time_for(row):
        return
    what = await asked_of(person.unit, person.programme, asked, person.locale, person.now)
    begun = person.session is not None and person.session.due_id == asked.id
    if what is None or (begun and _is_answering(person.session)):
        await person.settle(row, "cancelled", "closed" if what is None else "begun")
        return
    await person.hear(QuestionsCame((what,), again=True))
    await person.settle(row, "asked")


async def _close(person: Person, row: Due) -> None:
    """Give up a question that nobody answered, and end its session if nothing was begun."""
    asked = await due.by_id(person.unit, row.planned.body["of"])
    await person.settle(row, "done")
    if asked is None or asked.state != "asked":
        return
    session = person.session
    if session is not None and session.due_id == asked.id:
        if _is_answering(session):
            return
        if person.reach.stopped:
            await sessions.end(person.unit, person.reach.reporter, person.programme.name)
        else:
            await person.hear(QuestionLetGo(asked.id))
    if await give_up(person.unit, person.programme, asked, person.now):
        await doubt_unanswered(person.unit, person.programme, asked, person.now)


async def _unfinished(person: Person, row: Due) -> None:
    """Bring a report to mind that is not sent, or end it, as long as it has really waited."""
    unit, session, courtesy = person.unit, person.session, person.programme.courtesy
    changed = await sessions.changed_at(unit, person.reach.reporter, person.programme.name)
    if session is None or session.key != row.planned.subject or changed is None:
        await _not_in_hand(person, row)
        return
    steps = list(steps_of(courtesy))
    done = row.planned.body.get("done", 0)
    if done >= len(steps):
        await person.settle(row, "done")
        return
    after, is_end = steps[done]
    if changed + after > person.now:
        await person.put_off(row, changed + after, "at work")
        return
    if not await person.is_time_for(row):
        return
    await person.hear(TimeRanOut(courtesy.hand_in) if is_end else ReportWaits())
    if is_end:
        await person.settle(row, "done", "expired")
        return
    await _next_step(person, row, changed, steps, done + 1)


async def _not_in_hand(person: Person, row: Due) -> None:
    """Wait for a report that is set aside, as for one just begun; leave one that was sent."""
    aside = await sessions.asides(person.unit, person.reach.reporter, person.programme.name)
    first = next(steps_of(person.programme.courtesy), None)
    if first is not None and row.planned.subject in aside.values():
        await person.put_off(row, person.now + first[0], "set aside")
    else:
        await person.settle(row, "done", "sent or thrown away")


async def _next_step(
    person: Person,
    row: Due,
    changed: datetime,
    steps: list[tuple[timedelta, bool]],
    done: int,
) -> None:
    """Plan the next reminder or the end; what was said does not count as being at work."""
    unit = person.unit
    await person.settle(row, "asked")
    await sessions.still_waits(unit, person.reach.reporter, person.programme.name, changed)
    if done < len(steps):
        planned = row.planned
        dedupe, when = f"unfinished:{planned.subject}:{done}", changed + steps[done][0]
        following = replace(planned, due_at=when, dedupe=dedupe, body={"done": done})
        await due.plan(unit, [following])


def _is_answering(session: Session | None) -> bool:
    """Tell whether a person has begun to answer what was asked of them."""
    return session is not None and bool(session.trail)


PUTS: Final[Mapping[str, Put]] = {
    "reminder": _remind,
    "closing": _close,
    "deadline": _tell_deadline,
    "unfinished": _unfinished,
}
"""Who puts which kind of row; follow-ups are put together."""
