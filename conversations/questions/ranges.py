"""A range: a number between two bounds in equal steps.

Few steps are buttons, those of a `rating` stars; a `picker` turns its pages; the others are typed
between bounds that are said. The scratch is the page of a picker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from conversations.events import ButtonTapped, Event
from conversations.phrases import Phrase, Problem, phrase, verbatim
from conversations.questions.base import (
    Asked,
    Given,
    Kind,
    Offer,
    Reading,
    Rows,
    Scratched,
    rows_of,
)
from conversations.questions.typed import lexical, read_number, show_number
from conversations.replies import Block, Button

BUTTONS_MAX = 15
"""A range of more steps is typed."""

BUTTONS_PER_ROW = 5

PICKED_MAX = 300
"""A picker of more steps would have too many pages to turn, and is typed."""

STARS_PER_ROW = 5


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
    if "rating" in asked.question.appearance and steps.last < BUTTONS_MAX:
        stars = (_button(asked, index, one, "{label} ⭐") for index, one in enumerate(steps))
        return Offer(rows=rows_of(stars, STARS_PER_ROW))
    if steps.last < BUTTONS_MAX:
        return Offer(rows=_page(asked, steps, 0, steps.last))
    if "picker" in asked.question.appearance and steps.last < PICKED_MAX:
        return Offer((Block(_bounds(steps), "hint"),), _picker(asked, steps))
    return Offer((Block(_bounds(steps), "hint"),))


def _button(asked: Asked, index: int, number: Decimal, words: str = "{label}") -> Button:
    label = asked.locale.show_number(number)
    chosen = asked.state.value == lexical(number)
    return Button(verbatim(f"✓ {words}" if chosen else words, label=label), f"r{index}")


def _page(asked: Asked, steps: Steps, first: int, last: int) -> Rows:
    buttons = (_button(asked, index, steps.at(index)) for index in range(first, last + 1))
    return rows_of(buttons, BUTTONS_PER_ROW)


def _picker(asked: Asked, steps: Steps) -> Rows:
    """Show a page of the numbers, the one with the present answer first."""
    pages = steps.last // BUTTONS_MAX + 1
    page = int(asked.scratch) if asked.scratch else _index(asked, steps) // BUTTONS_MAX
    page = min(page, pages - 1)
    first = page * BUTTONS_MAX
    last = min(first + BUTTONS_MAX - 1, steps.last)
    turning = (
        Button(verbatim("◀"), f"p{max(page - 1, 0)}"),
        Button(verbatim("{page}/{pages}", page=page + 1, pages=pages), f"p{page}"),
        Button(verbatim("▶"), f"p{min(page + 1, pages - 1)}"),
    )
    return (*_page(asked, steps, first, last), turning)


def _index(asked: Asked, steps: Steps) -> int:
    """Find where the present answer stands among the steps; the first where there is none."""
    value = _number(asked.state.value, 0)
    return int((value - steps.start) / steps.step) if value in steps else 0


def _bounds(steps: Steps) -> Phrase:
    low, high = sorted((steps.start, steps.end))
    if abs(steps.step) == 1:
        # Translators: why an answer was refused, and under a question whose numbers have bounds.
        return phrase("Write a number from {low} to {high}.", low=low, high=high)
    # Translators: {step} is how far apart the numbers are, such as 5: 0, 5, 10 and so on.
    return phrase(
        "Write a number from {low} to {high}, in steps of {step}.",
        low=low,
        high=high,
        step=abs(steps.step),
    )


def _read(asked: Asked, event: Event) -> Reading:
    steps = steps_of(asked)
    match event:
        case ButtonTapped(action=action) if action.startswith("p"):
            return Scratched(action.removeprefix("p"))
        case ButtonTapped(action=action):
            return Given(lexical(steps.at(int(action.removeprefix("r")))))
        case _:
            number = read_number(asked, event)
    if isinstance(number, Problem):
        return number
    return Given(lexical(number)) if number in steps else Problem(_bounds(steps))


RANGE = Kind(_ask, _read, show_number)
