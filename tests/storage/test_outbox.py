"""What waits to be sent, and in which order it goes: on every backend."""

from __future__ import annotations

from datetime import timedelta

from storage import (
    contacts,
    outbox,
)
from storage.contacts import Contact
from storage.outbox import Call, Priority
from storage.store import Store, Unit
from tests.storage.made import (
    AMINA,
    LATER,
    NOW,
)


class TestOutbox:
    """What is to be said, in order, once the time comes."""

    async def put(
        self,
        unit: Unit,
        chat_id: int,
        *texts: str,
        priority: Priority = Priority.INTERACTIVE,
        slot: str = "",
    ) -> Contact:
        """Put texts for a chat."""
        contact = await contacts.meet(unit, chat_id, NOW)
        calls = [Call("sendMessage", {"text": text}, slot, priority) for text in texts]
        await outbox.put(unit, contact.id, calls, NOW)
        return contact

    async def claimed(self, unit: Unit, **changes: Priority) -> list[tuple[int, str]]:
        """Claim and return the texts."""
        rows = await outbox.claim(unit, "one", NOW, 100, 30, **changes)
        return [(row.chat_id, row.params["text"]) for row in rows]

    async def test_order_of_a_chat(self, store: Store) -> None:
        """A chat gets the next call only when the one before it is sent or given up."""
        async with store.unit() as unit:
            await self.put(unit, AMINA, "1", "2", "3")
            (row,) = await outbox.claim(unit, "one", NOW, 100, 30)
            assert await self.claimed(unit) == []
            await outbox.sent(unit, row.id, 55)
            (row,) = await outbox.claim(unit, "one", NOW, 100, 30)
            assert row.params == {"text": "2"}
            await outbox.give_up(unit, row.id, "refused")
            assert await self.claimed(unit) == [(AMINA, "3")]

    async def test_order_between_chats(self, store: Store) -> None:
        """Replies go before follow-ups before campaigns, and no further than asked for."""
        async with store.unit() as unit:
            await self.put(unit, 1, "campaign", priority=Priority.CAMPAIGN)
            await self.put(unit, 2, "follow-up", priority=Priority.FOLLOW_UP)
            await self.put(unit, 3, "reply")
            assert await self.claimed(unit, last=Priority.INTERACTIVE) == [(3, "reply")]
            assert await self.claimed(unit) == [(2, "follow-up"), (1, "campaign")]

    async def test_reply_behind_a_campaign(self, store: Store) -> None:
        """What stands before a reply in its chat goes as urgently as the reply, and before it."""
        async with store.unit() as unit:
            await self.put(unit, 1, "other campaign", priority=Priority.CAMPAIGN)
            await self.put(unit, 2, "campaign", priority=Priority.CAMPAIGN)
            await self.put(unit, 2, "reply")
            assert await self.claimed(unit, last=Priority.INTERACTIVE) == [(2, "campaign")]

    async def test_limit(self, store: Store) -> None:
        """No more is handed out than asked for, the oldest first."""
        async with store.unit() as unit:
            for chat_id in (3, 1, 2):
                await self.put(unit, chat_id, "x")
            rows = await outbox.claim(unit, "one", NOW, 2, 30)
            assert [row.chat_id for row in rows] == [3, 1]

    async def test_lease(self, store: Store) -> None:
        """What a sender took and never reported on comes back when its lease is over.

        A try that was cut off by a crash is no failure, after which one waits longer and longer.
        """
        async with store.unit() as unit:
            await self.put(unit, AMINA, "1")
            (first,) = await outbox.claim(unit, "one", NOW, 9, 30)
            assert not await outbox.claim(unit, "one", NOW + timedelta(seconds=29), 9, 30)
            (again,) = await outbox.claim(unit, "one", NOW + timedelta(seconds=30), 9, 30)
            assert (again.id, first.attempts, again.attempts) == (first.id, 1, 1)
            await outbox.release(unit)
            (started,) = await outbox.claim(unit, "two", NOW, 9, 30)
            await outbox.put_off(unit, "two", started.id, NOW, "away")
            (failed,) = await outbox.claim(unit, "two", NOW, 9, 30)
            assert (started.attempts, failed.attempts) == (1, 2)

    async def test_put_off(self, store: Store) -> None:
        """A call put off waits until its moment, and the chat's others with it."""
        async with store.unit() as unit:
            await self.put(unit, AMINA, "1", "2")
            (row,) = await outbox.claim(unit, "one", NOW, 9, 30)
            await outbox.put_off(unit, "one", row.id, LATER, "429")
            assert await self.claimed(unit) == []
            (row,) = await outbox.claim(unit, "one", LATER, 9, 30)
            assert row.params == {"text": "1"}

    async def test_slots(self, store: Store) -> None:
        """A call that changes a slot is handed out with the newest message in it."""
        async with store.unit() as unit:
            amina = await self.put(unit, AMINA, "1", "2", slot="question")
            (row,) = await outbox.claim(unit, "one", NOW, 9, 30)
            assert row.message_id is None
            await outbox.sent(unit, row.id, 41)
            (row,) = await outbox.claim(unit, "one", NOW, 9, 30)
            assert row.message_id == 41
            await outbox.sent(unit, row.id, 42)
            assert await outbox.message_in(unit, amina.id, "question") == 42
            assert await outbox.message_in(unit, amina.id, "summary") is None

    async def test_leaves_no_text(self, store: Store) -> None:
        """Nothing of what was sent or given up stays behind but the reason."""
        async with store.unit() as unit:
            await self.put(unit, AMINA, "secret", "secret")
            for end in (outbox.sent(unit, 1, 5), outbox.give_up(unit, 2, "refused")):
                await outbox.claim(unit, "one", NOW, 9, 30)
                await end
            rows = await unit.rows("SELECT params, reason FROM outbox")
            assert [(row["params"], row["reason"]) for row in rows] == [("{}", "refused")]
            assert await outbox.depths(unit) == {("given up", Priority.INTERACTIVE): 1}
            assert not await outbox.any_due(unit, LATER, Priority.INTERACTIVE, Priority.CAMPAIGN)
