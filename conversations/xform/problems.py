"""What an author should mend in a form, told all at once.

    FormError           the form cannot be used; carries every problem found
        FormProblem     one of them: what is wrong, what to do, and where in the workbook

A problem of level `warning` does not refuse a form: it names what a chat cannot do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

_ENDS = tuple(".!?…:;。！？؟۔።।")  # noqa: RUF001 - the full stops of other scripts too.

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class FormProblem:
    """One thing to mend: `what` is wrong, `mend` says what to do; the rest says where.

    `sheet` and `row` (as the spreadsheet counts, from 1) are known where a workbook is at hand;
    `name` is the name of the question, group or choice list, `file` where a programme has several.
    """

    what: str
    mend: str = ""
    sheet: str | None = None
    row: int | None = None
    name: str | None = None
    level: Level = "error"
    file: str | None = None

    def __str__(self) -> str:
        """Return the problem on one line: place, what is wrong, what to do."""
        place = ", ".join(
            part
            for part in (
                self.file or "",
                f"sheet {self.sheet}" if self.sheet else "",
                f"row {self.row}" if self.row else "",
                self.name or "",
            )
            if part
        )
        told = f"{sentence(self.what)} {self.mend}".strip()
        return ": ".join(part for part in (place, told) if part)


def sentence(words: str) -> str:
    """Return words with the full stop that people leave out, so that another sentence can follow.

    >>> sentence("1 to 49"), sentence("Why?")
    ('1 to 49.', 'Why?')
    """
    words = words.rstrip()
    return words if words.endswith(_ENDS) or not words else f"{words}."


class FormError(Exception):
    """A form that cannot be used, with all its problems."""

    def __init__(self, problems: Iterable[FormProblem]) -> None:
        """Keep the problems in the order in which they were found, errors before warnings."""
        self.problems = tuple(sorted(problems, key=lambda problem: problem.level))
        super().__init__("\n".join(str(problem) for problem in self.problems))
