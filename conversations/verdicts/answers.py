"""What validators said: choices, what they stand for, and which answers count.

A choice speaks for one class ("yes", "no", a kind of damage) or abstains. Who saw speaks at first
hand; who only heard speaks at second hand, and counts less (`weighing`). The one who cannot tell
or would rather not say has answered, and says nothing about the report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NewType, TypeAlias

Validator = NewType("Validator", str)
"""An opaque id: the keyed pseudonym of whoever was asked."""

Source: TypeAlias = Literal["resident", "record"]
"""Somebody of the place, or a register: a health promoter or facility looked it up."""

SOURCES: Final[tuple[Source, ...]] = ("resident", "record")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one validator said in one case."""

    validator: Validator
    choice: str
    at: datetime
    source: Source = "resident"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a validation question: the class it speaks for, None where it abstains."""

    name: str
    says: str | None
    first_hand: bool = True


DEFAULT_CHOICES: Final = (
    Choice("saw", "yes"),
    Choice("heard", "yes", first_hand=False),
    Choice("no", "no"),
    Choice("dk", None),
    Choice("na", None),
)
"""The choices where the sheet names no list; `conversations.sheets.validations` labels them."""

ABSTAINING: Final = frozenset(
    {"dk", "na", "dont_know", "unsure", "cannot_tell", "rather_not", "refused"}
)
"""Names by which a choice of a workbook's own list abstains, as forms in the field have them."""


def choices_of(names: Iterable[str]) -> tuple[Choice, ...]:
    """Read a workbook's own choice list: each name is a class, except those that abstain.

    >>> [choice.says for choice in choices_of(["dry", "flooded", "dk"])]
    ['dry', 'flooded', None]
    """
    return tuple(Choice(name, None if name in ABSTAINING else name) for name in names)


def counted(answers: Iterable[Answer], decided_at: datetime | None = None) -> tuple[Answer, ...]:
    """Return the answer that counts of each validator: the latest, in a settled order.

    Minds may change until the case is decided: after `decided_at` a first answer still counts,
    being late, but a changed one does not.
    """
    latest: dict[Validator, Answer] = {}
    for answer in sorted(answers, key=lambda answer: (answer.at, answer.choice)):
        late = decided_at is not None and answer.at > decided_at
        if not (late and answer.validator in latest):
            latest[answer.validator] = answer
    return tuple(latest[validator] for validator in sorted(latest))
