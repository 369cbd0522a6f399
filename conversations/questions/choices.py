"""Choices: one of a list, several of a list, yes or no, and reading and agreeing.

A choice is tapped, or typed: its label, the number under which it is listed, or its name. Lists
longer than a page are turned in place; choices with long labels are listed in the message and
tapped by number. Ticks are set and taken away by two different actions, so that a tap delivered
twice changes nothing the second time. What is typed beside ticks is ticked too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conversations.events import ButtonTapped, Event, TextWritten
from conversations.phrases import FormText, Phrase, Problem, Speech, phrase, verbatim
from conversations.questions.base import (
    Asked,
    Given,
    Kind,
    Offer,
    Reading,
    Rows,
    Scratched,
    done_label,
)
from conversations.replies import Block, Button
from conversations.xform.instance import Choice

PAGE_CHOICES = 10
ONE_PAGE_CHOICES = 14
"""A list so little longer than a page is not cut in two."""

LABEL_CHARACTERS_MAX = 40
"""About what a button shows on a narrow phone before it is cut; longer labels go into the text."""

NUMBERS_PER_ROW = 5
COLUMNS = ((5, 4), (14, 2))
"""Labels of at most so many characters stand so many in a row."""

_SEPARATORS = re.compile(r"[,;\n،؛、]+")


@dataclass(frozen=True, slots=True)
class Ticks:
    """What is ticked so far and which page shows; its text is the scratch.

    `touched` is set once a tick was set or taken away; until then the present answer is ticked.
    """

    names: tuple[str, ...] = ()
    page: int = 0
    touched: bool = False

    def __str__(self) -> str:
        """Write the scratch: the page, and once a tick was touched a bar and the names."""
        return f"{self.page}|{' '.join(self.names)}" if self.touched else str(self.page)

    @classmethod
    def of(cls, asked: Asked) -> Ticks:
        """Read the scratch; before there are names in it, the present answer is ticked."""
        page, bar, names = asked.scratch.partition("|")
        ticked = names if bar else asked.state.value
        return cls(tuple(ticked.split()), int(page or 0), bool(bar))

    def turned(self, page: int) -> Ticks:
        """Show another page."""
        return replace(self, page=page)

    def having(self, *names: str) -> Ticks:
        """Tick these too; what is ticked already stays so."""
        return replace(self, names=tuple(dict.fromkeys((*self.names, *names))), touched=True)

    def without(self, name: str) -> Ticks:
        """Take one tick away."""
        others = tuple(other for other in self.names if other != name)
        return replace(self, names=others, touched=True)


# The list


@dataclass(frozen=True, slots=True)
class Page:
    """The choices that show at once, with their places in the whole list.

    `listed` says that their labels are too long for buttons, so that numbers stand for them.
    """

    number: int
    pages: int
    choices: tuple[tuple[int, Choice], ...]
    listed: bool
    columns: int

    def label(self, index: int, choice: Choice, mark: str) -> Phrase:
        """Name a choice on its button."""
        if self.listed:
            return verbatim("{mark}{number}", mark=mark, number=index + 1)
        return verbatim("{mark}{label}", mark=mark, label=FormText(choice.label))

    def lines(self) -> tuple[Block, ...]:
        """List the choices in the message where their labels are too long for buttons."""
        return tuple(_line(index, choice) for index, choice in self.choices if self.listed)

    def rows(self, buttons: Sequence[Button]) -> Rows:
        """Lay the buttons out, with the row that turns pages below them."""
        spans = range(0, len(buttons), self.columns)
        rows = tuple(tuple(buttons[at : at + self.columns]) for at in spans)
        return (*rows, self._turning()) if self.pages > 1 else rows

    def _turning(self) -> tuple[Button, ...]:
        before, after = (self.number - 1) % self.pages, (self.number + 1) % self.pages
        where = verbatim("{page}/{pages}", page=self.number + 1, pages=self.pages)
        return (
            Button(verbatim("◀"), f"p{before}"),
            Button(where, f"p{self.number}"),
            Button(verbatim("▶"), f"p{after}"),
        )


def _line(index: int, choice: Choice) -> Block:
    label = FormText(choice.label)
    return Block(verbatim("{number}. {label}", number=index + 1, label=label), "item")


def page_of(asked: Asked, number: int) -> Page:
    """Cut one page out of the list; a number beyond the end (the list shrank) is the last."""
    length = page_length(len(asked.state.choices))
    pages = max(1, -(-len(asked.state.choices) // length))
    number = min(number, pages - 1)
    first = number * length
    choices = tuple(enumerate(asked.state.choices[first : first + length], first))
    longest = max((len(_plain(asked, choice)) for _, choice in choices), default=0)
    listed = longest > LABEL_CHARACTERS_MAX
    return Page(number, pages, choices, listed, NUMBERS_PER_ROW if listed else _columns(longest))


def page_length(choices: int) -> int:
    """Return how many choices show at once of a list of so many."""
    return ONE_PAGE_CHOICES if choices <= ONE_PAGE_CHOICES else PAGE_CHOICES


def _columns(longest: int) -> int:
    return next((columns for length, columns in COLUMNS if longest <= length), 1)


def _plain(asked: Asked, choice: Choice) -> str:
    return asked.locale.say(FormText(choice.label))


def _nothing_to_choose(asked: Asked) -> tuple[Block, ...]:
    if asked.state.choices:
        return ()
    # Translators: a list of choices that earlier answers have left empty.
    return (Block(phrase("Nothing to choose from here, because of an earlier answer."), "hint"),)


# Understanding what was typed


def find_choice(asked: Asked, text: str) -> int | None:
    """Find the choice a person typed: its label, its number in the list, its name, a beginning."""
    wanted = _folded(text)
    labels = [_folded(_plain(asked, choice)) for choice in asked.state.choices]
    if wanted in labels:
        return labels.index(wanted)
    number = asked.locale.read_number(text)
    if number is not None and number in range(1, len(labels) + 1):
        return int(number) - 1
    names = [_folded(choice.name) for choice in asked.state.choices]
    if wanted in names:
        return names.index(wanted)
    beginning = [index for index, label in enumerate(labels) if wanted and label.startswith(wanted)]
    return beginning[0] if len(beginning) == 1 else None


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def find_choices(asked: Asked, text: str) -> tuple[str, ...] | None:
    """Find several choices typed with commas or new lines between them; None if one is unknown."""
    parts = [part for part in _SEPARATORS.split(text) if part.strip()]
    if (whole := find_choice(asked, text)) is not None:
        found: list[int | None] = [whole]
    else:
        found = [find_choice(asked, part) for part in parts]
    indices = [index for index in found if index is not None]
    if not indices or len(indices) < len(found):
        return None
    return tuple(dict.fromkeys(asked.state.choices[index].name for index in indices))


def not_a_choice() -> Problem:
    """Say that what was typed is none of the choices."""
    # Translators: the person wrote something that is none of the choices.
    return Problem(phrase("That is not one of the choices. Please tap one of the buttons."))


def show_choices(asked: Asked, value: str) -> Speech:
    """Show the labels of the names in a value, in the value's order."""
    labels = {choice.name: FormText(choice.label) for choice in asked.state.choices}
    chosen = [labels.get(name) or verbatim("{name}", name=name) for name in value.split()]
    places = ", ".join(f"{{c{index}}}" for index in range(len(chosen)))
    return verbatim(places, **{f"c{index}": label for index, label in enumerate(chosen)})


