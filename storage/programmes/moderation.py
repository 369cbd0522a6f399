"""`[moderation]` and `[courtesy]` in programme.toml: how reports are reviewed and people asked.

`[moderation]`: `review` (doubtful: reports with a flag; all; none), `two_persons` (must agree
before a report counts or is rejected), `sources_min` (sources that make one verified),
`claim_minutes` (how long a case stays with whoever took it), `undo_hours`, `appeal_days`,
`checks_off` (checks that are not wanted), `response_hours` (within how many hours a case of low,
medium, high, urgent severity is looked at), `reasons` (canned reasons: a name, and a text for each
language), `questions` (canned questions to reporters, likewise), `remind_days` and `answer_days`
(after how many days a question is brought to mind, and the case goes on without an answer).

`[courtesy]`: `hours` (between which people are written to unasked, by their own clock), `per_day`
and `per_week` (how often one person is asked at most, over all forms), `stale_days` (what is later
than this is not asked any more), `remind_hours` (how long after the last answer a report that is
not sent is brought to mind, one number a reminder), `expire_days` (when it ends; 0 for never),
`hand_in` (whether it is kept then, as far as it goes).
"""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from conversations.checks import CHECKS
from conversations.courtesy import Courtesy, Hours
from conversations.moderation import Moderation
from conversations.reviewing.cases import RESPONSE_HOURS, Rules
from conversations.sheets.flags import Severity
from conversations.validating.terms import Terms

Text = Annotated[str, Field(min_length=1, max_length=1_000)]
Texts = dict[str, Text]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
Hour = Annotated[float, Field(gt=0, le=8_760)]


class ResponseDeclaration(BaseModel):
    """`[moderation.response_hours]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    low: Hour = RESPONSE_HOURS[Severity.LOW]
    medium: Hour = RESPONSE_HOURS[Severity.MEDIUM]
    high: Hour = RESPONSE_HOURS[Severity.HIGH]
    urgent: Hour = RESPONSE_HOURS[Severity.URGENT]


class ModerationDeclaration(BaseModel):
    """`[moderation]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    review: Literal["doubtful", "all", "none"] = "doubtful"
    two_persons: bool = False
    sources_min: Annotated[int, Field(ge=1, le=10)] = 2
    claim_minutes: Annotated[int, Field(ge=1, le=1_440)] = 15
    undo_hours: Annotated[int, Field(ge=0, le=8_760)] = 48
    appeal_days: Annotated[int, Field(ge=0, le=365)] = 14
    checks_off: frozenset[str] = frozenset()
    response_hours: ResponseDeclaration = ResponseDeclaration()
    reasons: dict[Name, Texts] = {}
    questions: dict[Name, Texts] = {}
    remind_days: Annotated[int, Field(ge=0, le=60)] = 2
    answer_days: Annotated[int, Field(ge=0, le=365)] = 7

    @field_validator("checks_off")
    @classmethod
    def _are_checks(cls, names: frozenset[str]) -> frozenset[str]:
        unknown = sorted(names - CHECKS.keys())
        if unknown:
            raise ValueError(f"there is no check {unknown[0]}; checks are {', '.join(CHECKS)}")
        return names

    def value(self) -> Moderation:
        """Return what it says."""
        hours = {one: getattr(self.response_hours, one.name.lower()) for one in Severity}
        rules = Rules(
            *(self.two_persons, self.sources_min, self.claim_minutes),
            *(self.undo_hours, self.appeal_days, hours),
            *(self.remind_days, self.answer_days),
        )
        return Moderation(self.review, rules, self.checks_off, self.reasons, self.questions)


class CourtesyDeclaration(BaseModel):
    """`[courtesy]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hours: Annotated[str, Field(pattern=r"^[0-2]?\d:[0-5]\d-[0-2]?\d:[0-5]\d$")] = "08:00-20:00"
    per_day: Annotated[int, Field(ge=1, le=24)] = 2
    per_week: Annotated[int, Field(ge=1, le=100)] = 5
    stale_days: Annotated[int, Field(ge=1, le=365)] = 7
    remind_hours: Annotated[
        tuple[Annotated[int, Field(ge=1, le=8_760)], ...], Field(max_length=5)
    ] = (24,)
    expire_days: Annotated[int, Field(ge=0, le=365)] = 0
    hand_in: bool = False

    @field_validator("hours")
    @classmethod
    def _are_hours(cls, written: str) -> str:
        _hours(written)
        return written

    def value(self) -> Courtesy:
        """Return what it says."""
        return Courtesy(
            *(_hours(self.hours), self.per_day, self.per_week, self.stale_days),
            *(tuple(sorted(self.remind_hours)), self.expire_days, self.hand_in),
        )


class ValidationDeclaration(BaseModel):
    """`[validation]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ask: bool = True
    probation: bool = False
    account_days: Annotated[int, Field(ge=0, le=365)] = 7
    weekly_asks: Annotated[int, Field(ge=1, le=50)] = 3
    author_asks: Annotated[int, Field(ge=0, le=5)] = 1
    place_question: Annotated[str, Field(max_length=100)] = ""

    def value(self) -> Terms:
        """Return what it says."""
        numbers = (self.account_days, self.weekly_asks, self.author_asks)
        return Terms(self.ask, self.probation, *numbers, self.place_question)


def _hours(written: str) -> Hours:
    begins, ends = (time.fromisoformat(part.zfill(5)) for part in written.split("-"))
    return Hours(begins, ends)
