"""Words without what leads to somebody: personal data, names, what a reporter wrote themselves.

For texts that come before people who need not know whom they are about: samples to practise on, and
cards in a group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from conversations.checks.privacy import spans
from conversations.moderating.card import harmless
from conversations.perusal import Line

BLACK: Final = "███"
WRITTEN: Final = frozenset({"text", "barcode"})

QUOTED_LENGTH_MIN: Final = 3
"""Shorter texts are not looked for elsewhere: they stand in every word."""

NAME_PARTS: Final = frozenset(
    {"name", "names", "fullname", "firstname", "lastname", "surname"}
    | {"jina", "majina", "nombre", "nombres", "apellido", "apellidos", "nom", "prenom"}
    | {"nome", "sobrenome", "ism"}
)
"""Parts of a question's own name that say it asks for a name, as authors write them."""

_AROUND: Final = ".,;:!?()[]\"'“”«»"

NAME_WORDS_MAX: Final = 4
"""A text of so few words, each written with a capital or in a script without, is taken for a name.
"""


def blackened(text: str, quoted: Iterable[str] = (), names: Iterable[str] = ()) -> str:
    """Black out personal data in a text, whatever is quoted in it, and names, in any case.

    >>> blackened("Juma saw it, call 0712 345 678", ["Juma"])
    '███ saw it, call ███'
    >>> blackened("then juma's wife came, not jumaa", names=["juma"])
    "then ███'s wife came, not jumaa"
    """
    parts, at = [], 0
    for start, end in spans(text):
        if start >= at:
            parts += [text[at:start], BLACK]
            at = end
    shown = "".join((*parts, text[at:]))
    for words in quoted:
        shown = shown.replace(words, BLACK)
    known = "|".join(re.escape(name) for name in names)
    if known:
        shown = re.sub(rf"(?<!\w)(?:{known})(?!\w)", BLACK, shown, flags=re.IGNORECASE)
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


def names_in(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return the words of the names that a report gives away, the longest first.

    They come from answers to questions whose own name says that they ask for one, however they are
    written, and from short answers that are written like one. A name in lower case that stands in
    the middle of a longer text, and nowhere else, is not found: no rule tells it from a word.

    >>> names_in([Line(1, "/data/mother_name", "", "naserian ole", "naserian ole", "text")])
    ('naserian', 'ole')
    """
    found: set[str] = set()
    for line in lines:
        if line.kind not in WRITTEN or line.file:
            continue
        words = [word.strip(_AROUND) for word in line.value.split()]
        like = len(words) <= NAME_WORDS_MAX and all(word[:1].isupper() for word in words if word)
        if asks_for_name(line.reference) or like:
            found |= {word for word in words if len(word) >= QUOTED_LENGTH_MIN}
    return tuple(sorted(found, key=lambda one: (-len(one), one)))


def asks_for_name(reference: str) -> bool:
    """Tell whether a question asks for somebody's name, by what its author called it.

    >>> asks_for_name("/data/woman_name"), asks_for_name("/data/facility"), asks_for_name("/x/jina")
    (True, False, True)
    """
    leaf = reference.rpartition("/")[2].partition("[")[0].lower()
    return bool(NAME_PARTS & set(re.split(r"[^a-z]+", leaf)))


def quoted_in(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return the texts that somebody wrote in a report, the longest first."""
    written = {line.value.strip() for line in lines if line.kind in WRITTEN and not line.file}
    long = (one for one in written if len(one) >= QUOTED_LENGTH_MIN)
    return tuple(sorted(long, key=lambda one: (-len(one), one)))
