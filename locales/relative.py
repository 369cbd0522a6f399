"""Days named from today: `yesterday`, `3 days ago`, `last week`, `in 2 months`, in any language.

The words are CLDR's with dateparser's additions, as dateparser carries them for some two hundred
languages. Only its vocabulary is used, whole phrases at a time: its parser passes over words it
does not know, and makes yesterday of Swahili `mwaka jana`, last year.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias

from conversations.readings import Days, Span
from locales.catalogs import translated_languages
from locales.languages import TAGS_KEPT_MAX, base_language, fallback_chain
from locales.spelled import read_spelled, sounds_like_number
from locales.typed import words_in_order
from locales.weeks import DAYS_A_WEEK, first_weekday

Unit: TypeAlias = Literal["day", "week", "month", "year"]
Words: TypeAlias = tuple[str, ...]

FAR_MAX = 1000
"""More units than this before or after today are not meant."""

SPELLED_WORDS_MAX = 4
_FIGURE = re.compile(r"\(\\d[^)]*\)")
_NAMED = re.compile(r"(?:in )?(\\1|\d+) (day|week|month|year)(?: ago)?")
_PLACE = "0"


@dataclass(frozen=True, slots=True)
class _Distance:
    """So many units from today, backwards below zero; `count` 0 is the present one."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """Whole phrases, and phrases with a figure in them (0 stands in its place)."""

    phrases: Mapping[Words, _Distance]
    counted: Mapping[Words, _Distance]


def read_relative(text: str, today: date, tag: str) -> Days | Span | None:
    """Read a day or several counted from today; None if the words are none of these.

    Weeks and more that are named (`last week`) are spans; days and weeks that are counted
    (`2 weeks ago`) are days.
    """
    words = words_in_order(text)
    tags = tuple(dict.fromkeys((*fallback_chain(tag), *translated_languages())))
    if found := _first(_named, words, tags):
        return _at(found, today, tag, exact=found.unit == "day")
    counted = _first(_counted, words, tags) or _first(_counted, _with_figures(words, tag), tags)
    return _at(counted, today, tag, exact=counted.unit in {"day", "week"}) if counted else None


def _first(
    look_up: Callable[[Words, str], _Distance | None], words: Words, tags: tuple[str, ...]
) -> _Distance | None:
    return next((found for tag in tags if (found := look_up(words, tag))), None)


def _named(words: Words, tag: str) -> _Distance | None:
    return _vocabulary(tag).phrases.get(words)


def _counted(words: Words, tag: str) -> _Distance | None:
    figures = [word for word in words if word.isdecimal()]
    if len(figures) != 1 or int(figures[0]) > FAR_MAX:
        return None
    pattern = tuple(_PLACE if word.isdecimal() else word for word in words)
    found = _vocabulary(tag).counted.get(pattern)
    return _Distance(found.count * int(figures[0]), found.unit) if found else None


def _with_figures(words: Words, tag: str) -> Words:
    """Write the first number in words as a figure: `hace dos días` is `hace 2 días`."""
    numeral = [sounds_like_number(word, tag) for word in words]
    for length in range(min(SPELLED_WORDS_MAX, len(words) - 1), 0, -1):
        for start in range(len(words) - length + 1):
            if not numeral[start]:
                continue
            number = read_spelled(" ".join(words[start : start + length]), tag)
            if number is not None:
                return (*words[:start], str(number), *words[start + length :])
    return words


def _at(distance: _Distance, today: date, tag: str, *, exact: bool) -> Days | Span | None:
    try:
        match distance.unit:
            case "day":
                return Days((today + timedelta(days=distance.count),))
            case "week":
                day = today + timedelta(weeks=distance.count)
                return Days((day,)) if exact else _week_of(day, tag)
            case "month":
                year, index = divmod(today.year * 12 + today.month - 1 + distance.count, 12)
                return month_span(year, index + 1)
            case "year":
                return year_span(today.year + distance.count)
    except (OverflowError, ValueError):
        return None


def _week_of(day: date, tag: str) -> Span:
    first = day - timedelta(days=(day.weekday() - first_weekday(tag)) % DAYS_A_WEEK)
    return Span(first, first + timedelta(days=DAYS_A_WEEK - 1))


def month_span(year: int, month: int) -> Span:
    """Return the days of a month."""
    return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def year_span(year: int) -> Span:
    """Return the days of a year."""
    return Span(date(year, 1, 1), date(year, 12, 31))


@lru_cache(TAGS_KEPT_MAX)
def _vocabulary(tag: str) -> _Vocabulary:
    phrases: dict[Words, _Distance] = {}
    counted: dict[Words, _Distance] = {}
    for name, texts in _entries(tag):
        match = _NAMED.fullmatch(name)
        if match is None:
            continue
        sign = 1 if name.startswith("in ") else -1
        kept, count = (counted, 1) if match[1] == r"\1" else (phrases, int(match[1]))
        for text in texts:
            words = words_in_order(_FIGURE.sub(_PLACE, text))
            kept.setdefault(words, _Distance(sign * count, _unit(match[2])))
    return _Vocabulary(phrases, counted)


def _unit(name: str) -> Unit:
    match name:
        case "day" | "week" | "month" | "year":
            return name
        case _:
            raise AssertionError(name)


def _entries(tag: str) -> Iterator[tuple[str, list[str]]]:
    """Yield `1 day ago`, `last week` and the like, each with the phrases that say so."""
    from dateparser.data.languages_info import language_order  # noqa: PLC0415 - read when first needed.
    from dateparser.languages.loader import default_loader  # noqa: PLC0415 - as above.

    known = next((one for one in (tag, base_language(tag)) if one in language_order), None)
    if known is not None:
        info = default_loader.get_locale(known).info
        yield from info.get("relative-type", {}).items()
        yield from info.get("relative-type-regex", {}).items()
