"""Expressions in the cells of a workbook, judged and quoted as their author wrote them.

A form is read from what pyxform made of the workbook, where `${age}` is a path. Here the cells are
compiled as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from conversations.xform.gathering import cannot_be_used
from conversations.xform.problems import FormProblem
from conversations.xpath import ExpressionError, compile_expression
from storage.workbooks.sheets import Row

COLUMNS: Final = (
    *("relevant", "required", "read_only", "readonly", "constraint", "calculation"),
    *("choice_filter", "repeat_count"),
)
_REFERENCE: Final = re.compile(r"\$\{\s*([^{}$]{1,200}?)\s*\}")
_NEARLY_REFERENCE: Final = re.compile(
    r"(?:\$[({\[]|\{)\s*([^\W\d][\w.\-]*)\s*[})\]]|"
    r"\$([^\W\d][\w.\-]*)"
)
_STRAIGHT: Final = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}
"""A word processor's quotes, which pyxform reads as plain ones."""


def expression_problems(rows: Sequence[Row]) -> Iterator[FormProblem]:
    """Yield what cannot be compiled in the columns that hold expressions, row by row."""
    for row in rows:
        for column in COLUMNS:
            fault = _fault(row.get(column), column)
            if fault is not None:
                yield FormProblem(*fault, row.sheet, row.row, row.get("name") or None)


def _fault(cell: str, column: str) -> tuple[str, str] | None:
    """Say why a cell cannot be used; nothing of references, whose names are looked at elsewhere.

    A reference is compiled as a path of its own length, so that places in the text agree.
    """
    text = cell.translate(_STRAIGHT)
    if not text.strip() or "${" in _REFERENCE.sub("", text):
        return None
    try:
        compile_expression(_REFERENCE.sub(_as_path, text))
    except ExpressionError as error:
        nearly = _NEARLY_REFERENCE.search(_REFERENCE.sub("", text))
        if nearly:
            what = f"The {column} cannot be used: '{nearly[0]}' is no question (in: {cell[:200]})."
            return what, f"Write ${{{nearly[1] or nearly[2]}}} for the answer to that question."
        return cannot_be_used(column, ExpressionError(cell, error.position, error.problem))
    return None


def _as_path(reference: re.Match[str]) -> str:
    width = len(reference[0])
    return "/_/" + "n" * (width - len("/_/"))
