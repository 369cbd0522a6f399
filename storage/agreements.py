"""How validation goes: counted by question, language and area, without anybody's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.moments import to_kept
from storage.store import Reading

# What residents answered about reports that a moderator decided.
AGAINST_MODERATORS = """
    SELECT r.form_id, r.name, a.language, r.classes, a.choice, r.moderator, count(*) AS count
    FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE r.programme = $1 AND r.began_at >= $2 AND r.moderator <> '' AND a.state = 'answered'
      AND a.source = 'resident'
    GROUP BY r.form_id, r.name, a.language, r.classes, a.choice, r.moderator
    ORDER BY r.form_id, r.name, a.language, r.classes, a.choice, r.moderator
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
           avg(CASE WHEN a.first_at > 0 THEN a.first_at - a.asked_at END) AS took
    FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE r.programme = $1 AND a.asked_at >= $2 AND a.asked_at > 0
"""

BUSIEST = """
    SELECT count(*) AS count FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE r.programme = $1 AND a.asked_at >= $2 AND a.asked_at > 0
    GROUP BY a.validator ORDER BY count(*) DESC LIMIT 1
"""

CHANGED = """
    SELECT count(*) AS count FROM rounds
    WHERE programme = $1 AND began_at >= $2 AND moderator <> '' AND moderator <> confirming
      AND EXISTS (
          SELECT 1 FROM flags
          WHERE flags.instance_id = rounds.instance_id AND flags.name = 'disputed')
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
    """How often a choice was answered, in one language, where a moderator decided a class."""

    form_id: str
    name: str
    language: str
    classes: tuple[str, ...]
    choice: str
    moderator: str
    count: int


@dataclass(frozen=True, slots=True)
class Load:
    """How much people were asked; `took` is how long an answer took on average."""

    asked: int
    answered: int
    declined: int
    people: int
    busiest: int
    took: timedelta | None


async def against_moderators(reading: Reading, programme: str, since: datetime) -> Sequence[Said]:
    """Count residents' answers beside what moderators decided, by question and language."""
    rows = await reading.rows(AGAINST_MODERATORS, programme, to_kept(since))
    return [
        Said(
            *(row["form_id"], row["name"], row["language"], tuple(row["classes"].split())),
            *(row["choice"], row["moderator"], row["count"]),
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
    row = await reading.row(LOAD, programme, to_kept(since))
    most = await reading.row(BUSIEST, programme, to_kept(since))
    assert row is not None, "a count has a row"  # noqa: S101  # Ours, never the user's.
    took = None if row["took"] is None else timedelta(microseconds=int(row["took"]))
    return Load(
        *(row["asked"], row["answered"] or 0, row["declined"] or 0, row["people"]),
        *(most["count"] if most else 0, took),
    )


async def changed(reading: Reading, programme: str, since: datetime) -> int:
    """Count the reports that residents disputed and a moderator then rejected."""
    row = await reading.row(CHANGED, programme, to_kept(since))
    return int(row["count"]) if row else 0


async def records(
    reading: Reading, programme: str, since: datetime
) -> Sequence[tuple[str, int, int]]:
    """Count, by question, how often a record bore a report out, and how many were looked up."""
    rows = await reading.rows(RECORDS, programme, to_kept(since))
    return [(row["name"], int(row["agreed"]), row["cases"]) for row in rows]
