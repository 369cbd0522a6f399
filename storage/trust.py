"""How moderators' decisions fared once somebody else looked: what trust in them is earned by.

Counted are objections of reporters that somebody else decided, second looks from either side, and
samples of `/train`. Nothing is kept here: the tables of these say it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from conversations.reviewing.cases import ModeratorId
from conversations.reviewing.weights import ModeratorRecord
from storage import lessons
from storage.moments import to_kept
from storage.store import Reading

SECOND_LOOKS: Final = """
    SELECT first_by, second_by, count(*) AS count,
           sum(CASE WHEN first = second THEN 1 ELSE 0 END) AS alike
    FROM second_looks WHERE programme = $1 AND looked_at >= $2 GROUP BY first_by, second_by
"""

_ENDINGS: Final = "('Approve', 'Verify', 'Reject', 'MarkDuplicate', 'NotVerifiable')"

# What was decided before a reporter objected, beside what was decided in the end.
OBJECTIONS: Final = f"""
    SELECT before.by_role, count(*) AS count,
           sum(CASE WHEN after.act = before.act THEN 1 ELSE 0 END) AS stood
    FROM cases AS c
    JOIN case_acts AS appeal ON appeal.instance_id = c.instance_id AND appeal.act = 'Appeal'
    JOIN case_acts AS before ON before.id = (
        SELECT max(b.id) FROM case_acts AS b
        WHERE b.instance_id = c.instance_id AND b.id < appeal.id AND b.act IN {_ENDINGS})
    JOIN case_acts AS after ON after.id = (
        SELECT max(b.id) FROM case_acts AS b
        WHERE b.instance_id = c.instance_id AND b.id > appeal.id AND b.act IN {_ENDINGS})
    WHERE c.programme = $1 AND c.appealed AND c.state = 'decided' AND c.decided_at >= $2
    GROUP BY before.by_role
"""  # noqa: S608 - put together from our own words.

ESCALATED_BY: Final = """
    SELECT by_role FROM case_acts WHERE instance_id = $1 AND act = 'Escalate'
    ORDER BY id DESC LIMIT 1
"""

NOTHING: Final = ModeratorRecord()


async def records(
    reading: Reading, programme: str, since: datetime
) -> Mapping[ModeratorId, ModeratorRecord]:
    """Return how the decisions of each moderator fared since a moment; whoever is new is not in it.

    Goes through the second looks of that time and all objections: not for the way of a turn.
    """
    found: dict[ModeratorId, ModeratorRecord] = {}
    for row in await reading.rows(SECOND_LOOKS, programme, to_kept(since)):
        for role in {row["first_by"], row["second_by"]}:
            one = found.get(ModeratorId(role), NOTHING)
            looked_at, alike = one.looked_at + int(row["count"]), one.alike + int(row["alike"])
            found[ModeratorId(role)] = replace(one, looked_at=looked_at, alike=alike)
    for row in await reading.rows(OBJECTIONS, programme, to_kept(since)):
        one = found.get(ModeratorId(row["by_role"]), NOTHING)
        told = {"objected": int(row["count"]), "stood": int(row["stood"])}
        found[ModeratorId(row["by_role"])] = replace(one, **told)
    for role, (samples, right) in (await lessons.scores(reading, programme)).items():
        one = found.get(ModeratorId(role), NOTHING)
        found[ModeratorId(role)] = replace(one, samples=samples, samples_alike=right)
    return found


async def escalated_by(reading: Reading, instance_id: str) -> ModeratorId | None:
    """Return who left a case to seniors last."""
    row = await reading.row(ESCALATED_BY, instance_id)
    return ModeratorId(row["by_role"]) if row else None
