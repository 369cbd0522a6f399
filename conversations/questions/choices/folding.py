"""Words as people type them made comparable: without capitals, accents, points and other marks.

What stays are letters and digits, one space between words. Marks that only guide the reader fall
away: Arabic vowel signs and the hamza's seat, Latin accents, apostrophes. Signs that are letters
in their script stay: the vowels and viramas of Indic words.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_PARTS_OF_LETTERS = frozenset({0, 9})
"""Combining classes that stay: vowel signs (with the letters) and viramas."""

_SILENT = frozenset("'’‘ʼʻ`ـ")  # noqa: RUF001 - the very marks that phones put into words.
"""Apostrophes, as in Ng'ombe, and the stroke that only widens Arabic words."""

_LIKE = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "ɓ": "b",
    "ɗ": "d",
    "ƙ": "k",
    "ɨ": "i",
    "ʉ": "u",
    "ɔ": "o",
    "ɛ": "e",
    "ŋ": "ng",
    "ħ": "h",
    "ى": "ي",
    "ی": "ي",
    "ة": "\N{ARABIC LETTER HEH}",
    "ک": "ك",
}
"""Letters written another way on many keyboards, and not taken apart by Unicode itself."""


def folded(text: str) -> str:
    """Write a text as its bare words.

    >>> folded("  Ng'ombe, São-Tomé (١٢)")
    'ngombe sao tome 12'
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(_bare(sign) for sign in parts).split())


@lru_cache(10_000)
def _bare(sign: str) -> str:
    """Return what is compared of one sign: a letter, a digit, nothing, or a space between words."""
    if sign in _SILENT:
        return ""
    if sign in _LIKE:
        return _LIKE[sign]
    match unicodedata.category(sign):
        case "Nd":
            return str(unicodedata.decimal(sign))
        case "Ll" | "Lu" | "Lt" | "Lm" | "Lo" | "Nl" | "No":
            return sign
        case "Mn" | "Mc" | "Me":
            return sign if unicodedata.combining(sign) in _PARTS_OF_LETTERS else ""
        case "Cf":
            return ""
        case _:
            return " "
