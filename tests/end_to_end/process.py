"""The `baraza` command as a process of its own, in a folder of its own.

What runs here is this checkout's bot, started and stopped as an operator would.
"""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60.0
"""How long anything may take before it counts as hanging."""


@contextmanager
def running(folder: Path) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    """Run `baraza run` in a folder and yield a client of its simulator; end it with SIGTERM."""
    command = [sys.executable, "-m", "bot", "run", "--no-browser", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert address, process.stderr and process.stderr.read()
        with httpx.Client(base_url=address.group(), timeout=SECONDS) as client:
            yield client, process
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, errors
        assert "Traceback" not in errors, errors


def exported(folder: Path) -> tuple[Path, list[dict[str, str]]]:
    """Run `baraza export` in a folder; return the table of the shipped form, and its rows."""
    command = [sys.executable, "-m", "bot", "export", "--out", "reports"]
    told = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=SECONDS,
        check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    (table,) = (folder / "reports").rglob("ke_mch_report.csv")
    with table.open(encoding="utf-8-sig") as lines:
        return table, list(csv.DictReader(lines))


def environment() -> dict[str, str]:
    """Return an environment in which `python -m bot` is this checkout's."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}
