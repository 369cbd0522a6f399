"""Words without what leads to somebody: personal data, names, what a reporter wrote themselves.

For texts that come before people who need not know whom they are about: samples to practise on, and
cards in a group.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from conversations.checks.privacy import spans
from conversations.moderating.card import harmless
from conversations.moderating.dossier import Line

BLACK: Final = "███"
WRITTEN: Final = frozenset({"text", "barcode"})

QUOTED_LENGTH_MIN: Final = 3
"""Shorter texts are not looked for elsewhere: they stand in every word."""

NAME_WORDS_MAX: Final = 4
"""A text of so few words, each written with a capital or in a script without, is taken for a name.
"""


def blackened(text: str, quoted: Iterable[str] = ()) -> str:
    """Black out personal data in a text, and whatever is quoted in it.

    >>> blackened("Juma saw it, call 0712 345 678", ["Juma"])
    '███ saw it, call ███'
    """
    parts, at = [], 0
    for start, end in spans(text):
        if start >= at:
            parts += [text[at:start], BLACK]
            at = end
    shown = "".join((*parts, text[at:]))
    for words in quoted:
        shown = shown.replace(words, BLACK)
    return harmless(shown)


def nameless(text: str) -> str:
    """Black out what is written like a name: too much is taken out rather than too little.

    >>> nameless("Naserian Lemayian"), nameless("We met Naserian there. She was well.")
    ('███', 'We met ███ there. She was well.')
    """
    words = text.split()
    if len(words) <= NAME_WORDS_MAX and all(map(_may_be_name, words)):
        return BLACK
    shown: list[str] = []
    begins = True
    for word, following in pairwise((*words, "")):
        named = _is_capital(word) and (not begins or _is_capital(following))
        begins = word.endswith((".", "!", "?", ":", ";"))
        ending = word[len(word.rstrip(".,!?:;)")) :]
        shown.append(f"{BLACK}{ending}" if named else word)
    return " ".join(shown)


def _is_capital(word: str) -> bool:
    letters = word.lstrip('("“')
    return len(letters) > 1 and letters[0].isupper()


def _may_be_name(word: str) -> bool:
    first = word[:1]
    return first.isupper() or (first.isalpha() and not first.islower())


def quoted_in(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return the texts that somebody wrote in a report, the longest first."""
    written = {line.value.strip() for line in lines if line.kind in WRITTEN and not line.file}
    long = (one for one in written if len(one) >= QUOTED_LENGTH_MIN)
    return tuple(sorted(long, key=lambda one: (-len(one), one)))
