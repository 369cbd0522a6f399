"""The outbox: what is to be said to whom, kept with what made it necessary, sent afterwards.

Rules. A chat hears everything in the order it was put (only the head of its queue is ever
handed out). Between chats interactive replies go before follow-ups before campaigns, and what
stands in front of an interactive reply in its chat goes as fast as the reply. A row handed out
carries a lease; when the lease runs out (the sender died) it comes back. A row that was sent is
gone at once, so no answer stays behind here; of one given up only the reason stays.

A row names the contact, not the chat, and its parameters never hold a chat id: the sender adds
it. A slot must not name a session either, for slots outlive it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from storage.contacts import ContactId
from storage.moments import from_kept, to_kept
from storage.store import Reading, Row, Unit

PUT = """
    INSERT INTO outbox
        (contact_id, method, params, slot, priority, state, due_at, leased_until_at, attempts,
         reason)
    VALUES ($1, $2, $3, $4, $5, 'waiting', $6, 0, 0, '')
"""

# What stands before an interactive reply in its chat would hold it up, so it becomes as urgent.
# The plus keeps SQLite from going through all replies where it should go through one chat's.
HURRY = """
    UPDATE outbox SET priority = 0
    WHERE state = 'waiting' AND priority > 0
      AND contact_id IN (SELECT contact_id FROM outbox WHERE state = 'waiting' AND priority = 0)
      AND id < (SELECT max(reply.id) FROM outbox AS reply
                WHERE reply.contact_id = outbox.contact_id
                  AND reply.state = 'waiting' AND +reply.priority = 0)
"""

CLAIM = """
    UPDATE outbox SET leased_until_at = $2, attempts = attempts + 1
    WHERE id IN (
        SELECT head.id FROM outbox AS head JOIN contacts ON contacts.id = head.contact_id
        WHERE head.state = 'waiting' AND head.due_at <= $1 AND head.leased_until_at <= $1
          AND head.priority <= $4 AND contacts.state = 'active'
          AND NOT EXISTS (
              SELECT 1 FROM outbox AS earlier
              WHERE earlier.contact_id = head.contact_id AND earlier.id < head.id
                AND earlier.state = 'waiting')
        ORDER BY head.priority, head.id LIMIT $3
        /* PostgreSQL: FOR UPDATE OF head SKIP LOCKED */)
    RETURNING id, contact_id, method, params, slot, priority, attempts, reason,
        (SELECT chat_id FROM contacts WHERE contacts.id = outbox.contact_id) AS chat_id,
        (SELECT message_id FROM slots
         WHERE slots.contact_id = outbox.contact_id AND slots.slot = outbox.slot) AS message_id
"""

REMEMBER_SLOT = """
    INSERT INTO slots (contact_id, slot, message_id)
    SELECT contact_id, slot, $2 FROM outbox WHERE id = $1 AND slot <> ''
    ON CONFLICT (contact_id, slot) DO UPDATE SET message_id = excluded.message_id
"""

SENT = "DELETE FROM outbox WHERE id = $1"

RELEASE = "UPDATE outbox SET leased_until_at = 0 WHERE leased_until_at > 0"

PUT_OFF = """
    UPDATE outbox SET due_at = $2, leased_until_at = 0, reason = $3
    WHERE id = $1 AND state = 'waiting'
"""

GIVE_UP = """
    UPDATE outbox SET state = 'given up', params = '{}', slot = '', due_at = 0,
                      leased_until_at = 0, reason = $2
    WHERE id = $1
"""

MESSAGE_IN = "SELECT message_id FROM slots WHERE contact_id = $1 AND slot = $2"

# The next moment at which `CLAIM` may find something: when what waits is due and free.
NEXT = """
    SELECT min(CASE WHEN due_at > leased_until_at THEN due_at ELSE leased_until_at END) AS at
    FROM outbox WHERE state = 'waiting'
