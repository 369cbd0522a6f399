"""Weeks: on which day they begin, what their days are called, and which day one of them is."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import babel
from babel.core import get_global

from conversations.phrases import phrase
from conversations.readings import Days
from locales.calendar_words import CalendarWords
from locales.catalogs import translations_of
from locales.languages import ENGLISH, TAGS_KEPT_MAX, cldr_locale
from locales.typed import Tokens

DAYS_A_WEEK = 7
# Translators: the days of a week over the columns of a calendar, Monday first, separated by ";".
# At most three letters each.
SHORT_WEEKDAYS = phrase("Mon; Tue; Wed; Thu; Fri; Sat; Sun")

LETTERS_MAX = 3
"""Seven columns of a phone's keyboard have room for so many letters each."""


@lru_cache(TAGS_KEPT_MAX)
def first_weekday(tag: str) -> int:
    """Return the day on which weeks begin where the language is spoken, 0 for Monday.

    Plain English is that of the world, whose weeks begin on Monday.

    >>> [first_weekday(tag) for tag in ("en", "en-US", "sw", "pt", "ar", "fa")]
    [0, 6, 0, 6, 5, 5]
    """
    likely = get_global("likely_subtags").get(tag, tag) if tag != ENGLISH else "en_001"
    try:
        return int(babel.Locale.parse(likely.replace("-", "_")).first_week_day)
    except (babel.UnknownLocaleError, ValueError):
        return int(cldr_locale(tag).first_week_day)


@lru_cache(TAGS_KEPT_MAX)
def weekday_names(tag: str) -> tuple[str, ...]:
    """Return the short names of the days of a week, in its order: a translator's, else CLDR's."""
    translated = translations_of(tag).gettext(SHORT_WEEKDAYS.text)
    names = [name.strip() for name in translated.split(";")]
    if len(names) != DAYS_A_WEEK or (translated == SHORT_WEEKDAYS.text and tag != ENGLISH):
        names = [name.rstrip(".") for name in _from_cldr(tag)]
    first = first_weekday(tag)
    return (*names[first:], *names[:first])


def _from_cldr(tag: str) -> list[str]:
    """List the abbreviated names, or the short ones where those are too long, Monday first."""
    contexts = cldr_locale(tag).days["stand-alone"]
    long = contexts["abbreviated"]
    short = contexts.get("short", long)
    too_long = any(len(name) > LETTERS_MAX + 1 for name in long.values())
    return [(short if too_long else long)[day] for day in range(DAYS_A_WEEK)]


def read_weekday(tokens: Tokens, today: date, words: CalendarWords) -> Days | None:
    """Read `Monday`, which is the last or the next one, and `last Monday`, `next Monday`."""
    if tokens.numbers:
        return None
    directed = words.before | words.after
    bare = tuple(word for word in tokens.words if word not in directed)
    weekday = words.weekday(bare)
    if weekday is None:
        return None
    past = today - timedelta(days=(today.weekday() - weekday - 1) % DAYS_A_WEEK + 1)
    future = today + timedelta(days=(weekday - today.weekday() - 1) % DAYS_A_WEEK + 1)
    if bare != tokens.words:
        return Days((past,) if words.before.intersection(tokens.words) else (future,))
    today_too = (today,) if today.weekday() == weekday else ()
    return Days((*today_too, past, future))
