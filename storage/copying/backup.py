"""Making a back-up while the bot runs.

The rows are those of one view: on SQLite a reader of the log, on PostgreSQL one REPEATABLE READ
transaction; neither holds anybody up. Which files they name is noted beside, so that the view can
end before the files are copied; meanwhile no sweep may take one.
"""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import BinaryIO, Final

from storage import attachments, figures
from storage.copying.archive import ArchiveWriter, writing
from storage.copying.counters import counters
from storage.copying.manifest import (
    FORMAT,
    BackupRefused,
    KeptFiles,
    KeptTable,
    Manifest,
    kept_table,
)
from storage.copying.rows import Shape, Tally, pages, shapes
from storage.files import Files
from storage.location import is_postgres
from storage.opening import open_readable
from storage.steps import REVISION
from storage.store import Reading

NAMES_AT_ONCE: Final = 1_000
HASH_LENGTH: Final = 64


@dataclass(slots=True)
class _Files:
    """What was found of the attachments so far."""

    tally: Tally = field(default_factory=Tally)
    size_bytes: int = 0
    missing: list[str] = field(default_factory=list)


async def back_up(
    database_url: str, files: Files, out: Path, now: datetime, key: bytes | None = None
) -> Manifest:
    """Copy everything that is kept into a new archive at `out`; return what it holds.

    `key` goes into it only where it is given: with it, whoever finds the archive can tell whose
    reports are whose. Raises `BackupRefused` where a file stands at `out`, and otherwise as
    `storage.opening.open_readable` and `archive.writing`.
    """
    if await asyncio.to_thread(out.exists):
        raise BackupRefused(f"There is a file {out} already; name another for the back-up.")
    store = await open_readable(database_url)
    try:
        with writing(out, now.timestamp()) as writer, tempfile.TemporaryFile() as named:
            async with files.unswept():
                async with store.reading() as reading:
                    about = await _copy_rows(reading, writer, named, is_postgres(database_url))
                found = await asyncio.to_thread(_copy_files, files, writer, named)
            if key is not None:
                writer.add_key(key.hex())
            manifest = _manifest(about, found, now, with_key=key is not None)
            writer.add_manifest(manifest)
    finally:
        await store.close()
    return manifest


@dataclass(frozen=True, slots=True)
class _About:
    """What one view told beside the rows."""

    revision: str
    programmes: dict[str, int]
    tables: tuple[KeptTable, ...]


async def _copy_rows(
    reading: Reading,
    writer: ArchiveWriter,
    named: BinaryIO,
    postgres: bool,  # noqa: FBT001
) -> _About:
    revision = await reading.row(REVISION)
    counted = await counters(reading, shapes(), postgres=postgres)
    tables = [
        kept_table(shape, counted.get(shape.name, 0), await _copy_table(reading, writer, shape))
        for shape in shapes()
    ]
    await _note_names(reading, named)
    programmes = dict(await figures.programmes(reading))
    return _About(str(revision["version_num"] if revision else ""), programmes, tuple(tables))


async def _copy_table(reading: Reading, writer: ArchiveWriter, shape: Shape) -> Tally:
    tally = Tally()
    async for page in pages(reading, shape):
        for line in page.lines:
            tally.add(line)
        await asyncio.to_thread(writer.add_rows, shape.name, page.lines)
    await asyncio.to_thread(writer.end_table, shape.name)
    return tally


async def _note_names(reading: Reading, named: BinaryIO) -> None:
    """Note the SHA-256 of each file that a row names, once."""
    last = ""
    while names := await attachments.contents_after(reading, last, NAMES_AT_ONCE):
        last = names[-1]
        named.write("".join(names).encode("ascii"))
    named.seek(0)


def _copy_files(files: Files, writer: ArchiveWriter, named: BinaryIO) -> _Files:
    found = _Files()
    for sha256 in _names(named):
        content = _read(files, sha256)
        if content is None:
            found.missing.append(sha256)
            continue
        writer.add_file(sha256, content)
        found.tally.add(sha256.encode("ascii"))
        found.size_bytes += len(content)
    return found


def _names(named: BinaryIO) -> Iterator[str]:
    while sha256 := named.read(HASH_LENGTH):
        yield sha256.decode("ascii")


def _read(files: Files, sha256: str) -> bytes | None:
    """Return a file's bytes, None where it is gone or no longer what it was."""
    try:
        content = files.path(sha256).read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _manifest(about: _About, found: _Files, now: datetime, *, with_key: bool) -> Manifest:
    missing = tuple(found.missing)
    return Manifest(
        format=FORMAT,
        made_at=now,
        baraza=_version(),
        revision=about.revision,
        programmes=about.programmes,
        tables=about.tables,
        attachments=KeptFiles(
            files=found.tally.rows, bytes=found.size_bytes, sum=found.tally.sum, missing=missing
        ),
        with_key=with_key,
    )


def _version() -> str:
    try:
        return metadata.version("baraza")
    except metadata.PackageNotFoundError:
        return "from a checkout"
