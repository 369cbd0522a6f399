"""The rows of a workbook as its author wrote them, and where a person finds each of them.

Columns are known by one name each, whatever alias the header uses; a translated column
(`label::Kiswahili (sw)`) by its first part. In a spreadsheet `row` is the row it shows; in a CSV
or Markdown file it is the line of the file, because that is what an editor shows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from storage.workbooks.scan import Kind

_ALIASES: Final = {
    "command": "type",
    "tag": "name",
    "value": "name",
    "caption": "label",
    "relevance": "relevant",
    "calculate": "calculation",
    "list name": "list_name",
    "constraining_message": "constraint_message",
    "count": "repeat_count",
}
_UNESCAPED_PIPE: Final = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Row:
    """One filled row: `table_row` is as pyxform counts, `row` as a person does."""

    sheet: str
    table_row: int
    row: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """Return the cell of a column that is not translated, or an empty text."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of a workbook, and how its rows are counted."""

    rows: Mapping[str, tuple[Row, ...]]
    lines: Mapping[str, Sequence[int]] = field(default_factory=dict)
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def sheet(self, name: str) -> tuple[Row, ...]:
        """Return the filled rows of a sheet, none if there is no such sheet."""
        return self.rows.get(name, ())

    def place(self, sheet: str, table_row: int) -> int:
        """Return where a person finds the row that pyxform calls `table_row`."""
        return _person_row(self.lines.get(sheet), table_row)


def read_sheets(
    told: Mapping[str, list[tuple[int, dict[str, str]]]],
    content: bytes,
    kind: Kind,
    headers: Mapping[str, Sequence[str]] | None = None,
) -> Sheets:
    """Put the rows the cage told in order, counted as the author counts them."""
    lines = _lines(content, kind)
    return Sheets(
        {
            sheet: tuple(_row(sheet, number, cells, lines.get(sheet)) for number, cells in rows)
            for sheet, rows in told.items()
        },
        lines,
        headers or {},
    )


def _row(sheet: str, number: int, cells: dict[str, str], lines: Sequence[int] | None) -> Row:
    columns = {header: column_of(header) for header in cells}
    return Row(
        sheet,
        number,
        _person_row(lines, number),
        {columns[header]: str(cell).strip() for header, cell in cells.items()},
    )


def _person_row(lines: Sequence[int] | None, table_row: int) -> int:
    if lines and 0 < table_row <= len(lines):
        return lines[table_row - 1]
    return table_row


def column_of(header: str) -> str:
    """Name a column plainly; a translated one keeps its language after two colons.

    >>> column_of("Bind::Relevance"), column_of("label : Kiswahili (sw)"), column_of("Tag")
    ('relevant', 'label::Kiswahili (sw)', 'name')
    """
    parts = [part.strip() for part in header.split("::" if "::" in header else ":")]
    first = "_".join(parts[0].split()).lower()
    if first in {"bind", "control", "body"} and len(parts) > 1:
        return column_of("::".join(parts[1:]))
    first = _ALIASES.get(parts[0].lower(), _ALIASES.get(first, first))
    return "::".join((first, *parts[1:]))


def _lines(content: bytes, kind: Kind) -> dict[str, list[int]]:
    """Return, for a text file, the line of each table row of each sheet; the header comes first."""
    if kind not in (".csv", ".md"):
        return {}
    text = content.decode("utf-8", errors="replace")
    found: dict[str, list[int]] = {}
    sheet = ""
    for number, first, filled in _csv_lines(text) if kind == ".csv" else _table_lines(text):
        if first:
            sheet = first.lower()
            _begin(found, sheet, kind)
        if filled and sheet:
            found[sheet].append(number)
    return found


def _begin(found: dict[str, list[int]], sheet: str, kind: Kind) -> None:
    """Begin a sheet: a second table of one name replaces the first, in CSV it goes on."""
    if kind == ".md":
        found[sheet] = []
    else:
        found.setdefault(sheet, [])


def _table_lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield line number, name of a beginning sheet, and whether the line has cells."""
    for number, line in enumerate(text.split("\n"), start=1):
        table = line.strip()
        end = table.rfind("|")
        if not table.startswith("|") or end < 1 or not table[1:end].strip("|-"):
            continue
        first, *cells = _UNESCAPED_PIPE.split(table[1:end])
        yield number, first.strip(), any(cell.strip() for cell in cells)


def _csv_lines(text: str) -> Iterator[tuple[int, str, bool]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    begins = 1
    try:
        for cells in reader:
            if cells:
                yield begins, cells[0].strip(), any(cell.strip() for cell in cells[1:])
            begins = reader.line_num + 1
    except csv.Error:
        return
