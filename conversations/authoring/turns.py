"""Every transition of a coordinator's desk."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias, assert_never

from conversations.authoring.board import board, switched
from conversations.authoring.desk import BOARD_STAMP, Desk, is_of_a_desk
from conversations.authoring.exchange import (
    Asked,
    BeginTrial,
    ClearDesk,
    CountForms,
    FormsCounted,
    WorkbookChecked,
)
from conversations.authoring.offering import Offering
from conversations.authoring.uploads import (
    SLOT,
    checked,
    looks_like_a_form,
    offered,
    publishing,
    received,
)
from conversations.events import ButtonTapped, CommandGiven, Event, MediaSent
from conversations.phrases import Phrase, phrase
from conversations.programme import Programme
from conversations.replies import Acknowledge, Block, Revise, Send
from conversations.roles import Right
from conversations.session import Session
from conversations.xform.form import Question

_POSITIONS: Final = re.compile(r"\[\d+\]")

Step: TypeAlias = tuple[Desk, tuple[Asked, ...]]


@dataclass(frozen=True, slots=True)
class Moment:
    """What a turn of a desk happens in: the forms, the day, an id that may be needed.

    `fresh_key` is 32 hexadecimal digits.
    """

    offering: Offering
    today: date
    fresh_key: str


@dataclass(frozen=True, slots=True)
class TrialEnded:
    """A trial came to its end."""


Told: TypeAlias = (
    ButtonTapped | CommandGiven | MediaSent | WorkbookChecked | FormsCounted | TrialEnded
)


def right_needed(event: Event, *, file_awaited: bool, at_rest: bool) -> Right | None:
    """Return which right an event asks for, None where it is not meant for a desk.

    `file_awaited` says that a question waits for a file, `at_rest` that no session is open: then
    any document is taken for a form.
    """
    match event:
        case ButtonTapped(session_key=key) if is_of_a_desk(key):
            return "run the programme" if key == BOARD_STAMP else "write forms"
        case CommandGiven("programme"):
            return "run the programme"
        case MediaSent() if not file_awaited:
            meant = looks_like_a_form(event) or (at_rest and event.kind == "file")
            return "write forms" if meant else None
        case _:
            return None


def asks_for_figures(event: Event) -> bool:
    """Tell whether the answer to an event may need `FormsCounted`."""
    match event:
        case ButtonTapped(session_key=key):
            return key == BOARD_STAMP
        case CommandGiven(name):
            return name == "programme"
        case _:
            return False


def awaits_file(programme: Programme, session: Session | None) -> bool:
    """Tell whether the question that waits for an answer takes a file."""
    if session is None or session.stage != "question":
        return False
    form = programme.forms.get((session.form_id, session.form_version))
    question = form.elements.get(_POSITIONS.sub("", session.current)) if form else None
    return isinstance(question, Question) and question.kind == "file"


def author(desk: Desk, moment: Moment, told: Told) -> Step:
    """Take one event to a coordinator's desk; return the desk and what the host must do."""
    match told:
        case MediaSent():
            return received(desk, told, moment.fresh_key)
        case CommandGiven():
            return desk, (CountForms(in_place=False),)
        case ButtonTapped():
            return _tapped(desk, moment, told)
        case WorkbookChecked():
            return checked(desk, moment.offering, told, moment.today)
        case FormsCounted():
            return board(desk, moment.offering, told)
        case TrialEnded():
            return _trial_ended(desk, moment)
    assert_never(told)


def _trial_ended(desk: Desk, moment: Moment) -> Step:
    over = replace(desk, trial=None)
    return offered(over, moment.offering, moment.today) if over.candidate else (over, ())


def _tapped(desk: Desk, moment: Moment, tap: ButtonTapped) -> Step:
    if tap.session_key == BOARD_STAMP:
        return _at_board(desk, moment, tap)
    if (tap.session_key, tap.step) != (desk.stamp, desk.step) or desk.candidate is None:
        return desk, (Acknowledge(_old()),)
    match tap.action:
        case "try":
            return desk, (Acknowledge(), Revise(SLOT, None), BeginTrial())
        case "publish" | "along":
            along = tap.action == "along"
            after, asked = publishing(desk, moment.offering, moment.today, along=along)
            return after, (Acknowledge(), *asked)
        case _:
            return _dropped(desk)


def _at_board(desk: Desk, moment: Moment, tap: ButtonTapped) -> Step:
    if tap.step != desk.board_step:
        return desk, (Acknowledge(_old()),)
    after, asked = switched(desk, moment.offering, tap.action)
    return after, (Acknowledge(), *asked)


def _old() -> Phrase:
    # Translators: shown for a moment after a tap on a button of an old message.
    return phrase("This message is an old one.")


def _dropped(desk: Desk) -> Step:
    # Translators: after a coordinator threw away a form that was not published.
    told = Send((Block(phrase("It is thrown away. What is published stays as it is.")),))
    return Desk(board_step=desk.board_step), (Acknowledge(), Revise(SLOT, None), told, ClearDesk())
