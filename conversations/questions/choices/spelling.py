"""Finding words in a list of labels: as they stand, by their beginning, by a near spelling.

Lists of thousands are made ready once (`index_of`) and then searched in a few milliseconds. How
near two spellings are is rapidfuzz's `ratio`: the share of letters, of 100, that both have in the
same order (https://rapidfuzz.github.io/RapidFuzz/Usage/fuzz.html).
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz import fuzz, process

from conversations.questions.choices.folding import folded

WRITTEN_CHARACTERS_MAX = 100
"""Longer texts are no choice, and are not looked for."""

WORDS_MAX = 6
"""So many words of what was written are looked for."""

NEAR = 72.0
NEAR_SHORT = 66.0
SHORT_CHARACTERS = 3
"""How near a spelling must be: one letter of three, two of seven may be wrong."""

FARTHER = 12.0
"""So much farther than the nearest spelling another one may be, to be offered beside it."""

NEAR_MAX = 6
"""So many near spellings are offered."""

LISTS_KEPT_MAX = 32
"""So many lists are kept ready; one of 10,000 labels takes about 5 MB."""


@dataclass(frozen=True, slots=True)
class Index:
    """Labels made ready to be searched; choices go by their place in the list, counted from 0.

    `written` and `bare` find the places of a label as it stands (without capitals) and folded;
    `words` find the places of each word. `sorted_labels` and `spellings` (the words) are folded
    and in order, so that beginnings are found by halving; `bodies` are the folded labels without
    their spaces.
    """

    sorted_labels: tuple[str, ...]
    bodies: tuple[str, ...]
    written: Mapping[str, tuple[int, ...]]
    bare: Mapping[str, tuple[int, ...]]
    words: Mapping[str, tuple[int, ...]]
    spellings: tuple[str, ...]
    has_digits: bool


@lru_cache(LISTS_KEPT_MAX)
def index_of(labels: tuple[str, ...]) -> Index:
    """Make a list of labels, as a person sees them, ready to be searched."""
    bare = tuple(folded(label) for label in labels)
    words = _places((word, at) for at, label in enumerate(bare) for word in set(label.split()))
    return Index(
        sorted_labels=tuple(sorted(set(bare))),
        bodies=tuple(label.replace(" ", "") for label in bare),
        written=_places((_plain(label), at) for at, label in enumerate(labels)),
        bare=_places((label, at) for at, label in enumerate(bare)),
        words=words,
        spellings=tuple(sorted(words)),
        has_digits=any(sign.isdecimal() for label in bare for sign in label),
    )


def _places(entries: Iterable[tuple[str, int]]) -> Mapping[str, tuple[int, ...]]:
    places: dict[str, list[int]] = {}
    for key, at in entries:
        places.setdefault(key, []).append(at)
    return MappingProxyType({key: tuple(found) for key, found in places.items()})


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def same(index: Index, text: str) -> tuple[int, ...]:
    """Find the choices whose label was written: letter by letter, else but for accents."""
    wanted = folded(text)
    return index.written.get(_plain(text)) or (index.bare.get(wanted, ()) if wanted else ())


def begun(index: Index, text: str) -> tuple[int, ...]:
    """Find the choices whose label begins like this."""
    wanted = folded(text)
    if not wanted:
        return ()
    found = _beginning(index.sorted_labels, wanted)
    return tuple(sorted(at for label in found for at in index.bare[label]))


def _beginning(ordered: tuple[str, ...], beginning: str) -> tuple[str, ...]:
    """Return the texts that begin like this, of texts in order."""
    last = beginning + chr(sys.maxunicode)
    return ordered[bisect_left(ordered, beginning) : bisect_left(ordered, last)]


def containing(index: Index, text: str) -> tuple[int, ...]:
    """Find the choices with words that begin like each of the words written, in any order."""
    wanted = folded(text).split()[:WORDS_MAX]
    if not wanted:
        return ()
    found = [_with_word_begun(index, word) for word in wanted]
    return tuple(sorted(frozenset.intersection(*found)))


def _with_word_begun(index: Index, beginning: str) -> frozenset[int]:
    words = _beginning(index.spellings, beginning)
    return frozenset(at for word in words for at in index.words[word])


def near(index: Index, text: str) -> tuple[int, ...]:
    """Find the choices spelled nearly like this, the nearest first; numbers are never near."""
    wanted = folded(text)
    if len(wanted) < SHORT_CHARACTERS or not any(sign.isalpha() for sign in wanted):
        return ()
    words = wanted.split()[:WORDS_MAX]
    scores = _best(_whole(index, wanted), _by_words(index, words, index.spellings))
    return _nearest(scores or _by_beginnings(index, words))


def _whole(index: Index, wanted: str) -> dict[int, float]:
    return {at: score for _, score, at in _ratios(wanted.replace(" ", ""), index.bodies)}


def _by_words(index: Index, words: Sequence[str], spellings: Sequence[str]) -> dict[int, float]:
    """Find the labels in which each word is near one of theirs; their score is the mean."""
    totals: dict[int, float] | None = None
    for word in words:
        found: dict[int, float] = {}
        for _, score, number in _ratios(word, spellings):
            for at in index.words[index.spellings[number]]:
                found[at] = max(score, found.get(at, 0.0))
        totals = (
            found
            if totals is None
            else {at: score + totals[at] for at, score in found.items() if at in totals}
        )
    return {at: total / len(words) for at, total in (totals or {}).items()}


def _by_beginnings(index: Index, words: Sequence[str]) -> dict[int, float]:
    """Compare with the beginnings of words: somebody has not written to the end, and not right."""
    longest = max(len(word) for word in words)
    return _by_words(index, words, [word[:longest] for word in index.spellings])


def _ratios(wanted: str, texts: Sequence[str]) -> list[tuple[str, float, int]]:
    cutoff = NEAR if len(wanted) > SHORT_CHARACTERS else NEAR_SHORT
    return process.extract(wanted, texts, scorer=fuzz.ratio, score_cutoff=cutoff, limit=None)


def _best(one: dict[int, float], other: dict[int, float]) -> dict[int, float]:
    return {at: max(one.get(at, 0.0), other.get(at, 0.0)) for at in one.keys() | other.keys()}


def _nearest(scores: Mapping[int, float]) -> tuple[int, ...]:
    ranked = sorted(scores, key=lambda at: (-scores[at], at))
    good = [at for at in ranked if scores[at] >= scores[ranked[0]] - FARTHER]
    return tuple(good[:NEAR_MAX])
