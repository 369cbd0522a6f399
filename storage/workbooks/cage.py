"""The program inside the cage: one workbook in on standard input, two lines of JSON out.

Run by its path as `python -I cage.py .xlsx NAME SECONDS`, so it stands alone: it imports pyxform
and nothing of this project. The first line says what stands in the sheets, the second what
pyxform made of it, the lists of `external_choices` inside the form. Whoever started it may find
it dead at any point; that is what it is for.

Limits, where the platform has them: memory, processor time, size of files. Processor time counts
only this process, so a busy machine refuses no honest form.
"""

from __future__ import annotations

import contextlib
import gc
import json
import re
import signal
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyxform.xls2json_backends import DefinitionData  # type: ignore[import-untyped]  # No stubs.

MEMORY_BYTES_MAX = 1024 * 2**20
XFORM_CHARACTERS_MAX = 20_000_000
FILE_BYTES_MAX = 100 * 2**20
"""For the one file pyxform writes, in a folder that is thrown away with it."""
CELL_CHARACTERS_MAX = 32_767
"""What a cell of a spreadsheet holds at most; a text file could go beyond it."""
LIST_NAME = "list name"
"""The column that names a choice's list, as pyxform reads it."""
ROWS_MAX = 20_000
COLUMNS_MAX = 500
EXTERNAL = re.compile(r"\s*select_one_external\s+(\S+)(.*)", re.DOTALL)
SHEETS = ("survey", "choices", "external_choices", "settings", "entities")
EXTRAS = ("flags", "followups", "validations", "indicators")
"""Sheets of our own, which pyxform passes over; only their cells are read here."""
REFERENCE = re.compile(r"\$\{\s*(parent\.[^\s{}$]{1,200})\s*\}")


class Unbearable(Exception):
    """The workbook or its form is larger than any honest one."""


def main(kind: str, name: str, seconds: float) -> None:
    """Read the workbook from standard input, write what it is to standard output."""
    _limit_memory()
    gc.disable()  # A short life with a memory limit: collecting costs a fifth of the time.
    sys.modules["PIL"] = None  # type: ignore[assignment]  # Pictures are never looked at.
    content = sys.stdin.buffer.read()
    # After the memory limit, and before the clock starts: it is what takes longest to begin with.
    import pyxform.xls2xform  # type: ignore[import-untyped]  # noqa: F401, PLC0415

    _limit_time(seconds)
    for said in examine(content, kind, name):
        _tell(**said)


def examine(content: bytes, kind: str, name: str) -> Iterator[dict[str, object]]:
    """Yield what stands in the sheets, then what pyxform makes of it, or why it refuses."""
    # As in main.
    from pyxform import xls2xform  # noqa: PLC0415
    from pyxform.errors import PyXFormError  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        workbook, extras = read_workbook(content, kind)
        yield {
            "sheets": rows_of(workbook, extras),
            "headers": headers_of(workbook, extras),
            "names": list(workbook.sheet_names or ()),
            "types": _types(),
        }
        _check(workbook)
        _let_speak(workbook)
        _let_know_the_report(workbook)
        workbook.fallback_form_name = name
        sheets = {key: getattr(workbook, key) for key in workbook.__dataclass_fields__}
        warnings: list[str] = []
        xform = xls2xform.convert(sheets, warnings=warnings).xform
        if moved := with_lists_inside(sheets):
            with contextlib.suppress(PyXFormError):  # Then its questions are asked as text.
                xform = xls2xform.convert(moved).xform
        _check_length(xform)
        yield {"xform": xform, "warnings": warnings}
    except Exception as refusal:  # noqa: BLE001 - whatever it is, it is told and ends the process.
        yield {"refusal": _words(refusal), "by": type(refusal).__name__}


def _limit_memory() -> None:
    """Set what the operating system will enforce; a platform without limits goes without."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - there is none on Windows.

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES_MAX, FILE_BYTES_MAX))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(seconds: float) -> None:
    """Let the kernel end this process after so much processor time from now on."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _tell(**members: object) -> None:
    sys.stdout.buffer.write(json.dumps(members).encode() + b"\n")
    sys.stdout.buffer.flush()


