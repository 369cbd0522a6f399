"""A message that is edited: the answer it gave changes with it.

The session remembers which question the newest messages spoke to. An edited one is read anew, as
an answer to that question and by the rules of its kind. What does not fit is told and changes
nothing; what fits is kept, what depends on it is worked out again, and the person sees it.
"""

from __future__ import annotations

from dataclasses import replace

from conversations.answering import at_question, kept_answer
from conversations.asking import asked_of, prompt_for, shown, stop_kind
from conversations.differences import Before, differences
from conversations.entries import answer_of, question_of
from conversations.events import (
    ButtonTapped,
    Event,
    MediaSent,
    MessageEdited,
    PlaceShared,
    TextWritten,
)
from conversations.interruptions import remark
from conversations.moves import (
    Blocks,
    Here,
    dropped,
    go_on,
    problem_block,
    put,
    visiting,
)
from conversations.phrases import Phrase, Problem, phrase
from conversations.progress import is_note, still_answered, stop_at
from conversations.prompt import named_key, stamp
from conversations.questions.base import Given, Reading, Scratched
from conversations.refusals import refused
from conversations.replies import Block, Send
from conversations.session import session_with
from conversations.standing import stands_for
from conversations.turn import Turn
from conversations.xform.instance import QuestionStop, Refusal, RepeatStop

HEARD_MAX = 200
"""So many messages are remembered with the question they spoke to, the newest ones."""


def heard(here: Here, event: Event, turn: Turn) -> Turn:
    """Remember which question a message spoke to, whether it was taken as an answer or not."""
    key = event.message_key if isinstance(event, TextWritten | MediaSent | PlaceShared) else ""
    if turn.session is None or not key or here.session.stage != "question":
        return turn
    taken = isinstance(event, MediaSent) and turn.session.draft != here.session.draft
    reference = turn.session.album_at if taken else here.session.current
    others = tuple(pair for pair in turn.session.heard if pair[0] != key)
    newest = (*others, (key, reference))[-HEARD_MAX:]
    after = session_with(turn.session, heard=newest)
    stands_for(here.instance, turn.session, after)
    return Turn(after, turn.replies, turn.troubles, turn.live)


def message_edited(here: Here, edited: MessageEdited) -> Turn:
    """Take an edited message for a new try at its question, or for a new answer to it."""
    session = here.session
    reference = dict(session.heard).get(edited.message_key, "")
    if here.instance is None or not here.scene.agreed or not reference:
        return Turn(session, (remark(unknown_message()),))
    stop = stop_at(here.filled, reference)
    if isinstance(stop, RepeatStop) or (stop and is_note(stop, here.filled)):
        return Turn(session, (remark(unknown_message()),))
    if stop is None:
        # Translators: the person edited a message that answered a question which is not asked
        # any more, because another answer was changed.
        told = phrase("That message answered a question that is no longer asked. Nothing changes.")
        return Turn(session, (remark(told),))
    if edited.became is None:
        # Translators: the person edited an answer into something that cannot be one.
        return _unchanged(here, stop, Problem(phrase("I cannot take that as an answer.")))
    meant = _meant(here, stop, edited.became)
    if session.stage == "question" and session.current == reference:
        return at_question(here, meant)
    return _read_anew(here, stop, meant)


def unknown_message() -> Phrase:
    """Say how to correct where it is not known what an edited message had answered."""
    # Translators: the person edited a message that they had sent before.
    return phrase("I do not know any more what that message answered. To correct, use /back.")


def _meant(here: Here, stop: QuestionStop, became: TextWritten | MediaSent) -> Event:
    """Take the label of one of the question's buttons for a tap on it, as at the question."""
    if not isinstance(became, TextWritten):
        return became
    session, locale = visiting(here.session, stop), here.scene.locale
    prompt = prompt_for(here.scene.at(session), here.filled, stop)
    action = named_key(became.text, locale) or prompt.action_named(became.text, locale)
    if action is None or action == "back" or action.startswith(("+", "-")):
        return became
    return ButtonTapped(stamp(session), session.step, action)


def _read_anew(here: Here, stop: QuestionStop, event: Event) -> Turn:
    reading = _reading(here, stop, event)
    match reading:
        case Problem():
            return _unchanged(here, stop, reading)
        case Scratched(scratch):
            # Half an answer, such as one point of a line: the question itself goes on with it.
            return put(here, replace(visiting(here.session, stop), scratch=scratch))
        case Given():
            return _answered(here, stop, reading)


def _reading(here: Here, stop: QuestionStop, event: Event) -> Reading:
    asked = asked_of(here.scene, here.filled, stop)
    match event:
        case ButtonTapped(action="skip"):
            return Given("")
        case ButtonTapped(action="keep"):
            return Given(asked.state.value)
        case _:
            return stop_kind(here.filled, stop).read(asked, event)


def _unchanged(here: Here, stop: QuestionStop, problem: Problem) -> Turn:
    """Say why the edit is not taken; the answer and the question that waits stay."""
    asked = asked_of(here.scene, here.filled, stop)
    stays: Blocks = ()
    if asked.state.value:
        answer = shown(asked, stop_kind(here.filled, stop))
        # Translators: an edited message does not fit its question; {answer} was given before.
        stays = (Block(phrase("Your answer stays as it was: {answer}", answer=answer)),)
    question = Block(question_of(here.scene, here.filled, stop, colon=False), "question")
    return Turn(here.session, (Send((problem_block(problem), question, *stays)),))


def _answered(here: Here, stop: QuestionStop, given: Given) -> Turn:
    session, before = here.session, Before(here.filled.stops(), here.session.draft)
    outcome = kept_answer(here, stop, given)
    if isinstance(outcome, Refusal):
        why = refused(here.scene, here.filled, stop.reference, outcome)
        return _unchanged(here, stop, why)
    draft = here.filled.draft()
    known = stop.reference in session.trail
    trail = session.trail if known else (*session.trail, stop.reference)
    trail = still_answered(trail, session.draft, draft, but=stop.reference)
    # The person stays where they are; only what had interrupted the form is over.
    after = replace(session, draft=draft, trail=trail, resume_stage=None)
    told = (
        *_told_back(here, stop),
        *differences(here.scene, before, here.filled, stop.reference, outcome.changed),
    )
    keep = (given.keep,) if given.keep else ()
    return go_on(here, after, told, (*keep, *dropped(here, draft)))


def _told_back(here: Here, stop: QuestionStop) -> Blocks:
    # Translators: stands above a question and its new answer, after its message was edited.
    title = Block(phrase("Your answer is changed:"))
    answer = answer_of(here.scene, here.filled, stop)
    question = question_of(here.scene, here.filled, stop, colon=answer is not None)
    return (title, Block(question, "item"), *((Block(answer, "answer"),) if answer else ()))
