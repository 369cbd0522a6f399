"""How a reporter can be written to unasked, and what is known of where and when.

The data know a reporter by a pseudonym and nothing else; to come back to somebody, a row here holds
the id of their contact sealed under the key that stands outside the database. Whoever takes the
database alone still cannot tell whose data they hold. A place is kept coarsely (a cell of a tenth
of a degree, about 11 km): enough to ask people who are near, too little to find a house.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import floor
from typing import Literal, TypeAlias

from storage.contacts import ContactId
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row, Store, Unit

_ALL = """reporter, programme, sealed, language, zone, area, cell, invited_by, met_on,
    paused_until_at, stopped, asked_at, place_by"""

# What a person said about themselves stands; the contact and the language are those of today.
MEET = """
    INSERT INTO reach (reporter, programme, sealed, language, zone, area, cell, invited_by, met_on,
                       paused_until_at, stopped, asked_at)
    VALUES ($1, $2, $3, $4, '', '', '', $5, $6, 0, $7, 0)
    ON CONFLICT (reporter) DO UPDATE SET sealed = excluded.sealed, language = excluded.language
"""

OF = f"SELECT {_ALL} FROM reach WHERE reporter = $1"  # noqa: S608 - our own words.

KEEP_ZONE = "UPDATE reach SET zone = $2 WHERE reporter = $1"

KEEP_PLACE = "UPDATE reach SET area = $2, cell = $3, place_by = $4 WHERE reporter = $1"

# What the person said stands; whoever was asked where they are is still expected to show it.
LEARN_PLACE = """
    UPDATE reach SET area = CASE WHEN $2 <> '' THEN $2 ELSE area END,
        cell = CASE WHEN $3 <> '' AND cell <> '?' THEN $3 ELSE cell END, place_by = 'report'
    WHERE reporter = $1 AND place_by <> 'person'
"""

UNLEARN_PLACE = """
    UPDATE reach SET area = '', cell = '', place_by = '' WHERE reporter = $1 AND place_by = 'report'
"""

PAUSE = "UPDATE reach SET paused_until_at = $2 WHERE reporter = $1"

STOP = "UPDATE reach SET stopped = $2 WHERE reporter = $1"

NOTE_ASKED = "UPDATE reach SET asked_at = $2 WHERE reporter = $1"

FORGET = "DELETE FROM reach WHERE reporter = $1"


PlaceBy: TypeAlias = Literal["", "report", "person"]
"""By whose word a place is known: a report's, or the person's own, also that it be forgotten."""

AWAITED = "?"
"""In place of a cell: the person was asked where they are, and has not shared it yet."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known of a reporter whom we may write to.

    `zone` is the IANA zone they are in, blank for the programme's; `area` the code of the area they
    registered for, blank where they did not; `cell` see `cell_of`; `invited_by` tells apart who
    came by which invitation. `paused_until` and `stopped` are their own word about being asked.
    `place_by` says by whose word the place is known.
    """

    reporter: Reporter
    programme: str
    sealed: str
    language: str
    zone: str
    area: str
    cell: str
    invited_by: str
    met_on: str
    paused_until: datetime | None
    stopped: bool
    asked_at: datetime | None
    place_by: PlaceBy = ""


def cell_of(latitude: float, longitude: float) -> str:
    """Name the cell of a tenth of a degree in which a place lies.

    >>> cell_of(-1.2921, 36.8219)
    '-13,368'
    """
    return f"{floor(latitude * 10)},{floor(longitude * 10)}"


async def meet(  # noqa: PLR0913, PLR0917 - who, where they stand, how they came.
    unit: Unit,
    store: Store,
    reporter: Reporter,
    programme: str,
    contact_id: ContactId,
    language: str,
    now: datetime,
    invited_by: str = "",
) -> None:
    """Keep how a reporter can be reached; their first meeting and invitation stand."""
    sealed = store.seal(reporter, contact_id)
    day = now.date().isoformat()
    await unit.run(MEET, reporter, programme, sealed, language, invited_by, day, False)  # noqa: FBT003


async def of(reading: Reading, reporter: Reporter) -> Reach | None:
    """Return what is known of a reporter, None for one who cannot be written to."""
    row = await reading.row(OF, reporter)
    return reach_of(row) if row else None


def contact_of(store: Store, reach: Reach) -> ContactId:
    """Return the contact behind a reporter; raise `WrongKey` where the seal is not ours."""
    return ContactId(store.unseal(reach.reporter, reach.sealed))


async def keep_zone(unit: Unit, reporter: Reporter, zone: str) -> None:
    """Keep the IANA zone a reporter is in; blank for the programme's."""
    await unit.run(KEEP_ZONE, reporter, zone)


async def keep_place(
    unit: Unit, reporter: Reporter, area: str, cell: str, by: PlaceBy = "person"
) -> None:
    """Keep the area a reporter registered for and the cell they are at home in."""
    await unit.run(KEEP_PLACE, reporter, area, cell, by)


async def learn_place(unit: Unit, reporter: Reporter, area: str, cell: str) -> None:
    """Keep what a report says of the place its reporter knows; their own word stands.

    Blank leaves what is known as it is.
    """
    await unit.run(LEARN_PLACE, reporter, area, cell)


async def unlearn_place(unit: Unit, reporter: Reporter) -> None:
    """Forget the place that reports told, not what the person said."""
    await unit.run(UNLEARN_PLACE, reporter)


async def pause(unit: Unit, reporter: Reporter, until: datetime | None) -> None:
    """Ask a reporter nothing until a moment; None ends a pause."""
    await unit.run(PAUSE, reporter, to_kept(until) if until else 0)


async def stop(unit: Unit, reporter: Reporter, *, stopped: bool = True) -> None:
    """Never write to a reporter unasked again, or do again where they say so."""
    await unit.run(STOP, reporter, stopped)


async def note_asked(unit: Unit, reporter: Reporter, now: datetime) -> None:
    """Note when a reporter was last asked something unasked for."""
    await unit.run(NOTE_ASKED, reporter, to_kept(now))


async def forget(unit: Unit, reporter: Reporter) -> None:
    """Forget how a reporter can be reached."""
    await unit.run(FORGET, reporter)


def reach_of(row: Row) -> Reach:
    """Return a row of the table `reach` as a value."""
    paused, asked = row["paused_until_at"], row["asked_at"]
    return Reach(
        *(Reporter(row["reporter"]), row["programme"], row["sealed"], row["language"]),
        *(row["zone"], row["area"], row["cell"], row["invited_by"], row["met_on"]),
        *(from_kept(paused) if paused else None, bool(row["stopped"])),
        from_kept(asked) if asked else None,
        row["place_by"],
    )
