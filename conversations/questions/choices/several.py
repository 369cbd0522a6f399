"""Several of a list: ticks that are set and taken away, until Done is tapped.

Setting a tick and taking it away are two different actions, so that a tap delivered twice changes
nothing the second time. What is typed beside ticks is ticked too.
"""

from __future__ import annotations

from collections.abc import Iterable

from conversations.events import ButtonTapped, Event, TextWritten
from conversations.phrases import Problem, listed, phrase
from conversations.questions.base import Asked, Given, Kind, Offer, Reading, Scratched, done_label
from conversations.questions.choices.matching import Match, find_choices
from conversations.questions.choices.pages import Page, length_of, page_of
from conversations.questions.choices.spreads import Shown
from conversations.questions.choices.telling import (
    not_a_choice,
    nothing_to_choose,
    please_tap,
    show_choices,
)
from conversations.questions.choices.ticks import in_order, with_tick
from conversations.questions.choices.view import View
from conversations.replies import Block, Button


def _ask(asked: Asked) -> Offer:
    if empty := nothing_to_choose(asked):
        return Offer(empty)
    view = View.of(asked)
    page = page_of(asked, view)
    # Translators: "Done" is the button below; please write it the same way.
    how = Block(phrase("Tap all that apply, then tap Done."), "hint")
    blocks = (*page.lines(), *_out_of_sight(asked, page, view), how)
    buttons = [_tick(one, view) for one in page.spread.shown]
    return Offer(
        blocks, (*page.rows(buttons), (Button(done_label(), "done"),)), media=page.spread.pictures
    )


def _tick(one: Shown, view: View) -> Button:
    if one.choice.name in view.names:
        return one.button("✅ ", f"-{one.place}")
    return one.button("", f"+{one.place}")


def _out_of_sight(asked: Asked, page: Page, view: View) -> tuple[Block, ...]:
    """Name what is ticked, where some of it stands on another page."""
    ticked = in_order(asked, view.names)
    if not set(ticked.split()) - {one.choice.name for one in page.spread.shown}:
        return ()
    # Translators: {choices} are the choices ticked in a long list, with commas between them.
    return (Block(phrase("Ticked so far: {choices}", choices=_labels(asked, ticked))),)


def _labels(asked: Asked, ticked: str) -> str:
    return asked.locale.say(show_choices(asked, ticked))


def _read(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action="done"):
            return _done(asked, View.of(asked).names)
        case ButtonTapped(action=action):
            return Scratched(str(_tapped(asked, action)))
        case TextWritten(text):
            return _typed(asked, text)
        case _:
            return please_tap(asked)


def _tapped(asked: Asked, action: str) -> View:
    view, index = View.of(asked), int(action[1:])
    if action[0] == "p":
        return view.turned(index)
    name = asked.state.choices[index].name
    if action[0] == "+":
        ticked = view.marking(with_tick(asked, view.names, name))
        settled = set(view.found) <= set(ticked.names)
        return ticked.turned(index // length_of(asked)) if view.found and settled else ticked
    return view.marking(one for one in view.names if one != name)


def _typed(asked: Asked, text: str) -> Reading:
    view = View.of(asked)
    matches = find_choices(asked, text, page_of(asked, view).seen)
    unknown = [one.text for one in matches if not one.places]
    if unknown:
        return not_a_choice(asked, listed(asked.locale, unknown))
    names = [_name(asked, one.places[0]) for one in matches if one.sure]
    if len(names) < len(matches):
        return Scratched(str(_ticking(asked, view, names).showing(_doubtful(asked, matches))))
    return _meant(asked, view, names)


def _meant(asked: Asked, view: View, names: list[str]) -> Reading:
    """Add to the ticks a person has set, where they can be seen; without any it is the answer."""
    if not view.touched or not in_order(asked, view.names):
        return _done(asked, names)
    pages = _pages_of(asked, frozenset(names))
    page = view.page if view.page in pages else pages[0]
    return Scratched(str(_ticking(asked, view, names).turned(page)))


def _pages_of(asked: Asked, names: frozenset[str]) -> list[int]:
    length = length_of(asked)
    return [at // length for at, name in enumerate(asked.state.choices.names()) if name in names]


def _ticking(asked: Asked, view: View, names: Iterable[str]) -> View:
    for name in names:
        view = view.marking(with_tick(asked, view.names, name))
    return view


def _doubtful(asked: Asked, matches: Iterable[Match]) -> Iterable[str]:
    return (_name(asked, at) for one in matches if not one.sure for at in one.places)


def _name(asked: Asked, place: int) -> str:
    return asked.state.choices[place].name


def _done(asked: Asked, names: Iterable[str]) -> Reading:
    """Give the ticked names in the order of the list; names no longer on offer fall away."""
    chosen = in_order(asked, names)
    if not chosen and asked.state.required:
        # Translators: the person tapped Done, and nothing was ticked.
        return Problem(phrase("Please choose at least one."))
    return Given(chosen)


SELECT_MULTIPLE = Kind(_ask, _read, show_choices, shows_value=True)
