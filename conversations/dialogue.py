"""What happens next: what an event means where a person stands.

`advance` takes where a person stands and what they did, and returns where they stand now and what
is to be said and kept. It is pure: the same turn again gives the same result.

How it works
------------
A turn changes one fact (a language, a consent, an answer, a place in the trail) and then
`go_on` puts the first thing that is missing: consent, a form, the next question in the form's
order, and when nothing is missing the summary. So nothing has to be remembered about where to
return to, and what a change makes necessary is asked without further ado.

The rules
---------
1. A session's stage changes in `moves` and in those that call it: `beginning` up to the first
   question, `answering` at the questions and the summary, `commanded` after a command. `progress`
   says what stands where in a form, and `onboarding`, `asking`, `summary` and `interruptions`
   what a prompt looks like.
2. Commands outrank answers, at every stage.
3. Nothing is kept while the consent does not stand.
4. A tap counts only under the prompt that stands: same session, same step, a button it offers.
5. What does not fit changes nothing and is answered with what would fit.
6. Every tap is acknowledged, exactly once.
7. A form that cannot be worked out (`FormError`) changes nothing: the session stays as it was.
"""

from __future__ import annotations

from dataclasses import replace

from conversations.albums import rest_of_album
from conversations.amending import busy, change_wanted, edited_after_sending
from conversations.answering import at_question, at_summary, back, skip
from conversations.beginning import (
    at_consent,
    at_form,
    at_language,
    begin,
    begin_anew,
    begin_beside,
    begun,
)
from conversations.coming_back import (
    is_of_a_list,
    let_go,
    not_sent,
    questions_came,
    tapped_in_list,
    way_out,
)
from conversations.commanded import (
    at_doubt,
    command_inside,
    command_outside,
    word_outside,
    word_written,
)
from conversations.corrections import heard, message_edited
from conversations.events import (
    BotReturned,
    ButtonTapped,
    CommandGiven,
    Event,
    MediaSent,
    MessageEdited,
    OtherSent,
    QuestionLetGo,
    QuestionsCame,
    ReportWaits,
    TextWritten,
    TimeRanOut,
)
from conversations.interruptions import person_message, remark, thrown_away
from conversations.moves import (
    Here,
    again,
    ask_again,
    ended,
    go_on,
    put,
    shown_on_request,
)
from conversations.onboarding import please_tap
from conversations.phrases import phrase
from conversations.programme import Programme
from conversations.prompt import Prompt
from conversations.replies import Acknowledge
from conversations.reports import CHANGE
from conversations.scene import Scene, instance_of
from conversations.session import Session
from conversations.sparing import SHOW
from conversations.standing import prompt_standing
from conversations.taps import assented, counts, pressed, stale
from conversations.turn import Occasion, Person, Turn
from conversations.waiting import is_way_out
from conversations.xform.problems import FormError

__all__ = ["Occasion", "Person", "Turn", "advance"]

SILENT = frozenset(
    {
        "pinned_message",
        "message_auto_delete_timer_changed",
        "chat_background_set",
        "write_access_allowed",
    }
)
"""What arrives as a message and is nothing a person said."""


def advance(
    programme: Programme,
    person: Person,
    session: Session | None,
    event: Event,
    occasion: Occasion,
) -> Turn:
    """Take one event into a conversation.

    `session` is where the person stands, None while no session is open. The host keeps the
    turn's session (or ends it, where it is None) and does its replies in order.
    """
    known = session or begun(programme, person, occasion)
    scene = Scene(programme, person, known, occasion)
    try:
        turn = _taken(scene, event, is_open=session is not None)
    except FormError as error:
        turn = _too_much(scene, session, event, error)
    return _acknowledged(turn, event)


def _taken(scene: Scene, event: Event, *, is_open: bool) -> Turn:
    if not is_open:
        here = Here(scene, None, Prompt(()))
        return _came_by_itself(here, event, at_rest=True) or _outside(here, event)
    return _form_gone() if scene.session.form_id and not scene.form else _inside(scene, event)


def _too_much(scene: Scene, session: Session | None, event: Event, error: FormError) -> Turn:
    """Leave all as it was where a form asks for more work than it may; /cancel still ends it."""
    match event:
        case CommandGiven("cancel") if session is not None:
            turn = ended(Here(scene, None, Prompt(())), thrown_away(session))
        case _:
            # Translators: a form that somebody wrote cannot be worked out with this answer.
            text = phrase(
                "This form asks me to work out too much at once, so I could not take that. "
                "What you told me before is kept, and the fault is written down for those who "
                "made the form. Please try another answer, or send /cancel."
            )
            turn = Turn(session, (remark(text),))
    return replace(turn, troubles=tuple(problem.what for problem in error.problems))


def _acknowledged(turn: Turn, event: Event) -> Turn:
    told = any(isinstance(reply, Acknowledge) for reply in turn.replies)
    if told or not isinstance(event, ButtonTapped):
        return turn
    return replace(turn, replies=(Acknowledge(), *turn.replies))


def _came_by_itself(here: Here, event: Event, *, at_rest: bool) -> Turn | None:
    """Put what the bot asks of itself, and take taps under its lists; None for all else."""
    match event:
        case ButtonTapped() if is_of_a_list(event):
            return tapped_in_list(here, event, at_rest=at_rest)
        case QuestionsCame():
            return questions_came(here, event, at_rest=at_rest)
        case QuestionLetGo():
            return Turn(None) if at_rest else let_go(here, event)
        case _:
            return None


