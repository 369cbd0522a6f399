"""How often two sources say the same in the same cases: two moderators, say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """Out of `cases`, how many `agreed`; `kappa` (Cohen's) is what exceeds chance, at most 1."""

    cases: int
    agreed: int
    kappa: float | None


def agreement(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Compare what two sources said in the same cases.

    `kappa` is None where chance alone would agree always. J. Cohen, "A Coefficient of Agreement
    for Nominal Scales", Educational and Psychological Measurement 20 (1960).

    >>> agreement([("yes", "yes"), ("no", "no"), ("yes", "no"), ("no", "no")])
    Agreement(cases=4, agreed=3, kappa=0.5)
    """
    counts = Counter(pairs)
    cases = counts.total()
    agreed = sum(count for (one, other), count in counts.items() if one == other)
    ones, others = Counter[str](), Counter[str]()
    for (one, other), count in counts.items():
        ones[one] += count
        others[other] += count
    chance = sum(count * others[said] for said, count in ones.items())
    left = cases * cases - chance
    return Agreement(cases, agreed, (cases * agreed - chance) / left if left else None)
