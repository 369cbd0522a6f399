"""Lessons: what is a sample for whom, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from conversations.reviewing.cases import Case, ModeratorId, Outcome
from conversations.roles import Role
from storage import cases, contacts, lessons, roles, second_looks
from storage.cases import DoneAct, Served
from storage.reporters import Reporter
from storage.second_looks import SecondLook
from storage.store import Store
from tests.storage.test_cases import MCH, NOW, opened

TRAINEE = ModeratorId(77)
NOBODY_HERE = Reporter("")


async def decided(store: Store, number: int, by: int, outcome: Outcome, **changes: object) -> Case:
    """Keep a report that somebody decided about, an hour after the one before."""
    case = await opened(store, number)
    at = NOW + timedelta(hours=number)
    known = replace(case, state="decided", outcome=outcome, decided_by=ModeratorId(by),
                    decided_at=at, version=2, **changes)  # type: ignore[arg-type] # fmt: skip
    async with store.unit() as unit:
        assert await cases.keep(unit, MCH, known, NOW, 1)
    return known


async def appointed(store: Store, chat_id: int, role: Role) -> int:
    """Give somebody a role; return its number."""
    async with store.unit() as unit:
        contact = await contacts.meet(unit, chat_id, NOW)
        number = await roles.invite(unit, MCH, role, "", f"{chat_id}", NOW + timedelta(days=1))
        await roles.take(unit, MCH, f"{chat_id}", contact.id, NOW)
    return number


async def offered(
    store: Store,
    own: Reporter = NOBODY_HERE,
    served: Served = Served(),  # noqa: B008 - frozen.
) -> list[str]:
    """Return what the trainee can practise on."""
    async with store.reading() as reading:
        found = await lessons.supply(reading, MCH, own, TRAINEE, served, 10)
    return [case.instance_id for case in found]


async def test_only_what_was_decided_surely_is_a_sample(store: Store) -> None:
    """Two persons alike, two who looked independently, or a senior: one alone does not do."""
    senior, plain = (
        await appointed(store, 9, "senior moderator"),
        await appointed(store, 8, "moderator"),
    )
    await decided(store, 1, senior, "rejected")
    await decided(store, 2, plain, "rejected")
    await decided(store, 3, plain, "approved", first=ModeratorId(5), proposed="approved")
    await decided(store, 4, plain, "not verifiable", first=ModeratorId(5), proposed="approved")
    for number, said in ((5, "approved"), (6, "rejected")):
        await decided(store, number, plain, "approved")
        look = SecondLook(f"uuid:{number}", ModeratorId(plain), "approved", ModeratorId(5), said)  # type: ignore[arg-type]
        async with store.unit() as unit:
            await second_looks.keep(unit, MCH, look, NOW)
    await decided(store, 7, senior, "duplicate")
    assert await offered(store) == ["uuid:5", "uuid:3", "uuid:1"]


async def test_nobody_practises_on_their_own(store: Store) -> None:
    """Neither a report of one's own, nor a case one had to do with, nor one seen before."""
    senior = await appointed(store, 9, "senior moderator")
    for number in (1, 2, 3, 4):
        await decided(store, number, senior, "rejected")
    async with store.unit() as unit:
        await cases.note(unit, store, MCH, DoneAct("uuid:2", 2, "Claim", TRAINEE, {}, NOW))
        assert await lessons.begin(unit, MCH, TRAINEE, "uuid:3", "rejected", NOW)
        assert await lessons.begin(unit, MCH, TRAINEE, "uuid:3", "rejected", NOW) is None
    assert await offered(store, own=store.reporter(MCH, 1)) == ["uuid:4"]
    elsewhere = Served(areas=frozenset({"kibera"}))
    assert await offered(store, served=elsewhere) == []


async def test_a_lesson_is_judged_once_by_whose_it_is(store: Store) -> None:
    """Who taps twice, or taps another's button, changes nothing; scores count what was judged."""
    senior = await appointed(store, 9, "senior moderator")
    for number in (1, 2):
        await decided(store, number, senior, "rejected")
    async with store.unit() as unit:
        one = await lessons.begin(unit, MCH, TRAINEE, "uuid:1", "rejected", NOW)
        assert one is not None
        assert await lessons.open_of(unit, MCH, TRAINEE) == one
        assert await lessons.judge(unit, one.id, ModeratorId(senior), "approved") is None
        assert await lessons.judge(unit, one.id, TRAINEE, "rejected")
        assert await lessons.judge(unit, one.id, TRAINEE, "approved") is None
        assert await lessons.open_of(unit, MCH, TRAINEE) is None
        assert await lessons.scores(unit, MCH) == {TRAINEE: (1, 1)}
        assert await lessons.judged(unit, MCH, TRAINEE) == [("rejected", "rejected")]
        await lessons.clear_abandoned(unit, MCH)
        assert await lessons.scores(unit, MCH) == {}
