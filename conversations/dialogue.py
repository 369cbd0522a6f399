"""What happens next: every transition of the conversation, in one place.

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
1. A session's stage changes here and in `moves`, nowhere else. `answering` says what an answer
   does, `progress` what stands where in a form, and `onboarding`, `asking`, `summary` and
   `interruptions` what a prompt looks like.
2. Commands outrank answers, at every stage.
3. Nothing is kept while the consent does not stand.
4. A tap counts only under the prompt that stands: same session, same step, a button it offers.
5. What does not fit changes nothing and is answered with what would fit.
6. Every tap is acknowledged, exactly once.
"""

from __future__ import annotations

from dataclasses import replace

from conversations.answering import at_question, at_summary, back, rest_of_album, skip
from conversations.events import (
    ButtonTapped,
    CommandGiven,
    Event,
    MediaSent,
    MessageEdited,
    OtherSent,
    TextWritten,
)
from conversations.interruptions import help_message, remark
from conversations.moves import (
    Here,
    again,
    current_stop,
    dropped,
    ended,
    form_chosen,
    go_on,
    put,
    standing_at,
    standing_prompt,
)
from conversations.onboarding import (
    declined,
    form_tapped,
    language_guess,
    language_named,
    language_tapped,
    please_tap,
)
from conversations.phrases import phrase
from conversations.programme import Programme
from conversations.prompt import Prompt, named_key, stamp, taken_away
from conversations.replies import Acknowledge, Block, KeepConsent, KeepLanguage, Send
from conversations.scene import Scene, instance_of
from conversations.session import Session
from conversations.turn import Occasion, Person, Turn
from conversations.xform.instance import QuestionStop

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
    if session is None:
        fresh = _begun(programme, person, occasion)
        here = Here(Scene(programme, person, fresh, occasion), None, Prompt(()))
        turn = _outside(here, event)
    else:
        scene = Scene(programme, person, session, occasion)
        turn = _form_gone() if session.form_id and not scene.form else _inside(scene, event)
    return _acknowledged(turn, event)


def _begun(programme: Programme, person: Person, occasion: Occasion) -> Session:
    return Session(
        key=occasion.fresh_key,
        language=language_guess(programme, person),
        stage="language",
        began_at=occasion.now.isoformat(),
    )


def _acknowledged(turn: Turn, event: Event) -> Turn:
    told = any(isinstance(reply, Acknowledge) for reply in turn.replies)
    if told or not isinstance(event, ButtonTapped):
        return turn
    return replace(turn, replies=(Acknowledge(), *turn.replies))


# No session is open


def _outside(here: Here, event: Event) -> Turn:
    """Meet somebody who has no session: greet whoever is new, point others to /start."""
    match event:
        case CommandGiven("start"):
            return _begin(here)
        case CommandGiven("language", argument):
            return _language_wanted(here, argument)
        case CommandGiven("help"):
            return Turn(None, (help_message(here.scene),))
        case ButtonTapped():
            # Translators: the person tapped a button of a report that is sent or thrown away.
            text = phrase("That is finished. To make another report, send /start.")
            return Turn(None, (Acknowledge(text),))
        case MessageEdited():
            return Turn(None)
        case OtherSent(kind) if kind in SILENT:
            return Turn(None)
        case _ if here.scene.person.language is None:
            return _begin(here)
        case _:
            # Translators: the person wrote something while no report was begun.
            return Turn(None, (remark(phrase("No report is open. To make one, send /start.")),))


def _begin(here: Here) -> Turn:
    """Begin at the language, or after it where there is nothing to choose."""
    languages, chosen = here.scene.programme.languages, here.scene.person.language
    if len(languages) == 1 and chosen != languages[0]:
        return go_on(here, here.session, ahead=(KeepLanguage(languages[0]),))
    if chosen is None:
        return put(here, here.session)
    return go_on(here, here.session)


