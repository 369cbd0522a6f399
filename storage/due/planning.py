"""What shall come back: planned, moved, cancelled, and planned again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storage.due.rows import Planned, values_of
from storage.moments import to_kept
from storage.reporters import Reporter
from storage.store import Unit

PLAN = """
    INSERT INTO due (programme, reporter, kind, name, subject, number, due_at, zone, wall, dedupe,
                     state, reason, body, leased_until_at, leased_by, attempts, settled_at, root,
                     asked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', '', $11, 0, '', 0, 0, $12, 0)
    ON CONFLICT (dedupe) DO NOTHING
"""

# What waits is moved, what a change of the report took away comes back; all else stays as it is.
REPLAN = PLAN.replace(
    "DO NOTHING",
    """DO UPDATE SET
        due_at = excluded.due_at, zone = excluded.zone, wall = excluded.wall, body = excluded.body,
        state = 'waiting', reason = '', leased_until_at = 0, leased_by = '', settled_at = 0
    WHERE due.state = 'waiting' OR (due.state = 'cancelled' AND due.reason = 'changed')""",
)

MOVE = """
    UPDATE due SET due_at = $2, zone = $3, wall = $4, leased_until_at = 0, leased_by = ''
    WHERE dedupe = $1 AND state = 'waiting'
    RETURNING id
"""

FORGET_ABOUT = "DELETE FROM due WHERE subject = $1 AND kind = $2 AND state = 'waiting'"

REVIVE = """
    UPDATE due SET state = 'waiting', reason = '', settled_at = 0
    WHERE root = $1 AND state = 'cancelled' AND reason = $2 AND asked_at = 0 AND due_at > $3
    RETURNING id
"""

CANCEL = """
    UPDATE due SET state = 'cancelled', reason = $2, settled_at = $3, leased_until_at = 0,
                   leased_by = ''
    WHERE id = $1 AND state = 'waiting'
"""

CANCEL_UNDER = CANCEL.replace("WHERE id = $1", "WHERE dedupe = $1")

CANCEL_SUBJECT = """
    UPDATE due SET state = 'cancelled', reason = $3, settled_at = $4, leased_until_at = 0,
                   leased_by = ''
    WHERE subject = $1 AND state = 'waiting' AND ($2 = '' OR kind = $2)
    RETURNING id
"""

CANCEL_REPORTER = """
    UPDATE due SET state = 'cancelled', reason = $3, settled_at = $4, leased_until_at = 0,
                   leased_by = ''
    WHERE reporter = $1 AND state = 'waiting' AND ($2 = '' OR kind = $2)
    RETURNING id
"""

CANCEL_ROOT = """
    UPDATE due SET state = 'cancelled', reason = $2, settled_at = $3, leased_until_at = 0,
                   leased_by = ''
    WHERE root = $1 AND state IN ('waiting', 'asked')
      AND kind IN ('followup', 'reminder', 'closing')
    RETURNING id
"""


async def plan(unit: Unit, many: Sequence[Planned]) -> None:
    """Plan things; one whose dedupe key is known stays as it is."""
    await unit.run_many(PLAN, [values_of(one) for one in many])


async def replan(unit: Unit, many: Sequence[Planned]) -> None:
    """Plan things, or move what waits under their dedupe keys to when they are due now."""
    await unit.run_many(REPLAN, [values_of(one) for one in many])


async def move(unit: Unit, dedupe: str, due_at: datetime, zone: str, wall: str) -> bool:
    """Move what waits under a dedupe key; False where nothing waits under it."""
    return await unit.row(MOVE, dedupe, to_kept(due_at), zone, wall) is not None


async def forget_about(unit: Unit, subject: str, kind: str) -> None:
    """Forget what waits about a subject, where nobody need know that it was planned."""
    await unit.run(FORGET_ABOUT, subject, kind)


async def revive(unit: Unit, root: str, reason: str, after: datetime) -> int:
    """Plan what of a chain was cancelled for a reason and was due later; return how many."""
    return len(await unit.rows(REVIVE, root, reason, to_kept(after)))


async def cancel(unit: Unit, due_id: int, now: datetime, reason: str) -> None:
    """Cancel a row, whoever holds it."""
    await unit.run(CANCEL, due_id, reason, to_kept(now))


async def cancel_under(unit: Unit, dedupe: str, now: datetime, reason: str) -> None:
    """Cancel what waits under a dedupe key, whoever holds it; nothing where it does not wait."""
    await unit.run(CANCEL_UNDER, dedupe, reason, to_kept(now))


async def cancel_about(unit: Unit, subject: str, now: datetime, reason: str, kind: str = "") -> int:
    """Cancel what waits about a subject, of one kind or of all; return how many."""
    return len(await unit.rows(CANCEL_SUBJECT, subject, kind, reason, to_kept(now)))


async def cancel_for(
    unit: Unit, reporter: Reporter, now: datetime, reason: str, kind: str = ""
) -> int:
    """Cancel what waits for a reporter, of one kind or of all; return how many."""
    return len(await unit.rows(CANCEL_REPORTER, reporter, kind, reason, to_kept(now)))


async def cancel_chain(unit: Unit, root: str, now: datetime, reason: str) -> int:
    """Cancel all that waits or is asked in a chain of follow-ups; return how many."""
    return len(await unit.rows(CANCEL_ROOT, root, reason, to_kept(now)))
