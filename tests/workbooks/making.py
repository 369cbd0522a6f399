"""Workbooks made in the test: honest ones, and ones that mean harm but stay small on the disk."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import openpyxl  # type: ignore[import-untyped]  # It brings no types.

Cells: TypeAlias = dict[str, Sequence[Sequence[object]]]

HONEST: Cells = {
    "survey": [
        ["type", "name", "label::English (en)", "label::Kiswahili (sw)", "relevant"],
        ["select_one yes_no", "water", "Is there water?", "Je, kuna maji?", ""],
        ["begin_group", "detail", "Detail", "Maelezo", "${water} = 'no'"],
        ["text", "why", "Why not?", "Kwa nini?", ""],
        ["end_group", "", "", "", ""],
        [],
        ["geopoint", "place", "Where?", "Wapi?", ""],
    ],
    "choices": [
        ["list_name", "name", "label::English (en)", "label::Kiswahili (sw)"],
        ["yes_no", "yes", "Yes", "Ndiyo"],
        ["yes_no", "no", "No", "Hapana"],
    ],
    "settings": [["form_id", "version", "default_language"], ["water", "1", "English (en)"]],
}


def workbook_of(cells: Cells) -> bytes:
    """Write sheets of cells as an .xlsx workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in cells.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def with_part(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Rewrite one part of a zip (a new one if there is none), leaving the others as they are."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        parts = {name: source.read(name) for name in source.namelist()}
        for name, data in {**parts, part: change(parts.get(part, b""))}.items():
            target.writestr(name, data)
    return written.getvalue()


def markdown_of(cells: Cells) -> bytes:
    """Write the same sheets as Markdown tables."""
    lines: list[str] = []
    for name, rows in cells.items():
        lines += ["", f"| {name} |"]
        lines += ["| | " + " | ".join(str(cell) for cell in row) + " |" for row in rows if row]
    return "\n".join(lines).encode()


def csv_of(cells: Cells) -> bytes:
    """Write the same sheets as one CSV file, each beginning with its name."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    for name, rows in cells.items():
        writer.writerow([name])
        writer.writerows(["", *row] for row in rows if row)
    return written.getvalue().encode()


def zip_of(parts: Mapping[str, bytes]) -> bytes:
    """Write a zip of parts by their names."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return written.getvalue()
