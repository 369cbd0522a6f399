"""A whole number and a part in words: `two and a half`, `kumi na moja na nusu`, `3 y medio`.

Halves and quarters only: thirds have no end as decimals. Nothing is read beside a hundred or more,
for `elfu mbili na nusu` may be half of a thousand more.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from conversations.phrases import phrase
from locales.catalogs import translations_of
from locales.languages import TAGS_KEPT_MAX, fallback_chain
from locales.spelled import Words, comparable, conjunction, numbers_spelled
from locales.typed import READ_LENGTH_MAX, words_in_order

# Translators: words people type for a half, for a quarter and for three quarters, in this order,
# separated by ";"; several words for one are separated by "/". Not shown.
FRACTIONS = phrase("half/a half/one half; quarter/a quarter/one quarter; three quarters")

_VALUES = (Decimal("0.5"), Decimal("0.25"), Decimal("0.75"))
_WHOLE_MAX = 99


def read_fraction(text: str, tag: str, *, following: str = "") -> Decimal | None:
    """Read a number that ends in a half or in quarters; None if it does not, or could be two.

    `following` is what stands before it: after an "and", a half is more of something else, as in
    `an hour and a half`.
    """
    words = words_in_order(text) if len(text) <= READ_LENGTH_MAX else ()
    before = words_in_order(following)[-1:]
    for language in fallback_chain(tag):
        if before and before[0] == conjunction(language)[0]:
            return None
        if found := _sums(words, language):
            return found.pop() if len(found) == 1 else None
    return None


def _sums(words: Words, language: str) -> set[Decimal]:
    for length in range(len(words), 0, -1):
        whole, ending = words[:-length], words[-length:]
        part = _parts(language).get(ending)
        if part is None:
            part, ending = _parts(language).get(_unjoined(ending, language)), ()
        if part is not None and (ending or whole):
            return {number + part for number in _wholes(whole, language, joined=not ending)}
    return set()


def _unjoined(words: Words, language: str) -> Words:
    """Take off an "and" that is written as one with the word after it, as in Arabic."""
    word, is_joined = conjunction(language)
    joined = is_joined and words[0].startswith(word) and words[0] != word
    return (words[0].removeprefix(word), *words[1:]) if joined else ()


def _wholes(words: Words, language: str, *, joined: bool) -> set[int]:
    """Return what stands before a part: nothing, or a number and the word for "and"."""
    if not words:
        return {0}
    if not joined and words[-1] != conjunction(language)[0]:
        return set()
    found = numbers_spelled(comparable(words, language), language)
    return {whole for whole in found if whole <= _WHOLE_MAX}


@lru_cache(TAGS_KEPT_MAX)
def _parts(language: str) -> Mapping[Words, Decimal]:
    """Return the words of a language for its parts; none where a translator listed others."""
    listed = translations_of(language).gettext(FRACTIONS.text).split(";")
    if len(listed) != len(_VALUES):
        return {}
    return {
        words_in_order(name): value
        for names, value in zip(listed, _VALUES, strict=True)
        for name in names.split("/")
    }
