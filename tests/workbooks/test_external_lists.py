"""The lists of `select_one_external` are part of the form, as those of any other choice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from conversations.xform.form import Form, Question
from conversations.xform.instance import Instance, Surroundings
from conversations.xform.problems import FormError
from conversations.xform.reader import read_form
from storage.workbooks import cage, convert
from tests.workbooks.making import Cells, csv_of, markdown_of, workbook_of

CLINICS: Cells = {
    "survey": [
        [
            "type",
            "name",
            "label::English (en)",
            "label::Kiswahili (sw)",
            "required",
            "choice_filter",
        ],
        ["select_one county", "county", "Which county?", "Kaunti gani?", "yes", ""],
        [
            "select_one_external ward",
            "ward",
            "Which ward?",
            "Wadi gani?",
            "yes",
            "county=${county}",
        ],
        ["select_one_external county", "born", "Born where?", "Ulizaliwa wapi?", "", ""],
    ],
    "choices": [
        ["list_name", "name", "label::English (en)", "label::Kiswahili (sw)"],
        ["county", "nairobi", "Nairobi", "Nairobi"],
        ["county", "kisumu", "Kisumu", "Kisumu"],
    ],
    "external_choices": [
        [
            "list_name",
            "name",
            "label::English (en)",
            "label::Kiswahili (sw)",
            "note",
            "county",
            "media::image",
        ],
        ["ward", "east", "East", "Mashariki", "", "nairobi", ""],
        ["ward", "west", "West", "Magharibi", "far", "nairobi", ""],
        ["ward", "lake", "Lake side", "Kando ya ziwa", "", "kisumu", "lake.jpg"],
        ["ward", "west", "Western hills", "Milima ya magharibi", "", "kisumu", ""],
        ["county", "elsewhere", "Elsewhere", "Kwingine", "", "", ""],
    ],
    "settings": [["form_id", "default_language"], ["clinics", "English (en)"]],
}


def begun(form: Form, language: str, county: str) -> Instance:
    """Begin a form in a language, the county told."""
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    instance = Instance.begin(form, Surroundings(now, language, "seed", "0f1e", now))
    instance.answer("/data/county", county)
    return instance


def offered(instance: Instance, question: str) -> list[tuple[str, str]]:
    """Return the names and labels of the choices of a question."""
    choices = instance.state(f"/data/{question}").choices
    return [(choice.name, choice.label) for choice in choices]


@pytest.mark.parametrize(
    ("file_name", "write"), [("a.xlsx", workbook_of), ("a.md", markdown_of), ("a.csv", csv_of)]
)
def test_the_choices_follow_the_answer_in_each_language(file_name: str, write: object) -> None:
    """An earlier answer filters the list, whose labels are those of the person's language."""
    assert callable(write)
    form = read_form(convert(write(CLINICS), file_name).xform)
    assert offered(begun(form, "en", "nairobi"), "ward") == [("east", "East"), ("west", "West")]
    assert offered(begun(form, "sw", "kisumu"), "ward") == [
        ("lake", "Kando ya ziwa"),
        ("west", "Milima ya magharibi"),
    ]


def test_the_question_is_a_choice_like_any_other() -> None:
    """Only what is on offer is an answer; the pictures of the choices come along."""
    form = read_form(convert(workbook_of(CLINICS), "a.xlsx").xform)
    ward, instance = form.elements["/data/ward"], begun(form, "en", "kisumu")
    assert isinstance(ward, Question)
    assert (ward.control, ward.kind) == ("select1", "select_one")
    assert instance.state("/data/ward").choices[0].media.image == "lake.jpg"
    instance.answer("/data/ward", "lake")
    assert instance.state("/data/ward").value == "lake"
    assert not form.warnings


def test_lists_of_one_name_on_both_sheets_stay_apart() -> None:
    """A list of `external_choices` adds nothing to the list of that name on the sheet choices."""
    instance = begun(read_form(convert(workbook_of(CLINICS), "a.xlsx").xform), "en", "kisumu")
    assert [name for name, _ in offered(instance, "county")] == ["nairobi", "kisumu"]
    assert offered(instance, "born") == [("elsewhere", "Elsewhere")]


@pytest.mark.parametrize(
    "header",
    [
        ["list name", "value", "label:English (en)", "label:Kiswahili (sw)", "note", "county", "x"],
        [
            "List_Name",
            "Name",
            "Caption::English (en)",
            "caption::Kiswahili (sw)",
            "a note",
            "county",
            "image",
        ],
    ],
)
def test_the_sheets_may_name_their_columns_otherwise(header: list[str]) -> None:
    """Each sheet is read by its own headers, in every way of writing that pyxform knows."""
    rows = CLINICS["external_choices"]
    cells: Cells = {**CLINICS, "external_choices": [header, *rows[1:]]}
    instance = begun(read_form(convert(workbook_of(cells), "a.xlsx").xform), "sw", "nairobi")
    assert offered(instance, "ward") == [("east", "Mashariki"), ("west", "Magharibi")]


def only_external(choice_filter: str) -> bytes:
    """Write a workbook without a sheet choices."""
    survey = [
        ["type", "name", "label", "choice_filter"],
        ["select_one_external ward", "ward", "Which?", choice_filter],
    ]
    lists = [["list_name", "name", "label"], ["ward", "east", "East"], ["ward", "", "Nameless"]]
    return workbook_of({"survey": survey, "external_choices": lists})


def test_no_sheet_choices_is_needed() -> None:
    """A workbook whose only lists are external ones has them all the same."""
    form = read_form(convert(only_external("true()"), "a.xlsx").xform)
    ward = form.elements["/data/ward"]
    assert isinstance(ward, Question)
    assert ward.kind == "select_one"


def test_an_external_list_without_a_filter_is_told_plainly() -> None:
    """Where pyxform gives no reason, its author still learns what is missing, and in which row."""
    with pytest.raises(FormError) as refused:
        convert(only_external(""), "a.xlsx")
    (problem,) = refused.value.problems
    assert (problem.sheet, problem.row) == ("survey", 2)
    assert problem.what == "A select_one_external needs a choice_filter."


def test_a_list_can_be_too_long() -> None:
    """More rows than a sheet of choices may have are refused, with what to do instead."""
    rows = [["list_name", "name", "label"], *(["w", str(n), "W"] for n in range(cage.ROWS_MAX + 1))]
    survey = [["type", "name", "label"], ["select_one_external w", "w", "Which?"]]
    with pytest.raises(FormError, match="more than 20,000 rows"):
        convert(workbook_of({"survey": survey, "external_choices": rows}), "a.xlsx")
