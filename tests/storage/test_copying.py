"""Back-ups, their return and moves: everything goes and comes, on every database, or nothing."""

from __future__ import annotations

import asyncio
import errno
import gzip
import io
import json
import os
import random
import sqlite3
import sys
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import asyncpg
import pytest

from conversations.session import Session
from storage import attachments, contacts, sessions, updates
from storage.copying import BackupRefused, Manifest, back_up, move, restore, verify
from storage.copying.manifest import sealed
from storage.copying.opening import target_on
from storage.copying.rows import PAGE_BYTES, Tally, line_of, pages, shapes, tally
from storage.errors import DatabaseRefused, StorageError, StorageFull, StoreInUse, TooNew
from storage.files import Files
from storage.migrate import migrate, upgrade_file
from storage.opening import open_readable, open_store
from storage.schema import metadata
from storage.steps import revisions
from tests.faults.databases import kept_below, small_disk
from tests.player.postgres import new_database
from tests.storage.house import (
    COUNTED,
    KEY,
    PICTURE,
    PROGRAMME,
    REPORTER,
    ROWS,
    SEALED,
    VOICE,
    furnish,
    sha256,
)

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
KINDS = ("sqlite", "postgres")
BOTH_WAYS = list(product(KINDS, KINDS))


@pytest.fixture
async def urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Return the URLs of two databases of the kinds asked for; neither holds anything."""
    kinds = getattr(request, "param", ("sqlite", "sqlite"))
    return await _url(request, tmp_path, kinds[0], "a"), await _url(
        request, tmp_path, kinds[1], "b"
    )


async def _url(request: pytest.FixtureRequest, tmp_path: Path, kind: str, name: str) -> str:
    if kind == "postgres":
        return await new_database(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path / name / 'baraza.db'}"


@pytest.fixture
async def files(tmp_path: Path) -> Files:
    """Return a folder with the attachments of the furnished house."""
    files = Files(tmp_path / "a")
    await files.keep(PICTURE)
    await files.keep(VOICE)
    await files.keep(SEALED)
    return files


async def tallies(url: str) -> dict[str, tuple[int, str]]:
    """Count and sum every table."""
    readable = await open_readable(url)
    async with readable.reading() as reading:
        found = {shape.name: await tally(reading, shape) for shape in shapes()}
    await readable.close()
    return {name: (one.rows, one.sum) for name, one in found.items()}


def names_in(folder: Path) -> list[str]:
    """Return what stands in a folder."""
    return sorted(path.name for path in folder.glob("*"))


async def highest_next(url: str) -> int:
    """Return the number that the outbox gives to its next row."""
    store = await open_store(url, KEY)
    async with store.unit() as unit:
        await unit.run(
            "INSERT INTO outbox (contact_id, method, params, slot, priority, state, due_at, "
            "leased_until_at, attempts, reason) "
            "VALUES (11, 'm', '{}', '', 0, 'waiting', 0, 0, 0, '')"
        )
        row = await unit.row("SELECT max(id) AS id FROM outbox")
    await store.close()
    assert row is not None
    return int(row["id"])


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
        assert (restored.manifest, restored.unsent) == (manifest, 2)
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


class TestDamage:
    """An archive that is not as it was written is refused by name, before any of it is used."""

    @pytest.fixture
    async def archive(self, urls: tuple[str, str], files: Files, tmp_path: Path) -> Path:
        """Return a sound archive of the furnished house."""
        await furnish(urls[0], revisions()[-1])
        await back_up(urls[0], files, tmp_path / "b.tar", NOW)
        return tmp_path / "b.tar"

    def test_any_byte(self, archive: Path) -> None:
        """Wherever an archive is damaged, it is refused, or the damage meant nothing."""
        sound = archive.read_bytes()
        meaning = _unpacked(archive)
        refused = 0
        for place in range(0, len(sound), 97):
            archive.write_bytes(sound[:place] + bytes([sound[place] ^ 0x55]) + sound[place + 1 :])
            try:
                verify(archive)
            except BackupRefused as error:
                assert str(archive) in str(error)  # noqa: PT017 - it may also be sound.
                refused += 1
            else:
                assert _unpacked(archive) == meaning, place
        assert refused > 50

    async def test_nothing_of_it_is_used(
        self, archive: Path, urls: tuple[str, str], tmp_path: Path
    ) -> None:
        """Where an archive is refused, there is no database afterwards."""
        cut = _rewritten(archive, lambda entry: not entry.startswith("tables/edits"))
        with pytest.raises(BackupRefused, match="rows of the table edits"):
            await restore(cut, urls[1], Files(tmp_path / "b"))
        assert names_in(tmp_path / "b") == []

    def test_cut_short(self, archive: Path) -> None:
        """However short it was cut, it is refused."""
        sound = archive.read_bytes()
        end = len(sound.rstrip(b"\0"))
        for length in range(0, end, 511):
            archive.write_bytes(sound[:length])
            with pytest.raises(BackupRefused, match="cannot be used"):
                verify(archive)

    def test_a_part_left_out(self, archive: Path) -> None:
        """Rows or a file taken out, or put in, are noticed and named."""
        for name, said in {
            "tables/submissions/": "0 rows of the table submissions instead of 2",
            "attachments/": "not all of its 3 attachments",
            "manifest.json": "no end",
        }.items():
            cut = _rewritten(archive, lambda entry, name=name: not entry.startswith(name))
            with pytest.raises(BackupRefused, match=said):
                verify(cut)
        with pytest.raises(BackupRefused, match=r"evil.sh in it is no part"):
            verify(_rewritten(archive, lambda _: True, {"../evil.sh": b"rm"}))

    def test_anything_else(self, tmp_path: Path) -> None:
        """A file that is no back-up at all is refused in the same words."""
        other = tmp_path / "photo.jpg"
        other.write_bytes(PICTURE * 1_000)
        with pytest.raises(BackupRefused, match=r"photo\.jpg cannot be used"):
            verify(other)
        with pytest.raises(BackupRefused, match="cannot be read"):
            verify(tmp_path / "nothing.tar")

    def test_a_later_baraza(self, archive: Path) -> None:
        """A back-up of a later release says so."""

        def later(manifest: Manifest) -> bytes:
            return sealed(manifest.model_copy(update={"revision": "9999"}))

        with pytest.raises(TooNew, match="later Baraza; install"):
            verify(_with_manifest(archive, later))


def _meaning(archive: Path) -> list[tuple[str, bytes]]:
    with tarfile.open(archive) as tar:
        return [(entry.name, tar.extractfile(entry).read()) for entry in tar]  # type: ignore[union-attr]


def _unpacked(archive: Path) -> list[tuple[str, bytes]]:
    """Return what an archive says; the date in a gzip's head says nothing."""
    return [
        (name, gzip.decompress(content) if name.endswith(".gz") else content)
        for name, content in _meaning(archive)
    ]


