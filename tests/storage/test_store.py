"""Units of work, and updates counted once: what every store does, whatever lies below."""

from __future__ import annotations

import asyncio

import pytest

from storage import (
    contacts,
    updates,
)
from storage.errors import StorageUnavailable
from storage.store import Store
from tests.storage.made import (
    AMINA,
    LATER,
    NOW,
)


class RolledBackError(Exception):
    """Raised by a test to undo a unit."""


async def meet_and_fail(store: Store, chat_id: int, update_id: int = 1) -> None:
    """Begin a unit that does something and then raises."""
    async with store.unit() as unit:
        await updates.first_sight(unit, update_id, NOW)
        await contacts.meet(unit, chat_id, NOW)
        raise RolledBackError


class TestUnits:
    """One unit is kept whole or not at all."""

    async def test_kept_when_it_ends(self, store: Store) -> None:
        """What a unit did is there for the next and for readers."""
        async with store.unit() as unit:
            await contacts.meet(unit, AMINA, NOW)
        async with store.unit() as unit:
            assert await contacts.by_chat(unit, AMINA) is not None
        async with store.reading() as reading:
            row = await reading.row("SELECT count(*) AS count FROM contacts")
        assert row is not None
        assert row["count"] == 1

    async def test_undone_when_it_raises(self, store: Store) -> None:
        """A unit that raises leaves nothing, and its error reaches the caller."""
        with pytest.raises(RolledBackError):
            await meet_and_fail(store, AMINA)
        async with store.unit() as unit:
            assert await contacts.by_chat(unit, AMINA) is None

    async def test_a_mistake_of_ours_comes_as_it_is(self, store: Store) -> None:
        """A wrong statement raises the driver's own error, which is not said to come of itself."""
        with pytest.raises(Exception, match="nothing_such") as found:
            async with store.unit() as unit:
                await unit.run("SELECT 1 FROM nothing_such")
        assert found.value.__cause__ is not found.value

    async def test_one_failure_among_many(self, store: Store) -> None:
        """Of units that wait together, one that raises is undone alone."""

        async def meet(chat_id: int) -> None:
            async with store.unit() as unit:
                await contacts.meet(unit, chat_id, NOW)
                await asyncio.sleep(0)
                if chat_id % 3 == 0:
                    raise RolledBackError

        results = await asyncio.gather(*map(meet, range(200)), return_exceptions=True)
        assert [i for i, result in enumerate(results) if result] == list(range(0, 200, 3))
        async with store.reading() as reading:
            rows = await reading.rows("SELECT chat_id FROM contacts ORDER BY chat_id")
        assert [row["chat_id"] for row in rows] == [i for i in range(200) if i % 3]

    async def test_cancelled_anywhere(self, store: Store) -> None:
        """A caller cancelled at any moment neither stops the others nor keeps half a unit."""

        async def two(chat_id: int) -> None:
            async with store.unit() as unit:
                await contacts.meet(unit, chat_id, NOW)
                await asyncio.sleep(0)
                await contacts.meet(unit, chat_id + 1, NOW)

        tasks = [asyncio.create_task(two(chat_id)) for chat_id in range(0, 200, 2)]
        for steps, task in enumerate(tasks):
            await asyncio.sleep(0)
            if steps % 2:
                task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        async with store.reading() as reading:
            rows = await reading.rows("SELECT chat_id FROM contacts ORDER BY chat_id")
        met = {row["chat_id"] for row in rows}
        assert all((chat_id ^ 1) in met for chat_id in met)
        assert all(2 * i in met for i, result in enumerate(results) if result is None)

    async def test_no_unit_in_a_unit(self, store: Store) -> None:
        """A unit opened inside a unit is refused instead of waiting for itself for ever."""
        with pytest.raises(RuntimeError, match="inside a unit"):
            async with store.unit(), store.unit():
                pass

    async def test_no_work_after_its_end(self, store: Store) -> None:
        """A unit that ended cannot be used, where each statement would commit by itself."""
        async with store.unit() as unit:
            pass
        with pytest.raises(RuntimeError, match="has ended"):
            await contacts.meet(unit, AMINA, NOW)

    async def test_no_unit_after_closing(self, store: Store) -> None:
        """A closed store finishes what waits and refuses what comes later."""

        async def meet(chat_id: int) -> None:
            async with store.unit() as unit:
                await contacts.meet(unit, chat_id, NOW)

        waiting = [asyncio.create_task(meet(chat_id)) for chat_id in range(5)]
        await asyncio.sleep(0)
        await store.close()
        await asyncio.gather(*waiting)
        with pytest.raises(StorageUnavailable, match="closed"):
            await meet(99)


class TestUpdates:
    """Each update counts once."""

    async def test_counted_once(self, store: Store) -> None:
        """The same update is new the first time only."""
        async with store.unit() as unit:
            assert await updates.first_sight(unit, 5, NOW)
            assert not await updates.first_sight(unit, 5, LATER)
            assert await updates.first_sight(unit, 4, NOW)

    async def test_undone_with_its_unit(self, store: Store) -> None:
        """An update whose unit failed is new again when it is delivered again."""
        with pytest.raises(RolledBackError):
            await meet_and_fail(store, AMINA, update_id=5)
        async with store.unit() as unit:
            assert await updates.first_sight(unit, 5, NOW)

    async def test_forgotten_by_age(self, store: Store) -> None:
        """Old updates are forgotten, a bounded number in one unit."""
        async with store.unit() as unit:
            for update_id in range(10):
                await updates.first_sight(unit, update_id, NOW)
            await updates.first_sight(unit, 50, LATER)
            assert await updates.prune(unit, LATER, limit=7) == 7
            assert await updates.prune(unit, LATER, limit=7) == 3
            assert not await updates.first_sight(unit, 50, LATER)

    async def test_set_aside_and_taken_back(self, store: Store) -> None:
        """An update nobody understood waits, as it came, until it is taken back."""
        async with store.unit() as unit:
            await updates.set_aside(unit, 9, '{"odd": 1}', "x" * 9_999, NOW)
            await updates.set_aside(unit, 9, '{"odd": 1}', "no 'message'", LATER)
            (letter,) = await updates.dead_letters(unit)
            assert (letter.raw, letter.error) == ('{"odd": 1}', "no 'message'")
            assert letter.set_aside_at == NOW
            await updates.take_back(unit, 9)
            assert not await updates.dead_letters(unit)
