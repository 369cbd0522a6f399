"""How some choices stand side by side: labels on buttons, numbers for a list, a scale, pictures.

Numbers are the places in the whole list, counted from 1, so that they stay when a page is turned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conversations.phrases import FormText, Speech, verbatim
from conversations.questions.base import Asked
from conversations.questions.choices.layout import (
    LABEL_CHARACTERS_MAX,
    NUMBERS_PER_ROW,
    ONE_PAGE_CHOICES,
    ROOM,
    ROW_BUTTONS_MAX,
    columns_of,
)
from conversations.questions.choices.matching import plain
from conversations.replies import Button, FormMedia
from conversations.xform.instance import Choice

LINE_CHARACTERS_MAX = 220
"""So much of a label stands in the message: a page of them fits into one."""

PICTURES_MAX = 30
"""A list of so many choices shows their pictures, all at once: three albums."""

KEYCAPS_END = 10
"""Numbers up to nine are drawn as keys of a telephone."""

_NUMBER = re.compile(r"^\s*(\d{1,3})(?!\w)")


@dataclass(frozen=True, slots=True)
class Shown:
    """One choice that shows: its place in the whole list, and what stands for it.

    `sign` is what its button shows, `line` what the message says of it beside that, if anything.
    """

    place: int
    choice: Choice
    sign: Speech
    line: Speech | None = None

    def button(self, mark: str, action: str) -> Button:
        """Make its button, with a mark before the sign."""
        return Button(verbatim("{mark}{sign}", mark=mark, sign=self.sign), action)


@dataclass(frozen=True, slots=True)
class Spread:
    """Choices side by side. `numbered` says that numbers stand beside their labels, or for them."""

    shown: tuple[Shown, ...]
    columns: int
    numbered: bool = False
    pictures: tuple[FormMedia, ...] = ()


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A choice with its place and its label as a person sees it."""

    place: int
    choice: Choice
    label: str


def spread_out(asked: Asked, places: Sequence[int]) -> Spread:
    """Lay out the choices at these places of the list, as their labels and the form ask for."""
    chosen = [(place, asked.state.choices[place]) for place in places]
    choices = [_Labelled(place, one, plain(asked, one.label)) for place, one in chosen]
    longest = max((len(one.label) for one in choices), default=0)
    if has_pictures(asked):
        return _pictures(choices, longest)
    if "likert" in asked.question.appearance and len(asked.state.choices) <= ONE_PAGE_CHOICES:
        return _scale(choices, longest)
    if "numbered" in asked.question.appearance:
        return _read_aloud(choices)
    if longest > LABEL_CHARACTERS_MAX:
        return _numbers(choices, NUMBERS_PER_ROW)
    return _labels(choices, columns_of(asked.question.appearance, longest, len(choices)))


def _labels(choices: list[_Labelled], columns: int) -> Spread:
    return Spread(
        tuple(Shown(one.place, one.choice, FormText(one.choice.label)) for one in choices), columns
    )


def _numbers(choices: list[_Labelled], columns: int) -> Spread:
    """List the labels in the message; their numbers are tapped."""
    return Spread(tuple(_listed(one) for one in choices), columns, numbered=True)


def _listed(one: _Labelled) -> Shown:
    text: Speech = FormText(one.choice.label)
    if len(one.label) > LINE_CHARACTERS_MAX:
        text = verbatim("{text}", text=f"{one.label[: LINE_CHARACTERS_MAX - 1]}…")
    line = verbatim("{number}. {label}", number=one.place + 1, label=text)
    return Shown(one.place, one.choice, verbatim("{number}", number=one.place + 1), line)


def _read_aloud(choices: list[_Labelled]) -> Spread:
    """Put large numbers on the buttons, for who hears the choices read aloud with their places."""
    listed = [_listed(one) for one in choices]
    shown = [replace(one, sign=verbatim("{sign}", sign=_keycap(one.place + 1))) for one in listed]
    return Spread(tuple(shown), NUMBERS_PER_ROW, numbered=True)


def _keycap(number: int) -> str:
    """Draw a number as the key of a telephone; larger ones are written.

    >>> len(_keycap(2)), _keycap(12)
    (3, '12')
    """
    return f"{number}\ufe0f\u20e3" if number < KEYCAPS_END else str(number)


# A scale


def _scale(choices: list[_Labelled], longest: int) -> Spread:
    """Lay a scale out in one row (two beyond eight); labels without room there are listed.

    Where all labels begin with a number of their own (`0 - not at all`, `1`, …, `10 - always`),
    that is what stands on the buttons, and only labels with more to say are listed.
    """
    rows = -(-len(choices) // ROW_BUTTONS_MAX)
    columns = max(1, -(-len(choices) // max(1, rows)))
    if longest <= ROOM.get(columns, LABEL_CHARACTERS_MAX):
        return _labels(choices, columns)
    numbers = [found[1] for one in choices if (found := _NUMBER.match(one.label))]
    if len(set(numbers)) < len(choices):
        return _numbers(choices, columns)
    steps = zip(choices, numbers, strict=True)
    return Spread(tuple(_step(one, number) for one, number in steps), columns)


def _step(one: _Labelled, number: str) -> Shown:
    line = None if one.label.strip() == number else FormText(one.choice.label)
    return Shown(one.place, one.choice, verbatim("{sign}", sign=number), line)


# Pictures


def has_pictures(asked: Asked) -> bool:
    """Tell whether the choices are shown by their pictures."""
    choices = asked.state.choices
    return len(choices) <= PICTURES_MAX and any(choice.media.image for choice in choices)


def _pictures(choices: list[_Labelled], longest: int) -> Spread:
    """Show an album with numbers; they stand on the buttons, with labels that have room there."""
    pictures = tuple(_picture(one) for one in choices if one.choice.media.image)
    if longest > LABEL_CHARACTERS_MAX:
        shown = tuple(_listed(one) for one in choices)
    else:
        shown = tuple(Shown(one.place, one.choice, _numbered(one)) for one in choices)
    fits = 0 < longest <= LABEL_CHARACTERS_MAX
    width = longest + len("10. ")
    columns = columns_of(("columns",), width, len(choices)) if fits else NUMBERS_PER_ROW
    return Spread(shown, columns, numbered=True, pictures=pictures)


def _picture(one: _Labelled) -> FormMedia:
    media = one.choice.media
    return FormMedia("image", media.big_image or media.image, _numbered(one))


def _numbered(one: _Labelled) -> Speech:
    if not one.label.strip():
        return verbatim("{number}", number=one.place + 1)
    return verbatim("{number}. {label}", number=one.place + 1, label=FormText(one.choice.label))
