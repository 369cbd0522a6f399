"""What a changed sheet does to what is planned, counted row by row before it is done, or after.

By this rule a report that was made with an earlier version goes over to the new sheet:

    a row of which something was asked    begun     goes on by the sheet with which it began
    a row that both have, at its time     kept      and is asked as the new sheet says
    a row that both have, at another      moved
    a row that only the new one has       added     or that only now holds for the report
    the same, its time long past          late      nothing is planned: it would only confuse
    a row that only the old one has       cancelled

Where somebody has asked to be left alone about a report, or an alarm about it waits or has ended
it, nothing changes. Publishing the former sheet again and taking reports along goes the same way
back: what was cancelled so comes again, unless its time has passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal, TypeAlias, get_args

from conversations.phrases import Phrase, phrase, phrase_of_many, verbatim
from conversations.replies import Block

Fate: TypeAlias = Literal["added", "moved", "kept", "begun", "cancelled", "late"]
FATES: Final[tuple[Fate, ...]] = get_args(Fate)
PLANNED: Final = frozenset({"added", "moved"})
"""The fates of what is put at a new time, of which the first is told."""
ROWS_SHOWN_MAX: Final = 12


@dataclass(frozen=True, slots=True)
class RowTally:
    """What becomes of one row over all reports; `first` is the first day on which it then asks."""

    counts: Mapping[Fate, int] = field(default_factory=dict)
    first: date | None = None

    def with_one(self, fate: Fate, day: date | None) -> RowTally:
        """Count one more."""
        counts = {**self.counts, fate: self.counts.get(fate, 0) + 1}
        days = [one for one in (self.first, day) if one is not None]
        return RowTally(counts, min(days) if fate in PLANNED and days else self.first)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What becomes of each row; `silent` counts reports about which nothing may be asked.

    `is_all` is False where only the newest reports were looked at.
    """

    reports: int = 0
    silent: int = 0
    rows: Mapping[str, RowTally] = field(default_factory=dict)
    is_all: bool = True

    def with_report(self, found: Iterable[tuple[str, Fate, date | None]] | None) -> Rehearsal:
        """Count one more report and what becomes of its rows; None where it is left alone."""
        if found is None:
            return replace(self, reports=self.reports + 1, silent=self.silent + 1)
        rows = dict(self.rows)
        for name, fate, day in found:
            rows[name] = rows.get(name, RowTally()).with_one(fate, day)
        return replace(self, reports=self.reports + 1, rows=rows)

    def total(self, *fates: Fate) -> int:
        """Sum up some fates over all rows."""
        return sum(row.counts.get(fate, 0) for row in self.rows.values() for fate in fates)

    @property
    def first(self) -> date | None:
        """The first day on which something is asked that was put at a new time."""
        return min((row.first for row in self.rows.values() if row.first), default=None)

    @property
    def changes_anything(self) -> bool:
        """Tell whether taking reports along would change what is planned."""
        return self.total("added", "moved", "cancelled", "kept") > 0


def to_plain(seen: Rehearsal) -> dict[str, Any]:
    """Write a rehearsal as JSON has it; `from_plain` reads it."""
    rows: dict[str, list[Any]] = {
        name: [dict(row.counts.items()), row.first.isoformat() if row.first else ""]
        for name, row in seen.rows.items()
    }
    return {"reports": seen.reports, "silent": seen.silent, "rows": rows, "is_all": seen.is_all}


def from_plain(plain: Mapping[str, Any]) -> Rehearsal:
    """Read what `to_plain` wrote; an empty one is no report yet.

    >>> seen = Rehearsal().with_report([("after", "added", date(2026, 3, 3))])
    >>> from_plain(to_plain(seen)) == seen, from_plain({}) == Rehearsal()
    (True, True)
    """
    if not plain:
        return Rehearsal()
    rows = {
        name: RowTally(dict(counts), date.fromisoformat(first) if first else None)
        for name, (counts, first) in plain["rows"].items()
    }
    return Rehearsal(plain["reports"], plain["silent"], rows, plain["is_all"])


def taken_over(title: str, version: str, seen: Rehearsal) -> tuple[Block, ...]:
    """Say what came of taking reports over to a new sheet."""
    # Translators: to the coordinator; {title} is a form's, {version} its version, such as 3.
    head = phrase_of_many(
        "“{title}”: {count} earlier report goes by the follow-ups of version {version} now.",
        "“{title}”: {count} earlier reports go by the follow-ups of version {version} now.",
        seen.reports,
        title=title,
        version=version,
    )
    return Block(head, "title"), *tallied(seen)


def rehearsed(seen: Rehearsal) -> Iterator[Block]:
    """Say what a sheet would do to what is planned, before it is done."""
    # Translators: about a form that a coordinator has sent but not published; the bot has counted
    # what its sheet “followups” would do if it held for the reports that there are already.
    head = phrase_of_many(
        "What its follow-ups would do with {count} earlier report",
        "What its follow-ups would do with {count} earlier reports",
        seen.reports,
    )
    yield Block(head, "title")
    if seen.first is None:
        # Translators: the form that was sent would let the bot ask nothing new.
        yield Block(phrase("They would schedule nothing new."))
    else:
        yield Block(_would(seen, seen.first))
    yield from tallied(seen)
    if not seen.is_all:
        # Translators: there are so many reports that only the newest {count} were counted.
        yield Block(phrase("Only the newest {count} were looked at.", count=seen.reports), "hint")


def _would(seen: Rehearsal, first: date) -> Phrase:
    # Translators: what a form that is not published yet would do; {first} is a date.
    return phrase_of_many(
        "They would schedule {count} question, on {first}.",
        "They would schedule {count} questions, the first on {first}.",
        seen.total("added", "moved"),
        first=first,
    )


def tallied(seen: Rehearsal) -> Iterator[Block]:
    """Say of each row what becomes of it, and how many reports are left alone."""
    for name, row in list(seen.rows.items())[:ROWS_SHOWN_MAX]:
        yield Block(_line(name, row), "item")
    if seen.silent:
        # Translators: of so many reports nothing more is asked: their reporters wished it, cannot
        # be reached, or somebody has decided so.
        alone = phrase_of_many(
            "Left alone: {count} report", "Left alone: {count} reports", seen.silent
        )
        yield Block(alone, "item")


def _line(name: str, row: RowTally) -> Phrase:
    parts = [_fate(fate, row) for fate in FATES if row.counts.get(fate)]
    joined = parts[0]
    for part in parts[1:]:
        joined = verbatim("{before}; {part}", before=joined, part=part)
    return verbatim("{name} · {parts}", name=name, parts=joined)


def _fate(fate: Fate, row: RowTally) -> Phrase:
    count = row.counts[fate]
    match fate:
        case "added":
            # Translators: questions that a changed sheet plans; {first} is the date of the first.
            return phrase("new: {count}, the first on {first}", count=count, first=row.first or "")
        case "moved":
            # Translators: so many questions get another day.
            return phrase("moved: {count}", count=count)
        case "kept":
            # Translators: so many questions keep the day on which they are asked.
            return phrase("on the same day: {count}", count=count)
        case "begun":
            # Translators: so many were asked already; these go on as the former sheet says.
            return phrase("begun, go on as they began: {count}", count=count)
        case "cancelled":
            # Translators: so many questions that were planned are not asked any more.
            return phrase("cancelled: {count}", count=count)
        case "late":
            # Translators: so many questions are not asked, since their day has long passed.
            return phrase("too late and dropped: {count}", count=count)
