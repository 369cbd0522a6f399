"""A workbook becomes the XForm that pyxform makes of it, and its rows can be found again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyxform.xls2xform import convert as pyxform_convert  # type: ignore[import-untyped]  # No types.

from conversations.xform.problems import FormError, FormProblem
from storage.workbooks import convert, running
from storage.workbooks.scan import Look
from tests.workbooks.making import HONEST, Cells, csv_of, markdown_of, workbook_of

EXTRA: Cells = {
    name: [["name", "form_id"], ["two_weeks", "later"], ["${nobody}", ""]]
    for name in ("followups", "validations", "flags", "indicators")
}


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Forget earlier reports, and list the names of the forms for which a cage is started."""
    started: list[str] = []
    run = running.run

    def counted(content: bytes, found: Look, name: str) -> running.Report:
        started.append(name)
        return run(content, found, name)

    monkeypatch.setattr(running, "kept", type(running.kept)())
    monkeypatch.setattr(running, "run", counted)
    return started


@pytest.mark.parametrize(
    ("file_name", "write"), [("a.xlsx", workbook_of), ("a.md", markdown_of), ("a.csv", csv_of)]
)
def test_equals_pyxform(file_name: str, write: object, tmp_path: Path) -> None:
    """The cage gives the very XForm that pyxform gives when called directly."""
    assert callable(write)
    content = write(HONEST)
    (tmp_path / file_name).write_bytes(content)
    expected = pyxform_convert(str(tmp_path / file_name)).xform
    assert convert(content, file_name).xform.decode() == expected


def test_a_form_without_id_is_named_after_its_file() -> None:
    """Where the settings name no form_id, the file's name is the form's id, as in pyxform."""
    content = markdown_of({"survey": [*HONEST["survey"][:1], ["text", "a", "A", "A", ""]]})
    assert b'id="springs"' in convert(content, "springs.md").xform


def test_extra_sheets_change_nothing_of_the_form() -> None:
    """The sheets that say what happens after a report disturb neither pyxform nor its checks."""
    plain, extended = (convert(workbook_of(cells), "a.xlsx") for cells in (HONEST, HONEST | EXTRA))
    beside = re.compile(rb"<baraza:sheets .*</baraza:sheets>")
    assert beside.sub(b"", extended.xform) == plain.xform
    assert extended.warnings == plain.warnings == ()


@pytest.mark.parametrize(
    ("file_name", "rows"),
    [
        ("a.xlsx", {"water": 2, "detail": 3, "why": 4, "place": 7, "yes_no": 2}),
        ("a.md", {"water": 4, "detail": 5, "why": 6, "place": 8, "yes_no": 12}),
        ("a.csv", {"water": 3, "detail": 4, "why": 5, "place": 7, "yes_no": 10}),
    ],
)
def test_names_are_found_where_a_person_looks(file_name: str, rows: dict[str, int]) -> None:
    """A row is the spreadsheet's own number; in a text file, the line an editor shows."""
    write = {"a.xlsx": workbook_of, "a.md": markdown_of, "a.csv": csv_of}[file_name]
    workbook = convert(write(HONEST), file_name)
    assert {name: workbook.places[name].row for name in rows} == rows
    lost = FormProblem("Wrong.", "Mend it.", name="/data/detail[1]/why[1]")
    assert workbook.located(lost).row == rows["why"]
    assert workbook.located(lost).name == "why"


def test_a_byte_order_mark_is_no_part_of_the_form() -> None:
    """What spreadsheet programs call 'CSV UTF-8' begins with a mark, and is read all the same."""
    marked = b"\xef\xbb\xbf" + csv_of(HONEST)
    assert convert(marked, "a.csv").xform == convert(csv_of(HONEST), "a.csv").xform


def test_reports_are_kept(fresh: list[str], tmp_path: Path) -> None:
    """The same bytes are converted once, even across starts where a folder is named."""
    content = markdown_of(HONEST)
    first = convert(content, "a.md", tmp_path)
    assert convert(content, "a.md") == first
    running.kept.clear()
    assert convert(content, "a.md", tmp_path) == first
    assert fresh == ["a"]
    assert convert(content, "b.md", tmp_path).xform == first.xform
    assert fresh == ["a", "b"]


def test_refusals_are_kept_too(fresh: list[str], tmp_path: Path) -> None:
    """A refused workbook is refused again without a second conversion, in the same words."""
    content = markdown_of({"survey": [["type", "name"], ["nothing", "a"]]})
    said = []
    for _ in range(2):
        with pytest.raises(FormError) as refused:
            convert(content, "a.md", tmp_path)
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert len(fresh) == 1


def test_a_spoiled_cache_costs_only_time(fresh: list[str], tmp_path: Path) -> None:
    """A report on disk that cannot be read is made anew."""
    content = markdown_of(HONEST)
    convert(content, "a.md", tmp_path)
    running.kept.clear()
    for kept in tmp_path.iterdir():
        kept.write_text("{half")
    convert(content, "a.md", tmp_path)
    assert fresh == ["a", "a"]


def test_the_cage_stands_alone() -> None:
    """The cage is run by its path, without the project on its import path."""
    assert running.CAGE.is_file()
    source = running.CAGE.read_text("utf-8")
    assert "from storage" not in source
    assert "from conversations" not in source


def test_an_endless_conversion_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversion that outlasts its time is ended, and its author told what to shorten."""
    monkeypatch.setattr(running, "WORK_SECONDS_MIN", 0.01)
    monkeypatch.setattr(running, "WORK_SECONDS_PER_CELL", 0.0)
    cells: Cells = HONEST | {"settings": [["form_id"], ["never_seen_before"]]}
    with pytest.raises(FormError, match="takes too long"):
        convert(workbook_of(cells), "a.xlsx")


def test_old_clock_limits_work_without_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no processor limit works, the cage is killed by the clock."""
    monkeypatch.setattr(running, "WALL_SECONDS_MIN", 0.05)
    monkeypatch.setattr(running, "WALL_FACTOR", 0)
    cells: Cells = HONEST | {"settings": [["form_id"], ["never_seen_either"]]}
    with pytest.raises(FormError, match="takes too long"):
        convert(workbook_of(cells), "a.xlsx")
