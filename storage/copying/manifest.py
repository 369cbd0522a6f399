"""What an archive says it holds: the last thing in it, so that an archive cut short has none.

It carries a seal over its own words, the revision of the tables (`migrations/`), for every table
its shape, the number of its rows and their sum, and for the attachments their number, bytes and
the sum of their SHA-256s. Files that rows named and that were not to be found when the back-up
was made are listed, so that nobody looks for them in vain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from storage.copying.rows import Shape, Tally
from storage.errors import DatabaseRefused

FORMAT: Final = 1

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""A name that goes into SQL as it stands."""


class BackupRefused(DatabaseRefused):
    """An archive cannot be used as it is, or no archive can be made; the line says why."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KeptTable(_Frozen):
    """A table in the archive; `counter_at` is the highest number that its counter ever gave."""

    name: Word
    columns: tuple[Word, ...]
    key: Annotated[tuple[Word, ...], Field(min_length=1)]
    booleans: tuple[Word, ...]
    counter: Word | Literal[""]
    counter_at: int
    rows: int
    sum: str

    @property
    def shape(self) -> Shape:
        """Return how its rows are read."""
        return Shape(self.name, self.columns, self.key, self.booleans, self.counter)


class KeptFiles(_Frozen):
    """The attachments in the archive, and the SHA-256s of those that were not to be had."""

    files: int
    bytes: int
    sum: str
    missing: tuple[str, ...] = ()


class Manifest(_Frozen):
    """What an archive holds."""

    format: Literal[1]
    made_at: datetime
    baraza: str
    revision: str
    programmes: Mapping[str, int]
    tables: tuple[KeptTable, ...]
    attachments: KeptFiles
    with_key: bool

    def table(self, name: str) -> KeptTable | None:
        """Return a table by its name, if the archive has it."""
        return next((table for table in self.tables if table.name == name), None)


def kept_table(shape: Shape, counter_at: int, tally: Tally) -> KeptTable:
    """Say what was read of a table."""
    return KeptTable(
        name=shape.name,
        columns=shape.columns,
        key=shape.key,
        booleans=shape.booleans,
        counter=shape.counter,
        counter_at=counter_at,
        rows=tally.rows,
        sum=tally.sum,
    )


def sealed(manifest: Manifest) -> bytes:
    """Write a manifest with its seal."""
    said = manifest.model_dump(mode="json")
    return json.dumps({"seal": _seal(said), **said}, ensure_ascii=False, indent=1).encode()


def unsealed(content: bytes) -> Manifest:
    """Read a manifest; raise `BackupRefused` where its seal is broken or it is another format's."""
    try:
        said = json.loads(content)
        seal = said.pop("seal")
    except (ValueError, KeyError, AttributeError):
        raise BackupRefused("its manifest cannot be read") from None
    if seal != _seal(said):
        raise BackupRefused("its manifest is not as it was written")
    if said.get("format") != FORMAT:
        raise BackupRefused("it was made by a later Baraza; install that version")
    try:
        return Manifest.model_validate(said)
    except ValidationError as error:
        raise BackupRefused(f"its manifest says what it should not: {error.errors()[0]}") from None


def _seal(said: object) -> str:
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def summary(manifest: Manifest) -> Iterator[str]:
    """Say in lines what an archive holds."""
    files = manifest.attachments
    yield f"made {manifest.made_at:%Y-%m-%d %H:%M} UTC by Baraza {manifest.baraza}"
    yield f"tables of revision {manifest.revision}: {_counted(manifest)}"
    for programme, reports in manifest.programmes.items():
        yield f"programme {programme}: {reports} submissions"
    yield f"attachments: {files.files} files, {files.bytes:,} bytes"
    if files.missing:
        yield f"attachments that were not to be found: {len(files.missing)}"
    yield "the key: " + ("yes" if manifest.with_key else "no, keep your copy of it apart")


def _counted(manifest: Manifest) -> str:
    filled = [f"{table.rows} {table.name}" for table in manifest.tables if table.rows]
    return ", ".join(filled) or "empty"
