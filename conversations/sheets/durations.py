"""Durations as coordinators write them: `14 days`, `6 weeks`, `-3 days`, `24 months, 12 months`.

Days, weeks, months and years are counted by the calendar, so the wall time stays: a month after
31 January is the last day of February. Nothing is shorter than an hour.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypeAlias, TypeVar, get_args

Unit: TypeAlias = Literal["hours", "days", "weeks", "months", "years"]
_Moment = TypeVar("_Moment", date, datetime)

YEARS_MAX: Final = 100
"""Nothing is planned further ahead; a larger number is a slip of the pen."""
DURATIONS_MAX: Final = 12
"""Of one list, such as reminders."""

_WRITTEN: Final = re.compile(r"([+-]?)\s*([0-9]{1,6})\s+([a-z]+)")
_UNITS: Final[Mapping[str, Unit]] = {
    word: unit for unit in get_args(Unit) for word in (unit, unit.removesuffix("s"))
}
_DAYS: Final[Mapping[Unit, float]] = {
    "hours": 1 / 24,
    "days": 1,
    "weeks": 7,
    "months": 30.44,
    "years": 365.25,
}
_MONTHS: Final[Mapping[Unit, int]] = {"months": 1, "years": 12}


class NoDuration(ValueError):
    """A text that is no duration; its words say what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Duration:
    """So many of a unit; below nought, before rather than after."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        """Write it as a coordinator would: `1 day`, `6 weeks`."""
        one = abs(self.count) == 1
        return f"{self.count} {self.unit.removesuffix('s') if one else self.unit}"

    @property
    def about_days(self) -> float:
        """Return its length in days, months at their mean, to compare one with another."""
        return self.count * _DAYS[self.unit]

    def __neg__(self) -> Duration:
        """Return as much in the other direction."""
        return Duration(-self.count, self.unit)

    def after(self, moment: _Moment) -> _Moment:
        """Return the moment so much later by the calendar; OverflowError beyond its years.

        Hours leave a day without a time as it is. The caller sees to a wall time that a change of
        the clock leaves out.

        >>> Duration(1, "months").after(date(2027, 1, 31)), Duration(4, "years").after(
        ...     date(2028, 2, 29))
        (datetime.date(2027, 2, 28), datetime.date(2032, 2, 29))
        """
        if self.unit in _MONTHS:
            return _months_after(moment, self.count * _MONTHS[self.unit])
        return moment + timedelta(days=self.count * _DAYS[self.unit])


def _months_after(moment: _Moment, months: int) -> _Moment:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        message = f"{months} months after {moment} lies outside of the calendar"
        raise OverflowError(message)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def parse_duration(text: str) -> Duration:
    """Read one duration; NoDuration says what is wrong.

    >>> parse_duration("14 days"), str(parse_duration("-1 week"))
    (Duration(count=14, unit='days'), '-1 week')
    """
    found = _WRITTEN.fullmatch(text.strip().lower())
    if found is None:
        raise NoDuration(f"'{text.strip()[:40]}' is no duration")
    unit = _UNITS.get(found[3])
    if unit is None:
        raise NoDuration(f"'{found[3][:20]}' is none of hours, days, weeks, months, years")
    count = int(found[2]) * (-1 if found[1] == "-" else 1)
    if abs(count) * _DAYS[unit] > YEARS_MAX * _DAYS["years"]:
        raise NoDuration(f"'{text.strip()[:40]}' is more than {YEARS_MAX} years")
    return Duration(count, unit)


def parse_durations(text: str) -> tuple[Duration, ...]:
    """Read several durations with commas between them, in the order they are written.

    >>> [str(one) for one in parse_durations("3 days, 7 days")]
    ['3 days', '7 days']
    """
    parts = [part for part in text.replace(";", ",").split(",") if part.strip()]
    if len(parts) > DURATIONS_MAX:
        raise NoDuration(f"these are more than {DURATIONS_MAX} durations")
    return tuple(map(parse_duration, parts))
