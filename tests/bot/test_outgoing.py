"""What a turn says goes straight to the sender, and nothing about order, pace or loss changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.outgoing import Nobody, go, put
from storage import contacts, leases, outbox
from storage.outbox import LEASE_SECONDS, Call, OutboxRow
from tests.bot.post import Post


async def _turn(post: Post, *texts: str, slot: str = "question") -> bool:
    """Say texts as a turn does; tell whether they were handed out at once."""
    calls = [Call("sendMessage", {"text": text}, slot) for text in texts]
    async with post.store.unit() as unit:
        contact = await contacts.meet(unit, post.chat, post.world.now())
        said = await put(unit, contact, calls, post.world.now(), post.sender)
    go(said, post.sender, post.world.now())
    return bool(said.rows)


@asynccontextmanager
async def _sending(post: Post) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(post.sender.run(stop))
    await asyncio.sleep(0)
    try:
        yield
    finally:
        stop.set()
        await running


async def _seen(post: Post, *texts: str) -> bool:
    async with asyncio.timeout(10):
        while post.seen() != list(texts):  # noqa: ASYNC110 - the simulator rings no bell.
            await asyncio.sleep(0.01)
    return True


async def test_a_turn_is_sent_from_hand_to_hand(any_post: Post) -> None:
    """What nothing stands before is handed over with the turn, and leaves the outbox when sent."""
    async with _sending(any_post):
        assert await _turn(any_post, "a", "b")
        assert await _seen(any_post, "a", "b")
    assert await any_post.waiting() == 0


async def test_what_stands_behind_something_waits_for_it(any_post: Post) -> None:
    """A turn whose person has something waiting goes behind it, and as soon as that is sent."""
    post = any_post
    await post.say("before")
    async with post.store.unit() as unit:
        assert await outbox.claim(unit, "dead", post.world.now(), 9, LEASE_SECONDS)
    async with _sending(post):
        assert [await _turn(post, text) for text in "abc"] == [False] * 3
        while not post.seen():
            post.world.advance(1)
            post.sender.wake()
            await asyncio.sleep(0.02)
        assert await _seen(post, "before", "a", "b", "c")


async def test_an_edit_finds_the_message_sent_just_before_it(any_post: Post) -> None:
    """Within one turn, what changes a message changes the one that the turn has sent."""
    calls = [
        Call("sendMessage", {"text": "a"}, "question"),
        Call("editMessageText", {"text": "b"}, "question"),
    ]
    async with _sending(any_post):
        async with any_post.store.unit() as unit:
            contact = await contacts.meet(unit, any_post.chat, any_post.world.now())
            said = await put(unit, contact, calls, any_post.world.now(), any_post.sender)
        go(said, any_post.sender, any_post.world.now())
        assert await _seen(any_post, "b")


async def test_a_burst_is_slowed_as_ever(post: Post) -> None:
    """The pace of a chat holds for what is handed over too; nothing is lost or changes places."""
    texts = [str(number) for number in range(24)]
    async with _sending(post):
        for text in texts:
            await _turn(post, text)
        assert await _seen(post, *texts[:20])
        for _ in range(4):
            post.world.advance(1)
            post.sender.wake()
            await asyncio.sleep(0.1)
        assert await _seen(post, *texts)


async def test_what_a_dead_process_had_in_hand_is_sent_by_another(any_post: Post) -> None:
    """What was handed over and never sent comes back when its lease is out."""
    post = any_post
    async with _sending(post):
        async with post.store.unit() as unit:
            contact = await contacts.meet(unit, post.chat, post.world.now())
            call = Call("sendMessage", {"text": "a"})
            assert (await put(unit, contact, [call], post.world.now(), post.sender)).rows
        await post.watched(LEASE_SECONDS)
        assert await post.other.drain() == 1
        assert post.seen() == ["a"]


async def test_after_a_failure_the_rest_of_a_turn_waits(any_post: Post) -> None:
    """Where the first of two messages is put off, the second stays behind it."""
    post = any_post
    post.fault(error={"error_code": 500, "description": "Internal Server Error"})
    async with _sending(post):
        assert await _turn(post, "a", "b")
        await asyncio.sleep(0.2)
        assert post.seen() == []
        post.world.advance(60)
        post.sender.wake()
        assert await _seen(post, "a", "b")


async def test_a_turn_kept_late_is_left_to_whoever_finds_it(post: Post) -> None:
    """Who waited long for a commit may hold the lease no more: another would send it, too."""
    now = post.world.now()
    before = now - timedelta(seconds=LEASE_SECONDS)
    async with post.store.unit() as unit:
        contact = await contacts.meet(unit, post.chat, before)
        said = await put(unit, contact, [Call("sendMessage", {"text": "A"})], before, _Ready())
    assert said.rows
    with pytest.raises(AssertionError):
        go(said, _Ready(), before)
    go(said, _Ready(), now)


class _Ready(Nobody):
    """Would send at once; must not be asked to."""

    def holder(self) -> str:
        """Name somebody."""
        return "somebody"

    def send(self, rows: Sequence[OutboxRow]) -> None:
        """Say that this was not expected."""
        raise AssertionError(rows)


async def _asked_next(post: Post, text: str, slot: str = "question") -> None:
    """Take away the last question's words and put the next one, as a turn does."""
    calls = [
        Call("editMessageText", {"text": f"done before {text}"}, "question"),
        Call("sendMessage", {"text": text}, slot),
    ]
    async with post.store.unit() as unit:
        contact = await contacts.meet(unit, post.chat, post.world.now())
        said = await put(unit, contact, calls, post.world.now(), post.sender)
    assert said.rows
    go(said, post.sender, post.world.now())


