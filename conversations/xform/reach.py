"""Questions that nobody can reach, because what they wait for never comes.

What never holds by itself is told by `contradictions`. Here is what follows for others: who waits
for such a question, `question = 'choice'` or `selected(question, 'choice')`, waits in vain too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from conversations.xform.contradictions import unmet
from conversations.xform.form import Form
from conversations.xform.model import absolute
from conversations.xform.problems import FormProblem

_NEVER: Final = frozenset({"false()", "0", "''", '""', "1 = 0", "1=0", "0 = 1", "0=1"})
_PATH = r"(/[\w./\-]+|\.\./[\w./\-]+)"
_LITERAL = r"(?:'[^']+'|\"[^\"]+\")"
_REQUIRED: Final = re.compile(
    rf"\s*(?:{_PATH}\s*=\s*{_LITERAL}|selected\(\s*{_PATH}\s*,\s*{_LITERAL}\s*\))\s*"
)


def unreachable(form: Form) -> Iterator[FormProblem]:
    """Yield a warning for each question or group that nobody can reach, with the reason."""
    lost = unmet(form)
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
        for asked in _required(bind.relevant.text, path):
            if any(f"{asked}/".startswith(f"{one}/") for one in lost):
                name = asked.rpartition("/")[2]
                yield path, f"it waits for {name}, which nobody is asked"


def _required(text: str, path: str) -> Iterator[str]:
    """Yield the questions that a condition requires to be answered; none where it is not plain."""
    parts = [_REQUIRED.fullmatch(part) for part in re.split(r"\band\b", text)]
    if all(parts):
        yield from (absolute(found[1] or found[2], path) for found in parts if found)
