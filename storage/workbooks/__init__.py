"""Workbooks become XForms here, and nowhere else: pyxform in its cage.

    convert         a workbook (xlsx, xls, csv, Markdown tables) to XForm XML, or FormError
        scan        what the file is and whether it is of bearable size, before anything reads it
        running     start the cage, keep its reports
        cage        the program inside: pyxform with limits, in a process that can be killed
        sheets      the rows as the author counts them
        checks      every mistake in the rows, where pyxform names the first
        messages    pyxform's sentences in plain words

Where pyxform refuses, `convert` refuses; what pyxform accepts is accepted, unless it is larger
than the limits in `scan`, `running` and `cage`. Extra sheets (`followups`, `validations`, `flags`,
`indicators`) are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from conversations.xform.problems import FormError, FormProblem
from storage.workbooks.checks import check_rows
from storage.workbooks.messages import columns_are_wrong, explain, refusals
from storage.workbooks.places import CHOICES, Place, find_places
from storage.workbooks.running import Report, report
from storage.workbooks.scan import look
from storage.workbooks.sheets import Sheets, read_sheets

__all__ = ["Place", "Workbook", "convert"]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that pyxform accepts: its XForm, and where each name stands in it."""

    xform: bytes
    warnings: tuple[FormProblem, ...]
    places: Mapping[str, Place] = field(repr=False)

    def located(self, problem: FormProblem) -> FormProblem:
        """Return the problem with sheet and row, where its name stands in the workbook.

        The name may be a path (`/data/child/name`, positions allowed) or a question's name where
        it is unique; of a problem on the sheet choices, a list (`LIST`) or a choice (`LIST/NAME`).
        """
        name = _without_positions(problem.name or "")
        prefix = f"{CHOICES}:" if problem.sheet == CHOICES else ""
        place = self.places.get(prefix + name)
        if problem.row is not None or place is None:
            return problem
        shown = name.rpartition("/")[2] if name.startswith("/") else problem.name
        return replace(problem, sheet=place.sheet, row=place.row, name=shown)


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
    sheets = read_sheets(said.sheets, content, found.kind)
    if said.xform is None or said.ended:
        raise FormError(_problems(said, sheets))
    return Workbook(
        said.xform.encode(),
        tuple(_warning(sentence, sheets) for sentence in said.warnings),
        find_places(sheets),
    )


def _problems(said: Report, sheets: Sheets) -> list[FormProblem]:
    """Put our own finds first, and pyxform's after them where they stand at another row."""
    ours = [] if columns_are_wrong(said) else check_rows(sheets, said.types)
    places = {(problem.sheet, problem.row) for problem in ours}
    theirs = [
        problem
        for problem in refusals(said, sheets)
        if (problem.sheet, problem.row) not in places and (problem.row or not ours or said.ended)
    ]
    return ours + theirs


def _warning(sentence: str, sheets: Sheets) -> FormProblem:
    found = explain(sentence, sheets)
    return replace(found, level="warning")


def _without_positions(reference: str) -> str:
    return "/".join(step.partition("[")[0] for step in reference.split("/"))
