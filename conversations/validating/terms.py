"""How a programme asks people about each other's reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """What `[validation]` in programme.toml says.

    `asks` unset asks nobody, whatever the sheets say. Under `probation` nobody counts until two
    answers were borne out by moderators. Accounts younger than `account_days` are not asked, and
    nobody is asked more than `per_week` times a week. Of one report, its author is asked at most
    `author_asks` times whether a doubted answer is right. `place_question` names the question whose
    answer is a place that the reporter knows; blank learns none from reports.
    """

    asks: bool = True
    probation: bool = False
    account_days: int = 7
    per_week: int = 3
    author_asks: int = 1
    place_question: str = ""
