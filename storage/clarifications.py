"""Clarifications: questions sent back to a reporter about one report, and what they answered.

Neither side sees the other's account: a row names the report and its reporter's pseudonym. One
question on a report is open at a time; a newer one takes the place of one that was not answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row, Unit

State: TypeAlias = Literal["asked", "answering", "answered"]

WITHDRAW = "DELETE FROM clarifications WHERE instance_id = $1 AND state <> 'answered'"

ASK = """
    INSERT INTO clarifications (instance_id, programme, reporter, words, about, asked_at, state,
                                answer, answered_at)
    VALUES ($1, $2, $3, $4, $5, $6, 'asked', '', 0)
    RETURNING id
"""

OPEN = """
    SELECT * FROM clarifications WHERE reporter = $1 AND programme = $2 AND state <> 'answered'
    ORDER BY id LIMIT $3
"""

# Only one question at a time can wait for what its reporter writes next.
REST = "UPDATE clarifications SET state = 'asked' WHERE reporter = $1 AND state = 'answering'"

AWAIT = "UPDATE clarifications SET state = 'answering' WHERE id = $1 AND state = 'asked'"

ANSWER = """
    UPDATE clarifications SET state = 'answered', answer = $2, answered_at = $3
    WHERE id = $1 AND state = 'answering'
    RETURNING id
"""

# Asked and answered elsewhere (`assurances`), and shown with what moderators asked.
NOTE = """
    INSERT INTO clarifications (instance_id, programme, reporter, words, about, asked_at, state,
                                answer, answered_at)
    VALUES ($1, $2, $3, $4, $5, $6, 'answered', $7, $8)
"""

OF_REPORT = "SELECT * FROM clarifications WHERE instance_id = $1 ORDER BY id"

BY_ID = "SELECT * FROM clarifications WHERE id = $1"

OPEN_MAX: Final = 20
"""Questions that are looked at for one person."""


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question about a report; `about` is the reference of an answer, blank for the whole."""

    id: int
    instance_id: str
    reporter: Reporter
    words: str
    about: str
    asked_at: datetime
    state: State
    answer: str
    answered_at: datetime | None


async def ask(  # noqa: PLR0913, PLR0917 - of whom, about what, in which words, when.
    unit: Unit,
    programme: str,
    reporter: Reporter,
    instance_id: str,
    words: str,
    about: str,
    now: datetime,
) -> int:
    """Put a question about a report to its reporter; return its number."""
    await withdraw(unit, instance_id)
    row = await unit.row(ASK, instance_id, programme, reporter, words, about, to_kept(now))
    assert row is not None, "an insert returns its row"  # noqa: S101  # Ours, never the user's.
    return int(row["id"])


async def withdraw(unit: Unit, instance_id: str) -> None:
    """Take back a question that was not answered, because the report was decided, say."""
    await unit.run(WITHDRAW, instance_id)


async def open_of(reading: Reading, programme: str, reporter: Reporter) -> Sequence[Clarification]:
    """Return the questions a reporter has not answered, the oldest first."""
    return [_read(row) for row in await reading.rows(OPEN, reporter, programme, OPEN_MAX)]


async def expect(unit: Unit, one: Clarification) -> None:
    """Take what the reporter writes next as the answer to this question."""
    await rest(unit, one.reporter)
    await unit.run(AWAIT, one.id)


async def rest(unit: Unit, reporter: Reporter) -> None:
    """Take nothing that a reporter writes as such an answer; the questions stay open."""
    await unit.run(REST, reporter)


async def answer(unit: Unit, one: Clarification, words: str, now: datetime) -> bool:
    """Keep what a reporter answered; False where it is answered already."""
    return await unit.row(ANSWER, one.id, words, to_kept(now)) is not None


async def note(  # noqa: PLR0913, PLR0917 - one parameter a column.
    unit: Unit,
    programme: str,
    reporter: Reporter,
    instance_id: str,
    words: str,
    about: str,
    asked_at: datetime,
    answer: str,
    now: datetime,
) -> None:
    """Note what a reporter was asked and answered before any moderator saw the report."""
    asked = (instance_id, programme, reporter, words, about, to_kept(asked_at))
    await unit.run(NOTE, *asked, answer, to_kept(now))


async def by_id(reading: Reading, number: int) -> Clarification | None:
    """Return a question by its number; None where it was taken back."""
    row = await reading.row(BY_ID, number)
    return _read(row) if row else None


async def of_report(reading: Reading, instance_id: str) -> Sequence[Clarification]:
    """Return what was asked and answered about a report, the oldest first."""
    return [_read(row) for row in await reading.rows(OF_REPORT, instance_id)]


def _read(row: Row) -> Clarification:
    return Clarification(
        *(row["id"], row["instance_id"], Reporter(row["reporter"]), row["words"], row["about"]),
        *(from_kept(row["asked_at"]), row["state"], row["answer"]),
        from_kept(row["answered_at"]) if row["answered_at"] else None,
    )
