"""A new SQLite file: filled beside its place, under the lock of that place, then renamed."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Final

from storage.copying.rows import Shape
from storage.copying.target import OCCUPIED, OF_NOBODY, Zeroes
from storage.errors import DatabaseRefused, fail
from storage.files import PARTIAL, flush_folder
from storage.lock import FileLock
from storage.migrate import upgrade_file
from storage.schema import metadata
from storage.sqlite import ReaderView
from storage.sqlite_connection import Connection, connect_file, told_plainly
from storage.store import Value

TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table'"

COUNT_ON: Final = """
    UPDATE sqlite_sequence SET seq = max(seq, $2) WHERE name = $1 RETURNING seq
"""

BEGIN_COUNT: Final = "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)"

BESIDE: Final = ("-wal", "-shm", "-journal")


@asynccontextmanager
async def sqlite_target(path: Path, revision: str) -> AsyncIterator[SqliteTarget]:
    """Lend a new file; see `opening.target_on`."""
    lock = FileLock(path)
    beside = path.with_name(path.name + PARTIAL)
    try:
        await asyncio.to_thread(_expect_nothing, path)
        await asyncio.to_thread(_remove, beside)
        await asyncio.to_thread(upgrade_file, beside, revision)
        connection = await Connection.open(partial(_connect, beside), str(path))
        try:
            await connection.rows("BEGIN")
            yield SqliteTarget(connection)
            await connection.rows("COMMIT")
        finally:
            await connection.close()
        await asyncio.to_thread(upgrade_file, beside, "head")
        await asyncio.to_thread(_put_in_place, beside, path)
    finally:
        await asyncio.to_thread(_remove, beside)
        lock.release()


class SqliteTarget:
    """A file under way, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Write through `connection`, which nobody else uses."""
        self._connection = connection
        self.reading = ReaderView(connection)
        self.zeroes = Zeroes()

    async def put(self, shape: Shape, rows: Sequence[Sequence[Value]]) -> None:
        """Put rows into a table."""
        places = ", ".join(f"${number}" for number, _ in enumerate(shape.columns, start=1))
        columns = ", ".join(shape.columns)
        sql = f"INSERT INTO {shape.name} ({columns}) VALUES ({places})"  # noqa: S608 - as in `Shape`.
        await asyncio.to_thread(self._connection.run_many_now, sql, rows)

    async def count_on(self, shape: Shape, counter_at: int) -> None:
        """Let a table's counter go on behind a number."""
        if not await self._connection.rows(COUNT_ON, shape.name, counter_at):
            await self._connection.rows(BEGIN_COUNT, shape.name, counter_at)


def _connect(path: Path) -> sqlite3.Connection:
    return connect_file(path)


def _expect_nothing(path: Path) -> None:
    """Refuse to stand over a database in which there is anything of anybody's."""
    if not path.exists():
        return
    try:
        with closing(connect_file(path)) as raw:
            known = {row["name"] for row in raw.execute(TABLES)}
            for table in metadata.sorted_tables:
                if table.name in known - OF_NOBODY and _holds(raw, table.name):
                    raise DatabaseRefused(OCCUPIED.format(name=path, table=table.name))
            if others := known - {*metadata.tables, "alembic_version", "sqlite_sequence"}:
                raise DatabaseRefused(OCCUPIED.format(name=path, table=min(others)))
    except sqlite3.Error as error:
        fail(told_plainly(error, str(path)), error)


def _holds(raw: sqlite3.Connection, table: str) -> bool:
    return raw.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None  # noqa: S608 - a table of the schema.


def _put_in_place(beside: Path, path: Path) -> None:
    """Take the place of an empty database, whose log must not be taken for the new one's."""
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    _remove(path)
    beside.replace(path)
    flush_folder(path.parent)


def _remove(path: Path) -> None:
    for ending in (*BESIDE, ""):
        path.with_name(path.name + ending).unlink(missing_ok=True)
