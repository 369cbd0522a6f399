"""How reliable people are found to be, against people made up and against a plain second way."""

from __future__ import annotations

import random
from collections.abc import Mapping
from math import exp, log, prod
from statistics import fmean

import pytest

from conversations.verdicts.answers import Answer, Validator, choices_of
from conversations.verdicts.deciding import verdict
from conversations.verdicts.estimation import (
    EVEN_ANSWERS,
    FREQUENCY_PART,
    ROUNDS_MAX,
    due,
    reestimate,
)
from conversations.verdicts.reliability import Reliabilities, learnt, unknown, worth
from conversations.verdicts.rule import Rule
from conversations.verdicts.weighing import weigh
from tests.verdicts.said import RULE, START, said

Cases = dict[str, tuple[Answer, ...]]


def made(classes: str, people: int, cases: int, seed: int) -> tuple[Cases, dict[str, str]]:
    """Make up a community: each person right between half and 95 times of 100."""
    rng = random.Random(seed)  # noqa: S311
    skills = [rng.uniform(0.5, 0.95) for _ in range(people)]
    given: Cases = {}
    truth: dict[str, str] = {}
    for number in range(cases):
        case = f"case {number:03}"
        truth[case] = rng.choice(classes)
        wrong = [name for name in classes if name != truth[case]]
        given[case] = tuple(
            Answer(
                Validator(f"v{person:02}"),
                truth[case] if rng.random() < skills[person] else rng.choice(wrong),
                START,
            )
            for person in rng.sample(range(people), 5)
        )
    return given, truth


def plainly(cases: Cases, truths: Mapping[str, str], rule: Rule) -> dict[str, list[list[float]]]:
    """Estimate the matrices by the words of `estimation` alone: no columns, no shortcuts."""
    classes, size = rule.classes, len(rule.classes)
    people = sorted({answer.validator for case in cases.values() for answer in case})
    counts = {person: [[0.0] * size for _ in classes] for person in people}
    for _ in range(ROUNDS_MAX):
        frozen = {p: tuple(map(tuple, rows)) for p, rows in counts.items()}
        prior = learnt(frozen.values(), size)
        logs = {person: worth(rows, prior) for person, rows in frozen.items()}
        said = [sum(sum(counts[p][c]) for p in people) + EVEN_ANSWERS / size for c in range(size)]
        start = [(total / said[0]) ** FREQUENCY_PART for total in said]
        counts = {person: [[0.0] * size for _ in classes] for person in people}
        for name, case in cases.items():
            for answer in case:
                others = [other for other in case if other is not answer]
                likely = [
                    start[c]
                    * prod(exp(logs[o.validator][classes.index(o.choice)][c]) for o in others)
                    for c in range(size)
                ]
                if name in truths:
                    likely = [float(known == truths[name]) for known in classes]
                column = classes.index(answer.choice)
                for c in range(size):
                    counts[answer.validator][c][column] += likely[c] / sum(likely)
    return counts


@pytest.mark.parametrize(("classes", "moderated"), [("ab", 0), ("ab", 6), ("abcd", 4)])
def test_the_estimation_does_what_its_words_say(classes: str, moderated: int) -> None:
    """The fast estimation gives what the plain one gives, for two classes and for four."""
    cases, truth = made(classes, 12, 40, seed=moderated)
    truths = dict(list(truth.items())[:moderated])
    rule = Rule(choices_of(classes), "a")
    found = reestimate(cases, truths, truth, rule)
    for person, rows in plainly(cases, truths, rule).items():
        seen = found.known[Validator(person)].counts
        # The fast way may stop earlier, where matrices hardly move any more.
        assert [list(row) for row in seen] == [pytest.approx(row, abs=0.3) for row in rows]


def test_nobody_is_credited_by_their_own_answer() -> None:
    """Who is alone in all cases is neither right nor wrong, however often they answer."""
    cases = {f"case {n}": said("yes") for n in range(50)}
    [only] = reestimate(cases, {}, (), RULE).known.values()
    assert only.counts[0][0] == pytest.approx(only.counts[1][0], rel=0.01)
    assert only.logs[0][0] == pytest.approx(only.logs[0][1], abs=0.35)


