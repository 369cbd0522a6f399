"""Roles are given once, to whoever opens the link first, and end at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage import contacts, desks, roles
from storage.contacts import ContactId
from storage.roles import Taken
from storage.store import Store, Unit

NOW = datetime(2026, 11, 22, 9, 30, 15, 5, tzinfo=UTC)
UNTIL = NOW + timedelta(days=7)
AMINA, JUMA = 1_000_001, 1_000_002


async def met(unit: Unit, chat_id: int) -> ContactId:
    """Return the contact of a chat."""
    return (await contacts.meet(unit, chat_id, NOW)).id


async def test_an_invitation_gives_its_role_once(store: Store) -> None:
    """The first to open the link has the role; the second, and the first again, are told so."""
    async with store.unit() as unit:
        amina, juma = await met(unit, AMINA), await met(unit, JUMA)
        await roles.invite(unit, "mch", "coordinator", "Amina", "t1", UNTIL)
        assert await roles.take(unit, "mch", "t1", amina, NOW) == Taken("coordinator")
        assert await roles.take(unit, "mch", "t1", juma, NOW) == "used"
        assert await roles.take(unit, "mch", "t1", amina, NOW) == "used by you"
        assert await roles.held(unit, "mch", amina) == {"coordinator"}
        assert await roles.held(unit, "mch", juma) == frozenset()
        assert await roles.held(unit, "elsewhere", amina) == frozenset()


async def test_an_invitation_that_does_not_count(store: Store) -> None:
    """A forged, an expired, or another programme's invitation gives nothing."""
    async with store.unit() as unit:
        amina = await met(unit, AMINA)
        await roles.invite(unit, "mch", "coordinator", "", "t1", UNTIL)
        assert await roles.take(unit, "mch", "forged", amina, NOW) == "unknown"
        assert await roles.take(unit, "elsewhere", "t1", amina, NOW) == "unknown"
        assert await roles.take(unit, "mch", "t1", amina, UNTIL) == "expired"
        assert await roles.held(unit, "mch", amina) == frozenset()


async def test_a_second_invitation_stays_for_somebody_else(store: Store) -> None:
    """Who has the role already does not use an invitation up."""
    async with store.unit() as unit:
        amina, juma = await met(unit, AMINA), await met(unit, JUMA)
        for token in ("t1", "t2"):
            await roles.invite(unit, "mch", "coordinator", "", token, UNTIL)
        await roles.take(unit, "mch", "t1", amina, NOW)
        assert await roles.take(unit, "mch", "t2", amina, NOW) == "held already"
        assert await roles.take(unit, "mch", "t2", juma, NOW) == Taken("coordinator")


async def test_a_role_is_listed_and_revoked_by_its_number(store: Store) -> None:
    """A revoked role is gone with the commit; a revoked invitation gives nothing any more."""
    async with store.unit() as unit:
        amina = await met(unit, AMINA)
        held = await roles.invite(unit, "mch", "coordinator", "Amina", "t1", UNTIL)
        waiting = await roles.invite(unit, "mch", "coordinator", "Juma", "t2", UNTIL)
        await roles.take(unit, "mch", "t1", amina, NOW)
    async with store.reading() as reading:
        listed = await roles.of_programme(reading, "mch")
    assert [(one.id, one.known_as, one.taken_on) for one in listed] == [
        (held, "Amina", "2026-11-22"),
        (waiting, "Juma", None),
    ]
    async with store.unit() as unit:
        gone = await roles.revoke(unit, "mch", held)
        assert gone is not None
        assert gone.known_as == "Amina"
        assert await roles.held(unit, "mch", amina) == frozenset()
        await roles.revoke(unit, "mch", waiting)
        assert await roles.take(unit, "mch", "t2", amina, NOW) == "unknown"
        assert await roles.revoke(unit, "mch", held) is None
        assert await roles.revoke(unit, "elsewhere", held) is None


async def test_the_token_is_not_kept(store: Store) -> None:
    """Whoever reads the database cannot make a link of what stands there."""
    async with store.unit() as unit:
        await roles.invite(unit, "mch", "coordinator", "", "a secret token", UNTIL)
        (row,) = await unit.rows("SELECT * FROM roles")
        assert "a secret token" not in [row[name] for name in row.keys()]  # type: ignore[attr-defined] # noqa: SIM118 - a row of the database.


async def test_an_abandoned_desk_is_cleared(store: Store) -> None:
    """What lay on the desk of somebody without a role goes; others' desks stay."""
    async with store.unit() as unit:
        amina, juma = await met(unit, AMINA), await met(unit, JUMA)
        await roles.invite(unit, "mch", "coordinator", "", "t1", UNTIL)
        await roles.take(unit, "mch", "t1", amina, NOW)
        for contact in (amina, juma):
            await desks.keep(unit, "mch", contact, desks.Desk("u1"))
        await desks.clear_abandoned(unit, "mch")
        assert await desks.current(unit, "mch", amina) == desks.Desk("u1")
        assert await desks.current(unit, "mch", juma) is None
