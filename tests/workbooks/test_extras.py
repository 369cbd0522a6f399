"""The sheets beside a form are read with it from every kind of workbook, and stay with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversations.xform.extras import read_extras, with_extras
from conversations.xform.problems import FormError
from conversations.xform.reader import read_form
from conversations.xform.renumbering import with_version
from conversations.xform.xml import parse
from storage.programmes.forms import read_content
from storage.workbooks import convert
from tests.workbooks.making import HONEST, Cells, csv_of, markdown_of, workbook_of

CELLS: Cells = {
    **HONEST,
    "Flags": [
        ["name", "Relevance", "label::English (en)", "notes"],
        ["dry", "${water} = 'no'", "No water <here> & \u2603", ""],
        [],
        ["far", "${plase} != ''", "Far", ""],
    ],
    "indicators": [["name"], ["births"]],
}
FILES = {"a.xlsx": workbook_of(CELLS), "a.csv": csv_of(CELLS), "a.md": markdown_of(CELLS)}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_workbook_brings_its_sheets(name: str) -> None:
    """Columns are known under one name whatever the header is called; signs come through."""
    form = read_form(convert(FILES[name], name).xform)
    assert form.extras["flags"] == (
        {
            "name": "dry",
            "relevant": "${water} = 'no'",
            "label::English (en)": "No water <here> & \u2603",
        },
        {"name": "far", "relevant": "${plase} != ''", "label::English (en)": "Far"},
    )
    assert form.extras["indicators"] == ({"name": "births"},)


@pytest.mark.parametrize("name", FILES)
def test_a_mistake_has_the_row_that_its_author_sees(name: str) -> None:
    """Blank rows of a spreadsheet and the lines of a text file are counted."""
    read = read_content(FILES[name], Path(name), {}, None)
    found = [one for one in read.problems if one.sheet == "flags" and one.level == "error"]
    lines = [] if name.endswith(".xlsx") else FILES[name].decode().splitlines()
    shown = [number for number, line in enumerate(lines, 1) if "plase" in line] or [4]
    assert [one.row for one in found if one.name == "far"] == shown
    assert read.form is None


def test_a_workbook_without_them_is_as_pyxform_makes_it() -> None:
    """Nothing is added where there is nothing to add."""
    made = convert(markdown_of(HONEST), "a.md").xform.decode()
    assert "urn:baraza" not in made
    assert with_extras(made, {"flags": []}) == made


def test_another_version_of_a_form_keeps_its_sheets() -> None:
    """Whoever lets the bot number the form loses nothing; the XForm brings them back."""
    form = read_form(convert(FILES["a.md"], "a.md").xform)
    again = read_form(with_version(form, "7").source)
    assert (again.version, again.extras) == ("7", form.extras)


@pytest.mark.parametrize(
    ("told", "flags"),
    [
        ("no JSON", ()),
        ("[]", ()),
        ('{"flags": 3}', ()),
        ('{"flags": [3, {"name": 4}], "x": []}', ({"name": "4"},)),
    ],
)
def test_what_nobody_here_wrote_is_passed_over(told: str, flags: tuple[object, ...]) -> None:
    """An XForm from elsewhere may say anything in its head."""
    added = with_extras("<h:head></h:head>", {"flags": [{"name": "a"}]})
    xform = f'<h:html xmlns:h="h">{added}</h:html>'.replace('{"flags": [{"name": "a"}]}', told)
    assert read_extras(parse(xform)).get("flags", ()) == flags


def test_a_row_with_more_cells_than_its_header_is_told() -> None:
    """A slip in a Markdown table is not passed over in silence."""
    table = markdown_of(HONEST) + b"\n| flags |\n| | name |\n| | a | b |\n"
    with pytest.raises(FormError, match="longer than its headers"):
        convert(table, "a.md")
