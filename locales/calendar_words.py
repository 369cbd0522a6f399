"""The words people put into a date: months, weekdays, "today", and words that add nothing.

Names of months and weekdays come from CLDR. What CLDR (as Babel ships it) does not hold are
phrases of this module: a translator lists the words, and no code changes for a new language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import babel
from babel import localedata
from babel.dates import format_date, format_skeleton

from conversations.phrases import Phrase, phrase
from locales.catalogs import translated_languages, translations_of
from locales.languages import TAGS_KEPT_MAX, cldr_locale
from locales.typed import folded, folded_words, tokens_of

PREFIX_LENGTH_MIN = 3

RELATIVE_DAYS: Mapping[int, Phrase] = {
    # Translators: words people type to mean today; separate them with ";". Not shown.
    0: phrase("today; now"),
    # Translators: words people type to mean yesterday; separate them with ";". Not shown.
    -1: phrase("yesterday; last night"),
    # Translators: words people type to mean two days ago; separate them with ";". Not shown.
    -2: phrase("day before yesterday; the day before yesterday"),
    # Translators: words people type to mean tomorrow; separate them with ";". Not shown.
    1: phrase("tomorrow; next day"),
}

# Translators: words people put to a day of the week to mean the last one before today, as in
# "last Monday"; separate them with ";". Not shown.
BEFORE = phrase("last; past; previous")

# Translators: words people put to a day of the week to mean the first one after today, as in
# "next Monday"; separate them with ";". Not shown.
AFTER = phrase("next; coming")

# Translators: words that may stand in a typed date and add nothing to it, like "the" in "the
# 12th of March": articles, "day", "month", "year", endings of ordinals. Separate with ";".
# Not shown.
FILLERS = phrase("the; of; on; in; day; date; month; year; st; nd; rd; th")

# Translators: how people call the twelve months besides their dictionary names, January first,
# separated by ";"; several names of one month are separated by "/". Not shown.
SPOKEN_MONTHS = phrase("jan; feb; mar; apr; may; jun; jul; aug; sept; oct; nov; dec")

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """Everything `locales.dates` must recognise, folded as `locales.typed` folds."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    before: frozenset[str]
    after: frozenset[str]
    fillers: frozenset[str]
    relative_days: Mapping[str, int]
    ago: tuple[tuple[re.Pattern[str], int], ...]

    def weekday(self, typed: tuple[str, ...]) -> int | None:
        """Return the day of the week that the words name, 0 for Monday, or None."""
        name = " ".join(typed)
        bare = " ".join(word for word in typed if word not in self.fillers)
        exact = (self.weekdays.get(one) for one in (name, bare))
        return next((day for day in exact if day is not None), _beginning(self.weekdays, bare))

    def month(self, typed: tuple[str, ...]) -> int | None:
        """Return the month that the words beside a date's figures name, or None.

        The whole of it may be a name; else words that add nothing are left out, then one
        weekday (`mar. 3 mars` is a Tuesday in March). The beginning of a name is enough.
        """
        bare = tuple(word for word in typed if word not in self.fillers)
        places = (place for place, word in enumerate(bare) if word in self.weekdays)
        tries = [bare, *((*bare[:place], *bare[place + 1 :]) for place in places)]
        names = [" ".join(words) for words in (typed, *tries)]
        exact = (self.months.get(name) for name in names)
        begun = (_beginning(self.months, name) for name in names[1:])
        return next((month for month in (*exact, *begun) if month), None)


def _beginning(names: Mapping[str, int], start: str) -> int | None:
    """Return what the one name stands for that begins so; None where there are two, or none."""
    if len(start) < PREFIX_LENGTH_MIN:
        return None
    found = {number for name, number in names.items() if name.startswith(start)}
    return found.pop() if len(found) == 1 else None


