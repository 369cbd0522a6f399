"""How a person stands to being written to, looked up: their hours, a pause, enough for a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.plans import clock_of
from conversations.followups.gentle import Mood
from conversations.programme import Programme
from conversations.session import Session
from storage import due, sessions, written
from storage.reach import Reach
from storage.reporters import Reporter
from storage.store import Reading


async def mood_of(  # noqa: PLR0913, PLR0917 - of whom, as far as it is known already, when.
    reading: Reading,
    programme: Programme,
    person: Reporter,
    known: Reach | None,
    session: Session | None,
    now: datetime,
) -> Mood:
    """Return a person's mood; who is not `known` never reported, and has the programme's hours."""
    at_work = await sessions.changed_at(reading, person, programme.name)
    busy = session is not None and not session.due_id
    return Mood(
        await clock_of(reading, programme, person),
        await _written_to(reading, person, now),
        known.paused_until if known else None,
        stopped=known.stopped if known else False,
        at_work=at_work if busy else None,
    )


async def _written_to(reading: Reading, person: Reporter, now: datetime) -> tuple[datetime, ...]:
    """List when a person was written to in the last week: asked, or by a message to many."""
    asked = await due.asked_times(reading, person, now - timedelta(days=7))
    return (*asked, *await written.of(reading, person))
