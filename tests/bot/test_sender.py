"""The outbox reaches the person in order, whatever Telegram answers meanwhile.

Everything is real: simulator over HTTP, SQLite on disk, the sender. Time is the simulator's.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.app import simulator
from bot.programmes import SHIPPED, programme_folder
from bot.rendering import FORM_MEDIA
from bot.sender import Sender
from bot.simulator.server import TOKEN
from bot.simulator.world import World
from bot.telegram.client import Telegram
from storage import contacts, form_media, outbox
from storage.migrate import migrate
from storage.opening import open_store
from storage.outbox import Call
from storage.programmes import load_programme
from storage.store import Store
from tests.player.acts import PICTURE
from tests.player.stage import BEGINNING, KEY


class Post:
    """A sender, its outbox, and the person it writes to."""

    def __init__(self, world: World, store: Store, telegram: Telegram) -> None:
        self.world = world
        self.store = store
        programme = load_programme(programme_folder(SHIPPED[0]))
        self.sender = Sender(store, telegram, programme, world.now, "one")
        self.chat = world.add_person("Amina", "sw", started=True)

    async def put(self, *calls: Call, chat: int | None = None) -> None:
        """Put calls into the outbox."""
        async with self.store.unit() as unit:
            contact = await contacts.meet(unit, chat or self.chat, self.world.now())
            await outbox.put(unit, contact.id, calls, self.world.now())

    async def say(self, *texts: str) -> None:
        """Put texts into the outbox."""
        await self.say_to(self.chat, *texts)

    async def say_to(self, chat: int, *texts: str) -> None:
        """Put texts for somebody else into the outbox."""
        calls = (Call("sendMessage", {"text": text}, "question") for text in texts)
        await self.put(*calls, chat=chat)

    def seen(self, chat: int | None = None) -> list[str]:
        """Return the texts a person sees."""
        return [message["text"] for message in self.world.view(chat or self.chat)["messages"]]

    async def waiting(self) -> int:
        """Count what waits."""
        async with self.store.reading() as reading:
            depths = await outbox.depths(reading)
        return sum(count for (state, _), count in depths.items() if state == "waiting")

    def fault(self, **wish: Any) -> None:
        """Order a fault for the next sendMessage."""
        self.world.order_fault({"method": "sendMessage", "count": 1, **wish})


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    """Yield a sender with nobody written to yet."""
    async with AsyncExitStack() as stack:
        world = World(lambda: BEGINNING)
        page = await stack.enter_async_context(simulator(world, 0))
        telegram = await stack.enter_async_context(Telegram(TOKEN, page))
        url = f"sqlite:///{tmp_path / 'baraza.db'}"
        await migrate(url)
        store = await open_store(url, KEY)
        stack.push_async_callback(store.close)
        yield Post(world, store, telegram)


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
