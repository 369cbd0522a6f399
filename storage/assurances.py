"""Assurances: authors asked whether a doubted answer of theirs is right, before others see it.

One row is one doubt about one report (its original), by the flag's own mark, so that nobody is
asked twice about the same. `waiting` is not put yet: they are put one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row, Unit

State: TypeAlias = Literal["waiting", "asked", "right", "wrong", "changed", "rather not", "late"]
"""`changed`: the report was sent again; `late`: nobody answered, and others see it now."""

PLAN = """
    INSERT INTO assurances (instance_id, programme, reporter, dedupe, source, name, about, state,
                            asked_at, answered_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, 0)
    ON CONFLICT (instance_id, dedupe) DO NOTHING
"""

OF = "SELECT * FROM assurances WHERE instance_id = $1 ORDER BY id"

BY_ID = "SELECT * FROM assurances WHERE id = $1"

PUT = "UPDATE assurances SET state = 'asked' WHERE id = $1 AND state = 'waiting'"

BECOME = """
    UPDATE assurances SET state = $2, answered_at = $3
    WHERE id = $1 AND state IN ('waiting', 'asked')
    RETURNING id
"""

BECOME_ALL = """
    UPDATE assurances SET state = $2, answered_at = $3
    WHERE instance_id = $1 AND state IN ('waiting', 'asked')
    RETURNING id
"""

SILENT = """
    SELECT instance_id FROM assurances
    WHERE programme = $1 AND state IN ('waiting', 'asked') AND asked_at <= $2
    ORDER BY asked_at LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class Assurance:
    """An author asked about one doubt; `about` is the reference of the answer, blank for none."""

    id: int
    instance_id: str
    reporter: Reporter
    dedupe: str
    source: str
    name: str
    about: str
    state: State
    asked_at: datetime

    @property
    def is_open(self) -> bool:
        """Tell whether it still waits for the author."""
        return self.state in {"waiting", "asked"}


async def plan(  # noqa: PLR0913, PLR0917 - whom, about which doubt, when.
    unit: Unit,
    programme: str,
    reporter: Reporter,
    instance_id: str,
    doubt: tuple[str, str, str, str],
    now: datetime,
) -> None:
    """Plan to ask an author; `doubt` is a flag's mark, source, name and the answer it is about."""
    await unit.run(PLAN, instance_id, programme, reporter, *doubt, to_kept(now))


async def of(reading: Reading, instance_id: str) -> Sequence[Assurance]:
    """Return all that a report's author was asked, in order."""
    return [_read(row) for row in await reading.rows(OF, instance_id)]


async def by_id(reading: Reading, number: int) -> Assurance | None:
    """Return one by its number; None where its report was erased."""
    row = await reading.row(BY_ID, number)
    return _read(row) if row else None


async def note_put(unit: Unit, number: int) -> None:
    """Note that a question was put to its author."""
    await unit.run(PUT, number)


async def become(unit: Unit, number: int, state: State, now: datetime) -> bool:
    """Say what became of a question; False where that is settled already."""
    return await unit.row(BECOME, number, state, to_kept(now)) is not None


async def become_all(unit: Unit, instance_id: str, state: State, now: datetime) -> bool:
    """Say what became of all that is open about a report; False where nothing was."""
    return bool(await unit.rows(BECOME_ALL, instance_id, state, to_kept(now)))


async def silent(reading: Reading, programme: str, before: datetime, at_most: int) -> Sequence[str]:
    """Return the originals of reports whose authors have not answered what they were asked."""
    rows = await reading.rows(SILENT, programme, to_kept(before), at_most)
    return list(dict.fromkeys(row["instance_id"] for row in rows))


def _read(row: Row) -> Assurance:
    return Assurance(
        *(row["id"], row["instance_id"], Reporter(row["reporter"]), row["dedupe"]),
        *(row["source"], row["name"], row["about"], row["state"]),
        asked_at=from_kept(row["asked_at"]),
    )