"""

DEPTHS = "SELECT state, priority, count(*) AS count FROM outbox GROUP BY state, priority"


class Priority(IntEnum):
    """Who goes first, between chats."""

    INTERACTIVE = 0
    FOLLOW_UP = 1
    CAMPAIGN = 2


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make: a Bot API method, its parameters without the chat, and its slot."""

    method: str
    params: Mapping[str, Any]
    slot: str = ""
    priority: Priority = Priority.INTERACTIVE


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A call handed out for sending.

    `message_id` is the newest message in the row's slot, for calls that change it. `attempts`
    counts this one: 1 the first time. `reason` is why it was put off before, blank if it was not.
    """

    id: int
    contact_id: ContactId
    chat_id: int
    method: str
    params: dict[str, Any]
    slot: str
    priority: Priority
    attempts: int
    reason: str
    message_id: int | None


async def put(unit: Unit, contact_id: ContactId, calls: Sequence[Call], now: datetime) -> None:
    """Put calls into a contact's queue, in order, to be made at once.

    Only the minute is kept: an exact moment, found again in a session, would tell whose it is.
    """
    due_at = to_kept(now.replace(second=0, microsecond=0))
    many = [
        (contact_id, call.method, _written(call.params), call.slot, int(call.priority), due_at)
        for call in calls
    ]
    if many:
        await unit.run_many(PUT, many)


async def claim(
    unit: Unit,
    now: datetime,
    limit: int,
    lease_seconds: float,
    lowest: Priority = Priority.CAMPAIGN,
) -> list[OutboxRow]:
    """Hand out at most `limit` heads of queues, the most urgent first, each under a lease.

    Nothing less urgent than `lowest` is handed out (a sender whose bulk allowance is used up
    asks for interactive replies only).
    """
    await unit.run(HURRY)
    leased_until = now + timedelta(seconds=lease_seconds)
    rows = await unit.rows(CLAIM, to_kept(now), to_kept(leased_until), limit, int(lowest))
    return sorted((_outbox_row(row) for row in rows), key=lambda row: (row.priority, row.id))


async def sent(unit: Unit, row_id: int, message_id: int | None) -> None:
    """Take a row out that was sent; its slot, if any, now shows `message_id`."""
    if message_id is not None:
        await unit.run(REMEMBER_SLOT, row_id, message_id)
    await unit.run(SENT, row_id)


async def put_off(unit: Unit, row_id: int, until: datetime, reason: str) -> None:
    """Leave a row, and all behind it in its chat, until a moment; the lease ends."""
    await unit.run(PUT_OFF, row_id, to_kept(until), reason)


async def give_up(unit: Unit, row_id: int, reason: str) -> None:
    """Stop trying to send a row; its text is cleared, the next in its chat may go."""
    await unit.run(GIVE_UP, row_id, reason)


async def release(unit: Unit) -> None:
    """End all leases: for a process that begins and knows that no other sends from this outbox."""
    await unit.run(RELEASE)


async def message_in(reading: Reading, contact_id: ContactId, slot: str) -> int | None:
    """Return the id of the newest message in a contact's slot, or None."""
    row = await reading.row(MESSAGE_IN, contact_id, slot)
    return row["message_id"] if row else None


async def next_at(reading: Reading) -> datetime | None:
    """Return the earliest moment at which `claim` may find something; None while nothing waits."""
    row = await reading.row(NEXT)
    return from_kept(row["at"]) if row and row["at"] is not None else None


async def depths(reading: Reading) -> dict[tuple[str, Priority], int]:
    """Count the rows by state (`waiting`, `given up`) and priority."""
    rows = await reading.rows(DEPTHS)
    return {(row["state"], Priority(row["priority"])): row["count"] for row in rows}


def _written(params: Mapping[str, Any]) -> str:
    return json.dumps(params, ensure_ascii=False, separators=(",", ":"))


def _outbox_row(row: Row) -> OutboxRow:
    return OutboxRow(
        id=row["id"],
        contact_id=row["contact_id"],
        chat_id=row["chat_id"],
        method=row["method"],
        params=json.loads(row["params"]),
        slot=row["slot"],
        priority=Priority(row["priority"]),
        attempts=row["attempts"],
        reason=row["reason"],
        message_id=row["message_id"],
    )
