"""A range: a number between two bounds in equal steps, tapped where there are few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from conversations.events import ButtonTapped, Event
from conversations.phrases import Phrase, Problem, phrase, verbatim
from conversations.questions.base import Asked, Given, Kind, Offer, Reading, Rows
from conversations.questions.typed import lexical, read_number, show_number
from conversations.replies import Block, Button

BUTTONS_MAX = 15
"""A range of more steps is typed."""

BUTTONS_PER_ROW = 5


@dataclass(frozen=True, slots=True)
class Steps:
    """The numbers of a range: from `start` in steps of `step`, not beyond `end`."""

    start: Decimal
    end: Decimal
    step: Decimal

    @property
    def last(self) -> int:
        """Return the index of the last number."""
        return int((self.end - self.start) / self.step)

    def at(self, index: int) -> Decimal:
        """Return the number at an index, counted from 0."""
        return self.start + index * self.step

    def __contains__(self, number: Decimal) -> bool:
        """Tell whether a number is one of the steps."""
        index = (number - self.start) / self.step
        return 0 <= index <= self.last and index == index.to_integral_value()

    def __iter__(self) -> Iterator[Decimal]:
        """Go through the numbers in order."""
        return (self.at(index) for index in range(self.last + 1))


def steps_of(asked: Asked) -> Steps:
    """Read a range's parameters; ODK's own defaults (0 to 10 by 1) where one is of no use."""
    start, end, step = (
        _number(asked.question.parameters.get(name, ""), default)
        for name, default in (("start", 0), ("end", 10), ("step", 1))
    )
    step = abs(step) or Decimal(1)
    return Steps(start, end, step) if start <= end else Steps(start, end, -step)


def _number(text: str, default: int) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Decimal(default)
    return number if number.is_finite() else Decimal(default)


def _ask(asked: Asked) -> Offer:
    steps = steps_of(asked)
    if steps.last >= BUTTONS_MAX:
        return Offer(blocks=(Block(_bounds(steps), "hint"),))
    buttons = [_button(asked, index, number) for index, number in enumerate(steps)]
    return Offer(rows=_rows(buttons))


def _button(asked: Asked, index: int, number: Decimal) -> Button:
    label = asked.locale.show_number(number)
    chosen = asked.state.value == lexical(number)
    return Button(verbatim("✓ {label}" if chosen else "{label}", label=label), f"r{index}")


def _rows(buttons: list[Button]) -> Rows:
    return tuple(
        tuple(buttons[start : start + BUTTONS_PER_ROW])
        for start in range(0, len(buttons), BUTTONS_PER_ROW)
    )


def _bounds(steps: Steps) -> Phrase:
    low, high = sorted((steps.start, steps.end))
    return phrase("Write a number from {low} to {high}.", low=low, high=high)


def _read(asked: Asked, event: Event) -> Reading:
    steps = steps_of(asked)
    if isinstance(event, ButtonTapped):
        return Given(lexical(steps.at(int(event.action.removeprefix("r")))))
    number = read_number(asked, event)
    if isinstance(number, Problem):
        return number
    return Given(lexical(number)) if number in steps else Problem(_bounds(steps))


RANGE = Kind(_ask, _read, show_number)