def test_skills_are_found() -> None:
    """Among 60 people the good and the bad are told apart, and more verdicts are right."""
    cases, truth = made("ab", 60, 1000, seed=3)
    rule = Rule(choices_of("ab"), "a")
    found = reestimate(cases, {}, truth, rule)
    good = {
        p: fmean(known.counts[c][c] / sum(known.counts[c]) for c in (0, 1))
        for p, known in found.known.items()
    }
    rng = random.Random(3)  # noqa: S311
    skills = [rng.uniform(0.5, 0.95) for _ in range(60)]
    ranked = sorted(range(60), key=skills.__getitem__)
    worst, best = (
        fmean(good[Validator(f"v{n:02}")] for n in part) for part in (ranked[:20], ranked[40:])
    )
    assert best - worst > 0.15
    by_count = _right(cases, truth, Reliabilities(rule.classes), rule)
    assert _right(cases, truth, found, rule) > by_count + 10


def _right(cases: Cases, truth: Mapping[str, str], known: Reliabilities, rule: Rule) -> int:
    """Count the cases in which the class that leads is right."""
    leaders = {name: weigh(case, known, rule).leader for name, case in cases.items()}
    return sum(at is not None and rule.classes[at] == truth[name] for name, at in leaders.items())


def test_a_rare_class_is_not_lost() -> None:
    """Where nine reports of ten are right, those that are not are still found."""
    rng = random.Random(5)  # noqa: S311
    cases, truth = {}, {}
    for number in range(600):
        name = f"case {number}"
        truth[name] = "no" if rng.random() < 0.1 else "yes"
        other = {"yes": "no", "no": "yes"}[truth[name]]
        cases[name] = tuple(
            Answer(Validator(f"v{p}"), truth[name] if rng.random() < 0.85 else other, START)
            for p in rng.sample(range(50), 7)
        )
    found = reestimate(cases, {}, truth, RULE)
    rare = [verdict(case, found, RULE).says for name, case in cases.items() if truth[name] == "no"]
    assert rare.count("no") > 0.85 * len(rare)
    assert rare.count("yes") < 0.05 * len(rare)


def test_moderators_decisions_are_the_truth() -> None:
    """Against moderators' decisions a majority of liars counts nothing."""
    cases = {f"case {n}": said("no", "no", "no", "yes") for n in range(60)}
    truths = {f"case {n}": "yes" for n in range(0, 60, 2)}
    found = reestimate(cases, truths, cases, RULE)
    liar, honest = found.known[Validator("v0")], found.known[Validator("v3")]
    assert (liar.borne_out, liar.contradicted, liar.proven) == (0, 30, False)
    assert (honest.borne_out, honest.proven) == (30, True)


def test_strangers_are_taken_for_what_strangers_were() -> None:
    """A wave of fresh accounts that others contradict makes the next one count less."""
    right, wrong = ((4.0, 0.0), (0.0, 4.0)), ((0.0, 1.0), (1.0, 0.0))
    usual, flooded = learnt([right] * 200, 2), learnt([right] * 200 + [wrong] * 4000, 2)
    nothing = unknown(2)
    assert worth(nothing, usual)[0][0] - worth(nothing, usual)[0][1] == pytest.approx(log(3))
    assert worth(nothing, flooded)[0][0] - worth(nothing, flooded)[0][1] < 0.1


def test_the_order_of_cases_makes_no_difference() -> None:
    """The same cases give the same reliabilities, in whatever order they are read."""
    cases, truth = made("ab", 12, 40, seed=8)
    turned = {name: cases[name][::-1] for name in reversed(cases)}
    rule = Rule(choices_of("ab"), "a")
    one, two = (reestimate(given, {}, truth, rule) for given in (cases, turned))
    assert set(one.known) == set(two.known)
    for person, known in one.known.items():
        for row, other in zip(known.counts, two.known[person].counts, strict=True):
            assert row == pytest.approx(other, abs=1e-6)


def test_hearsay_is_nobodys_merit() -> None:
    """What people only heard says nothing about how well they see."""
    cases = {f"case {n}": said("yes", "yes", "heard") for n in range(10)}
    assert set(reestimate(cases, {}, cases, RULE).known) == {"v0", "v1"}


def test_nothing_answered_is_nothing_known() -> None:
    """Without answers nobody is known, and a lead decides."""
    found = reestimate({}, {}, (), RULE)
    assert (found.known, found.decided_answers, found.enough) == ({}, 0, False)


def test_it_is_due_by_a_twentieth_more() -> None:
    """Estimated at the first 200 answers, then after a twentieth more, and at least 50."""
    wanted = [(100, 0), (200, 0), (240, 200), (250, 200), (10_000, 9_600), (10_000, 9_500)]
    assert [due(*pair) for pair in wanted] == [False, True, False, True, False, True]
