"""A year of people who are asked, answer, put off and keep silent."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from bot import coming
from bot.coming import Coming
from storage import due, outbox
from storage.moments import to_kept
from storage.outbox import Priority
from tests.followups.in_memory import in_memory
from tests.followups.year import BEGINNING, Year, crowd, simulate


@pytest.mark.parametrize("seed", [7])
async def test_a_year(seed: int) -> None:
    """Nothing is asked twice, at night, or too often, and every chain ends."""
    lived = await simulate(12, seed)
    assert lived.wrong == ()
    assert lived.heard > 50


async def test_all_due_in_one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many that are due at once each is put once, a few claimed at a time, gently."""
    monkeypatch.setattr(coming, "CLAIMED_MAX", 7)
    store, chance = await in_memory(), random.Random(1)  # noqa: S311 - no secret is made of it.
    year = Year(store, crowd(30, chance), chance)
    try:
        await year.settle_in()
        for chat in year.people:
            await year.report(chat)
        year.now = BEGINNING + timedelta(days=1, hours=1)
        async with store.unit() as unit:
            await unit.run("DELETE FROM outbox")
            await unit.run("UPDATE due SET due_at = $1 WHERE kind = 'followup'", to_kept(year.now))
            asked = await unit.rows("SELECT DISTINCT reporter FROM due WHERE kind = 'followup'")
        year.now += timedelta(seconds=1)
        assert await Coming(year.dispatch, "one").round() >= len(asked)
        async with store.unit() as unit:
            put = await unit.rows(
                "SELECT contact_id, priority FROM outbox WHERE method = 'sendMessage'"
            )
            assert {row["priority"] for row in put} == {Priority.FOLLOW_UP}
            assert len({row["contact_id"] for row in put}) == len(put) > 5
            assert not await due.claim(unit, "two", year.now, 60, 100), "all were seen to"
            waiting = await unit.rows("SELECT due_at FROM due WHERE state = 'waiting'")
            night = {row["due_at"] for row in waiting if row["due_at"] > to_kept(year.now)}
            assert len(night) > 5, "whom it is night for are not all written to in one second"
            assert (await outbox.depths(unit)).keys() == {("waiting", Priority.FOLLOW_UP)}
    finally:
        await store.close()


async def test_no_more_than_can_be_sent_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the outbox is full of questions, more wait where they are, and come when it is not."""
    monkeypatch.setattr(coming, "BACKLOG_MAX", 3)
    store, chance = await in_memory(), random.Random(1)  # noqa: S311 - no secret is made of it.
    year = Year(store, crowd(8, chance), chance)
    for one in year.people.values():
        one.zone = "Africa/Nairobi"
    try:
        await year.settle_in()
        for chat in year.people:
            await year.report(chat)
        year.now = BEGINNING + timedelta(weeks=4, hours=1)
        async with store.unit() as unit:
            await unit.run("DELETE FROM outbox")
            await unit.run("DELETE FROM due WHERE name <> 'report:monthly'")
        told = []
        for _ in range(4):
            await Coming(year.dispatch, "one").round()
            await Coming(year.dispatch, "another").round()
            told.append(len(await year._sent()))  # noqa: SLF001
        assert told == [3, 3, 2, 0]
    finally:
        await store.close()
