"""Moving on: the prompt that comes next, and what makes way for it.

`go_on` puts the first thing that is missing, so a turn need only change one fact of the session
and call it. All ways of the conversation end in one of `go_on`, `again`, `put` and `ended`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from conversations.events import ButtonTapped, Event
from conversations.interruptions import remark, stuck_hint
from conversations.onboarding import (
    enough_reports,
    forms_offered,
)
from conversations.phrases import Problem, Speech, phrase, verbatim
from conversations.programme import FormKey
from conversations.progress import files_in, stop_at, upcoming
from conversations.prompt import (
    SLOT,
    Prompt,
    sent,
    shown_in_place,
    taken_away,
)
from conversations.questions.base import Scratched, lasting
from conversations.refusals import refused
from conversations.replies import Block, DropAttachment, NoKeyboard, Reply, Revise, Send
from conversations.scene import Scene, instance_of
from conversations.session import Draft, Session, Stage, session_with
from conversations.sparing import held_back
from conversations.standing import FAILURES_BEFORE_HINT, Stands, standing_prompt, whole_prompt
from conversations.summary import page_with
from conversations.turn import Turn
from conversations.xform.instance import Instance, QuestionStop, Stop

ASIDE_MAX = 20
"""So many questions are remembered that were begun and left by going back."""

Blocks: TypeAlias = tuple[Block, ...]
Replies: TypeAlias = tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Here:
    """A turn under way: the scene, the instance once there is one, the prompt that stands."""

    scene: Scene
    instance: Instance | None
    standing: Prompt

    @property
    def session(self) -> Session:
        """Return where the person stood when the turn began."""
        return self.scene.session

    @property
    def filled(self) -> Instance:
        """Return the instance, where the stage says that there is one."""
        assert self.instance is not None  # noqa: S101 - a stage without its instance is our mistake.
        return self.instance


def visiting(session: Session, stop: Stop) -> Session:
    """Stand at a stop of the form, with what was begun there before."""
    scratch = dict(session.set_aside).get(stop.reference, "")
    aside = tuple(one for one in session.set_aside if one[0] != stop.reference)
    return session_with(
        session,
        stage="question",
        current=stop.reference,
        failures=0,
        scratch=scratch,
        set_aside=aside,
    )


def setting_aside(session: Session) -> Session:
    """Keep what was begun at the current question (ticks, a page), and let it come again."""
    if session.stage != "question" or not session.scratch:
        return session
    kept = (session.current, session.scratch)
    trail = tuple(reference for reference in session.trail if reference != session.current)
    return session_with(session, trail=trail, set_aside=(*session.set_aside, kept)[-ASIDE_MAX:])


def moved_on(session: Session, draft: Draft, trail: tuple[str, ...]) -> Session:
    """Leave the current question, so that whatever comes next can be found."""
    return session_with(
        session,
        draft=draft,
        trail=trail,
        current="",
        scratch="",
        failures=0,
        from_summary=False,
    )


def standing_at(session: Session, stage: Stage) -> Session:
    """Stand at another stage, with everything else as it is."""
    return session_with(session, stage=stage)


def form_chosen(
    here: Here, session: Session, key: FormKey, ahead: Replies = (), opening: Blocks = ()
) -> Turn:
    """Begin a form; from here on the session is pinned to its version."""
    form_id, form_version = key
    pinned = session_with(session, form_id=form_id, form_version=form_version)
    scene = here.scene.at(pinned)
    instance = instance_of(scene, scene.programme.forms[key])
    begun = session_with(pinned, draft=instance.draft())
    turn = go_on(replace(here, scene=scene, instance=instance), begun, opening, ahead)
    return replace(turn, troubles=instance.troubles, live=instance)


def go_on(here: Here, session: Session, opening: Blocks = (), ahead: Replies = ()) -> Turn:
    """Put the first thing that is missing: consent, a form, a question; then the summary.

    Nobody is asked to agree to anything where there is nothing to fill in.
    """
    offered = forms_offered(here.scene.programme)
    if not (session.form_id or offered):
        # Translators: all forms are closed; nothing else was asked but the language.
        text = phrase("There is nothing to fill in at present. Please come back later.")
        return Turn(None, (*ahead, *taken_away(here.standing), remark(text)))
    if not session.form_id and (enough := enough_reports(here.scene)):
        return Turn(None, (*ahead, *taken_away(here.standing), remark(enough)))
    if not here.scene.agreed:
        return put(here, session_with(session, stage="consent", failures=0), opening, ahead)
    if session.form_id:
        return _next_question(here, session, opening, ahead)
    match offered:
        case (key,):
            return form_chosen(here, session, key, ahead)
        case _:
            return put(here, standing_at(session, "form"), opening, ahead)


def _next_question(here: Here, session: Session, opening: Blocks, ahead: Replies) -> Turn:
    if session.current and stop_at(here.filled, session.current):
        return put(here, standing_at(session, "question"), opening, ahead)
    following = upcoming(here.filled, session.trail)
    if following.stop is None:
        return _at_the_end(here, session_with(session, current=""), opening, ahead)
    notes = tuple(note.reference for note in following.notes)
    read = session_with(session, trail=(*session.trail, *notes)) if notes else session
    onward = visiting(read, following.stop)
    return put(here, onward, opening, ahead, notes)


def _at_the_end(here: Here, session: Session, opening: Blocks, ahead: Replies) -> Turn:
    """Show the summary, unless an answer does not hold any more because of a later one."""
    for failure in here.filled.failures():
        if stop := stop_at(here.filled, failure.reference):
            why = refused(here.scene, here.filled, failure.reference, failure.refusal)
            return put(here, visiting(session, stop), (*opening, problem_block(why)), ahead)
    return put(here, looking_over(here, session), opening, ahead)


def looking_over(here: Here, session: Session) -> Session:
    """Stand at the summary: at its first page, later at the one with what was just changed."""
    page = session.scratch if session.stage == "summary" else ""
    if session.looked_over and (changed := here.session.current):
        page = page_with(here.scene.at(session), here.filled, changed)
    return session_with(session, stage="summary", scratch=page, looked_over=True)


def put(
    here: Here,
    session: Session,
    opening: Blocks = (),
    ahead: Replies = (),
    notes: tuple[str, ...] = (),
) -> Turn:
    """Put a session's prompt as a new message and take away the keys of the one before."""
    step = session.step + 1
    stepped = session_with(session, step=step, first_step=step, problem="", notes=notes)
    return _put(here, stepped, opening, ahead)