@lru_cache(TAGS_KEPT_MAX)
def calendar_words(tag: str) -> CalendarWords:
    """Collect the words of a language and, behind them, of every language the bot speaks."""
    tags = tuple(dict.fromkeys((tag, *translated_languages())))
    fillers = frozenset(word for one in tags for word in _fillers(one))
    months: dict[str, int] = {}
    relative_days: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for one in tags:
        for name, day in _cldr_weekdays(cldr_locale(one)):
            weekdays.setdefault(name, day)
        for name, month in (*_cldr_months(cldr_locale(one)), *_spoken_months(one)):
            months.setdefault(name, month)
            bare = " ".join(word for word in name.split() if word not in fillers)
            months.setdefault(bare or name, month)
        for days, named in RELATIVE_DAYS.items():
            for word in _listed(one, named):
                relative_days.setdefault(word, days)
    return CalendarWords(
        months=months,
        weekdays=weekdays,
        before=frozenset(_single_words(tags, BEFORE)),
        after=frozenset(_single_words(tags, AFTER)),
        fillers=fillers,
        relative_days=relative_days,
        ago=tuple(pair for one in tags for pair in _ago(cldr_locale(one))),
    )


def _listed(tag: str, words: Phrase) -> list[str]:
    translated = translations_of(tag).gettext(words.text)
    return [folded_words(word) for word in translated.split(";")]


def _single_words(tags: tuple[str, ...], words: Phrase) -> Iterator[str]:
    for tag in tags:
        for listed in _listed(tag, words):
            yield from listed.split()


def _spoken_months(tag: str) -> Iterator[tuple[str, int]]:
    translated = translations_of(tag).gettext(SPOKEN_MONTHS.text).split(";")
    if len(translated) == MONTHS_A_YEAR:
        for month, names in enumerate(translated, start=1):
            yield from ((folded_words(name), month) for name in names.split("/"))


def _fillers(tag: str) -> list[str]:
    """List the words of the phrase and what CLDR's own patterns put beside the figures."""
    locale = cldr_locale(tag)
    patterns = [pattern.pattern for pattern in locale.date_formats.values()]
    quoted = [literal for one in patterns for literal in re.findall("'([^']+)'", one)]
    bare = [literal for one in patterns for literal in re.findall(r"[^\W\d_a-zA-Z']+", one)]
    numbered = [name for _, name in _names(locale.months) if tokens_of(name).numbers]
    numbered += _shown(date(2001, 12, 28), locale) if numbered else ()
    words = " ".join((*_listed(tag, FILLERS), *quoted, *bare, *map(folded_words, numbered)))
    return _folded_one_by_one(words)


def _folded_one_by_one(words: str) -> list[str]:
    """Fold a list of words of any length; a sentence would be cut off at its limit."""
    return [folded(word) for word in words.split()]


def _cldr_months(locale: babel.Locale) -> Iterator[tuple[str, int]]:
    """Yield the names, then what stands around the figures when a date is shown.

    The latter differs where grammar joins something to the name, as in Hebrew or Kurdish.
    """
    for month, name in _names(locale.months):
        if not tokens_of(name).numbers:
            yield folded_words(name), month
    for month in range(1, MONTHS_A_YEAR + 1):
        for shown in map(tokens_of, _shown(date(2001, month, 28), locale)):
            if shown.words and {"28", "2001"}.issuperset(shown.numbers):
                yield " ".join(shown.words), month


def _shown(day: date, locale: babel.Locale) -> Iterator[str]:
    yield format_date(day, "long", locale=locale)
    yield format_date(day, "medium", locale=locale)
    yield format_skeleton("yMMMM", day, locale=locale)


def _cldr_weekdays(locale: babel.Locale) -> Iterator[tuple[str, int]]:
    for day, name in _names(locale.days):
        yield folded_words(name), day


def _names(contexts: Mapping[str, Mapping[str, Mapping[int, str]]]) -> Iterator[tuple[int, str]]:
    """Yield (number, name) in every context and every width but that of one letter."""
    for widths in contexts.values():
        for width, names in widths.items():
            if width in {"wide", "abbreviated"}:
                yield from names.items()


def _ago(locale: babel.Locale) -> Iterator[tuple[re.Pattern[str], int]]:
    """Yield patterns such as `3 days ago`, each with the days its unit has."""
    fields = localedata.load(str(locale)).get("date_fields", {})
    for unit, days in (("day", 1), ("week", 7)):
        for sentence in fields.get(unit, {}).get("past", {}).values():
            if "{0}" in sentence:
                before, after = (re.escape(folded(part)) for part in sentence.split("{0}"))
                yield re.compile(rf"{before}([0-9]{{1,3}}){after}"), days
