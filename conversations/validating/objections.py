"""People find that a number should not be asked about: what coordinators hear, decide and are told.

A coordinator says that the question stands, or ends it for the place; publishing the form with
another question, or without one, decides it, too. Whoever objected hears what came of it, in a
quiet hour of theirs, and never who decided.

| undecided, then | what came of it | told to those who objected |
|---|---|---|
| a coordinator lets it stand | kept | that it stands, and that nobody must answer |
| a coordinator ends it | withdrawn | that nobody of the place is asked any more |
| the row has another question | changed | that the question was changed |
| the row is gone | withdrawn | as above |
| somebody has a new reason after that | open for them | told at the next decision |
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from conversations.events import ButtonTapped, Event
from conversations.phrases import FormText, Phrase, phrase
from conversations.replies import Acknowledge, Block, Button, Buttons, Reply, Revise, Send
from conversations.validating.questions import Why, why_named

ObjectionOutcome: TypeAlias = Literal["", "kept", "changed", "withdrawn"]
"""What came of objections to a number; blank is nothing yet."""

STAMP: Final = "~object"
"""Stamps the buttons by which coordinators decide; the step is the check's number."""

SLOT: Final = "objection"

ACTIONS: Final[dict[str, ObjectionOutcome]] = {"stand": "kept", "end": "withdrawn"}


def is_about_objections(event: Event) -> bool:
    """Tell whether an event is a coordinator's word on an objection."""
    return isinstance(event, ButtonTapped) and event.session_key == STAMP


def objected(question: str, why: Why, number: int) -> Send:
    """Tell a coordinator that somebody says a number should not be asked about, and why."""
    # Translators: to a coordinator; people of a place were asked about a number; {why} is such as
    # "It could harm somebody".
    opening = phrase(
        "Somebody who was asked about a number says that it should not be asked: {why}.",
        why=why_named(why),
    )
    # Translators: to a coordinator, below it: what to do; validations is a sheet of a workbook.
    advice = phrase(
        "Whoever said so is told what you decide. To ask otherwise, publish the form with another "
        "question on its sheet validations."
    )
    blocks = (Block(opening), Block(FormText(question), "item"), Block(advice))
    return Send(blocks, _keys(number, "stand", "end"), slot=SLOT)


def decided(outcome: ObjectionOutcome, number: int) -> tuple[Reply, ...]:
    """Tell a coordinator what they decided; what stands can still be ended."""
    if outcome == "kept":
        # Translators: to a coordinator: people said that a number should not be asked about.
        told = phrase("The question stands. Whoever said that it should not be asked is told.")
        keys = _keys(number, "end")
    else:
        # Translators: to a coordinator: people said that a number should not be asked about.
        told = phrase(
            "Nobody of the place is asked about this number any more, until the form is published "
            "with another question. Whoever said that it should not be asked is told."
        )
        keys = None
    return Acknowledge(), Revise(SLOT, None), Send((Block(told),), keys, slot=SLOT)


def decided_before(outcome: ObjectionOutcome) -> tuple[Reply, ...]:
    """Say that it is decided, perhaps by somebody else."""
    told: Phrase
    match outcome:
        case "kept":
            # Translators: to a coordinator: people said that a number should not be asked about.
            told = phrase("This is decided: the question stands.")
        case "changed":
            # Translators: to a coordinator: people said that a number should not be asked about.
            told = phrase("This is decided: the question was changed.")
        case _:
            # Translators: to a coordinator: people said that a number should not be asked about.
            told = phrase("This is decided: nobody is asked about it any more.")
    return (Acknowledge(told),)


def for_coordinators() -> tuple[Reply, ...]:
    """Say that only whoever runs the programme decides."""
    # Translators: shown for a moment after a tap on a button that is for coordinators only.
    return (Acknowledge(phrase("Only those who run this programme decide about that.")),)


def came(outcome: ObjectionOutcome) -> Send:
    """Tell whoever said that a number should not be asked about what came of it."""
    match outcome:
        case "withdrawn":
            # Translators: to somebody who said that a question about a number should not be asked.
            told = phrase(
                "You said that a question about a number should not be asked. Those who run this "
                "programme looked at it: nobody of your place is asked about that number any more. "
                "Thank you."
            )
        case "changed":
            # Translators: to somebody who said that a question about a number should not be asked.
            told = phrase(
                "You said that a question about a number should not be asked. Those who run this "
                "programme changed the question. Thank you."
            )
        case _:
            # Translators: to somebody who said that a question about a number should not be asked.
            told = phrase(
                "You said that a question about a number should not be asked. Those who run this "
                "programme looked at it, and the question stands. You need not answer it. Thank "
                "you for being careful."
            )
    return Send((Block(told),))


def _keys(number: int, *actions: str) -> Buttons:
    labels = {
        # Translators: a button, to a coordinator: a question about a number goes on being asked.
        "stand": phrase("The question stands"),
        # Translators: a button, to a coordinator: a question about a number is asked no more.
        "end": phrase("Ask nobody any more"),
    }
    return Buttons(STAMP, number, tuple((Button(labels[one], one),) for one in actions))
