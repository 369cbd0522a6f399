"""Retention: finding what has been kept as long as its programme says, a page at a time.

A report's time runs from when it was sent. A report, its versions and what its reporter answered
about it later are one: they go together, when the youngest of them is old enough. A report that
was begun and not sent goes when it was left alone for as long, and so do words that were never
sent in all that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.moments import to_kept
from storage.reporters import Reporter
from storage.sessions import OF_PROGRAMME
from storage.store import Reading, Unit

# Neither a version of another report nor its own reporter's answer about one: those go with it.
REPORTS: Final = """
    SELECT s.instance_id, s.reporter, s.kept_at FROM submissions AS s
    WHERE s.programme = $1 AND s.kept_at < $2 AND (s.kept_at, s.instance_id) > ($3, $4)
      AND NOT EXISTS (SELECT 1 FROM edits AS e WHERE e.instance_id = s.instance_id)
      AND NOT EXISTS (
          SELECT 1 FROM links AS l JOIN submissions AS p ON p.instance_id = l.parent
          WHERE l.instance_id = s.instance_id AND p.reporter = s.reporter)
    ORDER BY s.kept_at, s.instance_id LIMIT $5
"""

YOUNGER: Final = "SELECT 1 FROM submissions WHERE instance_id = $1 AND kept_at >= $2"

# No index is asked: this runs once an hour, beside everybody's turns.
SESSIONS: Final = f"""
    SELECT session_key FROM sessions WHERE {OF_PROGRAMME} AND changed_at < $2 LIMIT $3
"""  # noqa: S608 - put together from our own words.

END_SESSION: Final = "DELETE FROM sessions WHERE session_key = $1 AND changed_at < $2"

WAITING: Final = """
    SELECT id FROM outbox WHERE state = 'waiting' AND put_at < $1 AND leased_until_at = 0 LIMIT $2
"""

FORGET_WAITING: Final = """
    DELETE FROM outbox WHERE id = $1 AND state = 'waiting' AND leased_until_at = 0
    RETURNING campaign_id
"""


@dataclass(frozen=True, slots=True)
class Old:
    """A report that was sent before a moment; `kept_at` and its id are its place in the order."""

    instance_id: str
    reporter: Reporter
    kept_at: int


START: Final = Old("", Reporter(""), 0)
"""Stands before every report."""


async def reports(
    reading: Reading, programme: str, before: datetime, after: Old, limit: int
) -> Sequence[Old]:
    """Find reports sent before a moment, the oldest first, behind one that was found before."""
    place = (after.kept_at, after.instance_id)
    rows = await reading.rows(REPORTS, programme, to_kept(before), *place, limit)
    return [Old(row["instance_id"], row["reporter"], row["kept_at"]) for row in rows]


async def all_before(reading: Reading, ids: Sequence[str], before: datetime) -> bool:
    """Tell whether each of these submissions was sent before a moment."""
    for instance_id in ids:
        if await reading.row(YOUNGER, instance_id, to_kept(before)):
            return False
    return True


async def sessions(reading: Reading, programme: str, before: datetime, limit: int) -> Sequence[str]:
    """Find sessions in which nothing has happened since a moment, by their keys."""
    rows = await reading.rows(SESSIONS, programme, to_kept(before), limit)
    return [row["session_key"] for row in rows]


async def end_session(unit: Unit, session_key: str, before: datetime) -> None:
    """End a session, with the files that were sent for it, unless it has gone on meanwhile."""
    await unit.run(END_SESSION, session_key, to_kept(before))


async def waiting(reading: Reading, before: datetime, limit: int) -> Sequence[int]:
    """Find messages that have waited since before a moment and that nobody is sending."""
    return [row["id"] for row in await reading.rows(WAITING, to_kept(before), limit)]


async def forget_waiting(unit: Unit, row_id: int) -> int:
    """Drop such a message; return the number of its campaign, 0 for none."""
    row = await unit.row(FORGET_WAITING, row_id)
    return int(row["campaign_id"]) if row else 0
