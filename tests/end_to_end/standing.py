"""Where somebody stands in a form: the session as it was kept, and the instance it brings back."""

from __future__ import annotations

from dataclasses import dataclass

from bot.markup import visible
from conversations.phrases import FormText, Locale, Speech
from conversations.progress import stop_at
from conversations.scene import Scene
from conversations.session import Session
from conversations.xform.instance import Instance, QuestionStop, Stop


class Stuck(Exception):
    """The robot did what a person would, and the conversation did not go on as it should."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the robot knows of where it stands."""

    scene: Scene
    instance: Instance

    @property
    def session(self) -> Session:
        """Return the session as it was kept."""
        return self.scene.session

    @property
    def locale(self) -> Locale:
        """Return how the person's language speaks."""
        return self.scene.locale

    @property
    def stop(self) -> Stop | None:
        """Return what waits for an answer."""
        return stop_at(self.instance, self.session.current)

    def says(self, speech: Speech) -> str:
        """Return a sentence as the phone shows it."""
        return visible(self.locale.say(speech)).strip()

    def label(self, stop: QuestionStop, place: int) -> str:
        """Return the label of a choice, by its place in the list, as the phone shows it."""
        return self.says(FormText(self.instance.state(stop.reference).choices[place].label))

    def place(self, stop: QuestionStop, name: str) -> int:
        """Return the place of a choice in the list."""
        return self.instance.state(stop.reference).choices.names().index(name)
