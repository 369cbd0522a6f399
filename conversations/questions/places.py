"""Places: shared by the phone, or typed as latitude and longitude.

A point is `latitude longitude altitude accuracy` in degrees and metres, as ODK writes it; a
phone's chat tells no altitude, so that is 0. A line or an area is points with `;` between them,
shared one after the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversations.events import Event, PlaceShared, TextWritten
from conversations.phrases import Phrase, Problem, Speech, phrase, phrase_of_many, verbatim
from conversations.questions.base import (
    Asked,
    Given,
    Kind,
    Offer,
    Reading,
    Scratched,
    bare,
    done_label,
)
from conversations.replies import Block, Key, Keyboard

LATITUDE_MAX = 90
LONGITUDE_MAX = 180
DEGREE_DIGITS = 7
"""About a centimetre; more digits are noise."""

POINTS_MAX = 100
LINE_POINTS_MIN = 2
AREA_POINTS_MIN = 3

EXAMPLE = "-1.2921, 36.8219"
MINUS = "\N{MINUS SIGN}"

_DEGREES = rf"([-+{MINUS}]?)\s*(\d{{1,3}}(?:[.,]\d{{1,15}})?)\s*°?\s*"
_PAIR = re.compile(_DEGREES + r"([NnSs]?)(?:\s*[,;/]\s*|\s+)" + _DEGREES + r"([EeWwOo]?)")


@dataclass(frozen=True, slots=True)
class Point:
    """A place on Earth: degrees, and the radius in metres within which it lies (0: unknown)."""

    latitude: float
    longitude: float
    accuracy_metres: float = 0

    def __str__(self) -> str:
        """Write the point as ODK does."""
        numbers = (self.latitude, self.longitude, 0.0, self.accuracy_metres)
        return " ".join(_decimal(number) for number in numbers)


def _decimal(number: float) -> str:
    text = f"{number:.{DEGREE_DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def read_point(text: str) -> Point | None:
    """Read a typed place, with points or commas, with or without N, S, E, W (in Spanish O).

    >>> str(read_point("-1.2921, 36.8219")), str(read_point("4,711 N 74,072 O"))
    ('-1.2921 36.8219 0 0', '4.711 -74.072 0 0')
    """
    match = _PAIR.fullmatch(text.strip())
    if match is None:
        return None
    latitude = _degrees(match[1], match[2], minus=match[3] in "Ss" and bool(match[3]))
    longitude = _degrees(match[4], match[5], minus=match[6] in "WwOo" and bool(match[6]))
    return _on_earth(Point(latitude, longitude))


def _degrees(sign: str, digits: str, *, minus: bool) -> float:
    size = float(digits.replace(",", "."))
    return -size if minus or sign in {"-", MINUS} else size


def _on_earth(point: Point) -> Point | None:
    inside = abs(point.latitude) <= LATITUDE_MAX and abs(point.longitude) <= LONGITUDE_MAX
    return point if inside else None


def _point_of(event: Event) -> Point | None:
    match event:
        case PlaceShared(latitude, longitude, accuracy):
            return _on_earth(Point(latitude, longitude, accuracy or 0))
        case TextWritten(text):
            return read_point(text)
        case _:
            return None


def _no_place() -> Problem:
    # Translators: "Share my place" is the name of a key; please write it as you translate that.
    return Problem(
        phrase(
            "I could not read that as a place. Tap “Share my place”, or write latitude and "
            "longitude like this: {example}",
            example=EXAMPLE,
        )
    )


def _share() -> Key:
    # Translators: a key that sends the place where the person is now.
    return Key(phrase("Share my place"), shares_place=True)


def _show_point(point: str) -> Phrase:
    latitude, longitude, *_ = point.split()
    return verbatim("{latitude}, {longitude}", latitude=latitude, longitude=longitude)


# One point


def _ask_point(_asked: Asked) -> Offer:
    how = phrase(
        "Tap “Share my place” below. To give another place, use the paper clip, or write its "
        "latitude and longitude."
    )
    return Offer((Block(how, "hint"),), keyboard=Keyboard(((_share(),),)))


def _read_point(_asked: Asked, event: Event) -> Reading:
    point = _point_of(event)
    return Given(str(point)) if point else _no_place()


def _show_place(_asked: Asked, value: str) -> Speech:
    return _show_point(value)


# Several points, one after the other


def _ask_points(asked: Asked) -> Offer:
    points = _points(asked.scratch)
    how = Block(phrase("Share the places one after the other, then tap Done."), "hint")
    # Translators: while the person shares points on a map, one after the other.
    count = phrase_of_many("{count} place so far.", "{count} places so far.", len(points))
    rows = ((_share(),), *(((Key(done_label()),),) if points else ()))
    return Offer((how, *((Block(count),) if points else ())), keyboard=Keyboard(rows))


def _points(text: str) -> tuple[str, ...]:
    return tuple(point for point in text.split(";") if point)


def _read_points(asked: Asked, event: Event, points_min: int, *, closes: bool) -> Reading:
    points = _points(asked.scratch)
    if isinstance(event, TextWritten) and _says_done(asked, event.text):
        return _finished(points, points_min, closes=closes)
    point = _point_of(event)
    if point is None:
        return _no_place()
    if len(points) == POINTS_MAX:
        return Problem(
            phrase_of_many(
                "That is more than {count} place. Please tap Done.",
                "That is more than {count} places. Please tap Done.",
                POINTS_MAX,
            )
        )
    return Scratched(";".join((*points, str(point))))


def _says_done(asked: Asked, text: str) -> bool:
    return bare(text) == bare(asked.locale.say(done_label()))


def _finished(points: tuple[str, ...], points_min: int, *, closes: bool) -> Reading:
    if len(points) < points_min:
        return Problem(
            phrase_of_many(
                "This needs at least {count} place. Please share another one.",
                "This needs at least {count} places. Please share another one.",
                points_min,
            )
        )
    return Given(";".join((*points, points[0]) if closes else points))


def _read_line(asked: Asked, event: Event) -> Reading:
    return _read_points(asked, event, LINE_POINTS_MIN, closes=False)


def _read_area(asked: Asked, event: Event) -> Reading:
    return _read_points(asked, event, AREA_POINTS_MIN, closes=True)


def _show_line(_asked: Asked, value: str) -> Speech:
    return _how_many(len(_points(value)))


def _show_area(_asked: Asked, value: str) -> Speech:
    """Count the corners; the point that closes an area is its first once more."""
    return _how_many(len(_points(value)) - 1)


def _how_many(count: int) -> Phrase:
    # Translators: stands in the list of answers; points on a map that the person has shared.
    return phrase_of_many("{count} place", "{count} places", count)


GEOPOINT = Kind(_ask_point, _read_point, _show_place)
GEOTRACE = Kind(_ask_points, _read_line, _show_line)
GEOSHAPE = Kind(_ask_points, _read_area, _show_area)
