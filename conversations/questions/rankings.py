"""A ranking: the choices are tapped, or written, in the order of preference.

A choice that has its place is no longer to be tapped; the last one left takes the last place by
itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conversations.events import ButtonTapped, Event, TextWritten
from conversations.phrases import Speech, listed, phrase, verbatim
from conversations.questions.base import Asked, Given, Kind, Offer, Reading, Rows, Scratched
from conversations.questions.choices.matching import Match, Seen, find_choices
from conversations.questions.choices.pages import Page, page_of
from conversations.questions.choices.spreads import Shown
from conversations.questions.choices.telling import (
    labels_of,
    not_a_choice,
    nothing_to_choose,
    please_tap,
)
from conversations.questions.choices.view import View
from conversations.replies import Block, Button


def _ask(asked: Asked) -> Offer:
    if empty := nothing_to_choose(asked):
        return Offer(empty)
    view = _view(asked)
    page = _page(asked, view)
    # Translators: how to rank choices; each tap gives the next place.
    how = Block(phrase("Tap the choices in your order, the most important one first."), "hint")
    buttons = [_button(one, view.names) for one in page.spread.shown]
    rows = (*page.rows(buttons), *_undoing(len(view.names)))
    return Offer((*page.lines(), how), rows, media=page.spread.pictures)


def _page(asked: Asked, view: View) -> Page:
    """Lay the choices out one below the other, as their order will be."""
    page = page_of(asked, view)
    if page.spread.numbered:
        return page
    return replace(page, spread=replace(page.spread, columns=1))


def _view(asked: Asked) -> View:
    """Read what is ranked so far; an answer given before is no beginning of a new one."""
    view = View.of(asked)
    return view if view.touched else view.marking(())


def _button(one: Shown, ranked: tuple[str, ...]) -> Button:
    if one.choice.name not in ranked:
        return one.button("", f"c{one.place}")
    return one.button(f"{_badge(ranked.index(one.choice.name) + 1)} ", f"c{one.place}")


def _badge(place: int) -> str:
    """Write a place so that it stands out from numbers in labels."""
    return f"{place}\ufe0f\u20e3" if place < len("0123456789") else f"({place})"


def _undoing(ranked: int) -> Rows:
    """Offer to take marks away; the action says how many stay, so a second tap does nothing."""
    if not ranked:
        return ()
    # Translators: a button under a ranking; takes away the mark that was set last.
    undo = Button(phrase("↶ Undo last"), f"u{ranked - 1}")
    # Translators: a button that takes all marks away, to choose again from the beginning.
    return ((undo, Button(phrase("Begin again"), "none")),)


def _read(asked: Asked, event: Event) -> Reading:
    view = _view(asked)
    match event:
        case ButtonTapped(action="none"):
            return Scratched(str(view.marking(())))
        case ButtonTapped(action=action) if action.startswith("u"):
            return Scratched(str(view.marking(view.names[: int(action[1:])])))
        case ButtonTapped(action=action) if action.startswith("p"):
            return Scratched(str(view.turned(int(action[1:]))))
        case ButtonTapped(action=action):
            name = asked.state.choices[int(action[1:])].name
            return _ranking(asked, view.marking((*view.names, name)).turned(view.page))
        case TextWritten(text):
            return _typed(asked, view, text)
        case _:
            return please_tap(asked)


def _typed(asked: Asked, view: View, text: str) -> Reading:
    """Rank what was written behind what has its place; what is doubtful is asked about."""
    choices = asked.state.choices
    seen = page_of(asked, view).seen
    # Who ranks counts the choices: their places stand for them, as if numbers showed.
    matches = find_choices(asked, text, seen if seen.found else Seen(numbered=True))
    if any(not one.places for one in matches):
        return not_a_choice(asked, text.strip())
    for number, one in enumerate(matches):
        if not one.sure:
            ranked = view.marking((*view.names, *_names(asked, matches[:number])))
            return Scratched(str(ranked.showing(choices[at].name for at in one.places)))
    names = _names(asked, matches)
    again = set(names) & set(view.names)
    return _ranking(asked, view.marking(names if again else (*view.names, *names)).turned(0))


def _names(asked: Asked, matches: Sequence[Match]) -> tuple[str, ...]:
    return tuple(asked.state.choices[one.places[0]].name for one in matches)


def _ranking(asked: Asked, view: View) -> Reading:
    """Give the ranking once all are ranked; the last one left takes the last place by itself."""
    rest = [name for name in asked.state.choices.names() if name not in view.names]
    return Scratched(str(view)) if len(rest) > 1 else Given(" ".join((*view.names, *rest)))


def _show(asked: Asked, value: str) -> Speech:
    """Show the labels with their places: `1. Water, 2. The road`."""
    labels = labels_of(asked, tuple(value.split()))
    numbered = (f"{place}. {{c{place}}}" for place in range(1, len(labels) + 1))
    places = listed(asked.locale, numbered)
    return verbatim(places, **{f"c{place}": label for place, label in enumerate(labels, 1)})


RANK = Kind(_ask, _read, _show)
