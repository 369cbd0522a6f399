"""One row of a sheet, read cell by cell; every mistake is told, none stops the others.

A cell that cannot be used is noted and reads as blank, so that the rest of the row is looked at
too. A row with an error is left out by whoever reads the sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias, TypeVar

from conversations.sheets.durations import Duration, NoDuration, parse_duration, parse_durations
from conversations.sheets.names import ANSWER, REFERENCE, Names, NoName
from conversations.sheets.texts import Message, Piece, Quoted
from conversations.xform.advice import unknown_choices
from conversations.xform.extras import Cells
from conversations.xform.gathering import cannot_be_used
from conversations.xform.languages import NO_LANGUAGE, tag_of
from conversations.xform.offered import names_offered
from conversations.xform.problems import FormProblem, Level
from conversations.xform.unknowns import nearest
from conversations.xform.values import canonical
from conversations.xpath import Expression, ExpressionError, compile_expression

Sort: TypeAlias = Literal["condition", "day", "number"]
_T = TypeVar("_T")
_Word = TypeVar("_Word", bound=str)

TEXT_LENGTH_MAX: Final = 1_000
"""A message stands beside others; one of Telegram's holds 4,096 characters."""
NAME_LENGTH_MAX: Final = 60
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*", re.IGNORECASE)
_YES: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("yes", "true", "true()", "1"), True),
    **dict.fromkeys(("no", "false", "false()", "0"), False),
}
_A_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_A_TEXT: Final = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_A_DAY_AT_MOST: Final = frozenset({"date", "dateTime"})


