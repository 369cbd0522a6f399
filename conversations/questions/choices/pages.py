"""A list of choices as buttons, page by page, or only what was found in it.

The same page lays out one of a list, several of a list, and a ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from conversations.phrases import FormText, phrase, verbatim
from conversations.questions.base import Asked, Rows
from conversations.questions.choices.layout import page_length
from conversations.questions.choices.matching import Seen
from conversations.questions.choices.spreads import Spread, has_pictures, spread_out
from conversations.questions.choices.view import FOUND_MAX, View
from conversations.replies import Block, Button


@dataclass(frozen=True, slots=True)
class Page:
    """The choices that show at once: one page of the list, or those `found` in it."""

    spread: Spread
    number: int = 0
    pages: int = 1
    found: bool = False

    @property
    def seen(self) -> Seen:
        """Return what a person has before their eyes who writes instead of tapping."""
        found = tuple(one.place for one in self.spread.shown) if self.found else ()
        return Seen(self.spread.numbered, found)

    def lines(self) -> tuple[Block, ...]:
        """Say what the buttons have no room for, and how to find what does not show."""
        listed = tuple(Block(one.line, "item") for one in self.spread.shown if one.line is not None)
        return (*self._which(), *listed, *self._how_to_find())

    def rows(self, buttons: Sequence[Button]) -> Rows:
        """Lay the buttons out, with the row that turns pages or shows the whole list below."""
        spans = range(0, len(buttons), self.spread.columns)
        rows = tuple(tuple(buttons[at : at + self.spread.columns]) for at in spans)
        if self.found:
            # Translators: a button under a few choices that were found; shows the list again.
            return _asked_about((*rows, (Button(phrase("Show all"), "p0"),)))
        return (*rows, self._turning()) if self.pages > 1 else rows

    def _turning(self) -> tuple[Button, ...]:
        before, after = (self.number - 1) % self.pages, (self.number + 1) % self.pages
        where = verbatim("{page}/{pages}", page=self.number + 1, pages=self.pages)
        return (
            Button(verbatim("◀"), f"p{before}"),
            Button(where, f"p{self.number}"),
            Button(verbatim("▶"), f"p{after}"),
        )

    def _which(self) -> tuple[Block, ...]:
        if not self.found:
            return ()
        if len(self.spread.shown) == 1:
            label = FormText(self.spread.shown[0].choice.label)
            # Translators: what the person wrote is spelled like this choice, which is on a button.
            return (Block(phrase("Did you mean “{label}”?", label=label)),)
        # Translators: what the person wrote is like several choices, which are on buttons.
        return (Block(phrase("Which of these do you mean?")),)

    def _how_to_find(self) -> tuple[Block, ...]:
        if self.pages > 1:
            return (write_to_find(),)
        if not self.found or len(self.spread.shown) < FOUND_MAX:
            return ()
        # Translators: only the first of many choices that were found are shown.
        return (Block(phrase("If it is not among these, write more of its name."), "hint"),)


def _asked_about(rows: Rows) -> Rows:
    """Let a typed yes take the one choice that was found, and a typed no show the list."""
    if sum(map(len, rows)) != 1 + 1 or rows[0][0].action.startswith("-"):
        return rows
    (found,), (all_of_them,) = rows
    return ((replace(found, says="yes"),), (replace(all_of_them, says="no"),))


def write_to_find() -> Block:
    """Say that a long list can be searched."""
    # Translators: under a question with a long list of choices.
    return Block(phrase("It is a long list. To find something in it, write its name."), "hint")


def page_of(asked: Asked, view: View) -> Page:
    """Lay out what a view shows: what was found, else a page (beyond the end it is the last)."""
    if found := _found(asked, view):
        return Page(spread_out(asked, found), found=True)
    choices, length = len(asked.state.choices), length_of(asked)
    pages = -(-choices // length)
    number = min(max(view.page, 0), max(pages - 1, 0))
    places = range(number * length, min((number + 1) * length, choices))
    return Page(spread_out(asked, places), number, pages)


def _found(asked: Asked, view: View) -> tuple[int, ...]:
    if not view.found:
        return ()
    places = {name: at for at, name in enumerate(asked.state.choices.names())}
    return tuple(places[name] for name in view.found if name in places)


def length_of(asked: Asked) -> int:
    """Return how many choices show at once, at least one; those with pictures all together."""
    choices = len(asked.state.choices)
    length = page_length(asked.question.appearance, choices)
    return max(1, choices if has_pictures(asked) else length)


def page_with(asked: Asked, names: Sequence[str]) -> int:
    """Return the page of the first of these names; the first page where none is on offer."""
    marked = frozenset(names)
    offered = enumerate(asked.state.choices.names() if marked else ())
    return next((at for at, name in offered if name in marked), 0) // length_of(asked)
