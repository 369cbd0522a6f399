"""A decided report without what leads to anybody.

Taken out: receipt, reporter, files, places but for their area, days but for their month, times but
for their hour, personal data as the checks find them, and what is written like a name. What a
question for a name was answered with is taken out wherever else it stands, in any case. A text that
somebody wrote is taken out of questions and doubts that quote it, for it may be one, too. No
program finds every name: so samples are given to nobody who does not serve such reports anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from conversations.entries import question_in_short
from conversations.moderating.card import answer_shown
from conversations.moderating.dossier import Dossier
from conversations.moderating.veiled import (
    BLACK,
    WRITTEN,
    asks_for_name,
    blackened,
    nameless,
    names_in,
    quoted_in,
)
from conversations.perusal import Line
from conversations.phrases import Locale, Speech, verbatim
from conversations.reviewing.cases import Outcome
from conversations.sheets.flags import Severity

LEFT_OUT: Final = verbatim("…")
FILE: Final = verbatim("📎")

PLACES: Final = frozenset({"geopoint", "geotrace", "geoshape"})
DAYS: Final = frozenset({"date", "dateTime"})


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer; `flagged` where a doubt is about it."""

    number: int
    question: str
    answer: Speech
    flagged: bool
    titles: tuple[Speech, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """What a trainee sees of a report; `month` is when it was sent."""

    title: Speech
    month: str
    area: Speech | None
    doubts: tuple[tuple[Severity, str], ...]
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a sample, and why; `why` is blank where nobody said."""

    outcome: Outcome
    why: str = ""


def sample_of(dossier: Dossier, locale: Locale) -> Sample:
    """Take out of a report whatever leads to somebody."""
    quoted, names = quoted_in(dossier.lines), names_in(dossier.lines)
    return Sample(
        dossier.title,
        locale.show_month(dossier.sent_at.date()),
        dossier.area,
        tuple((one.severity, blackened(one.words, quoted, names)) for one in dossier.doubts),
        tuple(_answers(dossier, locale, quoted, names)),
    )


def _answers(
    dossier: Dossier, locale: Locale, quoted: tuple[str, ...], names: tuple[str, ...]
) -> Iterator[Answered]:
    for line in dossier.lines:
        if line.kind:
            question = locale.say(question_in_short(line.question, colon=True))
            yield Answered(
                line.number,
                blackened(question, quoted, names),
                _coarse(line, dossier.area, locale, names),
                dossier.is_doubted(line),
                tuple(verbatim("{title}", title=title) for title in line.titles),
            )


def _coarse(line: Line, area: Speech | None, locale: Locale, names: tuple[str, ...]) -> Speech:
    """Return an answer as a trainee may read it."""
    if line.file:
        return FILE
    if line.kind in PLACES:
        return area or LEFT_OUT
    if line.kind in DAYS:
        return _month(line.value, locale)
    if line.kind == "time":
        return _hour(line.value)
    if line.kind in WRITTEN and asks_for_name(line.reference):
        return verbatim("{answer}", answer=BLACK)
    said = blackened(locale.say(answer_shown(line)))
    plain = nameless(said) if line.kind in WRITTEN else said
    return verbatim("{answer}", answer=blackened(plain, names=names))


def _month(value: str, locale: Locale) -> Speech:
    try:
        day = date.fromisoformat(value[:10])
    except ValueError:
        return LEFT_OUT
    return verbatim("{month}", month=locale.show_month(day))


def _hour(value: str) -> Speech:
    hour = value[:2]
    if not (hour.isascii() and hour.isdecimal() and int(hour) < 24):  # noqa: PLR2004 - hours of a day.
        return LEFT_OUT
    return verbatim("{hour}", hour=time(int(hour)))
