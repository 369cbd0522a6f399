"""Choices that are steps of a scale: `20-24`, `Miaka 20 hadi 24`, `under 5`, `60+`.

Who is asked for such a step may write the number itself. Two numbers in a label, the smaller one
first, are a step whatever stands between them; one number is one where a sign or a word beside it
says which way it goes. Labels are a scale only together: two of them at least, and in order. So
`Ward 3 (2,400 people)` is none, and a number is looked for in a scale alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from conversations.phrases import Locale, Phrase, phrase
from conversations.questions.choices.folding import folded

STEPS_MAX = 100
"""A longer list is no scale, and its labels are not looked at."""

_NUMBER = re.compile(r"(?<![\w:/.,])\d+(?:[.,\u066b\u066c\u00a0\u202f]\d+)*(?![:/.,]?\d)")
_SIGN_BEFORE = re.compile(r"([<>≤≥])\s*$")
_SIGN_AFTER = re.compile(r"^\s*\+")
_END = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Step:
    """What a label states: all numbers from `low` to `high`, one of which may have no end."""

    low: Decimal
    high: Decimal


def steps_with(labels: Sequence[str], number: Decimal, locale: Locale) -> tuple[int, ...]:
    """Find the steps that a number lies on, by their places; two where it is where they meet."""
    stated = tuple(_step(label, locale) for label in labels) if len(labels) <= STEPS_MAX else ()
    if not _is_scale([step for step in stated if step]):
        return ()
    return tuple(at for at, one in enumerate(stated) if one and one.low <= number <= one.high)


def _is_scale(steps: Sequence[Step]) -> bool:
    """Tell whether steps follow each other, upwards or downwards."""
    return len(steps) > 1 and (_rise(steps) or _rise(steps[::-1]))


def _rise(steps: Sequence[Step]) -> bool:
    return all(one.high <= other.low for one, other in pairwise(steps))


def _step(label: str, locale: Locale) -> Step | None:
    """Read the step that a label states; None where it states none, or a digit is no number."""
    found = tuple(_NUMBER.finditer(label))
    if any(sign.isdecimal() for sign in _NUMBER.sub("", label)):
        return None
    match [locale.read_number(one[0]) for one in found]:
        case [Decimal() as low, Decimal() as high] if low < high:
            return Step(low, high)
        case [Decimal() as edge]:
            return _open_step(edge, label[: found[0].start()], label[found[0].end() :], locale)
        case _:
            return None


def _open_step(edge: Decimal, before: str, after: str, locale: Locale) -> Step | None:
    """Read a step with one end, by the sign at its number or the words around it.

    The edge counts as within: where the next step begins there too, the person is asked.
    """
    sign = _SIGN_BEFORE.search(before)
    if sign:
        return _below(edge) if sign[1] in "<≤" else _above(edge)
    if _SIGN_AFTER.search(after):
        return _above(edge)
    below = _longest(_words_for_below(), before, after, locale)
    above = _longest(_words_for_above(), before, after, locale)
    if below == above:
        return None
    return _below(edge) if below > above else _above(edge)


def _below(edge: Decimal) -> Step:
    return Step(-_END, edge)


def _above(edge: Decimal) -> Step:
    return Step(edge, _END)


def _longest(listed: Phrase, before: str, after: str, locale: Locale) -> int:
    """Return how long the longest of the words is that stand on either side; 0 for none.

    So `not more than` outweighs the `more than` in it.
    """
    sides = [f" {folded(side)} " for side in (before, after)]
    words = [folded(word) for word in locale.say(listed).split(";")]
    return _longest_of(word for word in words if any(f" {word} " in side for side in sides))


def _longest_of(words: Iterable[str]) -> int:
    return max((len(word) for word in words), default=0)


def _words_for_below() -> Phrase:
    # Translators: words that make a number the upper end, as in "under 5 years" among choices;
    # separate them with ";". Not shown.
    return phrase(
        "under; below; less than; fewer than; younger than; up to; at most; not more than"
    )


def _words_for_above() -> Phrase:
    # Translators: words that make a number the lower end, as in "60 years or older" among choices;
    # separate them with ";". Not shown.
    return phrase(
        "over; above; more than; or more; and more; or over; and over; and above; older than; "
        "or older; and older; at least; from; onwards"
    )
