"""A small map of where a report is, drawn from the programme's own areas. Pure.

No tile is loaded from anywhere: a place asked of a server elsewhere would tell it where a report is
from. The drawing is flat (a degree of longitude shrinks with the latitude), which is true enough
for an area or two. Outlines are thinned to what can be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final

from conversations.areas import Area, area_at
from conversations.xpath.functions.geometry import Place

WIDTH: Final = 320
HEIGHT: Final = 220
MARGIN: Final = 14

LABEL_BELOW: Final = 15
LABEL_MARGIN: Final = 34
"""An area's name stands so far below its upper edge, and so far inside the drawing."""

SPAN_MIN_DEGREES: Final = 0.02
"""A map shows at least so much, about two kilometres."""

AROUND_DEGREES: Final = 0.15
"""Shown on each side of a place outside every area."""

POINTS_MAX: Final = 300
"""Points drawn of one outline."""

METRES_PER_DEGREE: Final = 111_320.0
ROUND_METRES: Final = (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50)

SCALE_SHARE: Final = 0.4
"""So much of the width the scale may take."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An area's outlines as an SVG path; `is_here` where the place lies in it."""

    path: str
    name: str
    is_here: bool
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map ready to be drawn: areas, the points of the report, and a bar of `scale_metres`."""

    shapes: tuple[Shape, ...]
    points: tuple[tuple[float, float], ...]
    scale_metres: int
    scale_width: float
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class _Window:
    south: float
    west: float
    north: float
    east: float

    @property
    def shrink(self) -> float:
        return max(0.05, cos(radians((self.south + self.north) / 2)))

    @property
    def per_degree(self) -> float:
        across = (WIDTH - 2 * MARGIN) / ((self.east - self.west) * self.shrink)
        return min(across, (HEIGHT - 2 * MARGIN) / (self.north - self.south))

    def at(self, place: Place) -> tuple[float, float]:
        middle_x, middle_y = (self.west + self.east) / 2, (self.south + self.north) / 2
        x = WIDTH / 2 + (place[1] - middle_x) * self.shrink * self.per_degree
        y = HEIGHT / 2 - (place[0] - middle_y) * self.per_degree
        return round(x, 1), round(y, 1)

    def meets(self, ring: Sequence[Place]) -> bool:
        latitudes, longitudes = [one[0] for one in ring], [one[1] for one in ring]
        beside = max(longitudes) < self.west or min(longitudes) > self.east
        return not (beside or max(latitudes) < self.south or min(latitudes) > self.north)


def draw(areas: Mapping[str, Area], places: Sequence[Place], *chain: str) -> Drawing | None:
    """Draw where a report is, names in the first language of `chain`; None for no place."""
    if not places:
        return None
    here = area_at(areas, places[0])
    window = _window(areas.get(here), places)
    shapes = tuple(_shapes(areas, here, window, chain))
    metres = _scale(window)
    width = round(metres / METRES_PER_DEGREE * window.per_degree, 1)
    return Drawing(shapes, tuple(window.at(place) for place in places), metres, width)


def _window(area: Area | None, places: Sequence[Place]) -> _Window:
    around = [place for ring in area.outlines for place in ring] if area else []
    shown = [*around, *places]
    pad = 0.0 if around else AROUND_DEGREES
    south, north = min(one[0] for one in shown) - pad, max(one[0] for one in shown) + pad
    west, east = min(one[1] for one in shown) - pad, max(one[1] for one in shown) + pad
    short = max(0.0, SPAN_MIN_DEGREES - (north - south)) / 2
    narrow = max(0.0, SPAN_MIN_DEGREES - (east - west)) / 2
    return _Window(south - short, west - narrow, north + short, east + narrow)


def _shapes(
    areas: Mapping[str, Area], here: str, window: _Window, chain: Iterable[str]
) -> Iterator[Shape]:
    tags = tuple(chain)
    for code, area in areas.items():
        rings = [ring for ring in area.outlines if ring and window.meets(ring)]
        if not rings:
            continue
        points = [window.at(place) for place in rings[0]]
        middle = (min(x for x, _ in points) + max(x for x, _ in points)) / 2
        x = min(max(middle, LABEL_MARGIN), WIDTH - LABEL_MARGIN)
        y = max(min(y for _, y in points), 0.0) + LABEL_BELOW
        path = " ".join(_path(ring, window) for ring in rings)
        yield Shape(path, name_of(area, code, *tags), code == here, round(x, 1), round(y, 1))


def _path(ring: Sequence[Place], window: _Window) -> str:
    step = -(-len(ring) // POINTS_MAX)
    points = [window.at(place) for place in ring[::step]]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _scale(window: _Window) -> int:
    room = (WIDTH - 2 * MARGIN) * SCALE_SHARE / window.per_degree * METRES_PER_DEGREE
    return next((metres for metres in ROUND_METRES if metres <= room), ROUND_METRES[-1])


def name_of(area: Area, code: str, *chain: str) -> str:
    """Return an area's name in the first language that has one; its code where none has."""
    tags = (*chain, "", *area.names)
    return next((area.names[tag] for tag in tags if area.names.get(tag)), code)
