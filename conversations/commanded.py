"""What each command does, with a session open and without one.

Commands outrank answers at every stage. What they are called is said in `commands`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from conversations.amending import reports_wanted
from conversations.answering import at_question, back, could_be_answer, skip
from conversations.asking import how_to_answer
from conversations.beginning import begin, begin_anew, language_wanted
from conversations.commands import command_named
from conversations.events import ButtonTapped, CommandGiven, Event, TextWritten
from conversations.interruptions import help_message, remark
from conversations.moves import Here, again, current_stop, ended, put, standing_at
from conversations.onboarding import please_tap
from conversations.phrases import FormText, Phrase, phrase
from conversations.replies import Block, KeepLowData, Reply, Send
from conversations.scene import Scene
from conversations.screens import screen_at
from conversations.turn import Turn
from conversations.wishes import WISHES
from conversations.words import command_meant, command_nearly
from conversations.xform.instance import QuestionStop

Deed: TypeAlias = Callable[[Here, CommandGiven], Turn]


def command_outside(here: Here, command: CommandGiven) -> Turn | None:
    """Do a command that needs no open session; say what may be meant; None for all others."""
    if deed := OUTSIDE.get(command.name):
        return deed(here, command)
    if command_named(command.name) or here.scene.person.language is None:
        return None
    return Turn(None, (remark(unknown_command(here.scene, command)),))


def word_outside(here: Here, text: str) -> Turn | None:
    """Do the command that a word means and that needs no open session; None for other texts."""
    command = command_meant(text, here.scene.locales)
    deed = OUTSIDE.get(command.name) if command else None
    return deed(here, CommandGiven("")) if deed else None


def command_inside(here: Here, command: CommandGiven) -> Turn:
    """Do a command while a session is open; one in the person's own words (`/rudi`) counts."""
    meant = command_meant(command.name, here.scene.locales)
    name = command.name if command.name in INSIDE or not meant else meant.name
    return INSIDE.get(name, _unknown)(here, command)


def _unknown(here: Here, command: CommandGiven) -> Turn:
    return Turn(here.session, (remark(unknown_command(here.scene, command)),))


def unknown_command(scene: Scene, command: CommandGiven) -> Phrase:
    """Say that a command is not known, and which one may be meant."""
    near = command_nearly(command.name, scene.locales)
    if near is None:
        # Translators: the person sent a command that does not exist, such as /hello.
        return phrase("I do not know that command. /help shows what I can do.")
    # Translators: {name} is a command such as back; keep the sign / before it.
    return phrase("I do not know that command. Did you mean /{name}?", name=near.name)


# Words that mean a command


def word_written(here: Here, event: TextWritten) -> Turn | None:
    """Do the command that a word means, or ask where it may be an answer; None for other texts."""
    command = command_meant(event.text, here.scene.locales)
    if command is None or here.session.stage == "doubt":
        return None
    if here.instance is not None and could_be_answer(here, event):
        doubted = replace(here.session, word=event.text, command=command.name)
        return put(here, standing_at(doubted, "doubt"))
    return command_inside(here, CommandGiven(command.name))


def at_doubt(here: Here, event: Event) -> Turn:
    """Take whether a word was an answer or a command."""
    session = replace(here.session, stage="question", word="", command="")
    there = replace(here, scene=here.scene.at(session))
    match event:
        case ButtonTapped(action="answer"):
            return at_question(there, TextWritten(here.session.word))
        case ButtonTapped():
            return command_inside(there, CommandGiven(here.session.command))
        case _:
            return again(here, please_tap())


def _language(here: Here, command: CommandGiven) -> Turn:
    return language_wanted(here, command.argument)


# With no session open


def _begin(here: Here, command: CommandGiven) -> Turn:
    return begin(here, command.argument)


def _help_outside(here: Here, _command: CommandGiven) -> Turn:
    return Turn(None, (help_message(here.scene),))


# With a session open


def _start(here: Here, command: CommandGiven) -> Turn:
    """Offer to go on where something has been answered, else begin."""
    if here.session.trail:
        return put(here, standing_at(here.session, "restart"))
    return begin_anew(here, command.argument)


def _help(here: Here, _command: CommandGiven) -> Turn:
    return put(here, here.session, ahead=(help_message(here.scene, _guidance(here)),))


def _guidance(here: Here) -> tuple[Block, ...]:
    """Say what the form says in addition about the question that waits, and how it is answered.

    How, only to whoever has tried in vain; the others can see it in the question.
    """
    stop = current_stop(here) if here.session.stage == "question" else None
    if not isinstance(stop, QuestionStop):
        return ()
    guidance = here.filled.state(stop.reference).guidance
    own = (Block(FormText(guidance)),) if guidance else ()
    alone = screen_at(here.scene, here.filled, stop) is None
    how = how_to_answer(here.scene, here.filled, stop) if here.session.failures and alone else ()
    return (*own, *how)


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


def _wish(said: Callable[[Scene, str], tuple[Reply, ...]], *, outside: bool = False) -> Deed:
    """Do what somebody wishes about being asked; an open session stays as it is."""

    def deed(here: Here, command: CommandGiven) -> Turn:
        session = None if outside else here.session
        return Turn(session, said(here.scene, command.argument))

    return deed


OUTSIDE: Mapping[str, Deed] = {
    "start": _begin,
    "language": _language,
    "help": _help_outside,
    "reports": reports_wanted,
    "data": _data_outside,
    **{name: _wish(said, outside=True) for name, said in WISHES.items()},
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
    **{name: _wish(said) for name, said in WISHES.items()},
}
"""What each command does while a session is open."""
