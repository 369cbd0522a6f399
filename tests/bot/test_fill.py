"""`baraza fill`: answers from a file in, XML out, problems in words."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from pyxform.xls2xform import convert  # type: ignore[import-untyped] # it ships no types.
from typer.testing import CliRunner, Result

from bot.cli import main

FORM = """
    | survey |
    |  | type | name | label::English (en) | label::Kiswahili (sw) | constraint | constraint_message::English (en) | constraint_message::Kiswahili (sw) | required | calculation |
    |  | integer | age | Age | Umri | . < 99 | Too old | Mzee mno | yes | |
    |  | select_multiple s | s | S | S | | | | | |
    |  | image | pic | Picture | Picha | | | | | |
    |  | calculate | today | | | | | | | format-date-time(now(), '%e %b %Y %H') |
    |  | begin repeat | child | Child | Mtoto | | | | | |
    |  | text | name | Name | Jina | | | | | |
    |  | integer | dose | Dose | Dozi | . < 4 | Too many | Nyingi mno | | |
    |  | end repeat | | | | | | | | |
    | choices |
    |  | list_name | name | label::English (en) | label::Kiswahili (sw) |
    |  | s | x | X | Eksi |
    |  | s | y | Y | Wai |
    """  # noqa: E501 - a table.

Play = Callable[..., Result]


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a form in two languages as a file."""
    path = tmp_path_factory.mktemp("form") / "visit.xml"
    path.write_text(str(convert(textwrap.dedent(FORM), form_name="data").xform), "utf-8")
    return path


@pytest.fixture
def play(form: Path, tmp_path: Path) -> Play:
    """Give a function that fills the form with answers and options of the command."""

    def played(answers: object, *options: str) -> Result:
        file = tmp_path / "answers.json"
        file.write_text(json.dumps(answers), "utf-8")
        return CliRunner().invoke(main, ["fill", str(form), "--answers", str(file), *options])

    return played


def test_finished_xml_is_all_that_is_printed(play: Play, tmp_path: Path) -> None:
    """Repeats come on demand, several choices are spaced, a file leaves its name."""
    (tmp_path / "a photo.jpg").write_bytes(b"JPEG")
    result = play(
        [
            ["age", 30],
            ["/data/s", "x y"],
            ["pic", str(tmp_path / "a photo.jpg")],
            ["/data/child[1]/name", "Sein"],
            ["/data/child[2]/name", "Naserian"],
            ["/data/child[2]/dose", 2],
        ]
    )
    assert (result.exit_code, result.stderr) == (0, "")
    data = etree.fromstring(result.stdout.encode())
    assert [data.findtext(name) for name in ("age", "s", "pic")] == ["30", "x y", "a photo.jpg"]
    assert data.xpath("child/name/text()") == ["Sein", "Naserian"]


def test_files_may_lie_beside_the_answers(play: Play, tmp_path: Path) -> None:
    """A picture is found from the folder of the answers too."""
    (tmp_path / "photo.jpg").write_bytes(b"JPEG")
    assert play({"age": 3, "pic": "photo.jpg"}).exit_code == 0


def test_moment_and_language_are_those_given(play: Play) -> None:
    """`--now` is the form's clock, and `--language` names the months."""
    options = ("--now", "2026-08-09T16:05:00+03:00", "--language")
    for language, day in (("en", "9 Aug 2026 16"), ("sw", "9 Ago 2026 16")):
        result = play({"age": 3}, *options, language)
        assert etree.fromstring(result.stdout.encode()).findtext("today") == day


def test_moment_must_be_one(play: Play) -> None:
    """What is no moment is a wrong command line."""
    result = play({"age": 3}, "--now", "yesterday")
    assert result.exit_code == 2
    assert "yesterday" in result.stderr


