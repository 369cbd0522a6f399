"""What each command does, with a session open and without one.

Commands outrank answers at every stage. What they are called is said in `commands`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from conversations.amending import reports_wanted
from conversations.answering import back, skip
from conversations.beginning import begin, begin_anew, language_wanted
from conversations.events import CommandGiven
from conversations.interruptions import help_message, remark
from conversations.moves import Here, current_stop, ended, put, standing_at
from conversations.phrases import phrase
from conversations.replies import KeepLowData, Send
from conversations.turn import Turn
from conversations.xform.instance import QuestionStop

Deed: TypeAlias = Callable[[Here, CommandGiven], Turn]


def command_outside(here: Here, command: CommandGiven) -> Turn | None:
    """Do a command that needs no open session; None for all others."""
    deed = OUTSIDE.get(command.name)
    return deed(here, command) if deed else None


def command_inside(here: Here, command: CommandGiven) -> Turn:
    """Do a command while a session is open."""
    return INSIDE.get(command.name, _unknown)(here, command)


def _unknown(here: Here, _command: CommandGiven) -> Turn:
    text = phrase("I do not know that command. /help shows what I can do.")
    return Turn(here.session, (remark(text),))


def _language(here: Here, command: CommandGiven) -> Turn:
    return language_wanted(here, command.argument)


# With no session open


def _begin(here: Here, _command: CommandGiven) -> Turn:
    return begin(here)


def _help_outside(here: Here, _command: CommandGiven) -> Turn:
    return Turn(None, (help_message(here.scene),))


# With a session open


def _start(here: Here, _command: CommandGiven) -> Turn:
    """Offer to go on where something has been answered, else begin."""
    if here.session.trail:
        return put(here, standing_at(here.session, "restart"))
    return begin_anew(here)


def _help(here: Here, _command: CommandGiven) -> Turn:
    return put(here, here.session, ahead=(help_message(here.scene, _guidance(here)),))


def _guidance(here: Here) -> str:
    """Return what the form says in addition about the question that waits."""
    if here.session.stage != "question" or not (stop := current_stop(here)):
        return ""
    return (
        here.filled.state(stop.reference).guidance or "" if isinstance(stop, QuestionStop) else ""
    )


def _cancel(here: Here, _command: CommandGiven) -> Turn:
    if here.session.trail:
        return put(here, standing_at(here.session, "cancel"))
    # Translators: after /cancel, when nothing was answered yet.
    return ended(here, phrase("All right, we stop here. Send /start at any time."))


def _back(here: Here, _command: CommandGiven) -> Turn:
    return back(here)


def _data(here: Here, _command: CommandGiven) -> Turn:
    """Switch to little data or back, and put the question as it is from now on."""
    keep, told = _data_switched(here)
    person = replace(here.scene.person, low_data=keep.wanted)
    changed = replace(here, scene=replace(here.scene, person=person))
    return put(changed, here.session, ahead=(keep, told))


def _data_outside(here: Here, _command: CommandGiven) -> Turn:
    return Turn(None, _data_switched(here))


def _data_switched(here: Here) -> tuple[KeepLowData, Send]:
    if here.scene.person.low_data:
        # Translators: after /data, which switches between little and usual data.
        told = phrase("Pictures, sounds and films come by themselves again. /data stops that.")
        return KeepLowData(wanted=False), remark(told)
    # Translators: after /data, which switches between little and usual data.
    told = phrase("Pictures, sounds and films come only when you ask. /data brings them back.")
    return KeepLowData(wanted=True), remark(told)


OUTSIDE: Mapping[str, Deed] = {
    "start": _begin,
    "language": _language,
    "help": _help_outside,
    "reports": reports_wanted,
    "data": _data_outside,
}
"""What the commands do that need no open session."""

INSIDE: Mapping[str, Deed] = {
    "start": _start,
    "help": _help,
    "language": _language,
    "data": _data,
    "cancel": _cancel,
    "back": _back,
    "skip": skip,
    "reports": reports_wanted,
}
"""What each command does while a session is open."""
