"""What goes wrong with an expression, and whose mistake it is.

    ExpressionError      the form author's: the text cannot be compiled
    EvaluationError      the form author's too, but seen only with answers at hand
        BudgetExceeded   the evaluation visited more than its budget allows

`Refused` is how the rooms of this package tell the compiler of an ExpressionError; it never
leaves the package.
"""

from __future__ import annotations

from typing import Final

QUOTED_CHARACTERS_MAX: Final = 200
NEAR_MAX: Final = 40
"""Of the words at which it went wrong."""


class ExpressionError(Exception):
    """A form author's expression cannot be used: `problem` says why and what to do.

    `position` is the 0-based character of `text` at which it went wrong.
    """

    def __init__(self, text: str, position: int, problem: str) -> None:
        """Keep the expression, the place and the words for its author."""
        super().__init__(f"{problem} ({_whereabouts(text, position)})")
        self.text = text
        self.position = position
        self.problem = problem


def _whereabouts(text: str, position: int) -> str:
    """Quote the words at which it went wrong, and the expression where that is more."""
    whole = text.strip()[:QUOTED_CHARACTERS_MAX]
    near = " ".join(text[position : position + QUOTED_CHARACTERS_MAX].split()[:3])[:NEAR_MAX]
    if near == whole:
        return f"in: {whole}"
    return f"at “{near}” in: {whole}" if near else f"at the end of: {whole}"


class EvaluationError(Exception):
    """An expression has no value for these answers: `problem` says why and what to do.

    It is logged for the form's author, so nothing of the answers may stand in it.
    """

    def __init__(self, problem: str) -> None:
        """Keep the words for the form's author."""
        super().__init__(problem)
        self.problem = problem


class BudgetExceeded(EvaluationError):
    """An evaluation visited more nodes than its budget allows; the answer is unknown."""


class Refused(Exception):
    """The part of an expression at `position` cannot be used."""

    def __init__(self, position: int, problem: str) -> None:
        """Keep the place and the words for the form's author."""
        super().__init__(problem)
        self.position = position
        self.problem = problem
