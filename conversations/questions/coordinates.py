"""Where on Earth a typed text says: coordinates as people write and copy them.

    -1.2921, 36.8219      4,711 N 74,072 O      lat: -1.2921 long: 36.8219
    1°17'31.6"S 36°49'18.8"E      S 1 17.526 E 36 49.314
    -1.2921 36.8219 1661 12       as ODK writes it: altitude and accuracy in metres
    -1.2921, 36.8219 ±12 m        with accuracy
    geo:-1.2921,36.8219;u=12      RFC 5870
    https://maps.google.com/?q=-1.2921,36.8219    and other maps' links that name the place
    6GCRPR5C+57                   a full Open Location Code ("plus code"); its middle is meant

Where letters say which is which (N, S, E, W; also O for west and L for east, as in Spanish, French
and Portuguese), either may come first; otherwise latitude does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LATITUDE_MAX = 90
LONGITUDE_MAX = 180
DEGREE_DIGITS = 7
"""About a centimetre; more digits are noise."""

TEXT_CHARACTERS_MAX = 2_000
"""So much of a text is looked at; links of maps are long."""

SIXTY = 60


@dataclass(frozen=True, slots=True)
class Point:
    """A place: degrees, the height and the radius within which it lies in metres (0: unknown)."""

    latitude: float
    longitude: float
    accuracy_metres: float = 0
    altitude_metres: float = 0

    def __str__(self) -> str:
        """Write the point as ODK does."""
        numbers = (self.latitude, self.longitude, self.altitude_metres, self.accuracy_metres)
        return " ".join(_decimal(number) for number in numbers)

    @property
    def on_earth(self) -> bool:
        """Tell whether there is such a place."""
        return abs(self.latitude) <= LATITUDE_MAX and abs(self.longitude) <= LONGITUDE_MAX


def _decimal(number: float) -> str:
    text = f"{number:.{DEGREE_DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def read_point(text: str) -> Point | None:
    """Read a typed place; None where the text is none. It need not be on Earth.

    >>> str(read_point("-1.2921, 36.8219")), str(read_point("4,711 N 74,072 O"))
    ('-1.2921 36.8219 0 0', '4.711 -74.072 0 0')
    """
    plain = _plain(text[:TEXT_CHARACTERS_MAX])
    return next((found for found in _readings(plain) if found is not None), None)


def _readings(text: str) -> Iterator[Point | None]:
    if "://" in text or text.lower().startswith("geo:"):
        yield _in_link(text)
        return
    yield _plus_code(text.upper())
    yield _pair(text)


def _plain(text: str) -> str:
    """Write a text with the digits and signs that the patterns know."""
    signs = {"\N{MINUS SIGN}": "-", "\N{ARABIC DECIMAL SEPARATOR}": ".", "\N{ARABIC COMMA}": ","}
    signs |= dict.fromkeys("\N{RIGHT SINGLE QUOTATION MARK}\N{PRIME}\N{ACUTE ACCENT}", "'")
    signs |= dict.fromkeys("\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE PRIME}", '"')
    return "".join(signs.get(sign) or _digit(sign) for sign in text).strip().replace("''", '"')


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign, sign))


# Pairs of numbers

_NUMBER = r"\d{1,3}(?:[.,]\d{1,15})?"
_SIXTIETHS = r"\d{1,2}(?:[.,]\d{1,15})?"
_SIGNED = rf"([-+]?)\s*({_NUMBER})\s*°?\s*(?:({_SIXTIETHS})\s*'\s*)?(?:({_SIXTIETHS})\s*\"\s*)?"
_LETTERED = rf"({_NUMBER})\s*°?\s*(?:({_SIXTIETHS})\s*'?\s*)?(?:({_SIXTIETHS})\s*\"?\s*)?"
_BETWEEN = r"(?:\s*[,;/]\s*|\s+)"
_METRES = rf"(?:\s*(?:±|\+/-)\s*({_NUMBER})\s*m?)?"
_HEIGHT = r"[-+]?\d{1,5}(?:\.\d{1,15})?"

_PLAIN_PAIR = re.compile(f"{_SIGNED}{_BETWEEN}{_SIGNED}{_METRES}")
_ODK_POINT = re.compile(rf"{_SIGNED}\s+{_SIGNED}\s+({_HEIGHT})\s+(\d{{1,5}}(?:\.\d{{1,15}})?)")
_LETTER_AFTER = re.compile(rf"{_LETTERED}([NSEWOL])(?:{_BETWEEN})?{_LETTERED}([NSEWOL]){_METRES}")
_LETTER_BEFORE = re.compile(
    rf"([NSEWOL])[.:]?\s*{_LETTERED}(?:{_BETWEEN})?([NSEWOL])[.:]?\s*{_LETTERED}{_METRES}"
)
_NAMES = re.compile(r"\b(?:lat|lon|lng|long|(?:lat|long)itude?)\b\s*[:=]?\s*", re.IGNORECASE)


def _pair(text: str) -> Point | None:
    bare = _NAMES.sub("", text).strip("()[] ")
    if match := _ODK_POINT.fullmatch(bare):
        *degrees, altitude, accuracy = match.groups()
        return _signed(degrees, float(accuracy), float(altitude))
    if match := _PLAIN_PAIR.fullmatch(bare):
        *degrees, accuracy = match.groups()
        return _signed(degrees, _size(accuracy))
    if match := _LETTER_AFTER.fullmatch(bare.upper()):
        *first, one, a, b, c, other, accuracy = match.groups()
        return _lettered((one, first), (other, (a, b, c)), _size(accuracy))
    if match := _LETTER_BEFORE.fullmatch(bare.upper()):
        one, a, b, c, other, *second, accuracy = match.groups()
        return _lettered((one, (a, b, c)), (other, second), _size(accuracy))
    return None


def _size(number: str | None) -> float:
    return float(number.replace(",", ".")) if number else 0.0


def _angle(parts: list[str | None] | tuple[str | None, ...]) -> float | None:
    """Add degrees, minutes and seconds up; None where there are sixty or more of a part."""
    degrees, minutes, seconds = (_size(part) for part in parts)
    if minutes >= SIXTY or seconds >= SIXTY:
        return None
    return degrees + minutes / SIXTY + seconds / SIXTY**2


def _signed(
    groups: list[str | None], accuracy_metres: float, altitude_metres: float = 0
) -> Point | None:
    latitude, longitude = _angle(groups[1:4]), _angle(groups[5:8])
    if latitude is None or longitude is None:
        return None
    return Point(
        -latitude if groups[0] == "-" else latitude,
        -longitude if groups[4] == "-" else longitude,
        accuracy_metres,
        altitude_metres,
    )


_Lettered = tuple[str, "list[str | None] | tuple[str | None, ...]"]


def _lettered(one: _Lettered, other: _Lettered, accuracy_metres: float) -> Point | None:
    """Put two angles in order by their letters; None where both say north, or both east."""
    north, east = (one, other) if one[0] in "NS" else (other, one)
    if north[0] not in "NS" or east[0] not in "EWOL":
        return None
    latitude, longitude = _angle(north[1]), _angle(east[1])
    if latitude is None or longitude is None:
        return None
    return Point(
        -latitude if north[0] == "S" else latitude,
        -longitude if east[0] in "WO" else longitude,
        accuracy_metres,
    )


# Links

_DEGREES = r"(-?\d{1,3}\.\d{1,20}|-?\d{1,3})"
_COMMA = r"(?:,|%2C)(?:\+|%20)?"
_LINKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^geo:{_DEGREES},{_DEGREES}(?:,[^;?]*)?(?:;u=(\d+))?",
        rf"!3d{_DEGREES}!4d{_DEGREES}",
        rf"[?&]mlat={_DEGREES}&mlon={_DEGREES}",
        rf"[?&](?:q|query|ll|sll|daddr|destination|center|pt|cp)=(?:loc:)?{_DEGREES}{_COMMA}{_DEGREES}",
        rf"/(?:search|place|dir|maps)/+@?{_DEGREES}{_COMMA}{_DEGREES}",
        rf"/@{_DEGREES}{_COMMA}{_DEGREES}",
        rf"#map=\d+(?:\.\d+)?/{_DEGREES}/{_DEGREES}",
    )
)
"""What maps write into their links, the place itself before the middle of the picture."""


def _in_link(text: str) -> Point | None:
    for pattern in _LINKS:
        if match := pattern.search(text):
            latitude, longitude, *accuracy = match.groups()
            return Point(float(latitude), float(longitude), _size(*accuracy) if accuracy else 0)
    return None


# Open Location Codes: https://github.com/google/open-location-code/blob/main/Documentation/Specification/specification.md

_ALPHABET = "23456789CFGHJMPQRVWX"
_CODE = re.compile(rf"([{_ALPHABET}]{{8}})\+([{_ALPHABET}]{{2,7}})\b")
_PAIR_DIGITS = 10
_GRID_ROWS, _GRID_COLUMNS = 5, 4
METRES_PER_DEGREE = 111_320


def _plus_code(text: str) -> Point | None:
    """Return the middle of the area that a full code names; a short one needs a town we lack."""
    match = _CODE.search(text)
    if match is None:
        return None
    digits = [_ALPHABET.index(sign) for sign in match[1] + match[2]]
    south, west, side = -float(LATITUDE_MAX), -float(LONGITUDE_MAX), 400.0
    for north_digit, east_digit in zip(
        digits[:_PAIR_DIGITS:2], digits[1:_PAIR_DIGITS:2], strict=True
    ):
        side /= len(_ALPHABET)
        south, west = south + north_digit * side, west + east_digit * side
    height = width = side
    for digit in digits[_PAIR_DIGITS:]:
        height, width = height / _GRID_ROWS, width / _GRID_COLUMNS
        south += (digit // _GRID_COLUMNS) * height
        west += (digit % _GRID_COLUMNS) * width
    radius = round(max(height, width) / 2 * METRES_PER_DEGREE, 1)
    return Point(south + height / 2, west + width / 2, radius)
