"""The sheet `followups`, as values: what is asked after a report, when, and when it ends.

Two kinds of row. A *follow-up* has a `form`: it is asked of the reporter. A *deadline* has `alert`
instead: somebody is told of a date before it comes. Both hang on an anchor, a day or a moment that
the report gives; a follow-up's answers may move it (`new_anchor`), end the row (`until`) or take
back the consent to be asked (`withdraw`).

What a count in `until` counts: all that the row asks in one chain, from the first report on,
through follow-ups of follow-ups. So a form that leads back to itself ends too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from typing import Final, Literal, TypeAlias

from conversations.sheets.durations import Duration
from conversations.sheets.texts import NOTHING, Message
from conversations.xpath import Expression

NoAnswer: TypeAlias = Literal["end", "flag", "keep"]
"""After the last reminder: the row ends; it ends and a moderator is told; it goes on."""

AT_ONCE: Final = Duration(0, "days")
REPORTER: Final = "reporter"
CONSENTS: Final = ("yes", "OK", "agree")
"""The choices that are a consent; OK is what an acknowledge keeps."""


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of a day between which something may be sent, by the person's clock."""

    begins: time
    ends: time

    def __str__(self) -> str:
        """Write it as a coordinator does."""
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends a row, whichever comes first; nothing of it set means never."""

    times: int | None = None
    day: Expression | None = None
    condition: Expression | None = None

    def __bool__(self) -> bool:
        """Tell whether anything ends the row."""
        return self.times is not None or self.day is not None or self.condition is not None


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the time of a row is counted from; without an expression, when the report was sent."""

    expression: Expression | None = None
    offset: Duration = AT_ONCE


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A form that is asked after a report. `consent` is the path of a question, or blank."""

    name: str
    form: str
    anchor: Anchor = field(default=Anchor(), repr=False)
    repeat: Duration | None = None
    until: Ending = Ending()
    relevant: Expression | None = field(default=None, repr=False)
    send_window: Window | None = None
    reminders: tuple[Duration, ...] = ()
    on_no_answer: NoAnswer = "end"
    consent: str = ""
    withdraw: Expression | None = field(default=None, repr=False)
    new_anchor: Expression | None = field(default=None, repr=False)
    reschedules: int = 0
    neutral: bool = False
    message: Message = NOTHING
    show: tuple[str, ...] = ()
    """The paths of places and pictures that come with the question."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date of which somebody is told before it comes; `alert` is `reporter` or a role."""

    name: str
    alert: str
    anchor: Anchor = field(default=Anchor(), repr=False)
    before: tuple[Duration, ...] = (AT_ONCE,)
    relevant: Expression | None = field(default=None, repr=False)
    send_window: Window | None = None
    message: Message = NOTHING
    until: Expression | None = field(default=None, repr=False)
    """Which answer to a follow-up of the report ends it."""


Row: TypeAlias = "FollowUp | Deadline"
