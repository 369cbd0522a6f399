"""Columns nobody reads, because their header has a slip: `lable`, `label:English`, `relevent`.

pyxform and ODK pass over a column they do not know, and authors keep columns of their own (notes,
the columns that a choice_filter compares). So a header is doubted only where it comes within a
letter or two of a known one that the sheet lacks, or says a language as only a label can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from conversations.xform.languages import tag_of
from conversations.xform.problems import FormProblem, Level
from storage.workbooks.names import did_you_mean, slip_of, slips_between
from storage.workbooks.sheets import Row, Sheets, column_of

_SHOWN: Final = ("label", "hint", "guidance_hint", "image", "audio", "video", "big-image")
_MESSAGES: Final = ("constraint_message", "required_message")
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "survey": (
        *("type", "name", *_SHOWN, *_MESSAGES, "relevant", "required", "constraint"),
        *("calculation", "choice_filter", "repeat_count", "read_only", "appearance", "default"),
        *("parameters", "trigger", "save_to", "autoplay"),
    ),
    "choices": ("list_name", "name", "label", "image", "audio", "video", "big-image"),
    "settings": (
        *("form_title", "form_id", "version", "default_language", "public_key", "submission_url"),
        *("style", "instance_name", "allow_choice_duplicates", "auto_send", "auto_delete"),
        *("client_editable", "namespaces"),
    ),
}
_OTHERS: Final[Mapping[str, frozenset[str]]] = {
    "survey": frozenset(
        {
            *(
                "disabled",
                "bind",
                "body",
                "control",
                "instance",
                "media",
                "query",
                "rows",
                "intent",
            ),
            *("itemset", "list_name", "note", "notes", "tags", "hxl", "noapperrorstring"),
            *("requiredmsg", "no_app_error_string", "compact_tag", "readonly", "label"),
        }
    ),
    "choices": frozenset({"media", "geometry"}),
    "settings": frozenset(
        {"title", "id_string", "name", "prefix", "attribute", "clean_text_values"}
    ),
}
_IN_OTHER_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "survey": {
        "question": "label",
        "question_text": "label",
        "question_type": "type",
        "variable": "name",
        "mandatory": "required",
        "skip_logic": "relevant",
        "formula": "calculation",
        "error_message": "constraint_message",
    },
    "choices": {"list": "list_name", "code": "name", "option": "label"},
    "settings": {"form_name": "form_title", "id": "form_id", "language": "default_language"},
}
_OF_A_LANGUAGE: Final = re.compile(
    rf"^({'|'.join((*_SHOWN, *_MESSAGES))})(?:\s*[_\-]\s*|\s+|(?=\())"
    r"(\([a-z]{2,3}\)|[a-z]{2}|[^\W\d_][\w ]* \([a-z]{2,3}\))$",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
LANGUAGES_MAX: Final = 60
"""More languages than this are no slip of the pen, and are not compared with one another."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A header that no program reads, and the one that was meant."""

    sheet: str
    header: str
    meant: str


def find_slips(sheets: Sheets) -> list[Slip]:
    """Find the headers that are not read as their author meant."""
    return [slip for sheet in _COLUMNS for slip in _of_sheet(sheets, sheet)]


def _of_sheet(sheets: Sheets, sheet: str) -> Iterator[Slip]:
    headers = sheets.headers.get(sheet, ())
    doubled = any("::" in header for header in headers)
    for header in headers:
        meant = _meant(sheet, header, doubled=doubled)
        taken = {column_of(other) for other in headers if other != header}
        used = sheet == "choices" and _is_compared(header, sheets)
        if meant is not None and column_of(meant) not in taken and not used:
            yield Slip(sheet, header, meant)


def _meant(sheet: str, header: str, *, doubled: bool) -> str | None:
    """Return the header an author meant; None where it is known, or a column of the author's."""
    first, colons, rest = header.partition("::" if doubled else ":")
    word = "_".join(first.split()).lower()
    known = _COLUMNS[sheet]
    if column_of(word) in known or word in _OTHERS[sheet] or word.startswith("sms_"):
        return None
    if doubled and not colons and ":" in word:
        return _with_two_colons(header, known)
    language = _OF_A_LANGUAGE.match(header.strip())
    if language and language[1].lower() in known:
        return f"{language[1].lower()}::{_as_language(language[2])}"
    slip = None if word[-1:].isdigit() else slip_of(word, known)
    meant = slip or _IN_OTHER_WORDS[sheet].get(word)
    return f"{meant}{colons}{rest}" if meant else None


