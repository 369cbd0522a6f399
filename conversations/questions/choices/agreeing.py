"""Yes or no, and reading and agreeing."""

from __future__ import annotations

from conversations.events import ButtonTapped, Event, TextWritten
from conversations.phrases import Phrase, Problem, Speech, phrase
from conversations.questions.base import Asked, Given, Kind, Offer, Reading
from conversations.questions.choices.spelling import begun, index_of, near
from conversations.replies import Button


def _yes() -> Phrase:
    # Translators: a button under a question that is answered with yes or no.
    return phrase("Yes")


def _no() -> Phrase:
    # Translators: a button under a question that is answered with yes or no.
    return phrase("No")


def _ok() -> Phrase:
    # Translators: a button with which a person says: I have read this and it is all right.
    return phrase("OK, I have read this")


def _ask_yes_or_no(_asked: Asked) -> Offer:
    return Offer(rows=((Button(_yes(), "true"), Button(_no(), "false")),))


def _read_yes_or_no(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action=action):
            return Given(action)
        case TextWritten(text) if len(found := _written(asked, text, _yes(), _no())) == 1:
            return Given(("true", "false")[found[0]])
        case _:
            return Problem(phrase("Please tap one of the buttons."))


def _written(asked: Asked, text: str, *labels: Phrase) -> tuple[int, ...]:
    """Find the buttons that a text begins, or is spelled like."""
    index = index_of(tuple(asked.locale.say(label) for label in labels))
    return begun(index, text) or near(index, text)


def _show_yes_or_no(_asked: Asked, value: str) -> Speech:
    return _yes() if value in {"true", "1"} else _no()


def _ask_acknowledge(_asked: Asked) -> Offer:
    return Offer(rows=((Button(_ok(), "ok"),),))


def _read_acknowledge(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped():
            return Given("OK")
        case TextWritten(text) if _written(asked, text, _ok()) or _written(asked, text, _yes()):
            return Given("OK")
        case _:
            # Translators: something was written where a text need only be read and agreed to.
            return Problem(phrase("Please tap the button when you have read this."))


def _show_acknowledged(_asked: Asked, _value: str) -> Speech:
    # Translators: in the list of answers, beside a text that the person has read.
    return phrase("read")


YES_OR_NO = Kind(_ask_yes_or_no, _read_yes_or_no, _show_yes_or_no)
ACKNOWLEDGE = Kind(_ask_acknowledge, _read_acknowledge, _show_acknowledged)
