"""Rounds: one question about one report, put to others, and what it added up to.

A round belongs to a report's original and a row of the sheet `validations`. Whom it was put to and
what they said stands in `asks`. A validator is a pseudonym like any reporter; no contact is here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType, TypeAlias

from conversations.verdicts.grades import Grade
from storage.moments import from_kept, to_kept
from storage.store import Reading, Row, Unit

RoundId = NewType("RoundId", int)
RoundState: TypeAlias = Literal["open", "decided", "for a moderator", "expired", "void"]
"""`expired` was left undecided when its time was over; `void` must not be asked any more."""

BEGIN = """
    INSERT INTO rounds (instance_id, programme, form_id, name, language, area, classes, confirming,
                        state, says, why, grade, yes, no, moderator, disagrees, began_at,
                        expires_at, decided_at, told)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', '', '', 'unconfirmed', 0, 0, '', $9, $10, $11,
            0, '')
    ON CONFLICT (instance_id, name) DO NOTHING
    RETURNING *
"""

OF = "SELECT * FROM rounds WHERE instance_id = $1 ORDER BY id"

BY_ID = "SELECT * FROM rounds WHERE id = $1"

# Writing the row makes it the lock under which answers of several people queue up.
HOLD = "UPDATE rounds SET told = told WHERE id = $1 RETURNING *"

KEEP = """
    UPDATE rounds SET state = $2, says = $3, why = $4, grade = $5, yes = $6, no = $7,
        disagrees = $8, decided_at = $9
    WHERE id = $1
"""

MODERATE = "UPDATE rounds SET moderator = $2, decided_at = $3 WHERE id = $1"

NOTE_TOLD = "UPDATE rounds SET told = $2 WHERE id = $1"

REOPEN = """
    UPDATE rounds SET state = 'open', says = '', why = '', grade = 'unconfirmed', yes = 0, no = 0,
        began_at = $2, expires_at = $3, decided_at = 0, told = '', confirming = $4
    WHERE id = $1
"""

EXPIRED = """
    SELECT * FROM rounds WHERE state = 'open' AND expires_at <= $1
    ORDER BY expires_at, id LIMIT $2
"""

UNDER_WAY = "SELECT * FROM rounds WHERE state = 'open' AND id > $1 ORDER BY id LIMIT $2"

# What residents decided, no moderator, and whose time is not over.
DECIDED_IN_TIME = """
    SELECT * FROM rounds
    WHERE programme = $1 AND state = 'decided' AND moderator = '' AND expires_at > $2 AND id > $3
    ORDER BY id LIMIT $4
"""

SETTLED = """
    SELECT * FROM rounds
    WHERE programme = $1 AND classes = $2 AND (state = 'decided' OR moderator <> '') AND id > $3
    ORDER BY id LIMIT $4
"""

# What validators may be tested with: reports that a moderator decided, the newest first.
MODERATED = """
    SELECT id, moderator FROM rounds
    WHERE programme = $1 AND classes = $2 AND moderator <> '' AND form_id = $3 AND name = $4
        AND area = $5
    ORDER BY decided_at DESC LIMIT $6
"""

SINCE = """
    SELECT * FROM rounds WHERE programme = $1 AND began_at >= $2 ORDER BY id LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """A round that is to begin; `classes` are what its answers may come to, in order."""

    instance_id: str
    programme: str
    form_id: str
    name: str
    language: str
    area: str
    classes: tuple[str, ...]
    confirming: str
    began_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Round:
    """A round as it stands. `moderator` is the class a moderator decided, blank for none.

    `told` is the grade that its reporter was told last.
    """

    id: RoundId
    begun: Begun
    state: RoundState = "open"
    says: str = ""
    why: str = ""
    grade: Grade = "unconfirmed"
    yes: int = 0
    no: int = 0
    moderator: str = ""
    disagrees: bool = False
    decided_at: datetime | None = None
    told: str = ""


async def begin(unit: Unit, begun: Begun) -> Round | None:
    """Begin a round; None where the report has one by this row already."""
    row = await unit.row(
        BEGIN,
        *(begun.instance_id, begun.programme, begun.form_id, begun.name, begun.language),
        *(begun.area, kept_classes(begun.classes), begun.confirming, False),
        *(to_kept(begun.began_at), to_kept(begun.expires_at)),
    )
    return _round(row) if row else None


