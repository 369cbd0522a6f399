"""Asks: whom a question about a report was put to, and what they answered.

One person is asked once in a round and has one answer in it, the latest; how often it was changed
is counted. Nobody's answer is taken but from whom was asked. `withdrawn` answers count no more:
the report they were about was changed. What somebody heard of a report is kept, so that they hear
it again only where it came out otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from conversations.validating.telling import CONFIRMED, Came, Outcome, outcome_of
from conversations.verdicts.answers import Answer, Source, Validator
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.rounds import RoundId
from storage.store import Reading, Row, Unit

AskState: TypeAlias = Literal["waiting", "asked", "answered", "declined", "expired", "withdrawn"]

PLAN = """
    INSERT INTO asks (round_id, validator, source, language, is_control, state, choice, late,
                      changes, planned_at, asked_at, first_at, answered_at)
    VALUES ($1, $2, $3, $4, $5, 'waiting', '', $6, 0, $7, 0, 0, 0)
    ON CONFLICT (round_id, validator) DO NOTHING
    RETURNING id
"""

BY_ID = "SELECT * FROM asks WHERE id = $1"

OF_ROUND = "SELECT * FROM asks WHERE round_id = $1 ORDER BY id"

PUT = """
    UPDATE asks SET state = 'asked', asked_at = $2, form_version = $3
    WHERE id = $1 AND state = 'waiting'
"""

NEWEST = """
    SELECT id FROM asks WHERE validator = $1 AND asked_at > 0
    ORDER BY asked_at DESC, id DESC LIMIT 1
"""

ANSWER = """
    UPDATE asks SET state = 'answered', choice = $2, late = $3, answered_at = $4,
        changes = changes + CASE WHEN first_at > 0 THEN 1 ELSE 0 END,
        first_at = CASE WHEN first_at > 0 THEN first_at ELSE $4 END
    WHERE id = $1
"""

BECOME = "UPDATE asks SET state = $2 WHERE id = $1 AND state IN ('waiting', 'asked')"

TAKE_BACK = "UPDATE asks SET state = 'declined', choice = '' WHERE id = $1 AND state = 'answered'"

WITHDRAW = "UPDATE asks SET state = 'withdrawn' WHERE round_id = $1"

NUMBER = "SELECT count(*) AS count FROM asks WHERE validator = $1"

SEEN = "SELECT round_id FROM asks WHERE validator = $1 ORDER BY planned_at DESC LIMIT $2"

_CONFIRMED = ", ".join(f"'{grade}'" for grade in sorted(CONFIRMED))

# Not heard of it yet, or it came out otherwise since; nobody hears of a control.
_NEW = f"""
    a.state = 'answered' AND NOT a.is_control AND r.state = 'decided'
    AND a.heard <> CASE WHEN r.grade IN ({_CONFIRMED}) THEN 'confirmed' ELSE 'doubted' END
"""

NEWS = f"""
    SELECT a.id AS ask_id, r.grade, a.heard FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE a.validator = $1 AND {_NEW}
    ORDER BY a.id LIMIT $2
"""  # noqa: S608 - made of constants alone.

NOTE_HEARD = "UPDATE asks SET heard = $2 WHERE id = $1"

UNTOLD = f"""
    SELECT DISTINCT a.validator FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE a.round_id = $1 AND a.source = 'resident' AND {_NEW}
"""  # noqa: S608 - made of constants alone.

# Answers that count, page by page, for all that are reliable to be worked out anew.
ANSWERS = """
    SELECT a.id, a.round_id, a.validator, a.choice, a.source, a.answered_at
    FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE r.programme = $1 AND r.classes = $2 AND a.state = 'answered' AND a.id > $3
    ORDER BY a.id LIMIT $4
"""

# What records said about a report, whichever row of the sheet looked them up.
RECORDS = """
    SELECT a.* FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE r.instance_id = $1 AND a.source = 'record' AND a.state = 'answered' AND r.state <> 'void'
    ORDER BY a.id
"""

ASKED_ABOUT = """
    SELECT DISTINCT a.validator FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE r.instance_id = $1 AND a.source = $2
