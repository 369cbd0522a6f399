"""Workbooks of transcripts: a Markdown table becomes the .xlsx file that a coordinator sends."""

from __future__ import annotations

from tests.workbooks.making import Cells, with_part, workbook_of

BOMB_BYTES = 50 * 2**20


def workbook_from(table: str) -> bytes:
    """Make an .xlsx of Markdown tables, written as forms are in transcripts."""
    return workbook_of(_cells(table))


def zip_bomb() -> bytes:
    """Make a small .xlsx that unpacks to far more than any form."""
    honest = workbook_of({"survey": [["type", "name"]]})
    return with_part(honest, "xl/bomb.xml", lambda _: bytes(BOMB_BYTES))


def _cells(table: str) -> Cells:
    sheets: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in table.splitlines():
        first, *cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if first:
            rows = sheets.setdefault(first, [])
        else:
            rows.append(cells)
    return dict(sheets)