async def of(reading: Reading, instance_id: str) -> tuple[Round, ...]:
    """Return all rounds about a report."""
    return tuple(map(_round, await reading.rows(OF, instance_id)))


async def by_id(reading: Reading, round_id: RoundId) -> Round | None:
    """Return a round, None where its report was erased."""
    row = await reading.row(BY_ID, round_id)
    return _round(row) if row else None


async def hold(unit: Unit, round_id: RoundId) -> Round | None:
    """Be alone with a round until the unit ends; None where its report was erased."""
    row = await unit.row(HOLD, round_id)
    return _round(row) if row else None


async def keep(unit: Unit, one: Round) -> None:
    """Keep what a round adds up to."""
    decided = to_kept(one.decided_at) if one.decided_at else 0
    values = (one.state, one.says, one.why, one.grade, one.yes, one.no, one.disagrees, decided)
    await unit.run(KEEP, one.id, *values)


async def moderate(unit: Unit, round_id: RoundId, says: str, now: datetime) -> None:
    """Keep which class a moderator decided; blank takes it back."""
    await unit.run(MODERATE, round_id, says, to_kept(now))


async def note_told(unit: Unit, round_id: RoundId, grade: str) -> None:
    """Note which grade the reporter was told."""
    await unit.run(NOTE_TOLD, round_id, grade)


async def reopen(
    unit: Unit, round_id: RoundId, now: datetime, expires_at: datetime, confirming: str
) -> None:
    """Begin a round anew, since what it asks about was changed."""
    await unit.run(REOPEN, round_id, to_kept(now), to_kept(expires_at), confirming)


async def expired(reading: Reading, now: datetime, at_most: int) -> tuple[Round, ...]:
    """Return open rounds whose time is over, the longest over first."""
    return tuple(map(_round, await reading.rows(EXPIRED, to_kept(now), at_most)))


async def under_way(reading: Reading, after: int, at_most: int) -> tuple[Round, ...]:
    """Return a page of the open rounds, from behind a round's id."""
    return tuple(map(_round, await reading.rows(UNDER_WAY, after, at_most)))


async def decided_in_time(
    reading: Reading, programme: str, now: datetime, after: int, at_most: int
) -> tuple[Round, ...]:
    """Return a page of what residents decided and can still be opened again."""
    rows = await reading.rows(DECIDED_IN_TIME, programme, to_kept(now), after, at_most)
    return tuple(map(_round, rows))


async def settled(
    reading: Reading, programme: str, classes: Sequence[str], after: int, at_most: int
) -> tuple[Round, ...]:
    """Return a page of the rounds that are decided, from behind a round's id."""
    values = (programme, kept_classes(classes), after, at_most)
    return tuple(map(_round, await reading.rows(SETTLED, *values)))


async def moderated(reading: Reading, like: Begun, at_most: int) -> dict[str, str]:
    """Return what moderators decided in rounds of the same question and area, by the round's id."""
    values = (
        like.programme,
        kept_classes(like.classes),
        like.form_id,
        like.name,
        like.area,
        at_most,
    )
    return {str(row["id"]): row["moderator"] for row in await reading.rows(MODERATED, *values)}


async def since(
    reading: Reading, programme: str, moment: datetime, at_most: int
) -> tuple[Round, ...]:
    """Return the rounds that began since a moment."""
    return tuple(map(_round, await reading.rows(SINCE, programme, to_kept(moment), at_most)))


def kept_classes(classes: Sequence[str]) -> str:
    """Write classes as they are kept; names of choices hold no space."""
    return " ".join(classes)


def _round(row: Row) -> Round:
    begun = Begun(
        *(row["instance_id"], row["programme"], row["form_id"], row["name"], row["language"]),
        *(row["area"], tuple(row["classes"].split()), row["confirming"]),
        *(from_kept(row["began_at"]), from_kept(row["expires_at"])),
    )
    return Round(
        *(RoundId(row["id"]), begun, row["state"], row["says"], row["why"], row["grade"]),
        *(row["yes"], row["no"], row["moderator"], bool(row["disagrees"])),
        *(from_kept(row["decided_at"]) if row["decided_at"] else None, row["told"]),
    )
