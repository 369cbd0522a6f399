"""`areas.geojson`: where the programme works, one feature an area (RFC 7946)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from zoneinfo import available_timezones

from conversations.areas import Area, Ring
from conversations.xform.problems import FormError, FormProblem

FILE_NAME: Final = "areas.geojson"
AREAS_MAX: Final = 5_000
_SHAPES: Final = frozenset({"Polygon", "MultiPolygon", "Point"})


def read_areas(content: bytes) -> dict[str, Area]:
    """Return the areas by code; FormError with all that is wrong.

    Each feature needs `properties.code`, its own, and `properties.name`: a text, or texts by
    language tag. `properties.zone` names the IANA zone of its clocks, where that is not the
    programme's.
    """
    features = _features(content)
    problems = [problem for number, one in enumerate(features) for problem in _faults(number, one)]
    codes = [str(_properties(feature).get("code")) for feature in features]
    problems += [
        FormProblem(f"Several areas have the code {code}.", "Give each its own.")
        for code, times in Counter(codes).items()
        if times > 1
    ]
    if problems:
        raise FormError(problems[:50])
    return {code: _area(feature) for code, feature in zip(codes, features, strict=True)}


def _features(content: bytes) -> Sequence[Any]:
    mend = "Export the areas as GeoJSON (a FeatureCollection)."
    try:
        collection = json.loads(content)
    except (ValueError, RecursionError) as broken:
        raise FormError([FormProblem(f"This is not GeoJSON: {broken}.", mend)]) from None
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        raise FormError([FormProblem("This GeoJSON has no list of areas.", mend)])
    if len(features) > AREAS_MAX:
        what = f"There are {len(features):,} areas; {AREAS_MAX:,} may be drawn."
        raise FormError([FormProblem(what, "Leave out the smallest.")])
    return features


def _properties(feature: object) -> Mapping[str, Any]:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _faults(number: int, feature: object) -> Iterator[FormProblem]:
    called = f"Area {number + 1}"
    properties = _properties(feature)
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    shape = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(properties.get("code"), str | int):
        yield FormProblem(f"{called} has no code.", "Add properties.code.")
    if not _names(properties.get("name")):
        yield FormProblem(f"{called} has no name.", "Add properties.name.")
    zone = properties.get("zone", "")
    if zone and zone not in available_timezones():
        mend = "Write an IANA name, such as America/Manaus, or take it out."
        yield FormProblem(f"{called} has a zone that nobody knows: {str(zone)[:40]}.", mend)
    if shape not in _SHAPES or not _is_drawn(geometry):
        yield FormProblem(f"{called} has no shape.", "Draw it as a polygon, or mark a point.")


def _area(feature: Mapping[str, Any]) -> Area:
    names, geometry = _names(_properties(feature)["name"]), feature["geometry"]
    drawn, zone = geometry["coordinates"], str(_properties(feature).get("zone", ""))
    match geometry["type"]:
        case "Point":
            return Area(names, (), tuple(_ring([drawn])), zone)
        case "Polygon":
            return Area(names, tuple(map(_ring, drawn)), zone=zone)
        case _:
            rings = tuple(_ring(ring) for polygon in drawn for ring in polygon)
            return Area(names, rings, zone=zone)


def _ring(places: Sequence[Any]) -> Ring:
    """Turn GeoJSON's places, longitude first, into a ring."""
    return tuple((float(latitude), float(longitude)) for longitude, latitude, *_ in places)


def _is_drawn(geometry: object) -> bool:
    """Tell whether an outline can be read: places of two numbers, as deep as the shape says."""
    try:
        return bool(_area({"properties": {"name": "-"}, "geometry": geometry}))
    except (KeyError, TypeError, ValueError):
        return False


def _names(name: object) -> dict[str, str]:
    match name:
        case str() if name.strip():
            return {"": name}
        case dict():
            return {str(tag): text for tag, text in name.items() if isinstance(text, str) and text}
        case _:
            return {}
