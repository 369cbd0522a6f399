"""Workbooks spoilt at random, as tired people spoil them, are answered in an author's words.

A seeded walk over the questionnaires beside the checkout, the programme that ships and ODK's own
Markdown forms. What the cage would do in a process of its own is done in this one: a process for
each spoilt workbook would take minutes.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import re
import tarfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]  # It brings no types.
import pytest

from bot.programmes import SHIPPED, programme_folder
from conversations.filling import FillError, fill
from conversations.xform.form import Form, Question
from conversations.xform.instance import Surroundings
from conversations.xform.problems import FormError, FormProblem
from storage.programmes import check, load_form
from storage.workbooks import cage, running
from storage.workbooks.scan import Look
from tests.workbooks.making import Cells, markdown_of

QUESTIONNAIRES = Path("../shared/domain/forms")
CORPUS = Path("../shared/conformance/visible.tar.xz")
SECONDS = 2.0
"""Of processor time, for each of the sources."""
NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)

RAW = re.compile(
    r"Traceback|Error\b|Exception|NoneType|object at 0x|[Ii]nternal|<class |pyxform|PyXForm|/site-"
    r"|'_\w+'|\{\}|list index|dict\b"
)
JUNK = (
    *("${", "((", "'", "a b", "=1+1", "😀", "${a} >", "[1", "if(", "-", "0", ". .", "\\"),
    "select_one",
)

Rows = list[list[str]]


def _table(text: str) -> Rows:
    """Split a Markdown form into its cells; lines that are no table have none."""
    return [re.split(r"(?<!\\)\|", line) for line in text.split("\n")]


def _slip(chance: random.Random, word: str) -> str:
    at = chance.randrange(max(1, len(word) - 1))
    match chance.randrange(3):
        case 0:
            return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
        case 1:
            return word[:at] + word[at + 1 :]
        case _:
            return word[:at] + word[at : at + 1] * 2 + word[at + 1 :]


def _spoil(chance: random.Random, rows: Rows) -> None:
    """Do to a form what a slip of the hand does."""
    filled = [row for row in rows if len(row) > 2] or rows
    row = chance.choice(filled)
    at = chance.randrange(len(row))
    match chance.randrange(7):
        case 0:
            row[at] = ""
        case 1:
            row[at] = f" {_slip(chance, row[at].strip())} "
        case 2:
            other = chance.randrange(len(row))
            row[at], row[other] = row[other], row[at]
        case 3:
            rows.insert(rows.index(row), list(row))
        case 4:
            rows.remove(row)
        case 5:
            row[at] = row[at][: len(row[at]) // 2] + " "
        case _:
            row[at] = f" {chance.choice(JUNK)} "


def _spoilt(chance: random.Random, text: str) -> str:
    rows = _table(text)
    for _ in range(chance.randint(1, 4)):
        _spoil(chance, rows)
    return "\n".join("|".join(row) for row in rows)


def _in_this_process(content: bytes, found: Look, name: str) -> running.Report:
    told = (json.dumps(said).encode() for said in cage.examine(content, found.kind, name))
    return running.read(b"\n".join(told))


def _questionnaires() -> list[str]:
    return [_as_markdown(path) for path in sorted(QUESTIONNAIRES.glob("*.xlsx"))]


def _as_markdown(path: Path) -> str:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    cells: Cells = {
        sheet.title: [
            [re.sub(r"[\n|]", " ", str(cell or "")) for cell in row]
            for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book
    }
    return markdown_of(cells).decode()


def _shipped() -> list[str]:
    folder = programme_folder(SHIPPED[0]) / "forms"
    return [path.read_text("utf-8") for path in sorted(folder.glob("*.md"))]


def _corpus() -> list[str]:
    if not CORPUS.is_file():
        return []
    with tarfile.open(CORPUS) as archive:
        member = next(one for one in archive if one.name.endswith("xlsforms-md.jsonl"))
        lines = io.TextIOWrapper(archive.extractfile(member) or io.BytesIO(), "utf-8")
        return [text for line in lines if (text := json.loads(line)["md"])]


@pytest.mark.parametrize(
    "source", [_questionnaires, _shipped, _corpus], ids=["questionnaires", "shipped", "corpus"]
)
def test_spoilt_workbooks_are_answered_in_words(
    source: Callable[[], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However a form is spoilt, its author hears what is wrong and what to do, and no more."""
    texts = source()
    if not texts:
        pytest.skip("the forms are not beside the checkout")
    monkeypatch.setattr(running, "run", _in_this_process)
    path = tmp_path / "form.md"
    chance = random.Random(20261122)  # noqa: S311 - a walk that can be walked again.
    ends = time.process_time() + SECONDS
    while time.process_time() < ends:
        spoilt = _spoilt(chance, chance.choice(texts))
        path.write_text(spoilt, "utf-8")
        for problem in check(path):
            _is_said_plainly(problem, spoilt)
        _fills(path, chance)


def _is_said_plainly(problem: FormProblem, spoilt: str) -> None:
    ours = re.sub(r"'[^']*'|“[^”]*”|\(in: .*|\$\{[^}]*\}", "", problem.what)
    assert problem.what, spoilt
    assert problem.mend or problem.level == "warning", (str(problem), spoilt)
    assert not RAW.search(ours), (str(problem), spoilt)
    assert not RAW.search(problem.mend), (str(problem), spoilt)


def _fills(path: Path, chance: random.Random) -> None:
    try:
        form = load_form(path)
    except FormError:
        return
    answers = [(question, chance.choice((*JUNK, "1", "yes"))) for question in _questions(form)]
    around = Surroundings(NOW, "", "seed", "uuid:spoilt", NOW)
    with contextlib.suppress(FillError):
        fill(form, [*answers, ("nobody", "1"), ("/data/x[2]", "1")], around)


def _questions(form: Form) -> list[str]:
    return [path for path, one in form.elements.items() if isinstance(one, Question)][:20]
