"""How all of it stands, in figures: for whoever looks after the bot. Nobody is named.

Counting goes through whole tables, so this belongs into a reading and never into a unit. On very
many rows it takes seconds: do not ask often.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.moments import from_kept, to_kept
from storage.outbox import DUE_HEADS, Priority, depths
from storage.store import Reading, Row

CONTACTS = "SELECT state, count(*) AS count FROM contacts GROUP BY state"

# A session without a form is somebody who has not begun yet.
SESSIONS = "SELECT count(*) AS count FROM sessions WHERE form_id <> ''"

# An edit is the same report once more.
REPORTS = """
    SELECT count(*) AS count, sum(CASE WHEN kept_at >= $1 THEN 1 ELSE 0 END) AS since
    FROM submissions
    WHERE NOT EXISTS (SELECT 1 FROM edits WHERE edits.instance_id = submissions.instance_id)
"""

ATTACHMENTS = "SELECT state, count(*) AS count FROM attachments GROUP BY state"

# What is to be done now, whoever does it, by kind.
DUE = """
    SELECT 'attachment' AS state, count(*) AS count FROM attachments
    WHERE state = 'waiting' AND due_at <= $1
    UNION ALL
    SELECT 'workbook' AS state, count(*) AS count FROM desks WHERE source <> '' AND due_at <= $1
    UNION ALL
    SELECT kind AS state, count(*) AS count FROM due WHERE state = 'waiting' AND due_at <= $1
    GROUP BY kind
"""

AHEAD = "SELECT count(*) AS count FROM due WHERE state = 'waiting' AND due_at > $1"

DEAD_LETTERS = "SELECT count(*) AS count FROM dead_letters"

OLDEST_WAITING = "SELECT min(put_at) AS at FROM outbox WHERE state = 'waiting'"

LAST_UPDATE = "SELECT max(seen_at) AS at FROM updates"

LEASES = "SELECT name, owner, until_at FROM leases WHERE until_at > $1 ORDER BY name"

# PostgreSQL alone knows this; the size of a SQLite database is that of its files.
SIZE = "SELECT pg_database_size(current_database()) AS count"

SCHEMA = "SELECT version_num FROM alembic_version"

# What nobody sends although it may go: nobody has taken it for longer than a lease lasts.
OVERDUE = f"SELECT min(due_at) AS at FROM outbox WHERE id IN ({DUE_HEADS})"  # noqa: S608 - put together from our own words.


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A right that one process holds; `owner` is blank where nobody may send."""

    name: str
    owner: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """All figures of one moment; mappings are by state, the outbox's by state and urgency.

    `due` is what is to be done now, by kind; `ahead` counts what is planned for later.
    """

    contacts: Mapping[str, int]
    sessions_open: int
    reports: int
    reports_since: int
    outbox: Mapping[tuple[str, Priority], int]
    oldest_waiting_at: datetime | None
    dead_letters: int
    attachments: Mapping[str, int]
    due: Mapping[str, int]
    ahead: int
    last_update_at: datetime | None
    leases: Sequence[HeldLease]
    schema: str


async def standing(reading: Reading, now: datetime, since: datetime) -> Standing:
    """Count everything once; reports that came after a moment are also counted apart."""
    reports = await reading.row(REPORTS, to_kept(since))
    assert reports is not None, "a count always answers"  # noqa: S101  # Ours.
    schema = await reading.row(SCHEMA)
    return Standing(
        contacts=await _by_state(reading, CONTACTS),
        sessions_open=await _count(reading, SESSIONS),
        reports=reports["count"],
        reports_since=reports["since"] or 0,
        outbox=await depths(reading),
        oldest_waiting_at=await _moment(reading, OLDEST_WAITING),
        dead_letters=await _count(reading, DEAD_LETTERS),
        attachments=await _by_state(reading, ATTACHMENTS),
        due=await _by_state(reading, DUE, to_kept(now)),
        ahead=await _count(reading, AHEAD, to_kept(now)),
        last_update_at=await _moment(reading, LAST_UPDATE),
        leases=[_lease(row) for row in await reading.rows(LEASES, to_kept(now))],
        schema=schema["version_num"] if schema else "",
    )


async def overdue_since(reading: Reading, now: datetime) -> datetime | None:
    """Return since when the oldest reply that may go has not been taken by any sender."""
    urgent = int(Priority.INTERACTIVE)
    moment = to_kept(now)
    return await _moment(reading, OVERDUE, moment, urgent, urgent, moment)


async def postgres_bytes(reading: Reading) -> int:
    """Return how large a PostgreSQL database is."""
    return await _count(reading, SIZE)


async def _by_state(reading: Reading, sql: str, *values: int) -> Mapping[str, int]:
    return {row["state"]: row["count"] for row in await reading.rows(sql, *values)}


async def _count(reading: Reading, sql: str, *values: int) -> int:
    row = await reading.row(sql, *values)
    return int(row["count"]) if row else 0


async def _moment(reading: Reading, sql: str, *values: int) -> datetime | None:
    row = await reading.row(sql, *values)
    return from_kept(row["at"]) if row and row["at"] else None


def _lease(row: Row) -> HeldLease:
    return HeldLease(row["name"], row["owner"], from_kept(row["until_at"]))