# No session is open


def _outside(here: Here, event: Event) -> Turn:
    """Meet somebody who has no session: greet whoever is new, point others to /start."""
    match event:
        case CommandGiven() if turn := command_outside(here, event):
            return turn
        case TextWritten(word, forwarded=False) if turn := word_outside(here, word):
            return turn
        case ButtonTapped(action=action) if action.startswith(CHANGE):
            return change_wanted(here, action)
        case ButtonTapped():
            # Translators: the person tapped a button of a report that is sent or thrown away.
            text = phrase("That is finished. To make another report, send /start.")
            return Turn(None, (Acknowledge(text),))
        case MessageEdited():
            return edited_after_sending(here)
        case BotReturned() | ReportWaits() | TimeRanOut():
            return Turn(None)
        case OtherSent(kind) if kind in SILENT:
            return Turn(None)
        case _ if here.scene.person.language is None:
            return begin(here)
        case _:
            # Translators: the person wrote something while no report was begun.
            return Turn(None, (remark(phrase("No report is open. To make one, send /start.")),))


def _form_gone() -> Turn:
    """End a session whose form is no longer there."""
    # Translators: a form was taken away while somebody was still filling it in.
    text = phrase("This form is no longer in use, so your answers cannot be sent. I am sorry.")
    # Translators: the last line after a report was sent or cannot be.
    return Turn(None, (remark(text), remark(phrase("To make another report, send /start."))))


# A session is open


def _inside(scene: Scene, event: Event) -> Turn:
    form = scene.form
    instance = instance_of(scene, form) if form else None
    here = Here(
        scene, instance, prompt_standing(scene, instance) if scene.session.step else Prompt(())
    )
    if turn := _came_by_itself(here, event, at_rest=False):
        return turn
    turn = _answered_since(_at_session(here, event), scene.session)
    if instance is None:
        return turn
    return Turn(turn.session, turn.replies, instance.troubles, instance)


def _answered_since(turn: Turn, before: Session) -> Turn:
    """Let the next time away ask again: the person has gone on since the last one."""
    after = turn.session
    if after is None or not before.asked_again or after.step == before.step:
        return turn
    return replace(turn, session=replace(after, asked_again=False))


def _at_session(here: Here, event: Event) -> Turn:
    """Take what counts wherever the person stands; the rest is the stage's."""
    match event:
        case CommandGiven():
            return command_inside(here, event)
        case ButtonTapped(action=action) if action.startswith(CHANGE):
            return busy(here, action)
        case ButtonTapped() if not counts(here, event):
            return stale(here, event)
        case MessageEdited():
            return message_edited(here, event)
        case MediaSent(group=group) if group and group == here.session.album:
            return heard(here, event, rest_of_album(here, event))
        case OtherSent(kind) if kind in SILENT:
            return Turn(here.session)
        case BotReturned():
            return ask_again(here)
        case ReportWaits() | TimeRanOut():
            return not_sent(here, event)
        case TextWritten(text, forwarded=False):
            return _written(here, event, pressed(here, text) or assented(here, event))
        case _:
            return heard(here, event, _at_stage(here, event))


def _written(here: Here, event: TextWritten, tap: ButtonTapped | None) -> Turn:
    """Take a text for the key or the command it means, or what the stage makes of it."""
    if tap is None and (turn := word_written(here, event)):
        return turn
    return heard(here, event, _at_stage(here, tap or event))


def _at_stage(here: Here, event: Event) -> Turn:
    """Let the stage say what an event means; what is held back comes at any stage."""
    if isinstance(event, ButtonTapped) and event.action == SHOW:
        return shown_on_request(here)
    match here.session.stage:
        case "language":
            return at_language(here, event)
        case "consent":
            return at_consent(here, event)
        case "form":
            return at_form(here, event)
        case "question" | "summary":
            return _in_form(here, event)
        case "cancel" | "restart":
            return _at_crossroads(here, event)
        case "doubt":
            return at_doubt(here, event)


def _in_form(here: Here, event: Event) -> Turn:
    if not here.scene.agreed:
        return go_on(here, here.session)
    match event:
        case ButtonTapped(action="back"):
            return back(here)
        case ButtonTapped(action="skip"):
            return skip(here, event)
        case ButtonTapped(action="help"):
            return command_inside(here, CommandGiven("help"))
        case ButtonTapped(action=action) if is_way_out(action):
            return way_out(here, event)
        case ButtonTapped(action="person"):
            return put(here, here.session, ahead=(person_message(here.scene),))
        case _:
            asks = here.session.stage == "question"
            return at_question(here, event) if asks else at_summary(here, event)


def _at_crossroads(here: Here, event: Event) -> Turn:
    """Throw away, begin again, or go on, as the person answers."""
    match event:
        case ButtonTapped(action="yes"):
            return ended(here, thrown_away(here.session))
        case ButtonTapped(action="anew"):
            return begin_anew(here)
        case ButtonTapped(action="later"):
            return begin_beside(here)
        case ButtonTapped():
            return go_on(here, here.session)
        case _:
            return again(here, please_tap())
