"""What is gathered while a form is read: its problems, and each expression compiled once."""

from __future__ import annotations

from typing import NoReturn

from lxml import etree

from conversations.xform.form import Computed, Piece, Plain, Translated, TranslatedBy, Wording
from conversations.xform.problems import FormError, FormProblem
from conversations.xform.xml import attributes, local
from conversations.xpath import Expression, ExpressionError, compile_expression

EXPRESSIONS_LENGTH_MAX = 1_000_000
"""Characters of all different expressions of a form together."""

READS_MAX = 50_000
"""Paths that all different expressions of a form together may read: about a second."""

_TEXT_CALL = "jr:itext("


def cannot_be_used(column: str, error: ExpressionError) -> tuple[str, str]:
    """Say of an expression in a column of the workbook what is wrong and what to do."""
    return f"The {column} cannot be used: {error}.", f"Mend the column {column} in this row."


class Gathering:
    """The state of one reading: problems so far, expressions compiled so far."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.problems: list[FormProblem] = []
        self._compiled: dict[str, Expression] = {}
        self._left, self._reads_left = EXPRESSIONS_LENGTH_MAX, READS_MAX

    def refuse(self, what: str, mend: str = "", name: str | None = None) -> None:
        """Note a problem that refuses the form."""
        self.problems.append(FormProblem(what, mend, "survey" if name else None, None, name))

    def warn(
        self, what: str, mend: str = "", name: str | None = None, sheet: str = "survey"
    ) -> None:
        """Note a problem that does not refuse the form."""
        self.problems.append(
            FormProblem(what, mend, sheet if name else None, None, name, "warning")
        )

    def compile(self, text: str | None, column: str, name: str | None) -> Expression | None:
        """Compile an expression; None for a blank one or one that cannot be used (then noted)."""
        if text is None or not text.strip():
            return None
        known = self._compiled.get(text)
        if known is not None:
            return known
        self._left -= len(text)
        if self._left < 0:
            self._stop(f"have more than {EXPRESSIONS_LENGTH_MAX:,} characters together")
        try:
            expression = compile_expression(text)
        except ExpressionError as error:
            self.refuse(*cannot_be_used(column, error), name)
            return None
        self._compiled[text] = expression
        self._reads_left -= len(expression.paths)
        if self._reads_left < 0:
            self._stop(f"read questions more than {READS_MAX:,} times")
        return expression

    @property
    def reads_the_clock(self) -> bool:
        """Tell whether any expression, in whichever place, reads the time of day."""
        return any("now" in one.functions for one in self._compiled.values())

    def _stop(self, too_much: str) -> NoReturn:
        problem = FormProblem(f"Its expressions {too_much}.", "Part the form into several.")
        raise FormError([*self.problems, problem])

    def wording(self, element: etree._Element, name: str | None) -> Wording | None:
        """Read a label, hint or message element: a reference to a text, or the text itself."""
        reference = attributes(element).get("ref")
        if reference is None:
            return Plain(self.pieces(element, name))
        return self.referred(reference, name)

    def referred(self, reference: str, name: str | None) -> Wording | None:
        """Read a reference to a text: `jr:itext('id')`, `jr:itext(itextId)`, or an expression."""
        call = reference.strip()
        if not (call.startswith(_TEXT_CALL) and call.endswith(")")):
            expression = self.compile(call, "label", name)
            return None if expression is None else Computed(expression)
        inner = call[len(_TEXT_CALL) : -1].strip()
        if inner[:1] in ("'", '"') and inner[-1:] == inner[:1] and inner[:1] not in inner[1:-1]:
            return Translated(inner[1:-1])
        expression = self.compile(inner, "label", name)
        return None if expression is None else TranslatedBy(expression)

    def message(self, text: str | None, name: str | None) -> Wording | None:
        """Read a message attribute of a bind: a reference to a text, or the text itself."""
        if not text:
            return None
        return self.referred(text, name) if text.strip().startswith(_TEXT_CALL) else Plain((text,))

    def pieces(self, element: etree._Element, name: str | None) -> tuple[Piece, ...]:
        """Read a text with outputs; other markup inside it keeps only its text."""
        found: list[Piece] = [str(element.text)] if element.text else []
        for child in element:
            if isinstance(child.tag, str):
                found += self._inner(child, name)
            if child.tail:
                found.append(str(child.tail))
        return tuple(found)

    def _inner(self, child: etree._Element, name: str | None) -> tuple[Piece, ...]:
        if local(child) != "output":
            return self.pieces(child, name)
        given = attributes(child)
        expression = self.compile(given.get("value") or given.get("ref"), "label", name)
        return () if expression is None else (expression,)
