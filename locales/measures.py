"""Measures and money by name: `km`, `kilomita`, `Ksh`, `shillings`.

Names, short forms and signs come from CLDR, in the person's language and every language the bot
speaks: who writes English in Kenya writes the `Ksh` of Swahili.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import TypeAlias

from babel import localedata
from babel.core import get_global

from locales.catalogs import translated_languages
from locales.languages import TAGS_KEPT_MAX, cldr_locale
from locales.typed import words_in_order

MONEY = "money-"
"""How the key of a currency begins; those of measures are CLDR's (`length-kilometer`)."""

DURATION = "duration"

WORDS_MAX = 4
"""No name that is looked for has more words."""

_ASKED_FOR = (
    *("area", "concentr-percent", "duration", "length", "mass", "pressure", "speed"),
    *("temperature", "volume"),
)
"""The sorts of measure that forms ask for; the others would only take time to learn."""

Names: TypeAlias = Mapping[tuple[str, ...], frozenset[str]]


@lru_cache(TAGS_KEPT_MAX)
def measures_named(text: str, tag: str) -> frozenset[str]:
    """Return the keys of the measures and currencies that a text asks for.

    Of durations it is the one named first: `How many minutes? An hour is 60 minutes.` asks for
    minutes. Of other sorts it is every one named, for the `in` of `in kilometres` is an inch, too.
    """
    names, words = _names(tag), words_in_order(text)
    asked: set[str] = set()
    for start in range(len(words)):
        runs = (words[start : start + length] for length in range(1, WORDS_MAX + 1))
        found = {key for run in runs for key in names.get(run, ())}
        if any(sort_of(key) == DURATION for key in asked):
            found = {key for key in found if sort_of(key) != DURATION}
        asked |= found
    return frozenset(asked)


def sort_of(key: str) -> str:
    """Return what a measure measures, `duration` of `duration-hour`."""
    return key.partition("-")[0]


def measure_of(words: tuple[str, ...], tag: str) -> frozenset[str]:
    """Return the keys of the measures that these words, all of them, can name."""
    return _names(tag).get(words, frozenset())


@lru_cache(TAGS_KEPT_MAX)
def _names(tag: str) -> Names:
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for locale in dict.fromkeys(str(cldr_locale(one)) for one in _tags(tag)):
        for words, keys in _names_in(locale).items():
            found[words] = found.get(words, frozenset()) | keys
    return found


def _tags(tag: str) -> tuple[str, ...]:
    """Return the languages whose names are known: both spellings of English among them."""
    return (tag, *translated_languages(), "en-US")


@lru_cache(TAGS_KEPT_MAX)
def _names_in(locale: str) -> Names:
    found: dict[tuple[str, ...], set[str]] = {}
    for name, key in set(_named_in(locale)):
        found.setdefault(words_in_order(name), set()).add(key)
    return {words: frozenset(keys) for words, keys in found.items() if words}


def _named_in(locale: str) -> Iterator[tuple[str, str]]:
    data = localedata.load(locale)
    for key, widths in data.get("unit_patterns", {}).items():
        if key.startswith(_ASKED_FOR):
            for patterns in widths.values():
                yield from ((pattern.replace("{0}", " "), key) for pattern in patterns.values())
    for key, widths in data.get("unit_display_names", {}).items():
        if key.startswith(_ASKED_FOR):
            yield from ((name, key) for name in widths.values())
    for code in _money_in_use():
        yield from ((name, MONEY + code) for name in _money_names(data, code))


def _money_names(data: Mapping[str, Mapping[str, object]], code: str) -> Iterator[str]:
    """Yield the code, the sign, the full name, and its last word alone (`shillings`)."""
    yield code
    for table in ("currency_symbols", "currency_names"):
        name = data.get(table, {}).get(code)
        if isinstance(name, str):
            yield name
    plurals = data.get("currency_names_plural", {}).get(code)
    if isinstance(plurals, Mapping):
        for name in plurals.values():
            yield name
            yield name.rpartition(" ")[2]


@cache
def _money_in_use() -> frozenset[str]:
    """Return the currencies that are tender somewhere today."""
    territories = get_global("territory_currencies").values()
    return frozenset(
        code for used in territories for code, _, until, tender in used if tender and not until
    )
