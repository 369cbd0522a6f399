"""What earlier reports of a form say, kept so that a new one can be compared with them at once.

For each report: where it was and its key answers, by a cell of a hundredth of a degree (about
1.1 km) so that those near are found by an index; and each figure it gave, by question. Both go
with the report when that is erased.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import floor
from typing import Final, TypeAlias

from conversations.checks.facts import Neighbour
from storage.moments import from_kept, to_kept
from storage.store import Reading, Row, Unit

NOTE = """
    INSERT INTO precedents (instance_id, programme, form_id, cell, latitude, longitude, sent_at,
                            answers)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (instance_id) DO UPDATE SET cell = excluded.cell, latitude = excluded.latitude,
        longitude = excluded.longitude, answers = excluded.answers
"""

NEAR = """
    SELECT instance_id, latitude, longitude, sent_at, answers, cell FROM precedents
    WHERE programme = $1 AND form_id = $2 AND cell = $3 AND sent_at > $4 AND instance_id <> $5
    ORDER BY sent_at DESC LIMIT $6
"""

FORGET_MEASURES = "DELETE FROM measures WHERE instance_id = $1"

MEASURE = """
    INSERT INTO measures (programme, form_id, path, sent_at, instance_id, number, figure)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

FIGURES = """
    SELECT figure FROM measures
    WHERE programme = $1 AND form_id = $2 AND path = $3 AND instance_id <> $4
    ORDER BY sent_at DESC LIMIT $5
"""

WHERE_IT_WAS = """
    SELECT latitude, longitude FROM precedents WHERE instance_id = $1 AND cell <> ''
"""

NEAR_MAX: Final = 25
"""Reports of one cell that are compared."""

FIGURES_MAX: Final = 300
"""The newest figures of a question that are compared; more would not change what is usual."""

LOOK_BACK: Final = timedelta(days=7)

Place: TypeAlias = tuple[float, float]


async def note(  # noqa: PLR0913, PLR0917 - a report, where and when it was, what it said.
    unit: Unit,
    programme: str,
    form_id: str,
    instance_id: str,
    sent_at: datetime,
    place: Place | None,
    answers: Mapping[str, str],
    figures: Iterable[tuple[str, float]],
) -> None:
    """Keep what later reports are compared with; of a corrected report, what stands now."""
    cell, (latitude, longitude) = _cell(place), place or (0.0, 0.0)
    at = to_kept(sent_at)
    values = (instance_id, programme, form_id, cell, latitude, longitude, at, json.dumps(answers))
    await unit.run(NOTE, *values)
    await unit.run(FORGET_MEASURES, instance_id)
    rows = [
        (programme, form_id, path, at, instance_id, number, figure)
        for number, (path, figure) in enumerate(figures)
    ]
    await unit.run_many(MEASURE, rows)


async def near(  # noqa: PLR0913, PLR0917 - of what, where, when, but not itself.
    reading: Reading,
    programme: str,
    form_id: str,
    instance_id: str,
    place: Place | None,
    sent_at: datetime,
) -> tuple[Neighbour, ...]:
    """Return reports of a form near in place and time; without a place, those without one."""
    since = to_kept(sent_at - LOOK_BACK)
    found: list[Row] = []
    for cell in _cells_around(place):
        found += await reading.rows(NEAR, programme, form_id, cell, since, instance_id, NEAR_MAX)
    return tuple(map(_neighbour, found))


async def place_of(reading: Reading, instance_id: str) -> Place | None:
    """Return where a report was, None where it said no place."""
    row = await reading.row(WHERE_IT_WAS, instance_id)
    return (row["latitude"], row["longitude"]) if row else None


async def history(
    reading: Reading, programme: str, form_id: str, instance_id: str, paths: Iterable[str]
) -> Mapping[str, Sequence[float]]:
    """Return the newest figures of other reports for each question."""
    return {
        path: [
            row["figure"]
            for row in await reading.rows(
                FIGURES, programme, form_id, path, instance_id, FIGURES_MAX
            )
        ]
        for path in dict.fromkeys(paths)
    }


def _cell(place: Place | None) -> str:
    return f"{floor(place[0] * 100)},{floor(place[1] * 100)}" if place else ""


def _cells_around(place: Place | None) -> tuple[str, ...]:
    if place is None:
        return ("",)
    south, west = floor(place[0] * 100), floor(place[1] * 100)
    return tuple(f"{south + up},{west + on}" for up in (-1, 0, 1) for on in (-1, 0, 1))


def _neighbour(row: Row) -> Neighbour:
    place = (row["latitude"], row["longitude"]) if row["cell"] else None
    sent_at = from_kept(row["sent_at"])
    return Neighbour(row["instance_id"], sent_at, place, json.loads(row["answers"]))
