"""Headers that nobody reads are told; columns that authors keep for themselves are not."""

from __future__ import annotations

import pytest

from conversations.xform.problems import FormError
from storage.workbooks import convert
from tests.workbooks.making import Cells, markdown_of

CHOICES = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]]


def _form(
    survey: list[str], choices: list[str] | None = None, settings: list[list[str]] | None = None
) -> Cells:
    row = {"type": "select_one yn", "name": "a", "choice_filter": "area = 'x'"}
    cells = [row.get(header.partition("::")[0], "words") for header in survey]
    found: Cells = {"survey": [survey, cells], "choices": CHOICES}
    if choices:
        found["choices"] = [choices, *([*row, "x", "x"][: len(choices)] for row in CHOICES[1:])]
    return found | ({"settings": settings} if settings else {})


CASES: dict[str, tuple[Cells, list[str]]] = {
    "all as it should be": (_form(["type", "name", "label"]), []),
    "swapped letters": (
        _form(["type", "name", "label::English (en)", "hnit::English (en)"]),
        ["survey, row 3: There is no column 'hnit::English (en)'", "mean 'hint::English (en)'?"],
    ),
    "one colon among two": (
        _form(["type", "name", "label::English (en)", "hint:English (en)"]),
        ["no column 'hint:English (en)'", "Did you mean 'hint::English (en)'?"],
    ),
    "a language after a line": (
        _form(["type", "name", "label::English (en)", "label_sw"]),
        ["There is no column 'label_sw'", "Did you mean 'label::sw'?"],
    ),
    "another word": (
        _form(["type", "name", "label", "mandatory"]),
        ["There is no column 'mandatory'", "Did you mean 'required'?"],
    ),
    "on the sheet choices": (
        _form(["type", "name", "label"], ["list_name", "name", "lables"]),
        ["choices, row 7: There is no column 'lables'", "Did you mean 'label'?"],
    ),
    "a filter's column": (
        _form(["type", "name", "label", "choice_filter"], ["list_name", "name", "label", "area"]),
        [],
    ),
    "a filter's column near a known one": (
        _form(["type", "name", "hint", "choice_filter"], ["list_name", "name", "label", "areas"]),
        [],
    ),
    "the author's own": (
        _form(["type", "name", "label", "notes", "source", "checked by", "label2", "names"]),
        [],
    ),
    "two spellings of a language": (
        _form(["type", "name", "label::Kiswahili (sw)", "hint::Swahili"]),
        ["The languages 'Kiswahili (sw)' and 'Swahili' look like the same one"],
    ),
    "a language nobody knows": (
        _form(["type", "name", "label::English (en)", "label::Ours"]),
        ["It is not known which language 'Ours' is", "such as label::Kiswahili (sw)"],
    ),
    "a default of no column": (
        _form(["type", "name", "label::English (en)"], None, [["default_language"], ["English"]]),
        ["settings, row", "The default_language 'English' is", "Did you mean 'English (en)'?"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_headers_nobody_reads(case: str) -> None:
    """A header with a slip is told with its row and the header meant; others are left alone."""
    cells, expected = CASES[case]
    said = "\n".join(str(one) for one in convert(markdown_of(cells), "form.md").warnings)
    assert bool(said) == bool(expected), said
    for words in expected:
        assert words in said


def test_rows_are_read_as_their_headers_were_meant() -> None:
    """A slip in a header that refuses a form hides no other mistake and brings no false ones."""
    rows = [["typ", "nmae", "lable", "relevent"], ["intger", "a b", "A", "${nobody} = 1"]]
    with pytest.raises(FormError) as refused:
        convert(markdown_of({"survey": rows}), "form.md")
    said = [f"{one.what} {one.mend}" for one in refused.value.problems]
    assert [words.partition("Did you mean ")[2] for words in said[:4]] == [
        "'type'?",
        "'name'?",
        "'label'?",
        "'relevant'?",
    ]
    assert [words.partition(".")[0] for words in said[4:]] == [
        "There is no question type 'intger'",
        "The name 'a b' cannot be used",
        "The column relevant asks for ${nobody}, but no question has that name",
    ]


def test_a_sheet_of_another_name_is_named() -> None:
    """A misspelt sheet is told before what is missing without it."""
    cells = _form(["type", "name", "label"])
    with pytest.raises(FormError) as refused:
        convert(markdown_of({"survey": cells["survey"], "choises": CHOICES}), "form.md")
    assert "but one named 'choises'. Rename it to 'choices'." in str(refused.value.problems[0])
