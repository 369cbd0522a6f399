"""Forms with sheets beside them, as the tests of this folder write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from conversations.sheets import Sheets, read_sheets
from conversations.xform.editing import read_submission
from conversations.xform.extras import with_extras
from conversations.xform.form import Form
from conversations.xform.instance import Instance, Surroundings
from conversations.xform.reader import read_form
from storage.workbooks import convert
from tests.workbooks.making import Cells, markdown_of

NAIROBI = ZoneInfo("Africa/Nairobi")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=NAIROBI)

CELLS: Cells = {
    "survey": [
        ["type", "name", "label::English (en)", "label::Kiswahili (sw)", "calculation"],
        ["select_one topic", "topic", "What is it?", "Ni nini?", ""],
        ["date", "due_date", "When is it due?", "Lini?", ""],
        ["integer", "age", "How old?", "Umri?", ""],
        ["text", "facility", "Which clinic?", "Kliniki gani?", ""],
        ["select_multiple problem", "problems", "What happened?", "Nini kilitokea?", ""],
        ["select_one yes_no", "follow_ok", "May we ask again?", "Tuulize tena?", ""],
        ["geopoint", "point", "Where is it?", "Wapi?", ""],
        ["calculate", "expected_on", "", "", "if(${due_date} != '', ${due_date}, '')"],
        ["begin_repeat", "child", "Child", "Mtoto", ""],
        ["date", "born_on", "Born on?", "Alizaliwa lini?", ""],
        ["end_repeat", "", "", "", ""],
    ],
    "choices": [
        ["list_name", "name", "label::English (en)", "label::Kiswahili (sw)"],
        ["topic", "pregnancy", "A pregnancy", "Ujauzito"],
        ["topic", "service", "A clinic", "Kliniki"],
        ["problem", "closed", "It was closed", "Ilifungwa"],
        ["problem", "cost", "It cost too much", "Gharama"],
        ["yes_no", "yes", "Yes", "Ndiyo"],
        ["yes_no", "no", "No", "Hapana"],
    ],
    "settings": [["form_id", "version"], ["report", "1"]],
}


def form_with(**sheets: Sequence[Mapping[str, str]]) -> Form:
    """Read the form with rows on the sheets beside it, as a workbook's would be."""
    filled = {
        name: [{column: cell for column, cell in row.items() if cell} for row in rows]
        for name, rows in sheets.items()
    }
    return read_form(with_extras(_xform(), filled))


@cache
def _xform() -> str:
    return convert(markdown_of(CELLS), "report.md").xform.decode()


def sheets_with(**sheets: Sequence[Mapping[str, str]]) -> Sheets:
    """Return what the sheets say; they have no error."""
    found, problems = read_sheets(form_with(**sheets))
    assert [str(one) for one in problems if one.level == "error"] == []
    return found


def said_of(sheet: str, *rows: Mapping[str, str]) -> list[str]:
    """Return what is wrong with rows of a sheet, one line a problem."""
    _, problems = read_sheets(form_with(**{sheet: rows}))
    return [f"{one.level}: {one}" for one in problems]


def report(form: Form, answers: Mapping[str, str], language: str = "en") -> Instance:
    """Fill a form in, keep it, and bring it back from what was kept."""
    around = Surroundings(NOW, language, "seed", "uuid:1", NOW)
    instance = Instance.begin(form, around)
    for name, value in answers.items():
        instance.put(f"/data/{name}", value)
    return read_submission(form, instance.finish(NOW).xml, around)
