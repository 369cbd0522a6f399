"""A back-up holds everything, beside a bot at work, or is not there."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from storage import contacts, updates
from storage.copying import BackupRefused, back_up, restore, verify
from storage.copying.rows import pages, shapes
from storage.errors import StorageFull
from storage.files import Files
from storage.migrate import migrate
from storage.opening import open_readable, open_store
from storage.schema import metadata
from storage.steps import revisions
from tests.storage.copying.seen import BOTH_WAYS, KINDS, NOW, highest_next, names_in, tallies
from tests.storage.house import (
    COUNTED,
    KEY,
    PICTURE,
    PROGRAMME,
    ROWS,
    SEALED,
    VOICE,
    furnish,
    sha256,
)

ROOT = Path(__file__).parents[3]


def test_every_table_is_copied() -> None:
    """A table that is added to the schema is copied without anybody thinking of it."""
    assert {shape.name for shape in shapes()} == set(metadata.tables)
    for shape in shapes():
        assert set(shape.columns) == set(metadata.tables[shape.name].columns.keys())


def test_rows_can_be_put_in_order() -> None:
    """No table refers to itself, so that rows may come in any order within a table."""
    for table in metadata.sorted_tables:
        assert all(key.column.table is not table for key in table.foreign_keys), table.name


class TestBackup:
    """An archive holds all there is, and comes back as it was."""

    @pytest.mark.parametrize("urls", BOTH_WAYS, indirect=True)
    async def test_there_and_back(
        self, urls: tuple[str, str], files: Files, tmp_path: Path
    ) -> None:
        """From either database to either: rows, counters and attachments are the same."""
        await furnish(urls[0], revisions()[-1])
        out = tmp_path / "b.tar"
        manifest = await back_up(urls[0], files, out, NOW)
        assert {table.name: table.rows for table in manifest.tables} == {
            name: len(rows) for name, rows in ROWS.items()
        }
        assert manifest.programmes == {PROGRAMME: 2}
        assert (manifest.attachments.files, manifest.attachments.missing) == (3, ())
        there = Files(tmp_path / "b")
        restored = await restore(out, urls[1], there)
        assert (restored.manifest, restored.unsent) == (manifest, 1)
        assert await tallies(urls[1]) == await tallies(urls[0])
        assert await there.read(sha256(PICTURE)) == PICTURE
        assert await there.read(sha256(SEALED)) == SEALED
        assert await highest_next(urls[1]) == COUNTED["outbox"] + 1

    @pytest.mark.parametrize("urls", [(kind, "sqlite") for kind in KINDS], indirect=True)
    async def test_beside_a_bot_at_work(self, urls: tuple[str, str], tmp_path: Path) -> None:
        """The bot keeps units while the back-up is made; the back-up is of one moment."""
        await furnish(urls[0], revisions()[-1])
        store = await open_store(urls[0], KEY)
        kept = 0

        async def work_on() -> None:
            nonlocal kept
            async with store.unit() as unit:
                await updates.first_sight(unit, kept, NOW)
                contact = await contacts.meet(unit, kept, NOW)
                await unit.run(
                    "INSERT INTO slots (contact_id, slot, message_id) VALUES ($1, 'x', 1)",
                    contact.id,
                )
            kept += 1

        readable = await open_readable(urls[0])
        async with readable.reading() as reading:
            found = dict.fromkeys(ROWS, 0)
            for shape in shapes():
                async for page in pages(reading, shape):
                    found[shape.name] += len(page.rows)
                    await work_on()
        assert kept > len(ROWS)
        assert found == {name: len(rows) for name, rows in ROWS.items()}
        await readable.close()
        out = tmp_path / "b.tar"
        manifest = await back_up(urls[0], Files(tmp_path), out, NOW)
        assert verify(out)[0] == manifest
        await store.close()

    async def test_an_attachment_that_is_gone(
        self, urls: tuple[str, str], files: Files, tmp_path: Path
    ) -> None:
        """A file that is missing or damaged is named, and keeps nobody from the rest."""
        await furnish(urls[0], revisions()[-1])
        files.path(sha256(VOICE)).write_bytes(b"rotten")
        out = tmp_path / "b.tar"
        manifest = await back_up(urls[0], files, out, NOW)
        assert manifest.attachments.missing == (sha256(VOICE),)
        await restore(out, urls[1], Files(tmp_path / "b"))

    async def test_no_sweep_meanwhile(self, urls: tuple[str, str], files: Files) -> None:
        """No file is erased under a back-up's hands; the next round of sweeping takes it."""
        await migrate(urls[0])
        store = await open_store(urls[0], KEY)
        late = datetime.now(UTC) + timedelta(days=1)
        async with files.unswept():
            assert await files.sweep(store, late) == 0
        assert await files.sweep(store, late) == 3
        await store.close()

    async def test_the_key_stays_outside(
        self, urls: tuple[str, str], files: Files, tmp_path: Path
    ) -> None:
        """The key is in an archive only where it was asked for."""
        await furnish(urls[0], revisions()[-1])
        await back_up(urls[0], files, tmp_path / "without.tar", NOW)
        await back_up(urls[0], files, tmp_path / "with.tar", NOW, KEY)
        assert KEY.hex().encode() not in (tmp_path / "without.tar").read_bytes()
        assert verify(tmp_path / "without.tar")[1] == ""
        assert verify(tmp_path / "with.tar")[1] == KEY.hex()

    @pytest.mark.parametrize("urls", [(kind, "sqlite") for kind in KINDS], indirect=True)
    async def test_killed_in_the_middle(self, urls: tuple[str, str], tmp_path: Path) -> None:
        """A back-up that was killed has no file under its name; the next one finds its place."""
        await furnish(urls[0], revisions()[-1])
        await _large_attachments(urls[0], Files(tmp_path))
        out = tmp_path / "out"
        out.mkdir()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "backup", "--out", str(out / "b.tar")),
            cwd=ROOT,
            env={"BARAZA_DATABASE_URL": urls[0], "BARAZA_DATA_DIR": str(tmp_path)},
        )
        while sum(path.stat().st_size for path in out.glob("*")) < 1_000_000:
            assert process.returncode is None
            await asyncio.sleep(0.01)
        process.kill()
        await process.wait()
        (left,) = names_in(out)
        assert left.endswith(".partial")
        await back_up(urls[0], Files(tmp_path), out / "b.tar", NOW)
        assert verify(out / "b.tar")[0].attachments.files == 200

    async def test_only_its_owner_reads_it(
        self, urls: tuple[str, str], files: Files, tmp_path: Path
    ) -> None:
        """An archive holds chat ids and answers: nobody else on the machine may read it."""
        await furnish(urls[0], revisions()[-1])
        await back_up(urls[0], files, tmp_path / "b.tar", NOW)
        assert (tmp_path / "b.tar").stat().st_mode & 0o077 == 0

    async def test_nothing_is_overwritten(self, urls: tuple[str, str], tmp_path: Path) -> None:
        """A file that stands there already stays."""
        await migrate(urls[0])
        (tmp_path / "b.tar").write_text("yesterday's")
        with pytest.raises(BackupRefused, match="name another"):
            await back_up(urls[0], Files(tmp_path), tmp_path / "b.tar", NOW)
        assert (tmp_path / "b.tar").read_text() == "yesterday's"

    @pytest.mark.parametrize("failing", ["fsync", "write"])
    async def test_disk_full(self, urls: tuple[str, str], tmp_path: Path, failing: str) -> None:
        """Where the disk is full, one line says so, and nothing half written stays."""
        await furnish(urls[0], revisions()[-1])
        out = tmp_path / "a"
        full = OSError(errno.ENOSPC, "No space left on device")
        where = (os, "fsync") if failing == "fsync" else (tarfile.TarFile, "addfile")
        with patch.object(*where, side_effect=full), pytest.raises(StorageFull, match="make room"):
            await back_up(urls[0], Files(tmp_path), out / "b.tar", NOW)
        assert names_in(out) == ["baraza.db", "baraza.db.lock"]


async def _large_attachments(url: str, files: Files) -> None:
    """Keep so much that a back-up takes a while."""
    store = await open_store(url, KEY)
    hashes = [await files.keep(bytes([n]) * 1_000_000) for n in range(200)]
    async with store.unit() as unit:
        await unit.run("DELETE FROM attachments")
        await unit.run_many(
            "INSERT INTO attachments (instance_id, name, source, media_type, sha256, state, "
            "due_at, attempts, reason) VALUES ('uuid:1', $1, '', '', $2, 'kept', 0, 0, '')",
            [(str(number), name) for number, name in enumerate(hashes)],
        )
    await store.close()
