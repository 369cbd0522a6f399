"""Desks: where each coordinator stands with a form they are writing, and workbooks to be checked.

One desk a contact and programme, in the world of contacts. It holds one line of JSON for the
conversation (`conversations.authoring.desk`), the workbook that lies on it, and the XForm that
came of it. A workbook that waits to be checked is a row with a `source`; whoever checks holds a
lease, and when that runs out the check begins anew. A newer workbook takes the place of an older.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.authoring.desk import Desk
from storage.contacts import ContactId
from storage.moments import to_kept
from storage.store import Reading, Row, Unit

CURRENT = "SELECT body FROM desks WHERE programme = $1 AND contact_id = $2"

KEEP = """
    INSERT INTO desks (programme, contact_id, body, upload, source, file_name, content, xform,
                       due_at, attempts)
    VALUES ($1, $2, $3, '', '', '', NULL, NULL, 0, 0)
    ON CONFLICT (programme, contact_id) DO UPDATE SET body = excluded.body
"""

EXPECT = """
    UPDATE desks SET upload = $3, source = $4, file_name = $5, content = NULL, xform = NULL,
                     due_at = $6, attempts = 0
    WHERE programme = $1 AND contact_id = $2
"""

CLAIM = """
    UPDATE desks SET due_at = $3, attempts = attempts + 1
    WHERE (programme, contact_id) IN (
        SELECT programme, contact_id FROM desks
        WHERE programme = $1 AND source <> '' AND due_at <= $2
        ORDER BY due_at, contact_id LIMIT $4
        /* PostgreSQL: FOR UPDATE SKIP LOCKED */)
    RETURNING contact_id, upload, source, file_name, attempts
"""

ANY_WAITING = """
    SELECT 1 AS found FROM desks WHERE programme = $1 AND source <> '' AND due_at <= $2 LIMIT 1
"""

# Nothing is noted about a workbook whose place another one has taken meanwhile.
CHECKED = """
    UPDATE desks SET source = '', content = $4, xform = $5
    WHERE programme = $1 AND contact_id = $2 AND upload = $3 AND source <> ''
    RETURNING upload
"""

PUT_OFF = """
    UPDATE desks SET due_at = $4 WHERE programme = $1 AND contact_id = $2 AND upload = $3
"""

ON_IT = """
    SELECT upload, file_name, content, xform FROM desks WHERE programme = $1 AND contact_id = $2
"""

CLEAR = "DELETE FROM desks WHERE programme = $1 AND contact_id = $2"

# Whoever may not come back to a desk leaves nothing on it.
CLEAR_ABANDONED = """
    DELETE FROM desks WHERE programme = $1 AND NOT EXISTS (
        SELECT 1 FROM roles
        WHERE roles.programme = desks.programme AND roles.contact_id = desks.contact_id)
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A workbook to be fetched and checked; `attempts` counts this one."""

    contact_id: ContactId
    upload: str
    source: str
    file_name: str
    attempts: int


@dataclass(frozen=True, slots=True)
class OnDesk:
    """What lies on a desk: a workbook that was checked, and the XForm that came of it."""

    upload: str
    file_name: str
    content: bytes
    xform: str


async def current(reading: Reading, programme: str, contact_id: ContactId) -> Desk | None:
    """Return a contact's desk, or None."""
    row = await reading.row(CURRENT, programme, contact_id)
    return Desk.from_json(row["body"]) if row else None


async def keep(unit: Unit, programme: str, contact_id: ContactId, desk: Desk) -> None:
    """Keep where a coordinator stands; what lies on the desk stays there."""
    await unit.run(KEEP, programme, contact_id, desk.to_json())


async def expect(  # noqa: PLR0913, PLR0917 - one parameter a column.
    unit: Unit,
    programme: str,
    contact_id: ContactId,
    upload: str,
    source: str,
    file_name: str,
    now: datetime,
) -> None:
    """Note that a workbook is to be fetched and checked; the desk must be kept before.

    Only the minute is kept, as in the outbox.
    """
    due_at = to_kept(now.replace(second=0, microsecond=0))
    await unit.run(EXPECT, programme, contact_id, upload, source, file_name, due_at)


async def any_waiting(reading: Reading, programme: str, now: datetime) -> bool:
    """Tell whether `claim` would find something; asking costs no commit."""
    return await reading.row(ANY_WAITING, programme, to_kept(now)) is not None


async def claim(
    unit: Unit, programme: str, now: datetime, limit: int, lease_seconds: float
) -> Sequence[Waiting]:
    """Hand out at most `limit` workbooks that wait, each under a lease."""
    leased_until = to_kept(now + timedelta(seconds=lease_seconds))
    rows = await unit.rows(CLAIM, programme, to_kept(now), leased_until, limit)
    return [_waiting(row) for row in rows]


async def checked(
    unit: Unit, programme: str, waiting: Waiting, content: bytes | None, xform: str | None
) -> bool:
    """Lay a checked workbook on its desk; False when it is not awaited there any more.

    Both are None where nothing useful came of the check.
    """
    values = (programme, waiting.contact_id, waiting.upload, content, xform)
    return await unit.row(CHECKED, *values) is not None


async def put_off(unit: Unit, programme: str, waiting: Waiting, until: datetime) -> None:
    """Try a workbook again at a moment."""
    await unit.run(PUT_OFF, programme, waiting.contact_id, waiting.upload, to_kept(until))


async def on_it(reading: Reading, programme: str, contact_id: ContactId) -> OnDesk | None:
    """Return what lies on a desk, if it could be used."""
    row = await reading.row(ON_IT, programme, contact_id)
    if row is None or row["xform"] is None or row["content"] is None:
        return None
    return OnDesk(row["upload"], row["file_name"], bytes(row["content"]), row["xform"])


async def clear(unit: Unit, programme: str, contact_id: ContactId) -> None:
    """Throw away what lies on a desk, and the desk."""
    await unit.run(CLEAR, programme, contact_id)


async def clear_abandoned(unit: Unit, programme: str) -> None:
    """Throw away the desks of contacts who hold no role any more."""
    await unit.run(CLEAR_ABANDONED, programme)


def _waiting(row: Row) -> Waiting:
    return Waiting(
        row["contact_id"], row["upload"], row["source"], row["file_name"], row["attempts"]
    )
