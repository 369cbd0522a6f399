"""Everything about one report on one screen, as values that both faces show.

It is put together in a moderator's language. Of the reporter it knows counts and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conversations.moderating.testimony import OthersSaid, Step
from conversations.phrases import Speech
from conversations.reviewing.cases import Case, ModeratorId
from conversations.sheets.flags import Severity
from conversations.xpath.functions.geometry import Place


@dataclass(frozen=True, slots=True)
class Line:
    """A question with its answer; `answer` is None where none was given.

    `value` is the answer as the form keeps it, `original` what its reporter gave where that was
    corrected since. `file` names the attachment that it holds, `caption` are the words beside that.
    `titles` are the groups that begin here.
    """

    number: int
    reference: str
    question: Speech
    answer: Speech | None
    value: str = ""
    kind: str = ""
    flagged: bool = False
    original: Speech | None = None
    file: str = ""
    titles: tuple[Speech, ...] = ()
    caption: str = ""

    @property
    def written(self) -> str:
        """Return what somebody wrote here: the answer, or the words beside a file."""
        return self.caption if self.file else self.value


@dataclass(frozen=True, slots=True)
class Doubted:
    """A flag in a moderator's language; `other_code` is the receipt of the report it points to."""

    name: str
    source: str
    severity: Severity
    words: str
    about: tuple[str, ...] = ()
    other: str = ""
    other_code: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A report that may be the same: what it answers otherwise (question, here, there)."""

    instance_id: str
    code: str
    sent_at: datetime
    differing: tuple[tuple[Speech, str, str], ...]


@dataclass(frozen=True, slots=True)
class AskedBack:
    """A question to the reporter; `answer` is blank until they answered."""

    words: str
    answer: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done to the case, by the number of a role."""

    act: str
    by: ModeratorId
    done_at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the report by its number; `sha256` is blank while it is not here."""

    number: int
    name: str
    media_type: str
    sha256: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """How many reports the same reporter sent before, and what came of them."""

    reports: int = 0
    approved: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Dossier:
    """One report before a moderator."""

    case: Case
    code: str
    title: Speech
    sent_at: datetime
    look_by: datetime
    lines: tuple[Line, ...]
    doubts: tuple[Doubted, ...] = ()
    past: Past = Past()
    beside: tuple[Beside, ...] = ()
    asked: tuple[AskedBack, ...] = ()
    deeds: tuple[Deed, ...] = ()
    files: tuple[File, ...] = ()
    area: Speech | None = None
    place: Place | None = None
    edits: int = 0
    said: tuple[OthersSaid, ...] = ()
    chain: tuple[Step, ...] = ()

    def line(self, number: int) -> Line | None:
        """Find an answer by its number."""
        return next((line for line in self.lines if line.number == number), None)
