"""Reading an archive from end to end, and bringing it back.

Nothing of an archive is used before all of it was found right. It is then written to a database
of the revision it was made with, read back there, and brought up to this program's.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, assert_never

from storage.copying.archive import File, Key, Part, Rows, Sealed, parts
from storage.copying.manifest import BackupRefused, Manifest, unsealed
from storage.copying.opening import target_on
from storage.copying.rows import Tally, row_of
from storage.copying.target import Target, expect_same
from storage.errors import TooNew
from storage.files import Brought, Files
from storage.steps import knows

UNSENT: Final = "SELECT count(*) AS count FROM outbox WHERE state = 'waiting'"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back; `key` stands where the archive has it, `zeroes` as in `moving.Moved`."""

    manifest: Manifest
    key: str = ""
    unsent: int = 0
    zeroes: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Seen:
    """What was found in an archive so far."""

    tables: dict[str, Tally] = field(default_factory=dict)
    files: Tally = field(default_factory=Tally)
    file_bytes: int = 0
    key: str = ""
    manifest: Manifest | None = None

    def see(self, part: Part) -> None:
        if self.manifest is not None:
            raise BackupRefused("there is more in it behind its end")
        match part:
            case Rows(table, lines):
                tally = self.tables.setdefault(table, Tally())
                for line in lines:
                    tally.add(line)
            case File(sha256, content):
                if hashlib.sha256(content).hexdigest() != sha256:
                    raise BackupRefused(f"the attachment {sha256} in it is damaged")
                self.files.add(sha256.encode("ascii"))
                self.file_bytes += len(content)
            case Key(text):
                self.key = text
            case Sealed(content):
                self.manifest = unsealed(content)
            case _:
                assert_never(part)


def verify(path: Path) -> tuple[Manifest, str]:
    """Read an archive from end to end; return what it holds, and the key if it has it.

    Raises `BackupRefused` with what is wrong with it, and `TooNew` for one of a later Baraza.
    """
    seen = _Seen()
    try:
        for part in parts(path):
            seen.see(part)
        manifest = _found_right(seen)
    except BackupRefused as error:
        raise BackupRefused(f"The back-up {path} cannot be used: {error}.") from error.__cause__
    if not knows(manifest.revision):
        said = f"The back-up {path} was made by a later Baraza; install that version."
        raise TooNew(said)
    return manifest, seen.key


def _found_right(seen: _Seen) -> Manifest:
    """Hold what was found against what the manifest says."""
    manifest = seen.manifest
    if manifest is None:
        raise BackupRefused("it has no end: it was cut short")
    for table in manifest.tables:
        found = seen.tables.pop(table.name, Tally())
        if found.rows != table.rows:
            said = f"it has {found.rows} rows of the table {table.name} instead of {table.rows}"
            raise BackupRefused(said)
        if found.sum != table.sum:
            raise BackupRefused(f"the rows of the table {table.name} in it are damaged")
    if seen.tables:
        raise BackupRefused(f"the table {min(seen.tables)} in it is none that it should have")
    kept = manifest.attachments
    if (seen.files.rows, seen.file_bytes, seen.files.sum) != (kept.files, kept.bytes, kept.sum):
        raise BackupRefused(f"it has not all of its {kept.files} attachments")
    if manifest.with_key != bool(seen.key):
        raise BackupRefused("its key is missing, or should not be there")
    return manifest


async def restore(path: Path, database_url: str, files: Files) -> Restored:
    """Verify an archive and bring it back into an empty database; attachments go to `files`.

    Where it fails, no database has changed, and the attachments that it brought are gone again.
    Raises as `verify` and `opening.target_on`.
    """
    manifest, key = await asyncio.to_thread(verify, path)
    shapes = [table.shape for table in manifest.tables]
    expected = {table.name: (table.rows, table.sum) for table in manifest.tables}
    async with files.all_or_none() as brought, target_on(database_url, manifest.revision) as target:
        await _bring_back(path, manifest, target, brought)
        await expect_same(target, shapes, expected)
        unsent = await target.reading.row(UNSENT)
    return Restored(manifest, key, unsent["count"] if unsent else 0, target.zeroes.rows)


async def _bring_back(path: Path, manifest: Manifest, target: Target, files: Brought) -> None:
    shapes = {table.name: table.shape for table in manifest.tables}
    reading: Iterator[Part] = parts(path)
    while (part := await asyncio.to_thread(next, reading, None)) is not None:
        match part:
            case Rows(table, lines):
                await target.put(shapes[table], [row_of(line) for line in lines])
            case File(content=content):
                await files.keep(content)
            case Key() | Sealed():
                pass
            case _:
                assert_never(part)
    for kept in manifest.tables:
        if kept.counter:
            await target.count_on(kept.shape, kept.counter_at)
