"""Taking a database to another one: from one file to PostgreSQL, or back.

The bot is stopped for it, and cannot be started on the file meanwhile: what it kept after its row
was copied would be left behind unseen. Telegram holds what people send for a day. For a rehearsal
beside the running bot a back-up can be restored into the other database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from storage.copying.counters import counters
from storage.copying.opening import target_on
from storage.copying.rows import Shape, Tally, pages, shapes
from storage.copying.target import Target, expect_same
from storage.errors import DatabaseRefused, NotMigrated, StoreInUse
from storage.location import is_postgres, location_of
from storage.lock import FileLock
from storage.opening import open_readable
from storage.steps import REVISION
from storage.store import Reading

OTHERS: Final = """
    SELECT count(*) AS count FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'baraza'
        AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows of which table stand in the new database now.

    `zeroes` counts those in which a character was exchanged; see `target.SHOWN_ZERO`.
    """

    rows: dict[str, int]
    zeroes: dict[str, int] = field(default_factory=dict)


async def move(source_url: str, target_url: str) -> Moved:
    """Copy a database into an empty one and read it back there; the old one stays as it is.

    Raises `StoreInUse` while a Baraza works on either, and as `opening.target_on`.
    """
    _expect_another(source_url, target_url)
    with _alone(source_url):
        source = await open_readable(source_url)
        try:
            async with source.reading() as reading:
                await _expect_nobody(reading, source_url)
                revision = await reading.row(REVISION)
                async with target_on(target_url, revision["version_num"] if revision else "") as to:
                    return await _copy(reading, to, postgres=is_postgres(source_url))
        finally:
            await source.close()


async def _copy(reading: Reading, target: Target, *, postgres: bool) -> Moved:
    found = {shape.name: await _copy_table(reading, target, shape) for shape in shapes()}
    counted = await counters(reading, shapes(), postgres=postgres)
    for shape in shapes():
        if shape.counter:
            await target.count_on(shape, counted.get(shape.name, 0))
    expected = {name: (tally.rows, tally.sum) for name, tally in found.items()}
    await expect_same(target, shapes(), expected)
    return Moved({name: tally.rows for name, tally in found.items()}, target.zeroes.rows)


async def _copy_table(reading: Reading, target: Target, shape: Shape) -> Tally:
    tally = Tally()
    async for page in pages(reading, shape):
        for line in page.lines:
            tally.add(line)
        await target.put(shape, page.rows)
    return tally


def _expect_another(source_url: str, target_url: str) -> None:
    """Refuse a move to where one is; without this the move would be said to be in its own way."""
    places = (source_url, target_url)
    paths = [None if is_postgres(url) else location_of(url) for url in places]
    same = paths[0].resolve() == paths[1].resolve() if paths[0] and paths[1] else False
    if same or source_url == target_url:
        raise DatabaseRefused("That is where the database is; nothing was done. Name another one.")


@contextmanager
def _alone(database_url: str) -> Iterator[None]:
    """Keep every Baraza from working on a file; on PostgreSQL there is no such lock."""
    path = None if is_postgres(database_url) else location_of(database_url)
    if path is None:
        yield
        return
    if not path.is_file():
        raise NotMigrated(f"There is no database at {path} to move.")
    lock = FileLock(path)
    try:
        yield
    finally:
        lock.release()


async def _expect_nobody(reading: Reading, database_url: str) -> None:
    if not is_postgres(database_url):
        return
    row = await reading.row(OTHERS)
    if row is not None and row["count"]:
        said = "A Baraza works on the database that is to be moved; stop it first."
        raise StoreInUse(said)