def test_trace_tells_every_node_after_each_answer(play: Play) -> None:
    """Each answer leaves a line of JSON on standard error, and the XML stays alone."""
    result = play([["age", 120], ["age", 30]], "--trace")
    assert result.exit_code == 1
    result = play([["age", 30], ["/data/child[2]/name", "Sein"]], "--trace", "--language", "sw")
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert [(line["path"], line["value"]) for line in lines] == [
        ("/data/age", "30"),
        ("/data/child[2]/name", "Sein"),
    ]
    last = {node["path"]: node for node in lines[1]["nodes"]}
    assert last["/data/child[2]/name"]["value"] == "Sein"
    assert last["/data/s"] == {
        "path": "/data/s",
        "relevant": True,
        "required": False,
        "readonly": False,
        "value": "",
        "label": "S",
        "choices": [{"name": "x", "label": "Eksi"}, {"name": "y", "label": "Wai"}],
        "constraint_satisfied": True,
        "required_satisfied": True,
    }
    assert etree.fromstring(result.stdout.encode()).tag == "data"


@pytest.mark.parametrize(
    ("answers", "language", "said"),
    [
        ({"age": 120}, "en", ("/data/age", "120", "Too old", "Give a value")),
        ({"age": 120}, "sw", ("Mzee mno",)),
        ({"age": "many"}, "en", ("/data/age", "'many'", "whole number")),
        ({"s": "x z"}, "en", ("/data/s", "'x z'", "not on offer", "Choose from: x y")),
        ({"agee": 1}, "en", ("agee", "no such question", "Did you mean age")),
        ({"pic": "nowhere/p.jpg"}, "en", ("/data/pic", "nowhere/p.jpg", "no such file")),
        ({"/data/child[3]/name": "S"}, "en", ("/data/child[3]/name", "next is number 2")),
        ({"/data/child[1]/dose": 9}, "en", ("/data/child[1]/dose", "'9'", "Too many")),
        ({"s": "x"}, "en", ("/data/age", "Add an answer")),
        (["age"], "en", ("Answer 1", '["path", "value"]')),
        (
            [["age", 120], ["agee", 1], ["/data/child[1]/dose", 9]],
            "en",
            ("Too old. Give", "no such question", "Too many. Give"),
        ),
    ],
)
def test_problems_are_named(play: Play, answers: object, language: str, said: tuple[str]) -> None:
    """A refused answer ends it with status 1: path, value, reason and what to do, no XML."""
    result = play(answers, "--language", language)
    assert (result.exit_code, result.stdout) == (1, "")
    for words in said:
        assert words in result.stderr


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            '{"age": 3,, "s": "x"}',
            ("answers.json, line 1, character 11", "double quotes is missing"),
        ),
        ('{"age": 3,\n "s": x}', ("line 2", "a value is missing here", '"s": x}')),
        ('[["age", "3]]', ("line 1", "no closing quote")),
        ('{"age": 3, "age": 4}', ("“age” stands 2 times",)),
        ("7", ("must be a list of [path, value] pairs, or an object",)),
        ("", ("line 1: the file is empty",)),
        ("[" * 100_000, ("brackets",)),
        ('["age", ["s", ["x", "y"]]]', ("Answer 1 is", "Answer 2 is")),
    ],
)
def test_file_that_cannot_be_read(
    form: Path, tmp_path: Path, written: str, said: tuple[str]
) -> None:
    """A spoilt file of answers is told by line, with all entries that are none."""
    file = tmp_path / "answers.json"
    file.write_text(written, "utf-8")
    result = CliRunner().invoke(main, ["fill", str(form), "--answers", str(file)])
    assert (result.exit_code, result.stdout) == (1, "")
    for words in said:
        assert words in result.stderr


def test_language_the_form_lacks_is_told(play: Play) -> None:
    """Another language than the form's is a warning; the form is filled in all the same."""
    result = play({"age": 3}, "--language", "zz")
    assert (result.exit_code, result.stderr) == (
        0,
        "warning: --language: The form does not speak zz; it speaks en, sw.\n",
    )


@pytest.mark.parametrize("moment", ["0001-01-01", "9999-12-31T23:59:59"])
def test_ends_of_the_calendar_are_moments(play: Play, moment: str) -> None:
    """The first and the last day there is do not break it."""
    assert play({"age": 3}, "--now", moment).exit_code == 0
