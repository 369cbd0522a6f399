"""Several processes send from one outbox: each message once, bulk from one of them alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from storage import backlog, contacts, leases, outbox, updates
from storage.errors import StorageUnavailable
from storage.outbox import LEASE_SECONDS, Priority
from storage.store import Reading, Store, Unit
from tests.bot.post import Post

LIMIT = {"error_code": 429, "description": "Too Many Requests", "retry_after": 30}


async def test_a_dead_process_is_replaced_in_seconds(any_post: Post) -> None:
    """What a process held when it died is sent by another when its lease is out, and no sooner."""
    post = any_post
    await post.say("a", "b")
    async with post.store.unit() as unit:
        assert await outbox.claim(unit, "dead", post.world.now(), 9, LEASE_SECONDS)
    await post.watched(LEASE_SECONDS)
    assert await post.other.drain() == 2
    assert post.seen() == ["a", "b"]


async def test_what_is_under_way_is_held_however_long_it_takes(any_post: Post) -> None:
    """A call that takes minutes is not made a second time by another process."""
    post = any_post
    await post.say("a")
    (row,) = await post.sender._claim(9)  # noqa: SLF001 - a call that takes long.
    for _ in range(30):
        await post.watched(LEASE_SECONDS - 1)
        await post.sender.hold_on()
    await post.sender._deliver((row,))  # noqa: SLF001 - as above.
    assert post.seen() == ["a"]
    assert await post.waiting() == 0


async def test_whoever_lost_a_lease_has_no_say(any_post: Post) -> None:
    """A process that was away too long cannot free what another is sending by now."""
    post = any_post
    await post.say("a")
    (row,) = await post.sender._claim(9)  # noqa: SLF001 - a process that hangs.
    await post.watched(LEASE_SECONDS)
    assert len(await post.other._claim(9)) == 1  # noqa: SLF001 - and another that goes on.
    async with post.store.unit() as unit:
        await outbox.put_off(unit, "one", row.id, post.world.now(), "too late")
        await outbox.renew(unit, "one", [row.id], post.world.now(), -1.0)
        assert not await outbox.claim(unit, "third", post.world.now(), 9, LEASE_SECONDS)


async def test_whoever_stood_still_asks_before_it_sends(any_post: Post) -> None:
    """What was sent by another while a process was frozen is not sent again when it wakes."""
    post = any_post
    held = await _in_hand(post, "a", "b")
    await post.watched(LEASE_SECONDS)
    assert await post.other.drain() == 2
    await post.sender._deliver(held)  # noqa: SLF001 - it wakes.
    assert post.seen() == ["a", "b"]


async def test_whoever_stood_still_goes_on_where_nobody_took_over(any_post: Post) -> None:
    """After a pause in which all stood still, what is in hand is sent by whoever has it."""
    post = any_post
    held = await _in_hand(post, "a", "b")
    post.world.advance(LEASE_SECONDS * 2)
    await post.sender._deliver(held)  # noqa: SLF001 - it wakes.
    assert post.seen() == ["a", "b"]
    assert await post.waiting() == 0


async def test_frozen_between_two_messages(any_post: Post) -> None:
    """A process that freezes after its first message leaves the second to whoever took it over."""
    post = any_post
    held = await _in_hand(post, "a", "b")
    for row in held:
        assert post.sender._under_way.surely(row, post.world.now())  # noqa: SLF001 - a look inside.
    async with post.store.unit() as unit:
        await outbox.sent(unit, held[0].id, None)
    await post.watched(LEASE_SECONDS)
    assert await post.other.drain() == 1
    await post.sender.hold_on()
    await post.sender._deliver(held)  # noqa: SLF001 - it wakes; the first is sent already.
    assert post.seen() == ["b"]


async def _in_hand(post: Post, *texts: str) -> tuple[outbox.OutboxRow, ...]:
    """Put what a turn says into the first process's hands."""
    calls = [outbox.Call("sendMessage", {"text": text}) for text in texts]
    now = post.world.now()
    async with post.store.unit() as unit:
        contact = await contacts.meet(unit, post.chat, now)
        held = await outbox.put_in_hand(unit, contact, calls, now, post.sender.owner)
    post.sender._under_way.take(held, now + timedelta(seconds=LEASE_SECONDS))  # noqa: SLF001 - as `send` does.
    return held


