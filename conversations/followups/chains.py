"""What a report asks for at first, and what each answer, or none, does to that.

    the report            →  its rows that hold, each once, at anchor and offset
    an answer             →  ends it: withdrawn, a condition, the count, the day
                             moves it: a new anchor, as often as the row allows
                             repeats it
    no answer             →  ends it, or it repeats where the row says `keep`

The first line that applies counts. How often a row has asked is counted by the host over the whole
chain, so that forms that lead back to one another end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal, TypeAlias

from conversations.followups.moments import When
from conversations.sheets.durations import Duration
from conversations.sheets.followups import Deadline, FollowUp
from conversations.sheets.names import ANSWER
from conversations.sheets.occasions import alerts_of, due_of, holds_for, moment_in, shifted
from conversations.sheets.reader import Sheets
from conversations.xform.editing import read_submission
from conversations.xform.form import Form
from conversations.xform.instance import Instance, Surroundings

Why: TypeAlias = Literal["withdrawn", "over", "asked often enough", "moved too often", "no answer"]
CATCH_UP_MAX: Final = 10_000
"""Repeats that are passed over because their time is gone: thirty years of days."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """How a row stands in its chain: how often it asked, how often its anchor was moved.

    `asked` counts the whole chain; `when` is the day or moment at which it was due last.
    """

    when: When
    asked: int = 1
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Ends:
    """Nothing more is asked, and why."""

    why: Why


@dataclass(frozen=True, slots=True)
class Goes:
    """It is asked again."""

    when: When
    moved: int


Outcome: TypeAlias = "Ends | Goes"


def asks_of(
    sheets: Sheets, report: Instance, sent_at: datetime, asked: Mapping[str, int]
) -> Iterator[tuple[FollowUp, When]]:
    """Yield the rows that a report asks for, and when.

    `sent_at` is aware and in the reporter's zone; `asked` says how often each row, by its name, has
    asked in the chain so far.
    """
    for row in sheets.followups:
        when = due_of(row, report, sent_at) if holds_for(row, report) else None
        if when is None or (
            row.until.times is not None and asked.get(row.name, 0) >= row.until.times
        ):
            continue
        if not _is_past(row, report, when, sent_at):
            yield row, when


def alerts_in(
    sheets: Sheets, report: Instance, sent_at: datetime
) -> Iterator[tuple[Deadline, Duration, When, When]]:
    """Yield the deadlines of a report: the row, how long before, when told, when it falls."""
    for row in sheets.deadlines:
        falls = due_of(row, report, sent_at) if holds_for(row, report) else None
        if falls is not None:
            for before, when in alerts_of(row, falls):
                yield row, before, when, falls


def answered(row: FollowUp, report: Instance, so_far: SoFar, now: datetime) -> Outcome:
    """Say what an answer does; `report` has the answer beside it (`with_answer`)."""
    if row.withdraw is not None and report.holds(row.withdraw):
        return Ends("withdrawn")
    if row.until.condition is not None and report.holds(row.until.condition):
        return Ends("over")
    moved = _new_anchor(row, report, now)
    if moved is not None:
        if so_far.moved >= row.reschedules:
            return Ends("moved too often")
        return _unless_over(row, report, Goes(moved, so_far.moved + 1), so_far, now)
    return _repeated(row, report, so_far, now)


def unanswered(row: FollowUp, report: Instance, so_far: SoFar, now: datetime) -> Outcome:
    """Say what comes when the last reminder found no answer."""
    if row.on_no_answer != "keep":
        return Ends("no answer")
    return _repeated(row, report, so_far, now)


def with_answer(
    form: Form, xml: str, surroundings: Surroundings, answer: Mapping[str, str]
) -> Instance:
    """Open the report that was asked about, with what was answered beside it."""
    beside = {**surroundings.beside, ANSWER: answer}
    return read_submission(form, xml, replace(surroundings, beside=beside))


def _new_anchor(row: FollowUp, report: Instance, now: datetime) -> When | None:
    if row.new_anchor is None:
        return None
    anchor = moment_in(report.worked_out(row.new_anchor), now)
    return None if anchor is None else shifted(anchor, row.anchor.offset)


def _repeated(row: FollowUp, report: Instance, so_far: SoFar, now: datetime) -> Outcome:
    """Ask again so long after the last time, passing over what is gone by already."""
    if row.repeat is None:
        return Ends("over")
    when: When | None = so_far.when
    for _ in range(CATCH_UP_MAX):
        when = None if when is None else shifted(when, row.repeat)
        if when is None or not is_before(when, now):
            break
    if when is None:
        return Ends("over")
    return _unless_over(row, report, Goes(when, so_far.moved), so_far, now)


def _unless_over(
    row: FollowUp, report: Instance, goes: Goes, so_far: SoFar, now: datetime
) -> Outcome:
    if row.until.times is not None and so_far.asked >= row.until.times:
        return Ends("asked often enough")
    return Ends("over") if _is_past(row, report, goes.when, now) else goes


def _is_past(row: FollowUp, report: Instance, when: When, now: datetime) -> bool:
    """Tell whether a time lies behind the day that ends the row."""
    if row.until.day is None:
        return False
    last = moment_in(report.worked_out(row.until.day), now)
    return last is not None and _day(when, now) > _day(last, now)


def is_before(when: When, now: datetime) -> bool:
    """Tell whether a day or a moment is gone by; a day is until it ends."""
    if isinstance(when, datetime):
        return when < now
    return when < now.date()


def _day(when: When, now: datetime) -> date:
    return when.astimezone(now.tzinfo).date() if isinstance(when, datetime) else when
