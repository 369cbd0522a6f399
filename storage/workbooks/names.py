"""The nearest known word to one that is not known: what an author probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

WORD_LENGTH_MAX: Final = 60
LONG_WORD: Final = 6
"""From so many letters on, two slips still leave a word recognisable."""
KNOWN_MAX: Final = 3_000
"""Comparing is slow; beyond this many known words only those with the same beginning count."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that looks most like this one, None if none does.

    >>> nearest("intger", ["integer", "text"])
    'integer'
    """
    if len(word) > WORD_LENGTH_MAX:
        return None
    lowered = {name.lower(): name for name in known if len(name) <= WORD_LENGTH_MAX}
    if len(lowered) > KNOWN_MAX:
        lowered = {key: name for key, name in lowered.items() if key[:2] == word[:2].lower()}
    found = difflib.get_close_matches(word.lower(), list(lowered)[:KNOWN_MAX], n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Say what to write instead of `word`, or `otherwise` where nothing comes near."""
    name = nearest(word, known)
    return f"Did you mean '{name}'?" if name else otherwise


def slips_between(written: str, meant: str) -> int:
    """Count the letters missing, too many, wrong or swapped between two words.

    >>> slips_between("lable", "label"), slips_between("relevent", "relevant")
    (1, 1)
    """
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for down, letter in enumerate(written, start=1):
        earlier, before, row = before, row, [down]
        for right, wanted in enumerate(meant, start=1):
            least = min(before[right] + 1, row[-1] + 1, before[right - 1] + (letter != wanted))
            swapped = (
                down > 1
                and right > 1
                and letter == meant[right - 2]
                and wanted == written[down - 2]
            )
            row.append(min(least, earlier[right - 2] + 1) if swapped else least)
    return row[-1]


def slip_of(written: str, known: Iterable[str]) -> str | None:
    """Return the known word of which this one is a slip of the pen: one letter, two in a long one.

    Stricter than `nearest`, for words that an author may well have meant as they stand.

    >>> slip_of("lable", ["type", "label"]), slip_of("order", ["label", "hint"])
    ('label', None)
    """
    allowed = 1 if len(written) < LONG_WORD else 2
    near = [word for word in known if abs(len(word) - len(written)) <= allowed]
    counted = ((slips_between(written, word), word) for word in near)
    slips, word = min(counted, default=(allowed + 1, ""))
    return word if slips <= allowed else None
