"""What a moderator can do with a case, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

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
    """Ask the reporter back, in words or about one answer; neither sees the other's account.

    `question` names a question of the programme's, which the reporter reads in their own language;
    `words` are then filled in by whoever keeps the act.
    """

    words: str
    about: str = ""
    question: str = ""


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


BOXES_MAX: Final = 40
"""Rectangles that are painted on a picture at once."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a picture, in shares (0 to 1) of its width and height.

    >>> Box(0.1, 0.1, 0.5, 0.5).is_within, Box(0.5, 0, 0.1, 1).is_within
    (True, False)
    >>> Box(float("nan"), 0, 1, 1).is_within
    False
    """

    left: float
    top: float
    right: float
    bottom: float

    @property
    def is_within(self) -> bool:
        """Tell whether it is a rectangle of the picture at all; what is no number never is."""
        return 0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1


@dataclass(frozen=True, slots=True)
class RedactPicture:
    """Paint parts of a picture black; the original is sealed."""

    reference: str
    boxes: tuple[Box, ...]

    @property
    def is_sound(self) -> bool:
        """Tell whether there is something to be painted, not too much, and all in the picture."""
        return 0 < len(self.boxes) <= BOXES_MAX and all(box.is_within for box in self.boxes)


@dataclass(frozen=True, slots=True)
class RestorePicture:
    """Put the sealed original of a picture back; only seniors may."""

    reference: str


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

Correction: TypeAlias = EditAnswer | RevertAnswer | RedactText | RedactPicture | RestorePicture
"""What changes what others see of a report."""

Handling: TypeAlias = Claim | Release | PassOn | Escalate
Act: TypeAlias = Handling | Ending | Correction | AskReporter | AddSource | Undo
