"""Dates as people write them, in both directions.

What could be two days is given as two, and a day that does not exist with the nearest that does;
the conversation asks. The order of day and month is the locale's, unless only the other order
gives a day that exists; plain English, which belongs to no country, has both.
Years are those of the Gregorian calendar.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache
from typing import TypeAlias

import babel
from babel.dates import format_date, format_skeleton, get_day_names, get_month_names

from conversations.readings import DayReading, Days, NoSuchDay, Span
from locales.calendar_words import MONTHS_A_YEAR, CalendarWords, calendar_words
from locales.languages import ENGLISH, PSEUDO, TAGS_KEPT_MAX, cldr_locale
from locales.numerals import own_digits
from locales.relative import month_span, read_relative
from locales.typed import READ_LENGTH_MAX, Tokens, folded, tokens_of
from locales.weeks import read_weekday

YEARS_BACK_MAX = 8
"""29 February is at most eight years ago (1896 to 1904)."""

LATELY = timedelta(days=183)
"""A day without its year that is no longer ago than this is not one to come."""

_Reading: TypeAlias = tuple[str, int, int]
"""Year as typed (blank: to be found), month, day."""

_BOTH_ORDERS = frozenset({ENGLISH, PSEUDO})
"""Half of those who write English put the month first: where both are days, both are meant."""

_LONGEST_MONTH = 31
_FULL_YEAR, _SHORT_YEAR = 4, 2
_WHOLE_DATE, _WITHOUT_YEAR = 3, 2


def show_date(day: date, locale: babel.Locale) -> str:
    """Write a day with its month in words, which cannot be misread."""
    return own_digits(format_date(day, "long", locale=locale), locale)


def show_month(day: date, locale: babel.Locale) -> str:
    """Write the month of a day, in words, with its year."""
    return own_digits(format_skeleton("yMMMM", day, locale=locale), locale)


@lru_cache(TAGS_KEPT_MAX)
def month_names(locale: babel.Locale) -> tuple[str, ...]:
    """Return the short names of the months, January first."""
    names = get_month_names("abbreviated", locale=locale)
    return tuple(names[month] for month in range(1, 13))


@lru_cache(TAGS_KEPT_MAX)
def day_names(locale: babel.Locale) -> tuple[str, ...]:
    """Return the short names of the days of the week, Monday first."""
    names = get_day_names("abbreviated", locale=locale)
    return tuple(names[day] for day in range(7))


def show_weekday(day: date, locale: babel.Locale) -> str:
    """Write a day with its name and without its year, shortly."""
    return own_digits(format_skeleton("MMMEd", day, locale=locale), locale)


def read_days(text: str, today: date, tag: str) -> DayReading | None:
    """Read a day: `12/3/2026`, `2026-03-12`, `12 March`, `yesterday`, `last Monday`, `last week`.

    A missing year is the nearest past one that fits, unless the form wants a later one; two
    digits of a year may also mean next year. None if the text is no date.
    """
    if len(text) > READ_LENGTH_MAX or ":" in text:  # A colon stands in times alone.
        return None
    words, tokens = calendar_words(tag), tokens_of(text)
    return (
        _named(text, tokens, today, words)
        or read_weekday(tokens, today, words)
        or _dated(tokens, today, tag, words)
        or (read_relative(text, today, tag) if tokens.words else None)
    )


def _named(text: str, tokens: Tokens, today: date, words: CalendarWords) -> Days | None:
    """Read `yesterday` and `3 days ago`."""
    named = words.relative_days.get(" ".join(tokens.words))
    if named is not None and not tokens.numbers:
        return Days((today + timedelta(days=named),))
    typed = " ".join(folded(text).split())
    for pattern, days in words.ago:
        if match := pattern.fullmatch(typed):
            return Days((today - timedelta(days=days * int(match[1])),))
    return None


def _dated(tokens: Tokens, today: date, tag: str, words: CalendarWords) -> DayReading | None:
    """Read what has figures, or the name of a month, or both."""
    if any(len(number) > _FULL_YEAR for number in tokens.numbers):
        return None
    month = words.month(tokens.words)
    if month and (span := _whole_month(tokens.numbers, month, today)):
        return span
    if month:
        return _existing(_with_month_name(tokens.numbers, month), today)
    if not words.fillers.issuperset(tokens.words):
        return None
    if span := _month_in_figures(tokens.numbers):
        return span
    first, *others = _numeric(tokens.numbers, cldr_locale(tag)) or [("", 0, 0)]
    sure = _existing([first], today)
    turned = _existing(others, today)
    match sure, turned:
        case Days(), Days() if tag in _BOTH_ORDERS:
            return Days(tuple(dict.fromkeys((*sure.days, *turned.days))), sure.others)
        case (Days(), _) | (_, None):
            return sure
        case _:
            return turned if isinstance(turned, Days) or sure is None else sure


def _whole_month(numbers: tuple[str, ...], month: int, today: date) -> Span | None:
    match numbers:
        case ():
            return month_span(today.year - (month > today.month), month)
        case (year,) if len(year) == _FULL_YEAR and int(year) >= MINYEAR:
            return month_span(int(year), month)
        case _:
            return None


def _month_in_figures(numbers: tuple[str, ...]) -> Span | None:
    """Read `3/2026` and `2026-03`."""
    match sorted(numbers, key=len):
        case (month, year) if len(year) == _FULL_YEAR and len(month) <= _SHORT_YEAR:
            exists = int(year) >= MINYEAR and 1 <= int(month) <= MONTHS_A_YEAR
            return month_span(int(year), int(month)) if exists else None
        case _:
            return None


def _with_month_name(numbers: tuple[str, ...], month: int) -> Iterator[_Reading]:
    match numbers:
        case (day,):
            yield "", month, int(day)
        case (year, day) if len(year) == _FULL_YEAR:
            yield year, month, int(day)
        case (day, year):
            yield year, month, int(day)


def _numeric(numbers: tuple[str, ...], locale: babel.Locale) -> list[_Reading]:
    """List the locale's order, then the other order of day and month."""
    day_first, year_first = _order(locale)
    match numbers:
        case (year, month, day) if len(year) == _FULL_YEAR:
            return [(year, int(month), int(day))]
        case (day, year, month) if len(year) == _FULL_YEAR:
            return [(year, int(month), int(day))]
        case (year, month, day) if year_first and len(day) <= _SHORT_YEAR:
            return [(year, int(month), int(day))]
        case (one, two, *rest) if len(numbers) <= _WHOLE_DATE:
            day, month = (one, two) if day_first else (two, one)
            year = "".join(rest)
            return [(year, int(month), int(day)), (year, int(day), int(month))]
        case _:
            return []


