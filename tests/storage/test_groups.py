"""The moderators' group and its cards, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from conversations.reviewing.cases import Case, ModeratorId
from conversations.sheets.flags import Severity
from storage import cases, contacts, groups, outbox
from storage.groups import Group
from storage.outbox import Call, Priority
from storage.store import Store, Unit
from tests.storage.test_cases import MCH, NOW, opened

CHAT = -77


async def linked(unit: Unit, chat_id: int = CHAT) -> Group:
    """Make a chat the programme's group."""
    contact = await contacts.meet(unit, chat_id, NOW)
    group = Group(contact.id, Severity.HIGH, is_forum=True, linked_by=ModeratorId(3))
    await groups.link(unit, MCH, group, NOW)
    return group


async def changed(store: Store, case: Case, **changes: object) -> Case:
    """Change a case as an act does."""
    later = replace(case, version=case.version + 1, **changes)  # type: ignore[arg-type] # By name.
    async with store.unit() as unit:
        assert await cases.keep(unit, MCH, later, NOW, case.version)
    return later


async def test_grave_cases_want_a_card_once(store: Store) -> None:
    """The gravest first, what is decided or mild not at all; who has a card wants none."""
    mild, high = await opened(store, 1), await opened(store, 2, severity=Severity.HIGH)
    await opened(store, 3, severity=Severity.URGENT)
    async with store.unit() as unit:
        group = await linked(unit)
        assert await groups.of(unit, MCH) == group
        found = await groups.fresh(unit, MCH, group.severity, 9)
        assert [case.instance_id for case in found] == ["uuid:3", "uuid:2"]
        assert mild.instance_id not in {case.instance_id for case in found}
        await groups.keep_card(unit, MCH, high, "topic birth|", NOW)
        assert [one.instance_id for one in await groups.fresh(unit, MCH, group.severity, 9)] == [
            "uuid:3"
        ]
        assert await groups.open_cards(unit, MCH) == 1


async def test_a_card_follows_its_case(store: Store) -> None:
    """A card is stale when its case changed or a claim ran out; a reopened case gets another."""
    case = await opened(store, 2, severity=Severity.URGENT)
    async with store.unit() as unit:
        number = await groups.keep_card(unit, MCH, case, "", NOW)
        assert await groups.changed(unit, MCH, NOW, 9) == []
    until = NOW + timedelta(minutes=15)
    case = await changed(store, case, claimed_by=ModeratorId(4), claimed_until=until)
    async with store.unit() as unit:
        (card,) = await groups.changed(unit, MCH, NOW, 9)
        assert (card.id, card.case) == (number, case)
        await groups.keep_card(unit, MCH, case, "", NOW)
        assert await groups.changed(unit, MCH, NOW, 9) == []
        assert await groups.changed(unit, MCH, until, 9)
        await groups.keep_card(unit, MCH, case, "", until)
        assert await groups.changed(unit, MCH, until, 9) == []
    decided = await changed(store, case, state="decided", outcome="approved", decided_at=NOW)
    async with store.unit() as unit:
        await groups.keep_card(unit, MCH, decided, "", NOW)
        assert await groups.open_cards(unit, MCH) == 0
        assert await groups.fresh(unit, MCH, Severity.LOW, 9) == []
    await changed(store, decided, state="open")
    async with store.unit() as unit:
        assert len(await groups.fresh(unit, MCH, Severity.LOW, 9)) == 1


async def test_a_group_that_moves_takes_nothing_with_it(store: Store) -> None:
    """Cards and what waits belong to the old chat; topics are no more, the link goes along."""
    case = await opened(store, 1, severity=Severity.URGENT)
    for known in (False, True):
        async with store.unit() as unit:
            group = await linked(unit, CHAT - known)
            if known:
                await contacts.meet(unit, -101, NOW)
            await groups.keep_card(unit, MCH, case, "", NOW)
            waits = Call("sendMessage", {"text": "a card"}, "card 1", Priority.FOLLOW_UP)
            await outbox.put(unit, group.contact_id, (waits,), NOW)
            await groups.follow_move(unit, MCH, CHAT - known, -100 - known)
            after = await groups.of(unit, MCH)
            moved = await contacts.by_chat(unit, -100 - known)
            assert after is not None
            assert moved is not None
            assert after.contact_id == moved.id
            assert await groups.open_cards(unit, MCH) == 0
            assert await outbox.waiting(unit, moved.id, 9) == 0
            await groups.follow_move(unit, MCH, CHAT - known, -100 - known)
            assert await groups.of(unit, MCH) == after


async def test_another_group_begins_with_no_cards(store: Store) -> None:
    """Cards stand where they were put; a new group gets its own, and an end forgets them."""
    case = await opened(store, 1, severity=Severity.URGENT)
    async with store.unit() as unit:
        group = await linked(unit)
        await groups.keep_card(unit, MCH, case, "", NOW)
        await groups.link(unit, MCH, group, NOW)
        assert await groups.open_cards(unit, MCH) == 1
        await linked(unit, -78)
        assert await groups.open_cards(unit, MCH) == 0
        await groups.unlink(unit, MCH)
        assert await groups.of(unit, MCH) is None


async def test_nobody_writes_to_a_group_as_to_a_person(store: Store) -> None:
    """A group is a contact and no audience of messages to many."""
    async with store.unit() as unit:
        await contacts.meet(unit, CHAT, NOW)
        person = await contacts.meet(unit, 77, NOW)
        assert await contacts.active_after(unit, 0, 9) == (person,)


async def test_slots_of_topics(store: Store) -> None:
    """A topic that was refused is tried again when asked for; others stay."""
    async with store.unit() as unit:
        contact = await contacts.meet(unit, CHAT, NOW)
        for slot, number in (("topic a|", 5), ("topic b|", 0), ("card 1", 0)):
            await outbox.put(unit, contact.id, (Call("createForumTopic", {}, slot),), NOW)
            assert await outbox.is_waiting(unit, contact.id, slot)
            (row,) = await outbox.claim(unit, "one", NOW, 1, 30)
            await outbox.sent(unit, row.id, number)
        await outbox.forget_slots(unit, contact.id, "topic ", refused_only=True)
        kept = [await outbox.message_in(unit, contact.id, one) for one in ("topic a|", "topic b|")]
        assert kept == [5, None]
        assert await outbox.message_in(unit, contact.id, "card 1") == 0
        await outbox.forget_slot(unit, contact.id, "topic a|")
        assert await outbox.message_in(unit, contact.id, "topic a|") is None
