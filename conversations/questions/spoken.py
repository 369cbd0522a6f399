"""Texts that may be spoken: the form says so with `yes` in the column `body::voice`.

The answer is then the name of the file with the voice, such as `1f2e3d4c-5.ogg`: a text like any
other to ODK, and an attachment here, to be listened to and written down. What is typed is kept as
it is. A constraint on such a question must let the name of a file pass.
"""

from __future__ import annotations

from conversations.events import Event, MediaSent
from conversations.phrases import Problem, Speech, phrase
from conversations.questions.base import Asked, Kind, Offer, Reading
from conversations.questions.media import forwarded_voice, taken
from conversations.questions.typed import TEXT
from conversations.replies import Block


def _ask(asked: Asked) -> Offer:
    offer = TEXT.ask(asked)
    # Translators: the microphone is a sign below the chat in Telegram.
    how = phrase("Write, or hold the microphone and speak.")
    return Offer((Block(how, "hint"), *offer.blocks), offer.rows, offer.keyboard)


def _read(asked: Asked, event: Event) -> Reading:
    match event:
        case MediaSent(kind="audio", forwarded=True):
            return Problem(forwarded_voice())
        case MediaSent(kind="audio"):
            return taken(asked, event)
        case MediaSent():
            # Translators: the question may be answered in writing or by voice; this was a picture.
            return Problem(phrase("Please write your answer, or say it as a voice message."))
        case _:
            return TEXT.read(asked, event)


def _show(asked: Asked, value: str) -> Speech:
    if asked.question.holds_file(value):
        # Translators: stands in the list of answers for what the person sent.
        return phrase("a voice message")
    return TEXT.show(asked, value)


SPOKEN = Kind(_ask, _read, _show)
