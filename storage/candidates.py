"""Whom one might ask about a report, found by indexes however many people there are.

Of each place that is wanted: those who were not asked for longest, and some drawn by chance. A
pseudonym is as good as drawn, so people by chance are those that follow on a drawn one. More than
that need not be looked at: `conversations.audiences` chooses a handful of them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from math import ceil, cos, floor, radians
from typing import Final, Literal, TypeAlias

from conversations.audiences import Candidate, Place
from conversations.verdicts.answers import Validator
from storage.moments import from_kept, to_kept
from storage.reach import AWAITED
from storage.reporters import Reporter
from storage.store import Reading, Row

LONGEST_MAX: Final = 60
"""So many who were not asked for longest are looked at, evenly from all places."""

DRAWN_MAX: Final = 12

CELLS_MAX: Final = 225
"""Cells around a place that are searched; what lies further is not asked."""

PLACES_AT_ONCE: Final = 9
"""So many cells are searched together, drawn ones first, until there are enough people."""

ENOUGH: Final = 40

WEEK: Final = timedelta(days=7)

By: TypeAlias = Literal["area", "cell", "language", ""]
"""By what people are found; blank is the whole programme."""

_COLUMNS: Final = """r.reporter, r.language, r.area, r.cell, r.invited_by, r.met_on, r.asked_at,
    (SELECT count(*) FROM asks AS a WHERE a.validator = r.reporter AND a.planned_at > $3)
    + (SELECT count(*) FROM count_asks AS n WHERE n.validator = r.reporter AND n.planned_at > $3)
    AS lately
"""

_WILLING: Final = """NOT r.stopped AND r.paused_until_at <= $2
    AND NOT EXISTS (SELECT 1 FROM rests AS w WHERE w.reporter = r.reporter AND w.until_at > $2)"""


# Beside programme, now and a week ago ($1 to $3): how many of each place, and the drawn lot.
_LONGEST: Final = f"""
    SELECT {_COLUMNS} FROM reach AS r WHERE r.programme = $1 AND {_WILLING} {{where}}
    ORDER BY r.asked_at LIMIT $4
"""  # noqa: S608 - put together from our own words.

_DRAWN: Final = f"""
    SELECT {_COLUMNS} FROM reach AS r
    WHERE r.programme = $1 AND {_WILLING} AND r.reporter >= $5 {{where}}
    ORDER BY r.reporter LIMIT $4
"""  # noqa: S608 - as above.


@cache
def _of_places(one: str, by: By, number: int, first: int) -> str:
    """Put one statement together that looks in so many places; values begin at `$first`."""
    wheres = [f"AND r.{by} = ${first + place}" for place in range(number)] if by else [""]
    each = [f"SELECT * FROM ({one.format(where=where)}) AS p" for where in wheres]  # noqa: S608
    return " UNION ALL ".join(each)


OF = f"""
    SELECT {_COLUMNS} FROM reach AS r
    WHERE r.programme = $1 AND {_WILLING} AND r.reporter = $4
"""  # noqa: S608 - as above.

# Holders of a role are contacts; who they are as reporters only the key can tell.
HOLDERS = """
    SELECT c.chat_id FROM roles AS r JOIN contacts AS c ON c.id = r.contact_id
    WHERE r.programme = $1 AND r.role = $2 AND c.state = 'active' ORDER BY r.id LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where to look for people: by one column, in these values of it.

    `lot` is a drawn pseudonym, 32 hexadecimal digits.
    """

    by: By
    values: Sequence[str]
    lot: str


async def found(
    reading: Reading, programme: str, wanted: Wanted, now: datetime
) -> tuple[Candidate, ...]:
    """Return people who may be asked, each once."""
    values = sorted(wanted.values, key=lambda value: _lot(wanted.lot, value))
    rows: dict[str, Row] = {}
    for first in range(0, max(1, len(values)), PLACES_AT_ONCE):
        some = values[first : first + PLACES_AT_ONCE]
        if wanted.by and not some:
            break
        rows |= await _in_places(reading, programme, replace(wanted, values=some), now)
        if len(rows) >= ENOUGH:
            break
    return tuple(_candidate(row, now) for row in rows.values())


async def _in_places(
    reading: Reading, programme: str, wanted: Wanted, now: datetime
) -> dict[str, Row]:
    places = max(1, len(wanted.values))
    about = (programme, to_kept(now), to_kept(now - WEEK))
    longest_max, drawn_max = LONGEST_MAX // places, max(1, DRAWN_MAX // places)
    sql = _of_places(_LONGEST, wanted.by, places, 5)
    longest = await reading.rows(sql, *about, longest_max, *wanted.values)
    rows = {row["reporter"]: row for row in longest}
    filled = Counter(row[wanted.by] if wanted.by else "" for row in longest)
    if longest_max in filled.values():
        sql = _of_places(_DRAWN, wanted.by, places, 6)
        drawn = await reading.rows(sql, *about, drawn_max, wanted.lot, *wanted.values)
        rows |= {row["reporter"]: row for row in drawn}
    return rows


def _lot(lot: str, value: str) -> bytes:
    return hashlib.sha256(f"{lot} {value}".encode()).digest()


async def of(
    reading: Reading, programme: str, people: Iterable[Reporter], now: datetime
) -> tuple[Candidate, ...]:
    """Return those of some people who may be asked."""
    about = (programme, to_kept(now), to_kept(now - WEEK))
    rows = [await reading.row(OF, *about, one) for one in people]
    return tuple(_candidate(row, now) for row in rows if row is not None)


async def holders(
    reading: Reading, programme: str, role: str, at_most: int = LONGEST_MAX
) -> tuple[int, ...]:
    """Return the chats of those who hold a role."""
    return tuple(row["chat_id"] for row in await reading.rows(HOLDERS, programme, role, at_most))


def cells_around(place: Place, km: float) -> tuple[str, ...]:
    """Name the cells of a tenth of a degree that lie within a distance, the own one first.

    >>> cells_around((-1.29, 36.82), 1)[0], len(cells_around((-1.29, 36.82), 1))
    ('-13,368', 9)
    """
    row, column = floor(place[0] * 10), floor(place[1] * 10)
    high = ceil(km / 11.1)
    wide = ceil(km / max(1.0, 11.1 * cos(radians(place[0]))))
    around = [
        (abs(north) + abs(east), f"{row + north},{column + east}")
        for north in range(-high, high + 1)
        for east in range(-wide, wide + 1)
    ]
    return tuple(cell for _, cell in sorted(around))[:CELLS_MAX]


def _candidate(row: Row, now: datetime) -> Candidate:
    met = datetime.fromisoformat(row["met_on"]).replace(tzinfo=now.tzinfo)
    return Candidate(
        *(Validator(row["reporter"]), row["area"] or None, frozenset({row["language"]})),
        (now - met).days,
        place=_middle(row["cell"]),
        asked_at=from_kept(row["asked_at"]) if row["asked_at"] else None,
        asked_this_week=row["lately"],
        invitation=row["invited_by"] or None,
    )


def _middle(cell: str) -> Place | None:
    """Return the middle of a cell, which is all that is known of where somebody is at home."""
    if cell in {"", AWAITED}:
        return None
    north, east = (int(part) for part in cell.split(","))
    return (north / 10 + 0.05, east / 10 + 0.05)
