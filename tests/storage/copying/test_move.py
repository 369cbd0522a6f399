"""A move takes everything to another database, or nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from conversations.session import Session
from storage import attachments, sessions
from storage.copying import move
from storage.copying.opening import target_on
from storage.copying.rows import shapes
from storage.errors import DatabaseRefused, StorageError, StoreInUse
from storage.opening import open_store
from storage.steps import revisions
from tests.storage.copying.seen import KINDS, highest_next, tallies
from tests.storage.house import (
    COUNTED,
    KEY,
    PROGRAMME,
    REPORTER,
    ROWS,
    furnish,
)


class TestMove:
    """A database goes to another one, whole, or stays where it is."""

    @pytest.mark.parametrize(
        "urls", [("sqlite", "postgres"), ("postgres", "sqlite")], indirect=True
    )
    async def test_everything_goes(self, urls: tuple[str, str]) -> None:
        """Rows, sums and counters are the same on the other database; the old one stays."""
        await furnish(urls[0], revisions()[-1])
        before = await tallies(urls[0])
        moved = await move(*urls)
        assert moved.rows == {name: len(rows) for name, rows in ROWS.items()}
        assert await tallies(urls[1]) == before
        assert await tallies(urls[0]) == before
        assert await highest_next(urls[1]) == COUNTED["outbox"] + 1
        store = await open_store(urls[1], KEY)
        async with store.reading() as reading:
            session = await sessions.current(reading, REPORTER, PROGRAMME)
            assert isinstance(session, Session)
            assert len(await attachments.of_submission(reading, "uuid:2")) == 2
        await store.close()

    @pytest.mark.parametrize(
        "urls", [("sqlite", "postgres"), ("postgres", "sqlite")], indirect=True
    )
    async def test_the_bot_is_stopped_first(self, urls: tuple[str, str]) -> None:
        """A move beside a running bot would leave behind what it keeps; it is refused."""
        await furnish(urls[0], revisions()[-1])
        store = await open_store(urls[0], KEY)
        with pytest.raises(StoreInUse):
            await move(*urls)
        await store.close()
        await move(*urls)

    @pytest.mark.parametrize("urls", [("sqlite", "postgres")], indirect=True)
    async def test_refused_where_something_is_kept(self, urls: tuple[str, str]) -> None:
        """Neither a second move nor one into somebody else's database does anything."""
        await furnish(urls[0], revisions()[-1])
        await move(*urls)
        with pytest.raises(DatabaseRefused, match="already"):
            await move(*urls)

    @pytest.mark.parametrize("urls", [("sqlite", kind) for kind in KINDS], indirect=True)
    async def test_all_or_nothing(self, urls: tuple[str, str]) -> None:
        """What fails half way leaves no table, no file and no lock behind."""
        with pytest.raises(RuntimeError, match="half way"):
            await _fail_half_way(urls[1])
        await furnish(urls[1], revisions()[-1])
        assert (await tallies(urls[1]))["contacts"][0] == 2

    @pytest.mark.parametrize("urls", [(kind, "sqlite") for kind in KINDS], indirect=True)
    async def test_to_itself(self, urls: tuple[str, str]) -> None:
        """A move to where the database is, however it is named, is said to be that."""
        await furnish(urls[0], revisions()[-1])
        folder, _, name = urls[0].rpartition("/")
        other = f"{folder}/../{Path(folder).name}/{name}" if "sqlite" in urls[0] else urls[0]
        for same in (urls[0], other):
            with pytest.raises(DatabaseRefused, match="where the database is"):
                await move(urls[0], same)

    @pytest.mark.parametrize("urls", [("sqlite", "postgres")], indirect=True)
    async def test_the_other_server_goes_away(self, urls: tuple[str, str]) -> None:
        """A connection that breaks half way is told in a line, and nothing stays behind."""
        await furnish(urls[0], revisions()[-1])

        async def cut(url: str) -> None:
            async with target_on(url, revisions()[-1]) as target:
                pid = await target.reading.row("SELECT pg_backend_pid() AS pid")
                assert pid is not None
                async with asyncio.timeout(30):
                    beside = await asyncpg.connect(url)
                    await beside.execute(f"SELECT pg_terminate_backend({pid['pid']})")
                    await beside.close()
                for shape in shapes():
                    await target.put(shape, ())

        with pytest.raises(StorageError, match="does not answer now"):
            await cut(urls[1])
        await move(*urls)


async def _fail_half_way(url: str) -> None:
    async with target_on(url, revisions()[-1]) as target:
        (facts,) = (shape for shape in shapes() if shape.name == "store_facts")
        await target.put(facts, [["key", "x"]])
        raise RuntimeError("half way")
