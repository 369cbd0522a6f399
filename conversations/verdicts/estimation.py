"""How reliable each validator is, from all cases at once: Dawid and Skene's model, made safe.

A. P. Dawid and A. M. Skene, "Maximum Likelihood Estimation of Observer Error-Rates Using the EM
Algorithm", Applied Statistics 28 (1979). In turn: how likely each class is in each case, by what
the validators' matrices say; then each matrix, by how likely the classes are. What differs here:

- Matrices have a prior, and strangers a common one that is learnt (`reliability`).
- While estimating, a class starts out half as much more likely (as a logarithm) as it is more
  frequent. Where nine reports of ten are right, a case likely to .95 otherwise lends the rare
  class more doubtful answers than it has of its own, and all seem unreliable there. Whole
  frequencies run away where people favour a class; verdicts themselves know none.
- A case that a moderator decided is certain.
- **Leave one out.** Nobody is credited by a likelihood that contains the own answer: each answer
  is judged by the other answers of its case alone. Otherwise whoever answers first would agree
  with themselves, and be believed more for it. This is cautious: where a case has few other
  answers, people come out nearer to chance than they are, and a few more are asked.
- The clamp of `reliability` holds here too.

Written over flat lists, by columns of one class each, because it runs over all answers of a
programme: every step below is one pass of the interpreter's own loops.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import exp, log
from operator import add, itemgetter, mul, sub, truediv
from typing import Final, TypeAlias

from conversations.verdicts.answers import Answer, Source, Validator
from conversations.verdicts.reliability import (
    HISTORY_ANSWERS_MIN,
    PRIORS,
    Matrix,
    Reliabilities,
    Reliability,
    learnt,
    worth,
)
from conversations.verdicts.rule import Rule

ROUNDS_MAX: Final = 10
MOVED_MIN: Final = 0.001
"""Matrices that move by less than so many answers in a round, for each answer, have settled."""

FREQUENCY_PART: Final = 0.5
EVEN_ANSWERS: Final = 60
"""So many answers, evenly over all classes, are imagined beside those that are there."""

LOG_ODDS_MAX: Final = 300.0
"""Keeps a case with hundreds of answers within what a float can hold."""

NEW_ANSWERS_MIN: Final = 50
NEW_SHARE_MIN: Final = 0.05


PROBATION_SHARE_MIN: Final = 0.01


def due(answers: int, estimated: int, *, probation: bool = False) -> bool:
    """Tell whether to estimate again: at the first history, then by a twentieth more answers.

    The gap grows with what there is, so the cost for each answer stays the same. Under probation
    it is small, and there is one from the first answer on: whoever has passed should count soon.
    """
    if probation:
        return answers - estimated >= max(1, PROBATION_SHARE_MIN * answers)
    if answers < HISTORY_ANSWERS_MIN:
        return False
    return answers - estimated >= max(NEW_ANSWERS_MIN, NEW_SHARE_MIN * answers) or not estimated


def reestimate(
    cases: Mapping[str, Sequence[Answer]],
    truths: Mapping[str, str],
    decided: Collection[str],
    rule: Rule,
) -> Reliabilities:
    """Estimate all reliabilities anew from the answers that count and moderators' decisions.

    `cases` holds the answers of each case (`answers.counted`), `truths` the class decided by a
    moderator, where there is one; `decided` names the cases that have a verdict. The
    same input gives the same result, in whatever order.
    """
    given = _flatten(cases, truths, rule)
    counts = [[0.0] * len(given.sort_spans) for _ in rule.classes]
    for _ in range(ROUNDS_MAX):
        odds, inverses = _likely(given, counts)
        fresh = _count(given, odds, inverses)
        moved = sum(
            sum(map(abs, map(sub, new, old))) for new, old in zip(fresh, counts, strict=True)
        )
        counts = fresh
        if moved <= MOVED_MIN * len(given.by_sort):
            break
    answers = sum(len(cases[case]) for case in cases if case in decided or case in truths)
    return Reliabilities(
        rule.classes, _known(given, counts), answers, _priors(given, counts)["resident"]
    )


Pick: TypeAlias = "Callable[[Sequence[float]], Sequence[float]]"
Spans: TypeAlias = "list[tuple[int, int]]"


@dataclass(frozen=True, slots=True)
class _Given:
    """All first-hand answers, numbered. A sort of answer is one validator saying one class.

    They stand in two orders: by sort, to count what somebody said, and by case, to see what was
    said there. Spans tell from where to where; picks fetch a value for each answer.
    """

    size: int
    validators: list[tuple[Validator, Source]]
    certain: list[int | None]
    """By case: the class a moderator decided."""

    by_sort: list[tuple[int, int]]
    """Sort and case of each answer."""

    sort_spans: Spans
    case_spans: Spans
    sorts_by_sort: Pick
    cases_by_sort: Pick
    sorts_by_case: Pick


def _flatten(
    cases: Mapping[str, Sequence[Answer]], truths: Mapping[str, str], rule: Rule
) -> _Given:
    size = len(rule.classes)
    numbers: dict[Validator, int] = {}
    validators: list[tuple[Validator, Source]] = []
    certain: list[int | None] = []
    by_case: list[tuple[int, int]] = []
    for case_number, case in enumerate(sorted(cases)):
        truth = truths.get(case)
        certain.append(rule.classes.index(truth) if truth in rule.classes else None)
        for answer in cases[case]:
            said, first_hand = rule.places.get(answer.choice, (0, False))
            if first_hand:
                number = numbers.setdefault(answer.validator, len(validators))
                if number == len(validators):
                    validators.append((answer.validator, answer.source))
                by_case.append((number * size + said, case_number))
    by_sort = sorted(by_case)
    sorts, cases_by_sort = [sort for sort, _ in by_sort], [case for _, case in by_sort]
    return _Given(
        size=size,
        validators=validators,
        certain=certain,
        by_sort=by_sort,
        sort_spans=_spans(sorts, len(validators) * size),
        case_spans=_spans(cases_by_sort, len(certain)),
        sorts_by_sort=_pick(sorts),
        cases_by_sort=_pick(cases_by_sort),
        sorts_by_case=_pick([sort for sort, _ in by_case]),
    )


def _pick(places: Sequence[int]) -> Pick:
    """Return what fetches the values at these places, in their order."""
    return itemgetter(*places) if len(places) > 1 else lambda all_: [all_[p] for p in places]


def _spans(numbers: Iterable[int], size: int) -> Spans:
    """Return from where to where each number stands, once they are sorted."""
    counts = [0] * size
    for number in numbers:
        counts[number] += 1
    return list(pairwise(accumulate(counts, initial=0)))


def _matrices(given: _Given, counts: list[list[float]]) -> list[list[float]]:
    """Return, by class and sort, the clamped logarithm of how likely the answer is."""
    columns: list[list[float]] = [[] for _ in range(given.size)]
    priors = _priors(given, counts)
    for number, (_, source) in enumerate(given.validators):
        logs = worth(_matrix(given, counts, number), priors[source])
        for right, column in enumerate(columns):
            column.extend(said[right] for said in logs)
    return columns


def _priors(given: _Given, counts: list[list[float]]) -> Mapping[Source, Matrix]:
    people = [
        _matrix(given, counts, number)
        for number, (_, source) in enumerate(given.validators)
        if source == "resident"
    ]
    return {"resident": learnt(people, given.size), "record": PRIORS["record"].rows(given.size)}


def _starts(given: _Given, counts: list[list[float]]) -> list[float]:
    """Return where each class starts against the first, as a logarithm of odds."""
    totals = [sum(row) + EVEN_ANSWERS / given.size for row in counts]
    return [FREQUENCY_PART * log(total / totals[0]) for total in totals]


def _matrix(given: _Given, counts: list[list[float]], number: int) -> tuple[tuple[float, ...], ...]:
    first = number * given.size
    return tuple(tuple(row[first : first + given.size]) for row in counts)


def _likely(
    given: _Given, counts: list[list[float]]
) -> tuple[list[list[float]], list[list[float]]]:
    """Return the odds of each class against the first, by case; and what takes an answer out."""
    odds, inverses = [], []
    logs = _matrices(given, counts)
    starts = _starts(given, counts)
    for right in range(1, given.size):
        gain = list(map(sub, logs[right], logs[0]))
        gains = given.sorts_by_case(gain)
        sums = [starts[right] + sum(gains[start:end]) for start, end in given.case_spans]
        for case, truth in enumerate(given.certain):
            if truth is not None:
                sums[case] = LOG_ODDS_MAX if right == truth else -LOG_ODDS_MAX
        odds.append([exp(max(-LOG_ODDS_MAX, min(LOG_ODDS_MAX, value))) for value in sums])
        inverses.append([exp(-value) for value in gain])
    return odds, inverses


def _count(
    given: _Given, odds: list[list[float]], inverses: list[list[float]]
) -> list[list[float]]:
    """Return, by class and sort, how many answers were given where that class was right."""
    columns = [
        list(map(mul, given.cases_by_sort(odd), given.sorts_by_sort(inverse)))
        for odd, inverse in zip(odds, inverses, strict=True)
    ]
    totals = [1.0 + value for value in columns[0]]
    for column in columns[1:]:
        totals = list(map(add, totals, column))
    counts = [_sums(given, list(map(truediv, column, totals))) for column in columns]
    rest = [float(end - start) for start, end in given.sort_spans]
    for count in counts:
        rest = list(map(sub, rest, count))
    return [rest, *counts]


def _sums(given: _Given, shares: list[float]) -> list[float]:
    return [sum(shares[start:end]) for start, end in given.sort_spans]


def _known(given: _Given, counts: list[list[float]]) -> Mapping[Validator, Reliability]:
    borne_out, contradicted = _against_moderators(given)
    priors = _priors(given, counts)
    return {
        validator: Reliability(
            tuple(
                tuple(max(0.0, value) for value in row) for row in _matrix(given, counts, number)
            ),
            priors[source],
            borne_out[number],
            contradicted[number],
        )
        for number, (validator, source) in enumerate(given.validators)
    }


def _against_moderators(given: _Given) -> tuple[list[int], list[int]]:
    borne_out, contradicted = [0] * len(given.validators), [0] * len(given.validators)
    for sort, case in given.by_sort:
        truth = given.certain[case]
        if truth is not None:
            number, said = divmod(sort, given.size)
            (borne_out if said == truth else contradicted)[number] += 1
    return borne_out, contradicted
