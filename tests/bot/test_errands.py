"""Commands given where no Baraza ever ran: the wrong folder is told, and nothing is made in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import main

COMMANDS = {
    "audit verify": ("audit", "verify"),
    "audit show": ("audit", "show"),
    "export": ("export", "--out", "reports"),
    "forget": ("forget", "4T7K-9WXM"),
    "revoke": ("revoke", "1"),
    "console": ("console",),
    "roles": ("roles",),
    "outbox --retry": ("outbox", "--retry"),
    "status": ("status",),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_wrong_folder_is_told(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody hears that all is well, or that nothing is there, of a database that is elsewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BARAZA_DATA_DIR", "elsewhere")
    monkeypatch.setenv("BARAZA_CONSOLE_PORT", "8091")
    monkeypatch.delenv("BARAZA_TOKEN", raising=False)
    result = CliRunner().invoke(main, list(COMMANDS[command]))
    assert result.exit_code == 1
    assert "There is no database at " in result.output
    assert not list((tmp_path / "elsewhere").glob("baraza.db*"))
    assert not (tmp_path / "elsewhere" / "key").exists()
