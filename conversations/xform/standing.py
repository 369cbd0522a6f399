"""What an instance is told and what it tells: plain values around `instance`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeAlias, overload

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
    submission of this form; `beside` are further instances of one row, by id and column: the
    report that a follow-up belongs to (`parent`), and the answers it got (`answer`);
    `deprecated_id` is the id of the submission that this one corrects; `month_names` (January
    first) and `day_names` (Monday first) are the short names in the form's language for
    format-date(), `other` and `specify_other` the words for what XLSForm's `or_other` adds, all of
    them English where they are not given. `stand_ins` are the languages that speak, in turn, where
    a text has no translation.
    """

    now: datetime
    language: str
    seed: str
    instance_id: str
    started_at: datetime
    properties: Mapping[str, str] = field(default_factory=dict)
    last_saved: str | None = None
    beside: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    deprecated_id: str = ""
    month_names: tuple[str, ...] = ()
    day_names: tuple[str, ...] = ()
    other: str = ""
    specify_other: str = ""
    stand_ins: tuple[str, ...] = ()


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


class Choices(Sequence[Choice]):
    """The choices on offer at one moment, each worked out when it is first looked at.

    A list of thousands is mostly looked at page by page; texts are those of the moment they are
    worked out. `names` and `labels` tell of all choices without working any out. Equal to a tuple
    of the same choices.
    """

    __slots__ = ("_choices", "_labels", "_make", "_names")

    def __init__(
        self,
        number: int = 0,
        make: Callable[[int], Choice] | None = None,
        names: Callable[[], tuple[str, ...]] = tuple,
        labels: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        """Know how many choices there are, and how the one at an index is made."""
        self._choices: list[Choice | None] = [None] * number
        self._make, self._names, self._labels = make, names, labels

    def names(self) -> tuple[str, ...]:
        """Return the names of all choices, in order."""
        return self._names()

    def labels(self) -> tuple[str, ...]:
        """Return the labels of all choices, in order."""
        return self._labels()

    def __iter__(self) -> Iterator[Choice]:
        """Go through the choices, each worked out as it comes."""
        for at, choice in enumerate(self._choices):
            yield choice or self[at]

    def __len__(self) -> int:
        """Return the number of choices, without working one out."""
        return len(self._choices)

    @overload
    def __getitem__(self, index: int) -> Choice: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Choice, ...]: ...
    def __getitem__(self, index: int | slice) -> Choice | tuple[Choice, ...]:
        """Return a choice, or several."""
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(len(self))))
        at = range(len(self))[index]
        choice = self._choices[at]
        if choice is None:
            assert self._make is not None  # noqa: S101 - only an empty list has no maker.
            choice = self._choices[at] = self._make(at)
        return choice

    def __eq__(self, other: object) -> bool:
        """Compare with other choices, or a tuple of them."""
        return isinstance(other, Choices | tuple) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """Hash as the tuple that this is equal to."""
        return hash(tuple(self))

    def __repr__(self) -> str:
        """Show what was worked out so far."""
        return f"<Choices {self._choices}>"


NO_CHOICES: Final = Choices()
"""What a question offers that is no choice."""


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
    choices: Choices
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
