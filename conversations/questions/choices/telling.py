"""What is said of choices: told back by their labels, and why something is none of them."""

from __future__ import annotations

from conversations.phrases import FormText, Problem, Speech, listed, phrase, verbatim
from conversations.questions.base import Asked, Scratched
from conversations.questions.choices.layout import ONE_PAGE_CHOICES
from conversations.replies import Block
from conversations.xform.instance import Choice

WRITTEN_SHOWN_MAX = 40
"""So much of what was written is said again."""


def show_choices(asked: Asked, value: str) -> Speech:
    """Show the labels of the names in a value, in the value's order."""
    names = value.split()
    chosen = labels_of(asked, tuple(names))
    places = listed(asked.locale, (f"{{c{index}}}" for index in range(len(chosen))))
    return verbatim(places, **{f"c{index}": label for index, label in enumerate(chosen)})


def labels_of(asked: Asked, names: tuple[str, ...]) -> tuple[Speech, ...]:
    """Return the labels of these names; a name that is not on offer stands for itself."""
    choices = asked.state.choices
    places = {name: at for at, name in enumerate(choices.names())} if names else {}
    return tuple(
        _label(places[name], choices[places[name]]) if name in places else _name(name)
        for name in names
    )


def _label(place: int, choice: Choice) -> Speech:
    if not choice.label.strip() and choice.media.image:
        # Translators: a choice that has a picture with a number, and no words.
        return phrase("picture {number}", number=place + 1)
    return FormText(choice.label) if choice.label.strip() else _name(choice.name)


def _name(name: str) -> Speech:
    return verbatim("{name}", name=name)


def nothing_to_choose(asked: Asked) -> tuple[Block, ...]:
    """Say that there is nothing to choose from, and what to do."""
    if asked.state.choices:
        return ()
    # Translators: a list of choices that earlier answers have left empty.
    told = phrase(
        "There is nothing to choose from here, because of an earlier answer. "
        "Go back and change that answer."
    )
    return (Block(told, "hint"),)


def not_a_choice(asked: Asked, written: str) -> Problem | Scratched:
    """Say that what was typed is none of the choices; where there are none, that comes again."""
    if not asked.state.choices:
        return Scratched(asked.scratch)
    if len(asked.state.choices) <= ONE_PAGE_CHOICES:
        # Translators: the person wrote something that is none of the choices.
        return Problem(phrase("That is not one of the choices. Please tap one of the buttons."))
    text = written if len(written) <= WRITTEN_SHOWN_MAX else f"{written[:WRITTEN_SHOWN_MAX]}…"
    # Translators: the person wrote something that is not in a long list of choices.
    return Problem(
        phrase("I cannot find “{text}” in the list. Try another spelling, or one word.", text=text)
    )


def please_tap(asked: Asked) -> Problem | Scratched:
    """Say that a button is to be tapped, after something that is no answer to a choice."""
    if not asked.state.choices:
        return Scratched(asked.scratch)
    return Problem(phrase("Please tap one of the buttons."))
