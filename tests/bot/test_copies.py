"""`baraza backup`, `restore` and `move`, as an operator types them."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from bot.cli import main
from bot.copies import shown
from storage.errors import StorageFull
from storage.files import Files
from storage.steps import revisions
from tests.player.postgres import new_database
from tests.storage.house import KEY, PICTURE, ROWS, VOICE, furnish, sha256

ROW_COUNT = sum(map(len, ROWS.values()))


def say(folder: Path, *words: str, status: int = 0, **settings: str) -> str:
    """Run a command with a data folder, and return all it says."""
    env = {"BARAZA_DATA_DIR": str(folder), **settings}
    said = CliRunner().invoke(main, list(words), env=env)
    assert said.exit_code == status, said.output
    return said.output


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Return the data folder of a house in use, its key beside it."""
    folder = tmp_path / "house"

    async def make() -> None:
        await furnish(f"sqlite:///{folder / 'baraza.db'}", revisions()[-1])
        await Files(folder).keep(PICTURE)
        await Files(folder).keep(VOICE)

    asyncio.run(make())
    return folder


WITH_KEY = {"BARAZA_KEY": (KEY + KEY)[:32].hex()}


def test_to_another_folder(house: Path, tmp_path: Path) -> None:
    """One file, checked and brought back elsewhere; what is left to do is said."""
    told = say(house, "backup", "--out", str(tmp_path))
    (archive,) = tmp_path.glob("baraza-*.tar")
    assert str(archive) in told
    assert "programme mch: 2 submissions" in told
    assert "attachments: 2 files" in told
    assert "the key: no" in told
    assert "is whole" in say(house, "restore", str(archive), "--verify")
    told = say(house, "restore", str(archive), "--into", str(tmp_path / "new"))
    assert f"set in .env: BARAZA_DATA_DIR={tmp_path / 'new'}" in told
    assert "Put your copy of the file `key`" in told
    assert "1 message waited" in told, "what was given up waits for nothing"
    told = say(house, "restore", str(archive), status=1)
    assert "never overwritten" in told


def test_with_the_key(house: Path, tmp_path: Path) -> None:
    """With the key inside, one file is all; another key that is there is never replaced."""
    say(house, "backup", "--out", str(tmp_path / "b.tar"), "--with-key", **WITH_KEY)
    say(house, "restore", str(tmp_path / "b.tar"), "--into", str(tmp_path / "new"))
    assert (tmp_path / "new" / "key").read_text() == WITH_KEY["BARAZA_KEY"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "key").write_text("ab" * 32)
    told = say(
        house, "restore", str(tmp_path / "b.tar"), "--into", str(tmp_path / "other"), status=1
    )
    assert "another key" in told
    assert not (tmp_path / "other" / "baraza.db").exists()


def test_it_stands_in_the_audit(house: Path, tmp_path: Path) -> None:
    """A back-up is noted where the database's own key is at hand; else it says that it is not."""
    told = say(house, "backup", "--out", str(tmp_path / "a.tar"), **WITH_KEY)
    assert "The audit does not say so" not in told
    raw = sqlite3.connect(house / "baraza.db")
    noted = raw.execute("SELECT act, who FROM audit ORDER BY number DESC").fetchone()
    raw.close()
    assert noted == ("BackedUp", "command")
    told = say(house, "backup", "--out", str(tmp_path / "b.tar"), BARAZA_KEY="ab" * 32)
    assert "The audit does not say so" in told
    assert "is whole" in say(house, "restore", str(tmp_path / "b.tar"), "--verify")


def test_a_damaged_file(house: Path, tmp_path: Path) -> None:
    """A damaged back-up is refused in one line, with exit status 1."""
    say(house, "backup", "--out", str(tmp_path / "b.tar"))
    content = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "b.tar").write_bytes(content[:3_000])
    for words in (("--verify",), ("--into", str(tmp_path / "new"))):
        told = say(house, "restore", str(tmp_path / "b.tar"), *words, status=1)
        assert len(told.splitlines()) == 1
        assert "b.tar cannot be used" in told
    assert not (tmp_path / "new").exists(), "nothing stays behind"


def test_nothing_stays_of_a_restore_that_failed(house: Path, tmp_path: Path) -> None:
    """Where the database is not to be had, no folder is made, and one that was there stays."""
    say(house, "backup", "--out", str(tmp_path / "b.tar"))
    with patch("storage.files.Brought.keep", side_effect=StorageFull("No room left.")):
        new = str(tmp_path / "new")
        assert "No room" in say(house, "restore", str(tmp_path / "b.tar"), "--into", new, status=1)
        assert not (tmp_path / "new").exists()
        (tmp_path / "new").mkdir()
        say(house, "restore", str(tmp_path / "b.tar"), "--into", new, status=1)
        assert (tmp_path / "new").exists()


def test_an_attachment_that_is_gone_is_told(house: Path, tmp_path: Path) -> None:
    """A back-up without all its files says so where a job that runs at night is read."""
    Files(house).path(sha256(PICTURE)).unlink()
    env = {"BARAZA_DATA_DIR": str(house)}
    said = CliRunner().invoke(main, ["backup", "--out", str(tmp_path / "b.tar")], env=env)
    assert said.exit_code == 0
    assert "gone" in said.stderr


def test_moving_says_what_to_set(house: Path, postgres: str) -> None:
    """After a move the one setting to change is said, the password left out."""
    url = asyncio.run(new_database(postgres))
    told = say(house, "move", "--to", url)
    assert "contacts: 2" in told
    assert f"Counted and compared: {ROW_COUNT} rows" in told
    assert f"BARAZA_DATABASE_URL={shown(url)}" in told
    assert "already" in say(house, "move", "--to", url, status=1)
    back = f"sqlite:///{house / 'back.db'}"
    assert back in say(house, "move", "--to", back, BARAZA_DATABASE_URL=url)