def read_workbook(content: bytes, kind: str) -> tuple[DefinitionData, dict[str, Any]]:
    """Read a workbook as pyxform does, and beside it the extra sheets under their names."""
    # As in main.
    from pyxform import constants, xls2json_backends  # noqa: PLC0415
    from pyxform.xls2json_backends import SupportedFileTypes  # noqa: PLC0415

    constants.SUPPORTED_SHEET_NAMES.update(EXTRAS)
    reader = SupportedFileTypes.get_processors()[SupportedFileTypes(kind)]
    try:
        told = reader(xls2json_backends.get_definition_data(content))
    except Exception:  # noqa: BLE001 - whatever it is, pyxform alone says it in its own words.
        constants.SUPPORTED_SHEET_NAMES.difference_update(EXTRAS)
        workbook = xls2json_backends.get_xlsform(content, file_type=kind)
        if {name.lower() for name in workbook.sheet_names or ()} & set(EXTRAS):
            message = f"A row of the sheets {', '.join(EXTRAS)} has more cells than its header."
            raise Unbearable(message) from None
        return workbook, {}
    parts = [part for sheet in EXTRAS for part in (sheet, f"{sheet}_header")]
    extras = {part: told.pop(part) for part in parts if part in told}
    return xls2json_backends.DefinitionData(**told), extras


def rows_of(
    workbook: DefinitionData, extras: dict[str, Any] | None = None
) -> dict[str, list[tuple[int, dict[str, str]]]]:
    """Return the rows of the sheets that may name something, numbered as pyxform numbers them."""
    found: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for sheet in (*SHEETS, *EXTRAS):
        rows = _part(workbook, extras, sheet) or ()
        filled = [(number, row) for number, row in enumerate(rows, start=2) if row]
        if rows or _part(workbook, extras, f"{sheet}_header"):
            found[sheet] = filled[:ROWS_MAX]
    return found


def headers_of(
    workbook: DefinitionData, extras: dict[str, Any] | None = None
) -> dict[str, list[str]]:
    """Return the headers of the same sheets, also of columns that are empty below."""
    return {
        sheet: list(found[0])[:COLUMNS_MAX]
        for sheet in (*SHEETS, *EXTRAS)
        if (found := _part(workbook, extras, f"{sheet}_header"))
    }


def _part(workbook: DefinitionData, extras: dict[str, Any] | None, name: str) -> Any:  # noqa: ANN401 - rows.
    return (extras or {}).get(name) or getattr(workbook, name, None)


def _types() -> list[str]:
    """Return the question types pyxform knows, to name the nearest one to a slip of the pen."""
    # As in main.
    from pyxform.question_type_dictionary import (  # type: ignore[import-untyped]  # noqa: PLC0415
        QUESTION_TYPE_DICT,
    )

    return sorted(QUESTION_TYPE_DICT)


def _check(workbook: DefinitionData) -> None:
    """Refuse what no spreadsheet writes, before pyxform's expressions meet it."""
    for sheet in ("survey", "choices", "external_choices"):
        rows = getattr(workbook, sheet) or ()
        if len(rows) > ROWS_MAX:
            message = f"[row : {ROWS_MAX}] On the '{sheet}' sheet, too many rows."
            raise Unbearable(message)
        for number, row in enumerate(rows, start=2):
            if any(len(str(cell)) > CELL_CHARACTERS_MAX for cell in row.values()):
                message = f"[row : {number}] On the '{sheet}' sheet, a cell is too long."
                raise Unbearable(message)


def _let_speak(workbook: DefinitionData) -> None:
    """Write the parameter `voice` of a text as the column `body::voice`, which pyxform knows."""
    for row in workbook.survey or ():
        said, kept = row.get("parameters", ""), []
        for parameter in said.replace(";", " ").replace(",", " ").split():
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "voice" and row.get("type", "").strip() == "text":
                row["body::voice"] = value.strip().lower()
            else:
                kept.append(parameter)
        if "body::voice" in row and said:
            row["parameters"] = " ".join(kept)
    headers = workbook.survey_header or [{}]
    if any("body::voice" in row for row in workbook.survey or ()):
        headers[0]["body::voice"] = None


