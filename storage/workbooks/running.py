"""Run the converter in its cage, and remember what it said.

The same bytes always give the same report, so reports are kept by the hash of what went in: in
memory, and in a folder where one is named. Reports of a cage that had to be ended are not kept:
another machine may be faster.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from storage.workbooks.scan import Look

REPORTS_KEPT_MAX: Final = 64
WORK_SECONDS_MIN: Final = 0.8
WORK_SECONDS_PER_CELL: Final = 0.0006
WORK_SECONDS_MAX: Final = 30.0
"""Processor time for the work itself; starting the cage takes about another second."""
WALL_FACTOR: Final = 6
WALL_SECONDS_MIN: Final = 15.0
"""The last resort where no processor limit works, generous to a busy machine."""

CAGE: Final = Path(__file__).with_name("cage.py")
_VERSION: Final = importlib.metadata.version("pyxform").encode() + CAGE.read_bytes()
kept: OrderedDict[str, Report] = OrderedDict()
"""The reports of this process, the latest used last."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the cage said before it ended; `ended` names the limit that ended it, if one did."""

    sheets: dict[str, list[tuple[int, dict[str, str]]]]
    headers: dict[str, list[str]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    xform: str | None = None
    warnings: tuple[str, ...] = ()
    refusal: str = ""
    by: str = ""
    ended: str = ""


def report(content: bytes, found: Look, name: str, cache_folder: Path | None) -> Report:
    """Return what pyxform makes of a workbook whose form is called `name` unless it says."""
    key = hashlib.sha256(
        b"\0".join((_VERSION, found.kind.encode(), name.encode(), content))
    ).hexdigest()
    known = kept.get(key) or _from_folder(cache_folder, key)
    fresh = known or run(content, found, name)
    if not fresh.ended:
        _keep(key, fresh)
        if known is None:
            _into_folder(cache_folder, key, fresh)
    return fresh


def _keep(key: str, fresh: Report) -> None:
    kept[key] = fresh
    kept.move_to_end(key)
    while len(kept) > REPORTS_KEPT_MAX:
        kept.popitem(last=False)


def run(content: bytes, found: Look, name: str) -> Report:
    """Start a cage, wait for what it says, and end it when its time is over."""
    seconds = min(WORK_SECONDS_MIN + found.size * WORK_SECONDS_PER_CELL, WORK_SECONDS_MAX)
    command = [sys.executable, "-I", "-X", "utf8", str(CAGE), found.kind, name, str(seconds)]
    with tempfile.TemporaryDirectory(prefix="baraza-workbook-") as folder:
        cage = subprocess.Popen(  # noqa: S603 - our own file, run by this very interpreter.
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"TMPDIR": folder, "TEMP": folder, **_system_root()},
        )
        with cage:
            return _wait(cage, content, WALL_SECONDS_MIN + WALL_FACTOR * seconds)


def _system_root() -> dict[str, str]:
    """Return the one variable without which Windows starts no Python."""
    return {key: os.environ[key] for key in ("SYSTEMROOT",) if key in os.environ}


def _wait(cage: subprocess.Popen[bytes], content: bytes, wall_seconds: float) -> Report:
    try:
        said, _ = cage.communicate(content, wall_seconds)
    except subprocess.TimeoutExpired:
        cage.kill()
        said, _ = cage.communicate()
        return read(said, "time")
    return read(said, _ended(cage.returncode))


def _ended(returncode: int) -> str:
    if returncode == 0:
        return ""
    return "time" if returncode == -getattr(signal, "SIGPROF", -1) else "memory"


def read(said: bytes, ended: str = "") -> Report:
    """Read the lines a cage has said, and the limit that ended it, if one did."""
    members: dict[str, Any] = {"sheets": {}}
    for line in said.splitlines():
        with contextlib.suppress(ValueError):  # The last line may be half written.
            members |= json.loads(line)
    if not ended and not (members.get("xform") or members.get("refusal") or members.get("by")):
        ended = "memory"
    return Report(**{**members, "ended": ended, **_tuples(members)})


def _tuples(members: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(members.get(key, ())) for key in ("names", "types", "warnings")}


def _from_folder(folder: Path | None, key: str) -> Report | None:
    if folder is None:
        return None
    with contextlib.suppress(OSError, ValueError, TypeError):
        members = json.loads((folder / f"{key}.json").read_text("utf-8"))
        return Report(**{**members, **_tuples(members)})
    return None


def _into_folder(folder: Path | None, key: str, fresh: Report) -> None:
    """Write beside and rename, so that nobody reads half a report; a full disk loses only time."""
    if folder is None:
        return
    members = {slot: getattr(fresh, slot) for slot in Report.__slots__}
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"{key}.{os.getpid()}.part"
        draft.write_text(json.dumps(members), "utf-8")
        draft.replace(folder / f"{key}.json")
