"""Whole numbers written in words: `twelve`, `kumi na mbili`, `doscientos`, `اثنا عشر`.

CLDR's spelling rules, which unicode-rbnf applies, are turned round: every number up to 999 is
spelled once in a language and looked up from then on; larger ones are a number of thousands or
millions and the rest. What two numbers are spelled alike (in Swahili `elfu kumi na mbili` is
12,000 and 10,002) is none, and so is what nobody spells so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from babel import localedata

from locales.languages import TAGS_KEPT_MAX, base_language, cldr_locale, fallback_chain
from locales.typed import READ_LENGTH_MAX, words_in_order

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

Words: TypeAlias = tuple[str, ...]

_FIGURE_MAX = 999
_LEVELS = (
    ((1, 100),),
    ((1, 999),),
    ((1, 999), (1_000, 999)),
    ((1, 999), (1_000, 999), (1_000_000, 999)),
)
"""What is looked up, the most usual first: (scale, how many of it at most)."""

_LEVELS_TRUSTED: Mapping[str, int] = {"zu": 2}
"""Where the rules spell several large numbers alike: Zulu has one text for 34,430 and 35,000."""

_SAMPLES = (*range(101), *range(200, 1000, 100), 1_000, 2_000, 3_000, 1_000_000, 2_000_000)
_BEGINNING_LETTERS = 3
_VARIED_MAX = 100
"""Varieties of a language differ in words up to here; the larger numbers are made of them."""

_ARABIC_ENDINGS = ((re.compile("[او]ن$"), "ين"), (re.compile("ة$"), "ه"), (re.compile("ى$"), "ي"))  # noqa: RUF001 - Arabic letters.
"""What speech and hurried writing make of the spelling CLDR has; applied to both sides."""


def read_spelled(text: str, tag: str) -> int | None:
    """Read a whole number in words of the language or those it falls back on.

    A figure may stand for its word: `5 elfu` is five thousand. None where it could be two.
    """
    words = words_in_order(text) if len(text) <= READ_LENGTH_MAX else ()
    if all(word.isdecimal() for word in words):
        return None
    for language in fallback_chain(tag):
        values = numbers_spelled(words, language)
        if values:
            return values.pop() if len(values) == 1 else None
    return None


def sounds_like_number(word: str, tag: str) -> bool:
    """Tell whether a word begins as the words of numbers do."""
    parts = words_in_order(word)
    spoken = [language for language in fallback_chain(tag) if _spelling(language)]
    return any(
        part[:_BEGINNING_LETTERS] in _beginnings(language) for part in parts for language in spoken
    )


def numbers_spelled(words: Words, language: str) -> set[int]:
    """Return every whole number these words spell, looking no further than they need.

    A figure among them stands for its word.
    """
    if len(words) == 1 and words[0].isdecimal():
        return {int(words[0])}
    if not _spelling(language):
        return set()
    figures = {int(word) for word in words if word.isdecimal() and int(word) <= _FIGURE_MAX}
    spelled = comparable(_without_figures(words, language), language)
    beginnings = _beginnings(language)
    if not spelled or not all(word[:_BEGINNING_LETTERS] in beginnings for word in spelled):
        return set()
    for tables in _LEVELS[: _LEVELS_TRUSTED.get(language)]:
        found = set(_sums(spelled, tables, language))
        if values := {value for value in found if all(value % one == 0 for one in figures - {0})}:
            return values
    return set()


def _without_figures(words: Words, language: str) -> Words:
    return tuple(part for word in words for part in _in_words(word, language))


def _in_words(word: str, language: str) -> Words:
    if not word.isdecimal() or int(word) > _FIGURE_MAX:
        return (word,)
    return words_in_order(_spellings(int(word), language)[0])


def _sums(words: Words, tables: tuple[tuple[int, int], ...], language: str) -> Iterator[int]:
    """Yield the sums the words can be: so many of the largest scale, and the rest."""
    if not tables:
        return
    table, smaller = _table(language, *tables[-1]), tables[:-1]
    yield from _sums(words, smaller, language)
    yield from table.get(words, ())
    if smaller:
        for split in range(1, len(words)):
            for many in table.get(words[:split], ()):
                yield from (many + rest for rest in _sums(words[split:], smaller, language))


@lru_cache(TAGS_KEPT_MAX)
def _table(language: str, scale: int, many_max: int) -> Mapping[Words, frozenset[int]]:
    """Spell so many times the scale, in every gender and case, and turn that round."""
    found: dict[Words, set[int]] = {}
    for many in range(0 if scale == 1 else 1, many_max + 1):
        for spelled in _spellings(many * scale, language, with_varieties=many <= _VARIED_MAX):
            words = comparable(words_in_order(spelled), language)
            found.setdefault(words, set()).add(many * scale)
    return {words: frozenset(numbers) for words, numbers in found.items() if words}


@lru_cache(TAGS_KEPT_MAX)
def _beginnings(language: str) -> frozenset[str]:
    """Return how the words of numbers begin, so that other words are seen at once."""
    return frozenset(
        word[:_BEGINNING_LETTERS]
        for number in _SAMPLES
        for spelled in _spellings(number, language)
        for word in comparable(words_in_order(spelled), language)
    )


def _spellings(number: int, language: str, *, with_varieties: bool = True) -> list[str]:
    """Spell a number in the language, and as its varieties do: `septante`, `dezasseis`."""
    engines = _spelling(language) if with_varieties else _spelling(language)[:1]
    return [
        text for engine in engines for text in engine.format_number(number).text_by_ruleset.values()
    ]


@lru_cache(TAGS_KEPT_MAX)
def _spelling(language: str) -> tuple[RbnfEngine, ...]:
    """Load the spelling rules: of the language, then of its varieties; none where CLDR has none."""
    from unicode_rbnf import RbnfEngine  # noqa: PLC0415 - only who writes words pays for its loading.

    names = sorted(RbnfEngine.get_supported_languages())
    wanted = language.replace("-", "_")
    chosen = [name for name in names if name == wanted or name.startswith(f"{wanted}_")]
    return tuple(RbnfEngine.for_language(name) for name in chosen if "_POSIX" not in name)


def comparable(words: Iterable[str], language: str) -> Words:
    """Drop what is written or left out at will: the word for `and`, unaccented endings.

    >>> comparable(("kumi", "na", "moja"), "sw")
    ('kumi', 'moja')
    """
    joint, joined = conjunction(language)
    kept: list[str] = []
    for word in words:
        bare = word
        if joined and kept and word.startswith(joint) and len(word) > len(joint) + 1:
            bare = word.removeprefix(joint)
        if bare != joint:
            kept.append(_as_spoken(bare) if base_language(language) == "ar" else bare)
    return tuple(kept)


def _as_spoken(word: str) -> str:
    for ending, spoken in _ARABIC_ENDINGS:
        word = ending.sub(spoken, word)
    return word


@lru_cache(TAGS_KEPT_MAX)
def conjunction(language: str) -> tuple[str, bool]:
    """Return the word for `and`, and whether it is written as one with the next word."""
    pattern = localedata.load(str(cldr_locale(language)))["list_patterns"]["standard"]["2"]
    between = pattern.partition("{0}")[2].partition("{1}")[0]
    words = words_in_order(between)
    return (words[0], not between.endswith(" ")) if words else ("", False)
