"""Everything about one report on one screen, as values that both faces show.

It is put together in a moderator's language. Of the reporter it knows counts and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from conversations.areas import place_of
from conversations.moderating.testimony import OthersSaid, Step
from conversations.perusal import Line, Row
from conversations.phrases import Speech
from conversations.reviewing.cases import Case, ModeratorId, ReviewState
from conversations.sheets.flags import Severity
from conversations.xpath.functions.geometry import Place


@dataclass(frozen=True, slots=True)
class Doubted:
    """A flag in a moderator's language; `other_code` is the receipt of the report it points to.

    What people say stands together, with how many they are.
    """

    name: str
    source: str
    severity: Severity
    words: str
    about: tuple[str, ...] = ()
    other: str = ""
    other_code: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A report that may be the same, question by question: here the case's, there the other's."""

    instance_id: str
    code: str
    sent_at: datetime
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class AskedBack:
    """A question to the reporter; `answer` is blank until they answered."""

    words: str
    answer: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done to the case, by the number of a role; `version` is the case's after.

    `closed` and `raised` name the doubts that a correction ended and brought.
    """

    act: str
    by: ModeratorId
    done_at: datetime
    version: int = 0
    words: str = ""
    closed: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file of the report by its number; `sha256` is blank while it is not here.

    `caption` are the words that came with it.
    """

    number: int
    name: str
    media_type: str
    sha256: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """One report before a moderator.

    `changes` are its answers that are not as they were sent: here as they were, there as they
    stand. `past` counts what the same reporter sent before, by what came of it.
    """

    case: Case
    code: str
    title: Speech
    sent_at: datetime
    look_by: datetime
    lines: tuple[Line, ...]
    doubts: tuple[Doubted, ...] = ()
    past: Mapping[ReviewState, int] = field(default_factory=dict)
    beside: tuple[Beside, ...] = ()
    asked: tuple[AskedBack, ...] = ()
    deeds: tuple[Deed, ...] = ()
    files: tuple[File, ...] = ()
    area: Speech | None = None
    changes: tuple[Row, ...] = ()
    said: tuple[OthersSaid, ...] = ()
    chain: tuple[Step, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Return the places that were answered."""
        found = (place_of(line.value) for line in self.lines if line.kind == "geopoint")
        return tuple(place for place in found if place)

    def line(self, number: int) -> Line | None:
        """Find an answer by its number."""
        return next((line for line in self.lines if line.number == number), None)

    def line_at(self, reference: str) -> Line | None:
        """Find the answer to a question."""
        return next((line for line in self.lines if line.reference == reference), None)

    def is_doubted(self, line: Line) -> bool:
        """Tell whether a doubt is about an answer."""
        names = {line.reference, line.path, line.file} - {""}
        return any(names.intersection(doubt.about) for doubt in self.doubts)

    def change(self, line: Line) -> Row | None:
        """Return what an answer was before it was changed; None where it stands as it was sent."""
        return next((row for row in self.changes if row.there == line), None)

    def file(self, line: Line) -> File | None:
        """Return the file that an answer is, None where it is none or has not come yet."""
        return next((one for one in self.files if one.name == line.file), None)

    def caption(self, line: Line) -> str:
        """Return the words that came with the file that an answer is; blank where it is none."""
        file = self.file(line)
        return file.caption if file else ""

    def written(self, line: Line) -> str:
        """Return what somebody wrote at a question: the answer, or the words beside a file."""
        return self.caption(line) if line.file else line.value
