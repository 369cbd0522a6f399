"""A case: one report that waits for a moderator, and when it should be looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, NewType, TypeAlias

from conversations.reviewing.weights import BY_SEVERITY
from conversations.sheets.flags import Severity

ModeratorId = NewType("ModeratorId", int)
"""The number of a moderator's role: who they are stands with the roles alone."""

NOBODY: Final = ModeratorId(0)

CaseState: TypeAlias = Literal["open", "asked", "second", "decided"]
"""`asked`: the reporter was asked back; `second`: a second person must agree."""

Outcome: TypeAlias = Literal[
    "", "approved", "verified", "rejected", "has issues", "duplicate", "not verifiable"
]
"""`approved` counts in results; `verified` has independent sources besides; `not verifiable` stays
out of results and open for new evidence."""

ReviewState: TypeAlias = Literal["received", "has issues", "approved", "rejected"]
"""How a report stands in tables: ODK Central's words."""

RESPONSE_HOURS: Final[Mapping[Severity, float]] = {
    Severity.LOW: 24 * 7,
    Severity.MEDIUM: 24 * 3,
    Severity.HIGH: 24,
    Severity.URGENT: 1,
}
"""Within how many hours a case of each severity should be looked at, unless the programme says."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How a programme reviews.

    `two_persons` must agree before a report is approved or rejected; `sources_min` independent
    sources make one `verified`. A claim ends after `claim_minutes`, a decision can be taken back
    within `undo_hours`, and one appeal is taken within `appeal_days`. A question to a reporter is
    brought to mind after `remind_days`, and the case goes on without an answer after `answer_days`;
    0 for never.
    """

    two_persons: bool = False
    sources_min: int = 2
    claim_minutes: int = 15
    undo_hours: int = 48
    appeal_days: int = 14
    response_hours: Mapping[Severity, float] = field(default_factory=lambda: RESPONSE_HOURS)
    remind_days: int = 2
    answer_days: int = 7


@dataclass(frozen=True, slots=True)
class Case:
    """One report before moderators.

    `instance_id` is that of the report's original. `version` counts every change; whoever acts must
    name the one they saw. `proposed` is what the first of two persons decided, `first` who that
    was, `decided_by` who decided at last. `appealed` is set once the reporter has appealed.
    """

    instance_id: str
    form_id: str
    language: str
    opened_at: datetime
    severity: Severity
    weight: float = 0.0
    area: str = ""
    state: CaseState = "open"
    outcome: Outcome = ""
    version: int = 1
    claimed_by: ModeratorId = NOBODY
    claimed_until: datetime | None = None
    first: ModeratorId = NOBODY
    proposed: Outcome = ""
    decided_by: ModeratorId = NOBODY
    decided_at: datetime | None = None
    sources: int = 0
    escalated: bool = False
    appealed: bool = False
    held: bool = False

    def holder(self, now: datetime) -> ModeratorId:
        """Return who works on the case at a moment, NOBODY where nobody does."""
        standing = self.claimed_until is not None and self.claimed_until > now
        return self.claimed_by if standing else NOBODY


def look_by(case: Case, rules: Rules) -> datetime:
    """Return when a case should be looked at; the queue shows the earliest first.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> case = Case("uuid:1", "birth", "sw", noon, Severity.HIGH, weight=8)
    >>> str(look_by(case, Rules()))
    '2026-11-23 00:00:00+00:00'
    """
    return moment_to_look(case.opened_at, case.severity, case.weight, rules)


def moment_to_look(
    opened_at: datetime, severity: Severity, weight: float, rules: Rules
) -> datetime:
    """Return when something that is doubted should be looked at.

    The severity sets the clock, counted from when the case was opened, and each doubt beyond the
    first brings the moment nearer: twice the weight, half the time. So the gravest come first, yet
    what has waited long comes before what is new and a little graver: nothing waits for ever.
    """
    hours = rules.response_hours.get(severity, RESPONSE_HOURS[severity])
    nearer = max(1.0, weight / BY_SEVERITY[severity])
    return opened_at + timedelta(hours=hours / nearer)