async def test_one_process_sends_bulk(any_post: Post) -> None:
    """Two processes together keep the pace of one; replies go from both."""
    post = any_post
    chats = await post.campaign(20)
    await post.say("reply")
    assert await post.sender.drain() == 4
    await post.say("reply")
    assert await post.other.drain() == 1
    post.world.advance(1)
    assert await post.other.drain() == 0
    post.world.advance(LEASE_SECONDS)
    assert await post.other.drain() == 3
    assert await post.sender.drain() == 0
    assert sum(post.seen(chat) == ["news"] for chat in chats) == 6


async def test_a_process_that_stops_lets_go_at_once(any_post: Post) -> None:
    """After an orderly stop nobody waits for leases to run out."""
    post = any_post
    await post.campaign(9)
    await post.sender.drain()
    stop = asyncio.Event()
    stop.set()
    await post.sender.run(stop)
    assert await post.other.drain() == 3


async def test_telegrams_silence_holds_for_all(any_post: Post) -> None:
    """When two chats are told to wait, no process sends anything until the time is over."""
    post = any_post
    others = [post.world.add_person("Mtu", "sw", started=True) for _ in range(2)]
    post.fault(error=LIMIT, count=2)
    await post.say("a")
    await post.say_to(others[0], "b")
    await post.sender.drain()
    await post.say_to(others[1], "c", priority=Priority.FOLLOW_UP)
    assert await post.other.drain() == 0
    async with post.store.reading() as reading:
        assert await leases.silent_until(reading, post.world.now())
    post.world.advance(31)
    assert await post.other.drain() == 3


async def test_complaints_to_two_processes_silence_both(any_post: Post) -> None:
    """One process is told to wait with one chat, another with another: then all wait."""
    post = any_post
    (other, third) = [post.world.add_person("Mtu", "sw", started=True) for _ in range(2)]
    post.fault(error=LIMIT, count=2)
    await post.say("a")
    await post.sender.drain()
    await post.say_to(other, "b")
    await post.other.drain()
    await post.say_to(third, "c")
    assert await post.sender.drain() == 0
    assert await post.other.drain() == 0
    post.world.advance(31)
    assert await post.sender.drain() == 3


async def test_the_backlog_is_the_same_on_each_database(any_post: Post) -> None:
    """Counts, reasons and sweeps are worked out by either database alike."""
    post = any_post
    post.fault(error={"error_code": 500, "description": "Oh"})
    await post.say("a", "b")
    await post.sender.drain()
    now = post.world.now()
    async with post.store.unit() as unit:
        (behind, failed) = await backlog.backlog(unit, now)
        assert (behind.messages, behind.put_off, behind.under_way) == (1, 0, 0)
        assert (failed.messages, failed.put_off, failed.reason) == (1, 1, "Oh")
        assert await backlog.hurry_on(unit, now) == 1
        assert await outbox.forget_given_up(unit, now, 9) == 0
        assert await updates.prune_dead_letters(unit, now, 9) == 0
    await post.sender.drain()
    assert post.seen() == ["a", "b"]


@dataclass(slots=True)
class Away:
    """A store that does not answer the next `times` units, nor perhaps those who only read."""

    store: Store
    times: int = 0
    away_to_readers: bool = False

    def __getattr__(self, name: str) -> Any:
        """Do everything else as the store does."""
        return getattr(self.store, name)

    def reading(self) -> AbstractAsyncContextManager[Reading]:
        """Open a view, or fail."""
        if self.away_to_readers:
            raise StorageUnavailable("the disk is away")
        return self.store.reading()

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """Open a unit, or fail."""
        if self.times:
            self.times -= 1
            raise StorageUnavailable("the disk is away")
        async with self.store.unit() as unit:
            yield unit


