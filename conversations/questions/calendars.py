"""A calendar under a message, at three distances: the days of a month, the months of a year, years.

Where it stands is the question's scratch, and a button's action is the scratch it leads to:
`m2026-03` the days of March, `y2026` the months of that year, `d2010` the years from 2010 on. On
the level that a question asks for, a button's action is the answer itself, and what the form
would refuse has none. A tap on the title goes one level up.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import MAXYEAR, MINYEAR, date
from typing import Literal, TypeAlias

from conversations.phrases import Phrase, Speech, verbatim
from conversations.questions.base import Asked, Rows, rows_of
from conversations.replies import Button

Level: TypeAlias = Literal["day", "month", "year"]
"""What one button of the calendar stands for."""

MONTHS = 12
MONTHS_PER_ROW = 2
YEARS_SHOWN = 20
YEARS_PER_ROW = 4
STANDS_STILL = "same"
"""The action of a button that is there to be read."""

_PLACE = re.compile(r"(?:m(\d{4})-(\d\d)|y(\d{4})|d(\d{4}))")


def is_place(text: str) -> bool:
    """Tell whether a scratch, or the action of a button, is a place in the calendar."""
    return _PLACE.fullmatch(text) is not None


def month_place(day: date) -> str:
    """Return where the days of a month are shown."""
    return f"m{day.year:04}-{day.month:02}"


def year_place(year: int) -> str:
    """Return where the months of a year are shown."""
    return f"y{year:04}"


def years_place(latest: int) -> str:
    """Return where the years are shown of which this is the last."""
    return f"d{max(latest - YEARS_SHOWN + 1, MINYEAR):04}"


def calendar_keys(asked: Asked, place: str, level: Level) -> Rows:
    """Draw the calendar at a place; on `level` its buttons answer."""
    match = _PLACE.fullmatch(place)
    assert match is not None  # noqa: S101 - who asks has looked with is_place().
    if match[1]:
        return _days(asked, date(int(match[1]), int(match[2]), 1))
    if match[3]:
        return _months(asked, int(match[3]), level)
    return _years(asked, int(match[4]), level)


def _days(asked: Asked, month: date) -> Rows:
    first = asked.locale.first_weekday
    weeks = calendar.Calendar(first).monthdayscalendar(month.year, month.month)
    names = tuple(_words(name) for name in asked.locale.weekdays())
    days = (tuple(_day(asked, month, number) for number in week) for week in weeks)
    title = Button(_said(asked.locale.show_month(month)), year_place(month.year))
    turning = (_to_month("◀", month, -1), title, _to_month("▶", month, 1))
    return (turning, names, *(week for week in days if any(map(_answers, week))))


def _words(text: str) -> Button:
    return Button(_said(text), STANDS_STILL)


def _said(text: str) -> Phrase:
    return verbatim("{text}", text=text)


def _answers(button: Button) -> bool:
    return button.action != STANDS_STILL


def _to_month(sign: str, month: date, months: int) -> Button:
    year, index = divmod(month.year * MONTHS + month.month - 1 + months, MONTHS)
    return Button(verbatim(sign), f"m{_bounded(year):04}-{index + 1:02}")


def _bounded(year: int) -> int:
    return min(max(year, MINYEAR), MAXYEAR)


def _day(asked: Asked, month: date, number: int) -> Button:
    """Make the button of a day; a gap and a day the form would refuse do nothing."""
    day = month.replace(day=number).isoformat() if number else ""
    if not day or not asked.fits(day):
        return Button(verbatim("·"), STANDS_STILL)
    return Button(verbatim("{number}", number=number), day)


def _months(asked: Asked, year: int, level: Level) -> Rows:
    buttons = (_month(asked, date(year, month, 1), level) for month in range(1, MONTHS + 1))
    title = Button(_said(asked.locale.show_year(year)), years_place(_latest_shown(asked, year)))
    turning = (
        Button(verbatim("◀"), year_place(_bounded(year - 1))),
        title,
        Button(verbatim("▶"), year_place(_bounded(year + 1))),
    )
    return (turning, *rows_of(filter(None, buttons), MONTHS_PER_ROW))


def _latest_shown(asked: Asked, year: int) -> int:
    """Show the years up to this one, unless that would leave the wanted one out."""
    this_year = asked.now.year
    return this_year if this_year - YEARS_SHOWN < year <= this_year else year + YEARS_SHOWN // 2


def _month(asked: Asked, month: date, level: Level) -> Button | None:
    label = _said(asked.locale.show_month(month))
    if level == "day":
        last = calendar.monthrange(month.year, month.month)[1]
        ends = (month, month.replace(day=last), _within(asked, month.isoformat()[:7]))
        return Button(label, month_place(month)) if _any_fits(asked, ends) else None
    return Button(label, month.isoformat()) if asked.fits(month.isoformat()) else None


def _years(asked: Asked, earliest: int, level: Level) -> Rows:
    years = range(_bounded(earliest), _bounded(earliest + YEARS_SHOWN - 1) + 1)
    buttons = (_year(asked, year, level) for year in years)
    turning = (
        Button(verbatim("◀"), f"d{_bounded(earliest - YEARS_SHOWN):04}"),
        _words(f"{asked.locale.show_year(years[0])}-{asked.locale.show_year(years[-1])}"),
        Button(verbatim("▶"), f"d{_bounded(earliest + YEARS_SHOWN):04}"),
    )
    return (turning, *rows_of(filter(None, buttons), YEARS_PER_ROW))


def _year(asked: Asked, year: int, level: Level) -> Button | None:
    label = _said(asked.locale.show_year(year))
    first = date(year, 1, 1)
    if level == "year":
        return Button(label, first.isoformat()) if asked.fits(first.isoformat()) else None
    last = date(year, MONTHS, 31 if level == "day" else 1)
    ends = (first, last, _within(asked, f"{year:04}"))
    return Button(label, year_place(year)) if _any_fits(asked, ends) else None


def _within(asked: Asked, beginning: str) -> date | None:
    """Return today where it lies in a month or year, which a form may take though not its ends."""
    today = asked.now.date()
    return today if today.isoformat().startswith(beginning) else None


def _any_fits(asked: Asked, days: Iterable[date | None]) -> bool:
    return any(asked.fits(day.isoformat()) for day in days if day)


def day_buttons(asked: Asked, days: Iterable[date]) -> Rows:
    """Set days out, each on a row of its own with its name, where the form takes them."""
    return tuple(
        (Button(_day_in_words(asked, day), day.isoformat()),)
        for day in days
        if asked.fits(day.isoformat())
    )


def _day_in_words(asked: Asked, day: date) -> Speech:
    """Name a day with its weekday, and with its year where that is not this one."""
    if day.year == asked.now.year:
        return _said(asked.locale.show_weekday(day))
    return verbatim("{day}", day=day)
