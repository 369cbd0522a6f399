"""Published figures that people doubt: one case a figure, and what a moderator can do with it.

A figure is the count of one form's reports in one month of one area, as the monthly results told
it. It is not decided about by writing another number: whoever doubts a number doubts reports, and
these have cases of their own. So a moderator lets it stand, lets it be counted again by what stands
now (under the same rule about small counts), or withdraws it.

    state     claim    keep, correct, withdraw   another doubt   undo
    open      holder   decided                   weighs more     -
    decided   -        -                         told how it is  open

The rules are those of `deciding`: whoever acts names the version they saw, nobody acts on what
somebody else holds, and nobody decides about a doubt of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from conversations.reviewing.cases import NOBODY, ModeratorId, Rules, moment_to_look
from conversations.reviewing.deciding import Moderator, Refused
from conversations.reviewing.figure_words import WITHDRAWN
from conversations.sheets.flags import Severity

Reason: TypeAlias = Literal["high", "low", "place", "harm", "other"]
"""What somebody says is wrong: too high, too low, not this place, it could harm somebody."""

REASONS: Final[tuple[Reason, ...]] = ("high", "low", "place", "harm", "other")

FigureAct: TypeAlias = Literal["claim", "release", "keep", "correct", "withdraw", "undo"]

FigureOutcome: TypeAlias = Literal["", "kept", "corrected", "withdrawn"]

OUTCOMES: Final[dict[FigureAct, FigureOutcome]] = {
    "keep": "kept",
    "correct": "corrected",
    "withdraw": "withdrawn",
}

Count: TypeAlias = int | None
"""A count as it may be shown; None for too few to show."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure: `period` is a month such as 2026-03, `area` blank for all places."""

    period: str
    form_id: str
    area: str = ""


@dataclass(frozen=True, slots=True)
class Recount:
    """What counting again gives now."""

    count: Count


@dataclass(frozen=True, slots=True)
class FigureCase:
    """A figure before moderators.

    `campaign` is the number of the message that published it, `shown` the count it told, `after`
    the one that stands since it was corrected. `severity` and `weight` are those of the doubts.
    """

    number: int
    figure: Figure
    campaign: int
    shown: Count
    opened_at: datetime
    severity: Severity = Severity.MEDIUM
    weight: float = 0.0
    state: Literal["open", "decided"] = "open"
    outcome: FigureOutcome = ""
    after: Count = None
    version: int = 1
    claimed_by: ModeratorId = NOBODY
    claimed_until: datetime | None = None
    decided_by: ModeratorId = NOBODY
    decided_at: datetime | None = None

    @property
    def stands(self) -> Count:
        """Return the count that stands now, `WITHDRAWN` for none."""
        return {"corrected": self.after, "withdrawn": WITHDRAWN}.get(self.outcome, self.shown)

    def holder(self, now: datetime) -> ModeratorId:
        """Return who works on it at a moment, NOBODY where nobody does."""
        standing = self.claimed_until is not None and self.claimed_until > now
        return self.claimed_by if standing else NOBODY


def severity_of(reasons: Iterable[str]) -> Severity:
    """Say how grave doubts are: what could harm somebody comes first.

    >>> severity_of(["low", "harm"]).name, severity_of(["low"]).name
    ('HIGH', 'MEDIUM')
    """
    return Severity.HIGH if "harm" in reasons else Severity.MEDIUM


def figure_look_by(case: FigureCase, rules: Rules) -> datetime:
    """Return when it should be looked at: by the clock of all cases."""
    return moment_to_look(case.opened_at, case.severity, case.weight, rules)


def serves_figure(by: Moderator, figure: Figure) -> bool:
    """Tell whether a figure is of the areas and forms that a moderator looks after.

    What is told of all places is for whoever looks after no area in particular.
    """
    if by.senior:
        return True
    served = ((by.areas, figure.area), (by.forms, figure.form_id))
    return all(not wanted or one in wanted for wanted, one in served)


def act_on_figure(  # noqa: PLR0913, PLR0917 - who does what with it as it was seen, when, by which rules.
    case: FigureCase,
    wanted: FigureAct,
    by: Moderator,
    seen: int,
    now: datetime,
    rules: Rules,
    recount: Recount | None = None,
) -> FigureCase | Refused:
    """Do one act to a figure's case, or say why not; `by.own` where the doubt is their own."""
    refused = _refused(case, wanted, by, seen, now)
    if refused:
        return refused
    match wanted:
        case "claim":
            until = now + timedelta(minutes=rules.claim_minutes)
            return _next(case, claimed_by=by.id, claimed_until=until)
        case "release":
            return _next(case, claimed_by=NOBODY, claimed_until=None)
        case "undo":
            return _undone(case, by, now, rules)
        case "correct" if recount is None or recount.count == case.shown:
            return "nothing to correct"
        case "keep" | "correct" | "withdraw":
            after = recount.count if wanted == "correct" and recount else None
            free = _next(case, claimed_by=NOBODY, claimed_until=None, after=after)
            outcome = OUTCOMES[wanted]
            return replace(free, state="decided", outcome=outcome, decided_by=by.id, decided_at=now)


def was_right(reason: str, case: FigureCase) -> bool:
    """Tell whether somebody's doubt was right, now that a figure is decided.

    Whoever said that a number is too low is not right where it was corrected downwards.
    """
    if case.outcome == "kept":
        return False
    if case.outcome == "withdrawn" or None in {case.shown, case.after}:
        return True
    higher = (case.after or 0) > (case.shown or 0)
    return {"high": not higher, "low": higher}.get(reason, True)


def _refused(
    case: FigureCase, wanted: FigureAct, by: Moderator, seen: int, now: datetime
) -> Refused | None:
    if by.own:
        return "own doubt"
    if not serves_figure(by, case.figure):
        return "not served"
    if seen != case.version:
        return "changed meanwhile"
    if case.holder(now) not in {NOBODY, by.id}:
        return "held by another"
    if case.state == "decided" and wanted != "undo":
        return "decided already"
    return None


def _undone(case: FigureCase, by: Moderator, now: datetime, rules: Rules) -> FigureCase | Refused:
    if case.state != "decided" or case.decided_at is None:
        return "not decided"
    if now - case.decided_at > timedelta(hours=rules.undo_hours):
        return "too late"
    if not by.senior and case.decided_by != by.id:
        return "seniors only"
    return _next(case, state="open", outcome="", after=None, decided_by=NOBODY, decided_at=None)


def _next(case: FigureCase, **changes: object) -> FigureCase:
    return replace(case, version=case.version + 1, **changes)  # type: ignore[arg-type]  # Members by name.
