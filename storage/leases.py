"""Leases: a right that one process at a time holds, for seconds, and renews while it uses it.

A process that dies renews nothing, so another takes the right over when the lease is out; nobody
has to notice the death. Processes compare the moment with their own clocks: on several machines
these must agree to within a second or two, as they do with any time service.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from storage.moments import from_kept, to_kept
from storage.store import Reading, Unit

BULK: Final = "bulk"
"""The right to send what is no reply; one database serves one bot, so there is one."""

CHORES: Final = "chores"
"""The right to do what is done once for all: chores that come round, and the introduction."""

COMPLAINT: Final = "complaint"
"""Held by the row of the outbox that Telegram last put off: a second one meanwhile is no accident.
"""

SILENCE: Final = "silence"
"""Not a right but its opposite: while it lasts, nobody sends anything. Telegram asked for it."""

# Under READ COMMITTED two that take it at once meet at the row, and the second looks again.
TAKE = """
    INSERT INTO leases (name, owner, until_at) VALUES ($1, $2, $3)
    ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until_at = excluded.until_at
    WHERE leases.owner = excluded.owner OR leases.until_at <= $4
    RETURNING name
"""

EXTEND = """
    INSERT INTO leases (name, owner, until_at) VALUES ($1, '', $2)
    ON CONFLICT (name) DO UPDATE SET until_at = excluded.until_at
    WHERE leases.until_at < excluded.until_at
"""

GIVE_BACK = "DELETE FROM leases WHERE owner = $1"

END_ALL = "DELETE FROM leases WHERE name <> $1"

WORKED_BY = "SELECT name FROM leases WHERE name IN ($1, $2) AND until_at > $3 LIMIT 1"

STANDING = "SELECT owner, until_at FROM leases WHERE name = $1 AND until_at > $2"


async def take(unit: Unit, name: str, owner: str, now: datetime, seconds: float) -> bool:
    """Take a lease, or renew one's own; return False while another process holds it."""
    until = to_kept(now + timedelta(seconds=seconds))
    return await unit.row(TAKE, name, owner, until, to_kept(now)) is not None


async def give_back(unit: Unit, owner: str) -> None:
    """End all leases of a process, so that others need not wait for them to run out."""
    await unit.run(GIVE_BACK, owner)


async def end_all(unit: Unit) -> None:
    """End all rights: for a process that begins where no other may be (`Store.alone`)."""
    await unit.run(END_ALL, SILENCE)


async def holder(reading: Reading, name: str, now: datetime) -> str | None:
    """Return who holds a lease, or None."""
    row = await reading.row(STANDING, name, to_kept(now))
    return row["owner"] if row else None


async def are_held(reading: Reading, now: datetime) -> bool:
    """Tell whether anybody holds a right to work, as a bot that runs always does."""
    return await reading.row(WORKED_BY, BULK, CHORES, to_kept(now)) is not None


async def keep_silent(unit: Unit, until: datetime) -> None:
    """Let no process send before a moment; a silence that lasts longer stands."""
    await unit.run(EXTEND, SILENCE, to_kept(until))


async def silent_until(reading: Reading, now: datetime) -> datetime | None:
    """Return until when nobody may send; None when everybody may."""
    row = await reading.row(STANDING, SILENCE, to_kept(now))
    return from_kept(row["until_at"]) if row else None
