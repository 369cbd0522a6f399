"""Dates as people write them, in both directions.

A date that cannot be is None, and so is one that could be two; the conversation asks again. The
order of day and month is the locale's, unless only the other order gives a day that exists.
Years are those of the Gregorian calendar.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import babel
from babel.dates import format_date, format_skeleton, get_day_names, get_month_names

from locales.calendar_words import CalendarWords
from locales.numerals import own_digits
from locales.typed import READ_LENGTH_MAX, folded, tokens_of

YEARS_BACK_MAX = 8
"""29 February is at most eight years ago (1896 to 1904)."""

_FULL_YEAR, _SHORT_YEAR = 4, 2
_WHOLE_DATE, _WITHOUT_YEAR = 3, 2


def show_date(day: date, locale: babel.Locale) -> str:
    """Write a day with its month in words, which cannot be misread."""
    return own_digits(format_date(day, "long", locale=locale), locale)


def show_month(day: date, locale: babel.Locale) -> str:
    """Write the month of a day, in words, with its year."""
    return own_digits(format_skeleton("yMMMM", day, locale=locale), locale)


def month_names(locale: babel.Locale) -> tuple[str, ...]:
    """Return the short names of the months, January first."""
    names = get_month_names("abbreviated", locale=locale)
    return tuple(names[month] for month in range(1, 13))


def day_names(locale: babel.Locale) -> tuple[str, ...]:
    """Return the short names of the days of the week, Monday first."""
    names = get_day_names("abbreviated", locale=locale)
    return tuple(names[day] for day in range(7))


def read_date(text: str, today: date, locale: babel.Locale, words: CalendarWords) -> date | None:
    """Read a day: `12/3/2026`, `2026-03-12`, `12 March`, `yesterday`, `3 days ago`.

    A missing or two-digit year is the nearest past one that fits (two digits may also mean
    next year). None if the text is no date or no such day exists.
    """
    if len(text) > READ_LENGTH_MAX or ":" in text:  # A colon stands in times alone.
        return None
    candidates = _readings(text, today, locale, words)
    return next((found for one in candidates if (found := _existing(one, today))), None)


def _readings(
    text: str, today: date, locale: babel.Locale, words: CalendarWords
) -> Iterator[tuple[str, int, int]]:
    """Yield (year as typed, month, day), the likeliest first; a blank year is to be found."""
    tokens = tokens_of(text)
    if (relative := _relative(text, today, words)) is not None:
        yield f"{relative.year:04}", relative.month, relative.day
    elif any(len(number) > _FULL_YEAR for number in tokens.numbers):
        return
    elif month := words.month(tokens.words):
        yield from _with_month_name(tokens.numbers, month)
    elif words.fillers.issuperset(tokens.words):
        yield from _numeric(tokens.numbers, locale)


def _relative(text: str, today: date, words: CalendarWords) -> date | None:
    tokens = tokens_of(text)
    named = words.relative_days.get(" ".join(tokens.words))
    if named is not None and not tokens.numbers:
        return today + timedelta(days=named)
    typed = " ".join(folded(text).split())
    for pattern, days in words.ago:
        if match := pattern.fullmatch(typed):
            return today - timedelta(days=days * int(match[1]))
    return None


def _with_month_name(numbers: tuple[str, ...], month: int) -> Iterator[tuple[str, int, int]]:
    match numbers:
        case (day,):
            yield "", month, int(day)
        case (year, day) if len(year) == _FULL_YEAR:
            yield year, month, int(day)
        case (day, year):
            yield year, month, int(day)


def _numeric(numbers: tuple[str, ...], locale: babel.Locale) -> Iterator[tuple[str, int, int]]:
    """Yield the locale's order, then the other order of day and month."""
    day_first, year_first = _order(locale)
    match numbers:
        case (year, month, day) if len(year) == _FULL_YEAR:
            yield year, int(month), int(day)
        case (day, year, month) if len(year) == _FULL_YEAR:
            yield year, int(month), int(day)
        case (year, month, day) if year_first and len(day) <= _SHORT_YEAR:
            yield year, int(month), int(day)
        case (one, two, *rest) if len(numbers) <= _WHOLE_DATE:
            day, month = (one, two) if day_first else (two, one)
            yield "".join(rest), int(month), int(day)
            yield "".join(rest), int(day), int(month)


def _order(locale: babel.Locale) -> tuple[bool, bool]:
    """Tell whether people write the day before the month, and the year before both."""
    pattern = locale.date_formats["short"].pattern
    day, month, year = (pattern.find(letter) for letter in "dMy")
    return day < month, -1 < year < min(day, month)


def _existing(reading: tuple[str, int, int], today: date) -> date | None:
    year, month, day = reading
    for candidate in _years(year, today):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found <= today:
            return found
    return None


def _years(typed: str, today: date) -> range:
    """Return the years a typed year may mean, in the order to try them."""
    match len(typed):
        case 0:
            return range(today.year, today.year - YEARS_BACK_MAX - 1, -1)
        case 2:
            latest = today.year + 1
            year = latest - (latest - int(typed)) % 100
            return range(year, year + 1)
        case 4 if not typed.startswith("0"):
            return range(int(typed), int(typed) + 1)
        case _:
            return range(0)
