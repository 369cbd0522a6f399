"""What a chat cannot do is a warning with its row, whatever kind of file the form is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storage.programmes import check
from tests.workbooks.making import Cells, csv_of, markdown_of, workbook_of

HEAD = ["type", "name", "label", "appearance"]
BEYOND = [
    (["image", "sign", "Sign", "signature"], "A signature cannot be drawn in a chat."),
    (["image", "sketch", "Sketch", "draw"], "A drawing cannot be made in a chat."),
    (["image", "marked", "Mark", "annotate"], "A picture cannot be drawn on in a chat."),
    (["text", "app", "App", "ex:org.app(x=1)"], "A chat cannot open another app."),
    (["geotrace", "path", "Path", ""], "A line cannot be drawn on a map."),
    (["geoshape", "field", "Field", ""], "An area cannot be drawn on a map."),
    (["select_one l", "map", "Map", "image-map"], "Parts of a picture cannot be tapped."),
    (["text", "pin", "Pin", "masked"], "What is typed stays in sight in the chat."),
    (["date", "born", "Born", "ethiopian"], "Dates are asked for in the Gregorian calendar."),
    (["decimal", "course", "Course", "bearing"], "A chat cannot read the compass."),
    (["text", "slip", "Slip", "printer:org.p(x)"], "A chat cannot print."),
    (["select_one l", "where", "Where", "map"], "Choices cannot be shown on a map in a chat."),
    (["select_one s", "found", "Found", "search('x')"], "search() is not supported."),
    (["background-audio", "sound", "", ""], "A chat cannot record sound in the background."),
    (["start-geopoint", "start_at", "", ""], "A chat cannot find the place in the background."),
    (["audit", "audit", "", ""], "A chat keeps no audit log of screens."),
]
FORM: Cells = {
    "survey": [HEAD, *(row for row, _ in BEYOND)],
    "choices": [["list_name", "name", "label"], ["l", "a", "A"], ["s", "n", "l"]],
    "settings": [["form_id", "public_key"], ["beyond", "MIIB"]],
}


@pytest.mark.parametrize(
    ("suffix", "write", "first"),
    [(".xlsx", workbook_of, 2), (".csv", csv_of, 3), (".md", markdown_of, 4)],
)
def test_limits_are_named_by_row(
    suffix: str, write: Callable[[Cells], bytes], first: int, tmp_path: Path
) -> None:
    """Each limit is a warning with sheet, row (in a text file: line) and a suggestion."""
    path = tmp_path / f"form{suffix}"
    path.write_bytes(write(FORM))
    said = check(path)
    assert {problem.level for problem in said} == {"warning"}
    for row, (cells, what) in enumerate(BEYOND, start=first):
        told = [one for one in said if (one.sheet, one.row, one.name) == ("survey", row, cells[1])]
        assert any(what in one.what and one.mend for one in told), (cells, said)
    key = next(one for one in said if one.name == "public_key")
    assert (key.sheet, key.row is not None) == ("settings", True)


@pytest.mark.parametrize(
    ("rows", "level", "words"),
    [
        ([], "error", "This form has no question."),
        ([["calculate", "c", "", ""]], "error", ""),
        ([["note", "n", "Hello", ""]], "warning", "there are only notes"),
    ],
)
def test_a_form_must_ask(rows: list[list[str]], level: str, words: str, tmp_path: Path) -> None:
    """A form without a question is refused; one of notes alone is doubted."""
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook_of({"survey": [HEAD, *rows]}))
    (problem,) = check(path)
    assert problem.level == level
    assert words in problem.what
    assert problem.mend
