"""A small English locale for the tests of the conversation, and what it can read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from conversations.phrases import FormText, Parameter, Speech
from conversations.readings import Amount, DayReading, Days, NoSuchDay, Span

PLACE = re.compile(r"\{(\w+)\}")
MONTHS = ("%B %Y", "%m/%Y", "%Y-%m")
AUTONYMS = {"en": "English", "sw": "Kiswahili"}


@dataclass(frozen=True, slots=True)
class English:
    """English for every tag; another language shows by its tag before each phrase."""

    tag: str

    @property
    def chain(self) -> tuple[str, ...]:
        """Return the tag alone: no other language stands in."""
        return (self.tag,)

    @property
    def right_to_left(self) -> bool:
        """Return that English is not."""
        return False

    @property
    def autonym(self) -> str:
        """Return the language's own name."""
        return AUTONYMS.get(self.tag, self.tag)

    @property
    def names(self) -> tuple[str, ...]:
        """Return its own name and its tag."""
        return (self.autonym, self.tag)

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

    def typeset(self, text: str) -> str:
        """Return the text as it is."""
        return text

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

    def read_amount(self, text: str, question: str) -> Amount | None:
        """Read a number, and words beside it that the question does not say itself."""
        number, _, beside = text.strip().partition(" ")
        value = self.read_number(number)
        return None if value is None else Amount(value, "" if beside in question else beside)

    def read_days(self, text: str, today: date) -> DayReading | None:
        """Read `22 November 2026`, `2026-11-22`, `yesterday`, `November 2026`; `Sunday` is two."""
        if text.lower() in {"today", "yesterday"}:
            return Days((today - timedelta(days=text.lower() == "yesterday"),))
        if text == "Sunday":
            past = today - timedelta(days=(today.weekday() + 1) % 7 or 7)
            return Days((past, past + timedelta(days=14)))
        if text == "31 February 2026":
            return NoSuchDay(date(2026, 2, 28))
        if month := next(filter(None, (_parsed(text, one) for one in MONTHS)), None):
            return Span(month, month + timedelta(days=27))
        day = _parsed(text, "%d %B %Y") or _parsed(text, "%Y-%m-%d")
        return Days((day,)) if day else None

    def read_times(self, text: str) -> tuple[time, ...]:
        """Read `14:30`; `8` is in the morning or the evening."""
        if text == "8":
            return time(8), time(20)
        try:
            return (time.fromisoformat(text),) if ":" in text else ()
        except ValueError:
            return ()

    def weekdays(self) -> tuple[str, ...]:
        """Begin weeks on Monday."""
        return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

    @property
    def first_weekday(self) -> int:
        """Begin weeks on Monday."""
        return 0

    def show_year(self, year: int) -> str:
        """Write `2026`."""
        return str(year)

    def show_weekday(self, day: date) -> str:
        """Write `Sun 22 November`."""
        return f"{day:%a} {day.day} {day:%B}"

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


def _parsed(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone.
    except ValueError:
        return None
