"""Mistakes hide neither one another nor what else there is to mend: all is told at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from storage.programmes import check
from tests.workbooks.making import Cells, markdown_of, workbook_of

SURVEY = ["type", "name", "label::English (en)", "label::Kiswahili (sw)", "relevant", "parameters"]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Kiswahili (sw)"],
    ["l", "x", "A label that is much too long for any button of a small phone", "X"],
    ["l", "y", "Y", "Y"],
]


def form(*rows: Sequence[object]) -> Cells:
    """Return a form with these rows, of which four have something to mend besides."""
    return {
        "survey": [
            SURVEY,
            *rows,
            ["geotrace", "line", "Line", "Mstari"],
            ["select_one l", "c", "C", "C"],
            ["text", "d", "D", "", "${c} = 'z'"],
        ],
        "choices": CHOICES,
    }


WARNINGS = [
    "line: A line cannot be drawn on a map.",
    "d: Not translated into Kiswahili (sw):",
    "d: relevant compares c with 'z', which is none of its choices.",
    "l/x: This label is long for a button",
]
CASES: dict[str, tuple[list[list[object]], list[str]]] = {
    "an unknown type": ([["txet", "a", "A", "A"]], ["row 2, a: There is no question type"]),
    "an unknown list": ([["select_one no", "a", "A", "A"]], ["row 2, a: There is no choice list"]),
    "an expression": ([["text", "a", "A", "A", "1 +"]], ["row 2, a: The relevant cannot be used"]),
    "an unknown question": (
        [["begin_group", "g", "G", "G", "${b} = 1"], ["text", "a", "A", "A"], ["end_group"]],
        ["row 2, g: The column relevant asks for ${b}, but no question has that name."],
    ),
    "a name": ([["text", "my name", "A", "A"]], ["row 2, my name: The name 'my name' cannot"]),
    "two that pyxform names one by one": (
        [
            ["range", "a", "A", "A", "", "start=0 end=10 step=0"],
            ["range", "b", "B", "B", "", "start=0 end=1 step=3"],
        ],
        ["row 2, a: The parameter step of this range is 0.", "row 3, b: The parameter step of"],
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("suffix", [".xlsx", ".md"])
def test_mistakes_do_not_hide_what_else_is_to_be_mended(
    case: str, suffix: str, tmp_path: Path
) -> None:
    """A form that is refused is also told its warnings, each with the row of the workbook."""
    rows, errors = CASES[case]
    path = tmp_path / f"form{suffix}"
    path.write_bytes((workbook_of if suffix == ".xlsx" else markdown_of)(form(*rows)))
    told = check(path)
    assert [problem.level for problem in told] == ["error"] * len(errors) + ["warning"] * 4
    said = [str(problem) for problem in told]
    if suffix == ".xlsx":
        for sentence in errors:
            assert any(sentence in one for one in said), said
        assert all(f"row {len(rows) + 2}, line" in one for one in said if "drawn" in one)
    for sentence in WARNINGS:
        assert any(sentence in one for one in said), said


@pytest.mark.parametrize("suffix", [".xlsx", ".md"])
def test_a_circle_and_an_impossible_constraint_are_told_beside_unknown_names(
    suffix: str, tmp_path: Path
) -> None:
    """An unknown name in a label and an unknown function in a calculation hide neither."""
    rows = [
        ["type", "name", "label", "constraint", "calculation"],
        ["integer", "age", "How old?", ". > 10 and . < 5"],
        ["text", "kids", "How many ${nobody}?"],
        ["calculate", "a", "", "", "${b} + 1"],
        ["calculate", "b", "", "", "${a} + 1"],
        ["calculate", "c", "", "", "frob(${age})"],
    ]
    path = tmp_path / f"form{suffix}"
    path.write_bytes((workbook_of if suffix == ".xlsx" else markdown_of)({"survey": rows}))
    said = [str(problem) for problem in check(path)]
    wanted = (
        "asks for ${nobody}, but no question has that name",
        "there is no function frob()",
        "A circle: a → b → a",
        "No answer meets this constraint",
    )
    for sentence in wanted:
        assert any(sentence in one for one in said), said


BESIDE: Cells = {
    "flags": [
        ["name", "relevant", "severity", "label::English (en)"],
        ["short", "${wat} = ''", "high", "It is short."],
        ["odd", "${a} = 7", "high", "It is odd."],
    ],
    "followups": [
        ["name", "form", "anchor", "offset"],
        ["soon", "after", "${dd}", "3 days"],
    ],
    "validations": [["name", "question::English (en)", "audience"], ["near", "So?", "friends"]],
}


@pytest.mark.parametrize(
    "row",
    [["txet", "a", "A", "A"], ["text", "a", "A", "A", "frob(1)"]],
    ids=["refused by pyxform", "refused by its XForm"],
)
def test_sheets_beside_a_refused_survey(row: list[object], tmp_path: Path) -> None:
    """Mistakes on all sheets are told in one go, but for a row about what is refused itself."""
    path = tmp_path / "form.md"
    path.write_bytes(markdown_of({**form(row), **BESIDE}))
    said = [str(problem) for problem in check(path) if problem.level == "error"]
    assert len(said) == 4, said
    wanted = (
        "sheet survey, row 4, a:",
        "The form has no question wat",
        "The form has no question dd",
        "friends",
    )
    for sentence in wanted:
        assert any(sentence in one for one in said), said


COMES_OF_IT: dict[str, Cells] = {
    "an end whose begin has a name in use": {
        "survey": [
            SURVEY,
            ["text", "a", "A", "A"],
            ["begin_repeat", "a", "A", "A"],
            ["text", "b", "B", "B"],
            ["end_repeat"],
        ],
    },
    "an entity whose property is spoilt": {
        "survey": [
            [*SURVEY, "save_to"],
            ["text", "a", "A", "A", "", "", "name"],
            ["text", "b", "B", "B", "", "", "girth"],
        ],
        "entities": [["list_name", "label"], ["trees", "${b}"]],
    },
}


@pytest.mark.parametrize("case", COMES_OF_IT)
def test_what_comes_of_a_mistake_is_no_mistake_of_its_own(case: str, tmp_path: Path) -> None:
    """What pyxform misses only because a row was left out of the look is not told."""
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook_of(COMES_OF_IT[case]))
    told = check(path)
    assert len([problem for problem in told if problem.level == "error"]) == 1


def test_of_a_spoilt_row_nothing_else_is_said(tmp_path: Path) -> None:
    """A question made harmless for the look brings no advice of its own."""
    path = tmp_path / "form.md"
    rows = (["intger", "a", "A", ""], ["text", "b", "B", "B", "${a} > 5"])
    path.write_bytes(markdown_of(form(*rows)))
    about = [problem for problem in check(path) if problem.name in {"a", "b"}]
    assert [problem.level for problem in about] == ["error"]


def test_an_xform_that_is_refused_is_advised_about_too(tmp_path: Path) -> None:
    """An expression that cannot be used does not hide that nobody can meet a constraint."""
    path = tmp_path / "form.xml"
    path.write_text(
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        '<h:head><model><instance><data id="x"><a/><b/></data></instance>'
        '<bind nodeset="/data/a" type="int" constraint=". &gt; 5 and . &lt; 3"/>'
        '<bind nodeset="/data/b" calculate="foo(1)"/></model></h:head>'
        '<h:body><input ref="/data/a"><label>A</label></input></h:body></h:html>',
        "utf-8",
    )
    assert [problem.level for problem in check(path)] == ["error", "warning"]
