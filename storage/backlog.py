"""What waits in the outbox and why, counted: for whoever looks after the bot. Nobody is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.moments import from_kept, to_kept
from storage.outbox import LIMITED, Priority
from storage.store import Reading, Row, Unit

BACKLOG = """
    SELECT state, priority, reason, count(*) AS messages, min(put_at) AS oldest_at,
        sum(CASE WHEN leased_until_at > $1 THEN 1 ELSE 0 END) AS under_way,
        sum(CASE WHEN due_at > $1 THEN 1 ELSE 0 END) AS put_off,
        min(CASE WHEN due_at > $1 THEN due_at END) AS next_at
    FROM outbox GROUP BY state, priority, reason
    ORDER BY state DESC, priority, count(*) DESC, reason LIMIT $2
"""

# What waits for its chat's pace has no reason, and what Telegram limited would only be refused.
HURRY_ON = f"""
    UPDATE outbox SET due_at = $1
    WHERE state = 'waiting' AND due_at > $1 AND leased_until_at <= $1
      AND reason <> '' AND reason NOT LIKE '%{LIMITED}'
    RETURNING id
"""  # noqa: S608 - put together from our own words.


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages alike: `state` is `waiting` or `given up`; `oldest_at` is a minute, or a day.

    Of those that wait, `under_way` are being sent and `put_off` wait for their moment, the first
    until `next_at`.
    """

    state: str
    priority: Priority
    reason: str
    messages: int
    oldest_at: datetime
    under_way: int
    put_off: int
    next_at: datetime | None


async def backlog(reading: Reading, now: datetime, limit: int = 100) -> Sequence[Waiting]:
    """Count what waits and what was given up, by urgency and reason; at most `limit` groups."""
    return [_waiting(row) for row in await reading.rows(BACKLOG, to_kept(now), limit)]


async def hurry_on(unit: Unit, now: datetime) -> int:
    """Let what was put off after a failure be tried at once; return how many chats that frees."""
    return len(await unit.rows(HURRY_ON, to_kept(now)))


def _waiting(row: Row) -> Waiting:
    return Waiting(
        row["state"],
        Priority(row["priority"]),
        row["reason"],
        row["messages"],
        from_kept(row["oldest_at"]),
        row["under_way"],
        row["put_off"],
        None if row["next_at"] is None else from_kept(row["next_at"]),
    )
