"""The bytes of attachments."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from conversations.replies import KeepAttachment, KeepSubmission
from conversations.session import Session
from storage import attachments, consents, sessions, submissions
from storage.errors import StorageFull, StorageUnavailable
from storage.files import LOOKED_UP_AT_ONCE, Files
from storage.reporters import Reporter
from storage.store import Store, Unit

NOW = datetime.now(UTC)


def names(files: Files) -> list[str]:
    """Return all files in the folder."""
    return sorted(path.name for path in files.folder.rglob("*") if path.is_file())


async def test_kept_once(tmp_path: Path) -> None:
    """The same content stands once, under its own hash, and is read back."""
    files = Files(tmp_path)
    first, again = await files.keep(b"picture"), await files.keep(b"picture")
    assert first == again
    assert files.path(first) == tmp_path / "attachments" / first[:2] / first[2:]
    assert await files.read(first) == b"picture"
    assert len(names(files)) == 1


async def test_swept(store: Store, tmp_path: Path) -> None:
    """What no attachment refers to goes after an hour; what one refers to stays."""
    files = Files(tmp_path)
    reporter = store.reporter("mch", 1)
    wanted, forgotten = await files.keep(b"wanted"), await files.keep(b"forgotten")
    async with store.unit() as unit:
        await sessions.keep(unit, reporter, "mch", Session("1" * 32, "sw", "question"), NOW)
        await attachments.expect(unit, "1" * 32, KeepAttachment("a", "f", "x/y", None), NOW)
        (one,) = await attachments.claim(unit, NOW, 1, 60)
        await attachments.kept(unit, one, wanted, 6)
    assert await files.sweep(store, NOW) == 0
    assert await files.sweep(store, NOW + timedelta(hours=2)) == 1
    assert not files.path(forgotten).exists()
    async with store.unit() as unit:
        await sessions.end(unit, reporter, "mch")
    assert await files.sweep(store, NOW + timedelta(hours=2)) == 1
    assert names(files) == []


async def test_unwritable_folder(tmp_path: Path) -> None:
    """A folder that cannot be written is named, with what to do."""
    (tmp_path / "attachments").write_text("a file stands here")
    with pytest.raises(StorageUnavailable, match=r"attachments cannot be written to .*check"):
        await Files(tmp_path).keep(b"picture")


async def test_disk_full(tmp_path: Path) -> None:
    """Where the disk is full, one line says so and nothing half written stays behind."""
    files = Files(tmp_path)
    with (
        patch.object(os, "fsync", side_effect=OSError(28, "No space left on device")),
        pytest.raises(StorageFull, match="make room"),
    ):
        await files.keep(b"picture")
    assert names(files) == []


async def test_partial_files_are_swept(store: Store, tmp_path: Path) -> None:
    """What a killed process left half written goes after an hour, too."""
    files = Files(tmp_path)
    kept = await files.keep(b"wanted")
    half = files.path(kept).with_name("half.partial")
    half.write_bytes(b"half of it")
    assert await files.sweep(store, NOW + timedelta(hours=2)) == 2
    assert names(files) == []


async def test_an_erased_submission_loses_its_bytes(store: Store, tmp_path: Path) -> None:
    """With a submission go its attachments; bytes that another one has stay until that goes."""
    files, reporter = Files(tmp_path), store.reporter("mch", 1)
    own, shared = await files.keep(b"its own"), await files.keep(b"shared")
    async with store.unit() as unit:
        await consents.keep(unit, reporter, "mch", "v1", "sw", agreed=True, now=NOW)
        for number, contents in enumerate(([own, shared], [shared])):
            await _send(unit, reporter, number, contents)
        await unit.run("DELETE FROM submissions WHERE instance_id = $1", "uuid:0")
    assert await files.sweep(store, NOW + timedelta(hours=2)) == 1
    assert await files.read(shared) == b"shared"
    async with store.unit() as unit:
        await unit.run("DELETE FROM submissions WHERE instance_id = $1", "uuid:1")
    assert await files.sweep(store, NOW + timedelta(hours=2)) == 1
    assert names(files) == []


async def _send(unit: Unit, reporter: Reporter, number: int, contents: list[str]) -> None:
    """Keep a submission with files that are here already."""
    key = f"{number:032}"
    await sessions.keep(unit, reporter, "mch", Session(key, "sw", "question"), NOW)
    for sha256 in contents:
        sent = KeepAttachment(sha256[:8], "f", "x/y", None)
        await attachments.expect(unit, key, sent, NOW)
        (one,) = await attachments.claim(unit, NOW, 1, 60)
        await attachments.kept(unit, one, sha256, 1)
    names_of = tuple(sha256[:8] for sha256 in contents)
    kept = KeepSubmission(f"uuid:{number}", "birth", "1", "sw", "4T7K", "<data/>", names_of)
    await submissions.keep(unit, reporter, "mch", kept, NOW)
    await attachments.belong(unit, key, f"uuid:{number}", names_of)


async def test_wanted_again_just_now(store: Store, tmp_path: Path) -> None:
    """A file nobody refers to yet, but that was just sent again, is left alone."""
    files = Files(tmp_path)
    old = await files.keep(b"the same picture")
    os.utime(files.path(old), (0, 0))
    await files.keep(b"the same picture")
    assert await files.sweep(store, NOW) == 0
    assert await files.read(old) == b"the same picture"


async def test_many_files(store: Store, tmp_path: Path) -> None:
    """A sweep asks the database about many files at once, and finds each that is to go."""
    files = Files(tmp_path)
    for number in range(LOOKED_UP_AT_ONCE + 5):
        path = files.path(f"{number:064x}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert await files.sweep(store, NOW + timedelta(hours=2)) == LOOKED_UP_AT_ONCE + 5
