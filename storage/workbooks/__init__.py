"""Workbooks become XForms here, and nowhere else: pyxform in its cage.

    convert         a workbook (xlsx, xls, csv, Markdown tables) to XForm XML, or FormError
        scan        what the file is and whether it is of bearable size, before anything reads it
        running     start the cage, keep its reports
        cage        the program inside: pyxform with limits, in a process that can be killed
        sheets      the rows as the author counts them
        columns     headers that are not read as meant
    checks      every mistake in the rows, where pyxform names the first
    expressions what cannot be compiled
        messages    pyxform's sentences in plain words
    salvage     what the rest of a refused workbook has to be mended

Where pyxform refuses, `convert` refuses; what pyxform accepts is accepted, unless it is larger
than the limits in `scan`, `running` and `cage`. The XForm is pyxform's own, but for the lists of
`select_one_external`, which stand inside it as any other list, and the rows of the extra sheets
(`flags`, `followups`, `validations`, `indicators`), which `conversations.sheets` reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from conversations.xform.extras import NAMES, with_extras
from conversations.xform.problems import FormError, FormProblem
from conversations.xform.quoting import in_authors_words
from storage.workbooks.checks import check_rows
from storage.workbooks.columns import Slip, find_slips, mended, tell_languages, tell_slips
from storage.workbooks.messages import (
    columns_are_wrong,
    concerns_a_chat,
    explain,
    missing_sheet,
    refusals,
)
from storage.workbooks.places import CHOICES, SETTINGS, Place, find_places
from storage.workbooks.running import Report, report
from storage.workbooks.salvage import CELLS_MAX, Salvage, salvage
from storage.workbooks.scan import look
from storage.workbooks.sheets import Row, Sheets, column_of, read_sheets

__all__ = ["Place", "Rest", "Workbook", "convert", "rest_of"]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that pyxform accepts: its XForm, and where each name stands in it."""

    xform: bytes
    warnings: tuple[FormProblem, ...]
    places: Mapping[str, Place] = field(repr=False)
    extra_rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict, repr=False)
    """Where a person finds the rows of each extra sheet: its headers first, then one by one."""

    def located(self, problem: FormProblem) -> FormProblem:
        """Return the problem with sheet and row, and with `${name}` for what was written so.

        The name may be a path (`/data/child/name`, positions allowed) or a question's name where
        it is unique; of a problem on the sheet choices, a list (`LIST`) or a choice (`LIST/NAME`).
        """
        if problem.sheet in self.extra_rows and problem.row is not None:
            return self._in_extras(problem)
        name = _without_positions(problem.name or "")
        prefix = f"{problem.sheet}:" if problem.sheet in {CHOICES, SETTINGS} else ""
        place = self.places.get(prefix + name)
        told = replace(
            problem,
            what=in_authors_words(problem.what, self.places),
            mend=in_authors_words(problem.mend, self.places),
        )
        if problem.row is not None or place is None:
            return told
        shown = name.rpartition("/")[2] if name.startswith("/") else problem.name
        return replace(told, sheet=place.sheet, row=place.row, name=shown)

    def _in_extras(self, problem: FormProblem) -> FormProblem:
        rows, row = self.extra_rows[problem.sheet or ""], problem.row or 1
        told = in_authors_words(problem.what, self.places)
        return replace(problem, what=told, row=rows[min(row, len(rows)) - 1])


def convert(content: bytes, file_name: str, cache_folder: Path | None = None) -> Workbook:
    """Turn a workbook into an XForm; FormError with all that is wrong, each with sheet and row.

    `file_name` tells CSV from Markdown, and is the form's id where the settings name none. A
    report is kept in memory, and in `cache_folder` across runs. Takes about a second the first
    time; call it in a thread where others wait.
    """
    found = look(content, file_name)
    if found.kind in (".csv", ".md"):
        content = content.removeprefix(b"\xef\xbb\xbf")
    said = report(content, found, PurePath(file_name).stem or "data", cache_folder)
    sheets = read_sheets(said.sheets, content, found.kind, said.headers)
    slips = find_slips(sheets)
    if said.xform is None or said.ended:
        raise FormError(_problems(said, sheets, slips))
    beside = {name: sheets.sheet(name) for name in NAMES}
    warnings = tuple(_warnings(said, sheets, slips))
    return _workbook(said.xform, warnings, find_places(sheets), beside, sheets)


