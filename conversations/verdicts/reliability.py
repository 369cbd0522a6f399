"""How often a validator was right: a confusion matrix, and what an answer is worth by it.

Row r, column s of the matrix: how many answers said s where r was right (parts of an answer,
where what was right is only likely). To each row a prior is added, worth 6 answers of which 75 %
were right, so somebody unknown counts like somebody who is right three times of four, and a few
answers change little. A record (a health promoter's or facility's register) begins with more.

**Hard cases, where those who err, err alike.** With more than two classes some cases draw wrong
answers, and these to one wrong class: two breeds look the same, one word is misread. Were errors
taken to fall anywhere, three alike would seem certain that may be the same slip three times. So a
case is taken to be hard in one of ten, and then half of the answers are as good as drawn by lot;
and each case is taken to have one class, not known which, that draws half of the wrong answers
(`near`), while the rest falls as the author's errors do (`far`). Round numbers, not fitted to any
set. With two classes there is but one wrong class, and none of this is reckoned with.

The clamp: an answer never counts against what it says. From who is mostly wrong one could conclude
the contrary; that would let ten accounts decide by lying on purpose, and nobody could explain it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from math import log
from typing import Final, TypeAlias

from conversations.verdicts.answers import Answer, Source, Validator
from conversations.verdicts.rule import Rule

Matrix: TypeAlias = "tuple[tuple[float, ...], ...]"

HISTORY_ANSWERS_MIN: Final = 200
HISTORY_VALIDATORS_MIN: Final = 20
"""Below either, nothing is known yet about who is right, and a lead decides (`weighing`)."""

STANDARD_WEIGHT: Final = 60
"""How many people of the standard kind are imagined beside those who answered (`learnt`)."""

ALIKE: Final = 0.5
"""So large a share of wrong answers falls on the class that draws them."""

ROUNDER: Final = 1.5 * 2**14
"""What is added to it loses all that is finer than 2 to the power of -38."""

HARD: Final = 0.1
"""So many cases are hard."""

LOST: Final = 0.5
"""In a hard case so many answers are as good as drawn by lot."""

PROVEN_MIN: Final = 2
PROVEN_SHARE_MIN: Final = 0.6
"""Probation ends when so many answers were borne out by a moderator, and so large a share."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is taken for granted about somebody unknown: right how often, worth how many answers."""

    mean: float
    strength: float

    @cache  # noqa: B019 - there are two priors, and at most twenty numbers of classes.
    def rows(self, classes: int) -> Matrix:
        """Return what to add to a matrix.

        >>> Prior(0.75, 6).rows(2)
        ((4.5, 1.5), (1.5, 4.5))
        """
        right, wrong = self.strength * self.mean, self.strength * (1 - self.mean) / (classes - 1)
        numbers = range(classes)
        return tuple(tuple(right if s == r else wrong for s in numbers) for r in numbers)


PRIORS: Final[Mapping[Source, Prior]] = {
    "resident": Prior(mean=0.75, strength=6),
    "record": Prior(mean=0.9, strength=10),
}


@dataclass(frozen=True, slots=True)
class Reliability:
    """What is known of one validator.

    `borne_out` and `contradicted` count the answers to cases that a moderator decided: controls,
    and cases that went to a moderator later. `logs` is worked out: by what is said, the logarithm
    of how likely that is for each class that may be right, clamped; `ways` by what is
    said the same for each way a case may be (`ways`).
    """

    counts: Matrix
    prior: Matrix
    borne_out: int = 0
    contradicted: int = 0
    logs: Matrix = field(init=False, repr=False, compare=False)
    ways: Matrix = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out what each answer is worth."""
        logs = worth(self.counts, self.prior)
        two = len(logs) <= len(("yes", "no"))
        object.__setattr__(self, "logs", logs)
        object.__setattr__(self, "ways", logs if two else ways(self.counts, self.prior))

    @property
    def proven(self) -> bool:
        """Tell whether enough answers were borne out by moderators to end probation."""
        enough = PROVEN_SHARE_MIN * (self.borne_out + self.contradicted)
        return self.borne_out >= max(PROVEN_MIN, enough)


@dataclass(frozen=True, slots=True)
class Reliabilities:
    """All that is known of the validators of questions with the same classes."""

    classes: tuple[str, ...]
    known: Mapping[Validator, Reliability] = field(default_factory=dict)
    decided_answers: int = 0
    """Answers in cases that are decided."""

    resident_prior: Matrix | None = None
    """What is taken for granted of a resident; None before the first estimation."""

    strangers: Mapping[Source, Reliability] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make what is taken for granted of a stranger."""
        size = len(self.classes)
        priors = {source: prior.rows(size) for source, prior in PRIORS.items()}
        priors["resident"] = self.resident_prior or priors["resident"]
        strangers = {source: Reliability(unknown(size), rows) for source, rows in priors.items()}
        object.__setattr__(self, "strangers", strangers)

    def of(self, answer: Answer, rule: Rule) -> Reliability | None:
        """Return what is known of an answer's author; None under probation."""
        known = self.known.get(answer.validator) or self.strangers[answer.source]
        on_probation = rule.probation and answer.source == "resident" and not known.proven
        return None if on_probation else known

    @property
    def enough(self) -> bool:
        """Tell whether enough is known to weigh each answer by its author."""
        return (
            self.decided_answers >= HISTORY_ANSWERS_MIN
            and len(self.known) >= HISTORY_VALIDATORS_MIN
        )


