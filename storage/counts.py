"""Numbers of a month: which reports are in them, and the checks in which residents look at them.

`counted` says of each report in which numbers of its sheet it is, by place and month; it goes with
the report. A check is one number that was put to people: it stays as it was asked about, while
the number of today is counted anew whenever somebody wants to know it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, NewType, TypeAlias

from conversations.validating.counts import Opinion
from conversations.validating.objections import ObjectionOutcome
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row, Unit

CheckId = NewType("CheckId", int)
CheckState: TypeAlias = Literal["open", "ended", "void"]
"""`ended` when it is clear what people say, or when its time is over; `void` must not be asked."""

NOTE = """
    INSERT INTO counted (instance_id, programme, form_id, name, place, month)
    VALUES ($1, $2, $3, $4, $5, $6)
"""

LEAVE_OUT = "DELETE FROM counted WHERE instance_id = $1"

# What a flag holds back, or a moderator rejected, is in no number.
BEHIND = """
    SELECT n.place, n.instance_id, s.reporter
    FROM counted AS n JOIN submissions AS s ON s.instance_id = n.instance_id
    WHERE n.programme = $1 AND n.form_id = $2 AND n.name = $3 AND n.month = $4
      AND s.review_state <> 'rejected'
      AND NOT EXISTS (SELECT 1 FROM cases AS c WHERE c.instance_id = n.instance_id AND c.held)
    ORDER BY n.place, n.instance_id
"""

BEHIND_ONE = BEHIND.replace("ORDER BY", "AND n.place = $5 ORDER BY")

# Whoever is behind a number, with the link by which they came.
CONTRIBUTORS = """
    SELECT DISTINCT s.reporter, r.invited_by
    FROM counted AS n JOIN submissions AS s ON s.instance_id = n.instance_id
    LEFT JOIN reach AS r ON r.reporter = s.reporter
    WHERE n.programme = $1 AND n.form_id = $2 AND n.name = $3 AND n.month = $4 AND n.place = $5
    LIMIT $6
"""

MEET = """
    INSERT INTO count_rows (programme, form_id, name, since_at, month)
    VALUES ($1, $2, $3, $4, '')
    ON CONFLICT (programme, form_id, name) DO NOTHING
"""

SINCE = """
    SELECT since_at FROM count_rows WHERE programme = $1 AND form_id = $2 AND name = $3
"""

OLDER = """
    SELECT 1 AS one FROM submissions WHERE programme = $1 AND form_id = $2 AND kept_at < $3 LIMIT 1
"""

LOOKED = "UPDATE count_rows SET month = $4 WHERE programme = $1 AND form_id = $2 AND name = $3"

LAST_MONTH = """
    SELECT month FROM count_rows WHERE programme = $1 AND form_id = $2 AND name = $3
