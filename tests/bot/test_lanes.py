"""One person's updates in one process: one after the other, the older first."""

from __future__ import annotations

import asyncio

from bot.lanes import Lanes
from storage.errors import StorageUnavailable


async def test_in_one_process_the_older_update_goes_first() -> None:
    """Who came late and is older overtakes those that wait; chats do not wait for each other."""
    lanes, done = Lanes(), list[int]()

    async def take(chat: int, number: int) -> None:
        async with lanes.lane(chat, number):
            await asyncio.sleep(0.01)
            done.append(number)

    await asyncio.gather(*(take(7, number) for number in (1, 5, 4, 3)), take(8, 2))
    assert sorted(done[:2]) == [1, 2]
    assert done[2:] == [3, 4, 5]


async def test_those_behind_a_failure_come_again_with_it() -> None:
    """An answer does not overtake the one that could not be kept."""
    lanes, done = Lanes(), list[int]()

    async def take(number: int) -> None:
        async with lanes.lane(7, number):
            await asyncio.sleep(0)
            if number == 2:
                raise StorageUnavailable("the disk is away")
            done.append(number)

    results = await asyncio.gather(*map(take, (1, 2, 3, 4)), return_exceptions=True)
    assert [type(one) for one in results] == [type(None), *[StorageUnavailable] * 3]
    await asyncio.gather(*map(take, (5, 6)))
    assert done == [1, 5, 6]


async def test_a_caller_that_gives_up_blocks_nobody() -> None:
    """A request that is cancelled while it waits, or in its turn, leaves the lane free."""
    lanes, done = Lanes(), list[int]()

    async def take(number: int) -> None:
        async with lanes.lane(7, number):
            await asyncio.sleep(0.01)
            done.append(number)

    tasks = [asyncio.create_task(take(number)) for number in range(4)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.sleep(0.015)
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await take(9)
    assert done == [0, 3, 9]
