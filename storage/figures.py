"""Figures for those who run a programme: how many reports, how many under way.

These go through whole tables, so they belong into a reading and never into a unit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from conversations.programme import FormKey
from storage.sessions import ASIDE, OF_PROGRAMME
from storage.store import Reading

# A report that was changed is one report, of the version in which it stands now.
REPORTS = """
    SELECT form_id, form_version, count(*) AS count FROM submissions WHERE programme = $1
      AND NOT EXISTS (SELECT 1 FROM edits WHERE edits.replaces = submissions.instance_id)
    GROUP BY form_id, form_version
"""

UNDER_WAY = f"""
    SELECT form_id, form_version, count(*) AS count FROM sessions
    WHERE {OF_PROGRAMME} AND form_id <> ''
    GROUP BY form_id, form_version
"""  # noqa: S608 - put together from our own words.


PROGRAMMES = """
    SELECT programme, count(*) AS count FROM submissions GROUP BY programme
    UNION ALL
    SELECT programme, 0 AS count FROM sessions GROUP BY programme
"""


async def reports(reading: Reading, programme: str) -> Mapping[FormKey, int]:
    """Count a programme's reports by form and version."""
    return await _by_form(reading, REPORTS, programme)


async def under_way(reading: Reading, programme: str) -> Mapping[FormKey, int]:
    """Count a programme's open sessions by form and version."""
    return await _by_form(reading, UNDER_WAY, programme)


async def programmes(reading: Reading) -> Mapping[str, int]:
    """Count the submissions of each programme that has some, or has sessions open."""
    rows = await reading.rows(PROGRAMMES)
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row["programme"].partition(ASIDE)[0]] += row["count"]
    return dict(sorted(counts.items()))


async def _by_form(reading: Reading, sql: str, programme: str) -> Mapping[FormKey, int]:
    rows = await reading.rows(sql, programme)
    return {(row["form_id"], row["form_version"]): row["count"] for row in rows}
