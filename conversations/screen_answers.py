"""What a person's answer does at a screen: ticks set in place, words read, and Done.

An answer is in the draft as soon as it is tapped, so that what depends on it shows at once; the
questions count as dealt with, in the form's order, when Done is tapped.
"""

from __future__ import annotations

from dataclasses import replace

from conversations.asking import stop_kind
from conversations.events import ButtonTapped, Event, TextWritten
from conversations.moves import Here, again, dropped, go_on, problem_block, put
from conversations.onboarding import please_tap
from conversations.phrases import Problem, phrase
from conversations.progress import still_answered
from conversations.prompt import SLOT, shown_in_place
from conversations.questions.base import Given
from conversations.refusals import refused
from conversations.replies import Acknowledge, Revise
from conversations.screens import (
    Line,
    Screen,
    answered_screen,
    key_named,
    screen_of,
    screen_prompt,
    still_missing,
    written_answers,
)
from conversations.turn import Turn
from conversations.xform.instance import Refusal


def at_screen(here: Here, screen: Screen, event: Event) -> Turn:
    """Take what a person did while a screen waits."""
    match event:
        case ButtonTapped(action="done"):
            return screen_done(here, screen)
        case ButtonTapped(action=action) if tapped := screen.tapped(action):
            return _ticked(here, screen, *tapped)
        case TextWritten(text, forwarded=False):
            return _written(here, screen, text)
        case _:
            return again(here, please_tap())


def screen_done(here: Here, screen: Screen) -> Turn:
    """Move on from a screen, unless something that must be answered is not."""
    if screen.missing():
        return _told_in_place(here, screen, Problem(still_missing(screen)))
    session, references = here.session, screen.references
    others = (reference for reference in session.trail if reference not in references)
    after = replace(
        session, trail=(*others, *references), current="", scratch="", failures=0, problem=""
    )
    told = Revise(SLOT, answered_screen(here.scene, here.filled, screen))
    return go_on(here, after, ahead=(told,))


def _told_in_place(here: Here, screen: Screen, problem: Problem) -> Turn:
    """Say a problem on top of the screen as it stands, and for a moment on top of the chat."""
    prompt = screen_prompt(here.scene, here.filled, screen).opened_by((problem_block(problem),))
    toast = Acknowledge(problem.speech)
    return Turn(here.session, (toast, *shown_in_place(prompt, here.session)))


# One tap


def _ticked(here: Here, screen: Screen, line: Line, value: str) -> Turn:
    """Set or take away one tick in place; a refusal changes nothing."""
    if value == line.asked.state.value:
        return Turn(here.session)
    if problem := _answered(here, line, value):
        return _told_in_place(here, screen, problem)
    return _shown(here, screen, in_place=True)


def _answered(here: Here, line: Line, value: str) -> Problem | None:
    """Give one answer to the instance, or say why the form does not take it."""
    reference = line.stop.reference
    outcome = here.filled.answer(reference, value)
    if isinstance(outcome, Refusal):
        return refused(here.scene, here.filled, reference, outcome)
    return None


def _shown(here: Here, screen: Screen, *, in_place: bool, problem: Problem | None = None) -> Turn:
    """Show a screen as it is after an answer; one that is none any more goes on one by one."""
    draft = here.filled.draft()
    trail = still_answered(here.session.trail, here.session.draft, draft, but="")
    session = replace(here.session, draft=draft, trail=trail)
    here = replace(here, scene=here.scene.at(session))
    ahead = dropped(here, draft)
    opening = (problem_block(problem),) if problem else ()
    after = screen_of(here.scene, here.filled, screen.group)
    if after is None:
        told = Revise(SLOT, answered_screen(here.scene, here.filled, screen))
        return go_on(here, replace(session, current=""), opening, ahead=(*ahead, told))
    session = replace(session, current=after.first.reference)
    if not in_place:
        return put(here, session, opening, ahead)
    if after.offers() != screen.offers():
        # Other keys get another stamp, so that no tap on the old ones goes astray.
        step = session.step + 1
        session = replace(session, step=step, first_step=step)
    prompt = screen_prompt(here.scene.at(session), here.filled, after)
    return Turn(session, (*ahead, *shown_in_place(prompt, session)))


# Words


def _written(here: Here, screen: Screen, text: str) -> Turn:
    """Take answers that were written: `1 yes, 2 no`; what is understood counts."""
    answers = written_answers(screen, text)
    if answers is None:
        return again(here, _how_to_write())
    problem = None
    for line, words in answers:
        problem = problem or _answer_in_words(here, line, words)
    if problem and here.filled.draft() == here.session.draft:
        return again(here, problem)
    return _shown(here, screen, in_place=False, problem=problem)


def _how_to_write() -> Problem:
    # Translators: several numbered questions stand in one message, each with a few choices.
    return Problem(phrase("Please tap an answer to each question, or write: 1 yes, 2 no"))


def _answer_in_words(here: Here, line: Line, words: str) -> Problem | None:
    key = key_named(line, words)
    if key is None:
        kind = stop_kind(here.filled, line.stop)
        reading = kind.read(line.asked, TextWritten(words))
        if not isinstance(reading, Given):
            return _not_understood(line, words)
        return _answered(here, line, reading.value)
    return _answered(here, line, key.value)


def _not_understood(line: Line, words: str) -> Problem:
    # Translators: {words} were written as the answer to question {number} of several in a message.
    text = phrase("I did not understand “{words}” for {number}.", words=words, number=line.number)
    return Problem(text)
