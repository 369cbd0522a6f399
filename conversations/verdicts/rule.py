"""What a row of the `validations` sheet settles about verdicts, with the defaults and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from conversations.verdicts.answers import DEFAULT_CHOICES, Choice

STOP_OF_TWO: Final = 0.95
STOP_OF_MORE: Final = 0.98
LEAST_OF_TWO: Final = 2
LEAST_OF_MORE: Final = 3
"""With more than two classes the likelihood rises too fast: two alike would decide at .95."""

CLASSES_MAX: Final = 20
ANSWERS_MAX: Final = 200
CONTROL_SHARE_MAX: Final = 0.5


@dataclass(frozen=True, slots=True)
class Rule:
    """How one validation question is decided.

    `confirming` is the class that says the report is right. `answers_max` counts every answer,
    also of those who could not tell. `stop` is how likely a class must be to decide. Where
    `answers_min` and `stop` are None, they are 2 and .95, or 3 and .98 for more than two classes.
    Raises ValueError where a bound is not kept, with all of them (`faults`).
    """

    choices: tuple[Choice, ...] = DEFAULT_CHOICES
    confirming: str = "yes"
    answers_min: int | None = None
    answers_max: int = 7
    stop: float | None = None
    control_share: float = 0.1
    probation: bool = False
    classes: tuple[str, ...] = field(init=False)
    threshold: float = field(init=False)
    least: int = field(init=False)
    places: Mapping[str, tuple[int, bool]] = field(init=False, repr=False, compare=False)
    """By the name of a choice: the number of its class, and whether at first hand."""

    def __post_init__(self) -> None:
        """Work out the classes, in the order of the choices."""
        said = [choice.says for choice in self.choices if choice.says is not None]
        classes = tuple(dict.fromkeys(said))
        two = len(classes) <= len(("yes", "no"))
        standard = STOP_OF_TWO if two else STOP_OF_MORE
        least = LEAST_OF_TWO if two else LEAST_OF_MORE
        places = {
            choice.name: (classes.index(choice.says), choice.first_hand)
            for choice in self.choices
            if choice.says is not None
        }
        object.__setattr__(self, "classes", classes)
        object.__setattr__(self, "threshold", standard if self.stop is None else self.stop)
        object.__setattr__(self, "least", self.answers_min or least)
        object.__setattr__(self, "places", places)
        if wrong := faults(self):
            raise ValueError("; ".join(wrong))


def faults(rule: Rule) -> tuple[str, ...]:
    """Say which bounds a rule does not keep, each by its column."""
    bounds = {
        f"choices: 2 to {CLASSES_MAX} classes must be among them": (
            1 < len(rule.classes) <= CLASSES_MAX
        ),
        "confirming: must be what one of the choices says": rule.confirming in rule.classes,
        "min: 2 or more": rule.least >= LEAST_OF_TWO,
        f"max: from min to {ANSWERS_MAX}": rule.least <= rule.answers_max <= ANSWERS_MAX,
        "stop: above .5 and below 1": 0.5 < rule.threshold < 1,  # noqa: PLR2004 - as the words say.
        f"control_share: 0 to {CONTROL_SHARE_MAX}": 0 <= rule.control_share <= CONTROL_SHARE_MAX,
    }
    return tuple(words for words, kept in bounds.items() if not kept)
