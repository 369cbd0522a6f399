"""The bytes of attachments."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from conversations.replies import KeepAttachment
from conversations.session import Session
from storage import attachments, sessions
from storage.errors import StorageFull, StorageUnavailable
from storage.files import Files
from storage.store import Store

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