async def test_what_was_sent_is_noted_when_the_store_is_back(post: Post) -> None:
    """A message that was sent while the disk was away is not sent again."""
    await post.say("a")
    post.sender.store = away = Away(post.store)
    (row,) = await post.sender._claim(9)  # noqa: SLF001 - the disk goes away after that.
    away.times = 2
    await post.sender._deliver((row,))  # noqa: SLF001 - as above.
    assert await post.waiting() == 0
    post.world.advance(60)
    await post.sender.drain()
    assert post.seen() == ["a"]


async def test_whoever_is_told_to_stop_notes_what_was_sent(post: Post) -> None:
    """An outage that ends a moment after the wish to stop leaves nothing to be sent again."""
    await post.say("a")
    post.sender.store = away = Away(post.store)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    running = asyncio.create_task(post.sender.run(stop))
    while not post.seen():
        away.times = 0 if not post.sender._tasks else 3  # noqa: SLF001 - it goes away once it sends.
        await asyncio.sleep(0)
    loop.call_later(0.05, stop.set)
    await running
    assert await post.waiting() == 0


async def test_after_an_outage_the_living_keep_what_they_sent(any_post: Post) -> None:
    """Who finds leases over when the store is back cannot know yet whose owners are dead."""
    post = any_post
    await post.say("a")
    (row,) = await post.sender._claim(9)  # noqa: SLF001 - both look, and then it goes away.
    assert await post.other.drain() == 0
    post.world.advance(LEASE_SECONDS * 2)
    assert await post.other.drain() == 0
    await post.sender._deliver((row,))  # noqa: SLF001 - as above.
    await post.watched(LEASE_SECONDS * 2)
    assert post.seen() == ["a"]


async def test_an_outage_that_was_noticed_begins_the_watch_anew(any_post: Post) -> None:
    """A store that failed for a moment is trusted again only after a lease's time."""
    post = any_post
    await post.say("a")
    async with post.store.unit() as unit:
        assert await outbox.claim(unit, "dead", post.world.now(), 9, LEASE_SECONDS)
    await post.watched(LEASE_SECONDS - 1)
    store = post.other.store
    post.other.store = Away(store, away_to_readers=True)
    assert await post.other.drain() == 0
    post.other.store = store
    await post.watched(LEASE_SECONDS)
    assert await post.other.drain() == 1


@pytest.mark.parametrize("known", [False, True])
async def test_a_chat_that_moved_is_followed(post: Post, known: bool) -> None:  # noqa: FBT001 - a table.
    """What is said to a chat that became another is said there, in order."""
    moved = post.world.add_person("Kikundi", "sw", started=True)
    if known:
        await post.say_to(moved, "here already")
    post.fault(chat_id=post.chat, error={"error_code": 400, "migrate_to_chat_id": moved})
    await post.say("a", "b")
    await post.sender.drain()
    assert post.seen(moved) == ["here already"] * known + ["a", "b"]
    assert post.seen() == []
    assert await post.waiting() == 0


@pytest.mark.parametrize(
    "error",
    [
        {"error_code": 403, "description": "Forbidden: bot was blocked by the user"},
        {"error_code": 403, "description": "Forbidden: user is deactivated"},
        {"error_code": 400, "description": "Bad Request: chat not found"},
    ],
)
async def test_who_cannot_be_written_to_is_gone(post: Post, error: dict[str, Any]) -> None:
    """One refusal is enough: nothing more is sent to a contact that is gone, until they write."""
    post.fault(error=error)
    await post.say("a", "b")
    await post.sender.drain()
    assert await post.waiting() == 0
    assert len(post.world.calls()) == 1
    await post.say("welcome back")
    await post.sender.drain()
    assert post.seen() == ["welcome back"]
