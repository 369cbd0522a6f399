"""Workbooks that wait to be checked, and the desks they lie on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from conversations.authoring.desk import Candidate, Desk
from conversations.session import Session
from storage import contacts, desks
from storage.contacts import ContactId
from storage.store import Store, Unit

NOW = datetime(2026, 11, 22, 9, 30, 15, 5, tzinfo=UTC)
LATER = NOW + timedelta(minutes=11)
LEASE_SECONDS = 600.0


async def expected(unit: Unit, upload: str = "u1", source: str = "file-1") -> ContactId:
    """Have somebody wait for a workbook to be checked."""
    amina = (await contacts.meet(unit, 1_000_001, NOW)).id
    await desks.keep(unit, "mch", amina, Desk(upload))
    await desks.expect(unit, "mch", amina, upload, source, "birth.xlsx", NOW)
    return amina


async def test_a_desk_comes_back_equal(store: Store) -> None:
    """A candidate and a trial under way survive."""
    candidate = Candidate("birth", "3", "Birth", "2")
    desk = Desk("u1", "birth.xlsx", candidate, 4, 5, Session("1" * 32, "sw", "question"))
    async with store.unit() as unit:
        amina = (await contacts.meet(unit, 1_000_001, NOW)).id
        await desks.keep(unit, "mch", amina, desk)
        assert await desks.current(unit, "mch", amina) == desk
        assert await desks.current(unit, "elsewhere", amina) is None


async def test_a_check_that_died_begins_anew(store: Store) -> None:
    """A claimed workbook is handed out again when its lease is over, and not before."""
    async with store.unit() as unit:
        await expected(unit)
        (first,) = await desks.claim(unit, "mch", NOW, 9, LEASE_SECONDS)
        assert (first.source, first.file_name, first.attempts) == ("file-1", "birth.xlsx", 1)
        assert await desks.claim(unit, "mch", NOW, 9, LEASE_SECONDS) == []
        assert await desks.claim(unit, "elsewhere", LATER, 9, LEASE_SECONDS) == []
        (again,) = await desks.claim(unit, "mch", LATER, 9, LEASE_SECONDS)
        assert again.attempts == 2


async def test_a_result_lies_on_the_desk_once(store: Store) -> None:
    """The result is there to be tried and published; a second one of the same check is not."""
    async with store.unit() as unit:
        amina = await expected(unit)
        (waiting,) = await desks.claim(unit, "mch", NOW, 9, LEASE_SECONDS)
        assert await desks.on_it(unit, "mch", amina) is None
        assert await desks.checked(unit, "mch", waiting, b"workbook", "<form/>")
        assert not await desks.checked(unit, "mch", waiting, b"other", "<other/>")
        assert await desks.on_it(unit, "mch", amina) == desks.OnDesk(
            "u1", "birth.xlsx", b"workbook", "<form/>"
        )
        assert not await desks.any_waiting(unit, "mch", LATER)


async def test_a_newer_workbook_takes_the_place(store: Store) -> None:
    """What comes of the older one is not laid over the newer."""
    async with store.unit() as unit:
        amina = await expected(unit)
        (older,) = await desks.claim(unit, "mch", NOW, 9, LEASE_SECONDS)
        await expected(unit, "u2", "file-2")
        assert not await desks.checked(unit, "mch", older, b"older", "<older/>")
        await desks.put_off(unit, "mch", older, LATER + timedelta(days=1))
        (newer,) = await desks.claim(unit, "mch", NOW, 9, LEASE_SECONDS)
        assert (newer.upload, newer.source) == ("u2", "file-2")
        await desks.clear(unit, "mch", amina)
        assert not await desks.checked(unit, "mch", newer, b"newer", "<newer/>")


async def test_a_check_is_put_off(store: Store) -> None:
    """A file that cannot be had now is tried again when it is time."""
    async with store.unit() as unit:
        await expected(unit)
        (waiting,) = await desks.claim(unit, "mch", NOW, 9, LEASE_SECONDS)
        await desks.put_off(unit, "mch", waiting, NOW + timedelta(seconds=4))
        assert not await desks.any_waiting(unit, "mch", NOW)
        assert await desks.any_waiting(unit, "mch", NOW + timedelta(seconds=4))
