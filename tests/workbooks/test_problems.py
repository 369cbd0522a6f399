"""A refused workbook says all that is wrong: the sheet, the row, what it is and what to do."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from pyxform import xls2json_backends, xls2xform  # type: ignore[import-untyped]  # No types.
from pyxform.question_type_dictionary import (  # type: ignore[import-untyped]  # No types.
    QUESTION_TYPE_DICT,
)

from conversations.xform.problems import FormError
from storage.workbooks import cage, convert
from storage.workbooks.checks import check_rows
from storage.workbooks.sheets import read_sheets
from tests.workbooks.making import Cells, markdown_of, workbook_of

CORPUS = Path("../shared/conformance/visible.tar.xz")

HEAD = ["type", "name", "label", "relevant", "calculation", "parameters"]
CHOICES = [["list_name", "name", "label"], ["yes_no", "yes", "Yes"], ["yes_no", "no", "No"]]


def form(*rows: Sequence[object], choices: Sequence[Sequence[object]] | None = None) -> Cells:
    """Return a form of these survey rows."""
    return {"survey": [HEAD, *rows], "choices": choices or CHOICES}


CASES: dict[str, tuple[Cells, list[str]]] = {
    "an unknown type": (
        form(["intger", "a", "A"]),
        ["sheet survey, row 2, a: There is no question type 'intger'. Did you mean 'integer'?"],
    ),
    "a select without a list": (
        form(["select_one", "a", "A"]),
        ["row 2, a: The type 'select_one' does not name one choice list. Write 'select_one LIST'"],
    ),
    "an unknown list": (
        form(["select_one yesno", "a", "A"]),
        ["row 2, a: There is no choice list 'yesno'. Did you mean 'yes_no'?"],
    ),
    "a name used twice": (
        form(["text", "a", "A"], ["text", "b", "B"], ["date", "a", "C"]),
        ["row 4, a: The name 'a' is already used in row 2."],
    ),
    "a name with a space": (
        form(["text", "my name", "A"]),
        ["row 2, my name: The name 'my name' cannot be used. Write 'my_name', say"],
    ),
    "no name": (form(["text", "", "A"]), ["row 2: This row has no name."]),
    "no type": (form(["", "a", "A"]), ["row 2, a: This row has no type."]),
    "an unknown reference": (
        form(["text", "village", "A"], ["text", "b", "B", "${vilage} = 'x'"]),
        ["row 3, b: The column relevant asks for ${vilage}, but no question has that name. "],
    ),
    "a reference left open": (
        form(["text", "a", "A"], ["text", "b", "B", "${a = 'x'"]),
        ["row 3, b: The column relevant has a '${' without its '}'."],
    ),
    "a group without end": (
        form(["begin_group", "g", "G"], ["text", "a", "A"]),
        ["row 2, g: This group begins here and never ends. Add a row with the type end_group"],
    ),
    "an end without begin": (
        form(["text", "a", "A"], ["end_repeat", "", ""]),
        ["row 3: This repeat ends here but never began."],
    ),
    "crossed blocks": (
        form(["begin_group", "g", "G"], ["begin_repeat", "r", "R"], ["end_group"], ["end_repeat"]),
        ["row 4: Here a group ends, but what began last is the repeat 'r' in row 3."],
    ),
    "a choice twice": (
        form(["select_one yes_no", "a", "A"], choices=[*CHOICES, ["yes_no", "no", "Nope"]]),
        ["sheet choices, row 4, no: 'yes_no' already has the choice 'no' in row 3."],
    ),
    "a choice with a space": (
        form(["select_multiple l", "a", "A"], choices=[CHOICES[0], ["l", "too far", "Too far"]]),
        ["sheet choices, row 2, too far: The choice name 'too far' has a space"],
    ),
    "nothing to calculate": (
        form(["calculate", "a", ""]),
        ["row 2, a: This calculate row has nothing to calculate."],
    ),
    "an unknown parameter": (
        form(["audio", "a", "A", "", "", "quallity=low"]),
        ["row 2, a: This question type has no parameter quallity. It has these: quality."],
    ),
    "no survey": (
        {"surveys": [HEAD], "choices": CHOICES},
        ["There is no sheet named survey, but one named 'surveys'. Rename it to 'survey'."],
    ),
    "no type column": (
        {"survey": [["name", "label"], ["a", "A"]], "choices": CHOICES},
        ["sheet survey: The sheet lacks the column 'type'."],
    ),
    "several at once": (
        form(
            ["text", "a", "A"],
            ["select_one nowhere", "a", "B"],
            ["txet", "c", "C", "${d} = 1"],
        ),
        [
            "row 3, a: There is no choice list 'nowhere'.",
            "row 3, a: The name 'a' is already used in row 2.",
            "row 4, c: There is no question type 'txet'. Did you mean 'text'?",
            "row 4, c: The column relevant asks for ${d}, but no question has that name.",
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_mistakes_are_named(case: str) -> None:
    """Each mistake of an author is told with its place and what to do."""
    cells, expected = CASES[case]
    with pytest.raises(FormError) as refused:
        convert(workbook_of(cells), "form.xlsx")
    said = [str(problem) for problem in refused.value.problems]
    for sentence in expected:
        assert any(sentence in one for one in said), said
    assert len(said) == len(expected)
    assert all(problem.mend for problem in refused.value.problems)


def test_rows_of_a_markdown_table_are_lines() -> None:
    """In a Markdown form the row of a problem is the line of the file."""
    content = b"\n# A form\n\n" + markdown_of(form(["intger", "a", "A"]))
    with pytest.raises(FormError) as refused:
        convert(content, "form.md")
    (problem,) = refused.value.problems
    assert content.split(b"\n")[(problem.row or 0) - 1].startswith(b"| | intger")


def test_garbage_is_described_briefly() -> None:
    """A workbook of a thousand mistakes is answered with a page of them."""
    rows = [["txet", f"{number} a", "A", "${nobody}"] for number in range(1000)]
    with pytest.raises(FormError) as refused:
        convert(markdown_of(form(*rows)), "form.md")
    assert 10 < len(refused.value.problems) <= 60


def _corpus() -> list[str]:
    with tarfile.open(CORPUS) as archive:
        member = next(one for one in archive if one.name.endswith("xlsforms-md.jsonl"))
        lines = io.TextIOWrapper(archive.extractfile(member) or io.BytesIO(), "utf-8")
        forms = [json.loads(line)["md"] for line in lines]
    return [text for text in forms if text]


@pytest.mark.skipif(not CORPUS.is_file(), reason="the conformance data are not beside the checkout")
def test_no_false_alarms() -> None:
    """What pyxform accepts, the checks on the rows find nothing wrong with."""
    accepted = 0
    for text in _corpus()[::3]:
        content = text.encode()
        try:
            workbook = xls2json_backends.get_xlsform(content, file_type=".md")
            told = cage.rows_of(workbook)
            xls2xform.convert({key: getattr(workbook, key) for key in workbook.__slots__})
        except Exception:  # noqa: BLE001, S112 - only what pyxform accepts is of interest here.
            continue
        accepted += 1
        found = check_rows(read_sheets(told, content, ".md"), QUESTION_TYPE_DICT)
        # pyxform compiles no expressions; those that cannot be are refused when the form is read.
        assert [one for one in found if "cannot be used: " not in one.what] == [], text
    assert accepted > 80