@pytest.mark.parametrize("slot", ["question", ""])
async def test_nothing_waits_for_the_last_message_to_change(any_post: Post, slot: str) -> None:
    """A change that hangs holds up neither the next question, or the receipt, nor its order."""
    post = any_post
    async with _sending(post):
        await _stands(post, "a")
        post.fault(method="editMessageText", delay_seconds=0.3)
        await _asked_next(post, "b", slot)
        assert await _seen(post, "a", "b")
        assert await _seen(post, "done before b", "b")
        await _all_noted(post)
    assert await post.waiting() == 0


async def test_a_change_beside_a_receipt_is_tried_again(any_post: Post) -> None:
    """The message it changes is the newest of its slot still."""
    post = any_post
    async with _sending(post):
        await _stands(post, "a")
        error = {"error_code": 500, "description": "Internal Server Error"}
        post.fault(method="editMessageText", error=error)
        await _asked_next(post, "receipt", slot="")
        assert await _seen(post, "a", "receipt")
        async with asyncio.timeout(10):
            while post.seen() != ["done before receipt", "receipt"]:
                post.world.advance(3)
                post.sender.wake()
                await asyncio.sleep(0.05)
        await _all_noted(post)


@pytest.mark.parametrize("code", [400, 429, 500])
async def test_a_change_that_failed_is_dropped_once_the_newer_message_stands(
    any_post: Post, code: int
) -> None:
    """It would change the newer message, or hold up the one after it."""
    post = any_post
    async with _sending(post):
        await _stands(post, "a")
        post.fault(method="editMessageText", error={"error_code": code, "description": "No"})
        await _asked_next(post, "b")
        assert await _seen(post, "a", "b")
        await _all_noted(post)
        await _asked_next(post, "c")
        assert await _seen(post, "a", "done before c", "c")


@pytest.mark.parametrize("code", [429, 500])
async def test_where_both_fail_both_are_tried_again_in_order(any_post: Post, code: int) -> None:
    """As long as the newer message is not there, the older one is still to be changed."""
    post = any_post
    async with _sending(post):
        await _stands(post, "a")
        error = {"error_code": code, "description": "No", "retry_after": 3}
        post.fault(method="*", error=error, count=2)
        await _asked_next(post, "b")
        await asyncio.sleep(0.1)
        async with post.store.reading() as reading:
            assert await leases.silent_until(reading, post.world.now()) is None
        async with asyncio.timeout(10):
            while post.seen() != ["done before b", "b"]:
                post.world.advance(3)
                post.sender.wake()
                await asyncio.sleep(0.05)


async def _stands(post: Post, text: str) -> None:
    """Let a question stand before somebody, with nothing more to be done about it."""
    assert await _turn(post, text)
    assert await _seen(post, text)
    await _all_noted(post)


async def _all_noted(post: Post) -> None:
    """Wait until nothing is under way or waits."""
    async with asyncio.timeout(10):
        while await post.waiting():  # noqa: ASYNC110 - the database rings no bell.
            await asyncio.sleep(0.01)
