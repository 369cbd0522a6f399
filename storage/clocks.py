"""What is known of a clock that jumped: since when work is held, and who says that it is right.

Two facts, for those who look from another process: the command line, and the next start.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.moments import to_kept
from storage.store import Reading, Unit

KEEP = """
    INSERT INTO store_facts (name, value) VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""

FORGET = "DELETE FROM store_facts WHERE name = $1"

READ = "SELECT value FROM store_facts WHERE name = $1"

HELD = "clock held"
RIGHT = "clock right"

FAR = timedelta(days=1)
"""No lease, no pause and no call for help lasts longer: what does is of a clock that was wrong."""

# What was put, put off or handed out while the clock was ahead would wait until it is that late.
SEND_NOW = """
    UPDATE outbox SET due_at = $1, leased_until_at = 0, leased_by = ''
    WHERE state = 'waiting' AND (due_at > $2 OR leased_until_at > $2)
"""

END_DUE_LEASES = """
    UPDATE due SET leased_until_at = 0, leased_by = ''
    WHERE state = 'waiting' AND leased_until_at > $1
"""

CALL_NOW = """
    UPDATE due SET due_at = $1 WHERE state = 'waiting' AND kind = 'alarm' AND due_at > $2
"""

END_RIGHTS = "DELETE FROM leases WHERE until_at > $1"


@dataclass(frozen=True, slots=True)
class HeldClock:
    """Since when, by the clock that jumped, work is held, and by how much it jumped."""

    since: datetime
    by: timedelta


async def hold(unit: Unit, held: HeldClock) -> None:
    """Keep that work is held; what was said about an earlier jump says nothing about this one."""
    said = {"since": held.since.isoformat(), "by": held.by.total_seconds()}
    await unit.run(KEEP, HELD, json.dumps(said))
    await unit.run(FORGET, RIGHT)


async def let_go(unit: Unit) -> None:
    """Keep that nothing is held any more."""
    await unit.run(FORGET, HELD)
    await unit.run(FORGET, RIGHT)


async def held(reading: Reading) -> HeldClock | None:
    """Return what holds work, None for nothing."""
    row = await reading.row(READ, HELD)
    if row is None:
        return None
    said = json.loads(row["value"])
    return HeldClock(datetime.fromisoformat(said["since"]), timedelta(seconds=said["by"]))


async def confirm(unit: Unit, now: datetime) -> None:
    """Keep that somebody says the clock is right, which shows `now`."""
    await unit.run(KEEP, RIGHT, now.isoformat())


async def confirmed_at(reading: Reading) -> datetime | None:
    """Return what the clock showed when somebody said that it is right; None where nobody did."""
    row = await reading.row(READ, RIGHT)
    return datetime.fromisoformat(row["value"]) if row else None


async def mend(unit: Unit, now: datetime) -> None:
    """Let nothing wait for a day that a wrong clock has shown: replies, calls for help, leases."""
    moment, far = to_kept(now), to_kept(now + FAR)
    await unit.run(SEND_NOW, moment, far)
    await unit.run(END_DUE_LEASES, far)
    await unit.run(CALL_NOW, moment, far)
    await unit.run(END_RIGHTS, far)
