"""From nothing to the first question: a new session, its language, consent and form.

`onboarding` says what each of these prompts looks like; here stands what an answer to it does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from conversations.events import ButtonTapped, Event, TextWritten
from conversations.interruptions import remark
from conversations.moves import Here, again, dropped, ended, form_chosen, go_on, put, standing_at
from conversations.onboarding import (
    declined,
    enough_reports,
    form_tapped,
    language_guess,
    language_meant,
    language_tapped,
    please_agree_or_not,
    please_name_language,
    please_tap,
)
from conversations.phrases import phrase
from conversations.programme import FormKey, Programme, form_mark
from conversations.prompt import taken_away
from conversations.replies import Block, KeepConsent, KeepLanguage, Send, SetAside
from conversations.scene import instance_of
from conversations.session import Session
from conversations.turn import Occasion, Person, Turn

# A session


def begun(programme: Programme, person: Person, occasion: Occasion) -> Session:
    """Make a session in which nothing has been said."""
    return Session(
        key=occasion.fresh_key,
        language=language_guess(programme, person),
        stage="language",
        began_at=occasion.now.isoformat(),
    )


FORM: Final = "form-"
"""Opens the word after /start that a link to a form carries; its mark follows."""


def form_wanted(programme: Programme, argument: str) -> FormKey | None:
    """Return the form that the word after /start asks for; None where none that is offered."""
    mark = argument.removeprefix(FORM)
    if mark == argument:
        return None
    return next((key for key in programme.offered if form_mark(key[0]) == mark), None)


def begin(here: Here, argument: str = "") -> Turn:
    """Begin at the language, or after it where there is nothing to choose.

    `argument` is the word after /start, which may ask for a form.
    """
    key = form_wanted(here.scene.programme, argument)
    if key is None:
        return _begin(here)
    if enough := enough_reports(here.scene):
        return Turn(None, (remark(enough),))
    there = _pinned(here, key)
    turn = _begin(there)
    return replace(turn, troubles=there.filled.troubles, live=there.instance)


def _pinned(here: Here, key: FormKey) -> Here:
    """Stand before the first question of a form, whatever else is to be asked before."""
    pinned = replace(here.session, form_id=key[0], form_version=key[1])
    instance = instance_of(here.scene.at(pinned), here.scene.programme.forms[key])
    scene = here.scene.at(replace(pinned, draft=instance.draft()))
    return replace(here, scene=scene, instance=instance)


def _begin(here: Here) -> Turn:
    languages, chosen = here.scene.programme.languages, here.scene.person.language
    if len(languages) == 1 and chosen != languages[0]:
        return go_on(here, here.session, ahead=(KeepLanguage(languages[0]),))
    if chosen is None:
        return put(here, here.session)
    return go_on(here, here.session)


def begin_anew(here: Here, argument: str = "") -> Turn:
    """Throw away what is unfinished and begin with a new session."""
    turn = begin(_afresh(here), argument)
    return replace(turn, replies=(*dropped(here, ()), *turn.replies))


def begin_beside(here: Here) -> Turn:
    """Keep what is unfinished for later and begin with a new session."""
    turn = begin(_afresh(here))
    return replace(turn, replies=(SetAside(), *turn.replies))


def _afresh(here: Here) -> Here:
    fresh = begun(here.scene.programme, here.scene.person, here.scene.occasion)
    return replace(here, scene=here.scene.at(fresh), instance=None)


# Language


def language_wanted(here: Here, argument: str) -> Turn:
    """Change the language to the one named, or ask which; what this interrupts goes on after."""
    interrupted = here.session.stage if here.session.step else None
    session = replace(here.session, resume_stage=interrupted)
    if tag := language_meant(here.scene, argument):
        return _language_chosen(replace(here, scene=here.scene.at(session)), tag)
    return put(here, standing_at(session, "language"))


def at_language(here: Here, event: Event) -> Turn:
    """Take what a person did while their language is asked for."""
    match event:
        case ButtonTapped(action=action):
            return _language_chosen(here, language_tapped(here.scene, action))
        case TextWritten(text) if tag := language_meant(here.scene, text):
            return _language_chosen(here, tag)
        case _:
            return again(here, please_name_language(here.scene))


def _language_chosen(here: Here, tag: str) -> Turn:
    """Speak the chosen language, and go on with what the choice has interrupted."""
    session = replace(here.session, language=tag, resume_stage=None)
    scene = here.scene.at(session)
    keep = KeepLanguage(tag)
    if here.session.resume_stage is None and here.scene.person.language is not None:
        # Translators: {language} is what its speakers call it, such as Kiswahili.
        told = phrase("From now on we speak {language}.", language=scene.locale.autonym)
        # Translators: the last line after the language was changed while no report was open.
        farewell = Send((Block(told), Block(phrase("To make a report, send /start."), "hint")))
        return Turn(None, (keep, *taken_away(here.standing), farewell))
    instance = instance_of(scene, scene.form) if scene.form else None
    return go_on(replace(here, scene=scene, instance=instance), session, ahead=(keep,))


# Consent and form


def at_consent(here: Here, event: Event) -> Turn:
    """Take what a person did while their consent is asked for."""
    match event:
        case ButtonTapped(action="agree"):
            return _agreed(here)
        case ButtonTapped():
            return ended(here, declined())
        case _:
            return again(here, please_agree_or_not())


def _agreed(here: Here) -> Turn:
    scene, consent = here.scene, here.scene.programme.consent
    version, read = consent.version, scene.programme.language_of(consent.text, *scene.locale.chain)
    keep = KeepConsent(version, read, agreed=True)
    person = replace(scene.person, agreed=scene.person.agreed | {version})
    now_agreed = replace(here, scene=replace(scene, person=person))
    return go_on(now_agreed, here.session, ahead=(keep,))


def at_form(here: Here, event: Event) -> Turn:
    """Take what a person did while they are asked which form it shall be."""
    match event:
        case ButtonTapped(action=action):
            return form_chosen(here, here.session, form_tapped(here.scene, action))
        case _:
            return again(here, please_tap())
