"""What was backed up comes back where nothing is kept, also from an earlier release."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest

from storage.copying import Manifest, back_up, restore, verify
from storage.copying.manifest import sealed
from storage.copying.rows import Tally, line_of
from storage.errors import DatabaseRefused, StoreInUse
from storage.files import Files
from storage.migrate import migrate, upgrade_file
from storage.opening import open_store
from storage.steps import revisions
from tests.storage.copying.archives import rewritten, with_manifest
from tests.storage.copying.seen import KINDS, NOW, tallies
from tests.storage.house import (
    KEY,
    ROWS,
    furnish,
)


class TestRestore:
    """What is kept is never overwritten, and what was older is brought up."""

    @pytest.mark.parametrize("urls", [("sqlite", kind) for kind in KINDS], indirect=True)
    async def test_refused_where_something_is_kept(
        self, urls: tuple[str, str], files: Files, tmp_path: Path
    ) -> None:
        """A database with anything of anybody's in it is refused and stays as it is."""
        for url in urls:
            await furnish(url, revisions()[-1])
        await back_up(urls[0], files, tmp_path / "b.tar", NOW)
        before = await tallies(urls[1])
        with pytest.raises(DatabaseRefused, match="already"):
            await restore(tmp_path / "b.tar", urls[1], files)
        assert await tallies(urls[1]) == before

    @pytest.mark.parametrize("urls", [("sqlite", kind) for kind in KINDS], indirect=True)
    async def test_an_empty_bot_gives_way(
        self, urls: tuple[str, str], files: Files, tmp_path: Path
    ) -> None:
        """Where a bot was started once and nobody wrote to it, a back-up may come in."""
        await furnish(urls[0], revisions()[-1])
        await back_up(urls[0], files, tmp_path / "b.tar", NOW)
        await migrate(urls[1])
        await (await open_store(urls[1], KEY[::-1])).close()
        await restore(tmp_path / "b.tar", urls[1], files)
        assert await tallies(urls[1]) == await tallies(urls[0])

    async def test_refused_under_a_running_bot(
        self, urls: tuple[str, str], files: Files, tmp_path: Path
    ) -> None:
        """Nothing is put under the feet of a bot at work."""
        await furnish(urls[0], revisions()[-1])
        await back_up(urls[0], files, tmp_path / "b.tar", NOW)
        await migrate(urls[1])
        store = await open_store(urls[1], KEY)
        with pytest.raises(StoreInUse):
            await restore(tmp_path / "b.tar", urls[1], files)
        await store.close()

    @pytest.mark.parametrize("urls", [("sqlite", kind) for kind in KINDS], indirect=True)
    async def test_an_earlier_release(
        self, urls: tuple[str, str], files: Files, tmp_path: Path
    ) -> None:
        """A back-up of earlier tables is restored as it was and brought up to this release."""
        await furnish(urls[0], revisions()[-1])
        await back_up(urls[0], files, tmp_path / "b.tar", NOW)
        await restore(_as_of(tmp_path / "b.tar", "0006"), urls[1], files)
        found = await tallies(urls[1])
        assert found["submissions"][0] == 2
        assert found["due"][0] == 0
        store = await open_store(urls[1], KEY)
        async with store.reading() as reading:
            rows = await reading.rows("SELECT menu, language FROM contacts ORDER BY id")
        assert [(row["menu"], row["language"]) for row in rows] == [("", "sw"), ("", "")]
        await store.close()


def _as_of(archive: Path, revision: str) -> Path:
    """Write a like archive as an earlier release would have: with its tables and columns alone."""
    empty = archive.with_name("empty.db")
    upgrade_file(empty, revision)
    raw = sqlite3.connect(empty)
    parts, tables = {}, []
    for table in verify(archive)[0].tables:
        named = raw.execute("SELECT name FROM pragma_table_info(?)", (table.name,)).fetchall()
        columns = [name for (name,) in named]
        if columns:
            lines = [line_of([row[name] for name in columns]) for row in ROWS[table.name]]
            told = Tally()
            for line in lines:
                told.add(line)
            update = {"columns": tuple(columns), "sum": told.sum}
            tables.append(table.model_copy(update=update))
            parts[f"tables/{table.name}/000001.jsonl.gz"] = gzip.compress(b"\n".join(lines))
    raw.close()

    def earlier(manifest: Manifest) -> bytes:
        return sealed(manifest.model_copy(update={"revision": revision, "tables": tuple(tables)}))

    moved = rewritten(archive, lambda name: not name.startswith("tables/"), parts)
    return with_manifest(moved.rename(archive.with_name("earlier.tar")), earlier)
