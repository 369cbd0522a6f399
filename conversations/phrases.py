"""Sentences of the bot's own, and why something was refused.

Two kinds of text meet in a conversation. Text of the form (`FormText`) travels with the form
and arrives here in the person's language. Sentences of the bot's own are `Phrase` values: the
English sentence is the gettext message id, and only `locales` knows how it reads elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Protocol, TypeAlias

from conversations.readings import Amount, DayReading

Parameter: TypeAlias = "str | int | Decimal | date | datetime | time | Phrase | FormText"


@dataclass(frozen=True, slots=True)
class FormText:
    """A form's text in the person's language, in ODK's Markdown (`**bold**`, `_italic_`, links)."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence to translate; `{name}` in it stands for the parameter of that name.

    `plural` and `count` are set together: the catalog then chooses the form for `count`, which
    is also the parameter `{count}`.
    """

    text: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    plural: str | None = None
    count: int | None = None


Speech: TypeAlias = "Phrase | FormText"


def phrase(text: str, /, **parameters: Parameter) -> Phrase:
    """Name a sentence for translators; Babel extracts its first argument.

    >>> phrase("Your report {code} is kept.", code="4T7K").parameters["code"]
    '4T7K'
    """
    return Phrase(text, parameters)


def phrase_of_many(one: str, many: str, /, count: int, **parameters: Parameter) -> Phrase:
    """Name a sentence with a number in it; Babel extracts the first two arguments as ngettext.

    >>> phrase_of_many("{count} answer", "{count} answers", count=2).plural
    '{count} answers'
    """
    return Phrase(one, parameters, many, count)


def verbatim(text: str, /, **parameters: Parameter) -> Phrase:
    """Name words that read the same in every language: signs, and what a person wrote.

    Babel does not extract them. Braces in what a person wrote must arrive as a parameter.

    >>> verbatim("{answer}", answer="{x}").parameters["answer"]
    '{x}'
    """
    return Phrase(text, parameters)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a reporter's answer was refused and what to do; the chat goes on."""

    speech: Speech


class Locale(Protocol):
    """How one language speaks, writes and reads; implemented by `locales`."""

    @property
    def tag(self) -> str:
        """Return the BCP 47 tag, such as `sw` or `pt-BR`."""

    @property
    def chain(self) -> tuple[str, ...]:
        """Return the tags to try in turn for a text, this language's first."""

    @property
    def right_to_left(self) -> bool:
        """Tell whether the language is written from right to left."""

    @property
    def autonym(self) -> str:
        """Return what the speakers call their language, such as `Kiswahili`."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return what the language is called here and elsewhere, and the codes it has."""

    @property
    def month_names(self) -> tuple[str, ...]:
        """Return the short names of the months, January first."""

    @property
    def day_names(self) -> tuple[str, ...]:
        """Return the short names of the days of the week, Monday first."""

    def typeset(self, text: str) -> str:
        """Return a text of a form or programme as it is to be shown: with its /commands whole."""

    def say(self, speech: Speech) -> str:
        """Return the sentence in this language as plain text, parameters filled in."""

    def read_number(self, text: str) -> Decimal | None:
        """Read a number typed in this locale's digits and separators; None if it is none."""

    def read_amount(self, text: str, question: str) -> Amount | None:
        """Read the number of a text that may name a measure or what is counted.

        `question` is all that the question says: what it names itself may stand beside the number.
        """

    def read_days(self, text: str, today: date) -> DayReading | None:
        """Read the day, or the days, that a text can mean; None if it is no date."""

    def read_times(self, text: str) -> tuple[time, ...]:
        """Read the times of day that a text can mean, in their order; none if it is no time."""

    def weekdays(self) -> tuple[str, ...]:
        """Return short names of the days of a week, the one that weeks begin with first."""

    @property
    def first_weekday(self) -> int:
        """Return the day on which weeks begin, 0 for Monday."""

    def show_year(self, year: int) -> str:
        """Write a year in the digits of people here."""

    def show_weekday(self, day: date) -> str:
        """Write a day with its name and without its year, such as `Monday 16 March`."""

    def show_number(self, number: Decimal | int) -> str:
        """Write a number as people here write it."""

    def show_date(self, day: date) -> str:
        """Write a day as people here write it."""

    def show_month(self, day: date) -> str:
        """Write the month of a day with its year, such as `November 2026`."""

    def show_time(self, moment: time) -> str:
        """Write a time of day as people here write it."""

    def show_datetime(self, moment: datetime) -> str:
        """Write a day and its time as people here write them."""


def listed(locale: Locale, texts: Iterable[str]) -> str:
    """Put texts in a row, with the comma of the language between them."""
    # Translators: stands between things in a list, with the space after it, as in: water, road.
    return locale.say(phrase(", ")).join(texts)