@dataclass(frozen=True, slots=True)
class Rest:
    """A refused workbook without its mistakes, to be advised about; never to be asked."""

    workbook: Workbook
    salvage: Salvage

    @property
    def mistakes(self) -> tuple[FormProblem, ...]:
        """Return the mistakes that others hid."""
        return self.salvage.mistakes

    def told(self, problems: Iterable[FormProblem]) -> tuple[FormProblem, ...]:
        """Return what the rest has of problems, with sheet and row as in the workbook."""
        located = map(self.workbook.located, problems)
        return tuple(problem for problem in located if self.salvage.holds(problem))


def rest_of(
    content: bytes,
    file_name: str,
    problems: Sequence[FormProblem],
    cache_folder: Path | None = None,
) -> Rest | None:
    """Return the rest of a workbook that `convert` refuses with these problems; None if none is.

    Converts copies of the workbook, each about a second.
    """
    try:
        found = look(content, file_name)
    except FormError:
        return None
    if found.size > CELLS_MAX:
        return None
    if found.kind in (".csv", ".md"):
        content = content.removeprefix(b"\xef\xbb\xbf")
    name = PurePath(file_name).stem or "data"
    said = report(content, found, name, cache_folder)
    sheets = read_sheets(said.sheets, content, found.kind, said.headers)
    slips = find_slips(sheets)
    meant = mended(sheets, slips)
    saved = None if said.ended else salvage(meant, problems, name)
    if saved is None:
        return None
    warnings = (*tell_languages(sheets), *_chat_warnings(said, sheets, slips))
    beside = {name: saved.unspoilt(sheets.sheet(name)) for name in NAMES}
    return Rest(_workbook(saved.xform, warnings, find_places(meant), beside, sheets), saved)


def _workbook(
    xform: str,
    warnings: tuple[FormProblem, ...],
    places: Mapping[str, Place],
    beside: Mapping[str, Sequence[Row]],
    sheets: Sheets,
) -> Workbook:
    """Return a workbook with these rows of the sheets beside its form."""
    extras = {name: [row.cells for row in rows] for name, rows in beside.items()}
    lines = {
        name: (sheets.place(name, 1), *(row.row for row in rows)) for name, rows in beside.items()
    }
    return Workbook(with_extras(xform, extras).encode(), warnings, places, lines)


def _problems(said: Report, sheets: Sheets, slips: Sequence[Slip]) -> list[FormProblem]:
    """Put our own finds first, and pyxform's after them where they say something else.

    With the headers mended, the rows are read as they were meant, so that a slip in a header hides
    no other mistake, and brings no false ones.
    """
    unreadable = columns_are_wrong(said) and not slips
    ours = tell_slips(sheets, slips, "error")
    ours += [] if unreadable else check_rows(mended(sheets, slips), said.types)
    if any("no choice list" in problem.what for problem in ours) and not sheets.sheet("choices"):
        no_choices = missing_sheet("choices", said.names)
        ours = [no_choices, *ours] if no_choices else ours
    places = {(problem.sheet, problem.row) for problem in ours}
    theirs = [
        problem
        for problem in refusals(said, sheets)
        if (problem.sheet, problem.row) not in places
        and (problem.row or not ours or said.ended)
        and not _comes_of(problem, slips)
    ]
    return [*ours, *theirs]


def _comes_of(problem: FormProblem, slips: Sequence[Slip]) -> bool:
    """Say whether a problem only follows from a header with a slip."""
    words = set(re.findall(r"\w+", problem.what + problem.mend))
    return any(column_of(slip.meant).partition("::")[0] in words for slip in slips)


def _warnings(said: Report, sheets: Sheets, slips: Sequence[Slip]) -> Iterator[FormProblem]:
    yield from tell_slips(sheets, slips, "warning")
    yield from tell_languages(sheets)
    yield from _chat_warnings(said, sheets, slips)


def _chat_warnings(said: Report, sheets: Sheets, slips: Sequence[Slip]) -> Iterator[FormProblem]:
    for sentence in filter(concerns_a_chat, said.warnings):
        problem = explain(sentence, sheets)
        if not _comes_of(problem, slips):
            yield replace(problem, level="warning")


def _without_positions(reference: str) -> str:
    return "/".join(step.partition("[")[0] for step in reference.split("/"))
