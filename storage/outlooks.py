"""What is planned by day, and what was asked lately: read beside the turns, never in a unit."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from conversations.courtesy import zone_of
from conversations.followups.outlook import DAYS_AHEAD, DAYS_BACK, WEEKS_AHEAD, Ask, Coming, Outlook
from storage import due
from storage.moments import from_kept, to_kept
from storage.store import Reading

HOURLY = """
    SELECT due_at / 900000000 AS quarter, count(*) AS count FROM due
    WHERE programme = $1 AND state = 'waiting' AND due_at < $2
      AND kind IN ('followup', 'reminder', 'deadline')
    GROUP BY due_at / 900000000
"""

ASKED = """
    SELECT id, name, state, zone, asked_at, body FROM due
    WHERE programme = $1 AND kind = 'followup' AND asked_at > $2
    ORDER BY asked_at DESC LIMIT $3
"""

REMINDED = """
    SELECT subject, count(*) AS count FROM due
    WHERE programme = $1 AND kind = 'reminder' AND asked_at > $2 GROUP BY subject
"""

DROPPED = """
    SELECT reason, count(*) AS count FROM due
    WHERE programme = $1 AND kind = 'followup' AND state = 'dropped' AND settled_at > $2
    GROUP BY reason
"""

ASKED_MAX: Final = 20_000
"""Questions that are looked at for rates, the newest ones."""
SHOWN: Final = frozenset({"followup", "deadline"})
QUARTER_MICROSECONDS: Final = 900_000_000


async def outlook(reading: Reading, programme: str, zone: ZoneInfo, now: datetime) -> Outlook:
    """Read what is planned, and how people answered; days are those of a zone."""
    until = now + timedelta(days=DAYS_AHEAD)
    ahead = await due.ahead(reading, programme, until)
    rows = tuple(
        Coming(one.name, one.count, one.first_at.astimezone(zone).date())
        for one in ahead
        if one.kind in SHOWN
    )
    since = now - timedelta(days=DAYS_BACK)
    asks = await _asks(reading, programme, zone, since)
    lost = await reading.rows(DROPPED, programme, to_kept(since))
    far = now + timedelta(weeks=WEEKS_AHEAD)
    days = await _days(reading, programme, zone, far)
    soon = {day: count for day, count in days.items() if day < until.astimezone(zone).date()}
    return Outlook(soon, rows, asks, days, dropped={row["reason"]: row["count"] for row in lost})


async def _days(
    reading: Reading, programme: str, zone: ZoneInfo, until: datetime
) -> Mapping[date, int]:
    days = Counter[date]()
    for row in await reading.rows(HOURLY, programme, to_kept(until)):
        moment = from_kept(row["quarter"] * QUARTER_MICROSECONDS)
        days[moment.astimezone(zone).date()] += row["count"]
    return days


async def _asks(
    reading: Reading, programme: str, zone: ZoneInfo, since: datetime
) -> tuple[Ask, ...]:
    reminded = {
        row["subject"]: row["count"]
        for row in await reading.rows(REMINDED, programme, to_kept(since))
    }
    return tuple(
        Ask(
            row["name"],
            json.loads(row["body"]).get("language", ""),
            from_kept(row["asked_at"]).astimezone(zone_of(row["zone"], zone)).hour,
            reminded.get(f"due:{row['id']}", 0),
            row["state"] == "answered",
        )
        for row in await reading.rows(ASKED, programme, to_kept(since), ASKED_MAX)
    )
