"""How validation goes: counted by question, language and area, without anybody's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.validating.board import Changed, Load
from storage.moments import MICROSECOND, to_kept
from storage.store import Reading

# What residents answered about reports that a moderator decided, the newest.
JUDGED = """
    SELECT r.form_id, r.name, a.language, a.form_version, r.area, r.id AS round_id, a.validator,
           r.classes, a.choice, r.moderator
    FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE r.programme = $1 AND r.began_at >= $2 AND r.moderator <> '' AND a.state = 'answered'
      AND a.source = 'resident'
    ORDER BY a.id DESC LIMIT $3
"""

GRADES = """
    SELECT area, grade, count(*) AS count FROM rounds
    WHERE programme = $1 AND began_at >= $2 AND state <> 'void'
    GROUP BY area, grade ORDER BY area, grade
"""

LOAD = """
    SELECT count(*) AS asked, count(DISTINCT a.validator) AS people,
           sum(CASE WHEN a.state = 'answered' THEN 1 ELSE 0 END) AS answered,
           sum(CASE WHEN a.state = 'declined' THEN 1 ELSE 0 END) AS declined,
           avg(CASE WHEN a.first_at > 0 THEN a.first_at - a.asked_at END) AS took,
           sum(CASE WHEN a.first_at > 0 AND a.first_at - a.asked_at <= $3 THEN 1 ELSE 0 END)
               AS in_an_hour,
           sum(CASE WHEN a.first_at > 0 AND a.first_at - a.asked_at <= $4 THEN 1 ELSE 0 END)
               AS in_a_day
    FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE r.programme = $1 AND a.asked_at >= $2 AND a.asked_at > 0
"""

BUSIEST = """
    SELECT count(*) AS count FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE r.programme = $1 AND a.asked_at >= $2 AND a.asked_at > 0
    GROUP BY a.validator ORDER BY count(*) DESC LIMIT 1
"""

# What residents' answers brought to light: disputed reports, and what moderators made of them;
# and reports that residents clearly judge otherwise than the moderator did.
CHANGED = """
    SELECT sum(CASE WHEN disputed AND moderator <> confirming THEN 1 ELSE 0 END) AS rejected,
           sum(CASE WHEN disputed AND moderator = confirming THEN 1 ELSE 0 END) AS approved,
           sum(CASE WHEN disagrees THEN 1 ELSE 0 END) AS disagrees
    FROM (
        SELECT r.moderator, r.confirming, r.disagrees, EXISTS (
            SELECT 1 FROM flags AS f
            WHERE f.instance_id = r.instance_id AND f.name = 'disputed') AS disputed
        FROM rounds AS r
        WHERE r.programme = $1 AND r.began_at >= $2 AND r.moderator <> '') AS moderated
"""

# What records said of reports; who found nothing says nothing.
RECORDS = """
    SELECT r.name, count(*) AS cases,
           sum(CASE WHEN a.choice = r.confirming THEN 1 ELSE 0 END) AS agreed
    FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE r.programme = $1 AND r.began_at >= $2 AND a.state = 'answered' AND a.source = 'record'
      AND a.choice IN ('yes', 'no')
    GROUP BY r.name ORDER BY r.name
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a resident chose, in a language and a version of the form, where a moderator decided."""

    form_id: str
    name: str
    language: str
    form_version: str
    area: str
    case: str
    validator: str
    classes: tuple[str, ...]
    choice: str
    moderator: str


async def judged(reading: Reading, programme: str, since: datetime, at_most: int) -> Sequence[Said]:
    """Return the newest answers of residents about reports that a moderator decided."""
    rows = await reading.rows(JUDGED, programme, to_kept(since), at_most)
    return [
        Said(
            *(row["form_id"], row["name"], row["language"], row["form_version"], row["area"]),
            *(str(row["round_id"]), row["validator"], tuple(row["classes"].split())),
            *(row["choice"], row["moderator"]),
        )
        for row in rows
    ]


async def grades(reading: Reading, programme: str, since: datetime) -> dict[str, dict[str, int]]:
    """Count the reports that others were asked about, by area and grade."""
    counts: dict[str, dict[str, int]] = {}
    for row in await reading.rows(GRADES, programme, to_kept(since)):
        counts.setdefault(row["area"], {})[row["grade"]] = row["count"]
    return counts


async def load(reading: Reading, programme: str, since: datetime) -> Load:
    """Count what was asked and answered."""
    spans = (timedelta(hours=1) // MICROSECOND, timedelta(days=1) // MICROSECOND)
    row = await reading.row(LOAD, programme, to_kept(since), *spans)
    most = await reading.row(BUSIEST, programme, to_kept(since))
    assert row is not None, "a count has a row"  # noqa: S101  # Ours, never the user's.
    took = None if row["took"] is None else timedelta(microseconds=int(row["took"]))
    return Load(
        *(row["asked"], row["answered"] or 0, row["declined"] or 0, row["people"]),
        *(most["count"] if most else 0, took, row["in_an_hour"] or 0, row["in_a_day"] or 0),
    )


async def changed(reading: Reading, programme: str, since: datetime) -> Changed:
    """Count what residents' answers brought to light."""
    row = await reading.row(CHANGED, programme, to_kept(since))
    assert row is not None, "a sum has a row"  # noqa: S101  # Ours, never the user's.
    return Changed(*(int(row[name] or 0) for name in ("rejected", "approved", "disagrees")))


async def records(
    reading: Reading, programme: str, since: datetime
) -> Sequence[tuple[str, int, int]]:
    """Count, by question, how often a record bore a report out, and how many were looked up."""
    rows = await reading.rows(RECORDS, programme, to_kept(since))
    return [(row["name"], int(row["agreed"]), row["cases"]) for row in rows]
