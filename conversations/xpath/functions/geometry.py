"""Functions over places: `latitude longitude altitude accuracy`, several joined by `;`.

The Earth is a sphere of the equator's radius, altitude does not count, and lengths and areas are
rounded to two decimals, which gives the figures of the XForms specification. What is no place
makes an area or a distance 0 and a condition false.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TypeAlias

from conversations.xpath.scope import Scope
from conversations.xpath.signatures import pure, scoped

Place: TypeAlias = tuple[float, float]
"""Latitude and longitude in degrees."""

Segment: TypeAlias = tuple[Place, Place]

EARTH_RADIUS_METRES = 6_378_100.0
_LATITUDE_MAX = 90.0
_LONGITUDE_MAX = 180.0
_CORNERS_MIN = 3
_PAIR_VISITS = 4
"""What comparing two parts of a line costs the budget; it takes as long as some visits."""


def places_of(texts: list[str]) -> list[Place]:
    """Read places from geopoints, geotraces and geoshapes; [] when any of them is none."""
    places: list[Place] = []
    for text in texts:
        for part in text.split(";"):
            if not part.strip():
                continue
            place = _place(part)
            if place is None:
                return []
            places.append(place)
    return places


def _place(text: str) -> Place | None:
    try:
        numbers = [float(number) for number in text.split()]
    except ValueError:
        return None
    if not 2 <= len(numbers) <= 4:  # noqa: PLR2004 - altitude and accuracy may be left out.
        return None
    latitude, longitude = numbers[:2]
    if not (abs(latitude) <= _LATITUDE_MAX and abs(longitude) <= _LONGITUDE_MAX):
        return None
    return latitude, longitude


def area_metres(places: list[Place]) -> float:
    """Return the area in square metres inside a ring of places on the sphere, closed if it is not.

    Each side counts with the mean sine of its latitudes, which gives the figures of the XForms
    specification.
    """
    if len(places) < _CORNERS_MIN:
        return 0.0
    twice = math.fsum(
        math.radians(two[1] - one[1])
        * (2 + math.sin(math.radians(one[0])) + math.sin(math.radians(two[0])))
        for one, two in pairwise([*places, places[0]])
    )
    return abs(twice) * EARTH_RADIUS_METRES**2 / 2


def distance_metres(places: list[Place]) -> float:
    """Return the length in metres of the way along places (spherical law of cosines)."""
    return math.fsum(_between(one, two) for one, two in pairwise(places))


def _between(one: Place, two: Place) -> float:
    north, south = math.radians(one[0]), math.radians(two[0])
    turn = math.radians(one[1] - two[1])
    cosine = math.sin(north) * math.sin(south) + math.cos(north) * math.cos(south) * math.cos(turn)
    return math.acos(max(-1.0, min(1.0, cosine))) * EARTH_RADIUS_METRES


def is_inside(place: Place, shape: list[Place]) -> bool:
    """Tell whether a place lies inside a closed shape (by the crossings of a ray)."""
    inside = False
    for one, two in pairwise(shape):
        if (two[0] > place[0]) != (one[0] > place[0]):
            crossing = (one[1] - two[1]) * (place[0] - two[0]) / (one[0] - two[0]) + two[1]
            if place[1] < crossing:
                inside = not inside
    return inside


def crosses_itself(scope: Scope, places: list[Place]) -> bool:
    """Tell whether a line of places meets itself anywhere but where one part follows another.

    Parts are compared only while they overlap along the axis on which the line is longer.
    """
    line = [
        place for place, before in zip(places, [None, *places], strict=False) if place != before
    ]
    segments = list(pairwise(line))
    closed = len(segments) > 1 and line[0] == line[-1]
    axis = max((0, 1), key=lambda axis: _spread(line, axis))
    order = sorted(range(len(segments)), key=lambda index: _start(segments[index], axis))
    for rank, index in enumerate(order):
        end = max(segments[index][0][axis], segments[index][1][axis])
        for other in order[rank + 1 :]:
            scope.spend(_PAIR_VISITS)
            if _start(segments[other], axis) > end:
                break
            first, second = sorted((index, other))
            neighbours = second - first == 1 or (closed and (first, second) == (0, len(order) - 1))
            meet = _folds if neighbours else _meet
            if meet(segments[first], segments[second]):
                return True
    return False


def _spread(line: list[Place], axis: int) -> float:
    along = [place[axis] for place in line]
    return max(along, default=0.0) - min(along, default=0.0)


def _start(segment: Segment, axis: int) -> float:
    return min(segment[0][axis], segment[1][axis])


def _turn(one: Place, two: Place, three: Place) -> float:
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])


def _within(segment: Segment, place: Place) -> bool:
    (a, b), (c, d) = segment
    return min(a, c) <= place[0] <= max(a, c) and min(b, d) <= place[1] <= max(b, d)


def _meet(one: Segment, two: Segment) -> bool:
    turns = [_turn(*one, two[0]), _turn(*one, two[1]), _turn(*two, one[0]), _turn(*two, one[1])]
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    touching = ((one, two[0]), (one, two[1]), (two, one[0]), (two, one[1]))
    return any(
        turn == 0 and _within(segment, place)
        for turn, (segment, place) in zip(turns, touching, strict=True)
    )


def _folds(one: Segment, two: Segment) -> bool:
    """Tell whether neighbours lie on one another: the way goes back where it came from."""
    shared = next(place for place in one if place in two)
    away = one[0] if one[1] == shared else one[1]
    onward = two[0] if two[1] == shared else two[1]
    return _turn(away, shared, onward) == 0 and (_within(one, onward) or _within(two, away))


def _area(texts: list[str]) -> float:
    return round(area_metres(places_of(texts)), 2)


def _distance(*texts: list[str]) -> float:
    return round(distance_metres(places_of([text for several in texts for text in several])), 2)


def _geofence(point: str, shape: str) -> bool:
    places, corners = places_of([point]), places_of([shape])
    if len(places) != 1 or len(corners) <= _CORNERS_MIN or corners[0] != corners[-1]:
        return False
    return is_inside(places[0], corners)


def _intersects(scope: Scope, text: str) -> bool:
    return crosses_itself(scope, places_of([text]))


FUNCTIONS = (
    pure("area", "t", "number", _area),
    pure("enclosed-area", "t", "number", _area),
    pure("distance", "t*t", "number", _distance),
    pure("geofence", "ss", "boolean", _geofence),
    scoped("intersects", "s", "boolean", _intersects),
)
