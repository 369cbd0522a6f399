"""Buckets that several processes share: how much somebody who is very fast has done lately.

There is a row only for whoever is, where more than one process serves the database, and it goes
within the hour. It names a contact and so holds no moment of the past: only until when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.contacts import ContactId
from storage.moments import from_kept, to_kept
from storage.store import Reading, Unit

CURRENT = "SELECT busy_until_at, closed_until_at FROM floods WHERE contact_id = $1"

KEEP = """
    INSERT INTO floods (contact_id, busy_until_at, closed_until_at) VALUES ($1, $2, $3)
    ON CONFLICT (contact_id) DO UPDATE SET
        busy_until_at = excluded.busy_until_at, closed_until_at = excluded.closed_until_at
"""

FORGET = """
    DELETE FROM floods WHERE contact_id IN (
        SELECT contact_id FROM floods WHERE busy_until_at < $1 AND closed_until_at < $1 LIMIT $2)
    RETURNING contact_id
"""


@dataclass(frozen=True, slots=True)
class Flow:
    """Until when somebody keeps the bot busy at a fair pace, and until when they are not heard."""

    busy_until: datetime
    closed_until: datetime


async def current(reading: Reading, contact_id: ContactId) -> Flow | None:
    """Return what is known of a contact; None for nearly everybody."""
    row = await reading.row(CURRENT, contact_id)
    return Flow(from_kept(row["busy_until_at"]), from_kept(row["closed_until_at"])) if row else None


async def keep(unit: Unit, contact_id: ContactId, flow: Flow) -> None:
    """Remember how fast a contact is; call `contacts.meet` before, which keeps others waiting."""
    await unit.run(KEEP, contact_id, to_kept(flow.busy_until), to_kept(flow.closed_until))


async def forget(unit: Unit, before: datetime, limit: int) -> int:
    """Forget who has been calm since a moment, at most `limit` in one unit; return how many."""
    return len(await unit.rows(FORGET, to_kept(before), limit))
