"""Forms of the engine's tests, written as Markdown tables and converted once."""

from __future__ import annotations

import logging
import textwrap
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from pyxform.xls2xform import convert  # type: ignore[import-untyped] # it ships no types.

from conversations.xform.form import Form
from conversations.xform.instance import Instance, Surroundings
from conversations.xform.reader import read_form

logging.getLogger("pyxform").setLevel(logging.ERROR)

NAIROBI = ZoneInfo("Africa/Nairobi")
NOW = datetime(2026, 11, 22, 21, 30, tzinfo=NAIROBI)


def form(markdown: str, media: Mapping[str, bytes] | None = None) -> Form:
    """Convert and read a form written as Markdown tables."""
    return read_form(_xform(markdown), media) if media else _form(markdown)


@cache
def _form(markdown: str) -> Form:
    return read_form(_xform(markdown))


@cache
def _xform(markdown: str) -> str:
    return str(convert(textwrap.dedent(markdown), form_name="data").xform)


def surroundings(language: str = "en", **changes: object) -> Surroundings:
    """Give surroundings with a fixed clock and seed."""
    known: dict[str, object] = {
        "now": NOW,
        "language": language,
        "seed": "seed",
        "instance_id": "0f1e",
        "started_at": NOW,
    }
    return Surroundings(**{**known, **changes})  # type: ignore[arg-type] # checked by the class.


def begin(markdown: str, language: str = "en", **changes: object) -> Instance:
    """Begin an instance of a form written as Markdown tables."""
    return Instance.begin(form(markdown), surroundings(language, **changes))


def widened(markdown: str, further: Mapping[str, Mapping[str, str]]) -> str:
    """Add columns to the survey table of a form: further cells by question and column."""
    columns = list(dict.fromkeys(column for cells in further.values() for column in cells))
    survey, mark, rest = markdown.partition("    | choices |")
    lines = []
    for line in survey.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 4:
            known = further.get(cells[3], {})
            added = columns if cells[2] == "type" else [known.get(c, "") for c in columns]
            lines.append(line.rstrip() + "".join(f" {cell} |" for cell in added))
        else:
            lines.append(line)
    return "\n".join(lines) + "\n" + mark + rest
