"""What stands in the calendar of what comes back, and what was asked before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.due.rows import COLUMNS, Due, DueState, due_of
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading

BY_ID = f"SELECT {COLUMNS} FROM due WHERE id = $1"  # noqa: S608 - our own words.

BY_DEDUPE = f"SELECT {COLUMNS} FROM due WHERE dedupe = $1"  # noqa: S608 - as above.

COUNT_ASKED = """
    SELECT count(*) AS count FROM due WHERE root = $1 AND kind = $2 AND name = $3 AND asked_at > 0
"""

WAITING_IN = """
    SELECT count(*) AS count FROM due
    WHERE root = $1 AND kind = 'followup' AND state = 'waiting'
"""

ALARMED = """
    SELECT id FROM due WHERE root = $1 AND kind = 'alarm' AND state IN ('waiting', 'asked') LIMIT 1
"""

# Somebody must decide, or has decided, or the person has asked to be left alone about it.
SILENCED = """
    SELECT id FROM due
    WHERE root = $1 AND (
        (kind = 'alarm' AND (state IN ('waiting', 'asked') OR reason = 'left'))
        OR (kind = 'followup' AND reason IN ('stopped', 'withdrawn')))
    LIMIT 1
"""

# Everything due of one person, whoever claimed it; what another holds is not among it.
OF_PERSON = f"""
    SELECT {COLUMNS} FROM due
    WHERE reporter = $1 AND state = 'waiting' AND due_at <= $2
      AND (leased_until_at <= $2 OR leased_by = $3)
    ORDER BY due_at, id LIMIT $4
"""  # noqa: S608 - as above.

ASKED_TIMES = """
    SELECT DISTINCT asked_at FROM due WHERE reporter = $1 AND asked_at > $2 ORDER BY asked_at
"""

OF_SUBJECT = f"SELECT {COLUMNS} FROM due WHERE subject = $1 ORDER BY due_at, id"  # noqa: S608

OF_REPORTER = f"""
    SELECT {COLUMNS} FROM due WHERE reporter = $1 AND state = $2 ORDER BY due_at, id LIMIT $3
"""  # noqa: S608

ANSWERED_LAST = f"""
    SELECT {COLUMNS} FROM due WHERE reporter = $1 AND state = 'answered' AND kind = $2
    ORDER BY id DESC LIMIT $3
"""  # noqa: S608

ASKED_SINCE = """
    SELECT count(DISTINCT asked_at) AS count FROM due WHERE reporter = $1 AND asked_at >= $2
"""

NEXT = "SELECT due_at FROM due WHERE state = 'waiting' ORDER BY due_at LIMIT 1"

AHEAD = """
    SELECT kind, name, count(*) AS count, min(due_at) AS first_at FROM due
    WHERE programme = $1 AND state = 'waiting' AND due_at < $2
    GROUP BY kind, name ORDER BY min(due_at), kind, name
"""

BECAME = """
    SELECT kind, name, state, count(*) AS count FROM due
    WHERE programme = $1 AND settled_at >= $2 AND state <> 'waiting'
    GROUP BY kind, name, state ORDER BY kind, name, state
"""


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many of one kind and name come until a moment, and when the first does."""

    kind: str
    name: str
    count: int
    first_at: datetime


async def by_id(reading: Reading, due_id: int) -> Due | None:
    """Return one row, None where it was forgotten."""
    row = await reading.row(BY_ID, due_id)
    return due_of(row) if row else None


async def by_dedupe(reading: Reading, dedupe: str) -> Due | None:
    """Return the row with a dedupe key, or None."""
    row = await reading.row(BY_DEDUPE, dedupe)
    return due_of(row) if row else None


async def count_asked(reading: Reading, root: str, kind: str, name: str) -> int:
    """Count how often something was asked in a whole chain."""
    row = await reading.row(COUNT_ASKED, root, kind, name)
    return int(row["count"]) if row else 0


async def count_waiting(reading: Reading, root: str) -> int:
    """Count the questions of a chain that are planned and not asked yet."""
    row = await reading.row(WAITING_IN, root)
    return int(row["count"]) if row else 0


async def is_alarmed(reading: Reading, root: str) -> bool:
    """Tell whether something in a chain waits for a person to decide, so that nothing is asked."""
    return await reading.row(ALARMED, root) is not None


async def is_silenced(reading: Reading, root: str) -> bool:
    """Tell whether nothing new may be planned in a chain: by an alarm, or the person's wish."""
    return await reading.row(SILENCED, root) is not None


async def of_person(
    reading: Reading, reporter: Reporter, now: datetime, owner: str, at_most: int
) -> tuple[Due, ...]:
    """List what is due of one person, but for what others hold, the longest due first."""
    rows = await reading.rows(OF_PERSON, reporter, to_kept(now), owner, at_most)
    return tuple(map(due_of, rows))


async def asked_times(
    reading: Reading, reporter: Reporter, since: datetime
) -> tuple[datetime, ...]:
    """List the moments after `since` at which something was put to a reporter."""
    rows = await reading.rows(ASKED_TIMES, reporter, to_kept(since))
    return tuple(from_kept(row["asked_at"]) for row in rows)


async def about(reading: Reading, subject: str) -> tuple[Due, ...]:
    """List everything about a subject, in the order of its moments."""
    return tuple(map(due_of, await reading.rows(OF_SUBJECT, subject)))


async def of_reporter(
    reading: Reading, reporter: Reporter, state: DueState, at_most: int
) -> tuple[Due, ...]:
    """List what stands in one state for a reporter, the first due first."""
    return tuple(map(due_of, await reading.rows(OF_REPORTER, reporter, state, at_most)))


async def answered_last(
    reading: Reading, reporter: Reporter, kind: str, at_most: int
) -> tuple[Due, ...]:
    """Return what a reporter answered of one kind, what was planned last first."""
    rows = await reading.rows(ANSWERED_LAST, reporter, kind, at_most)
    return tuple(map(due_of, rows))


async def asked_since(reading: Reading, reporter: Reporter, since: datetime) -> int:
    """Count how often a reporter was asked since a moment; what came at once counts once."""
    row = await reading.row(ASKED_SINCE, reporter, to_kept(since))
    return row["count"] if row else 0


async def next_at(reading: Reading) -> datetime | None:
    """Return when the next row is due; None where nothing waits."""
    row = await reading.row(NEXT)
    return from_kept(row["due_at"]) if row else None


async def ahead(reading: Reading, programme: str, until: datetime) -> tuple[Ahead, ...]:
    """Count what comes until a moment, by kind and name, the soonest first."""
    rows = await reading.rows(AHEAD, programme, to_kept(until))
    return tuple(
        Ahead(row["kind"], row["name"], row["count"], from_kept(row["first_at"])) for row in rows
    )


async def became(
    reading: Reading, programme: str, since: datetime
) -> Mapping[tuple[str, str], Mapping[DueState, int]]:
    """Count what became of rows settled since a moment, by kind and name."""
    counts: dict[tuple[str, str], dict[DueState, int]] = {}
    for row in await reading.rows(BECAME, programme, to_kept(since)):
        counts.setdefault((row["kind"], row["name"]), {})[row["state"]] = row["count"]
    return counts
