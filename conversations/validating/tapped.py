"""What somebody reads who tapped under a question: of a report, or of a number.

The newest question is changed in its place; an older one is answered by a message of its own, since
only the chat knows which message it was.
"""

from __future__ import annotations

from typing import Literal

from conversations.phrases import Phrase
from conversations.replies import Acknowledge, Reply, Revise, Send
from conversations.validating import questions, telling
from conversations.validating.questions import (
    Answered,
    Declined,
    Flagged,
    Heard,
    Question,
    Rested,
    Shown,
)


def replies(
    question: Question, heard: Heard, *, flagged: Phrase, decided: Phrase, is_newest: bool
) -> tuple[Reply, ...]:
    """Answer a tap; what an objection and a closed question say is for each kind of question."""
    revised = _revised(question, heard, flagged, decided)
    return (_toasted(heard), *_shown(revised, is_newest=is_newest))


def settles(heard: Heard) -> Literal["", "answered", "done"]:
    """Say what becomes of a question that was put, once somebody tapped so; blank for nothing."""
    match heard:
        case Answered():
            return "answered"
        case Declined() | Flagged() | Rested():
            return "done"
        case Shown():
            return ""


def _toasted(heard: Heard) -> Acknowledge:
    match heard:
        case Shown("same"):
            return Acknowledge(telling.noted())
        case Shown("old"):
            return Acknowledge(telling.over())
        case _:
            return Acknowledge()


def _shown(revised: Revise | None, *, is_newest: bool) -> tuple[Reply, ...]:
    if revised is None or is_newest or revised.blocks is None:
        return (revised,) if revised is not None else ()
    return (Send(revised.blocks, revised.keys),)


def _revised(question: Question, heard: Heard, flagged: Phrase, decided: Phrase) -> Revise | None:
    match heard:
        case Answered(choice, late):
            return questions.answered(question, choice, may_change=not late)
        case Declined():
            return questions.closed(question, telling.declined())
        case Flagged():
            return questions.closed(question, flagged)
        case Rested():
            return questions.closed(question, telling.rested(heard))
        case Shown("rest"):
            return questions.rest(question)
        case Shown("why"):
            return questions.why(question)
        case Shown("choices"):
            return questions.again(question)
        case Shown("decided"):
            return questions.closed(question, decided)
        case _:
            return None
