"""What the checks look at: one report as it stands, and what is known around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from conversations.areas import Area, place_of
from conversations.xform.form import Question
from conversations.xform.instance import Instance
from conversations.xform.standing import QuestionStop
from conversations.xpath.functions.geometry import Place

TYPED = frozenset({"text"})
CHOSEN = frozenset({"select_one", "select_multiple"})
COUNTED = frozenset({"integer", "decimal", "range"})


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given; `read` is how many characters its question showed."""

    reference: str
    question: Question
    value: str
    read: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a report: its perceptual hash (64 bits), and when its file says it was taken.

    `known_in` are other reports with a picture that looks the same.
    """

    reference: str
    look: int | None = None
    taken_at: datetime | None = None
    known_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another report of the same form that may tell of the same thing."""

    instance_id: str
    sent_at: datetime
    place: Place | None
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """One report, and what is known around it.

    `began_at` and `sent_at` are aware, in the programme's zone. `history` gives for a question's
    path the figures of earlier reports, `neighbours` the reports that stand near, `areas` those in
    which the programme works (none: anywhere). `other_languages` are those that the
    programme speaks beside the reporter's.
    """

    answers: tuple[Given, ...]
    language: str
    sent_at: datetime
    began_at: datetime | None = None
    other_languages: tuple[str, ...] = ()
    history: Mapping[str, Sequence[float]] = field(default_factory=dict)
    neighbours: Sequence[Neighbour] = ()
    areas: Mapping[str, Area] = field(default_factory=dict)
    pictures: Sequence[Picture] = ()
    partial: bool = False
    """Answers are missing that the form asks for: it was handed in as far as it went."""

    @property
    def today(self) -> date:
        """Return the day on which the report was sent, where it was sent."""
        return self.sent_at.date()

    @property
    def place(self) -> Place | None:
        """Return the first place that the report names."""
        return next(iter(self.places().values()), None)

    def of(self, kinds: frozenset[str]) -> Iterator[Given]:
        """Go through the answers to questions of some kinds."""
        return (one for one in self.answers if one.question.kind in kinds)

    def places(self) -> Mapping[str, Place]:
        """Return the single places that the report names, by reference."""
        found = ((one.reference, place_of(one.value)) for one in self.of(frozenset({"geopoint"})))
        return {reference: place for reference, place in found if place}


def given(instance: Instance) -> tuple[Given, ...]:
    """Gather what a report answers, in the form's order, hidden and not relevant left out."""
    return tuple(_given(instance))


def _given(instance: Instance) -> Iterator[Given]:
    for stop in instance.stops():
        if isinstance(stop, QuestionStop):
            state = instance.state(stop.reference)
            if state.value:
                read = len(state.label or "") + len(state.hint or "")
                yield Given(stop.reference, stop.question, state.value, read)
