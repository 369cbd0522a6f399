"""One of a list: a tap or a few letters answer."""

from __future__ import annotations

from dataclasses import replace

from conversations.events import ButtonTapped, Event, TextWritten
from conversations.phrases import phrase
from conversations.questions.base import Asked, Given, Kind, Offer, Reading, Scratched
from conversations.questions.choices.matching import find_choice
from conversations.questions.choices.pages import page_of, page_with, write_to_find
from conversations.questions.choices.telling import (
    not_a_choice,
    nothing_to_choose,
    please_tap,
    show_choices,
)
from conversations.questions.choices.view import View
from conversations.replies import Button


def _ask(asked: Asked) -> Offer:
    view = _view(asked)
    page = page_of(asked, view)
    if page.pages > 1 and view.fresh and _is_searched(asked):
        # Translators: a button under a question whose long list of choices is not shown yet.
        return Offer((write_to_find(),), ((Button(phrase("Show the list"), "p0"),),))
    buttons = [
        one.button("✓ " * (one.choice.name == asked.state.value), f"c{one.place}")
        for one in page.spread.shown
    ]
    blocks = (*nothing_to_choose(asked), *page.lines())
    return Offer(blocks, page.rows(buttons), media=page.spread.pictures)


def _is_searched(asked: Asked) -> bool:
    """Tell whether the form wants the list to be searched; an answer shows where it stands."""
    wanted = {"autocomplete", "minimal"} & asked.question.appearance
    return bool(wanted) and not asked.state.value


def _view(asked: Asked) -> View:
    """Read the view; at first the page with the present answer."""
    view = View.of(asked)
    return replace(view, page=page_with(asked, view.names)) if view.fresh else view


def _read(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action=action) if action.startswith("p"):
            return Scratched(str(_view(asked).turned(int(action[1:]))))
        case ButtonTapped(action=action):
            return Given(asked.state.choices[int(action[1:])].name)
        case TextWritten(text):
            return _typed(asked, text)
        case _:
            return please_tap(asked)


def _typed(asked: Asked, text: str) -> Reading:
    view = _view(asked)
    typed = find_choice(asked, text, page_of(asked, view).seen)
    names = [asked.state.choices[place].name for place in typed.places[:1]]
    if typed.sure:
        return Given(names[0])
    if not typed.places:
        return not_a_choice(asked, text.strip())
    return Scratched(str(view.showing(asked.state.choices[at].name for at in typed.places)))


SELECT_ONE = Kind(_ask, _read, show_choices, shows_value=True)
