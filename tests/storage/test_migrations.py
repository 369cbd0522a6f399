"""Migrations: the tables they make are the tables said in `storage.schema`."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from storage.migrate import alembic_on, migrate
from storage.schema import metadata


def tables(path: Path) -> set[str]:
    """Return the statements that made a database, in one spelling and any order of columns."""
    raw = sqlite3.connect(path)
    rows = raw.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    raw.close()
    made = (re.sub(r"\s+", " ", row[0]).replace('"', "") for row in rows)
    return {", ".join(sorted(sql.split(", "))) for sql in made if "alembic_version" not in sql}


async def test_from_empty(tmp_path: Path) -> None:
    """Migrating an empty database makes what the schema says, to the letter of SQLite's own."""
    await migrate(f"sqlite:///{tmp_path}/migrated.db")
    engine = create_engine(f"sqlite:///{tmp_path}/created.db")
    metadata.create_all(engine)
    engine.dispose()
    assert tables(tmp_path / "migrated.db") == tables(tmp_path / "created.db")


async def test_nothing_left_to_do(tmp_path: Path) -> None:
    """Alembic finds no difference between migrations and metadata."""
    await migrate(f"sqlite:///{tmp_path}/baraza.db")
    with alembic_on(str(tmp_path / "baraza.db")) as config:
        command.check(config)


async def test_twice(tmp_path: Path) -> None:
    """Migrating a database that is up to date changes nothing."""
    url = f"sqlite:///{tmp_path}/baraza.db"
    await migrate(url)
    before = (tmp_path / "baraza.db").read_bytes()
    await migrate(url)
    assert (tmp_path / "baraza.db").read_bytes() == before


async def test_no_way_down(tmp_path: Path) -> None:
    """A downgrade is refused: it would drop what people said."""
    await migrate(f"sqlite:///{tmp_path}/baraza.db")
    before = tables(tmp_path / "baraza.db")
    with (
        pytest.raises(NotImplementedError, match="restore a back-up"),
        alembic_on(str(tmp_path / "baraza.db")) as config,
    ):
        command.downgrade(config, "base")
    assert tables(tmp_path / "baraza.db") == before


async def test_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that fails half way leaves the database as it was."""

    def fail(*_: object, **__: object) -> None:
        said = "half way"
        raise RuntimeError(said)

    monkeypatch.setattr("alembic.op.create_index", fail)
    with pytest.raises(RuntimeError, match="half way"):
        await migrate(f"sqlite:///{tmp_path}/baraza.db")
    assert tables(tmp_path / "baraza.db") == set()