def learnt(people: Iterable[Matrix], size: int) -> Matrix:
    """Return what to take for granted of a stranger, by what strangers turned out to be.

    Never more than the standard prior: right three times of four. Less, where the people of a
    programme are less often right than that, or a crowd of fresh accounts is: each person counts
    with at most as many answers as the prior is worth, so newcomers are heard here as the others.
    """
    standard = PRIORS["resident"]
    total = [[STANDARD_WEIGHT * value for value in row] for row in standard.rows(size)]
    for counts in people:
        part = min(1.0, standard.strength / max(1e-9, sum(map(sum, counts))))
        for row, seen in zip(total, counts, strict=True):
            for said, value in enumerate(seen):
                row[said] += part * value
    return tuple(_capped(row, right, standard) for right, row in enumerate(total))


def _capped(row: list[float], right: int, standard: Prior) -> tuple[float, ...]:
    share = min(standard.mean, row[right] / sum(row))
    wrong = sum(row) - row[right]
    return tuple(
        standard.strength * (share if said == right else (1 - share) * value / wrong)
        for said, value in enumerate(row)
    )


def unknown(classes: int) -> Matrix:
    """Return the matrix of somebody who has not answered yet."""
    return ((0.0,) * classes,) * classes


def worth(counts: Matrix, prior: Matrix) -> Matrix:
    """Return, by what is said, the clamped logarithm of its likelihood for each class.

    >>> [round(value, 3) for value in worth(unknown(2), PRIORS["resident"].rows(2))[0]]
    [-0.288, -1.386]
    """
    by_said = zip(*_likely(counts, prior), strict=True)
    return tuple(
        tuple([coarse_log(min(value, column[said])) for value in column])
        for said, column in enumerate(by_said)
    )


def ways(counts: Matrix, prior: Matrix) -> Matrix:
    """Return, by what is said, logarithms of its likelihood for each class, four times in a row.

    Where another class draws the wrong answers, in an easy case and in a hard one; then where what
    is said draws them. Nothing wrong is likelier than what is right in a hard case, so that the
    clamp holds over all of them.

    >>> from math import exp
    >>> row = [exp(value) for value in ways(unknown(4), PRIORS["resident"].rows(4))[0]]
    >>> [round(value, 3) for value in (row[0], row[1], row[9], row[4], row[5], row[13])]
    [0.75, 0.042, 0.167, 0.5, 0.083, 0.333]
    """
    easy = _likely(counts, prior)
    by_lot = LOST / len(easy)
    hard = [[(1 - LOST) * value + by_lot for value in row] for row in easy]
    rows = []
    for said in range(len(easy)):
        most = min(easy[said][said], hard[said][said])
        kinds = _of_kind(easy, said, most), _of_kind(hard, said, most)
        far, near = zip(*kinds, strict=True)
        rows.append(tuple(coarse_log(value) for value in (*chain(*far), *chain(*near))))
    return tuple(rows)


def _of_kind(likely: list[list[float]], said: int, most: float) -> tuple[list[float], list[float]]:
    """Return how likely it is said for each class, far from what is right and near it."""
    far = [min(most, (1 - ALIKE) * row[said]) for row in likely]
    near = [
        min(most, (1 - ALIKE) * row[said] + ALIKE * (1 - row[right]))
        for right, row in enumerate(likely)
    ]
    far[said] = near[said] = likely[said][said]
    return far, near


def coarse_log(value: float) -> float:
    """Return the logarithm of a likelihood, rounded to multiples of 2 to the power of -38.

    So coarse values add up without any error, in whatever order they come, and halves of them, too,
    as long as no sum is beyond 4,096: 200 answers of 1 in 100 million each are not.

    >>> values = [coarse_log(likely) for likely in (0.1, 0.2, 0.7, 1e-8)]
    >>> sum(values) == sum(reversed(values)), abs(values[0] - log(0.1)) < 1e-11
    (True, True)
    """
    return (log(value) + ROUNDER) - ROUNDER


def _likely(counts: Matrix, prior: Matrix) -> list[list[float]]:
    rows = []
    for seen, taken in zip(counts, prior, strict=True):
        total = sum(taken) + sum(seen)
        rows.append([(a + b) / total for a, b in zip(seen, taken, strict=True)])
    return rows
