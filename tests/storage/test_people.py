"""Contacts, what they agreed to, and their sessions: on every backend."""

from __future__ import annotations

import pytest

from conversations.replies import KeepAttachment
from storage import (
    attachments,
    consents,
    contacts,
    figures,
    outbox,
    sessions,
)
from storage.contacts import Contact
from storage.outbox import Call
from storage.store import Store
from tests.storage.made import (
    AMINA,
    LATER,
    NOW,
    PROGRAMME,
    session_of,
)


class TestContacts:
    """Contacts alone know chat ids."""

    async def test_met_again(self, store: Store) -> None:
        """A contact met again is the same, with the language that was kept."""
        async with store.unit() as unit:
            first = await contacts.meet(unit, AMINA, NOW)
            await contacts.keep_language(unit, first.id, "sw")
            again = await contacts.meet(unit, AMINA, LATER)
        assert (first.language, first.state) == ("", "active")
        assert again == Contact(first.id, AMINA, "sw", "active")

    async def test_gone_and_back(self, store: Store) -> None:
        """What waited for a contact that left is dropped; who writes again is back."""
        async with store.unit() as unit:
            amina = await contacts.meet(unit, AMINA, NOW)
            await outbox.put(unit, amina.id, [Call("sendMessage", {})], NOW)
            await contacts.mark_gone(unit, amina.id)
            gone = await contacts.by_chat(unit, AMINA)
            assert gone is not None
            assert gone.state == "gone"
            assert not await outbox.depths(unit)
            assert (await contacts.meet(unit, AMINA, LATER)).state == "active"

    @pytest.mark.parametrize("known", [False, True])
    async def test_moved(self, store: Store, *, known: bool) -> None:
        """What waits for a group that became a supergroup goes to its new chat."""
        async with store.unit() as unit:
            group = await contacts.meet(unit, -5, NOW)
            await outbox.put(unit, group.id, [Call("sendMessage", {"text": "a"})], NOW)
            if known:
                await contacts.meet(unit, -1005, NOW)
            await contacts.move(unit, -5, -1005)
            await contacts.move(unit, -5, -1005)
            (row,) = await outbox.claim(unit, "one", NOW, 9, 30)
            assert row.chat_id == -1005
            assert await contacts.by_chat(unit, -5) is None


class TestConsents:
    """Consent is a row, and the newest decides."""

    async def test_standing(self, store: Store) -> None:
        """A consent stands until it is taken back, each text version for itself."""
        reporter = store.reporter(PROGRAMME, AMINA)
        async with store.unit() as unit:
            for version, agreed, now in (
                ("v1", True, NOW),
                ("v2", True, NOW),
                ("v1", False, LATER),
                ("v3", False, NOW),
            ):
                await consents.keep(unit, reporter, PROGRAMME, version, "sw", agreed, now)
            assert await consents.standing(unit, reporter, PROGRAMME) == {"v2"}
            assert not await consents.standing(unit, reporter, "flip")

    async def test_pseudonyms_differ(self, store: Store) -> None:
        """A person is a different reporter in each programme, and always the same in one."""
        names = {store.reporter(name, chat) for name in ("a", "b") for chat in (1, 2)}
        assert len(names) == 4
        assert store.reporter("a", 1) in names


class TestSessions:
    """Where each reporter stands."""

    async def test_kept_and_found(self, store: Store) -> None:
        """A session comes back equal, the newest of it."""
        reporter = store.reporter(PROGRAMME, AMINA)
        async with store.unit() as unit:
            assert await sessions.current(unit, reporter, PROGRAMME) is None
            await sessions.keep(unit, reporter, PROGRAMME, session_of(1), NOW)
            changed = session_of(1, step=2, draft=(("/data/a", "mama\n'ñ'"),), trail=("/data/a",))
            await sessions.keep(unit, reporter, PROGRAMME, changed, LATER)
            assert await sessions.current(unit, reporter, PROGRAMME) == changed
            assert await sessions.current(unit, reporter, "flip") is None

    async def test_replaced_and_ended(self, store: Store) -> None:
        """A new session takes the old one's place; an ended one leaves nothing."""
        reporter = store.reporter(PROGRAMME, AMINA)
        sent = KeepAttachment("a.jpg", "file-1", "image/jpeg", None)
        async with store.unit() as unit:
            await sessions.keep(unit, reporter, PROGRAMME, session_of(1), NOW)
            await attachments.expect(unit, session_of(1).key, sent, NOW)
            await sessions.keep(unit, reporter, PROGRAMME, session_of(2), NOW)
            assert await sessions.current(unit, reporter, PROGRAMME) == session_of(2)
            assert not await attachments.claim(unit, NOW, 9, 30)
            await sessions.end(unit, reporter, PROGRAMME)
            assert await sessions.current(unit, reporter, PROGRAMME) is None

    async def test_set_aside(self, store: Store) -> None:
        """Those set aside come back one by one, the newest first, with their files."""
        reporter = store.reporter(PROGRAMME, AMINA)
        sent = KeepAttachment("a.jpg", "file-1", "image/jpeg", None)
        async with store.unit() as unit:
            for number in (1, 2, 3):
                await sessions.keep(unit, reporter, PROGRAMME, session_of(number), NOW)
                await attachments.expect(unit, session_of(number).key, sent, NOW)
                await sessions.set_aside(unit, reporter, PROGRAMME)
            aside = await sessions.asides(unit, reporter, PROGRAMME)
            assert list(aside.values()) == [session_of(number).key for number in (1, 2, 3)]
            assert await sessions.asides(unit, reporter, "mc") == {}
            assert await figures.under_way(unit, PROGRAMME) == {("birth", ""): 3}
            assert await sessions.current(unit, reporter, PROGRAMME) is None
            await sessions.end(unit, reporter, next(iter(aside)))
            for number in (3, 2):
                assert await sessions.bring_back(unit, reporter, PROGRAMME) == session_of(number)
                assert await sessions.bring_back(unit, reporter, PROGRAMME) is None, "one is open"
                if number == 3:  # One more on top of the one that is left.
                    await sessions.set_aside(unit, reporter, PROGRAMME)
                    assert await sessions.bring_back(unit, reporter, PROGRAMME) == session_of(3)
                await sessions.end(unit, reporter, PROGRAMME)
            assert await sessions.bring_back(unit, reporter, PROGRAMME) is None
            assert not await attachments.claim(unit, NOW, 9, 30), "files go with their session"
