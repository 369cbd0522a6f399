"""pyxform's own sentences, told as where, what is wrong and what to do.

A sentence that is not in the table is passed on as it stands, without its row mark: a message in
pyxform's words is better than none, and new versions of it bring new ones.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from typing import Final

from conversations.xform.problems import FormProblem
from storage.workbooks.names import nearest
from storage.workbooks.running import Report
from storage.workbooks.sheets import Sheets

_PLACE: Final = re.compile(r"^\[row : (\d+)\]\s*(?:On the '(\w+)' sheet, (?:the '([^']*)' )?)?")
_NAMED: Final = re.compile(r"(?:named|for question) (?:'([^']+)'|\$\{([^}]+)\})")
_PARAMETER: Final = re.compile(r"(?:[Pp]arameter|value for) ([\w-]+)")
log = logging.getLogger(__name__)

_MENDED: Final = tuple(
    (re.compile(pattern), what, mend)
    for pattern, what, mend in (
        (
            r"There should be a choices sheet",
            "There is no sheet named choices.",
            "Add one with the columns list_name, name and label.",
        ),
        (
            r"There should be an external_choices sheet",
            "There is no sheet named external_choices.",
            "Add one with the columns list_name and name.",
        ),
        (
            r"One or more required column headers were not found: (.*?)\.",
            "The sheet lacks the column {0}.",
            "The first row names the columns; add it there.",
        ),
        (
            r"Headers that are different names for the same column were found: (.*?)\. Rename",
            "Two columns mean the same: {0}.",
            "Keep one of them.",
        ),
        (
            r"Duplicate column header: (.*)",
            "Two columns are named {0}.",
            "Rename one of them or take it out.",
        ),
        (
            r"Unknown question type '(.*)'",
            "There is no question type '{0}'.",
            "The types are listed at https://xlsform.org/en/#question-types.",
        ),
        (
            r"Missing calculation",
            "This calculate row has nothing to calculate.",
            "Write an expression in the column calculation.",
        ),
        (
            r"Choice filter not supported with or_other",
            "A list with or_other cannot have a choice_filter.",
            "Add a choice 'other' to the list and ask for the text in a row of its own.",
        ),
        (
            r"List name not in choices sheet: (.*)",
            "There is no choice list '{0}'.",
            "Add its choices to the choices sheet.",
        ),
        (
            r"Reference variables must start with",
            "The column {column} has a '${{' that is not a complete ${{name}}.",
            "Write ${{name}}, with the name of a question.",
        ),
        (
            r"There has been a problem trying to replace (\$\{.*?\}) with the XPath",
            "{0} is asked for, but no question has that name, or several have.",
            "Check the name.",
        ),
        (
            r"Could not find the name '(.*?)'",
            "The column {column} asks for ${{{0}}}, but no question has that name.",
            "Write the name of a question.",
        ),
        (
            r"Repeat names must not be the same as the survey root",
            "A repeat cannot be called like the form itself.",
            "Give the repeat another name.",
        ),
        (
            r"Parameters must be in the form of",
            "The column parameters cannot be read.",
            "Write key=value, several parted by spaces, such as start=1 end=10.",
        ),
        (
            r"accepted parameter keys for this question type are '(.*?)'.*key\(s\): '(.*?)'",
            "This question type has no parameter {1}.",
            "It has these: {0}.",
        ),
        (
            r"Choices should have a label",
            "This choice has no label, so people see its name.",
            "Write one in the column label.",
        ),
        (
            r"For the 'range' question type, the parameter '(.*?)' must be a number",
            "The parameter {0} of this range is not a number.",
            "Write numbers, such as start=1 end=10 step=1.",
        ),
        (
            r"For the 'range' question type, the parameter '(.*?)' must not be '0'",
            "The parameter {0} of this range is 0.",
            "Write a number other than 0, such as step=1.",
        ),
        (
            r"For the 'range' question type, the parameter '(.*?)' must not be larger",
            "The parameter {0} of this range is larger than the range itself.",
            "Make it smaller than end minus start.",
        ),
        (
            r"following column\(s\) are not supported by .*?: (.*?)\.(?: |$)",
            "The sheet has columns that are not known: {0}.",
            "It may have list_name, label, entity_id, create_if, update_if and repeat.",
        ),
        (
            r"^(Group|Repeat) has no label",
            "This {0} has no label.",
            "Write one in the column label, so that people know what it is about.",
        ),
        (
            r"^Row without name, text, or label",
            "This row has neither a name nor a label, and is passed over.",
            "Fill it in or take it out.",
        ),
        (
            r"Names must begin with a letter or underscore",
            "The column {column} has a name that cannot be used.",
            "Begin with a letter, then letters, digits, _, - or a point.",
        ),
        (
            r"looking for a sheet named '(.*?)', .* similar names were found: (.*?)\.",
            "There is no sheet named {0}, but one named {1}.",
            "If it is the one, rename it to '{0}'.",
        ),
        (
            r"case-insensitive match to another name",
            "This name differs from another only in capital letters.",
            "Give it a name of its own: many programs for statistics take the two for one.",
        ),
        (
            r"Question '(.*?)' uses 'search\(\)', .* referenced by .*?: '(.*?)'",
            "The list of '{0}', which uses search(), is used by '{1}' without search().",
            "Give one of them a list of its own, or ask with select_one_from_file.",
        ),
        (
            r"The survey element named '(.*?)' has no label or hint",
            "The question '{0}' has no label and no hint.",
            "Write what should be asked in the column label.",
        ),
        (
            r"Invalid headers provided for sheet.*missing header row",
            "The first row does not name the columns.",
            "Begin the sheet with a row such as type, name, label.",
        ),
        (
            r"too many rows",
            "There are more than 20,000 rows.",
            "Put a long choice list into a CSV file in the folder media (select_one_from_file).",
        ),
        (
            r"a cell is too long",
            "A cell has more than 32,767 characters, more than a spreadsheet holds.",
            "Shorten it.",
        ),
        (
            r"has more cells than its header",
            "A row of flags, followups, validations or indicators is longer than its headers.",
            "Write a header above each of its cells.",
        ),
        (
            r"The form becomes too long",
            "The finished form would have more than 20 MB.",
            "Make the form smaller, or split it.",
        ),
    )
)
_NOT_FOR_A_CHAT: Final = ("max-pixels parameter", "machine-readable codes")
"""Telegram itself makes pictures smaller before they are sent; `columns` looks at languages."""
_TOO_MUCH: Final = {
    "time": (
        "This form takes too long to understand: its expressions or names are too involved.",
        "Shorten very long expressions, calculate in several steps, or split the form.",
    ),
    "memory": (
        "This form needs too much memory to understand.",
        "Make the form smaller, or split it.",
    ),
}
_SPOKEN_TO_AUTHORS: Final = frozenset({"PyXFormError", "ValidationError", "Unbearable"})
_SHEETS: Final = ("survey", "choices", "settings", "external_choices", "entities", "osm")
_NAME_THE_SHEET: Final = "Name the sheet with the questions 'survey', in small letters."
_UNREADABLE: Final = "No form was found in this workbook; parts of it are missing or damaged."
_SAVE_AGAIN: Final = (
    "Open it in your spreadsheet program, check that it has a sheet survey with the columns type, "
    "name and label, and save it again as .xlsx."
)
_NOT_UNDERSTOOD: Final = "Something in this form is written in a way that is not understood."
_PART_BY_PART: Final = "Check it with half of its rows, then with half of those, to find which one."
_OTHERWISE: Final = "See https://xlsform.org/en/ for how this is written."


def refusals(report: Report, sheets: Sheets) -> list[FormProblem]:
    """Say in plain words why pyxform refused, or why it had to be stopped."""
    if "must have a sheet named 'survey'" in report.refusal:
        otherwise = FormProblem("There is no sheet named survey.", _NAME_THE_SHEET)
        return [missing_sheet("survey", report.names) or otherwise]
    if report.ended:
        return [FormProblem(*_TOO_MUCH[report.ended])]
    if report.by == "MemoryError":
        return [FormProblem(*_TOO_MUCH["memory"])]
    if report.by == "RecursionError":
        what = "The groups of this form are nested too deeply."
        return [FormProblem(what, "Put fewer groups inside one another.")]
    if report.by not in _SPOKEN_TO_AUTHORS:
        log.info("pyxform broke off: %s: %s", report.by, report.refusal[:200])
        return [_broken_off(report)]
    if not report.sheets and not _known(report.refusal, ""):
        return [FormProblem(_UNREADABLE, _SAVE_AGAIN)]
    return list(_sentences(report.refusal, sheets))


def _broken_off(report: Report) -> FormProblem:
    """Say what can be said where pyxform itself did not expect what it met."""
    if report.sheets:
        return FormProblem(_NOT_UNDERSTOOD, _PART_BY_PART)
    return FormProblem(_UNREADABLE, _SAVE_AGAIN)


def missing_sheet(sheet: str, names: Sequence[str]) -> FormProblem | None:
    """Say that a sheet is missing, where one of the sheets there are looks like it."""
    near = nearest(sheet, [name for name in names if name.lower() not in _SHEETS])
    if near is None:
        return None
    what = f"There is no sheet named {sheet}, but one named '{near}'."
    return FormProblem(what, f"Rename it to '{sheet}'.")


def concerns_a_chat(sentence: str) -> bool:
    """Say whether a warning of pyxform's matters where a form is asked in a chat."""
    return not any(words in sentence for words in _NOT_FOR_A_CHAT)