# One of a list


def _ask_one(asked: Asked) -> Offer:
    page = page_of(asked, _page(asked))
    buttons = [
        Button(page.label(index, choice, "✓ " * (choice.name == asked.state.value)), f"c{index}")
        for index, choice in page.choices
    ]
    return Offer((*_nothing_to_choose(asked), *page.lines()), page.rows(buttons))


def _page(asked: Asked) -> int:
    if asked.scratch:
        return int(asked.scratch)
    names = [choice.name for choice in asked.state.choices]
    if asked.state.value not in names:
        return 0
    return names.index(asked.state.value) // page_length(len(names))


def _read_one(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action=action) if action.startswith("p"):
            return Scratched(action[1:])
        case ButtonTapped(action=action):
            return Given(asked.state.choices[int(action[1:])].name)
        case TextWritten(text):
            index = find_choice(asked, text)
            return not_a_choice() if index is None else Given(asked.state.choices[index].name)
        case _:
            return Problem(phrase("Please tap one of the buttons."))


# Several of a list


def _ask_several(asked: Asked) -> Offer:
    ticks = Ticks.of(asked)
    page = page_of(asked, ticks.page)
    buttons = [_tick(page, ticks, index, choice) for index, choice in page.choices]
    done = Button(done_label(), "done")
    # Translators: "Done" is the button below; please write it the same way.
    how = Block(phrase("Tap all that apply, then tap Done."), "hint")
    lines = (*_nothing_to_choose(asked), *page.lines(), how)
    return Offer(lines, (*page.rows(buttons), (done,)))


