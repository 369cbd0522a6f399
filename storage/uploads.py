"""Uploads: how many bytes of files were taken of each reporter on each day.

Counted when a file is taken, not when it is here, and not given back when the person replaces it:
it has been fetched by then.
"""

from __future__ import annotations

from datetime import date, datetime

from storage.reporters import Reporter
from storage.store import Reading, Unit

OF_DAY = "SELECT size_bytes FROM uploads WHERE reporter = $1 AND day = $2"

COUNT = """
    INSERT INTO uploads (reporter, day, size_bytes) VALUES ($1, $2, $3)
    ON CONFLICT (reporter, day) DO UPDATE SET
        size_bytes = uploads.size_bytes + excluded.size_bytes
"""

FORGET = """
    DELETE FROM uploads WHERE (reporter, day) IN (
        SELECT reporter, day FROM uploads WHERE day < $1 LIMIT $2)
    RETURNING reporter
"""


async def of_day(reading: Reading, reporter: Reporter, day: date) -> int:
    """Return how many bytes were taken of a reporter on a day of their programme's zone."""
    row = await reading.row(OF_DAY, reporter, day.isoformat())
    return int(row["size_bytes"]) if row else 0


async def count(unit: Unit, reporter: Reporter, day: date, size_bytes: int) -> None:
    """Count a file that is taken."""
    await unit.run(COUNT, reporter, day.isoformat(), size_bytes)


async def forget(unit: Unit, before: datetime, limit: int) -> int:
    """Forget the days before a moment's, at most `limit` in one unit; return how many."""
    return len(await unit.rows(FORGET, before.date().isoformat(), limit))
