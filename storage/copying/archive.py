"""One archive: a tar file of rows, attachments and, last, the manifest.

    tables/submissions/000001.jsonl.gz    some rows, one a line
    attachments/ab/cdef...                a file under its SHA-256
    key                                   only where it was asked for
    manifest.json                         `manifest`

Any tar shows and unpacks it. Writing, it has another name until it is whole and on disk. Reading,
every part is held against limits, and whatever is wrong is told with the part's name.
"""

from __future__ import annotations

import errno
import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from storage.copying.manifest import BackupRefused, Manifest, sealed
from storage.errors import StorageFull, StorageUnavailable
from storage.files import appearing

PART_BYTES: Final = 1_000_000
"""About so many bytes of rows make one part."""

PACKED_BYTES_MAX: Final = 64_000_000
"""No part is longer; attachments are at most a third of it."""

UNPACKED_BYTES_MAX: Final = 128_000_000
"""No part's rows are longer; a single row holds a form or a workbook at most."""

MANIFEST: Final = "manifest.json"
KEY: Final = "key"

_ROWS: Final = re.compile(r"tables/([a-z][a-z0-9_]*)/\d+\.jsonl\.gz")
_FILE: Final = re.compile(r"attachments/([0-9a-f]{2})/([0-9a-f]{62})")
_GZIP: Final = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table, as lines."""

    table: str
    lines: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class File:
    """An attachment, as it was found."""

    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """The key behind the pseudonyms, as text."""

    text: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """The manifest, not yet read."""

    content: bytes


Part: TypeAlias = Rows | File | Key | Sealed


@dataclass(slots=True)
class ArchiveWriter:
    """An archive under way; made by `writing`."""

    tar: tarfile.TarFile
    moment: float
    parts: int = 0
    waiting: list[bytes] = field(default_factory=list)
    waiting_bytes: int = 0

    def add_rows(self, table: str, lines: Sequence[bytes]) -> None:
        """Add rows; they may wait for others to fill a part."""
        for line in lines:
            self.waiting.append(line)
            self.waiting_bytes += len(line)
            if self.waiting_bytes >= PART_BYTES:
                self.end_table(table)

    def end_table(self, table: str) -> None:
        """Write the rows that wait."""
        if not self.waiting:
            return
        self.parts += 1
        packed = gzip.compress(b"\n".join(self.waiting), compresslevel=6, mtime=0)
        self.waiting, self.waiting_bytes = [], 0
        self._add(f"tables/{table}/{self.parts:06}.jsonl.gz", packed)

    def add_file(self, sha256: str, content: bytes) -> None:
        """Add an attachment."""
        self._add(f"attachments/{sha256[:2]}/{sha256[2:]}", content)

    def add_key(self, text: str) -> None:
        """Add the key."""
        self._add(KEY, text.encode("ascii"))

    def add_manifest(self, manifest: Manifest) -> None:
        """Add the manifest, which ends the archive."""
        self._add(MANIFEST, sealed(manifest))

    def _add(self, name: str, content: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime, entry.mode = len(content), int(self.moment), 0o600
        self.tar.addfile(entry, io.BytesIO(content))
        _forget_members(self.tar)


@contextmanager
def writing(path: Path, moment: float) -> Iterator[ArchiveWriter]:
    """Write an archive that appears at `path` when the block ends well, and else not at all.

    Raises `StorageFull` or `StorageUnavailable`, which name the place and leave nothing behind.
    A killed process leaves a file that ends in `.partial`.
    """
    with (
        _told_plainly(path),
        appearing(path, f"{path.name}.") as file,
        tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        yield ArchiveWriter(tar, moment)


@contextmanager
def _told_plainly(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            said = f"No room left for the back-up {path}; make room, or name another place."
            raise StorageFull(said) from error
        said = f"The back-up {path} cannot be written ({error.strerror}); name another place."
        raise StorageUnavailable(said) from error


def parts(path: Path) -> Iterator[Part]:
    """Read an archive part by part; raise `BackupRefused` for what cannot be in one of ours."""
    try:
        with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            while (entry := tar.next()) is not None:
                _forget_members(tar)
                yield _part(tar, entry)
            _expect_end(file)
    except tarfile.TarError as error:
        raise BackupRefused(f"it is cut short, or no back-up at all ({error})") from error
    except OSError as error:
        raise BackupRefused(f"it cannot be read ({error.strerror})") from error


def _expect_end(file: BinaryIO) -> None:
    """Make sure that nothing but the padding of zeros follows the last part."""
    while block := file.read(PART_BYTES):
        if block.strip(b"\0"):
            raise BackupRefused("it is damaged behind its last part")


def _forget_members(tar: tarfile.TarFile) -> None:
    """Let go of what was read or written: it would remember each of a million files."""
    tar.members.clear()  # type: ignore[attr-defined]  # Missing in the library's types.


def _part(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> Part:
    name = entry.name
    if not entry.isreg() or entry.size > PACKED_BYTES_MAX:
        raise BackupRefused(f"{name} in it is no part of a back-up")
    content = _content(tar, entry)
    if found := _ROWS.fullmatch(name):
        return Rows(found[1], _unpacked(name, content).split(b"\n"))
    if found := _FILE.fullmatch(name):
        return File(found[1] + found[2], content)
    if name == KEY:
        return Key(content.decode("ascii", "replace"))
    if name == MANIFEST:
        return Sealed(content)
    raise BackupRefused(f"{name} in it is no part of a back-up")


def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(entry)
    content = file.read() if file else b""
    if len(content) != entry.size:
        raise BackupRefused(f"it is cut short at {entry.name}")
    return content


def _unpacked(name: str, packed: bytes) -> bytes:
    unpacking = zlib.decompressobj(_GZIP)
    try:
        content = unpacking.decompress(packed, UNPACKED_BYTES_MAX)
    except zlib.error:
        raise BackupRefused(f"{name} in it is damaged") from None
    if not unpacking.eof:
        raise BackupRefused(f"{name} in it is damaged, or longer than any rows of ours")
    return content
