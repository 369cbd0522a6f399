"""Figures that stand far from what others reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

from conversations.checks.doubts import Doubt
from conversations.checks.facts import COUNTED, Facts
from conversations.phrases import phrase
from conversations.sheets.flags import Severity

HISTORY_MIN: Final = 30
"""Of fewer figures nobody can say what is usual."""

FAR: Final = 5.0
"""Robust standard deviations from the median; 3.5 is usual for one figure looked at alone
(Iglewicz and Hoaglin, 1993), but a form has many."""

MAD_TO_DEVIATION: Final = 1.4826
"""Median absolute deviation to standard deviation, for a normal distribution."""


def outliers(facts: Facts) -> Iterator[Doubt]:
    """Doubt each figure that stands far from those of earlier reports."""
    for one in facts.of(COUNTED):
        known = facts.history.get(one.question.path, ())
        figure = figure_of(one.value)
        if figure is not None and len(known) >= HISTORY_MIN and is_far(figure, known):
            # Translators: to moderators; {figure} was answered, {usual} is the middle of all.
            words = phrase(
                "{figure} is far from what is usual here ({usual}).",
                figure=one.value,
                usual=f"{median(known):g}",
            )
            yield Doubt("outlier", Severity.MEDIUM, words, (one.reference,))


def is_far(figure: float, known: Sequence[float]) -> bool:
    """Tell whether a figure stands far from others.

    Where more than half of them are equal, the mean deviation stands in for the median one, as in
    the source above; where all are equal, so that nothing is known of their spread, any other
    figure of at least double the size is far.

    >>> is_far(150, [1, 2, 3, 4, 5, 6] * 5), is_far(8, [1, 2, 3, 4, 5, 6] * 5)
    (True, False)
    """
    middle = median(known)
    away = [abs(one - middle) for one in known]
    spread = MAD_TO_DEVIATION * median(away) or 1.2533 * sum(away) / len(away)
    if spread:
        return abs(figure - middle) > FAR * spread
    return abs(figure - middle) > max(abs(middle), 1)


def figure_of(value: str) -> float | None:
    """Read an answer as a figure; None where it is none."""
    try:
        return float(value)
    except ValueError:
        return None