def _put(here: Here, stepped: Session, opening: Blocks, ahead: Replies) -> Turn:
    scene = here.scene.at(stepped)
    prompt = standing_prompt(scene, here.instance)
    if _asks_the_same(here, stepped, prompt):
        stepped = session_with(stepped, first_step=here.session.since)
        scene = here.scene.at(stepped)
    if here.instance is not None:
        here.instance.handed_on = Stands.there(scene, prompt)
    prompt = prompt.opened_by(opening)
    stays = _way_made(ahead) or (prompt.keyboard and here.standing.keyboard)
    way = () if stays else taken_away(here.standing)
    return Turn(stepped, (*ahead, *way, *sent(prompt, stepped)))


def _asks_the_same(here: Here, session: Session, prompt: Prompt) -> bool:
    """Tell whether a prompt is the one that stands: about the same, with the same buttons."""
    before = here.session
    about = (before.stage, before.current) == (session.stage, session.current)
    return before.step > 0 and about and prompt.rows == here.standing.rows


def _way_made(ahead: Replies) -> bool:
    """Tell whether the keys of the prompt that stands are taken away already."""
    return any(
        isinstance(reply, Revise) or (isinstance(reply, Send) and reply.keys == NoKeyboard())
        for reply in ahead
    )


def ask_again(here: Here) -> Turn:
    """Put what waits once more after a time away, unless that was done and nobody has answered."""
    if here.session.asked_again:
        return Turn(here.session)
    # Translators: the bot was out of order for a while; the question that waited comes below.
    away = Block(phrase("I was away for a while. Here is where we were."), "hint")
    return put(here, session_with(here.session, asked_again=True), (away,))


def again(here: Here, problem: Problem) -> Turn:
    """Say what is wrong and put the same prompt again."""
    failures, said = here.session.failures + 1, here.scene.locale.say(problem.speech)
    step = here.session.step + 1
    session = session_with(
        here.session,
        step=step,
        first_step=step,
        failures=failures,
        problem=said,
        notes=(),
        scratch=lasting(here.session.scratch),
    )
    opening = (problem_block(problem), *_way_out(here, session))
    return _put(here, session, opening, _shortened(here))


def _shortened(here: Here) -> Replies:
    """Leave of the try before only what was wrong with it, since the question comes once more.

    A message with a reply keyboard cannot be changed: Telegram refuses that.
    """
    if not here.session.problem or here.standing.keyboard:
        return ()
    said = verbatim("{problem}", problem=here.session.problem)
    return (Revise(SLOT, (Block(said, "problem"),)),)


def scratched(here: Here, reading: Scratched, event: Event) -> Turn:
    """Show the same question with other marks: in place after a tap, below what was typed."""
    session = session_with(here.session, scratch=reading.scratch)
    if not isinstance(event, ButtonTapped):
        return put(here, session)
    if session == here.session:
        return Turn(session)
    prompt = standing_prompt(here.scene.at(session), here.instance)
    return Turn(session, shown_in_place(prompt, session))


def problem_block(problem: Problem) -> Block:
    """Say a problem at the head of a message."""
    return Block(problem.speech, "problem")


def _way_out(here: Here, session: Session) -> Blocks:
    if session.stage != "question" or session.failures < FAILURES_BEFORE_HINT:
        return ()
    stop = current_stop(here)
    may_skip = isinstance(stop, QuestionStop) and not here.filled.state(stop.reference).required
    return (Block(stuck_hint(may_skip=may_skip), "hint"),)


def ended(here: Here, said: Speech) -> Turn:
    """End the session and forget what was sent in it."""
    away = taken_away(here.standing) if here.standing.rows else ()
    keys = NoKeyboard() if here.standing.keyboard else None
    return Turn(None, (*dropped(here, ()), *away, Send((Block(said),), keys)))


def shown_on_request(here: Here) -> Turn:
    """Send the files that were held back, and put the question below them once more."""
    whole = whole_prompt(here.scene, here.instance)
    files = held_back(whole, here.scene, here.instance)
    return put(here, here.session, ahead=(Send((), media=files),))


def current_stop(here: Here) -> Stop | None:
    """Find the stop that waits for an answer; None if it is no longer relevant."""
    return stop_at(here.filled, here.session.current)


def dropped(here: Here, after: Draft) -> Replies:
    """Forget the files that a new draft does not hold any more."""
    form, there = here.scene.form, set(after)
    gone = tuple(one for one in here.session.draft if one not in there)
    if form is None or not gone or not (before := files_in(form, gone)):
        return ()
    held = files_in(form, after)
    return tuple(DropAttachment(name) for name in before if name not in held)
