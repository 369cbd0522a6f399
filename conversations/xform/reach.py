"""Questions that nobody can reach, because what they wait for never comes.

A condition is understood where it is plain: a constant, or requirements joined by `and`, each of
the form `question = 'choice'` or `selected(question, 'choice')`. Of other conditions nothing is
said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from conversations.xform.form import Form, Question
from conversations.xform.model import absolute
from conversations.xform.problems import FormProblem

_NEVER: Final = frozenset({"false()", "0", "''", '""', "1 = 0", "1=0", "0 = 1", "0=1"})
_PATH = r"(/[\w./\-]+|\.\./[\w./\-]+)"
_LITERAL = r"(?:'([^']+)'|\"([^\"]+)\")"
_REQUIRED: Final = re.compile(
    rf"\s*(?:{_PATH}\s*=\s*{_LITERAL}|selected\(\s*{_PATH}\s*,\s*{_LITERAL}\s*\))\s*"
)

Requirement = tuple[str, str, bool]


def unreachable(form: Form) -> Iterator[FormProblem]:
    """Yield a warning for each question or group that nobody can reach, with the reason."""
    lost: dict[str, str] = {}
    while found := {path: why for path, why in _lost(form, lost) if path not in lost}:
        lost |= found
    for path, why in lost.items():
        what = f"Nobody will be asked this: {why}."
        mend = "Write when it shall be asked, or take it out."
        yield FormProblem(what, mend, "survey", None, path, "warning")


def _lost(form: Form, lost: dict[str, str]) -> Iterator[tuple[str, str]]:
    for path, bind in form.binds.items():
        if bind.relevant is None:
            continue
        if bind.relevant.text.strip() in _NEVER:
            yield path, "relevant never holds"
            continue
        wanted: dict[str, str] = {}
        for asked, choice, only in _requirements(bind.relevant.text, path):
            name = asked.rpartition("/")[2]
            if any(f"{asked}/".startswith(f"{one}/") for one in lost):
                yield path, f"it waits for {name}, which nobody is asked"
            elif only and _is_single(form, asked) and wanted.setdefault(asked, choice) != choice:
                yield path, f"{name} cannot be '{wanted[asked]}' and '{choice}' at once"


def _requirements(text: str, path: str) -> Iterator[Requirement]:
    """Yield the questions a condition requires, with their choice; none where it is not plain."""
    parts = [_REQUIRED.fullmatch(part) for part in re.split(r"\band\b", text)]
    if not all(parts):
        return
    for found in filter(None, parts):
        equal = found[1] is not None
        asked, choice = (
            (found[1], found[2] or found[3]) if equal else (found[4], found[5] or found[6])
        )
        yield absolute(asked, path), choice, equal


def _is_single(form: Form, path: str) -> bool:
    question = form.elements.get(path)
    return isinstance(question, Question) and question.kind != "select_multiple"