def _rewritten(
    archive: Path, stays: Callable[[str], bool], more: dict[str, bytes] | None = None
) -> Path:
    """Write a like archive, some parts left out and others put before the rest."""
    changed = archive.with_name("changed.tar")
    parts = [*(more or {}).items(), *(part for part in _meaning(archive) if stays(part[0]))]
    with tarfile.open(changed, "w") as tar:
        for name, content in parts:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return changed


def _with_manifest(archive: Path, made: Callable[[Manifest], bytes]) -> Path:
    said: dict[str, Any] = json.loads(dict(_meaning(archive))["manifest.json"])
    del said["seal"]
    content = made(Manifest.model_validate(said))
    changed = _rewritten(archive, lambda name: name != "manifest.json")
    with tarfile.open(changed, "a") as tar:
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return changed


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

    moved = _rewritten(archive, lambda name: not name.startswith("tables/"), parts)
    return _with_manifest(moved.rename(archive.with_name("earlier.tar")), earlier)


class TestMove:
    """A database goes to another one, whole, or stays where it is."""

    @pytest.mark.parametrize(
        "urls", [("sqlite", "postgres"), ("postgres", "sqlite")], indirect=True
    )
    async def test_everything_goes(self, urls: tuple[str, str]) -> None:
        """Rows, sums and counters are the same on the other database; the old one stays."""
        await furnish(urls[0], revisions()[-1])
        before = await tallies(urls[0])
        moved = await move(*urls)
        assert moved.rows == {name: len(rows) for name, rows in ROWS.items()}
        assert await tallies(urls[1]) == before
        assert await tallies(urls[0]) == before
        assert await highest_next(urls[1]) == COUNTED["outbox"] + 1
        store = await open_store(urls[1], KEY)
        async with store.reading() as reading:
            session = await sessions.current(reading, REPORTER, PROGRAMME)
            assert isinstance(session, Session)
            assert len(await attachments.of_submission(reading, "uuid:2")) == 2
        await store.close()

    @pytest.mark.parametrize(
        "urls", [("sqlite", "postgres"), ("postgres", "sqlite")], indirect=True
    )
    async def test_the_bot_is_stopped_first(self, urls: tuple[str, str]) -> None:
        """A move beside a running bot would leave behind what it keeps; it is refused."""
        await furnish(urls[0], revisions()[-1])
        store = await open_store(urls[0], KEY)
        with pytest.raises(StoreInUse):
            await move(*urls)
        await store.close()
        await move(*urls)

    @pytest.mark.parametrize("urls", [("sqlite", "postgres")], indirect=True)
    async def test_refused_where_something_is_kept(self, urls: tuple[str, str]) -> None:
        """Neither a second move nor one into somebody else's database does anything."""
        await furnish(urls[0], revisions()[-1])
        await move(*urls)
        with pytest.raises(DatabaseRefused, match="already"):
            await move(*urls)

    @pytest.mark.parametrize("urls", [("sqlite", kind) for kind in KINDS], indirect=True)
    async def test_all_or_nothing(self, urls: tuple[str, str]) -> None:
        """What fails half way leaves no table, no file and no lock behind."""
        with pytest.raises(RuntimeError, match="half way"):
            await _fail_half_way(urls[1])
        await furnish(urls[1], revisions()[-1])
        assert (await tallies(urls[1]))["contacts"][0] == 2

    @pytest.mark.parametrize("urls", [(kind, "sqlite") for kind in KINDS], indirect=True)
    async def test_to_itself(self, urls: tuple[str, str]) -> None:
        """A move to where the database is, however it is named, is said to be that."""
        await furnish(urls[0], revisions()[-1])
        folder, _, name = urls[0].rpartition("/")
        other = f"{folder}/../{Path(folder).name}/{name}" if "sqlite" in urls[0] else urls[0]
        for same in (urls[0], other):
            with pytest.raises(DatabaseRefused, match="where the database is"):
                await move(urls[0], same)

    @pytest.mark.parametrize("urls", [("sqlite", "postgres")], indirect=True)
    async def test_the_other_server_goes_away(self, urls: tuple[str, str]) -> None:
        """A connection that breaks half way is told in a line, and nothing stays behind."""
        await furnish(urls[0], revisions()[-1])

        async def cut(url: str) -> None:
            async with target_on(url, revisions()[-1]) as target:
                pid = await target.reading.row("SELECT pg_backend_pid() AS pid")
                assert pid is not None
                async with asyncio.timeout(30):
                    beside = await asyncpg.connect(url)
                    await beside.execute(f"SELECT pg_terminate_backend({pid['pid']})")
                    await beside.close()
                for shape in shapes():
                    await target.put(shape, ())

        with pytest.raises(StorageError, match="does not answer now"):
            await cut(urls[1])
        await move(*urls)


async def _fail_half_way(url: str) -> None:
    async with target_on(url, revisions()[-1]) as target:
        (facts,) = (shape for shape in shapes() if shape.name == "store_facts")
        await target.put(facts, [["key", "x"]])
        raise RuntimeError("half way")
