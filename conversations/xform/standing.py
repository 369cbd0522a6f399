"""What an instance is told and what it tells: plain values around `instance`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from conversations.xform.form import Question, Repeat

Draft: TypeAlias = tuple[tuple[str, str], ...]
"""What was given so far, in document order. An entry with the reference of a repeat (`/data/child`,
or `/data/child[2]/dose` inside one) says how many instances it has; others give a value."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an instance needs to know of the world.

    `now` and `started_at` are aware and in the person's zone; `language` is a BCP 47 tag or a
    name of the form's; `seed` makes random() and uuid() repeatable; `properties` answer preloads
    (`deviceid`, `username`, `email`, `phonenumber`); `last_saved` is the XML of the person's last
    submission of this form; `deprecated_id` is the id of the submission that this one corrects;
    `month_names` (January first) and `day_names` (Monday first) are the
    short names in the form's language for format-date(), English where they are not given.
    """

    now: datetime
    language: str
    seed: str
    instance_id: str
    started_at: datetime
    properties: Mapping[str, str] = field(default_factory=dict)
    last_saved: str | None = None
    deprecated_id: str = ""
    month_names: tuple[str, ...] = ()
    day_names: tuple[str, ...] = ()


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
