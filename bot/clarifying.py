"""Questions to reporters that nobody answered: brought to mind once, then the case goes on without.

A question that is not answered in time keeps its button: an answer that comes later is still laid
to the report. What comes to an end is the waiting of the case (`Reviews.unanswered`).
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.person import Person, Put
from bot.telling import Telling
from storage import clarifications, submissions
from storage.due import CLARIFICATION, Due


def puts() -> Mapping[str, Put]:
    """Return who puts which kind of row."""
    return {CLARIFICATION: _remind}


async def _remind(person: Person, row: Due) -> None:
    """Bring a question to mind, gently, as long as it is open."""
    unit, now = person.unit, person.now
    asked = await clarifications.by_id(unit, int(row.planned.body["number"]))
    sent = await submissions.by_id(unit, asked.instance_id) if asked else None
    if asked is None or sent is None or asked.state == "answered":
        await person.settle(row, "cancelled", "answered")
        return
    if not await person.is_time_for(row):
        return
    dispatch = person.dispatch
    telling = Telling(dispatch.store, person.programme, dispatch.locale_of)
    await telling.asked_again(unit, sent, asked.words, asked.id, now)
    await person.settle(row, "done", "reminded")