"""

ERASE = "DELETE FROM asks WHERE validator = $1 RETURNING round_id"

MEASURED = """
    SELECT a.*, r.form_id, r.name, r.area, r.state AS round_state, r.moderator, r.says
    FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE r.programme = $1 AND a.planned_at >= $2 ORDER BY a.id LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question put to one person.

    `is_control` is set where a moderator had decided already when it was put. `late` answers came
    after the round was decided. `language` is the one it was put in.
    """

    id: int
    round_id: RoundId
    validator: Reporter
    state: AskState
    choice: str
    source: Source
    language: str
    is_control: bool
    late: bool
    changes: int
    planned_at: datetime
    asked_at: datetime | None
    first_at: datetime | None
    answered_at: datetime | None

    @property
    def said(self) -> Answer | None:
        """Return the answer that may count, None where there is none."""
        if self.state != "answered" or self.answered_at is None:
            return None
        return Answer(Validator(self.validator), self.choice, self.answered_at, self.source)


async def plan(  # noqa: PLR0913 - what is asked of whom, how and when.
    unit: Unit,
    round_id: RoundId,
    validator: Reporter,
    language: str,
    now: datetime,
    *,
    is_control: bool = False,
    source: Source = "resident",
) -> int | None:
    """Plan to ask somebody; None where they were asked in this round before."""
    values = (round_id, validator, source, language, is_control, False, to_kept(now))
    row = await unit.row(PLAN, *values)
    return int(row["id"]) if row else None


async def by_id(reading: Reading, ask_id: int) -> Ask | None:
    """Return what was asked of one person."""
    row = await reading.row(BY_ID, ask_id)
    return _ask(row) if row else None


async def of_round(reading: Reading, round_id: RoundId) -> tuple[Ask, ...]:
    """Return all who were asked in a round."""
    return tuple(map(_ask, await reading.rows(OF_ROUND, round_id)))


async def note_put(unit: Unit, ask_id: int, now: datetime, form_version: str = "") -> None:
    """Note that the question was put to the person, as that version of the form words it."""
    await unit.run(PUT, ask_id, to_kept(now), form_version)


async def newest(reading: Reading, validator: Reporter) -> int:
    """Return the id of what was put to somebody last; 0 for nothing."""
    row = await reading.row(NEWEST, validator)
    return int(row["id"]) if row else 0


async def answer(unit: Unit, ask_id: int, choice: str, now: datetime, *, late: bool) -> None:
    """Keep an answer over the one before."""
    await unit.run(ANSWER, ask_id, choice, late, to_kept(now))


async def take_back(unit: Unit, ask_id: int) -> None:
    """Let an answer count no more, whose author would rather have left the question out."""
    await unit.run(TAKE_BACK, ask_id)


async def become(unit: Unit, ask_id: int, state: AskState) -> None:
    """Say what became of a question that has no answer."""
    await unit.run(BECOME, ask_id, state)


async def withdraw(unit: Unit, round_id: RoundId) -> None:
    """Let no answer in a round count any more: its report was changed."""
    await unit.run(WITHDRAW, round_id)


async def number_of(reading: Reading, validator: Reporter) -> int:
    """Count how many questions were planned for a validator."""
    row = await reading.row(NUMBER, validator)
    return int(row["count"]) if row else 0


async def seen(reading: Reading, validator: Reporter, at_most: int) -> frozenset[str]:
    """Return the rounds a validator was asked in, the newest."""
    rows = await reading.rows(SEEN, validator, at_most)
    return frozenset(str(row["round_id"]) for row in rows)


async def news(reading: Reading, validator: Reporter, at_most: int) -> Mapping[int, Came]:
    """Return what came of decided reports about which somebody answered, where it is news."""
    rows = await reading.rows(NEWS, validator, at_most)
    return {row["ask_id"]: Came(outcome_of(row["grade"]), row["heard"]) for row in rows}


async def note_heard(unit: Unit, ask_id: int, outcome: Outcome) -> None:
    """Note what somebody was told of a report they answered about."""
    await unit.run(NOTE_HEARD, ask_id, outcome)


async def untold(reading: Reading, round_id: RoundId) -> tuple[Reporter, ...]:
    """Return who answered in a decided round and does not know what came of it."""
    return tuple(Reporter(row["validator"]) for row in await reading.rows(UNTOLD, round_id))


async def answers(
    reading: Reading, programme: str, classes: Sequence[str], after: int, at_most: int
) -> tuple[tuple[int, str, Answer], ...]:
    """Return a page of the answers that count: the ask's id, the round's, what was said."""
    return tuple(
        (row["id"], str(row["round_id"]), Answer(
            Validator(row["validator"]), row["choice"], from_kept(row["answered_at"]),
            row["source"],
        ))
        for row in await reading.rows(ANSWERS, programme, " ".join(classes), after, at_most)
    )  # fmt: skip


async def records(reading: Reading, instance_id: str) -> tuple[Ask, ...]:
    """Return what records said about a report."""
    return tuple(map(_ask, await reading.rows(RECORDS, instance_id)))


async def asked_about(reading: Reading, instance_id: str, source: Source) -> frozenset[Reporter]:
    """Return who was asked about a report in one way, so that nobody speaks in both."""
    rows = await reading.rows(ASKED_ABOUT, instance_id, source)
    return frozenset(Reporter(row["validator"]) for row in rows)


async def bearing_out(reading: Reading, instance_id: str) -> int:
    """Count the records that bear a report out."""
    return sum(one.choice == "yes" for one in await records(reading, instance_id))


async def erase(unit: Unit, validator: Reporter) -> tuple[RoundId, ...]:
    """Erase all that was asked of somebody and all they said; return the rounds it was in."""
    rows = await unit.rows(ERASE, validator)
    return tuple(sorted({RoundId(row["round_id"]) for row in rows}))


async def measured(
    reading: Reading, programme: str, since: datetime, at_most: int
) -> tuple[tuple[Ask, Row], ...]:
    """Return what was asked since a moment, each with the row of its round beside it."""
    rows = await reading.rows(MEASURED, programme, to_kept(since), at_most)
    return tuple((_ask(row), row) for row in rows)


def _ask(row: Row) -> Ask:
    asked, first, answered = (
        from_kept(row[name]) if row[name] else None
        for name in ("asked_at", "first_at", "answered_at")
    )
    return Ask(
        *(row["id"], RoundId(row["round_id"]), Reporter(row["validator"]), row["state"]),
        *(row["choice"], row["source"], row["language"], bool(row["is_control"])),
        *(bool(row["late"]), row["changes"], from_kept(row["planned_at"])),
        *(asked, first, answered),
    )
