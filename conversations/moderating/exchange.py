"""What a bench asks of its host, and the facts that come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from conversations.moderating.dossier import Dossier
from conversations.moderating.figure_card import FigureView
from conversations.phrases import Problem
from conversations.replies import Reply
from conversations.reviewing.acts import Act
from conversations.reviewing.cases import ModeratorId
from conversations.reviewing.deciding import Acted, Refused

# What is asked


@dataclass(frozen=True, slots=True)
class TakeNext:
    """Claim the case that should be looked at next; answered by `CaseLaid` or `NothingWaits`.

    `passed` are cases that this moderator has just put back.
    """

    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Look at the case on the bench as it is now; answered by `CaseLaid` or `NothingWaits`.

    `in_place` is handed back: whether the card that stands is to be changed.
    """

    instance_id: str
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class ShowFiles:
    """Send the pictures, sounds and films of a report, and its place on a map."""

    instance_id: str


@dataclass(frozen=True, slots=True)
class Do:
    """Do an act to a case as it was seen; answered by `Done`."""

    instance_id: str
    seen: int
    act: Act


@dataclass(frozen=True, slots=True)
class Correct:
    """Give an answer in a moderator's own words; answered by `Done`."""

    instance_id: str
    seen: int
    reference: str
    words: str


@dataclass(frozen=True, slots=True)
class BlackOut:
    """Black out a part of an answer: `words` as they stand in it, or blank for personal data.

    Answered by `Done`.
    """

    instance_id: str
    seen: int
    reference: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class MarkAs:
    """Call a case a duplicate of the report with a code; answered by `Done`."""

    instance_id: str
    seen: int
    code: str


@dataclass(frozen=True, slots=True)
class DoMany:
    """Do one act to several cases, each as it was seen; answered by `DoneMany`."""

    cases: tuple[tuple[str, int, str], ...]
    act: Act


Asked: TypeAlias = (
    DoMany | TakeNext | LookAgain | ShowFiles | Do | MarkAs | Correct | BlackOut | Reply
)


# What comes back


@dataclass(frozen=True, slots=True)
class CaseLaid:
    """A case lies on the bench; `waiting` counts those that wait beside it, up to a limit.

    `may_decide` is unset for who may only look into cases. `colleagues` are those to whom the case
    can be passed on, by number and name.
    """

    dossier: Dossier
    waiting: int
    in_place: bool = False
    may_decide: bool = True
    colleagues: tuple[tuple[ModeratorId, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NothingWaits:
    """No case waits for this moderator."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act; `alike` are open cases with the same doubts, where it decided one."""

    act: Act
    came: Acted | Refused | Problem
    alike: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DoneMany:
    """To which cases an act was done, as they are now; `left` counts those it was not done to."""

    act: Act
    done: tuple[tuple[str, int, str], ...]
    left: int


@dataclass(frozen=True, slots=True)
class FigureLaid:
    """A published figure that people doubt comes before all cases."""

    view: FigureView


Heard: TypeAlias = CaseLaid | FigureLaid | NothingWaits | Done | DoneMany
"""Facts that a bench waits for."""
