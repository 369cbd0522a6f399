"""Every XForm, Markdown XLSForm and workbook of the corpus loads or is refused by name.

A form that loads is also begun, and every stop of it looked at. What pyxform refuses, we refuse.
No form takes two seconds, and none crashes. Converting a workbook is pyxform's time and not ours:
only reading and beginning are timed.
"""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyxform.errors import PyXFormError  # type: ignore[import-untyped] # it ships no types.
from pyxform.xls2xform import convert  # type: ignore[import-untyped] # it ships no types.

from conversations.xform.instance import Instance, Surroundings
from conversations.xform.problems import FormError
from conversations.xform.reader import read_form
from tests.conformance.tally import Outcome, Tally

SECONDS_MAX = 2.0
NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("pyxform").setLevel(logging.ERROR)


def test_xforms(cases: Path, tally: Tally) -> None:
    """XForms of six projects load or are refused with the reason."""
    for path in _files(cases / "xforms"):
        _count(tally, "xforms", path.name, path.read_bytes())
    _none_crashed(tally, "xforms")


def test_xlsforms_in_markdown(cases: Path, tally: Tally) -> None:
    """What pyxform makes of its own test forms loads or is refused, and what it refuses is."""
    path = cases / "xlsforms-md.jsonl"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    with path.open(encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            xform = case.get("xform") or ""
            if case["errored"] or not xform:
                xform = _converted(case["md"])
            if xform:
                name = case["test"].rpartition(".")[2]
                _count(tally, "xlsforms in Markdown", name, xform.encode())
            else:
                tally.count("xlsforms in Markdown", "refused")
    _none_crashed(tally, "xlsforms in Markdown")


def test_workbooks(cases: Path, tally: Tally) -> None:
    """Workbooks of another server's tests load, or pyxform or the engine says why not."""
    for path in _files(cases / "xlsx"):
        try:
            xform = convert(path).xform
        except (PyXFormError, ValueError, KeyError) as refusal:
            tally.count("workbooks", "refused", f"{path.name}: pyxform: {refusal}")
            continue
        _count(tally, "workbooks", path.name, xform.encode())
    _none_crashed(tally, "workbooks")


def _converted(markdown: str) -> str:
    """Convert a form that pyxform is said to refuse; blank where it does."""
    try:
        return str(convert(markdown).xform)
    except (PyXFormError, ValueError, KeyError):
        return ""


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    yield from sorted(folder.iterdir())


def _count(tally: Tally, group: str, name: str, xform: bytes) -> None:
    started = time.process_time()
    outcome, said = _outcome(xform)
    seconds = time.process_time() - started
    if seconds > SECONDS_MAX:
        outcome, said = "crashed", f"took {seconds:.1f} s"
    tally.count(group, outcome, f"{name}: {said}" if said else "")


def _outcome(xform: bytes) -> tuple[Outcome, str]:
    try:
        form = read_form(xform)
        instance = Instance.begin(form, Surroundings(NOW, "", "seed", "uuid:corpus", NOW))
        for stop in instance.stops():
            instance.state(stop.reference)
    except FormError as refusal:
        return "refused", "; ".join(str(refusal).splitlines()[:3])
    except Exception:  # noqa: BLE001 - counting crashes is the purpose.
        return "crashed", traceback.format_exc(limit=-3)
    return "right", ""


def _none_crashed(tally: Tally, group: str) -> None:
    assert not tally.groups[group].counts["crashed"]
