"""What an answer may be, and how XForms writes it.

`canonical` turns a given text into the lexical form of its kind, or refuses it with None:

    integer       12, -3           no sign, zeros or blanks around it; at most 15 digits
    decimal       1.5, -0.25       no exponent
    date          2026-11-22       a day that exists
    time          10:35:00         seconds and zone as given
    dateTime      2026-11-22T10:35:00.000+03:00
    geopoint      -1.29 36.82 0 5  latitude, longitude, altitude and accuracy in metres
    geotrace      points with `; ` between them, at least two; a geoshape ends where it began

Source: https://getodk.github.io/xforms-spec/#data-types
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from conversations.xform.form import Kind

TEXT_LENGTH_MAX = 100_000
POINTS_MAX = 10_000

_DIGITS_MAX = 15
_INTEGER = re.compile(r"[+-]?[0-9]{1,40}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*)?")
_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)?"
_TIME = re.compile(rf"([0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]{{1,6}})?)({_ZONE})")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EPOCH = date(1970, 1, 1)


def canonical(kind: Kind, text: str, now: datetime) -> str | None:
    """Return a non-blank value as XForms writes it, or None where it is none of this kind.

    `now` gives the zone of a dateTime that names none.
    """
    if len(text) > TEXT_LENGTH_MAX or _UNPRINTABLE.search(text):
        return None
    if kind == "dateTime":
        return _moment(text.strip(), now)
    write = _WRITERS.get(kind)
    return text if write is None else write(text.strip())


def from_number(type_: str, number: float) -> str | None:
    """Write a number a calculation gave as a bind type has it; None where it stays a number.

    Whole numbers lose their fraction, dates are days since 1970. JavaRosa does the same.
    """
    if not math.isfinite(number):
        return ""
    match type_:
        case "int" | "integer" | "long":
            return str(int(number))
        case "date":
            return _day_after_epoch(number)
    return None


def _day_after_epoch(days: float) -> str | None:
    try:
        return (_EPOCH + timedelta(days=math.floor(days))).isoformat()
    except OverflowError:
        return ""


def cast(kind: Kind, text: str, now: datetime) -> str:
    """Return a value as its kind can hold it: a whole number loses its fraction, else blank."""
    kept = canonical(kind, text, now)
    if kept is None and kind == "integer":
        kept = _number(text.strip())
        return "" if kept is None else str(int(Decimal(kept)))
    return kept or ""


def _integer(text: str) -> str | None:
    if not _INTEGER.fullmatch(text):
        return None
    number = int(text)
    return str(number) if len(str(abs(number))) <= _DIGITS_MAX else None


def _decimal(text: str) -> str | None:
    if not _DECIMAL.fullmatch(text):
        return None
    return _plain(Decimal(text))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _number(text: str) -> str | None:
    try:
        return _decimal(text)
    except InvalidOperation:
        return None


def _day(text: str) -> str | None:
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1]).isoformat()
    except ValueError:
        return None


def _time(text: str) -> str | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    try:
        time.fromisoformat(match[1])
    except ValueError:
        return None
    return text


def _moment(text: str, now: datetime) -> str | None:
    day, _, clock = text.replace(" ", "T", 1).partition("T")
    if _day(day) is None or (clock and _time(clock) is None):
        return None
    try:
        moment = datetime.fromisoformat(f"{day}T{_time(clock) or '00:00:00'}")
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    return moment.isoformat(timespec="milliseconds")


def _boolean(text: str) -> str | None:
    return {"true": "true", "1": "true", "false": "false", "0": "false"}.get(text.lower())


def _point(text: str) -> str | None:
    parts = [_number(part) for part in text.replace(",", " ").split()]
    if len(parts) not in (2, 3, 4) or None in parts:
        return None
    latitude, longitude, *rest = (part for part in parts if part is not None)
    if abs(Decimal(latitude)) > 90 or abs(Decimal(longitude)) > 180:  # noqa: PLR2004 - degrees.
        return None
    return " ".join([latitude, longitude, *rest, *["0"] * (2 - len(rest))])


def _trace(text: str) -> str | None:
    points = [_point(part) for part in text.strip().strip(";").split(";")]
    if not 2 <= len(points) <= POINTS_MAX or None in points:  # noqa: PLR2004 - a line's two ends.
        return None
    return "; ".join(point for point in points if point is not None)


def _shape(text: str) -> str | None:
    line = _trace(text)
    if line is None:
        return None
    points = line.split("; ")
    if points[0] != points[-1]:
        points.append(points[0])
    return "; ".join(points) if len(points) >= 4 else None  # noqa: PLR2004 - three corners, closed.


def _acknowledged(text: str) -> str | None:
    return "OK" if text.lower() in ("ok", "true", "1", "yes") else None


def _file_name(text: str) -> str | None:
    return text if "/" not in text and "\\" not in text else None


_WRITERS: Final[Mapping[Kind, Callable[[str], str | None]]] = {
    "integer": _integer,
    "decimal": _number,
    "range": _number,
    "date": _day,
    "time": _time,
    "boolean": _boolean,
    "geopoint": _point,
    "geotrace": _trace,
    "geoshape": _shape,
    "acknowledge": _acknowledged,
    "image": _file_name,
    "audio": _file_name,
    "video": _file_name,
    "file": _file_name,
}
