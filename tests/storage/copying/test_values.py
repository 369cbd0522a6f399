"""Values that one database takes and another does not, and rows of any length."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from storage.copying import back_up, move, restore
from storage.copying.rows import PAGE_BYTES, Tally, pages, shapes
from storage.files import Files
from storage.migrate import migrate
from storage.opening import open_readable
from storage.steps import revisions
from tests.storage.copying.seen import NOW, tallies
from tests.storage.house import (
    ROWS,
    furnish,
)


class TestZeroes:
    """A character that PostgreSQL cannot hold is carried over as its picture, and told."""

    async def furnish_zeroes(self, url: str) -> None:
        """Keep zero characters where SQLite holds them."""
        await furnish(url, revisions()[-1])
        raw = sqlite3.connect(url.removeprefix("sqlite:///"))
        raw.execute("UPDATE attachments SET name = 'a' || char(0) || 'b' || id")
        raw.commit()
        raw.close()

    @pytest.mark.parametrize("urls", [("sqlite", "postgres")], indirect=True)
    async def test_moving(self, urls: tuple[str, str]) -> None:
        """Everything else is as it was, and the copy is compared as ever."""
        await self.furnish_zeroes(urls[0])
        moved = await move(*urls)
        count = len(ROWS["attachments"])
        assert moved.zeroes == {"attachments": count}
        assert moved.rows == {name: len(rows) for name, rows in ROWS.items()}
        await self.expect_pictures(urls[1], count)

    @pytest.mark.parametrize("urls", [("sqlite", "postgres")], indirect=True)
    async def test_restoring(self, urls: tuple[str, str], files: Files, tmp_path: Path) -> None:
        """An archive brings them back the same way."""
        await self.furnish_zeroes(urls[0])
        await back_up(urls[0], files, tmp_path / "b.tar", NOW)
        count = len(ROWS["attachments"])
        assert (await restore(tmp_path / "b.tar", urls[1], files)).zeroes == {"attachments": count}
        await self.expect_pictures(urls[1], count)

    @pytest.mark.parametrize("urls", [("sqlite", "sqlite")], indirect=True)
    async def test_to_a_file(self, urls: tuple[str, str]) -> None:
        """What a file can hold goes as it is."""
        await self.furnish_zeroes(urls[0])
        assert (await move(*urls)).zeroes == {}
        assert await tallies(urls[1]) == await tallies(urls[0])

    async def expect_pictures(self, url: str, count: int) -> None:
        """Look for the pictures in the new database."""
        readable = await open_readable(url)
        async with readable.reading() as reading:
            rows = await reading.rows("SELECT id, name FROM attachments")
        await readable.close()
        assert {row["name"] for row in rows} == {f"a␀b{row['id']}" for row in rows}
        assert len(rows) == count


class TestPages:
    """Memory is bounded whatever a table holds."""

    async def test_long_rows(self, urls: tuple[str, str]) -> None:
        """Rows are read by their length, not by their number alone."""
        await migrate(urls[0])
        raw = sqlite3.connect(urls[0].removeprefix("sqlite:///"))
        raw.executemany(
            "INSERT INTO forms VALUES ('p', ?, '1', ?, 0)",
            [(f"form {n:03}", "x" * 300_000) for n in range(40)],
        )
        raw.commit()
        raw.close()
        readable = await open_readable(urls[0])
        (forms,) = (shape for shape in shapes() if shape.name == "forms")
        async with readable.reading() as reading:
            sizes = [sum(map(len, page.lines)) async for page in pages(reading, forms)]
        assert sum(sizes) > 40 * 300_000
        assert max(sizes) < 2 * PAGE_BYTES
        await readable.close()

    def test_sums(self) -> None:
        """The sum does not depend on the order of rows, and one row less or twice shows."""
        lines = [b"a", b"b", b"c"]

        def total(*rows: bytes) -> str:
            found = Tally()
            for row in rows:
                found.add(row)
            return found.sum

        assert total(*lines) == total(*reversed(lines))
        assert len({total(*lines), total(*lines[:2]), total(*lines, b"a"), total()}) == 4
