"""Types that do not fit: comparisons that cannot come out as meant, defaults no answer could have.

Told from the text of the comparison, `question = 'text'` and its like; where that is not sure,
nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from conversations.xform.form import Form, Kind, ModelNode, Question
from conversations.xform.model import absolute
from conversations.xform.problems import FormProblem
from conversations.xform.unknowns import expressions_of
from conversations.xform.values import canonical

_COMPARED: Final = re.compile(
    r"(?<![\w/\].)'\"])(/[\w./\-]+|\.\./[\w./\-]+|\.(?![\w./]))\s*(!=|<=|>=|=|<|>)\s*"
    r"(?:'(?P<one>[^']*)'|\"(?P<two>[^\"]*)\"|(?P<number>-?\d+(?:\.\d+)?))"
)
_NUMBERS: Final = frozenset({"integer", "decimal", "range"})
_DEFAULTS: Final = frozenset({*_NUMBERS, "date", "time", "geopoint", "boolean"})
_ANY_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)


def mismatches(form: Form) -> Iterator[FormProblem]:
    """Yield a warning for each comparison and default that does not fit its question."""
    for path, column, expression in expressions_of(form):
        for found in _COMPARED.finditer(expression.text):
            asked = form.elements.get(absolute(found[1].rstrip("/"), path))
            if isinstance(asked, Question):
                text = found["one"] if found["one"] is not None else found["two"]
                told = _compared(asked.kind, asked.name, found[2], text)
                if told is not None:
                    yield _warn(f"{column} compares {told[0]}", told[1], path)
    yield from _defaults(form, form.model)


def _warn(what: str, mend: str, path: str) -> FormProblem:
    return FormProblem(what, mend, "survey", None, path, "warning")


def _compared(kind: Kind, name: str, sign: str, text: str | None) -> tuple[str, str] | None:
    """Say what is wrong with comparing a question with a text (None: with a number)."""
    ordered = sign not in ("=", "!=")
    if text is None:
        if kind == "text" and ordered:
            return f"{name}, a text, with a number.", "Ask for it with type integer or decimal."
        return None
    if not text.strip():
        return None
    match kind:
        case "integer" | "decimal" | "range" if canonical("decimal", text, _ANY_MOMENT) is None:
            return f"{name}, a number, with '{text}'.", "Write a number."
        case "date" if canonical("date", text, _ANY_MOMENT) is None:
            return f"{name}, a date, with '{text}'.", "Write dates as 2026-12-31."
        case "select_multiple" if not ordered:
            what = f"{name} with '{text}', which holds only where nothing else is chosen."
            return what, f"Write selected(${{{name}}}, '{text}')."
        case _:
            return None


def _defaults(form: Form, node: ModelNode) -> Iterator[FormProblem]:
    question = form.elements.get(node.path)
    kind = question.kind if isinstance(question, Question) else "text"
    if node.text and kind in _DEFAULTS and canonical(kind, node.text, _ANY_MOMENT) is None:
        what = f"The default '{node.text[:60]}' is no {kind}."
        yield _warn(what, "Write a value of the question's type.", node.path)
    for child in node.children:
        yield from _defaults(form, child)
