"""A small English locale for the tests of the conversation, and what it can read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from conversations.phrases import FormText, Parameter, Speech

PLACE = re.compile(r"\{(\w+)\}")
AUTONYMS = {"en": "English", "sw": "Kiswahili"}


@dataclass(frozen=True, slots=True)
class English:
    """English for every tag; another language shows by its tag before each phrase."""

    tag: str

    @property
    def autonym(self) -> str:
        """Return the language's own name."""
        return AUTONYMS.get(self.tag, self.tag)

    @property
    def month_names(self) -> tuple[str, ...]:
        """Return `Jan` to `Dec`, behind the tag of another language."""
        return tuple(self._tagged(f"{date(2026, month, 1):%b}") for month in range(1, 13))

    @property
    def day_names(self) -> tuple[str, ...]:
        """Return `Mon` to `Sun`, behind the tag of another language."""
        return tuple(self._tagged(f"{date(2026, 6, day):%a}") for day in range(1, 8))

    def _tagged(self, word: str) -> str:
        return word if self.tag == "en" else f"{self.tag}:{word}"

    def say(self, speech: Speech) -> str:
        """Fill the parameters in."""
        if isinstance(speech, FormText):
            return speech.markdown.replace("**", "")
        many = speech.plural is not None and speech.count != 1
        values = {"count": speech.count or 0, **speech.parameters}
        text = speech.plural if many and speech.plural else speech.text
        return PLACE.sub(lambda place: self._shown(values[place[1]]), text)

    def _shown(self, value: Parameter) -> str:
        match value:
            case str():
                return value
            case int() | Decimal():
                return self.show_number(value)
            case datetime():
                return self.show_datetime(value)
            case date():
                return self.show_date(value)
            case time():
                return self.show_time(value)
            case _:
                return self.say(value)

    def read_number(self, text: str) -> Decimal | None:
        """Read a number with a decimal point."""
        try:
            number = Decimal(text.strip().replace(",", ""))
        except InvalidOperation:
            return None
        return number if number.is_finite() else None

    def read_date(self, text: str, today: date) -> date | None:
        """Read `22 November 2026`, `2026-11-22`, `yesterday`."""
        if text.lower() in {"today", "yesterday"}:
            return today - timedelta(days=text.lower() == "yesterday")
        for pattern in ("%d %B %Y", "%Y-%m-%d"):
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone.
            except ValueError:
                continue
        return None

    def read_time(self, text: str) -> time | None:
        """Read `14:30`."""
        try:
            return time.fromisoformat(text)
        except ValueError:
            return None

    def show_number(self, number: Decimal | int) -> str:
        """Write `1,234.5`."""
        return f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"

    def show_date(self, day: date) -> str:
        """Write `22 November 2026`."""
        return f"{day.day} {day:%B %Y}"

    def show_month(self, day: date) -> str:
        """Write `November 2026`."""
        return f"{day:%B %Y}"

    def show_time(self, moment: time) -> str:
        """Write `14:30`."""
        return f"{moment:%H:%M}"

    def show_datetime(self, moment: datetime) -> str:
        """Write `22 November 2026 14:30`."""
        return f"{self.show_date(moment.date())} {moment:%H:%M}"
