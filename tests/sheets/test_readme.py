"""The page for coordinators names every column of every sheet, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conversations import sheets
from conversations.sheets.reader import COLUMNS

PAGE = (Path(sheets.__file__).parent / "README.md").read_text("utf-8")


@pytest.mark.parametrize("sheet", COLUMNS)
def test_every_column_is_described(sheet: str) -> None:
    """What the reader takes, a coordinator can look up."""
    part = PAGE.partition(f"\n## {sheet}\n")[2].partition("\n## ")[0]
    described = re.findall(r"^\| `([a-z_]+(?:::Language)?)` \|", part, re.MULTILINE)
    assert described == list(COLUMNS[sheet])
