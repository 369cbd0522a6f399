"""When the bot was last alive: one fact that is written again and again.

After a start it tells how long nobody was answered.
"""

from __future__ import annotations

from datetime import datetime

from storage.store import Reading, Unit

BEAT = """
    INSERT INTO store_facts (name, value) VALUES ('heartbeat', $1)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""

LAST = "SELECT value FROM store_facts WHERE name = 'heartbeat'"


async def beat(unit: Unit, now: datetime) -> None:
    """Keep that the bot is alive; `now` is aware."""
    await unit.run(BEAT, now.isoformat())


async def last_beat(reading: Reading) -> datetime | None:
    """Return when the bot was last alive, None where it never was."""
    row = await reading.row(LAST)
    return datetime.fromisoformat(row["value"]) if row else None
