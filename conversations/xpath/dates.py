"""Days, times and zones: ISO 8601 texts to and from days since 1970-01-01 UTC.

A text without a zone means the person's zone, which is that of `now`. Two rules keep arithmetic on
whole days whole, as people (and JavaRosa) expect, although the XForms specification counts from
midnight UTC:

- a day counts from midnight in the zone's standard time of the year of `now`, so that the distance
  of two days is a whole number even when daylight saving began between them;
- a number that such a day could have given turns back into that day, and a whole number n is the
  day n after 1970-01-01 wherever the person is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

_TIME = r"(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?"
_MOMENT = re.compile(rf"(\d{{4}})-(\d\d?)-(\d\d?)(?:[T ]{_TIME})?", re.ASCII).fullmatch
_TIME_ALONE = re.compile(_TIME, re.ASCII).fullmatch
_PATTERN_PART = re.compile(r"%.|[^%]+|%", re.DOTALL).findall
_EPOCH = date(1970, 1, 1).toordinal()
_EPOCH_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_SECONDS = 86_400
_HOUR_MINUTES = 60
_NEAR = 1e-6
_MOMENT_BOUND_DAYS = 2_900_000


def moment_of(text: str, zone: tzinfo | None) -> datetime | date | None:
    """Read a date (`date`) or dateTime (aware `datetime`); None where it is neither.

    Months and days of one digit are read too, as JavaRosa does.
    """
    match = _MOMENT(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        whole = date(int(year), int(month), int(day))
        if hour is None:
            return whole
        clock = _clock(hour, minute, second, fraction)
        return datetime.combine(whole, clock, tzinfo=_zone(offset, zone))
    except ValueError:
        return None


def days_of(text: str, now: datetime) -> float | None:
    """Return days since 1970-01-01 UTC for a date or dateTime text; None where it is neither."""
    moment = moment_of(text, now.tzinfo)
    if moment is None:
        return None
    if isinstance(moment, datetime):
        return _days_of_moment(moment)
    return moment.toordinal() - _EPOCH - _standard_days(now)


def exact_days_of(text: str, now: datetime) -> float:
    """Return days since 1970-01-01 UTC, a date counting from its own midnight; NaN if neither.

    Source: decimal-date-time() of the XForms specification.
    """
    moment = moment_of(text, now.tzinfo)
    if moment is None:
        return math.nan
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min, tzinfo=now.tzinfo)
    return _days_of_moment(moment)


def fraction_of_day(text: str, now: datetime) -> float:
    """Return the local time of a time or dateTime text as a fraction of a day; NaN if neither.

    Source: decimal-time() of the XForms specification.
    """
    match = _TIME_ALONE(text.strip())
    if match is None:
        moment = moment_of(text, now.tzinfo)
        if moment is None:
            return math.nan
        local = moment.astimezone(now.tzinfo).time() if isinstance(moment, datetime) else time.min
        return _seconds(local) / _DAY_SECONDS
    try:
        clock = _clock(*match.groups()[:4])
        moment = datetime.combine(now.date(), clock, tzinfo=_zone(match[5], now.tzinfo))
    except ValueError:
        return math.nan
    return _seconds(moment.astimezone(now.tzinfo).time()) / _DAY_SECONDS


def day_of_number(days: float, now: datetime) -> date | None:
    """Return the local day of days since 1970-01-01 (see the module's rules); None out of range."""
    if not math.isfinite(days) or abs(days) > _MOMENT_BOUND_DAYS:
        return None
    for shift in (0.0, _standard_days(now)):
        nearest = round(days + shift)
        if abs(days + shift - nearest) < _NEAR:
            return _day(nearest)
    moment = moment_of_number(days, now)
    return moment.date() if moment else None


def moment_of_number(days: float, now: datetime) -> datetime | None:
    """Return the moment of days since 1970-01-01 UTC in the person's zone; None out of range."""
    if not math.isfinite(days) or abs(days) > _MOMENT_BOUND_DAYS:
        return None
    try:
        moment = _EPOCH_MOMENT + timedelta(milliseconds=round(days * _DAY_SECONDS * 1000))
        return moment.astimezone(now.tzinfo)
    except OverflowError:
        return None


def day_text(day: date | None) -> str:
    """Write a day as `2026-11-22`; '' for None."""
    return "" if day is None else f"{day.year:04}-{day.month:02}-{day.day:02}"


def moment_text(moment: datetime) -> str:
    """Write a moment as `2026-11-22T09:38:37.000-07:00`."""
    return moment.isoformat(timespec="milliseconds")


def formatted(
    moment: datetime, pattern: str, month: Callable[[int], str], weekday: Callable[[int], str]
) -> str:
    """Fill a pattern of format-date() and format-date-time(); what is no field stays as it is.

    Source: the XForms specification, date and time functions.
    """
    fields: dict[str, Callable[[], str]] = {
        "Y": lambda: f"{moment.year:04}",
        "y": lambda: f"{moment.year % 100:02}",
        "m": lambda: f"{moment.month:02}",
        "n": lambda: str(moment.month),
        "b": lambda: month(moment.month),
        "d": lambda: f"{moment.day:02}",
        "e": lambda: str(moment.day),
        "a": lambda: weekday(moment.weekday()),
        "H": lambda: f"{moment.hour:02}",
        "h": lambda: str(moment.hour),
        "M": lambda: f"{moment.minute:02}",
        "S": lambda: f"{moment.second:02}",
        "3": lambda: f"{moment.microsecond // 1000:03}",
        "%": lambda: "%",
    }
    return "".join(
        fields[part[1]]() if part[:1] == "%" and part[1:] in fields else part
        for part in _PATTERN_PART(pattern)
    )


def _clock(hour: str, minute: str, second: str | None, fraction: str | None) -> time:
    microseconds = int((fraction or "0").ljust(6, "0")[:6])
    return time(int(hour), int(minute), int(second or 0), microseconds)


def _zone(offset: str | None, zone: tzinfo | None) -> tzinfo | None:
    if offset is None:
        return zone
    if offset == "Z":
        return UTC
    sign = -1 if offset[0] == "-" else 1
    minutes = int(offset[-2:]) if len(offset) > len("+00") else 0
    if minutes >= _HOUR_MINUTES:
        message = f"{offset} is no zone"
        raise ValueError(message)
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=minutes))


def _standard_days(now: datetime) -> float:
    return _standard_days_of(now.year, now.tzinfo)


@lru_cache(maxsize=64)
def _standard_days_of(year: int, zone: tzinfo | None) -> float:
    winter_and_summer = (
        datetime(year, month, 1, tzinfo=zone).utcoffset() or timedelta() for month in (1, 7)
    )
    return min(winter_and_summer) / timedelta(days=1)


def _day(days: int) -> date | None:
    try:
        return date.fromordinal(_EPOCH + days)
    except (ValueError, OverflowError):
        return None


def _days_of_moment(moment: datetime) -> float:
    return (moment - _EPOCH_MOMENT) / timedelta(days=1)


def _seconds(clock: time) -> float:
    whole = clock.hour * 3600 + clock.minute * 60 + clock.second
    return whole + clock.microsecond / 1_000_000
