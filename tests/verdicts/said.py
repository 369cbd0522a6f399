"""Short ways to write down what validators said, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from conversations.verdicts.answers import Answer, Choice, Source, Validator
from conversations.verdicts.reliability import (
    HISTORY_ANSWERS_MIN,
    HISTORY_VALIDATORS_MIN,
    PRIORS,
    Matrix,
    Reliabilities,
    Reliability,
    unknown,
)
from conversations.verdicts.rule import Rule

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
CHOICES = (
    Choice("yes", "yes"),
    Choice("heard", "yes", first_hand=False),
    Choice("no", "no"),
    Choice("cannot_tell", None),
    Choice("rather_not", None),
)
RULE = Rule(CHOICES)
STRICT = Rule(CHOICES, probation=True)
NOTHING = Reliabilities(RULE.classes)
TWO = PRIORS["resident"].rows(2)


def said(*choices: str, first: int = 0, source: Source = "resident") -> tuple[Answer, ...]:
    """Let validators `v0`, `v1`, … each answer, a minute apart."""
    return tuple(
        Answer(Validator(f"v{number}"), choice, START + timedelta(minutes=number), source)
        for number, choice in enumerate(choices, first)
    )


def person(right_yes: int, wrong_yes: int, right_no: int, wrong_no: int) -> Reliability:
    """Know somebody by right and wrong answers where yes was right, and where no was."""
    return Reliability(((right_yes, wrong_yes), (wrong_no, right_no)), TWO)


def knowing(
    people: Mapping[str, Reliability], classes: tuple[str, ...] = ("yes", "no")
) -> Reliabilities:
    """Know these people, and enough others for answers to be weighed by their authors."""
    size = len(classes)
    others = Reliability(unknown(size), PRIORS["resident"].rows(size))
    crowd = {Validator(f"other{n}"): others for n in range(HISTORY_VALIDATORS_MIN)}
    known = crowd | {Validator(name): known for name, known in people.items()}
    return Reliabilities(classes, known, HISTORY_ANSWERS_MIN)


def matrix(*rows: tuple[float, ...]) -> Matrix:
    """Write a matrix down row by row."""
    return rows