"""

BEGIN = """
    INSERT INTO count_checks (programme, form_id, form_version, name, place, month, counted, state,
                              says, told, began_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', '', '', $8, $9)
    ON CONFLICT (programme, form_id, name, month, place) DO NOTHING
    RETURNING *
"""

BY_ID = "SELECT * FROM count_checks WHERE id = $1"

# Writing the row makes it the lock under which answers of several people queue up.
HOLD = "UPDATE count_checks SET told = told WHERE id = $1 RETURNING *"

KEEP = "UPDATE count_checks SET state = $2, says = $3 WHERE id = $1"

DECIDE = "UPDATE count_checks SET decided = $2 WHERE id = $1"

# People said that these should not be asked about, and nothing came of it yet.
OBJECTED = """
    SELECT * FROM count_checks
    WHERE programme = $1 AND id IN (
        SELECT check_id FROM count_asks WHERE objection <> '' AND outcome = ''
    )
    ORDER BY id LIMIT $2
"""

ENDED = """
    SELECT * FROM count_checks
    WHERE programme = $1 AND form_id = $2 AND name = $3 AND decided = 'withdrawn'
    ORDER BY id
"""

NOTE_TOLD = "UPDATE count_checks SET told = $2 WHERE id = $1"

OPEN = "SELECT * FROM count_checks WHERE state = 'open' AND programme = $1 ORDER BY id LIMIT $2"

UNTOLD = """
    SELECT * FROM count_checks
    WHERE programme = $1 AND began_at >= $2 AND state <> 'void' AND says IN ('few', 'many')
      AND told <> says
    ORDER BY id LIMIT $3
"""

BEGUN_SINCE = """
    SELECT * FROM count_checks WHERE programme = $1 AND began_at >= $2
    ORDER BY month DESC, form_id, name, place LIMIT $3
"""

OF_MONTH = "SELECT * FROM count_checks WHERE programme = $1 AND month = $2 ORDER BY id LIMIT $3"

OF_FORM = """
    SELECT * FROM count_checks WHERE programme = $1 AND form_id = $2 ORDER BY month, name, place
"""

CONTRIBUTORS_MAX: Final = 5_000
"""So many are looked at for whom they know; where more reported, chance makes few acquainted."""


@dataclass(frozen=True, slots=True)
class Number:
    """What is counted: by which row of which form, in a month (`2026-03`), of a place."""

    programme: str
    form_id: str
    name: str
    month: str
    place: str = ""

    @property
    def first_day(self) -> date:
        """Return the first day of its month."""
        return date.fromisoformat(f"{self.month}-01")


@dataclass(frozen=True, slots=True)
class CountCheck:
    """A number that people look at; `counted` is what they were told, `says` what most say.

    `told` is what coordinators were told last, `decided` what they said to people who found that it
    should not be asked.
    """

    id: CheckId
    number: Number
    form_version: str
    counted: int
    began_at: datetime
    expires_at: datetime
    state: CheckState = "open"
    says: Opinion = ""
    told: Opinion = ""
    decided: ObjectionOutcome = ""


Behind: TypeAlias = Mapping[str, Reporter]
"""The reports behind a number, by id, with who sent them."""


async def note(
    unit: Unit,
    programme: str,
    form_id: str,
    instance_id: str,
    found: Iterable[tuple[str, str, str]],
) -> None:
    """Keep in which numbers a report is, by name, place and month; in no other any more."""
    await unit.run(LEAVE_OUT, instance_id)
    rows = [(instance_id, programme, form_id, *one) for one in found]
    if rows:
        await unit.run_many(NOTE, rows)


async def behind(reading: Reading, number: Number) -> dict[str, dict[str, Reporter]]:
    """Return the reports behind a number, by place: of its own place where it names one."""
    values = (number.programme, number.form_id, number.name, number.month)
    rows = (
        await reading.rows(BEHIND_ONE, *values, number.place)
        if number.place
        else await reading.rows(BEHIND, *values)
    )
    found: dict[str, dict[str, Reporter]] = {}
    for row in rows:
        found.setdefault(row["place"], {})[row["instance_id"]] = Reporter(row["reporter"])
    return found


async def contributors(reading: Reading, number: Number) -> Sequence[tuple[Reporter, str]]:
    """List who is behind a number, each with the token of the link they came by."""
    values = (number.programme, number.form_id, number.name, number.month, number.place)
    rows = await reading.rows(CONTRIBUTORS, *values, CONTRIBUTORS_MAX)
    return [(Reporter(row["reporter"]), row["invited_by"] or "") for row in rows]


# Rows of the sheets


async def meet(unit: Unit, number: Number, now: datetime) -> None:
    """Note since when a number's row is known."""
    await unit.run(MEET, number.programme, number.form_id, number.name, to_kept(now))


async def is_known(reading: Reading, number: Number) -> bool:
    """Tell whether a number's row was met before."""
    found = await reading.row(SINCE, number.programme, number.form_id, number.name)
    return found is not None


async def is_whole(reading: Reading, number: Number, begins_at: datetime) -> bool:
    """Tell whether all reports of a month were made with the row: it begins at a moment."""
    row = await reading.row(SINCE, number.programme, number.form_id, number.name)
    if row is None:
        return False
    if row["since_at"] <= to_kept(begins_at):
        return True
    earlier = await reading.row(OLDER, number.programme, number.form_id, row["since_at"])
    return earlier is None


async def is_looked_at(reading: Reading, number: Number) -> bool:
    """Tell whether a month of a row was looked at already."""
    row = await reading.row(LAST_MONTH, number.programme, number.form_id, number.name)
    return row is not None and row["month"] >= number.month


async def note_looked(unit: Unit, number: Number) -> None:
    """Note that a month of a row was looked at."""
    await unit.run(LOOKED, number.programme, number.form_id, number.name, number.month)


# Checks


async def begin(  # noqa: PLR0913, PLR0917 - a number, and from when to when it is looked at.
    unit: Unit, number: Number, version: str, counted: int, now: datetime, until: datetime
) -> CountCheck | None:
    """Begin to ask about a number; None where it was asked about already."""
    row = await unit.row(
        BEGIN,
        *(number.programme, number.form_id, version, number.name, number.place, number.month),
        *(counted, to_kept(now), to_kept(until)),
    )
    return _check(row) if row else None


async def by_id(reading: Reading, check_id: CheckId) -> CountCheck | None:
    """Return a check, None where there is none."""
    row = await reading.row(BY_ID, check_id)
    return _check(row) if row else None


async def hold(unit: Unit, check_id: CheckId) -> CountCheck | None:
    """Be alone with a check until the unit ends."""
    row = await unit.row(HOLD, check_id)
    return _check(row) if row else None


async def keep(unit: Unit, check: CountCheck) -> None:
    """Keep what a check comes to."""
    await unit.run(KEEP, check.id, check.state, check.says)


async def decide(unit: Unit, check_id: CheckId, outcome: ObjectionOutcome) -> None:
    """Keep what was decided about it that a number should not be asked."""
    await unit.run(DECIDE, check_id, outcome)


async def objected(reading: Reading, programme: str, at_most: int) -> tuple[CountCheck, ...]:
    """Return the checks that somebody says should not be asked, and nothing came of it yet."""
    return tuple(map(_check, await reading.rows(OBJECTED, programme, at_most)))


async def ended(reading: Reading, number: Number) -> tuple[CountCheck, ...]:
    """Return the checks of a row that coordinators ended: its place is asked no more."""
    values = (number.programme, number.form_id, number.name)
    return tuple(map(_check, await reading.rows(ENDED, *values)))


async def note_told(unit: Unit, check: CountCheck) -> None:
    """Note what coordinators were told."""
    await unit.run(NOTE_TOLD, check.id, check.says)


async def under_way(reading: Reading, programme: str, at_most: int) -> tuple[CountCheck, ...]:
    """Return the checks that are open."""
    return tuple(map(_check, await reading.rows(OPEN, programme, at_most)))


async def untold(
    reading: Reading, programme: str, since: datetime, at_most: int
) -> tuple[CountCheck, ...]:
    """Return the checks that people doubt, and of which coordinators do not know that yet."""
    return tuple(map(_check, await reading.rows(UNTOLD, programme, to_kept(since), at_most)))


async def begun_since(
    reading: Reading, programme: str, since: datetime, at_most: int
) -> tuple[CountCheck, ...]:
    """Return the checks that began since a moment, the newest month first."""
    return tuple(map(_check, await reading.rows(BEGUN_SINCE, programme, to_kept(since), at_most)))


async def of_month(
    reading: Reading, programme: str, month: str, at_most: int
) -> tuple[CountCheck, ...]:
    """Return the checks of a month."""
    return tuple(map(_check, await reading.rows(OF_MONTH, programme, month, at_most)))


async def of_form(reading: Reading, programme: str, form_id: str) -> tuple[CountCheck, ...]:
    """Return all checks of a form."""
    return tuple(map(_check, await reading.rows(OF_FORM, programme, form_id)))


def _check(row: Row) -> CountCheck:
    number = Number(row["programme"], row["form_id"], row["name"], row["month"], row["place"])
    return CountCheck(
        *(CheckId(row["id"]), number, row["form_version"], row["counted"]),
        *(from_kept(row["began_at"]), from_kept(row["expires_at"])),
        *(row["state"], row["says"], row["told"], row["decided"]),
    )
