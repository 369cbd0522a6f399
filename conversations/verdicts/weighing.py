"""All answers of a case together: counted, and weighed.

Two ways to weigh. While too little is known about who is often right, answers are counted, and a
lead of three decides: what the sequential test comes to for people who are right three times of
four. Afterwards each answer is worth what its author's matrix says; classes count as equally
likely before the first answer (a share learnt from earlier reports would judge this one by them).
With more than two classes a case may be hard, and those who err in it err alike (`reliability`).

What was heard counts half, and all of it together at most like one stranger who saw it: ten people
may have heard one rumour. What somebody heard says nothing about how well they see, either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from math import exp, fsum, log, log1p
from operator import add, sub
from typing import Final, TypeAlias

from conversations.verdicts.answers import Answer
from conversations.verdicts.reliability import HARD, Reliabilities, Reliability
from conversations.verdicts.rule import Rule

LEAD: Final = 3
LEAD_HOLDS: Final = 2
"""A lead of two still bears a case that was decided; below that it is open again."""

LIKELY_HOLDS: Final = 0.8
"""The same as a likelihood, between a lead of one (.75) and of two (.9)."""

HEARSAY: Final = 0.5
HEARSAY_MAX: Final = 1.0

TWO: Final = 2
EASY, HARDER = log(1 - HARD), log(HARD)
"""How likely an easy case is, and a hard one, as logarithms."""

RAISED_MAX: Final = 700.0
"""What is larger cannot be raised: a float ends at about exp(709)."""

GAIN_MIN: Final = 0.1
"""Where strangers' answers say next to nothing, no number of them would be asked for."""

