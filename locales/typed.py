"""What people type, made comparable: their digits, spaces, accents and capitals.

Digits of every script count as digits. Marks that only steer the direction of text are dropped.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

READ_LENGTH_MAX = 60
"""A number, date or time longer than this is not one, and is not looked at."""

_SEPARATORS = r"\s.,:;?!=*_/\\|()\"'’`“”«»¿¡…،؛؟।॰՚‐‑‒–—−-"  # noqa: RUF001 - people's phones type these very marks.
_TOKEN = re.compile(rf"\d+|[^\d{_SEPARATORS}]+")


def ascii_digits(text: str) -> str:
    """Write the decimal digits of any script as 0 to 9 and drop direction marks.

    >>> ascii_digits("١٢ १२")
    '12 12'
    """
    return "".join(_ascii_digit(character) for character in text)


@lru_cache(4096)
def _ascii_digit(character: str) -> str:
    match unicodedata.category(character):
        case "Nd":
            return str(unicodedata.decimal(character))
        case "Cf":
            return ""
        case _:
            return character


def folded(text: str) -> str:
    """Write a text without capitals, accents and other marks, with plain digits.

    >>> folded("Février १२")
    'fevrier 12'
    """
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", ascii_digits(text).casefold())
    return "".join(mark for mark in decomposed if unicodedata.combining(mark) in _PARTS_OF_LETTERS)


_PARTS_OF_LETTERS = frozenset({0, 9})
"""Combining classes to keep: vowel signs (with the letters) and viramas spell Indic words."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The numbers (as digits, to keep `03` apart from `2003`) and the words of a short text."""

    numbers: tuple[str, ...]
    words: tuple[str, ...]


def tokens_of(text: str) -> Tokens:
    """Split a text into numbers and folded words.

    >>> tokens_of("12 de março, 2026")
    Tokens(numbers=('12', '2026'), words=('de', 'marco'))
    """
    found = words_in_order(text[:READ_LENGTH_MAX])
    numbers = tuple(token for token in found if token[0].isdigit())
    return Tokens(numbers, tuple(token for token in found if not token[0].isdigit()))


def words_in_order(text: str) -> tuple[str, ...]:
    """Split a text of any length into folded words and numbers, as they follow each other.

    >>> words_in_order("Il y a 3 années")
    ('il', 'y', 'a', '3', 'annees')
    """
    return tuple(_TOKEN.findall(folded(text)))


def folded_words(text: str) -> str:
    """Return the folded words of a name, one space between them."""
    return " ".join(tokens_of(text).words)
