"""What a person typed, heard in every language of the programme.

People mix languages: a chat in English is told `saa 2 asubuhi`, one in Swahili `next Monday`. The
chat's own language is heard first, and the others where it makes nothing of the words of a text.
Figures alone are the own language's: `1.234`, which is two numbers in French, is not one because
English has it so. What the others would read differently is never settled between them: days and
times are asked about, a number that could be two is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import TypeVar

from conversations.phrases import Locale
from conversations.readings import Amount, DayReading, Days

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Hearing:
    """The languages in which a typed text is read: the chat's own, and the programme's others."""

    own: Locale
    others: tuple[Locale, ...] = ()

    def number(self, text: str) -> Decimal | None:
        """Read a number as it stands, in figures; None if it is none."""
        return self.own.read_number(text)

    def amount(self, text: str, question: str) -> Amount | None:
        """Read a number with words beside it; None if there is none, or it could be two."""
        if (own := self.own.read_amount(text, question)) is not None:
            return own
        has_figures = any(sign.isdecimal() for sign in text)
        heard = [] if has_figures else self._others(lambda one: one.read_amount(text, question))
        return heard[0] if len(heard) == 1 else None

    def days(self, text: str, today: date) -> DayReading | None:
        """Read the day, or the days, that a text can mean; None if it is no date."""
        own = self.own.read_days(text, today)
        if own is not None or not _has_words(text):
            return own
        heard: list[DayReading] = self._others(lambda locale: locale.read_days(text, today))
        several = [one for one in heard if isinstance(one, Days)]
        return _all_days(several) if several else next(iter(heard), None)

    def times(self, text: str) -> tuple[time, ...]:
        """Read the times of day that a text can mean, in their order; none if it is no time."""
        own = self.own.read_times(text)
        if own or not _has_words(text):
            return own
        heard = self._others(lambda locale: locale.read_times(text))
        return tuple(sorted({one for times in heard for one in times}))

    def _others(self, read: Callable[[Locale], _Read | None]) -> list[_Read]:
        """Return what each of the other languages reads, the same reading once."""
        readings = (read(locale) for locale in self.others)
        return list(dict.fromkeys(one for one in readings if one is not None))


def _has_words(text: str) -> bool:
    return any(sign.isalpha() for sign in text)


def _all_days(readings: list[Days]) -> Days:
    """Put what several languages read into one, each day once."""
    days = dict.fromkeys(day for one in readings for day in one.days)
    others = dict.fromkeys(day for one in readings for day in one.others)
    return Days(tuple(days), tuple(others))
