"""A worker as its supervisor starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.end_to_end.process import ROOT, SECONDS, environment


def test_a_worker_without_its_database_says_so_in_a_line(tmp_path: Path) -> None:
    """A database that is away when a worker begins is no mistake in the program."""
    variables = {
        "BARAZA_TOKEN": "123456:a-token-of-the-tests",
        "BARAZA_API_URL": "http://127.0.0.1:9",
        "BARAZA_WEBHOOK": "http://127.0.0.1:9/telegram",
        "BARAZA_DATABASE_URL": f"postgresql:///nobody?host={tmp_path}",
        "BARAZA_DATA_DIR": str(tmp_path / "data"),
    }
    programme = str(ROOT / "bot" / "programmes" / "kenya_mother_and_child")
    supervised, supervisor = os.pipe()
    told = subprocess.run(
        [sys.executable, "-m", "bot.worker", "1", "-1", "-1", programme],
        cwd=tmp_path, env=environment() | variables, capture_output=True, text=True,
        timeout=SECONDS, check=False, stdin=supervised,
    )  # fmt: skip
    os.close(supervisor)
    os.close(supervised)
    assert told.returncode == 1
    assert "cannot be opened" in told.stderr
    assert "CRITICAL" not in told.stderr
