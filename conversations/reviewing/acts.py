"""What a moderator can do with a case, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from conversations.reviewing.cases import ModeratorId


@dataclass(frozen=True, slots=True)
class Claim:
    """Work on it; nobody else does meanwhile."""


@dataclass(frozen=True, slots=True)
class Release:
    """Give it back to the queue."""


@dataclass(frozen=True, slots=True)
class PassOn:
    """Give it to another moderator."""

    to: ModeratorId


@dataclass(frozen=True, slots=True)
class Escalate:
    """Leave it to a senior moderator, who reads why."""

    words: str


@dataclass(frozen=True, slots=True)
class Approve:
    """Let it count."""


@dataclass(frozen=True, slots=True)
class Verify:
    """Let it count as verified; only with independent sources recorded."""


@dataclass(frozen=True, slots=True)
class AddSource:
    """Record a source that speaks for the report, independent of its reporter; never a name."""

    words: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Keep it out of results; `reason` is a canned reason's name, `words` the moderator's own."""

    reason: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class AskReporter:
    """Ask the reporter back, in words or about one answer; neither sees the other's account."""

    words: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class EditAnswer:
    """Correct one answer; the original stays beside it."""

    reference: str
    value: str


@dataclass(frozen=True, slots=True)
class RevertAnswer:
    """Take the correction of one answer back."""

    reference: str


@dataclass(frozen=True, slots=True)
class RedactText:
    """Black out a part of a text, counted in characters; the original is sealed."""

    reference: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RedactPicture:
    """Black out a rectangle of a picture, in shares (0 to 1) of its width and height."""

    reference: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class MarkDuplicate:
    """Say that it tells of the same thing as another report."""

    of: str


@dataclass(frozen=True, slots=True)
class NotVerifiable:
    """Say that it can be neither confirmed nor refuted; it stays open for new evidence."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last decision back."""


Ending: TypeAlias = Approve | Verify | Reject | MarkDuplicate | NotVerifiable
"""What ends a case."""

Correction: TypeAlias = EditAnswer | RevertAnswer | RedactText | RedactPicture
"""What changes what others see of a report."""

Handling: TypeAlias = Claim | Release | PassOn | Escalate
Act: TypeAlias = Handling | Ending | Correction | AskReporter | AddSource | Undo