def _form_gone() -> Turn:
    """End a session whose form is no longer there."""
    text = phrase("This form is no longer in use, so your answers cannot be sent. I am sorry.")
    return Turn(None, (remark(text), remark(phrase("To make another report, send /start."))))


# A session is open


def _inside(scene: Scene, event: Event) -> Turn:
    form = scene.form
    instance = instance_of(scene.session, form, scene.now) if form else None
    here = Here(
        scene, instance, standing_prompt(scene, instance) if scene.session.step else Prompt(())
    )
    match event:
        case CommandGiven():
            return _command(here, event)
        case ButtonTapped() if not _counts(here, event):
            return _stale(here, event)
        case MessageEdited():
            return _edited(here)
        case MediaSent(group=group) if group and group == here.session.album:
            return rest_of_album(here)
        case OtherSent(kind) if kind in SILENT:
            return Turn(here.session)
        case TextWritten(text, forwarded=False):
            return _at_stage(here, _pressed(here, text) or event)
        case _:
            return _at_stage(here, event)


def _at_stage(here: Here, event: Event) -> Turn:
    """Let the stage say what an event means."""
    match here.session.stage:
        case "language":
            return _at_language(here, event)
        case "consent":
            return _at_consent(here, event)
        case "form":
            return _at_form(here, event)
        case "question" | "summary":
            return _in_form(here, event)
        case "cancel" | "restart":
            return _at_crossroads(here, event)


def _in_form(here: Here, event: Event) -> Turn:
    if not here.scene.agreed:
        return go_on(here, here.session)
    match event:
        case ButtonTapped(action="back"):
            return back(here)
        case ButtonTapped(action="skip"):
            return skip(here, event)
        case _:
            asks = here.session.stage == "question"
            return at_question(here, event) if asks else at_summary(here, event)


def _at_crossroads(here: Here, event: Event) -> Turn:
    """Throw away, begin again, or go on, as the person answers."""
    match event:
        case ButtonTapped(action="yes"):
            # Translators: after the person chose to stop and throw the answers away.
            return ended(here, phrase("Your answers are thrown away. Send /start at any time."))
        case ButtonTapped(action="anew"):
            return _anew(here)
        case ButtonTapped():
            return go_on(here, here.session)
        case _:
            return again(here, please_tap())


# Taps and keys


def _counts(here: Here, tap: ButtonTapped) -> bool:
    """Tell whether a tap is meant for the prompt that stands."""
    session = here.session
    stamped = (tap.session_key, tap.step) == (stamp(session), session.step)
    return stamped and here.standing.offers(tap.action)


def _stale(here: Here, tap: ButtonTapped) -> Turn:
    """Acknowledge a tap that comes too late; put the question again if it is out of sight."""
    session = here.session
    same = tap.session_key == stamp(session)
    if not tap.session_key or (same and tap.step == session.step):
        return Turn(session, (Acknowledge(),))
    if same and tap.step == session.step - 1:
        # Translators: shown for a moment after a second tap on a button of the same question.
        return Turn(session, (Acknowledge(phrase("That is answered already.")),))
    # Translators: shown for a moment after a tap on a button far up in the chat.
    told = Acknowledge(phrase("That question is an old one. This one is waiting now."))
    return put(here, session, ahead=(told,))


def _pressed(here: Here, text: str) -> Event | None:
    """Find the key or button whose label a person sent; ticks are read by their question."""
    action = named_key(text, here.scene.locale) if here.session.stage == "question" else None
    action = action or here.standing.action_named(text, here.scene.locale)
    if action is None or action.startswith(("+", "-")):
        return None
    return ButtonTapped(stamp(here.session), here.session.step, action)


def _edited(here: Here) -> Turn:
    # Translators: the person edited a message that they had sent before.
    text = phrase("I cannot see what you change in a message that is sent. To correct, use /back.")
    return Turn(here.session, (remark(text),))


# Commands


