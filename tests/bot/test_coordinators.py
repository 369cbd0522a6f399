"""Whoever runs a programme hears what is told unasked: each once, and in their language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from bot import coordinators
from conversations.moderating.group_card import group_lost
from conversations.replies import Block, Send
from conversations.roles import RIGHTS, Role
from locales.locale import locale_of
from storage import contacts, roles
from storage.outbox import Priority
from storage.store import Store
from tests.dialogue.chat import programme_of

PROGRAMME = programme_of()
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


async def serve(store: Store, chat: int, *given: Role) -> None:
    """Give somebody roles, each by an invitation of its own."""
    async with store.unit() as unit:
        contact = await contacts.meet(unit, chat, NOW)
        for role in given:
            token = f"{chat} {role}"
            await roles.invite(unit, PROGRAMME.name, role, "", token, NOW + timedelta(days=1))
            await roles.take(unit, PROGRAMME.name, token, contact.id, NOW)


async def told(store: Store) -> list[tuple[int, int]]:
    """Tell all who run the programme something; return the chats of what waits, and its rank."""
    said = Send((Block(group_lost()),))
    async with store.unit() as unit:
        await coordinators.tell(unit, PROGRAMME, locale_of, lambda _: said, NOW)
        rows = await unit.rows(
            "SELECT c.chat_id, o.priority FROM outbox AS o JOIN contacts AS c "
            "ON c.id = o.contact_id ORDER BY o.id"
        )
    return [(row["chat_id"], row["priority"]) for row in rows]


async def test_two_roles_that_give_the_right_are_told_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who may run the programme by two roles hears it once; moderators do not hear it."""
    monkeypatch.setitem(cast("dict[Role, object]", RIGHTS), "case worker", RIGHTS["coordinator"])
    await serve(store, 70, "coordinator", "case worker", "moderator")
    await serve(store, 71, "senior moderator")
    await serve(store, 72, "case worker")
    assert await told(store) == [(70, Priority.FOLLOW_UP), (72, Priority.FOLLOW_UP)]


async def test_whoever_has_blocked_the_bot_is_not_written_to(store: Store) -> None:
    """A coordinator who cannot be written to is left out, the others hear it."""
    await serve(store, 70, "coordinator")
    await serve(store, 71, "coordinator")
    async with store.unit() as unit:
        gone = await contacts.by_chat(unit, 70)
        assert gone is not None
        await contacts.mark_gone(unit, gone.id)
    assert await told(store) == [(71, Priority.FOLLOW_UP)]