def _tick(page: Page, ticks: Ticks, index: int, choice: Choice) -> Button:
    ticked = choice.name in ticks.names
    mark, action = ("✅ ", f"-{index}") if ticked else ("", f"+{index}")
    return Button(page.label(index, choice, mark), action)


def _read_several(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action="done"):
            return _done(asked, Ticks.of(asked).names)
        case ButtonTapped(action=action):
            return Scratched(str(_ticked(asked, action)))
        case TextWritten(text):
            names = find_choices(asked, text)
            return not_a_choice() if names is None else _typed(asked, names)
        case _:
            return Problem(phrase("Please tap one of the buttons."))


def _ticked(asked: Asked, action: str) -> Ticks:
    ticks, index = Ticks.of(asked), int(action[1:])
    match action[0]:
        case "p":
            return ticks.turned(index)
        case "+":
            return ticks.having(asked.state.choices[index].name)
        case _:
            return ticks.without(asked.state.choices[index].name)


def _typed(asked: Asked, names: tuple[str, ...]) -> Reading:
    """Add to the ticks a person has set, where they can be seen; without any it is the answer."""
    ticks = Ticks.of(asked)
    if not ticks.touched or not any(choice.name in ticks.names for choice in asked.state.choices):
        return _done(asked, names)
    length = page_length(len(asked.state.choices))
    pages = [at // length for at, choice in enumerate(asked.state.choices) if choice.name in names]
    page = ticks.page if ticks.page in pages else pages[0]
    return Scratched(str(ticks.having(*names).turned(page)))


def _done(asked: Asked, names: Sequence[str]) -> Reading:
    """Give the ticked names in the order of the list; names no longer on offer fall away."""
    chosen = [choice.name for choice in asked.state.choices if choice.name in names]
    if not chosen and asked.state.required:
        # Translators: the person tapped Done, and nothing was ticked.
        return Problem(phrase("Please choose at least one."))
    return Given(" ".join(chosen))


# Yes or no, and acknowledging


def _ask_yes_or_no(_asked: Asked) -> Offer:
    # Translators: a button under a question that is answered with yes or no.
    yes = Button(phrase("Yes"), "true")
    # Translators: a button under a question that is answered with yes or no.
    no = Button(phrase("No"), "false")
    return Offer(rows=((yes, no),))


def _read_yes_or_no(_asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action=action):
            return Given(action)
        case _:
            return Problem(phrase("Please tap one of the buttons."))


def _show_yes_or_no(_asked: Asked, value: str) -> Speech:
    return phrase("Yes") if value in {"true", "1"} else phrase("No")


def _ask_acknowledge(_asked: Asked) -> Offer:
    # Translators: a button with which a person says: I have read this and it is all right.
    return Offer(rows=((Button(phrase("OK, I have read this"), "ok"),),))


def _read_acknowledge(_asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped():
            return Given("OK")
        case _:
            return Problem(phrase("Please tap the button when you have read this."))


def _show_acknowledged(_asked: Asked, _value: str) -> Speech:
    # Translators: in the list of answers, beside a text that the person has read.
    return phrase("read")


SELECT_ONE = Kind(_ask_one, _read_one, show_choices, shows_value=True)
SELECT_MULTIPLE = Kind(_ask_several, _read_several, show_choices, shows_value=True)
YES_OR_NO = Kind(_ask_yes_or_no, _read_yes_or_no, _show_yes_or_no)
ACKNOWLEDGE = Kind(_ask_acknowledge, _read_acknowledge, _show_acknowledged)
