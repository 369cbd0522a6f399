"""Where each name of a form stands in its workbook, for problems found after the conversion."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from storage.workbooks.sheets import Sheets

CHOICES: Final = "choices"
SETTINGS: Final = "settings"
_FILES: Final = re.compile(
    r"from[_ ]file\s+(\S+)|(?:pulldata|search)\(\s*['\"]([^'\"]+)['\"]|jr://[\w/\-]*/([\w.\-]+)"
)
_BLOCK: Final = re.compile(r"^(begin|end)[ _]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a sheet, counted as the author counts."""

    sheet: str
    row: int


def find_places(sheets: Sheets) -> dict[str, Place]:
    """Map paths (`/data/child/name`), unique names and choice lists to their rows.

    A list stands under its name where no question has it, and always under `choices:LIST`; a
    choice under `choices:LIST/NAME`, a setting under `settings:COLUMN`, a file under its name.
    """
    paths = _paths(sheets)
    names = Counter(path.rpartition("/")[2] for path in paths)
    lists = _lists(sheets)
    found = _files(sheets) | lists
    found |= {f"{CHOICES}:{name}": place for name, place in lists.items()}
    for row in sheets.sheet(SETTINGS):
        found |= {f"{SETTINGS}:{name}": Place(SETTINGS, row.row) for name in row.cells}
    for path, place in paths.items():
        name = path.rpartition("/")[2]
        if names[name] == 1:
            found[name] = place
        found[path] = place
    return found


def _paths(sheets: Sheets) -> dict[str, Place]:
    """Follow begin and end rows; pyxform has already made sure that they match."""
    steps = ["", _root(sheets)]
    found: dict[str, Place] = {}
    for row in sheets.sheet("survey"):
        name = row.get("name")
        block = _BLOCK.match(row.get("type"))
        if block and block[1].lower() == "end":
            steps = steps[: max(2, len(steps) - 1)]
            continue
        if name:
            found["/".join((*steps, name))] = Place("survey", row.row)
        if block:
            steps.append(name)
    return found


def _root(sheets: Sheets) -> str:
    return next((row.get("name") for row in sheets.sheet("settings") if row.get("name")), "data")


def _lists(sheets: Sheets) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for row in sheets.sheet("choices"):
        list_name, place = row.get("list_name"), Place(CHOICES, row.row)
        if list_name:
            found.setdefault(list_name, place)
            found.setdefault(f"{list_name}/{row.get('name')}", place)
    return found


def _files(sheets: Sheets) -> dict[str, Place]:
    """Return the row that first asks for each file; pulldata() leaves its ending out."""
    found: dict[str, Place] = {}
    for row in sheets.sheet("survey"):
        for cell in row.cells.values():
            for names in _FILES.findall(cell):
                for name in filter(None, names):
                    place = found.setdefault(name, Place("survey", row.row))
                    found.setdefault(f"{name}.csv", place)
    return found
