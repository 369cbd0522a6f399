"""What is due: handed out under a lease, asked, and what became of it.

A lease is short and in its owner's name; whoever lost it has no say in the row any more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from storage.due.rows import COLUMNS, Due, DueState, due_of
from storage.moments import to_kept
from storage.store import Unit

CLAIM = f"""
    UPDATE due SET leased_until_at = $3, leased_by = $4, attempts = attempts + 1
    WHERE id IN (
        SELECT id FROM due
        WHERE state = 'waiting' AND due_at <= $1 AND leased_until_at <= $2
        ORDER BY due_at, id LIMIT $5
        /* PostgreSQL: FOR UPDATE SKIP LOCKED */)
      AND leased_until_at <= $2
    RETURNING {COLUMNS}
"""  # noqa: S608 - put together from our own words.

CLAIM_KIND = CLAIM.replace("WHERE state = 'waiting'", "WHERE state = 'waiting' AND kind = $6")

HOLD = """
    UPDATE due SET leased_until_at = $3, leased_by = $2, attempts = attempts + 1
    WHERE id = $1 AND state = 'waiting' AND (leased_until_at <= $4 OR leased_by = $2)
    RETURNING id
"""

# Whoever lost the lease has no say.
SETTLE = """
    UPDATE due SET state = $3, reason = $4, settled_at = $5, leased_until_at = 0, leased_by = '',
                   asked_at = CASE WHEN $3 = 'asked' THEN $5 ELSE asked_at END
    WHERE id = $1 AND leased_by = $2 AND state = 'waiting'
    RETURNING id
"""

PUT_OFF = """
    UPDATE due SET due_at = $3, reason = $4, leased_until_at = 0, leased_by = ''
    WHERE id = $1 AND leased_by = $2 AND state = 'waiting'
    RETURNING id
"""

WAIT_AGAIN = """
    UPDATE due SET state = 'waiting', due_at = $2, reason = $3, settled_at = 0,
                   leased_until_at = 0, leased_by = ''
    WHERE id = $1 AND state = 'asked'
"""

# Caps count how often somebody was written to, also where they put it off and it is asked again.
REMEMBER_ASKED = """
    INSERT INTO due (programme, reporter, kind, name, subject, number, due_at, zone, wall, dedupe,
                     state, reason, body, leased_until_at, leased_by, attempts, settled_at, root,
                     asked_at)
    SELECT programme, reporter, 'postponed', name, '', number, due_at, zone, '',
           dedupe || ':' || asked_at, 'done', $2, '{}', 0, '', 0, asked_at, '', asked_at
    FROM due WHERE id = $1 AND state = 'asked' AND asked_at > 0
    ON CONFLICT (dedupe) DO NOTHING
"""

NOTE = "UPDATE due SET body = $2 WHERE id = $1"

BECOME = "UPDATE due SET state = $2, reason = $3, settled_at = $4 WHERE id = $1"

BECOME_ASKED = """
    UPDATE due SET state = $2, reason = $3, settled_at = $4 WHERE dedupe = $1 AND state = 'asked'
"""

FORGET_SETTLED = """
    DELETE FROM due WHERE id IN (
        SELECT id FROM due WHERE state <> 'waiting' AND settled_at < $1 LIMIT $2)
    RETURNING id
"""


async def claim(  # noqa: PLR0913, PLR0917 - who takes how much of what, and for how long.
    unit: Unit, owner: str, now: datetime, seconds: float, at_most: int, kind: str = ""
) -> tuple[Due, ...]:
    """Hand out what is due, the longest due first, leased to `owner` for so many seconds.

    Only of one kind, where one is named.
    """
    until = to_kept(now + timedelta(seconds=seconds))
    what = (to_kept(now), to_kept(now), until, owner, at_most)
    rows = await (unit.rows(CLAIM_KIND, *what, kind) if kind else unit.rows(CLAIM, *what))
    return tuple(sorted(map(due_of, rows), key=lambda due: (due.planned.due_at, due.id)))


async def hold(unit: Unit, due_id: int, owner: str, now: datetime, until: datetime) -> bool:
    """Hold a row that `of_person` listed, within the same unit; False where another was quicker."""
    held = await unit.row(HOLD, due_id, owner, to_kept(until), to_kept(now))
    return held is not None


async def settle(  # noqa: PLR0913, PLR0917 - which, whose, what became of it, when and why.
    unit: Unit, due_id: int, owner: str, state: DueState, now: datetime, reason: str = ""
) -> bool:
    """Say what became of a row one holds; False where the lease was lost."""
    return await unit.row(SETTLE, due_id, owner, state, reason, to_kept(now)) is not None


async def put_off(unit: Unit, due_id: int, owner: str, until: datetime, reason: str) -> bool:
    """Let a row one holds wait until a moment; False where the lease was lost."""
    return await unit.row(PUT_OFF, due_id, owner, to_kept(until), reason) is not None


async def wait_again(unit: Unit, due_id: int, until: datetime, reason: str) -> None:
    """Let what was asked, and not answered, be asked again at a later moment."""
    await unit.run(REMEMBER_ASKED, due_id, reason)
    await unit.run(WAIT_AGAIN, due_id, to_kept(until), reason)


async def note(unit: Unit, due_id: int, body: Mapping[str, Any]) -> None:
    """Keep more about a row, such as the language in which it was asked."""
    await unit.run(NOTE, due_id, json.dumps(body))


async def become(unit: Unit, due_id: int, state: DueState, now: datetime, reason: str = "") -> None:
    """Say what became of a row that was asked, such as `answered`."""
    await unit.run(BECOME, due_id, state, reason, to_kept(now))


async def become_asked(
    unit: Unit, dedupe: str, state: DueState, now: datetime, reason: str = ""
) -> None:
    """Say what became of what was asked under a dedupe key; nothing where it is not asked."""
    await unit.run(BECOME_ASKED, dedupe, state, reason, to_kept(now))


async def forget_settled(unit: Unit, before: datetime, at_most: int) -> int:
    """Forget what was settled before a moment; return how many rows."""
    return len(await unit.rows(FORGET_SETTLED, to_kept(before), at_most))
