"""A programme's folder is read as a whole, and all that is wrong in it is told at once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from conversations.areas import Area
from conversations.programme import Limits
from conversations.xform.problems import FormError
from storage.programmes import check, load_form, load_programme

TOML = """
name = "springs"
languages = ["en", "sw"]
time_zone = "Africa/Nairobi"
safety = "normal"
offered = ["springs"]
attachment_megabytes_max = 2

[title]
en = "Springs"
sw = "Chemchemi"

[consent]
version = "1"
text = { en = "Do you agree?", sw = "Je, unakubali?" }
"""
FORM = """
| survey |
| | type | name | label::English (en) | label::Kiswahili (sw) |
| | text | place | Which spring? | Chemchemi gani? |
| settings |
| | form_id | version | default_language |
| | springs | 1 | English (en) |
"""
AREA = {
    "type": "Feature",
    "properties": {"code": "w1", "name": {"en": "First ward", "sw": "Kata ya kwanza"}},
    "geometry": {"type": "Point", "coordinates": [35.8, -1.2]},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a programme's folder with one small form."""
    (tmp_path / "forms").mkdir()
    (tmp_path / "programme.toml").write_text(TOML, "utf-8")
    (tmp_path / "forms" / "springs.md").write_text(FORM, "utf-8")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    """Write a file of the programme."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")


def said(folder: Path) -> list[str]:
    """Return what `check` says, one line a problem."""
    return [f"{problem.level}: {problem}" for problem in check(folder)]


def test_a_folder_becomes_a_programme(folder: Path) -> None:
    """Name, languages, zone, consent, forms, media and areas are read from their files."""
    write(folder, "media/spring.jpg", "a picture")
    write(folder, "areas.geojson", json.dumps({"type": "FeatureCollection", "features": [AREA]}))
    programme = load_programme(folder)
    assert (programme.name, programme.languages) == ("springs", ("en", "sw"))
    assert programme.consent.text["sw"] == "Je, unakubali?"
    assert programme.offered == (("springs", "1"),)
    assert programme.forms["springs", "1"].default_language == "English (en)"
    assert programme.media == {"spring.jpg": b"a picture"}
    assert programme.areas == {
        "w1": Area({"en": "First ward", "sw": "Kata ya kwanza"}, (), ((-1.2, 35.8),))
    }
    assert programme.attachment_bytes_max == 2_000_000
    assert check(folder) == []


def test_limits(folder: Path) -> None:
    """Each limit may be set alone, the others stay; a misspelt one is told."""
    assert load_programme(folder).limits == Limits(60, 50, 200_000_000)
    write(folder, "programme.toml", f"{TOML}\n[limits]\nreports_a_day = 0\n")
    assert load_programme(folder).limits == Limits(60, 0, 200_000_000)
    write(folder, "programme.toml", f"{TOML}\n[limits]\nreports_aday = 5\n")
    (line,) = said(folder)
    assert "limits.reports_aday: There is no such key. Did you mean 'reports_a_day'?" in line
    write(folder, "programme.toml", f"{TOML}\n[limits]\nreports_open = 3\n")
    assert load_programme(folder).limits.reports_open == 3
    for none_or_any in (0, 11):
        write(folder, "programme.toml", f"{TOML}\n[limits]\nreports_open = {none_or_any}\n")
        (line,) = said(folder)
        assert "Write a number from 1 to 10; there is always one, and never no limit." in line


def test_the_newest_version_is_offered(folder: Path) -> None:
    """Older versions of a form stay for those who are in the middle of them."""
    write(folder, "forms/springs_2.md", FORM.replace("| springs | 1 |", "| springs | 2 |"))
    programme = load_programme(folder)
    assert programme.offered == (("springs", "2"),)
    assert set(programme.forms) == {("springs", "1"), ("springs", "2")}


def test_all_files_are_told_at_once(folder: Path) -> None:
    """Problems of every file come together, each with its file and place."""
    write(folder, "programme.toml", TOML.replace("safety =", "saftey ="))
    write(folder, "forms/second.md", FORM.replace("text |", "txet |"))
    write(folder, "areas.geojson", json.dumps({"type": "FeatureCollection", "features": [{}]}))
    with pytest.raises(FormError) as refused:
        load_programme(folder)
    lines = str(refused.value).split("\n")
    assert lines == [
        "programme.toml, safety: This is missing. Write normal, sensitive or high-risk.",
        "programme.toml, row 5, saftey: There is no such key. Did you mean 'safety'?",
        (
            "forms/second.md, sheet survey, row 4, place: There is no question type 'txet'. "
            "Did you mean 'text'?"
        ),
        "areas.geojson: Area 1 has no code. Add properties.code.",
        "areas.geojson: Area 1 has no name. Add properties.name.",
        "areas.geojson: Area 1 has no shape. Draw it as a polygon, or mark a point.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            '"Africa/Nairobi"',
            '"Africa/Nairoby"',
            (
                "programme.toml, row 4, time_zone: There is no time zone Africa/Nairoby. "
                "Did you mean 'Africa/Nairobi'?"
            ),
        ),
        ('"normal"', '"risky"', "programme.toml, row 5, safety: Input should be 'normal',"),
        ('en = "Springs"', "", "programme.toml, row 9, title: The text in en, the first language"),
        ('sw = "Chem', 'se = "Chem', "row 11, title.se: se is not among the languages. Add"),
        ('["springs"]', '["sprigns"]', "The offered form sprigns is not in the folder forms. Did"),
        ('version = "1"', "", "programme.toml, row 13, consent.version: This is missing."),
        ('name = "springs"', 'name = "Springs!"', "Write a lasting name in small letters"),
        ("[consent]", "[consent", "programme.toml, row 13: This is not TOML"),
        ('["en", "sw"]', '["english"]', "programme.toml, row 3, languages.0: "),
        ("= 2\n", "= 200\n", "Write a number from 1 to 20."),
    ],
)
def test_the_declaration_is_checked(folder: Path, old: str, new: str, expected: str) -> None:
    """What programme.toml says wrongly is told with its line and what to write."""
    write(folder, "programme.toml", TOML.replace(old, new))
    errors = [line for line in said(folder) if line.startswith("error")]
    assert len(errors) >= 1
    assert expected in errors[0], errors


def test_missing_translations_are_warnings(folder: Path) -> None:
    """A text missing in a later language refuses nothing; the first language stands in."""
    write(folder, "programme.toml", TOML.replace('sw = "Chemchemi"', ""))
    assert said(folder) == [
        'warning: programme.toml, row 9, title: The text in sw is missing. Add sw = "…".'
    ]
    assert load_programme(folder).title == {"en": "Springs"}


def test_a_language_may_stand_in_for_another(folder: Path) -> None:
    """Maa may be offered before its consent is translated, once Swahili stands in for it."""
    bare = TOML.replace('["en", "sw"]', '["en", "sw", "mas"]')
    write(folder, "programme.toml", bare)
    assert any("The text in mas is missing" in one for one in said(folder) if "error" in one)
    write(folder, "programme.toml", f'{bare}\n[fallback]\nmas = ["sw"]\n')
    programme = load_programme(folder)
    assert programme.fallback == {"mas": ("sw",)}
    assert programme.language_of(programme.consent.text, "mas", "sw", "en") == "sw"
    write(folder, "programme.toml", f'{TOML}\n[fallback]\nmaa = ["sw"]\n')
    assert any("maa is not among the languages" in one for one in said(folder))


def test_a_form_that_lacks_a_language(folder: Path) -> None:
    """A form that does not speak one of the programme's languages is a warning."""
    write(folder, "forms/springs.md", FORM.replace("label::Kiswahili (sw)", "label::Maa (mas)"))
    (line,) = said(folder)
    assert line.startswith("warning: forms/springs.md: The form does not speak sw")