Amounts: TypeAlias = "tuple[float, ...]"
"""One value for each class, in the order of `Rule.classes`."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many said what, by class; `unproven` of the residents weigh nothing (probation)."""

    saw: tuple[int, ...]
    heard: tuple[int, ...]
    records: tuple[int, ...]
    abstained: int
    unproven: int

    @property
    def residents(self) -> int:
        """Return how many residents answered, in whatever way."""
        return sum(self.saw) + sum(self.heard) + self.abstained

    @property
    def first_hand(self) -> int:
        """Return how many answers there are that can decide."""
        return sum(self.saw) + sum(self.records) - self.unproven


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the answers of a case come to.

    `by_lead` tells which of the two ways was taken; `amounts` are then answers, or likelihoods
    that add up to 1. `short` is how many more answers of strangers, all for the leader, would
    make it clear; 0 where it is.
    """

    tally: Tally
    by_lead: bool
    amounts: Amounts
    leader: int | None
    short: float

    def holds(self, decided: int) -> bool:
        """Tell whether what was decided still stands."""
        if not self.by_lead:
            return self.amounts[decided] >= LIKELY_HOLDS
        others = max(value for index, value in enumerate(self.amounts) if index != decided)
        return self.amounts[decided] - others >= LEAD_HOLDS


def weigh(answers: Sequence[Answer], reliabilities: Reliabilities, rule: Rule) -> Weighing:
    """Weigh the answers that count in one case (`answers.counted`), in any order."""
    size = len(rule.classes)
    saw, heard, records = [0] * size, [0] * size, [0] * size
    proven, abstained, unproven = [0] * size, 0, 0
    said_by: list[list[tuple[Reliability, float]]] = [[] for _ in range(size)]
    for answer in answers:
        place = rule.places.get(answer.choice)
        if place is None:
            abstained += 1
            continue
        said, first_hand = place
        if not first_hand:
            heard[said] += 1
            continue
        (saw if answer.source == "resident" else records)[said] += 1
        known = reliabilities.of(answer, rule)
        if known is None:
            unproven += 1
            continue
        proven[said] += 1
        said_by[said].append((known, 1.0))
    tally = Tally(tuple(saw), tuple(heard), tuple(records), abstained, unproven)
    hearsay = [0.0 if rule.probation else min(HEARSAY_MAX, HEARSAY * count) for count in heard]
    if reliabilities.enough:
        return _by_likelihood(tally, said_by, hearsay, reliabilities, rule)
    return _by_lead(tally, [seen + told for seen, told in zip(proven, hearsay, strict=True)])


def _by_lead(tally: Tally, amounts: list[float]) -> Weighing:
    second, first = sorted(amounts)[-2:]
    leader = amounts.index(first) if first > second else None
    short = max(0.0, LEAD - (first - second))
    return Weighing(tally, by_lead=True, amounts=tuple(amounts), leader=leader, short=short)


Said: TypeAlias = "list[list[tuple[Reliability, float]]]"
"""By class: who said it, and how much of an answer that counts."""


def _by_likelihood(
    tally: Tally, said_by: Said, hearsay: list[float], reliabilities: Reliabilities, rule: Rule
) -> Weighing:
    stranger = reliabilities.strangers["resident"]
    for said, amount in enumerate(hearsay):
        if amount:
            said_by[said].append((stranger, amount))
    likely = shares(_logs(said_by), len(rule.classes))
    first = max(likely)
    leader = likely.index(first) if likely.count(first) == 1 else None
    size = len(likely)
    drawn = stranger.ways[0][2 * size : 3 * size] if size > TWO else stranger.ways[0]
    gain = max(GAIN_MIN, drawn[0] - drawn[1])
    short = max(0.0, (_log_odds(rule.threshold) - _log_odds(first)) / gain)
    return Weighing(tally, by_lead=False, amounts=likely, leader=leader, short=short)


def _logs(said_by: Said) -> list[float]:
    """Return, by class, the logarithm of how likely all answers are if it is right.

    Over each way a case may be, easy or hard, where there are more than two classes.
    """
    size = len(said_by)
    sums = [_sums(by, one) for one, by in enumerate(said_by) if by]
    if not sums:
        return [0.0] * size
    if size <= TWO:
        return _added(sums)
    both = _over_drawing(sums, size)
    return [
        _either(EASY + easy, HARDER + hard)
        for easy, hard in zip(both[:size], both[size:], strict=True)
    ]


def _over_drawing(rows: Sequence[Sequence[float]], size: int) -> list[float]:
    """Return the same, in easy cases, then in hard ones, over each class that may draw in them.

    There is a row for each class that was said, in the order of `ways`. All classes that may draw
    wrong answers are alike likely; where it is none of those said, all are far, and those are taken
    together (`others`). What is right draws nothing: it counts 1 among what is gained by being
    near, as one of the others does, so that `others` is the same number whatever is right.
    """
    far = _added(row[: 2 * size] for row in rows)
    gains = [list(map(sub, row[2 * size :], row)) for row in rows]
    others = size - 1 - len(rows)
    if max(map(max, gains)) > RAISED_MAX:
        drawn = [_together(column, others) for column in zip(*gains, strict=True)]
    else:
        raised = zip(*[map(exp, row) for row in gains], strict=True)
        drawn = [log(fsum(column) + others) for column in raised]
    return list(map(add, far, drawn))


def _sums(by: Sequence[tuple[Reliability, float]], said: int) -> list[float]:
    """Add up what all who said it make of each class, in each way a case may be."""
    rows = [
        known.ways[said] if part == 1 else [part * value for value in known.ways[said]]
        for known, part in by
    ]
    return _added(rows)


def _added(rows: Iterable[Iterable[float]]) -> list[float]:
    """Add up rows: exactly, in whatever order, for their values are coarse (`reliability`)."""
    return list(reduce(partial(map, add), rows))


def _together(logs: Sequence[float], others: int) -> float:
    """Return the logarithm of the sum of what these are the logarithms of, and as many ones.

    >>> from math import isclose
    >>> isclose(_together([log(2), log(3)], 4), log(9)), _together([800.0, 0.0], -1)
    (True, 800.0)
    """
    highest = max(logs)
    return highest + log(fsum(exp(value - highest) for value in logs) + others * exp(-highest))


def _either(one: float, other: float) -> float:
    """Return the logarithm of the sum of what two are the logarithms of.

    >>> from math import isclose
    >>> isclose(_either(log(2), log(3)), log(5))
    True
    """
    high, low = (one, other) if one > other else (other, one)
    return high + log1p(exp(low - high))


def shares(logs: Sequence[float], size: int) -> Amounts:
    """Turn logarithms of likelihoods into shares that add up to 1; equal ones if there are none.

    >>> shares([], 2), shares([0.0, -1000.0], 2)
    ((0.5, 0.5), (1.0, 0.0))
    """
    if not logs:
        return (1 / size,) * size
    highest = max(logs)
    raised = [exp(value - highest) for value in logs]
    total = fsum(raised)
    return tuple(value / total for value in raised)


def _log_odds(share: float) -> float:
    """Return the logarithm of the odds, of certainty that of the highest share below it."""
    return log(share / max(1 - share, 1e-15))
