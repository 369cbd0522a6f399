"""What people want to hear unasked, by topic: news until they say no, results once they say yes."""

from __future__ import annotations

from collections.abc import Mapping

from storage.reporters import Reporter
from storage.store import Reading, Unit

KEEP = """
    INSERT INTO subscriptions (reporter, topic, programme, area, wanted)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (reporter, topic) DO UPDATE SET area = excluded.area, wanted = excluded.wanted
"""

OF = "SELECT topic, area, wanted FROM subscriptions WHERE reporter = $1"

ANY = "SELECT 1 AS found FROM subscriptions WHERE programme = $1 AND topic = $2 AND wanted LIMIT 1"


async def keep(
    unit: Unit, reporter: Reporter, programme: str, topic: str, area: str | None
) -> None:
    """Keep that somebody wants to hear of a topic, for an area (blank: all); None for no."""
    await unit.run(KEEP, reporter, topic, programme, area or "", area is not None)


async def of(reading: Reading, reporter: Reporter) -> Mapping[str, str | None]:
    """Return what somebody said about topics: the area where yes, None where no."""
    rows = await reading.rows(OF, reporter)
    return {row["topic"]: row["area"] if row["wanted"] else None for row in rows}


async def any_for(reading: Reading, programme: str, topic: str) -> bool:
    """Tell whether anybody wants to hear of a topic that must be asked for."""
    return await reading.row(ANY, programme, topic) is not None