def test_two_forms_of_one_id(folder: Path) -> None:
    """Two files with the same form id and version are refused: answers would mix."""
    shutil.copy(folder / "forms" / "springs.md", folder / "forms" / "copy.md")
    assert sum("Several forms have the id springs" in line for line in said(folder)) == 2


def test_an_empty_folder(tmp_path: Path) -> None:
    """A folder without anything is no programme, and says what belongs into it."""
    assert any("There is no programme.toml" in line for line in said(tmp_path))
    assert any("There are no forms" in line for line in said(tmp_path))
    with pytest.raises(FormError, match=r"programme\.toml"):
        load_programme(tmp_path)


def test_a_single_form(folder: Path) -> None:
    """One form can be read by itself, from a workbook's file or an XForm's."""
    path = folder / "forms" / "springs.md"
    form = load_form(path)
    assert (form.form_id, form.version) == ("springs", "1")
    assert check(path) == []
    broken = folder / "broken.xml"
    broken.write_text("<h:html>", "utf-8")
    with pytest.raises(FormError):
        load_form(broken)


def test_what_editors_leave_behind_is_no_form(folder: Path) -> None:
    """Lock files of spreadsheet programs, hidden files and read-me files are passed over."""
    for name in ("~$springs.xlsx", ".springs.md.swp", "README.md", "notes.txt"):
        write(folder, f"forms/{name}", "not a form")
    assert check(folder) == []


def test_texts_under_no_language_stand_for_all(folder: Path) -> None:
    """A label under no language beside a hint under one is nobody's missing language."""
    survey = """
| survey |
| | type | name | label | guidance_hint | guidance_hint::English (en) |
| | text | who | Who? | | Write the name. |
| settings |
| | form_id | version |
| | springs | 1 |
"""
    write(folder, "forms/springs.md", survey)
    told = "\n".join(said(folder))
    assert "default" not in told
    assert "does not speak en" not in told


def test_areas_may_name_their_zone(folder: Path) -> None:
    """An area has clocks of its own where its zone is named; a zone nobody knows is told."""
    named = {**AREA, "properties": {**AREA["properties"], "zone": "America/Manaus"}}
    write(folder, "areas.geojson", json.dumps({"type": "FeatureCollection", "features": [named]}))
    assert load_programme(folder).areas["w1"].zone == "America/Manaus"
    named["properties"]["zone"] = "Mars/Olympus"
    write(folder, "areas.geojson", json.dumps({"type": "FeatureCollection", "features": [named]}))
    (line,) = said(folder)
    assert "Area 1 has a zone that nobody knows: Mars/Olympus." in line
