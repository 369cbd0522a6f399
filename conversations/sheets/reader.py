"""Rows of plain cells -> what the sheets say, with all problems at once.

A row with an error is left out, so that a version kept long ago still says what it can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from conversations.sheets import counts, flags, followup_rows, validations
from conversations.sheets.counts import Count
from conversations.sheets.flags import Flag
from conversations.sheets.followups import Deadline, FollowUp
from conversations.sheets.names import Names
from conversations.sheets.reading import RowReading
from conversations.sheets.validations import Validation
from conversations.xform.extras import Cells
from conversations.xform.form import Form
from conversations.xform.languages import tag_of
from conversations.xform.problems import FormProblem
from conversations.xform.unknowns import nearest

ROWS_MAX: Final = 200
"""Rows of one sheet; a form of 8,000 questions has no more to follow up."""
NOTES: Final = frozenset({"note", "notes", "comment", "comments"})
"""Columns that authors keep for themselves."""
FIRST_ROW: Final = 2
"""Below the headers, as a spreadsheet counts."""
COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "flags": flags.COLUMNS,
    "followups": followup_rows.COLUMNS,
    "validations": validations.COLUMNS,
}
"""What each sheet may have, with a line about each column; README.md has the same."""
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Sheets:
    """What the sheets beside a form say."""

    flags: tuple[Flag, ...] = ()
    followups: tuple[FollowUp, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    validations: tuple[Validation, ...] = ()
    counts: tuple[Count, ...] = ()
    rows: Mapping[tuple[str, str], int] = field(default_factory=dict, repr=False)
    """Where each row stands, by sheet and name, counted from 2 as a spreadsheet does."""

    def __bool__(self) -> bool:
        """Tell whether they say anything."""
        asked = self.validations or self.counts
        return bool(self.flags or self.followups or self.deadlines or asked)

    @property
    def forms(self) -> tuple[str, ...]:
        """List the ids of the forms that are asked after a report, each once."""
        looked_up = (row.lookup.form for row in self.validations if row.lookup is not None)
        return tuple(dict.fromkeys((*(row.form for row in self.followups), *looked_up)))


def read_sheets(form: Form) -> tuple[Sheets, tuple[FormProblem, ...]]:
    """Read what stands beside a form; problems name the sheet, the row from 2 on, and its name."""
    reading = _Reading(form, Names(form))
    raised = reading.of_sheet("flags", flags.read_flag)
    planned = reading.of_sheet("followups", followup_rows.read_row)
    asked = reading.of_sheet("validations", _read_asked)
    sheets = Sheets(
        flags=tuple(raised),
        followups=tuple(row for row in planned if isinstance(row, FollowUp)),
        deadlines=tuple(row for row in planned if isinstance(row, Deadline)),
        validations=tuple(row for row in asked if isinstance(row, Validation)),
        counts=tuple(row for row in asked if isinstance(row, Count)),
        rows=reading.rows,
    )
    return sheets, tuple(reading.problems)


def _read_asked(row: RowReading) -> Validation | Count | None:
    if row.text("source").lower() == "count":
        return counts.read_count(row)
    return validations.read_validation(row)


@dataclass(slots=True)
class _Reading:
    form: Form
    names: Names
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    problems: list[FormProblem] = field(default_factory=list)

    def of_sheet(self, sheet: str, read: Callable[[RowReading], _Made | None]) -> list[_Made]:
        found = self.form.extras.get(sheet, ())
        self.problems += _unknown_columns(self.form, sheet, found)
        if len(found) > ROWS_MAX:
            what = f"The sheet {sheet} has more than {ROWS_MAX} rows."
            self.problems.append(FormProblem(what, "Take some out.", sheet, ROWS_MAX + FIRST_ROW))
        numbered = enumerate(found[:ROWS_MAX], FIRST_ROW)
        read_rows = (
            self._row(RowReading(self.names, sheet, at, row), read) for at, row in numbered
        )
        return [made for made in read_rows if made is not None]

    def _row(self, row: RowReading, read: Callable[[RowReading], _Made | None]) -> _Made | None:
        made = read(row)
        if self.rows.setdefault((row.sheet, row.text("name")), row.row) != row.row:
            row.refuse("Another row of this sheet has the same name.", _ANOTHER)
        self.problems += row.problems
        return made if row.usable else None


_ANOTHER: Final = "Give each row a name of its own."


def _unknown_columns(form: Form, sheet: str, rows: tuple[Cells, ...]) -> Iterator[FormProblem]:
    known = {column.partition("::")[0]: "::" in column for column in COLUMNS[sheet]}
    for column in dict.fromkeys(column for cells in rows for column in cells):
        word, colons, language = column.partition("::")
        if word in NOTES:
            continue
        if word not in known:
            mend = nearest(word, known, "Take it out, or call it notes.")
            what = f"There is no column '{column}' on the sheet {sheet}."
            yield FormProblem(what, mend, sheet, 1)
        elif colons and not known[word]:
            what = f"The column {word} has no language."
            yield FormProblem(what, f"Write {word}.", sheet, 1)
        elif colons and form.languages and tag_of(language) not in map(tag_of, form.languages):
            what = f"The form does not speak {language}, so {column} is never read."
            mend = nearest(language, form.languages, "Write it as in the sheet survey.")
            yield FormProblem(what, mend, sheet, 1, level="warning")
