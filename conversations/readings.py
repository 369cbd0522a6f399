"""What a typed text may mean, where that is more than one value.

A locale reads, a kind of question decides: it knows what the form would take, and it asks the
person where two readings are left. No reading is ever chosen silently between equals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, and the words beside it that may not be passed over (`less than`, `hours`)."""

    number: Decimal
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """The days a text can mean, the likeliest first.

    `others` are meant only where the form takes none of `days`: `12 March` without a year is
    the past one, unless the question is about a day to come.
    """

    days: tuple[date, ...]
    others: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class NoSuchDay:
    """A day that does not exist, such as 30 February; `nearest` is the last that does."""

    nearest: date


@dataclass(frozen=True, slots=True)
class Span:
    """Several days in a row, both ends included: `last week`, `March 2026`."""

    first: date
    last: date


DayReading: TypeAlias = Days | NoSuchDay | Span
