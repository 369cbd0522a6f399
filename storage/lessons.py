"""Lessons: decided reports on which moderators practise, and what they said.

The supply is what was decided surely: by two persons alike, by two who looked independently, or by
a senior moderator. Nobody gets a report that is their own, or on whose case they did anything. A
lesson names the role, never a contact, and goes with its report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from conversations.reviewing.cases import Case, ModeratorId
from storage.cases import Served, case_of_row, only_served
from storage.moments import to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row, Unit, Value

SUPPLY = """
    SELECT c.* FROM cases AS c JOIN submissions AS s ON s.instance_id = c.instance_id
    WHERE c.programme = $1 AND c.state = 'decided'
      AND c.outcome IN ('approved', 'verified', 'rejected', 'not verifiable')
      AND s.reporter <> $2 AND c.decided_by <> $3
      AND ((c.first_by <> 0 AND c.first_by <> c.decided_by AND c.proposed = c.outcome)
           OR EXISTS (SELECT 1 FROM roles AS r
                      WHERE r.id = c.decided_by AND r.role = 'senior moderator')
           OR EXISTS (SELECT 1 FROM second_looks AS l
                      WHERE l.instance_id = c.instance_id AND l.second_by <> $3
                        AND l.first = l.second AND l.second = c.outcome))
      AND NOT EXISTS (SELECT 1 FROM case_acts AS a
                      WHERE a.instance_id = c.instance_id AND a.by_role = $3)
      AND NOT EXISTS (SELECT 1 FROM second_looks AS l
                      WHERE l.instance_id = c.instance_id AND l.second_by = $3)
      AND NOT EXISTS (SELECT 1 FROM lessons AS t
                      WHERE t.instance_id = c.instance_id AND t.role = $3)
      {served}
    ORDER BY c.decided_at DESC, c.instance_id LIMIT $4
"""

BEGIN = """
    INSERT INTO lessons (programme, role, instance_id, decided, judged, shown_at)
    VALUES ($1, $2, $3, $4, '', $5)
    ON CONFLICT (role, instance_id) DO NOTHING
    RETURNING id
"""

OPEN = """
    SELECT * FROM lessons WHERE programme = $1 AND role = $2 AND judged = ''
    ORDER BY id DESC LIMIT 1
"""

# Once judged, a lesson is over: a tap that comes again finds nothing to judge.
JUDGE = """
    UPDATE lessons SET judged = $3 WHERE id = $1 AND role = $2 AND judged = ''
    RETURNING *
"""

JUDGED = """
    SELECT decided, judged FROM lessons
    WHERE programme = $1 AND role = $2 AND judged <> '' ORDER BY id
"""

DROP = "DELETE FROM lessons WHERE id = $1"

SCORES = """
    SELECT role, count(*) AS count, sum(CASE WHEN judged = decided THEN 1 ELSE 0 END) AS alike
    FROM lessons WHERE programme = $1 AND judged <> '' GROUP BY role
"""

FORGET = """
    DELETE FROM lessons WHERE programme = $1 AND NOT EXISTS (
        SELECT 1 FROM roles WHERE roles.id = lessons.role)
"""

HELD = """
    SELECT claimed_by, count(*) AS count FROM cases
    WHERE programme = $1 AND state <> 'decided' AND claimed_until_at > $2 GROUP BY claimed_by
"""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A report put before a moderator to practise; `judged` is blank until they said something."""

    id: int
    instance_id: str
    decided: str
    judged: str = ""


async def supply(  # noqa: PLR0913, PLR0917 - for whom, of which reports, how many.
    reading: Reading,
    programme: str,
    own: Reporter,
    role: ModeratorId,
    served: Served,
    at_most: int,
) -> Sequence[Case]:
    """Return cases a moderator can practise on, the newest decision first.

    `own` is the pseudonym under which they report themselves.
    """
    said, names = only_served(served, first=5, of="c.")
    values: tuple[Value, ...] = (programme, own, role, at_most, *names)
    return [case_of_row(row) for row in await reading.rows(SUPPLY.format(served=said), *values)]


async def begin(  # noqa: PLR0913, PLR0917 - one parameter a column.
    unit: Unit, programme: str, role: ModeratorId, instance_id: str, decided: str, now: datetime
) -> Lesson | None:
    """Put a report before a moderator; None where they had it before."""
    row = await unit.row(BEGIN, programme, role, instance_id, decided, to_kept(now))
    return Lesson(int(row["id"]), instance_id, decided) if row else None


async def open_of(reading: Reading, programme: str, role: ModeratorId) -> Lesson | None:
    """Return the lesson that a moderator has before them."""
    row = await reading.row(OPEN, programme, role)
    return _lesson(row) if row else None


async def judge(unit: Unit, lesson_id: int, role: ModeratorId, judged: str) -> Lesson | None:
    """Keep what a moderator says; None where it is not theirs, or judged already."""
    row = await unit.row(JUDGE, lesson_id, role, judged)
    return _lesson(row) if row else None


async def drop(unit: Unit, lesson_id: int) -> None:
    """Take a lesson back that was not judged, because its report is no sample any more."""
    await unit.run(DROP, lesson_id)


async def judged(reading: Reading, programme: str, role: ModeratorId) -> Sequence[tuple[str, str]]:
    """Return what was decided and what the moderator said, in order."""
    rows = await reading.rows(JUDGED, programme, role)
    return [(row["decided"], row["judged"]) for row in rows]


async def scores(reading: Reading, programme: str) -> Mapping[int, tuple[int, int]]:
    """Return, by role, how many samples were judged and how many of them alike."""
    rows = await reading.rows(SCORES, programme)
    return {int(row["role"]): (int(row["count"]), int(row["alike"])) for row in rows}


async def held(reading: Reading, programme: str, now: datetime) -> Mapping[int, int]:
    """Count the cases that each moderator holds now."""
    rows = await reading.rows(HELD, programme, to_kept(now))
    return {int(row["claimed_by"]): int(row["count"]) for row in rows}


async def clear_abandoned(unit: Unit, programme: str) -> None:
    """Forget the lessons of those who hold their role no more."""
    await unit.run(FORGET, programme)


def _lesson(row: Row) -> Lesson:
    return Lesson(row["id"], row["instance_id"], row["decided"], row["judged"])