def _let_know_the_report(workbook: DefinitionData) -> None:
    """Add the rows that `${parent.name}` stands for where a follow-up form does not have them.

    An external instance and a calculation for each name: what an author writes who wants the
    workbook to open in ODK too.
    """
    rows = list(workbook.survey or ())
    named = {str(row.get("name", "")).strip() for row in rows}
    asked = {name for row in rows for cell in row.values() for name in REFERENCE.findall(str(cell))}
    missing = sorted(asked - named)
    if not missing:
        return
    if "parent" not in named:
        rows.append({"type": "xml-external", "name": "parent"})
    for name in missing:
        reads = f"instance('parent')/root/{name.removeprefix('parent.')}"
        rows.append({"type": "calculate", "name": name, "calculation": reads})
    workbook.survey = rows
    headers = workbook.survey_header or [{}]
    if not {"calculation", "calculate", "bind::calculate"} & set(headers[0]):
        headers[0]["calculation"] = None


def with_lists_inside(sheets: dict[str, Any]) -> dict[str, Any] | None:
    """Make each `select_one_external` a `select_one`, its list moved to the sheet choices.

    None where the survey has no such question. For phones pyxform leaves these lists in a file of
    their own beside the form; a chat has no use for that, and reads them as any other list. Their
    choices may repeat, for a filter tells them apart.
    """
    survey = list(sheets["survey"] or ())
    types = [EXTERNAL.fullmatch(row.get("type", "")) for row in survey]
    wanted = {found[1] for found in types if found}
    if not wanted:
        return None
    choices, lists = _canonical(sheets, "choices"), _canonical(sheets, "external_choices")
    names = _free_names(wanted, {row.get(LIST_NAME, "") for row in choices})
    moved = [
        row | {LIST_NAME: names[row[LIST_NAME]]}
        for row in lists
        if row.get(LIST_NAME) in wanted and row.get("name")
    ]
    told = [
        row | {"type": f"select_one {names[found[1]]}{found[2]}"} if found else row
        for row, found in zip(survey, types, strict=True)
    ]
    rows = {"survey": told, "choices": [*choices, *moved], "settings": _repeating(sheets)}
    headers = {f"{sheet}_header": [_columns(rows[sheet])] for sheet in ("choices", "settings")}
    left_out = {"external_choices": None, "external_choices_header": None}
    return {**sheets, **rows, **headers, **left_out}


def _canonical(sheets: dict[str, Any], sheet: str) -> list[dict[str, str]]:
    """Return the rows of a sheet of choices under the column names that pyxform reads them as."""
    # As in main.
    from pyxform import aliases  # noqa: PLC0415
    from pyxform.parsing.sheet_headers import process_header  # type: ignore[import-untyped]  # noqa: PLC0415
    from pyxform.question import Option  # type: ignore[import-untyped]  # noqa: PLC0415

    rows = sheets[sheet] or ()
    columns = _columns(rows)
    doubled, known = any("::" in column for column in columns), set(Option.get_slot_names())
    read = {
        column: "::".join(process_header(column, doubled, aliases.list_header, known)[1])
        for column in columns
    }
    return [{read[column]: cell for column, cell in row.items()} for row in rows]


def _free_names(wanted: set[str], taken: set[str]) -> dict[str, str]:
    """Name each list as it is named, or otherwise where the sheet choices has one of that name."""
    named: dict[str, str] = {}
    for name in sorted(wanted):
        free = name
        while free in taken:
            free += "_external"
        named[name] = free
        taken = taken | {free}
    return named


def _repeating(sheets: dict[str, Any]) -> list[dict[str, str]]:
    first, *others = sheets["settings"] or ({},)
    return [{**first, "allow_choice_duplicates": "yes"}, *others]


def _columns(rows: Iterable[dict[str, str]]) -> dict[str, None]:
    return {column: None for row in rows for column in row}


def _check_length(xform: str) -> None:
    if len(xform) > XFORM_CHARACTERS_MAX:
        message = "The form becomes too long."
        raise Unbearable(message)


def _words(refusal: Exception) -> str:
    return str(refusal)[:20_000]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
