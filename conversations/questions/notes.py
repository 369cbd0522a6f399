"""Notes: words to read, shown with the next question; Continue stands under those that end a form.

Whatever a person does at a note except for tapping the button is met with a hint at the button.
"""

from __future__ import annotations

from conversations.events import ButtonTapped, Event
from conversations.phrases import Problem, phrase
from conversations.questions.base import Asked, Given, Kind, Offer, Reading, as_written
from conversations.replies import Button


def _ask(_asked: Asked) -> Offer:
    # Translators: a button under a text to read; the next question follows.
    return Offer(rows=((Button(phrase("Continue"), "on"),),))


def _read(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped():
            return Given(asked.state.value)
        case _:
            # Translators: "Continue" is the button below; please write it the same way.
            return Problem(phrase("Please tap Continue when you have read this."))


NOTE = Kind(_ask, _read, as_written)
