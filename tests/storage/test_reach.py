"""How a reporter can be written to unasked, without the database giving away who they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage import contacts, reach
from storage.errors import WrongKey
from storage.reporters import Reporter, seal, unseal
from storage.store import Store

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
AMINA = 7_001


async def test_a_reporter_can_be_reached_with_the_key(store: Store) -> None:
    """The contact comes back from a reporter, and the row does not hold its id."""
    reporter = store.reporter("mch", AMINA)
    async with store.unit() as unit:
        contact = await contacts.meet(unit, AMINA, NOW)
        await reach.meet(unit, store, reporter, "mch", contact.id, "sw", NOW, "inv1")
        await reach.meet(unit, store, reporter, "mch", contact.id, "en", NOW, "inv2")
        known = await reach.of(unit, reporter)
        assert await reach.of(unit, Reporter("nobody")) is None
    assert known is not None
    assert reach.contact_of(store, known) == contact.id
    assert f"{contact.id:016x}" not in known.sealed
    assert (known.language, known.invited_by, known.met_on) == ("en", "inv1", "2026-11-22")


async def test_a_persons_own_word(store: Store) -> None:
    """Zone, place, pause and stop are kept, and a later meeting leaves them alone."""
    reporter = store.reporter("mch", AMINA)
    async with store.unit() as unit:
        contact = await contacts.meet(unit, AMINA, NOW)
        await reach.meet(unit, store, reporter, "mch", contact.id, "sw", NOW)
        await reach.keep_zone(unit, reporter, "Africa/Nairobi")
        await reach.keep_place(unit, reporter, "mukuru", reach.cell_of(-1.31, 36.87))
        await reach.pause(unit, reporter, NOW + timedelta(days=7))
        await reach.stop(unit, reporter)
        await reach.note_asked(unit, reporter, NOW)
        await reach.meet(unit, store, reporter, "mch", contact.id, "sw", NOW)
        known = await reach.of(unit, reporter)
        assert known is not None
        assert (known.zone, known.area, known.cell) == ("Africa/Nairobi", "mukuru", "-14,368")
        assert (known.paused_until, known.stopped) == (NOW + timedelta(days=7), True)
        assert known.asked_at == NOW
        await reach.pause(unit, reporter, None)
        await reach.stop(unit, reporter, stopped=False)
        again = await reach.of(unit, reporter)
        assert again is not None
        assert (again.paused_until, again.stopped) == (None, False)
        await reach.forget(unit, reporter)
        assert await reach.of(unit, reporter) is None


def test_another_key_opens_nothing() -> None:
    """A seal of another key, of another reporter, or tampered with is refused."""
    key, amina = b"k" * 16, Reporter("amina")
    sealed = seal(key, amina, 2**62 - 1)
    assert unseal(key, amina, sealed) == 2**62 - 1
    spoilt = ("0" if sealed[0] != "0" else "1") + sealed[1:]
    for other, who, text in ((b"x" * 16, amina, sealed), (key, Reporter("b"), sealed),
                             (key, amina, spoilt)):  # fmt: skip
        with pytest.raises(WrongKey):
            unseal(other, who, text)
