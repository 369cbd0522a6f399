"""When the bot was last alive: one fact that is written again and again.

After a start it tells how long nobody was answered.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from storage.store import Reading, Unit

AWAY_SECONDS: Final = 120.0
"""A bot that runs notes that it is alive four times as often."""

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


def is_away(beat_at: datetime | None, *, holds_rights: bool, now: datetime) -> bool:
    """Tell whether the bot does not run; whoever stops in good order gives back its rights."""
    silent = beat_at is None or now - beat_at > timedelta(seconds=AWAY_SECONDS)
    return silent or not holds_rights
