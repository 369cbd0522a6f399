"""One person's answers to a form, with everything that follows from them kept true.

A *reference* is a path with positions inside repeats, `/data/child[2]/name`. Values are the
strings XForms writes: `2026-11-22`, `a b`, `-1.29 36.82 0 5`. What is not relevant keeps its
value, as in ODK, but reads as blank everywhere.

What `relevant`, `required` and `constraint` mean for an answer:

    relevant  value   required  constraint  ->  required_ok  constraint_ok
    no        any     any       any             yes          yes
    yes       blank   yes       any             no           yes
    yes       blank   no        any             yes          yes
    yes       given   any       holds           yes          yes
    yes       given   any       fails           yes          no
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from conversations.xform.form import Element, Form, Question, Repeat

Draft: TypeAlias = tuple[tuple[str, str], ...]
"""What was given so far, in document order. An entry with the path of a repeat (`/data/child`,
or `/data/child[2]/dose` inside one) says how many instances it has; others give a value."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an instance needs to know of the world.

    `now` and `started_at` are aware and in the person's zone; `language` is a BCP 47 tag or a
    name of the form's; `seed` makes random() and uuid() repeatable; `properties` answer preloads
    (`deviceid`, `username`, `email`, `phonenumber`); `last_saved` is the XML of the person's last
    submission of this form.
    """

    now: datetime
    language: str
    seed: str
    instance_id: str
    started_at: datetime
    properties: Mapping[str, str] = field(default_factory=dict)
    last_saved: str | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """Names of the form's media files that go with a text; blank where there is none."""

    image: str = ""
    big_image: str = ""
    audio: str = ""
    video: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice on offer, in the current language; `name` is what the answer holds."""

    name: str
    label: str
    media: Media = Media()


@dataclass(frozen=True, slots=True)
class NodeState:
    """A node as it stands, its texts in the current language with outputs filled in."""

    reference: str
    relevant: bool
    required: bool
    readonly: bool
    value: str
    label: str | None
    hint: str | None
    guidance: str | None
    media: Media
    choices: tuple[Choice, ...]
    constraint_ok: bool
    required_ok: bool


@dataclass(frozen=True, slots=True)
class QuestionStop:
    """A question to visit.

    `groups` are the references of the groups and repeat instances around it, outermost first;
    `field_list` is the reference of the outermost of them that is asked as one screen, or blank.
    """

    reference: str
    question: Question
    groups: tuple[str, ...] = ()
    field_list: str = ""


@dataclass(frozen=True, slots=True)
class RepeatStop:
    """The place after the last instance of a repeat, where a person may add one.

    `reference` is the repeat's own, without its position (`/data/child`), `count` how many
    instances it has now.
    """

    reference: str
    repeat: Repeat
    count: int
    can_add: bool
    groups: tuple[str, ...] = ()
    field_list: str = ""


Stop: TypeAlias = "QuestionStop | RepeatStop"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a value was not taken; `message` is the form's own, in the current language."""

    kind: Literal["type", "required", "constraint", "choice", "readonly"]
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What an answer did: `changed` are the other references whose value or relevance changed."""

    reference: str
    value: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A reference that keeps the instance from being finished, and why."""

    reference: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Submission:
    """A finished instance: its XML as ODK sends it, and the names of its attachments in order."""

    instance_id: str
    name: str
    xml: str
    attachments: tuple[str, ...]


class UnfinishedError(Exception):
    """The instance cannot be finished; `failures` lists every reference that still fails."""

    def __init__(self, failures: tuple[Failure, ...]) -> None:
        """Keep the failures in document order."""
        self.failures = failures
        super().__init__(", ".join(failure.reference for failure in failures))


class Instance:
    """A form being filled in.

    `surroundings` may be replaced at any time (`instance.surroundings = ...`), for instance with
    another language or a later `now`. A reference that does not exist raises KeyError.
    """

    surroundings: Surroundings

    @classmethod
    def begin(cls, form: Form, surroundings: Surroundings) -> Instance:
        """Start a fresh instance with the form's defaults."""
        raise NotImplementedError

    @classmethod
    def resume(cls, form: Form, draft: Draft, surroundings: Surroundings) -> Instance:
        """Bring back the instance whose `draft()` this is."""
        raise NotImplementedError

    @property
    def form(self) -> Form:
        """Return the form this instance fills in."""
        raise NotImplementedError

    def stops(self) -> tuple[Stop, ...]:
        """List what is relevant now for a person to visit, in document order."""
        raise NotImplementedError

    def element(self, reference: str) -> Element | None:
        """Return the body element at a reference; None for a node no person sees."""
        raise NotImplementedError

    def state(self, reference: str) -> NodeState:
        """Describe a node in the current language."""
        raise NotImplementedError

    def references(self) -> tuple[str, ...]:
        """List the references of all nodes, relevant or not, in document order."""
        raise NotImplementedError

    def check(self, reference: str, value: str) -> Refusal | None:
        """Say why a value would be refused here, without keeping it."""
        raise NotImplementedError

    def answer(self, reference: str, value: str) -> Refusal | Change:
        """Keep a value and work out again all that depends on it; blank clears.

        A refused value changes nothing.
        """
        raise NotImplementedError

    def add_repeat(self, reference: str) -> str:
        """Add an instance at the end of a repeat (`/data/child`); return its reference."""
        raise NotImplementedError

    def remove_repeat(self, reference: str, index: int) -> None:
        """Take away the instance at a position, counted from 1."""
        raise NotImplementedError

    def draft(self) -> Draft:
        """Return what was given; `resume` brings it back exactly."""
        raise NotImplementedError

    def failures(self) -> tuple[Failure, ...]:
        """List every relevant node that keeps the instance from being finished."""
        raise NotImplementedError

    def finish(self, now: datetime) -> Submission:
        """Check everything and write what ODK would send; raises UnfinishedError."""
        raise NotImplementedError
