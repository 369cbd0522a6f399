"""A disk that is full ends a copy in words, and leaves nothing half done."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.copying import back_up, move, restore
from storage.errors import StorageError
from storage.files import Files
from storage.steps import revisions
from tests.faults.databases import kept_below, small_disk
from tests.storage.copying.seen import NOW, names_in, tallies
from tests.storage.house import (
    PICTURE,
    furnish,
    sha256,
)


class TestFullDisk:
    """A disk that is full on the way: one line says so, and nothing half made stays."""

    @pytest.fixture
    def small(self, tmp_path: Path) -> Iterator[Path]:
        """Return a folder on a disk of two megabytes, or on one that this process may not fill."""
        with small_disk(tmp_path / "small", megabytes=2) as own:
            if own:
                yield tmp_path / "small"
            else:
                with kept_below(1_000_000):
                    yield tmp_path / "small"

    @pytest.fixture
    async def much(self, urls: tuple[str, str], files: Files) -> str:
        """Return the database of a house in which is more than a small disk holds."""
        url = urls[0]
        await furnish(url, revisions()[-1])
        chance = random.Random(20261127)  # noqa: S311 - what cannot be packed, not secrets.
        await files.keep(chance.randbytes(900_000))
        raw = sqlite3.connect(url.removeprefix("sqlite:///"))
        raw.executemany(
            "INSERT INTO forms VALUES ('p', ?, '1', ?, 0)",
            [(f"form {n}", chance.randbytes(300_000).hex()) for n in range(6)],
        )
        raw.commit()
        raw.close()
        return url

    @pytest.fixture
    async def archive(self, much: str, files: Files, tmp_path: Path) -> Path:
        """Return the archive of that house."""
        await back_up(much, files, tmp_path / "b.tar", NOW)
        return tmp_path / "b.tar"

    async def test_backing_up(self, much: str, files: Files, small: Path) -> None:
        """No archive appears, and none that is half written stays."""
        with pytest.raises(StorageError, match="name another place"):
            await back_up(much, files, small / "b.tar", NOW)
        assert names_in(small) == []

    async def test_restoring(self, archive: Path, small: Path) -> None:
        """Neither the database nor the attachments that fitted in stay."""
        with pytest.raises(StorageError, match=r"small/(baraza.db|attachments)"):
            await restore(archive, f"sqlite:///{small / 'baraza.db'}", Files(small))
        assert names_in(small) in ([], ["baraza.db.lock"])

    async def test_restoring_where_something_stands(self, archive: Path, small: Path) -> None:
        """Attachments that were there before stay, whatever fails."""
        await Files(small).keep(PICTURE)
        with pytest.raises(StorageError):
            await restore(archive, f"sqlite:///{small / 'baraza.db'}", Files(small))
        assert await Files(small).read(sha256(PICTURE)) == PICTURE
        assert len(list((small / "attachments").glob("??/*"))) == 1

    async def test_moving(self, much: str, small: Path) -> None:
        """The old database is as it was, and there is no new one."""
        before = await tallies(much)
        with pytest.raises(StorageError, match=r"small/baraza.db"):
            await move(much, f"sqlite:///{small / 'baraza.db'}")
        assert names_in(small) in ([], ["baraza.db.lock"])
        assert await tallies(much) == before
