"""Who wants no questions about other people's reports, and until when."""

from __future__ import annotations

from datetime import datetime

from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Unit

REST = """
    INSERT INTO rests (reporter, until_at) VALUES ($1, $2)
    ON CONFLICT (reporter) DO UPDATE SET until_at = excluded.until_at
"""

UNTIL = "SELECT until_at FROM rests WHERE reporter = $1"

END = "DELETE FROM rests WHERE reporter = $1"


async def rest(unit: Unit, reporter: Reporter, until: datetime) -> None:
    """Ask somebody nothing about others' reports until a moment."""
    await unit.run(REST, reporter, to_kept(until))


async def until(reading: Reading, reporter: Reporter) -> datetime | None:
    """Return until when somebody rests; None where they do not."""
    row = await reading.row(UNTIL, reporter)
    return from_kept(row["until_at"]) if row else None


async def end(unit: Unit, reporter: Reporter) -> None:
    """Ask somebody again."""
    await unit.run(END, reporter)
