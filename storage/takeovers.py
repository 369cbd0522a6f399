"""Takeovers: reports of a form that were made with an earlier version, and go by a newer sheet.

One row a form says by which version's sheet `followups` the reports of which earlier versions go.
It counts from the moment it is begun; what is planned already follows page by page, the newest
reports first. The cursor moves in the unit that plans a page anew, so a process that dies leaves a
page done or not done, and another goes on. A later takeover of the form takes the row's place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from storage.moments import from_kept, to_kept
from storage.store import Reading, Row, Unit

BEGIN = """
    INSERT INTO takeovers (programme, form_id, version, earlier, tally, last_id, role, begun_at,
                           done_at, last_at, reports)
    VALUES ($1, $2, $3, $4, '{}', '', $5, $6, 0, $7, 0)
    ON CONFLICT (programme, form_id) DO UPDATE SET
        version = excluded.version, earlier = excluded.earlier, tally = '{}', last_id = '',
        role = excluded.role, begun_at = excluded.begun_at, done_at = 0,
        last_at = excluded.last_at, reports = 0
"""

OF_FORM = "SELECT * FROM takeovers WHERE programme = $1 AND form_id = $2"

UNDER_WAY = """
    SELECT * FROM takeovers WHERE programme = $1 AND done_at = 0 ORDER BY begun_at, form_id
"""

# The row is the lock: of two workers the second waits, and goes on where the first left off.
HOLD = """
    UPDATE takeovers SET done_at = 0 WHERE programme = $1 AND form_id = $2 AND done_at = 0
    RETURNING *
"""

GO_ON = """
    UPDATE takeovers SET last_at = $3, last_id = $4, reports = $5, tally = $6, done_at = $7
    WHERE programme = $1 AND form_id = $2
"""

AFTER_ALL: Final = 2**62
"""A moment behind all reports."""


@dataclass(frozen=True, slots=True)
class Takeover:
    """Reports of a form being taken over, or taken over.

    `earlier` are the versions whose reports go by the sheet of `version`; `role` is the number of
    the role of whoever wished it. `last_at` and `last_id` say how far it is, `tally` what it did.
    """

    programme: str
    form_id: str
    version: str
    earlier: tuple[str, ...]
    role: int
    begun_at: datetime
    is_done: bool
    last_at: int
    last_id: str
    reports: int
    tally: Mapping[str, Any]


async def begin(  # noqa: PLR0913, PLR0917 - which reports, by which sheet, by whose wish, when.
    unit: Unit,
    programme: str,
    form_id: str,
    version: str,
    earlier: Sequence[str],
    role: int,
    now: datetime,
) -> None:
    """Let reports of earlier versions go by a version's sheet from now on."""
    values = (version, json.dumps(list(earlier)), role, to_kept(now), AFTER_ALL)
    await unit.run(BEGIN, programme, form_id, *values)


async def goes_by(reading: Reading, programme: str, form_id: str, version: str) -> str:
    """Return the version by whose sheet a report goes that was made with a version."""
    row = await reading.row(OF_FORM, programme, form_id)
    return row["version"] if row and version in json.loads(row["earlier"]) else version


async def of_form(reading: Reading, programme: str, form_id: str) -> Takeover | None:
    """Return the last takeover of a form's reports, None where there was none."""
    row = await reading.row(OF_FORM, programme, form_id)
    return _takeover(row) if row else None


async def under_way(reading: Reading, programme: str) -> tuple[Takeover, ...]:
    """List what is not done yet, the first begun first."""
    return tuple(map(_takeover, await reading.rows(UNDER_WAY, programme)))


async def hold(unit: Unit, one: Takeover) -> Takeover | None:
    """Hold a takeover until the unit ends, as far as it is by now; None where it is done."""
    row = await unit.row(HOLD, one.programme, one.form_id)
    return _takeover(row) if row else None


async def go_on(unit: Unit, one: Takeover, now: datetime) -> None:
    """Keep how far a takeover is."""
    done_at = to_kept(now) if one.is_done else 0
    values = (one.last_at, one.last_id, one.reports, json.dumps(one.tally), done_at)
    await unit.run(GO_ON, one.programme, one.form_id, *values)


def _takeover(row: Row) -> Takeover:
    return Takeover(
        *(row["programme"], row["form_id"], row["version"], tuple(json.loads(row["earlier"]))),
        *(row["role"], from_kept(row["begun_at"]), bool(row["done_at"])),
        *(row["last_at"], row["last_id"], row["reports"], json.loads(row["tally"])),
    )
