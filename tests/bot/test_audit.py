"""The audit from the command line: whoever tampers with it is found out."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import main
from bot.settings import Settings
from bot.staffing import beside


def say(*arguments: str) -> tuple[int, str]:
    """Give a command; return its exit status and what it says."""
    result = CliRunner().invoke(main, list(arguments))
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lend a data folder with two entries of the audit in it."""
    monkeypatch.setenv("BARAZA_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("BARAZA_TOKEN", raising=False)
    assert say("invite", "moderator", "--name", "Juma", "--language", "sw")[0] == 0
    assert say("revoke", "1")[0] == 0
    return tmp_path


def tamper(sql: str) -> None:
    """Change the database behind the audit's back."""

    async def change() -> None:
        async with beside(Settings()) as store, store.unit() as unit:
            await unit.run(sql)

    asyncio.run(change())


def test_an_audit_nobody_touched_is_whole(folder: Path) -> None:
    """It says the newest hash, which must stand in it later; giving and taking roles is noted."""
    assert folder.is_dir()
    status, told = say("audit", "verify")
    assert status == 0
    assert told.startswith("2 entries, and each fits.")
    newest = told.split()[-1]
    assert say("audit", "verify", "--expect", newest)[0] == 0
    assert say("audit", "verify", "--expect", "0" * 64)[0] == 1
    listed = say("audit", "show")[1]
    assert "command  Invite  role:1  role=moderator" in listed
    assert listed.index("Invite") < listed.index("Revoke")
    assert "Invite" not in say("audit", "show", "--last", "1")[1]
    assert say("audit", "show", "--who", "role:9")[1] == "Nothing is noted.\n"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET who = 'role:9' WHERE number = 1",
        "UPDATE audit SET noted_at = noted_at + 1 WHERE number = 2",
        "DELETE FROM audit WHERE number = 1",
        "DELETE FROM audit WHERE number = 2",
        "INSERT INTO audit SELECT 3, noted_at, who, act, subject, body, hash FROM audit LIMIT 1",
    ],
)
def test_tampering_is_found(folder: Path, sql: str) -> None:
    """A changed, removed or added entry, also the newest one."""
    assert folder.is_dir()
    tamper(sql)
    assert say("audit", "verify")[0] == 1


def test_names_that_a_programme_does_not_have(folder: Path) -> None:
    """A moderator cannot be invited for a language or an area that is not there."""
    assert folder.is_dir()
    status, told = say("invite", "moderator", "--language", "xx")
    assert status == 2
    assert "There is no language" in told
    assert say("invite", "king")[0] == 2


def test_an_export_stands_in_the_audit_before_it_is_written(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """That it is done, and how much it was; without the key there is none."""
    out = tmp_path_factory.mktemp("out")
    assert say("export", "--out", str(out / "first"))[0] == 0
    listed = say("audit", "show", "--last", "2")[1]
    assert re.search(r"command  Export  \S+\n.*command  Exported  \S+", listed)
    assert say("audit", "verify")[1].startswith("4 entries, and each fits.")
    (folder / "key").rename(folder / "put away")
    status, told = say("export", "--out", str(out / "second"))
    assert status == 1
    assert "cannot be noted in the audit" in told
    assert not (out / "second").exists()
    (folder / "put away").rename(folder / "key")
    (out / "file").write_text("in the way")
    assert say("export", "--out", str(out / "file"))[0] == 1
    assert "Export  " in say("audit", "show", "--last", "1")[1]
