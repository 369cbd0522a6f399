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
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from storage import attachments
from storage.errors import StorageFull, StorageUnavailable, StoreInUse
from storage.lock import FileLock
from storage.store import Readable

REST = timedelta(hours=1)
"""How long a file is left alone before a sweep may take it."""

LOOKED_UP_AT_ONCE = 500
"""How many files one question to the database is about."""

SWEEP_TRIES_MAX = 300
SWEEP_PAUSE_SECONDS = 0.2

PARTIAL: Final = ".partial"
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
        """Erase contents no attachment refers to; return how many went.

        While a back-up copies files nothing is swept: it is left for the next round.
        """
        try:
            lock = await asyncio.to_thread(FileLock, self.folder)
        except StoreInUse:
            return 0
        try:
            return await self._sweep(store, now)
        finally:
            lock.release()

    async def _sweep(self, store: Readable, now: datetime) -> int:
        swept = 0
        resting = self._resting(now)
        while some := await asyncio.to_thread(lambda: list(islice(resting, LOOKED_UP_AT_ONCE))):
            async with store.reading() as reading:
                named = await attachments.referred(reading, [_sha256(path) for path in some])
            forgotten = [path for path in some if _sha256(path) not in named]
            swept += await asyncio.to_thread(self._erase, forgotten, now)
        return swept

    @asynccontextmanager
    async def unswept(self) -> AsyncIterator[None]:
        """Keep every sweep away while the block lasts; raise `StoreInUse` where one lasts long."""
        for _ in range(SWEEP_TRIES_MAX):
            with suppress(StoreInUse):
                lock = await asyncio.to_thread(FileLock, self.folder)
                break
            await asyncio.sleep(SWEEP_PAUSE_SECONDS)
        else:
            raise StoreInUse("Attachments are swept, or backed up, just now; try again later.")
        try:
            yield
        finally:
            lock.release()

    @asynccontextmanager
    async def all_or_none(self) -> AsyncIterator[Brought]:
        """Keep many contents: those that were not here before go again where the block raises."""
        brought = Brought(self)
        try:
            yield brought
        except BaseException:
            await asyncio.to_thread(brought.take_away)
            raise

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
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    yield path

    def _erase(self, forgotten: Iterable[Path], now: datetime) -> int:
        """Erase files that are still at rest: one may have been wanted again just now."""
        before, erased = (now - REST).timestamp(), 0
        for path in forgotten:
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()
                    erased += 1
        return erased


class Brought:
    """Contents that are brought together, and can be taken away together."""

    def __init__(self, files: Files) -> None:
        """Bring contents to `files`."""
        self._files = files
        self._new: list[Path] = []

    async def keep(self, content: bytes) -> None:
        """Keep a content, and know whether it was not here before."""
        path = self._files.path(hashlib.sha256(content).hexdigest())
        if not await asyncio.to_thread(path.exists):
            self._new.append(path)
        await self._files.keep(content)

    def take_away(self) -> None:
        """Take away what was new, and the folders that are empty then."""
        for path in self._new:
            path.unlink(missing_ok=True)
            with suppress(OSError):  # Something else stands in it.
                path.parent.rmdir()
        with suppress(OSError):
            self._files.folder.rmdir()


def _sha256(path: Path) -> str:
    """Return the content a file stands for by its place."""
    return path.parent.name + path.name


def _write_whole(path: Path, content: bytes) -> None:
    with appearing(path) as file:
        file.write(content)


@contextmanager
def appearing(path: Path, prefix: str | None = None) -> Iterator[BinaryIO]:
    """Write a file that appears at `path`, on disk, when the block ends well, and else not at all.

    A killed process leaves one beside it that ends in `.partial`.
    """
    handle, beside = tempfile.mkstemp(PARTIAL, prefix, path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
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
