"""Rows of the sheet `validations` with the source `count`: residents look at a number of a month.

A count is of one place and one month, of all reports for which the row holds. Nothing of a single
report is quoted: its question says the number, the place and the month, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from conversations.phrases import Locale
from conversations.sheets.names import REFERENCE
from conversations.sheets.reading import RowReading
from conversations.sheets.texts import Message
from conversations.sheets.validations import (
    ASKED_MAX,
    EXPIRES_DEFAULT,
    MAX_DEFAULT,
    MIN_DEFAULT,
    AtPlace,
    InArea,
    read_audience,
)
from conversations.xform.instance import Instance
from conversations.xform.values import canonical
from conversations.xpath import Expression

COUNT, PLACE, MONTH = "count", "place", "month"
FIGURES: Final = frozenset({COUNT, PLACE, MONTH})
"""What the question of a count may say, between `${` and `}`."""

NOT_FOR_COUNTS: Final = (
    *("choices", "consent", "stop", "control_share", "form", "confirms", "refutes", "never"),
    "reveal",
)
LEAST: Final = MIN_DEFAULT
"""Fewer answers than in any round tell nothing of a place, and too much of whoever gave them."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of reports of a place and a month, put to people who are registered for the place.

    `by` is where the place stands in a report, `day` the day that it is counted for: the day it was
    sent where that is None.
    """

    name: str
    question: Message
    by: AtPlace | InArea
    relevant: Expression | None = field(default=None, repr=False)
    day: Expression | None = field(default=None, repr=False)
    least: int = MIN_DEFAULT
    most: int = MAX_DEFAULT
    expires_days: float = EXPIRES_DEFAULT.about_days
    high_risk: bool = False

    def said(self, figures: Mapping[str, str], locale: Locale) -> str:
        """Return the question in a person's language; `figures` are by the names in `FIGURES`."""
        pieces = self.question.pieces.get(self.question.language(*locale.chain), ())
        text = "".join(piece for piece in pieces if isinstance(piece, str))
        return REFERENCE.sub(lambda found: figures[found[1]], text).strip()

    def day_of(self, instance: Instance, sent_on: date) -> date | None:
        """Return the day that a report is counted for; None where it gives none."""
        if self.day is None:
            return sent_on
        value = instance.worked_out(self.day).strip()
        day = canonical("date", value, instance.surroundings.now) if value else ""
        return date.fromisoformat(day[:10]) if day else None


def read_count(row: RowReading) -> Count | None:
    """Read a row whose source is `count`; None where it cannot be used."""
    for column in NOT_FOR_COUNTS:
        if row.text(column):
            what = f"The {column} is not for counts, of which no single report is shown."
            row.refuse(what, "Leave it blank, or say in relevant which reports count.")
    by = _place(row)
    question = row.message("question", needed=True, figures=FIGURES)
    least, most = (
        row.whole("min", LEAST, ASKED_MAX, MIN_DEFAULT),
        row.whole("max", LEAST, ASKED_MAX, MAX_DEFAULT),
    )
    expires = row.duration("expires") or EXPIRES_DEFAULT
    about = (row.expression("relevant", "condition"), row.expression("date", "day"))
    if least > most:
        what = f"At least {least} answers are asked for, and at most {most}."
        row.refuse(what, "Write a max that is not below min.")
    if expires.about_days <= 0:
        row.refuse("The expires is no time at all.", "Write how long: 7 days.")
    for pieces in question.pieces.values():
        if f"${{{COUNT}}}" not in "".join(piece for piece in pieces if isinstance(piece, str)):
            row.refuse("The question does not say the number.", "Write ${count} into it.")
            break
    high_risk = row.yes("high_risk", otherwise=False)
    name = row.name()
    if by is None or not row.usable:
        return None
    return Count(name, question, by, *about, least, most, expires.about_days, high_risk)


def _place(row: RowReading) -> AtPlace | InArea | None:
    """Return whose count it is: of the places that a question names, or of the drawn areas."""
    found = tuple(read_audience(row))
    match found:
        case (AtPlace() | InArea() as one,):
            return one
        case _:
            what = "It is not said of which place the count is, or too much is."
            row.refuse(what, "Write place ${village}, or area, into audience, and no more.")
            return None
