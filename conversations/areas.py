"""Areas: where a programme works, and in which of them a place lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from conversations.xpath.functions.geometry import Place, distance_metres, is_inside, places_of

Ring: TypeAlias = Sequence[Place]
"""A closed outline, or a hole in one: the first place stands at the end again."""

MARK_METRES: Final = 10_000.0
"""An area that is only marked by a point reaches so far."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area: its names by language tag (blank for all), its outlines, or the point that marks it.

    A hole is an outline inside another.
    """

    names: Mapping[str, str]
    outlines: tuple[Ring, ...] = ()
    marks: tuple[Place, ...] = ()
    zone: str = ""
    """The IANA zone of its clocks, blank for the programme's."""


def place_of(value: str) -> Place | None:
    """Read a geopoint as XForms writes it; None for what is none.

    >>> place_of("-1.2921 36.8219 0 5")
    (-1.2921, 36.8219)
    """
    return next(iter(places_of([value])), None)


def area_at(areas: Mapping[str, Area], place: Place) -> str:
    """Return the code of the area in which a place lies; blank for none.

    A drawn area comes before one that is only marked; of marks the nearest counts.
    """
    for code, area in areas.items():
        if sum(is_inside(place, list(ring)) for ring in area.outlines) % 2:
            return code
    marks = [(distance_metres([mark, place]), code)
             for code, area in areas.items() for mark in area.marks]  # fmt: skip
    away, code = min(marks, default=(MARK_METRES, ""))
    return code if away < MARK_METRES else ""
