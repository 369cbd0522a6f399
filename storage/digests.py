"""Digests: which moderator hears when what waits. They stand in the world of contacts, as roles do.

Not among what is due to reporters: a row there would tell which reporter is a moderator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from conversations.sheets.flags import Severity
from storage.cases import Served, only_served
from storage.contacts import ContactId
from storage.moments import from_kept, to_kept
from storage.store import Reading, Row, Unit, Value

CHOOSE = """
    INSERT INTO digests (programme, contact_id, hour, weekly, next_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (programme, contact_id) DO UPDATE SET hour = excluded.hour,
        weekly = excluded.weekly, next_at = excluded.next_at
"""

OF = "SELECT * FROM digests WHERE programme = $1 AND contact_id = $2"

END = "DELETE FROM digests WHERE programme = $1 AND contact_id = $2"

DUE = """
    SELECT * FROM digests WHERE programme = $1 AND next_at <= $2 ORDER BY next_at, contact_id
    LIMIT $3
"""

# Whoever moves it on has it: the condition is the lock.
MOVE = """
    UPDATE digests SET next_at = $4 WHERE programme = $1 AND contact_id = $2 AND next_at = $3
    RETURNING contact_id
"""

# What the queue of one moderator would show them, without what waits for somebody else.
WAITING: Final = """
    SELECT severity, count(*) AS count, min(opened_at) AS oldest_at,
           sum(CASE WHEN claimed_by = $3 AND claimed_until_at > $2 THEN 1 ELSE 0 END) AS own,
           sum(CASE WHEN appealed THEN 1 ELSE 0 END) AS appealed,
           sum(CASE WHEN escalated THEN 1 ELSE 0 END) AS escalated
    FROM cases
    WHERE programme = $1 AND state <> 'decided' AND state <> 'asked'
      AND (claimed_until_at <= $2 OR claimed_by = $3)
      AND NOT (state = 'second' AND first_by = $3) AND NOT (appealed AND decided_by = $3)
      AND (NOT escalated OR $4) {served}
    GROUP BY severity
"""


@dataclass(frozen=True, slots=True)
class Digest:
    """Somebody's choice: at an hour, daily or weekly, and when it comes round next."""

    contact_id: ContactId
    hour: int
    weekly: bool
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits for one moderator."""

    by_severity: Mapping[Severity, int]
    oldest_at: datetime | None
    own: int
    appealed: int
    escalated: int


async def choose(unit: Unit, programme: str, digest: Digest) -> None:
    """Keep what somebody chose."""
    values = (digest.contact_id, digest.hour, digest.weekly, to_kept(digest.next_at))
    await unit.run(CHOOSE, programme, *values)


async def of(reading: Reading, programme: str, contact_id: ContactId) -> Digest | None:
    """Return what somebody chose."""
    row = await reading.row(OF, programme, contact_id)
    return _digest(row) if row else None


async def end(unit: Unit, programme: str, contact_id: ContactId) -> None:
    """Tell somebody nothing any more."""
    await unit.run(END, programme, contact_id)


async def due(reading: Reading, programme: str, now: datetime, at_most: int) -> Sequence[Digest]:
    """Return the digests whose time has come, the longest due first."""
    rows = await reading.rows(DUE, programme, to_kept(now), at_most)
    return [_digest(row) for row in rows]


async def move(unit: Unit, programme: str, digest: Digest, next_at: datetime) -> bool:
    """Let a digest come round later; False where another process was quicker."""
    values = (digest.contact_id, to_kept(digest.next_at), to_kept(next_at))
    return await unit.row(MOVE, programme, *values) is not None


async def waiting(
    reading: Reading, programme: str, served: Served, now: datetime, *, senior: bool
) -> Counts:
    """Count what waits for a moderator; goes through all open cases, so not within a unit."""
    said, names = only_served(served, first=5)
    values: tuple[Value, ...] = (programme, to_kept(now), served.by, senior, *names)
    rows = await reading.rows(WAITING.format(served=said), *values)
    return Counts(
        {Severity(row["severity"]): int(row["count"]) for row in rows},
        min((from_kept(row["oldest_at"]) for row in rows), default=None),
        *(sum(int(row[name]) for row in rows) for name in ("own", "appealed", "escalated")),
    )


def _digest(row: Row) -> Digest:
    told = (row["contact_id"], row["hour"], bool(row["weekly"]), from_kept(row["next_at"]))
    return Digest(*told)
