"""The bytes of attachments: a folder where each content stands once, under its own SHA-256.

`attachments/ab/cdef...`: a file appears whole or not at all (written beside, flushed to disk,
then renamed), so a name in the folder always tells the truth. What no row refers to any more is
swept away, but never what was written in the last hour: its row may not be committed yet.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from storage import attachments
from storage.errors import StorageFull, StorageUnavailable
from storage.store import Readable

REST = timedelta(hours=1)
"""How long a file is left alone before a sweep may take it."""

PARTIAL = ".partial"
FULL = (errno.ENOSPC, errno.EDQUOT)


class Files:
    """The content-addressed folder below a data directory."""

    def __init__(self, data_dir: Path) -> None:
        """Keep files below `data_dir`/attachments, made when first needed."""
        self.folder = data_dir / "attachments"

    def path(self, sha256: str) -> Path:
        """Return where the content with this hash stands, if it is here."""
        return self.folder / sha256[:2] / sha256[2:]

    async def keep(self, content: bytes) -> str:
        """Keep a content and return its SHA-256; the same content again costs no room.

        Raises `StorageFull` or `StorageUnavailable` and then leaves nothing behind.
        """
        return await asyncio.to_thread(self._keep, content)

    async def read(self, sha256: str) -> bytes:
        """Return a kept content; `FileNotFoundError` where it is not here."""
        return await asyncio.to_thread(self.path(sha256).read_bytes)

    async def sweep(self, store: Readable, now: datetime) -> int:
        """Erase contents no attachment refers to; return how many went."""
        swept = 0
        for path in await asyncio.to_thread(lambda: list(self._resting(now))):
            async with store.reading() as reading:
                wanted = await attachments.referred(reading, path.parent.name + path.name)
            if not wanted:
                await asyncio.to_thread(path.unlink, missing_ok=True)
                swept += 1
        return swept

    def _keep(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        with _told_plainly(self.folder):
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                os.utime(path)  # A sweep leaves alone what was wanted again just now.
            else:
                _write_whole(path, content)
        return sha256

    def _resting(self, now: datetime) -> Iterator[Path]:
        before = (now - REST).timestamp()
        for path in self.folder.glob("??/*"):
            if path.stat().st_mtime < before:
                yield path


def _write_whole(path: Path, content: bytes) -> None:
    handle, beside = tempfile.mkstemp(suffix=PARTIAL, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Make a rename last through a power cut; Windows cannot and need not open folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told_plainly(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            said = f"no room left for attachments in {folder}; make room, it is tried again."
            raise StorageFull(said) from error
        said = f"attachments cannot be written to {folder} ({error.strerror}); check the folder."
        raise StorageUnavailable(said) from error
