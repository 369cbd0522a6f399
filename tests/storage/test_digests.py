"""Digests: whose hour has come, and what waits for them, on every database."""

from __future__ import annotations

from datetime import timedelta

from conversations.reviewing.cases import ModeratorId
from conversations.sheets.flags import Severity
from storage import contacts, digests
from storage.cases import Served
from storage.digests import Digest
from storage.store import Store
from tests.storage.test_cases import MCH, NOW, opened

ME = ModeratorId(7)


async def test_a_digest_comes_round_once(store: Store) -> None:
    """Whoever moves it on has it; what is chosen anew takes the place of what was."""
    async with store.unit() as unit:
        contact = await contacts.meet(unit, 77, NOW)
        one = Digest(contact.id, 7, weekly=False, next_at=NOW)
        await digests.choose(unit, MCH, one)
        assert await digests.due(unit, MCH, NOW - timedelta(minutes=1), 9) == []
        assert await digests.due(unit, MCH, NOW, 9) == [one]
        later = NOW + timedelta(days=1)
        assert await digests.move(unit, MCH, one, later)
        assert not await digests.move(unit, MCH, one, later)
        weekly = Digest(contact.id, 8, weekly=True, next_at=later)
        await digests.choose(unit, MCH, weekly)
        assert await digests.of(unit, MCH, contact.id) == weekly
        await digests.end(unit, MCH, contact.id)
        assert await digests.of(unit, MCH, contact.id) is None


async def test_what_waits_for_a_moderator(store: Store) -> None:
    """Counted as the queue shows it: without others' claims and what waits for somebody else."""
    hour = timedelta(hours=1)
    await opened(store, 1, severity=Severity.HIGH, opened_at=NOW - hour)
    await opened(store, 2, claimed_by=ME, claimed_until=NOW + hour)
    await opened(store, 3, claimed_by=ModeratorId(8), claimed_until=NOW + hour)
    await opened(store, 4, state="second", first=ME)
    await opened(store, 5, appealed=True, decided_by=ME)
    await opened(store, 6, appealed=True, decided_by=ModeratorId(8))
    await opened(store, 7, escalated=True)
    await opened(store, 8, state="asked")
    await opened(store, 9, area="kibera")
    served = Served(areas=frozenset({"mukuru"}), by=ME)
    async with store.reading() as reading:
        mine = await digests.waiting(reading, MCH, served, NOW, senior=False)
        all_of_it = await digests.waiting(reading, MCH, Served(by=ME), NOW, senior=True)
    assert mine.by_severity == {Severity.HIGH: 1, Severity.MEDIUM: 2}
    assert (mine.oldest_at, mine.own, mine.appealed, mine.escalated) == (NOW - hour, 1, 1, 0)
    assert sum(all_of_it.by_severity.values()) == 5
    assert all_of_it.escalated == 1
