"""The nearest known word to one that is not known: what an author probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

WORD_LENGTH_MAX: Final = 60
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
