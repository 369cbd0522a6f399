"""Dates that can hardly be meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from conversations.checks.doubts import Doubt
from conversations.checks.facts import Facts
from conversations.phrases import phrase
from conversations.sheets.flags import Severity

DATED: Final = frozenset({"date", "dateTime"})

AHEAD_DAYS_MAX: Final = 366
"""People report what is expected, such as a birth or a hearing; hardly what is a year away."""

PAST_YEARS_MAX: Final = 110
"""Hardly anybody reports what lies further back, or was born before."""


def strange_dates(facts: Facts) -> Iterator[Doubt]:
    """Doubt each date far ahead of the report or very long before it."""
    for one in facts.of(DATED):
        day = _day(one.value)
        if day is None:
            continue
        if (day - facts.today).days > AHEAD_DAYS_MAX:
            # Translators: to moderators, about a date in a report.
            words = phrase("{date} is more than a year ahead.", date=day)
            yield Doubt("date", Severity.MEDIUM, words, (one.reference,))
        elif facts.today.year - day.year > PAST_YEARS_MAX:
            # Translators: to moderators, about a date in a report.
            words = phrase("{date} is very long ago.", date=day)
            yield Doubt("date", Severity.MEDIUM, words, (one.reference,))


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None