def columns_are_wrong(report: Report) -> bool:
    """Say whether the first row of a sheet is at fault; then every row below looks wrong."""
    return report.refusal.startswith(("Invalid headers", "Duplicate column header"))


def _sentences(refusal: str, sheets: Sheets) -> Iterator[FormProblem]:
    """Split where pyxform says several things at once, each on a line with its own row."""
    for sentence in re.split(r"\n(?=\[row : )", refusal):
        yield explain(sentence, sheets)


def explain(sentence: str, sheets: Sheets) -> FormProblem:
    """Turn one of pyxform's sentences into a problem with its place."""
    place = _PLACE.match(sentence)
    if place is None:
        return _without_place(sentence.strip(), sheets)
    sheet, column = place[2] or "survey", place[3] or ""
    row = sheets.place(sheet, int(place[1]))
    what, mend = _worded(sentence[place.end() :].strip(), column)
    return FormProblem(what, mend, sheet, row, _name_at(sheets, sheet, row))


def _worded(sentence: str, column: str) -> tuple[str, str]:
    known = _known(sentence, column)
    return (known.what, known.mend) if known else (_plain(sentence, column), _OTHERWISE)


def _without_place(sentence: str, sheets: Sheets) -> FormProblem:
    """Find the row of a sentence that gives none, by the name or the parameter it speaks of."""
    what, mend = _worded(sentence, "")
    named, parameter = _NAMED.search(sentence), _PARAMETER.search(sentence)
    for row in sheets.sheet("survey"):
        spoken_of = named and row.get("name") == (named[1] or named[2])
        if spoken_of or (parameter and f"{parameter[1]}=" in row.get("parameters")):
            return FormProblem(what, mend, row.sheet, row.row, row.get("name") or None)
    return FormProblem(what, mend, _sheet(sentence))


def _sheet(sentence: str) -> str | None:
    found = re.search(r"sheet: '(\w+)'", sentence)
    return found[1] if found else None


def _known(sentence: str, column: str) -> FormProblem | None:
    for pattern, what, mend in _MENDED:
        found = pattern.search(sentence)
        if found:
            parts = (*found.groups(), "", "")
            return FormProblem(
                what.format(*parts, column=column), mend.format(*parts, column=column)
            )
    return None


def _plain(sentence: str, column: str) -> str:
    """Pass on a sentence without what only a programmer reads."""
    first = sentence.partition("\n")[0].partition(" Learn more: ")[0].strip()
    first = re.sub(r"^(?:value )?(?:'[^']*' )?is invalid\.\s*", "", first)
    return f"Column {column}: {first}" if column and column not in first else first


def _name_at(sheets: Sheets, sheet: str | None, row: int | None) -> str | None:
    if sheet is None or row is None:
        return None
    return next((found.get("name") for found in sheets.sheet(sheet) if found.row == row), None)
