"""Second looks: a sample of decided cases that another moderator judges without knowing the first.

What they say changes nothing about a case. It shows how far moderators agree beyond chance, and
which of them see things otherwise. Of a case there is one second look.

The sample is drawn by a keyed hash of the report's id: nobody can tell beforehand which report
will be in it, and all who share the database draw the same. How large it is hangs on whose decision
it was (`conversations.reviewing.weights.second_look_share`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conversations.reviewing.cases import ModeratorId, Outcome
from storage.moments import to_kept
from storage.store import Reading, Store, Unit

KEEP = """
    INSERT INTO second_looks (instance_id, programme, first_by, first, second_by, second, looked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (instance_id) DO NOTHING
    RETURNING instance_id
"""

LOOKED_AT = """
    SELECT instance_id FROM second_looks WHERE programme = $1 AND looked_at >= $2
"""

SINCE = """
    SELECT * FROM second_looks WHERE programme = $1 AND looked_at >= $2
    ORDER BY looked_at, instance_id LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What two moderators decided about one report, the second without knowing the first."""

    instance_id: str
    first_by: ModeratorId
    first: Outcome
    second_by: ModeratorId
    second: Outcome


def is_sampled(store: Store, instance_id: str, share: float) -> bool:
    """Tell whether a report is in a sample of such a share; a larger one holds the smaller."""
    drawn = int(store.sign(f"second look {instance_id}")[:8], 16)
    return drawn < share * 0x1_0000_0000


async def keep(unit: Unit, programme: str, look: SecondLook, now: datetime) -> bool:
    """Keep a second look; False where somebody was quicker."""
    who = (look.first_by, look.first, look.second_by, look.second)
    values = (look.instance_id, programme, *who, to_kept(now))
    return await unit.row(KEEP, *values) is not None


async def looked_at(reading: Reading, programme: str, since: datetime) -> frozenset[str]:
    """Return the reports that have had their second look since a moment."""
    rows = await reading.rows(LOOKED_AT, programme, to_kept(since))
    return frozenset(row["instance_id"] for row in rows)


async def since(
    reading: Reading, programme: str, moment: datetime, at_most: int
) -> Sequence[SecondLook]:
    """Return the second looks since a moment, the earliest first."""
    rows = await reading.rows(SINCE, programme, to_kept(moment), at_most)
    return [
        SecondLook(
            *(row["instance_id"], ModeratorId(row["first_by"]), row["first"]),
            *(ModeratorId(row["second_by"]), row["second"]),
        )
        for row in rows
    ]