def _with_two_colons(header: str, known: Sequence[str]) -> str | None:
    column = column_of(header.replace(":", "::", 1))
    return column if column.partition("::")[0] in known else None


def _as_language(written: str) -> str:
    return f"LANGUAGE {written}" if written.startswith("(") else written


def _is_compared(header: str, sheets: Sheets) -> bool:
    """Say whether some expression of the survey speaks of a column of the choices."""
    word = re.compile(rf"(?<![\w.\-]){re.escape(header.strip())}(?![\w\-])")
    return any(
        word.search(cell)
        for row in sheets.sheet("survey")
        for column, cell in row.cells.items()
        if column.partition("::")[0] not in {"label", "hint", "type", "name"}
    )


def mended(sheets: Sheets, slips: Sequence[Slip]) -> Sheets:
    """Return the sheets as with their headers mended, to look for what else is wrong."""
    if not slips:
        return sheets
    columns = {(slip.sheet, column_of(slip.header)): column_of(slip.meant) for slip in slips}
    rows = {
        sheet: tuple(_renamed(row, columns) for row in found)
        for sheet, found in sheets.rows.items()
    }
    return replace(sheets, rows=rows)


def _renamed(row: Row, columns: Mapping[tuple[str, str], str]) -> Row:
    cells = {columns.get((row.sheet, name), name): cell for name, cell in row.cells.items()}
    return replace(row, cells=cells)


def tell_slips(sheets: Sheets, slips: Sequence[Slip], level: Level) -> list[FormProblem]:
    """Say of each slip what to write instead, at the row of the headers."""
    return [
        FormProblem(
            f"There is no column '{slip.header}', so what stands in it is passed over.",
            f"Did you mean '{slip.meant}'?",
            slip.sheet,
            sheets.place(slip.sheet, 1),
            level=level,
        )
        for slip in slips
    ]


# Languages


def tell_languages(sheets: Sheets) -> Iterator[FormProblem]:
    """Warn of languages that look like one, that nobody knows, and of a default that is none."""
    languages = _languages(sheets)
    for one, other in combinations(list(languages)[:LANGUAGES_MAX], 2):
        if _are_alike(one, other):
            yield FormProblem(
                f"The languages '{one}' and '{other}' look like the same one written in two ways.",
                "Write it alike in every column and sheet.",
                languages[other],
                sheets.place(languages[other], 1),
                level="warning",
            )
    for language, sheet in languages.items():
        if not _has_tag(language):
            yield FormProblem(
                f"It is not known which language '{language}' is, so no phone will choose it.",
                "Write its tag in brackets in every header, such as label::Kiswahili (sw).",
                sheet,
                sheets.place(sheet, 1),
                level="warning",
            )
    for row in sheets.sheet("settings"):
        default = row.get("default_language")
        if default and languages and default not in languages:
            what = f"The default_language '{default}' is the language of no column."
            mend = did_you_mean(default, languages, "Write it as in the headers, after 'label::'.")
            yield FormProblem(what, mend, row.sheet, row.row, level="warning")


def _languages(sheets: Sheets) -> dict[str, str]:
    """Return the languages of the columns, each with the sheet that speaks it first."""
    found: dict[str, str] = {}
    for sheet in ("survey", "choices"):
        for header in sheets.headers.get(sheet, ()):
            column, _, language = column_of(header).partition("::")
            if language and column in (*_SHOWN, *_MESSAGES):
                found.setdefault(language.strip(), sheet)
    return found


def _are_alike(one: str, other: str) -> bool:
    """Compare tags; of two names that nobody knows, the letters."""
    tags = tag_of(one), tag_of(other)
    return tags[0] == tags[1] or (not any(map(_has_tag, tags)) and _are_near(*tags))


def _has_tag(language: str) -> bool:
    """Say whether a phone's language setting can choose this language."""
    return bool(_TAG.fullmatch(tag_of(language)))


def _are_near(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) > 4 and slips_between(one, other) == 1)  # noqa: PLR2004 - of shorter names a letter makes another language.
