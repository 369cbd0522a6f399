"""SQLite alone: the file, its lock, its errors, its readers, its commits."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import contacts, sqlite_log, sqlite_writer, updates
from storage.errors import (
    DatabaseRefused,
    NotMigrated,
    StorageFull,
    StorageUnavailable,
    StoreInUse,
    TooNew,
    WrongKey,
)
from storage.migrate import migrate
from storage.opening import open_readable, open_store
from storage.store import Store

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
KEY = b"a key of the tests, not a secret"


@pytest.fixture
async def url(database_url: str) -> str:
    """Return the URL of a migrated database file."""
    await migrate(database_url)
    return database_url


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """Lend a store on that file."""
    opened = await open_store(url, KEY)
    yield opened
    await opened.close()


def path_of(url: str) -> Path:
    """Return the file of a URL."""
    return Path(url.removeprefix("sqlite:///"))


async def meet(store: Store, chat_id: int) -> None:
    """Meet a contact in a unit of its own."""
    async with store.unit() as unit:
        await contacts.meet(unit, chat_id, NOW)


async def met(url: str) -> list[int]:
    """Return the chat ids of the contacts, read beside whoever works on the file."""
    readable = await open_readable(url)
    async with readable.reading() as reading:
        rows = await reading.rows("SELECT chat_id FROM contacts ORDER BY chat_id")
    await readable.close()
    return [row["chat_id"] for row in rows]


class TestOpening:
    """Every refusal is one line that says what to do."""

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ("mysql://me:secret@host/db", "'mysql…'; write sqlite:///path"),
            ("baraza.db", "'baraza.db…'; write sqlite:///path"),
            ("sqlite:///", "names no database file"),
            ("sqlite:/baraza.db", "names no database file"),
        ],
    )
    async def test_unknown_url(self, wrong: str, said: str) -> None:
        """A URL we cannot open is answered with one we can, without the password in it."""
        for refused in (open_store(wrong, KEY), migrate(wrong)):
            with pytest.raises(DatabaseRefused, match=said) as told:
                await refused
            assert "secret" not in str(told.value)

    async def test_not_migrated(self, database_url: str) -> None:
        """A database that is not there, or has no tables, asks for `baraza migrate`."""
        with pytest.raises(NotMigrated, match="Start where you ran Baraza before"):
            await open_store(database_url, KEY)
        path_of(database_url).touch()
        with pytest.raises(NotMigrated, match="run `baraza migrate`"):
            await open_store(database_url, KEY)

    async def test_later_release(self, url: str) -> None:
        """A database of a later release is left alone."""
        with sqlite3.connect(path_of(url)) as raw:
            raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.close()
        for refused in (open_store(url, KEY), migrate(url)):
            with pytest.raises(TooNew, match="later Baraza; install that version"):
                await refused

    async def test_no_database(self, database_url: str) -> None:
        """A file that is something else is named and left as it is."""
        path = path_of(database_url)
        path.parent.mkdir()
        path.write_bytes(b"a letter to my mother " * 100)
        for refused in (open_store(database_url, KEY), migrate(database_url)):
            with pytest.raises(DatabaseRefused, match=r"is damaged|no database"):
                await refused
        assert path.read_bytes() == b"a letter to my mother " * 100

    async def test_no_folder(self, tmp_path: Path) -> None:
        """A folder that cannot be written is named."""
        (tmp_path / "file").touch()
        with pytest.raises(DatabaseRefused, match=r"cannot be written .* set BARAZA_DATA_DIR"):
            await migrate(f"sqlite:///{tmp_path}/file/baraza.db")

    @pytest.mark.skipif(os.name == "nt", reason="Windows has rights of another kind")
    async def test_only_its_owner_reads_it(self, store: Store, url: str) -> None:
        """A database's file and its log, which hold chat ids, are for their owner alone."""
        await meet(store, 7)
        made = list(path_of(url).parent.glob("baraza.db*"))
        assert len(made) > 2
        rights = {path.name: path.stat().st_mode & 0o077 for path in made}
        assert {name for name, mode in rights.items() if mode} <= {"baraza.db.lock"}

    async def test_in_use(self, url: str) -> None:
        """A second Baraza on the same file is refused, until the first has closed."""
        store = await open_store(url, KEY)
        for refused in (open_store(url, KEY), migrate(url)):
            with pytest.raises(StoreInUse, match=r"in use by another Baraza \(process \d+\)"):
                await refused
        await store.close()
        await (await open_store(url, KEY)).close()

    async def test_other_key(self, url: str) -> None:
        """Another key than the database was begun with is noticed before harm is done."""
        await (await open_store(url, KEY)).close()
        with pytest.raises(WrongKey, match="Put back your copy"):
            await open_store(url, KEY[::-1])
        with pytest.raises(WrongKey, match="16 or more"):
            await open_store(url, b"short")
        await (await open_store(url, KEY)).close()


