"""What else there is to mend in a workbook that is refused: its mistakes must not hide the rest.

The rows with mistakes are made harmless in a copy, a question to a plain text, and the copy is
converted in its place. Where pyxform then stops at another row, that mistake is told too, and the
row made harmless, unless it may come of what the copy lacks. What the copy has of advice is the
workbook's, but for what speaks of such rows; so is what is wrong on the sheets beside the form.
Nobody is ever asked a copy.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from conversations.xform.problems import FormError, FormProblem
from storage.workbooks.messages import refusals
from storage.workbooks.running import report
from storage.workbooks.scan import look
from storage.workbooks.sheets import Row, Sheets

ROUNDS_MAX: Final = 4
"""Copies that are converted; each takes about a second."""
CELLS_MAX: Final = 20_000
"""Of a larger workbook only the mistakes are told."""

Spot: TypeAlias = tuple[str | None, int | None]
_BLOCK: Final = re.compile(r"^(begin|end)[ _]", re.IGNORECASE)
_KEPT: Final = frozenset({"name", "label", "hint", "guidance_hint"})
_NOTHING: Final = "''"
_READ: Final = ("survey", "choices", "settings", "external_choices", "entities", "osm")
_SPOKEN_OF: Final = re.compile(r"(?:\$\{|/|compares |waits for |answer to )([\w.\-]+)")
"""How advice names a question that is not its own row's."""
_WORD: Final = re.compile(r"[\w.\-]+")
_NAME: Final = re.compile(r"[^\W\d][\w.\-]*")


@dataclass(frozen=True, slots=True)
class Salvage:
    """A copy that pyxform accepts, the mistakes met on the way, and the names of spoilt rows."""

    xform: str
    mistakes: tuple[FormProblem, ...]
    spoilt: frozenset[str]

    def holds(self, problem: FormProblem) -> bool:
        """Tell whether a problem of the copy is one of the workbook too."""
        about = {(problem.name or "").rpartition("/")[2], *_SPOKEN_OF.findall(problem.what)}
        return not about & self.spoilt

    def unspoilt(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows beside the form that speak of no spoilt row.

        What another says of that may be right in the workbook, and wrong in the copy.
        """
        return [
            row
            for row in rows
            if all(self.spoilt.isdisjoint(_WORD.findall(text)) for text in row.cells.values())
        ]


def salvage(sheets: Sheets, problems: Sequence[FormProblem], name: str) -> Salvage | None:
    """Make the rows with problems harmless until pyxform accepts the rest; None where it cannot.

    `name` is what the form is called unless the workbook says.
    """
    mistakes: list[FormProblem] = []
    for _ in range(ROUNDS_MAX):
        spots = {(problem.sheet, problem.row) for problem in (*problems, *mistakes)}
        copy = _harmless(sheets, spots)
        content = _written(copy)
        try:
            said = report(content, look(content, "copy.csv"), name, None)
        except FormError:
            return None
        if said.xform is not None and not said.ended:
            return Salvage(said.xform, tuple(mistakes), _names(sheets, spots))
        found = [one for one in refusals(said, copy) if one.row]
        hidden = [one for one in found if (one.sheet, one.row) not in spots]
        if not hidden or not _is_whole(sheets, copy, spots):
            return None
        mistakes += hidden
    return None


def _is_whole(sheets: Sheets, copy: Sheets, spots: set[Spot]) -> bool:
    """Tell whether a copy lacks nothing that another row may miss: no row, and no entity's."""
    kept = {(row.sheet, row.row): row for sheet in _READ for row in copy.sheet(sheet)}
    rows = (row for sheet in _READ for row in sheets.sheet(sheet))
    faulty = [row for row in rows if (row.sheet, row.row) in spots]
    return all((row.sheet, row.row) in kept and not row.get("save_to") for row in faulty)


def _names(sheets: Sheets, spots: set[Spot]) -> frozenset[str]:
    rows = (row for sheet in _READ for row in sheets.sheet(sheet))
    return frozenset(row.get("name") for row in rows if (row.sheet, row.row) in spots) - {""}


def _harmless(sheets: Sheets, spots: set[Spot]) -> Sheets:
    """Return the sheets with their faulty rows changed or left out; rows keep their numbers."""
    rows = {sheet: tuple(_rows(sheets.sheet(sheet), spots)) for sheet in _READ}
    lines = {sheet: [0, *(row.row for row in found)] for sheet, found in rows.items()}
    return Sheets({sheet: found for sheet, found in rows.items() if found}, lines)


def _rows(rows: Sequence[Row], spots: set[Spot]) -> Iterator[Row]:
    names: set[str] = set()
    for row in rows:
        name = row.get("name")
        if (row.sheet, row.row) not in spots:
            yield row
        elif row.sheet == "survey" and _NAME.fullmatch(name) and name not in names:
            yield _plain(row)
        names.add(name)


def _plain(row: Row) -> Row:
    """Keep of a row what can do no harm: its name and words; a question becomes a text.

    Words quote no answer any more, for it may be one that is not there. What has no words, a
    calculation mostly, becomes one of nothing: pyxform wants a text to have a label.
    """
    kept = {column: text for column, text in row.cells.items() if column.split("::")[0] in _KEPT}
    cells = {column: text.replace("${", "{") for column, text in kept.items()}
    kind = row.get("type")
    if _BLOCK.match(kind):
        return replace(row, cells={"type": kind, **cells})
    if not cells.keys() - {"name"}:
        return replace(row, cells={"type": "calculate", "calculation": _NOTHING, **cells})
    return replace(row, cells={"type": "text", **cells})


def _written(sheets: Sheets) -> bytes:
    """Write sheets as one CSV file, each beginning with its name."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    for sheet, rows in sheets.rows.items():
        columns = list(dict.fromkeys(column for row in rows for column in row.cells))
        writer.writerow([sheet])
        writer.writerow(["", *columns])
        writer.writerows(["", *(row.get(column) for column in columns)] for row in rows)
    return written.getvalue().encode()
