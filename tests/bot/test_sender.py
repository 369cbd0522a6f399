"""The outbox reaches the person in order, whatever Telegram answers meanwhile.

Everything is real: simulator over HTTP, SQLite on disk, the sender. Time is the simulator's.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from bot.rendering import FORM_MEDIA
from storage import form_media, outbox
from storage.outbox import Call
from tests.bot.post import Post
from tests.player.acts import PICTURE


async def test_messages_of_a_chat_arrive_in_order(post: Post) -> None:
    """What was said first is read first."""
    await post.say(*"abcdef")
    await post.sender.drain()
    assert post.seen() == list("abcdef")
    assert await post.waiting() == 0


async def test_too_many_requests_waits_as_long_as_telegram_asks(post: Post) -> None:
    """A 429 holds everything back for `retry_after` seconds, then all goes on in order."""
    post.fault(error={"error_code": 429, "description": "Too Many Requests", "retry_after": 30})
    await post.say("a", "b")
    await post.sender.drain()
    assert post.seen() == []
    post.world.advance(29)
    await post.sender.drain()
    assert post.seen() == []
    post.world.advance(2)
    await post.sender.drain()
    assert post.seen() == ["a", "b"]


@pytest.mark.parametrize(
    "wish",
    [
        {"error": {"error_code": 500, "description": "Internal Server Error"}},
        {"error": {"error_code": 502, "description": "Bad Gateway"}},
    ],
)
async def test_a_failing_server_is_tried_again(post: Post, wish: dict[str, Any]) -> None:
    """A server that stumbles costs time, not a message."""
    post.fault(**wish, count=3)
    await post.say("a", "b")
    for _ in range(6):
        await post.sender.drain()
        post.world.advance(60)
    assert post.seen() == ["a", "b"]


async def test_no_answer_is_tried_once_more_and_then_never(post: Post) -> None:
    """A message whose answer is lost may arrive twice, never three times."""
    post.fault(drop="after", count=5)
    await post.say("a")
    for _ in range(6):
        await post.sender.drain()
        post.world.advance(60)
    assert post.seen() == ["a", "a"]
    assert await post.waiting() == 0


async def test_no_answer_is_tried_once_more_whatever_happened_before(post: Post) -> None:
    """Tries that Telegram refused do not count: nothing was sent by them."""
    limit = {"error_code": 429, "description": "Too Many Requests", "retry_after": 1}
    post.fault(error=limit)
    post.fault(error={"error_code": 500, "description": "Internal Server Error"})
    post.fault(drop=True)
    await post.say("a")
    for _ in range(6):
        await post.sender.drain()
        post.world.advance(60)
    assert post.seen() == ["a"]


async def test_no_answer_stays_one_when_something_else_fails_between(post: Post) -> None:
    """A message that may have been sent is sent once more at most, by whichever way."""
    limit = {"error_code": 429, "description": "Too Many Requests", "retry_after": 1}
    post.fault(drop="after")
    post.fault(error=limit)
    post.fault(error={"error_code": 500, "description": "Internal Server Error"})
    post.fault(drop="after", count=3)
    await post.say("a")
    for _ in range(8):
        await post.sender.drain()
        post.world.advance(60)
    assert post.seen() == ["a", "a"]


async def test_an_outage_of_hours_loses_nothing(post: Post) -> None:
    """What was to be said when Telegram went away is said when it is back."""
    post.fault(error={"error_code": 502, "description": "Bad Gateway"}, count=10_000)
    await post.say("a")
    for _ in range(12 * 6):
        await post.sender.drain()
        post.world.advance(600)
    post.world.state.faults.ordered.clear()
    await post.sender.drain()
    assert post.seen() == ["a"]


async def test_one_chats_limit_is_its_own(post: Post) -> None:
    """Who taps too fast waits alone; when a second chat is told to wait, all do."""
    limit = {"error_code": 429, "description": "Too Many Requests", "retry_after": 30}
    others = [post.world.add_person(name, "sw", started=True) for name in ("Baraka", "Chausiku")]
    post.fault(chat_id=post.chat, error=limit)
    await post.say("a")
    await post.sender.drain()
    await post.say_to(others[0], "b")
    await post.sender.drain()
    assert post.seen(others[0]) == ["b"]
    post.fault(chat_id=others[0], error=limit)
    await post.say_to(others[0], "c")
    await post.sender.drain()
    await post.say_to(others[1], "d")
    await post.sender.drain()
    assert post.seen(others[1]) == []
    post.world.advance(31)
    await post.sender.drain()
    assert [post.seen(), post.seen(others[0]), post.seen(others[1])] == [["a"], ["b", "c"], ["d"]]


async def test_a_killed_senders_rows_go_out_at_once_after_a_restart(post: Post) -> None:
    """What was under way when the process died does not wait for its lease to run out."""
    await post.say("a")
    async with post.store.unit() as unit:
        assert await outbox.claim(unit, "one", post.world.now(), 10, 60.0)
    await post.sender.drain()
    assert post.seen() == []
    async with post.store.unit() as unit:
        await outbox.release(unit)
    await post.sender.drain()
    assert post.seen() == ["a"]


async def test_a_person_who_left_is_not_written_to(post: Post) -> None:
    """A blocked bot is not an error: the contact is gone, and what waited with it."""
    await post.say("a", "b")
    post.world.block(post.chat)
    await post.sender.drain()
    assert await post.waiting() == 0


async def test_a_refused_call_lets_the_next_one_go(post: Post) -> None:
    """A call Telegram will never take does not hold up the chat."""
    await post.put(Call("sendMessage", {"text": ""}), Call("sendMessage", {"text": "b"}))
    await post.sender.drain()
    assert post.seen() == ["b"]


async def test_a_message_is_changed_in_place(post: Post) -> None:
    """A call that changes a slot changes its newest message."""
    await post.say("a", "b")
    await post.put(Call("editMessageText", {"text": "c"}, "question"))
    await post.put(Call("editMessageText", {"text": "c"}, "question"))
    await post.put(Call("editMessageText", {"text": "x"}, "never sent"))
    await post.sender.drain()
    assert post.seen() == ["a", "c"]
    assert await post.waiting() == 0


async def test_a_file_of_the_form_is_uploaded_once(post: Post) -> None:
    """The second sending names the file by its handle; one that is refused is uploaded anew."""
    post.sender.programme.media["hello.ogg"] = b"OggS hello"  # type: ignore[index] # A test's own.
    call = Call("sendVoice", {"voice": f"{FORM_MEDIA}hello.ogg"})
    for _ in range(2):
        await post.put(call)
        await post.sender.drain()
    (first, second) = [one for one in post.world.calls() if one["method"] == "sendVoice"]
    assert first["ok"]
    assert second["parameters"]["voice"] == first["result"]["voice"]["file_id"]
    async with post.store.unit() as unit:
        sha256 = hashlib.sha256(b"OggS hello").hexdigest()
        await form_media.keep(unit, sha256, "sendVoice", "another bot's")
    await post.put(call)
    await post.sender.drain()
    calls = [one["ok"] for one in post.world.calls() if one["method"] == "sendVoice"]
    assert calls == [True, True, False, True]
    assert await post.waiting() == 0


async def test_an_album_is_uploaded_once_without_what_is_not_there(post: Post) -> None:
    """Pictures that the programme lacks are left out; the others go by their handles afterwards."""
    for name in ("cow.png", "goat.png"):
        post.sender.programme.media[name] = PICTURE + name.encode()  # type: ignore[index] # As above.
    names = ("cow.png", "lost.png", "goat.png")
    items = [{"type": "photo", "media": FORM_MEDIA + name, "caption": name} for name in names]
    for _ in range(2):
        await post.put(Call("sendMediaGroup", {"media": items}))
        await post.sender.drain()
    (first, second) = [one for one in post.world.calls() if one["method"] == "sendMediaGroup"]
    assert [message["caption"] for message in first["result"]] == ["cow.png", "goat.png"]
    handles = [message["photo"][-1]["file_id"] for message in first["result"]]
    assert [one["media"] for one in second["parameters"]["media"]] == handles
    await post.put(Call("sendMediaGroup", {"media": [items[1]]}))
    await post.sender.drain()
    assert await post.waiting() == 0