def _command(here: Here, command: CommandGiven) -> Turn:
    match command.name:
        case "start":
            return _start(here)
        case "help":
            return put(here, here.session, ahead=(help_message(here.scene, _guidance(here)),))
        case "language":
            return _language_wanted(here, command.argument)
        case "cancel":
            return _cancel(here)
        case "back":
            return back(here)
        case "skip":
            return skip(here, command)
        case _:
            text = phrase("I do not know that command. /help shows what I can do.")
            return Turn(here.session, (remark(text),))


def _guidance(here: Here) -> str:
    """Return what the form says in addition about the question that waits."""
    if here.session.stage != "question" or not (stop := current_stop(here)):
        return ""
    return (
        here.filled.state(stop.reference).guidance or "" if isinstance(stop, QuestionStop) else ""
    )


def _start(here: Here) -> Turn:
    """Offer to go on where something has been answered, else begin."""
    if here.session.trail:
        return put(here, standing_at(here.session, "restart"))
    return _anew(here)


def _anew(here: Here) -> Turn:
    """Throw away what is unfinished and begin with a new session."""
    scene = here.scene
    fresh = _begun(scene.programme, scene.person, scene.occasion)
    turn = _begin(replace(here, scene=scene.at(fresh), instance=None))
    return replace(turn, replies=(*dropped(here, ()), *turn.replies))


def _cancel(here: Here) -> Turn:
    if here.session.trail:
        return put(here, standing_at(here.session, "cancel"))
    # Translators: after /cancel, when nothing was answered yet.
    return ended(here, phrase("All right, we stop here. Send /start at any time."))


def _language_wanted(here: Here, argument: str) -> Turn:
    interrupted = here.session.stage if here.session.step else None
    session = replace(here.session, resume_stage=interrupted)
    if tag := language_named(here.scene.programme, argument):
        return _language_chosen(replace(here, scene=here.scene.at(session)), tag)
    return put(here, standing_at(session, "language"))


# Before the questions


def _at_language(here: Here, event: Event) -> Turn:
    match event:
        case ButtonTapped(action=action):
            return _language_chosen(here, language_tapped(here.scene, action))
        case TextWritten(text) if tag := language_named(here.scene.programme, text):
            return _language_chosen(here, tag)
        case _:
            return again(here, please_tap())


def _at_consent(here: Here, event: Event) -> Turn:
    match event:
        case ButtonTapped(action="agree"):
            return _agreed(here)
        case ButtonTapped():
            return ended(here, declined())
        case _:
            return again(here, please_tap())


def _at_form(here: Here, event: Event) -> Turn:
    match event:
        case ButtonTapped(action=action):
            return form_chosen(here, here.session, form_tapped(here.scene, action))
        case _:
            return again(here, please_tap())


def _language_chosen(here: Here, tag: str) -> Turn:
    """Speak the chosen language, and go on with what the choice has interrupted."""
    session = replace(here.session, language=tag, resume_stage=None)
    scene = here.scene.at(session)
    keep = KeepLanguage(tag)
    if here.session.resume_stage is None and here.scene.person.language is not None:
        # Translators: {language} is what its speakers call it, such as Kiswahili.
        told = phrase("From now on we speak {language}.", language=scene.locale.autonym)
        farewell = Send((Block(told), Block(phrase("To make a report, send /start."), "hint")))
        return Turn(None, (keep, *taken_away(here.standing), farewell))
    instance = instance_of(session, scene.form, scene.now) if scene.form else None
    return go_on(replace(here, scene=scene, instance=instance), session, ahead=(keep,))


def _agreed(here: Here) -> Turn:
    version, scene = here.scene.programme.consent.version, here.scene
    keep = KeepConsent(version, here.session.language, agreed=True)
    person = replace(scene.person, agreed=scene.person.agreed | {version})
    now_agreed = replace(here, scene=replace(scene, person=person))
    return go_on(now_agreed, here.session, ahead=(keep,))
