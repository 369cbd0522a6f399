"""A ranking: the choices are tapped in the order of preference."""

from __future__ import annotations

from conversations.events import ButtonTapped, Event, TextWritten
from conversations.phrases import FormText, Problem, Speech, phrase, verbatim
from conversations.questions.base import Asked, Given, Kind, Offer, Reading, Scratched
from conversations.questions.choices import find_choices, not_a_choice, show_choices
from conversations.replies import Block, Button


def _ask(asked: Asked) -> Offer:
    ranked = asked.scratch.split()
    rows = [(_button(asked, index, ranked),) for index in range(len(asked.state.choices))]
    how = Block(phrase("Tap the choices in your order, the most important one first."), "hint")
    # Translators: a button that takes all marks away, to choose again from the beginning.
    return Offer((how,), (*rows, *(((Button(phrase("Begin again"), "none"),),) if ranked else ())))


def _button(asked: Asked, index: int, ranked: list[str]) -> Button:
    choice = asked.state.choices[index]
    if choice.name not in ranked:
        return Button(FormText(choice.label), f"c{index}")
    place = ranked.index(choice.name) + 1
    label = verbatim("{place}. {label}", place=place, label=FormText(choice.label))
    return Button(label, f"c{index}")


def _read(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action="none"):
            return Scratched("")
        case ButtonTapped(action=action):
            ranked = (*asked.scratch.split(), asked.state.choices[int(action[1:])].name)
            return _ranking(asked, tuple(dict.fromkeys(ranked)))
        case TextWritten(text):
            names = find_choices(asked, text)
            return not_a_choice() if names is None else _ranking(asked, names)
        case _:
            return Problem(phrase("Please tap one of the buttons."))


def _ranking(asked: Asked, names: tuple[str, ...]) -> Reading:
    """Give the ranking once all are ranked; the last one left takes the last place by itself."""
    rest = [choice.name for choice in asked.state.choices if choice.name not in names]
    if len(rest) > 1:
        return Scratched(" ".join(names))
    return Given(" ".join((*names, *rest)))


def _show(asked: Asked, value: str) -> Speech:
    """Show the labels with their places: `1. Water, 2. The road`."""
    labels = [show_choices(asked, name) for name in value.split()]
    places = ", ".join(f"{place}. {{c{place}}}" for place in range(1, len(labels) + 1))
    return verbatim(places, **{f"c{place}": label for place, label in enumerate(labels, 1)})


RANK = Kind(_ask, _read, _show)
