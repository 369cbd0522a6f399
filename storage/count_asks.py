"""Whom a number of a month was put to, and what they said of it: one answer each, the latest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from conversations.validating.counts import Tally, tally
from conversations.validating.objections import ObjectionOutcome
from conversations.validating.questions import Why
from storage.asks import AskState
from storage.counts import CheckId
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row, Unit

PLAN = """
    INSERT INTO count_asks (check_id, validator, state, choice, late, planned_at, asked_at,
                            answered_at)
    VALUES ($1, $2, 'waiting', '', $3, $4, 0, 0)
    ON CONFLICT (check_id, validator) DO NOTHING
    RETURNING id
"""

BY_ID = "SELECT * FROM count_asks WHERE id = $1"

OF_CHECK = "SELECT * FROM count_asks WHERE check_id = $1 ORDER BY id"

PUT = "UPDATE count_asks SET state = 'asked', asked_at = $2 WHERE id = $1 AND state = 'waiting'"

NEWEST = """
    SELECT id FROM count_asks WHERE validator = $1 AND asked_at > 0
    ORDER BY asked_at DESC, id DESC LIMIT 1
"""

ANSWER = """
    UPDATE count_asks SET state = 'answered', choice = $2, late = $3, answered_at = $4
    WHERE id = $1
"""

BECOME = "UPDATE count_asks SET state = $2 WHERE id = $1 AND state IN ('waiting', 'asked')"

TAKE_BACK = """
    UPDATE count_asks SET state = 'declined', choice = '' WHERE id = $1 AND state = 'answered'
"""

# An answer that was given stands.
OBJECT = """
    UPDATE count_asks SET objection = $2,
        state = CASE WHEN state IN ('waiting', 'asked') THEN 'declined' ELSE state END
    WHERE id = $1 AND objection = ''
    RETURNING id
"""

# Whoever heard the same before is not told again.
DECIDE = """
    UPDATE count_asks SET outcome = $2
    WHERE check_id = $1 AND objection <> '' AND outcome <> $2
    RETURNING id, validator
"""

DECIDE_ONE = "UPDATE count_asks SET outcome = $2 WHERE id = $1"

ERASE = "DELETE FROM count_asks WHERE validator = $1 RETURNING check_id"


@dataclass(frozen=True, slots=True)
class CountAsk:
    """A number put to one person; `late` answers came after it was clear what people say.

    `objection` is why they say that it should not be asked, blank where they do not; `outcome` what
    came of that, blank while nothing did.
    """

    id: int
    check_id: CheckId
    validator: Reporter
    state: AskState
    choice: str
    late: bool
    planned_at: datetime
    asked_at: datetime | None
    answered_at: datetime | None
    objection: Why | Literal[""] = ""
    outcome: ObjectionOutcome = ""


def tally_of(asked: Iterable[CountAsk]) -> Tally:
    """Count what people said."""
    return tally(ask.choice for ask in asked if ask.state == "answered")


async def plan(unit: Unit, check_id: CheckId, validator: Reporter, now: datetime) -> int | None:
    """Plan to ask somebody; None where they were asked already."""
    row = await unit.row(PLAN, check_id, validator, False, to_kept(now))  # noqa: FBT003
    return int(row["id"]) if row else None


async def by_id(reading: Reading, ask_id: int) -> CountAsk | None:
    """Return what one person was asked, None where they were erased."""
    row = await reading.row(BY_ID, ask_id)
    return _ask(row) if row else None


async def of_check(reading: Reading, check_id: CheckId) -> tuple[CountAsk, ...]:
    """Return all whom a number was put to."""
    return tuple(map(_ask, await reading.rows(OF_CHECK, check_id)))


async def note_put(unit: Unit, ask_id: int, now: datetime) -> None:
    """Note that somebody has the question."""
    await unit.run(PUT, ask_id, to_kept(now))


async def newest(reading: Reading, validator: Reporter) -> int:
    """Return what somebody was asked last; 0 for nothing."""
    row = await reading.row(NEWEST, validator)
    return int(row["id"]) if row else 0


async def answer(unit: Unit, ask_id: int, choice: str, now: datetime, *, late: bool) -> None:
    """Keep an answer in place of the one before."""
    await unit.run(ANSWER, ask_id, choice, late, to_kept(now))


async def become(unit: Unit, ask_id: int, state: AskState) -> None:
    """Let somebody who has not answered not be waited for any more."""
    await unit.run(BECOME, ask_id, state)


async def take_back(unit: Unit, ask_id: int) -> None:
    """Let an answer count no more, whose author would rather have left the question out."""
    await unit.run(TAKE_BACK, ask_id)


async def object_to(unit: Unit, ask_id: int, why: Why) -> bool:
    """Keep why somebody says that it should not be asked; false where they said so before."""
    return await unit.row(OBJECT, ask_id, why) is not None


async def decide(
    unit: Unit, check_id: CheckId, outcome: ObjectionOutcome
) -> Mapping[int, Reporter]:
    """Keep what came of all objections to a number; return for whom that is new, by their ask."""
    rows = await unit.rows(DECIDE, check_id, outcome)
    return {row["id"]: Reporter(row["validator"]) for row in rows}


async def decide_one(unit: Unit, ask_id: int, outcome: ObjectionOutcome) -> None:
    """Keep what came of one person's objection."""
    await unit.run(DECIDE_ONE, ask_id, outcome)


async def erase(unit: Unit, validator: Reporter) -> tuple[CheckId, ...]:
    """Erase what somebody was asked and said; return the checks it was in."""
    return tuple(CheckId(row["check_id"]) for row in await unit.rows(ERASE, validator))


def _ask(row: Row) -> CountAsk:
    asked_at, answered_at = (
        from_kept(row[at]) if row[at] else None for at in ("asked_at", "answered_at")
    )
    return CountAsk(
        *(row["id"], CheckId(row["check_id"]), Reporter(row["validator"]), row["state"]),
        *(row["choice"], bool(row["late"]), from_kept(row["planned_at"])),
        *(asked_at, answered_at),
        objection=row["objection"],
        outcome=row["outcome"],
    )