def _order(locale: babel.Locale) -> tuple[bool, bool]:
    """Tell whether people write the day before the month, and the year before both."""
    pattern = locale.date_formats["short"].pattern
    day, month, year = (pattern.find(letter) for letter in "dMy")
    return day < month, -1 < year < min(day, month)


def _existing(readings: Iterable[_Reading], today: date) -> Days | NoSuchDay | None:
    """Return the days a reading stands for, or the nearest to one that does not exist."""
    found = [day for reading in readings for day in [_in_years(reading, today)] if day]
    return next((one for one in found if isinstance(one, Days)), next(iter(found), None))


def _in_years(reading: _Reading, today: date) -> Days | NoSuchDay | None:
    typed, month, day = reading
    days = [found for year in _years(typed, today) if (found := _day(year, month, day))]
    if not days:
        years = _years(typed, today)
        return _nearest(years[0], month, day) if years else None
    if typed:
        return Days((days[0],))
    return _without_year(days, today, month, day)


def _without_year(days: list[date], today: date, month: int, day: int) -> Days:
    """Take the nearest past day if that is not long ago; else it may as well be the next one."""
    past = next((one for one in days if one <= today), None)
    coming = (_day(year, month, day) for year in _years_ahead(today))
    future = next((one for one in coming if one and one > today), None)
    if past is None or future is None:
        return Days(tuple(one for one in (past, future) if one))
    if today - past <= LATELY:
        return Days((past,), (future,))
    return Days((past, future))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(year: int, month: int, day: int) -> NoSuchDay | None:
    """Return the last day of a month that is shorter than was thought."""
    exists = MINYEAR <= year <= MAXYEAR and 1 <= month <= MONTHS_A_YEAR
    if exists and monthrange(year, month)[1] < day <= _LONGEST_MONTH:
        return NoSuchDay(month_span(year, month).last)
    return None


def _years_ahead(today: date) -> range:
    return range(today.year, min(today.year + YEARS_BACK_MAX, MAXYEAR) + 1)


def _years(typed: str, today: date) -> range:
    """Return the years a typed year may mean, in the order to try them."""
    match len(typed):
        case 0:
            return range(today.year, max(today.year - YEARS_BACK_MAX, MINYEAR) - 1, -1)
        case 2:
            latest = today.year + 1
            year = latest - (latest - int(typed)) % 100
            return range(year, year + 1)
        case 4 if not typed.startswith("0"):
            return range(int(typed), int(typed) + 1)
        case _:
            return range(0)
