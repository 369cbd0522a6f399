"""How often somebody was written to by messages to many: what caps count beside what was asked.

A row knows the hours of the last days and nothing else: not which message it was, and no moment by
which a row of the outbox could be told to be theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from storage.campaigns import marks, padded
from storage.reporters import Reporter
from storage.store import Reading, Unit

KEEP = """
    INSERT INTO written (reporter, hours) VALUES ($1, $2)
    ON CONFLICT (reporter) DO UPDATE SET hours = excluded.hours
"""

OF = "SELECT hours FROM written WHERE reporter = $1"

OF_PAGE = f"SELECT reporter, hours FROM written WHERE reporter IN ({marks(1)})"  # noqa: S608 - ours.

REMEMBERED: Final = timedelta(days=7)
"""As long as caps look back."""

HOURS_MAX: Final = 50
"""So many are remembered of one person; no cap is as high."""


def moments_of(hours: str) -> tuple[datetime, ...]:
    """Return the hours of a row as moments, the earliest first.

    >>> [f"{at:%d %H:%M}" for at in moments_of("494213,494214")]
    ['19 05:00', '19 06:00']
    """
    return tuple(datetime.fromtimestamp(int(one) * 3600, UTC) for one in hours.split(",") if one)


def with_one_more(before: Sequence[datetime], now: datetime) -> str:
    """Return what a row says once somebody was written to at `now`; what is long ago goes.

    >>> with_one_more(moments_of("494213"), datetime(2026, 5, 20, 5, 30, tzinfo=UTC))
    '494213,494237'
    """
    lately = [at for at in before if at > now - REMEMBERED]
    return ",".join(str(int(at.timestamp()) // 3600) for at in (*lately, now)[-HOURS_MAX:])


async def keep(unit: Unit, rows: Sequence[tuple[Reporter, str]]) -> None:
    """Keep what `with_one_more` says of people; in one order, for two may do so at once."""
    await unit.run_many(KEEP, sorted(rows))


async def of(reading: Reading, reporter: Reporter) -> tuple[datetime, ...]:
    """Return the hours in which somebody was written to lately."""
    row = await reading.row(OF, reporter)
    return moments_of(row["hours"]) if row else ()


async def of_page(
    reading: Reading, reporters: Sequence[Reporter]
) -> dict[Reporter, tuple[datetime, ...]]:
    """Return the same of a page of people."""
    rows = await reading.rows(OF_PAGE, *padded(reporters))
    return {Reporter(row["reporter"]): moments_of(row["hours"]) for row in rows}
