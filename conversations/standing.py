"""What stands before a person: the prompt of where they are, and how it is known again.

It can always be said anew from the session and the instance; the instance hands on what was put, so
that the next turn need not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from conversations.asking import led_by, prompt_for
from conversations.instances import repeat_prompt
from conversations.interruptions import cancel_prompt, restart_prompt
from conversations.onboarding import consent_prompt, form_prompt, language_prompt
from conversations.phrases import Locale, Phrase
from conversations.programme import Programme
from conversations.progress import stop_at
from conversations.prompt import Prompt, help_label, person_label, with_navigation, with_rows
from conversations.scene import Scene
from conversations.screens import screen_at, screen_prompt
from conversations.session import Session
from conversations.sparing import spared
from conversations.summary import summary_prompt
from conversations.turn import Person
from conversations.waiting import ways_out
from conversations.waymarks import way_come
from conversations.words import doubt_prompt
from conversations.xform.instance import Instance, QuestionStop, RepeatStop, Stop

FAILURES_BEFORE_HINT = 3
"""So many refused tries at one question, and the ways out are offered."""


def standing_prompt(scene: Scene, instance: Instance | None) -> Prompt:
    """Say what stands before a person at the session's stage, with as much as they want of it."""
    return spared(whole_prompt(scene, instance), scene, instance)


@dataclass(frozen=True, slots=True)
class Stands:
    """A prompt as it was put, and all that it was made of but the instance, which has it."""

    prompt: Prompt
    session: Session
    person: Person
    programme: Programme
    locale: Locale
    day: date

    @classmethod
    def there(cls, scene: Scene, prompt: Prompt) -> Stands:
        """Say that a prompt stands in a scene."""
        about = (scene.session, scene.person, scene.programme, scene.locale)
        return cls(prompt, *about, scene.now.date())

    def still(self, scene: Scene) -> bool:
        """Tell whether it would be the same now."""
        return (
            self.programme is scene.programme
            and self.locale is scene.locale
            and self.day == scene.now.date()
            and (self.session is scene.session or self.session == scene.session)
            and self.person == scene.person
        )


def prompt_standing(scene: Scene, instance: Instance | None) -> Prompt:
    """Say what stands as the turn before left it: as it was put, where nothing else is known."""
    stands = instance.handed_on if instance else None
    if isinstance(stands, Stands) and stands.still(scene):
        return stands.prompt
    return standing_prompt(scene, instance)


def stands_for(instance: Instance | None, before: Session, after: Session) -> None:
    """Let what was put for a session stand for the same in which something unseen was noted."""
    stands = instance.handed_on if instance else None
    if instance is not None and isinstance(stands, Stands) and stands.session is before:
        about = (stands.person, stands.programme, stands.locale, stands.day)
        instance.handed_on = Stands(stands.prompt, after, *about)


def whole_prompt(scene: Scene, instance: Instance | None) -> Prompt:
    """Say what stands, with all its files."""
    match scene.session.stage:
        case "language":
            return language_prompt(scene)
        case "consent":
            return consent_prompt(scene)
        case "form":
            return form_prompt(scene)
        case "question":
            assert instance is not None  # noqa: S101 - a question without its form is our mistake.
            stop = stop_at(instance, scene.session.current)
            if stop is None:
                return Prompt(())
            opened = _stop_prompt(scene, instance, stop).opened_by(
                way_come(scene, instance.form, stop)
            )
            return with_rows(opened, ways_out(scene.session, instance))
        case "summary":
            assert instance is not None  # noqa: S101 - as above.
            return summary_prompt(scene, instance)
        case "cancel":
            return cancel_prompt(scene.session)
        case "restart":
            return restart_prompt(scene)
        case "doubt":
            return doubt_prompt(scene.session)
    assert_never(scene.session.stage)


def _stop_prompt(scene: Scene, instance: Instance, stop: Stop) -> Prompt:
    """Put a stop, or the screen it opens, with the notes that lead to it and the ways out."""
    screen = screen_at(scene, instance, stop)
    inside = screen.references if screen else ()
    found = (stop_at(instance, note) for note in scene.session.notes if note not in inside)
    notes = tuple(note for note in found if isinstance(note, QuestionStop))
    if screen is not None:
        prompt = screen_prompt(scene, instance, screen)
    elif isinstance(stop, RepeatStop):
        prompt = repeat_prompt(scene, instance, stop)
    else:
        return with_navigation(prompt_for(scene, instance, stop, notes), _ways_out(scene))
    return with_navigation(led_by(prompt, scene, instance, stop, notes), _ways_out(scene))


def _ways_out(scene: Scene) -> tuple[tuple[Phrase, str], ...]:
    """Offer help, and a person where the programme names one, after several refused tries."""
    if scene.session.failures < FAILURES_BEFORE_HINT:
        return ()
    person = ((person_label(), "person"),) if scene.programme.responder else ()
    return ((help_label(), "help"), *person)