class TestReaders:
    """Readers see what is committed and disturb nobody."""

    async def test_beside_a_unit(self, store: Store) -> None:
        """A reader works while a unit is open and sees the last commit, the same to its end."""
        await meet(store, 1)
        async with store.reading() as reading, store.unit() as unit:
            await contacts.meet(unit, 2, NOW)
            counts = await reading.rows("SELECT count(*) AS n FROM contacts")
        async with store.reading() as reading:
            later = await reading.rows("SELECT count(*) AS n FROM contacts")
        assert (counts[0]["n"], later[0]["n"]) == (1, 2)

    async def test_many(self, store: Store) -> None:
        """More readers than connections take turns."""

        async def count() -> int:
            async with store.reading() as reading:
                return len(await reading.rows("SELECT 1 AS one"))

        assert await asyncio.gather(*(count() for _ in range(20))) == [1] * 20

    async def test_cannot_write(self, store: Store) -> None:
        """A reader cannot change anything, even by mistake."""
        async with store.reading() as reading:
            with pytest.raises(StorageUnavailable):
                await reading.rows("DELETE FROM contacts")

    async def test_another_process(self, store: Store, url: str) -> None:
        """What is kept can be read while a Baraza works on it."""
        await meet(store, 1)
        assert await met(url) == [1]


class TestCommits:
    """What a commit promises."""

    async def test_shared(self, store: Store, url: str) -> None:
        """Units that wait together share a commit; one that comes alone has its own."""
        before = wal_commits(url)
        await meet(store, 0)
        alone = wal_commits(url) - before
        await asyncio.gather(*(meet(store, chat_id) for chat_id in range(1, 41)))
        together = wal_commits(url) - before - alone
        assert alone == 1
        assert together <= 4

    async def test_log_stays_short(self, store: Store, url: str) -> None:
        """What was kept is written back beside the units, so that the log begins anew."""
        log, rounds = path_of(url).with_name("baraza.db-wal"), 0
        salt, first = log.read_bytes()[16:24], b""
        while first in {b"", salt} and rounds < 100:
            rounds += 1
            await asyncio.gather(*(meet(store, 1_000 * rounds + n) for n in range(100)))
            await asyncio.sleep(sqlite_log.LOOK_SECONDS / 10)
            first = log.read_bytes()[16:24]
        assert first != salt

    async def test_disk_full(self, store: Store) -> None:
        """On a full disk the units that do not fit say so, and those told otherwise are there."""
        async with store.unit() as unit:
            (row,) = await unit.rows("PRAGMA page_count")
            await unit.run(f"PRAGMA max_page_count = {row['page_count'] + 8}")

        async def fill(update_id: int) -> None:
            async with store.unit() as unit:
                assert await updates.first_sight(unit, update_id, NOW)
                await updates.set_aside(unit, update_id, "x" * 1_000, "full", NOW)

        await fill(-1)
        results = await asyncio.gather(*map(fill, range(100)), return_exceptions=True)
        assert {type(result) for result in results if result} == {StorageFull}
        async with store.unit() as unit:
            await unit.run("PRAGMA max_page_count = 1000000")
        await fill(1_000)
        async with store.reading() as reading:
            seen = await reading.rows("SELECT update_id FROM updates ORDER BY update_id")
            letters = await reading.rows("SELECT update_id FROM dead_letters ORDER BY update_id")
        told = [number for number, result in enumerate(results) if result is None]
        assert [row["update_id"] for row in seen] == [-1, *told, 1_000]
        assert [row["update_id"] for row in letters] == [-1, *told, 1_000]

    async def test_lost_transaction(self, store: Store, url: str) -> None:
        """Where the transaction ends under a unit, it and those before it hear: not kept."""

        async def lose() -> None:
            async with store.unit() as unit:
                await contacts.meet(unit, 2, NOW)
                await unit.run("ROLLBACK")
                await contacts.meet(unit, 3, NOW)

        results = await asyncio.gather(meet(store, 1), lose(), return_exceptions=True)
        assert [type(result) for result in results] == [StorageUnavailable] * 2
        await meet(store, 5)
        assert await met(url) == [5]

    async def test_another_program_holds_it(
        self, store: Store, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """While a shell holds the file units wait, say so in the end, and then all goes on."""
        monkeypatch.setattr(sqlite_writer, "BUSY_SECONDS", 0.1)
        other = sqlite3.connect(path_of(url), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        waiting, began_at = asyncio.create_task(meet(store, 1)), time.monotonic()
        await asyncio.sleep(0.01)
        assert time.monotonic() - began_at < 3  # The event loop goes on beside it.
        with pytest.raises(StorageUnavailable, match="Another program holds"):
            await waiting
        other.close()
        await meet(store, 2)
        assert await met(url) == [2]


FAILING = """
import asyncio, sys
from storage.opening import open_store

async def main():
    store = await open_store(sys.argv[1], bytes(32))
    async with store.reading() as reading:
        await reading.rows("SELECT 1 AS one")
    async with store.unit():
        raise RuntimeError("a mistake of ours")

asyncio.run(main())
"""


async def test_failing_process_ends(url: str) -> None:
    """A process that fails without closing its store ends all the same."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", FAILING, url),
        stderr=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": str(ROOT)},
    )
    _, said = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    assert said.count(b"Traceback") == 1
    assert said.endswith(b"RuntimeError: a mistake of ours\n")


def wal_commits(url: str) -> int:
    """Count the commits in the write-ahead log: frames that say how large the file then is.

    Source: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
    """
    log = path_of(url).with_name("baraza.db-wal").read_bytes()
    frame = 24 + 4096
    return sum(log[at + 4 : at + 8] != bytes(4) for at in range(32, len(log), frame))