@dataclass(slots=True)
class RowReading:
    """A row under the reader's eye: its cells, and what was found wrong in them."""

    names: Names
    sheet: str
    row: int
    cells: Cells
    problems: list[FormProblem] = field(default_factory=list)

    @property
    def usable(self) -> bool:
        """Tell whether nothing was found that would make the row mean something else."""
        return all(problem.level != "error" for problem in self.problems)

    def refuse(self, what: str, mend: str) -> None:
        """Note what keeps the row from being used."""
        self._note(what, mend, "error")

    def warn(self, what: str, mend: str) -> None:
        """Note what its author should look at."""
        self._note(what, mend, "warning")

    def _note(self, what: str, mend: str, level: Level) -> None:
        name = self.text("name") or None
        self.problems.append(FormProblem(what, mend, self.sheet, self.row, name, level))

    # Plain cells

    def text(self, column: str) -> str:
        """Return a cell as it stands."""
        return self.cells.get(column, "").strip()

    def name(self) -> str:
        """Return the row's name."""
        name = self.text("name")
        if not name:
            self.refuse("This row has no name.", "Give it a short name without spaces.")
        elif not _NAME.fullmatch(name) or len(name) > NAME_LENGTH_MAX:
            mend = f"Write letters, digits and _, at most {NAME_LENGTH_MAX}, a letter first."
            self.refuse(f"The name '{name[:80]}' cannot be used.", mend)
        return name

    def one_of(self, column: str, words: Iterable[_Word], otherwise: _Word) -> _Word:
        """Return one of a few words; `otherwise` where the cell is blank."""
        written, known = self.text(column).lower(), {word.lower(): word for word in words}
        if written and written not in known:
            mend = nearest(written, known.values(), f"Write {_either(known.values())}.")
            self.refuse(f"The {column} '{written[:40]}' is not known.", mend)
        return known.get(written, otherwise)

    def yes(self, column: str, *, otherwise: bool) -> bool:
        """Return yes or no."""
        written = self.text(column).lower()
        if written and written not in _YES:
            self.refuse(f"The {column} '{written[:40]}' is not known.", "Write yes or no.")
        return _YES.get(written, otherwise)

    def number(self, column: str, least: float, most: float, otherwise: float) -> float:
        """Return a number between bounds; per cent are parts of one."""
        written = self.text(column).replace(",", ".")
        if not written:
            return otherwise
        part = 0.01 if written.endswith("%") else 1.0
        plain = written.removesuffix("%").strip()
        value = float(plain) * part if _A_NUMBER.fullmatch(plain) else None
        if value is None or not least <= value <= most:
            mend = f"Write a number from {least:g} to {most:g}."
            self.refuse(f"The {column} '{written[:40]}' cannot be used.", mend)
            return otherwise
        return value

    def whole(self, column: str, least: int, most: int, otherwise: int) -> int:
        """Return a whole number between bounds."""
        value = self.number(column, least, most, otherwise)
        if value != int(value):
            self.refuse(f"The {column} '{value:g}' is not whole.", "Write a number without parts.")
        return int(value)

    def duration(self, column: str) -> Duration | None:
        """Return a duration; None where the cell is blank, or is none."""
        return self._durations(column, parse_duration, "14 days") if self.text(column) else None

    def durations(self, column: str) -> tuple[Duration, ...]:
        """Return a list of durations."""
        return self._durations(column, parse_durations, "3 days, 7 days") or ()

    def _durations(self, column: str, parse: Callable[[str], _T], example: str) -> _T | None:
        try:
            return parse(self.text(column))
        except NoDuration as none:
            mend = f"Write a number and hours, days, weeks, months or years, such as {example}."
            self.refuse(f"The {column} cannot be used: {none}.", mend)
            return None

    # Names and expressions

    def path(self, column: str, written: str | None = None) -> str:
        """Return the path of a question that a cell names, with or without `${}`; or blank."""
        text = self.text(column) if written is None else written.strip()
        found = REFERENCE.fullmatch(text)
        try:
            return self.names.path(found[1] if found else text) if text else ""
        except NoName as none:
            self.refuse(f"The {column} '{text[:40]}' cannot be used: {none.what}", none.mend)
            return ""

    def expression(
        self, column: str, sort: Sort, written: str | None = None, *, answers: bool = False
    ) -> Expression | None:
        """Compile a cell that must give a condition, or a day; `answers` lets it read those."""
        text = self.text(column) if written is None else written.strip()
        if not text:
            return None
        try:
            expression = compile_expression(self.names.written_out(text))
        except NoName as none:
            self.refuse(f"The {column} cannot be used: {none.what}", none.mend)
            return None
        except ExpressionError as error:
            self.refuse(*cannot_be_used(column, error))
            return None
        self._look_at(column, expression, sort, answers=answers)
        return expression

    def _look_at(self, column: str, expression: Expression, sort: Sort, *, answers: bool) -> None:
        stray = self.names.unknown_in(expression)
        if stray is not None:
            self.refuse(f"The {column} cannot be used: {stray.what}", stray.mend)
            return
        if ANSWER in expression.instances and not answers:
            what = f"The {column} is worked out before there is an answer to the follow-up."
            self.refuse(what, "Write the name of a question of this form.")
        fault = self._misfit(expression, sort)
        if fault is not None:
            self.refuse(f"The {column} {fault[0]}", fault[1])
        root = self.names.form.model.path
        for one in unknown_choices(self.names.form, root, column, expression.text):
            self.refuse(f"The {one.what}", one.mend)

    def _misfit(self, expression: Expression, sort: Sort) -> tuple[str, str] | None:
        """Say why what an expression yields cannot be what its column needs."""
        match sort:
            case "condition":
                return self._no_condition(expression)
            case "day":
                return self._no_day(expression)
            case "number":
                return None

    def _no_condition(self, expression: Expression) -> tuple[str, str] | None:
        asked = self._asked(expression)
        question = self.names.question(asked) if asked else None
        if question is not None and question.choices is not None:
            names = names_offered(self.names.form, asked) or ()
            first = next(iter(names), "yes")
            what = f"holds whatever is chosen at {question.name}."
            return what, f"Compare it with a choice, such as ${{{question.name}}} = '{first}'."
        if expression.type in {"string", "number"} and not _A_NUMBER.fullmatch(
            expression.text.strip()
        ):
            what = f"gives a {_NAMED[expression.type]}, not yes or no."
            return what, "Write a condition, such as ${age} >= 18."
        return None

    def _no_day(self, expression: Expression) -> tuple[str, str] | None:
        mend = "Write the name of a date question, or an expression that gives a date."
        asked, text = self._asked(expression), expression.text.strip()
        if asked:
            return self._no_day_at(asked, mend)
        if expression.type == "boolean" or _A_NUMBER.fullmatch(text):
            said = "yes or no" if expression.type == "boolean" else "a number"
            return f"gives {said}, not a date.", mend
        written = _A_TEXT.fullmatch(text)
        if written and not _is_day(written[1] or written[2] or ""):
            return f"is the text {text[:40]}, not a date.", "Write dates as '2026-12-31'."
        return None

    def _no_day_at(self, path: str, mend: str) -> tuple[str, str] | None:
        name, question = path.rpartition("/")[2], self.names.question(path)
        if self.names.place(path).repeat or self.names.place(path).inside_repeat:
            return f"stands in a repeat ({name}), so there may be several.", mend
        if question is not None and question.kind not in _A_DAY_AT_MOST:
            return f"is the answer to {name}, a {question.kind}, not a date.", mend
        if path in self.names.form.elements and question is None:
            return f"is a group ({name}), not a date.", mend
        return None

    def _asked(self, expression: Expression) -> str:
        """Return the path that an expression is, if it is one and no more; or blank."""
        text = expression.text.strip()
        return text if text in self.names.form.plan.places else ""

    # Texts

    def message(
        self, column: str, *, needed: bool = False, figures: Collection[str] = ()
    ) -> Message:
        """Read a text in all languages of the form; a missing one is told.

        Where `figures` are given, it may say these and quotes no answer: they stay as written.
        """
        columns = {
            tag_of(name.partition("::")[2]): cell
            for name, cell in self.cells.items()
            if name.partition("::")[0] == column and cell.strip()
        }
        found = {tag: tuple(self._pieces(column, cell, figures)) for tag, cell in columns.items()}
        if needed and not found:
            self.refuse(f"The {column} is missing.", f"Write {column}::{self._a_language()}.")
        elif found and "" not in found:
            self._tell_missing(column, found)
        return Message(found)

    def _a_language(self) -> str:
        return next(iter(self.names.form.languages), "English (en)")

    def _tell_missing(self, column: str, found: Mapping[str, object]) -> None:
        for language in self.names.form.languages:
            if language != NO_LANGUAGE and tag_of(language) not in found:
                self.warn(f"The {column} is missing in {language}.", f"Fill {column}::{language}.")

    def _pieces(self, column: str, cell: str, figures: Collection[str]) -> Iterator[Piece]:
        if len(cell) > TEXT_LENGTH_MAX:
            self.refuse(f"The {column} has more than {TEXT_LENGTH_MAX} characters.", "Shorten it.")
        at = 0
        for found in REFERENCE.finditer(cell):
            yield cell[at : found.start()]
            quote = self._figure if figures else self._quoted
            quoted = quote(column, found[1], figures)
            if quoted is not None:
                yield quoted
            at = found.end()
        if "${" in cell[at:]:
            self.refuse(f"The {column} has a '${{' without its '}}'.", "Write ${name}.")
        yield cell[at:]

    def _figure(self, column: str, name: str, figures: Collection[str]) -> str | None:
        if name in figures:
            return f"${{{name}}}"
        mend = nearest(name, figures, f"Write {_either(sorted(f'${{{one}}}' for one in figures))}.")
        self.refuse(f"The {column} of a count cannot say ${{{name}}}.", mend)
        return None

    def _quoted(self, column: str, name: str, _figures: Collection[str] = ()) -> Quoted | None:
        try:
            written = self.names.resolved(name)
        except NoName as none:
            self.refuse(f"The {column} asks for ${{{name}}}: {none.what}", none.mend)
            return None
        path = written if written in self.names.form.plan.places else ""
        if path and self.names.place(path).inside_repeat:
            what = f"The {column} asks for ${{{name}}}, of which a repeat may have several."
            self.refuse(what, "Quote an answer outside of repeats.")
        return Quoted(name, path, compile_expression(written))


_NAMED: Final = {"string": "text", "number": "number"}


_ANY_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)


def _is_day(text: str) -> bool:
    return canonical("date", text, _ANY_MOMENT) is not None


def _either(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
