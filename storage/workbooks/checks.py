"""What is wrong in the rows, all of it at once: pyxform stops at the first mistake it meets.

These checks explain a refusal and never make one. They run after pyxform has refused a workbook,
and repeat in plain words, for every row, the rules behind its commonest messages. A form that
pyxform accepts is accepted, whatever these checks would have thought of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from conversations.xform.problems import FormProblem
from storage.workbooks.expressions import expression_problems
from storage.workbooks.names import did_you_mean
from storage.workbooks.sheets import Row, Sheets

PROBLEMS_MAX: Final = 50
"""An author mends a page at a time; a workbook of garbage must not take minutes to describe."""

_BEGIN_END: Final = re.compile(
    r"^(begin|end)[ _](group|lgroup|repeat|loop|looped group)\b", re.IGNORECASE
)
_SELECT: Final = re.compile(
    r"^(select_one_from_file|select_multiple_from_file|select one from file"
    r"|select multiple from file|select_one_external|select_one|select_multiple"
    r"|select one from|select one|select1|select all that apply from|select all that apply"
    r"|add select one prompt using|add select multiple prompt using|rank)"
    r"\s+(\S+)(?:\s+(or_other|or other|or specify other))?$"
)
_WITH_A_LIST: Final = re.compile(r"^osm \S+$")
_NAME: Final = re.compile(r"^[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?$")
_REFERENCE: Final = re.compile(r"\$\{([^{}$]{1,200})\}")
_FORMS_OF_TYPES: Final = (_BEGIN_END, _SELECT, _WITH_A_LIST)
_BARE_TYPES: Final = ("audit", "range", "begin group", "end group", "begin repeat", "end repeat")
_EXTRA_TYPES: Final = ("form_id", "form_title", "set_form_id", "set_form_title", "prefix")
_FOR_GUESSES: Final = (
    "select_one",
    "select_multiple",
    "rank",
    "select_one_from_file",
    "begin_group",
    "end_group",
    "begin_repeat",
    "end_repeat",
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "dateTime",
    "note",
    "calculate",
    "geopoint",
    "geotrace",
    "geoshape",
    "image",
    "audio",
    "video",
    "file",
    "range",
    "barcode",
    "acknowledge",
    "hidden",
)
_FOR_PEOPLE: Final = frozenset(
    {
        *("text", "integer", "decimal", "date", "time", "dateTime", "note", "geopoint", "geotrace"),
        *("geoshape", "image", "audio", "video", "file", "range", "barcode", "acknowledge"),
    }
)
_WORDS: Final = frozenset({"label", "hint", "guidance_hint", "image", "audio", "video", "media"})
_YES: Final = frozenset({"yes", "true", "true()"})


def check_rows(sheets: Sheets, types: Iterable[str]) -> list[FormProblem]:
    """Find what is wrong in the rows of the survey and choices sheets, in their order."""
    rows = [row for row in sheets.sheet("survey") if row.get("disabled").lower() not in _YES]
    lists = _choice_lists(sheets)
    known_types = frozenset(types) | frozenset(_BARE_TYPES) | frozenset(_EXTRA_TYPES)
    finds: Sequence[Iterable[FormProblem]] = (
        _type_problems(rows, known_types),
        _name_problems(rows),
        _block_problems(rows),
        _list_problems(rows, lists),
        _reference_problems(rows, _names(rows)),
        _unasked(rows),
        expression_problems(rows),
        _choice_problems(sheets),
    )
    found = [
        problem for find in finds for problem, _ in zip(find, range(PROBLEMS_MAX), strict=False)
    ]
    return sorted(found, key=_in_order)[:PROBLEMS_MAX]


def _in_order(problem: FormProblem) -> tuple[bool, int]:
    return problem.sheet != "survey", problem.row or 0


def _at(row: Row, what: str, mend: str, name: str = "") -> FormProblem:
    return FormProblem(what, mend, row.sheet, row.row, name or row.get("name") or None)


def _labelled(row: Row) -> bool:
    return any(column.partition("::")[0] == "label" for column in row.cells)


def _type_problems(rows: Sequence[Row], known: frozenset[str]) -> Iterator[FormProblem]:
    for row in rows:
        kind = " ".join(row.get("type").split())
        if not kind and (row.get("name") or _labelled(row)):
            yield _at(row, "This row has no type.", "Write one, such as text or select_one LIST.")
        elif kind and not (kind in known or any(form.match(kind) for form in _FORMS_OF_TYPES)):
            yield _unknown_type(row, kind, known)


def _unknown_type(row: Row, kind: str, known: frozenset[str]) -> FormProblem:
    first = kind.partition(" ")[0]
    if first in {"select_one", "select_multiple", "rank"}:
        what = f"The type '{kind}' does not name one choice list."
        return _at(
            row, what, f"Write '{first} LIST', with the name of a list on the choices sheet."
        )
    otherwise = did_you_mean(
        kind, known, "The types are listed at https://xlsform.org/en/#question-types."
    )
    mend = did_you_mean(first, _FOR_GUESSES, otherwise)
    return _at(row, f"There is no question type '{kind}'.", mend)


@dataclass(slots=True)
class _Block:
    """A group, repeat or loop that has begun; `names` are those of its own rows."""

    word: str
    row: Row | None
    names: dict[str, int]


def _named_rows(rows: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        kind = row.get("type")
        block = _BEGIN_END.match(kind)
        if kind and not (block and block[1].lower() == "end") and kind not in _EXTRA_TYPES:
            yield row


def _names(rows: Sequence[Row]) -> Counter[str]:
    found = Counter(row.get("name") for row in _named_rows(rows))
    found["instanceID"] += 1
    return found


def _name_problems(rows: Sequence[Row]) -> Iterator[FormProblem]:
    for row in _named_rows(rows):
        name, kind = row.get("name"), row.get("type")
        if not name and kind not in {"note", "audit"}:
            yield _at(row, "This row has no name.", "Give it a short name without spaces.")
        elif name and not _NAME.match(name):
            mend = f"Write '{_as_name(name)}', say: begin with a letter, then letters, digits or _."
            yield _at(row, f"The name '{name}' cannot be used.", mend)


def _as_name(name: str) -> str:
    """Turn what somebody wrote as a name into one that can be used."""
    plain = re.sub(r"[^\w.\-]+", "_", name[:40]).strip("_")
    return plain if plain[:1].isalpha() or plain[:1] == "_" else f"q_{plain}".rstrip("_")


def _block_problems(rows: Sequence[Row]) -> Iterator[FormProblem]:
    """Match each end with its begin, and find names used twice inside one block."""
    open_blocks = [_Block("", None, {"meta": 0})]
    for row in rows:
        found = _BEGIN_END.match(row.get("type"))
        word = _block_word(found[2]) if found else ""
        if found and found[1].lower() == "end":
            fault = _end(open_blocks, word, row)
            if fault is not None:
                yield fault
                return  # What follows cannot be matched any more.
            continue
        yield from _repeated_name(open_blocks[-1], row)
        if found:
            open_blocks.append(_Block(word, row, {"meta": 0}))
    for block in open_blocks[1:]:
        if block.row:
            what = f"This {block.word} begins here and never ends."
            yield _at(block.row, what, f"Add a row with the type end_{block.word} after its last.")


def _block_word(written: str) -> str:
    return "repeat" if written.lower() in {"lgroup", "looped group"} else written.lower()


def _end(open_blocks: list[_Block], word: str, row: Row) -> FormProblem | None:
    inner = open_blocks[-1]
    if inner.row is None:
        return _at(row, f"This {word} ends here but never began.", "Take this row out.")
    open_blocks.pop()
    if inner.word == word:
        return None
    what = (
        f"Here a {word} ends, but what began last is the {inner.word} "
        f"'{inner.row.get('name')}' in row {inner.row.row}."
    )
    return _at(row, what, f"Write end_{inner.word} here, or end the {inner.word} first.")


def _repeated_name(block: _Block, row: Row) -> Iterator[FormProblem]:
    name = row.get("name")
    if not name or not row.get("type"):
        return
    if name == "meta":
        yield _at(row, "The name 'meta' is taken by the form itself.", "Choose another name.")
    elif name in block.names:
        what = f"The name '{name}' is already used in row {block.names[name]}."
        yield _at(row, what, "Give each question, group and repeat its own name.")
    else:
        block.names[name] = row.row


def _unasked(rows: Sequence[Row]) -> Iterator[FormProblem]:
    """Find questions without words, and calculate rows without a calculation."""
    for row in rows:
        kind = " ".join(row.get("type").split())
        worked_out = row.get("calculation") or row.get("trigger") or row.get("default")
        if kind == "calculate" and not worked_out:
            what = "This calculate row has nothing to calculate."
            yield _at(row, what, "Write an expression in the column calculation.")
        elif (kind in _FOR_PEOPLE or _SELECT.match(kind)) and not (worked_out or _says(row)):
            what = "This question has no label and no hint."
            yield _at(row, what, "Write what should be asked in the column label.")


def _says(row: Row) -> bool:
    columns = {column.partition("::")[0] for column in row.cells}
    return not columns.isdisjoint(_WORDS)


def _choice_lists(sheets: Sheets) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in (*sheets.sheet("choices"), *sheets.sheet("external_choices")):
        if row.get("list_name"):
            found.setdefault(row.get("list_name"), []).append(row)
    return found


def _list_problems(rows: Sequence[Row], lists: dict[str, list[Row]]) -> Iterator[FormProblem]:
    for row in rows:
        found = _SELECT.match(" ".join(row.get("type").split()))
        if not found:
            continue
        command, name = found[1], found[2]
        from_file = name.lower().endswith((".csv", ".xml", ".geojson"))
        if "from_file" in command or "from file" in command:
            if not from_file:
                yield _at(
                    row, f"'{name}' is no file of choices.", "End it in .csv, .xml or .geojson."
                )
        elif name not in lists and not from_file and "${" not in name:
            mend = did_you_mean(name, lists, "Add its choices to the choices sheet.")
            yield _at(row, f"There is no choice list '{name}'.", mend)
        elif command == "select_one_external" and not row.get("choice_filter"):
            if all(choice.sheet == "external_choices" for choice in lists.get(name, ())):
                mend = "Write one, or use select_one and the sheet choices."
                yield _at(row, "A select_one_external needs a choice_filter.", mend)
        elif "multiple" in command or "all that apply" in command:
            yield from _spaced_choices(lists.get(name, ()))


def _spaced_choices(choices: Iterable[Row]) -> Iterator[FormProblem]:
    for choice in choices:
        name = choice.get("name")
        if " " in name:
            what = f"The choice name '{name}' has a space; several answers are parted by spaces."
            yield _at(choice, what, f"Write '{name.replace(' ', '_')}', say.")


def _reference_problems(rows: Sequence[Row], names: Counter[str]) -> Iterator[FormProblem]:
    known = [name for name in names if name]
    for row in rows:
        for column, cell in row.cells.items():
            if "${" in cell and column not in {"type", "name"}:
                for what, mend in _reference_faults(cell, names, known):
                    yield _at(row, f"The column {column} {what}", mend)


def _reference_faults(
    cell: str, names: Counter[str], known: Sequence[str]
) -> Iterator[tuple[str, str]]:
    written = _REFERENCE.findall(cell)
    for name in dict.fromkeys(reference.removeprefix("last-saved#") for reference in written):
        if names[name] == 0 and not name.strip().startswith("parent."):
            mend = did_you_mean(name.strip(), known, "Write the name of a question.")
            yield f"asks for ${{{name}}}, but no question has that name.", mend
        elif names[name] > 1:
            mend = "Give each its own name where one refers to it."
            yield f"asks for ${{{name}}}, but several rows have that name.", mend
    if cell.count("${") > len(written):
        yield "has a '${' without its '}'.", "Write ${name}, with the name of a question."


def _choice_problems(sheets: Sheets) -> Iterator[FormProblem]:
    duplicates_wanted = any(
        row.get("allow_choice_duplicates").lower() in _YES for row in sheets.sheet("settings")
    )
    seen: dict[tuple[str, str], int] = {}
    for row in sheets.sheet("choices"):
        list_name, name = row.get("list_name"), row.get("name")
        if not list_name:
            continue
        if not name:
            yield _at(row, f"This choice of '{list_name}' has no name.", "Give it a short name.")
        elif (list_name, name) in seen and not duplicates_wanted:
            what = f"'{list_name}' already has the choice '{name}' in row {seen[list_name, name]}."
            yield _at(row, what, "Take one out, or give it another name.")
        else:
            seen[list_name, name] = row.row
