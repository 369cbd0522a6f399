"""Senders, their outbox, and the people they write to; time is the simulator's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.app import simulator
from bot.programmes import SHIPPED, programme_folder
from bot.sender import LOOK_SECONDS, Sender
from bot.simulator.server import TOKEN
from bot.simulator.world import World
from bot.telegram.client import Telegram
from storage import contacts, outbox
from storage.opening import open_beside, open_store
from storage.outbox import Call, Priority
from storage.programmes import load_programme
from storage.store import Store
from tests.player.databases import lay
from tests.player.stage import BEGINNING, KEY


class Post:
    """A sender, a second one on the same database, and the person they write to."""

    def __init__(self, world: World, stores: tuple[Store, Store], telegram: Telegram) -> None:
        self.world = world
        self.store = stores[0]
        programme = load_programme(programme_folder(SHIPPED[0]))
        self.sender, self.other = [
            Sender(store, telegram, programme, world.now, owner)
            for store, owner in zip(stores, ("one", "other"), strict=True)
        ]
        self.chat = world.add_person("Amina", "sw", started=True)

    async def put(self, *calls: Call, chat: int | None = None) -> None:
        """Put calls into the outbox."""
        async with self.store.unit() as unit:
            contact = await contacts.meet(unit, chat or self.chat, self.world.now())
            await outbox.put(unit, contact.id, calls, self.world.now())

    async def say(self, *texts: str, priority: Priority = Priority.INTERACTIVE) -> None:
        """Put texts into the outbox."""
        await self.say_to(self.chat, *texts, priority=priority)

    async def say_to(
        self, chat: int, *texts: str, priority: Priority = Priority.INTERACTIVE
    ) -> None:
        """Put texts for somebody else into the outbox."""
        calls = (Call("sendMessage", {"text": text}, "question", priority) for text in texts)
        await self.put(*calls, chat=chat)

    async def campaign(self, people: int, priority: Priority = Priority.CAMPAIGN) -> list[int]:
        """Put a text for each of so many new people; return their chats."""
        chats = [self.world.add_person("Mtu", "sw", started=True) for _ in range(people)]
        for chat in chats:
            await self.say_to(chat, "news", priority=priority)
        return chats

    async def drained(self, seconds: float, step_seconds: float) -> None:
        """Let the sender send all it may, again and again while the clock steps on."""
        for _ in range(round(seconds / step_seconds)):
            await self.sender.drain()
            self.world.advance(step_seconds)

    async def watched(self, seconds: float) -> None:
        """Let time pass while the other process looks, and finds what it may send by then."""
        while seconds > 0:
            assert await self.other.drain() == 0
            step = min(seconds, LOOK_SECONDS)
            self.world.advance(step)
            seconds -= step

    def seen(self, chat: int | None = None) -> list[str]:
        """Return the texts a person sees."""
        return [message["text"] for message in self.world.view(chat or self.chat)["messages"]]

    def sent_at(self, *texts: str) -> list[datetime]:
        """Return when the sendMessage calls with these texts (any if none) were answered well."""
        return [
            datetime.fromisoformat(call["at"])
            for call in self.world.calls()
            if call["method"] == "sendMessage"
            and call["ok"]
            and (not texts or call["parameters"]["text"] in texts)
        ]

    async def waiting(self) -> int:
        """Count what waits."""
        async with self.store.reading() as reading:
            depths = await outbox.depths(reading)
        return sum(count for (state, _), count in depths.items() if state == "waiting")

    def fault(self, **wish: Any) -> None:
        """Order a fault for the next sendMessage."""
        self.world.order_fault({"method": "sendMessage", "count": 1, **wish})


def most_within(moments: list[datetime], seconds: float) -> int:
    """Return how many moments lie within one span of time at most, its end not counted."""
    moments = sorted(moments)
    span = timedelta(seconds=seconds)
    return max(sum(begin <= one < begin + span for one in moments) for begin in moments)


def gaps(moments: list[datetime]) -> Iterator[float]:
    """Yield the seconds between moments."""
    return ((later - earlier).total_seconds() for earlier, later in pairwise(sorted(moments)))


@asynccontextmanager
async def post_on(url: str) -> AsyncIterator[Post]:
    """Open a post on an empty database: a process, and another beside it."""
    async with AsyncExitStack() as stack:
        world = World(lambda: BEGINNING)
        page = await stack.enter_async_context(simulator(world, 0))
        telegram = await stack.enter_async_context(Telegram(TOKEN, page))
        lay(url)
        store = await open_store(url, KEY)
        stack.push_async_callback(store.close)
        beside = await open_beside(url, KEY)
        stack.push_async_callback(beside.close)
        yield Post(world, (store, beside), telegram)
