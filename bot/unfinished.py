"""Reports that were begun and not sent: brought to mind, and ended as the programme says.

One planned thing a report, made when it is begun and forgotten when it is sent, so that a turn in
between costs nothing. When it is due it looks how long the report has really waited.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.plans import clock_of
from conversations.courtesy import Courtesy
from conversations.programme import Programme
from conversations.session import Session
from storage import due, reach
from storage.contacts import Contact
from storage.due import Planned
from storage.reporters import Reporter
from storage.store import Store, Unit

KIND: Final = "unfinished"


def steps_of(courtesy: Courtesy) -> Iterator[tuple[timedelta, bool]]:
    """Yield how long after the last answer something is done, and whether that is the end."""
    for hours in courtesy.remind_hours:
        yield timedelta(hours=hours), False
    if courtesy.expire_days:
        yield timedelta(days=courtesy.expire_days), True


async def plan(  # noqa: PLR0913, PLR0917 - whose report, in which programme, from when on.
    unit: Unit,
    store: Store,
    programme: Programme,
    reporter: Reporter,
    contact: Contact,
    session: Session,
    now: datetime,
) -> None:
    """Plan the first thing that happens to a report that is begun and not sent."""
    first = next(steps_of(programme.courtesy), None)
    if first is None:
        return
    about = (store, reporter, programme.name, contact.id, session.language, now)
    await reach.meet(unit, *about, session.invited_by)
    clock = await clock_of(unit, programme, reporter)
    dedupe = f"{KIND}:{session.key}"
    slot = clock.slot(now + first[0], now, None, dedupe)
    if slot is not None:
        when = (slot.due_at, slot.zone, slot.wall)
        row = (programme.name, reporter, KIND, session.form_id, session.key)
        await due.plan(unit, [Planned(*row, *when, dedupe)])


async def forget(unit: Unit, session_key: str) -> None:
    """Forget a report that was sent, or thrown away."""
    await due.forget_about(unit, session_key, KIND)
