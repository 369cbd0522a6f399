"""What others are asked about a report: once each, one answer each, and whom one might ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from conversations.replies import KeepSubmission
from conversations.validating.telling import Came
from conversations.verdicts.answers import Answer, Validator
from conversations.verdicts.estimation import reestimate
from conversations.verdicts.rule import Rule
from storage import asks, candidates, consents, contacts, reach, reliabilities, rounds, submissions
from storage.candidates import Wanted, cells_around
from storage.moments import to_kept
from storage.reporters import Reporter
from storage.rounds import Begun, Round
from storage.store import Store, Unit

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
AMINA, JUMA = Reporter("amina"), Reporter("juma")
CLASSES = ("yes", "no")


async def begin(unit: Unit, number: int = 1) -> Round:
    """Keep a report and begin a round about it."""
    report = f"uuid:{number}"
    await consents.keep(unit, AMINA, "mch", "v1", "sw", agreed=True, now=NOW)
    kept = KeepSubmission(report, "birth", "1", "sw", "4T7K", "<data/>", ())
    await submissions.keep(unit, AMINA, "mch", kept, NOW)
    about = (report, "mch", "birth", "facility", "sw", "narok", CLASSES, "yes")
    begun = await rounds.begin(unit, Begun(*about, NOW, NOW + timedelta(days=7)))
    assert begun is not None
    return begun


async def people(store: Store, unit: Unit, area: str, number: int, first: int = 100) -> None:
    """Let people be met who are registered for an area."""
    for chat in range(first, first + number):
        contact = await contacts.meet(unit, chat, NOW)
        reporter = store.reporter("mch", chat)
        met = NOW - timedelta(days=30)
        await reach.meet(unit, store, reporter, "mch", contact.id, "sw", met)
        await reach.keep_place(unit, reporter, area, "-13,368")


async def test_a_round_comes_back_equal(store: Store) -> None:
    """A round begins once for a report and a row, and is kept as it was decided."""
    async with store.unit() as unit:
        begun = await begin(unit)
        assert await rounds.begin(unit, begun.begun) is None
        decided = Round(begun.id, begun.begun, "decided", "yes", "clear",
                        "confirmed by residents", 3, 1, decided_at=LATER)  # fmt: skip
        await rounds.keep(unit, decided)
        assert await rounds.of(unit, "uuid:1") == (decided,)
        await rounds.moderate(unit, begun.id, "no", LATER)
        found = await rounds.moderated(unit, begun.begun, 10)
        assert found == {str(begun.id): "no"}


async def test_one_person_has_one_answer(store: Store) -> None:
    """Somebody is asked once in a round; the latest answer stands, changes are counted."""
    async with store.unit() as unit:
        begun = await begin(unit)
        ask_id = await asks.plan(unit, begun.id, JUMA, "sw", NOW)
        assert ask_id is not None
        assert await asks.plan(unit, begun.id, JUMA, "sw", NOW) is None
        await asks.note_put(unit, ask_id, NOW)
        await asks.answer(unit, ask_id, "saw", NOW, late=False)
        await asks.answer(unit, ask_id, "no", LATER, late=False)
        (ask,) = await asks.of_round(unit, begun.id)
        assert ask.said == Answer(Validator("juma"), "no", LATER)
        assert (ask.changes, ask.first_at, ask.state) == (1, NOW, "answered")
        await asks.become(unit, ask_id, "expired")
        assert (await asks.by_id(unit, ask_id)) == ask


async def test_what_came_of_it_is_told_once(store: Store) -> None:
    """Whoever answered hears of a decided report once, and again where it came out otherwise."""
    async with store.unit() as unit:
        begun = await begin(unit)
        ask_id = await asks.plan(unit, begun.id, JUMA, "sw", NOW)
        assert ask_id is not None
        await asks.answer(unit, ask_id, "saw", NOW, late=False)
        assert await asks.news(unit, JUMA, 10) == {}
        decided = Round(begun.id, begun.begun, "decided", "yes", "clear", "confirmed by residents")
        await rounds.keep(unit, decided)
        assert await asks.untold(unit, begun.id) == (JUMA,)
        assert await asks.news(unit, JUMA, 10) == {ask_id: Came("confirmed")}
        await asks.note_heard(unit, ask_id, "confirmed")
        assert await asks.news(unit, JUMA, 10) == {}
        await rounds.keep(unit, replace(decided, grade="confirmed by a moderator"))
        assert await asks.untold(unit, begun.id) == ()
        await rounds.keep(unit, replace(decided, grade="rejected"))
        assert await asks.untold(unit, begun.id) == (JUMA,)
        assert await asks.news(unit, JUMA, 10) == {ask_id: Came("doubted", "confirmed")}


async def test_an_erased_validator_leaves_nothing(store: Store) -> None:
    """What somebody was asked and said goes; the rounds it was in are named."""
    async with store.unit() as unit:
        begun = await begin(unit)
        ask_id = await asks.plan(unit, begun.id, JUMA, "sw", NOW)
        assert ask_id is not None
        await asks.answer(unit, ask_id, "saw", NOW, late=False)
        assert await asks.erase(unit, JUMA) == (begun.id,)
        assert await asks.of_round(unit, begun.id) == ()


async def test_reliabilities_come_back_equal(store: Store) -> None:
    """What was estimated is read as it was, and goes with whoever is erased."""
    said = [Answer(Validator(name), "saw", NOW) for name in ("juma", "zawadi")]
    said.append(Answer(Validator("register"), "saw", NOW, "record"))
    found = reestimate({"1": said, "2": said[:2]}, {"1": "yes"}, {"2"}, Rule())
    async with store.unit() as unit:
        assert not (await reliabilities.known(unit, "mch", CLASSES)).known
        sources = {answer.validator: answer.source for answer in said}
        await reliabilities.keep(unit, "mch", found, sources, NOW)
        assert await reliabilities.known(unit, "mch", CLASSES) == found
        await reliabilities.erase(unit, JUMA)
        assert "juma" not in (await reliabilities.known(unit, "mch", CLASSES)).known


async def test_whom_one_might_ask(store: Store) -> None:
    """People of the place are found, who neither stopped nor paused, with how often asked."""
    async with store.unit() as unit:
        begun = await begin(unit)
        await people(store, unit, "narok", 5)
        await people(store, unit, "kajiado", 2, first=200)
        one, other, third = (store.reporter("mch", chat) for chat in (100, 101, 102))
        await reach.stop(unit, one)
        await reach.pause(unit, other, NOW + timedelta(days=1))
        await asks.plan(unit, begun.id, third, "sw", NOW)
        wanted = Wanted("area", ["narok"], "0" * 32)
        found = await candidates.found(unit, "mch", wanted, NOW)
        assert {person.area for person in found} == {"narok"}
        lately = {person.validator: person.asked_this_week for person in found}
        assert len(lately) == 3
        assert lately[Validator(third)] == 1
        assert {person.account_days for person in found} == {30}
        near = Wanted("cell", cells_around((-1.29, 36.82), 5), "0" * 32)
        assert len(await candidates.found(unit, "mch", near, NOW)) == 5
        everybody = Wanted("", (), "0" * 32)
        assert len(await candidates.found(unit, "mch", everybody, NOW)) == 5


async def test_the_longest_not_asked_and_some_by_chance(store: Store) -> None:
    """Of many, those who were not asked for longest are looked at, and some drawn by chance."""
    async with store.unit() as unit:
        await people(store, unit, "narok", 120)
        for chat in range(180, 220):
            await reach.note_asked(unit, store.reporter("mch", chat), NOW)
        await unit.run("UPDATE reach SET asked_at = $1 WHERE asked_at = 0", 1)
        recent = to_kept(NOW)
        wanted = Wanted("language", ["sw"], "8" * 32)
        found = await candidates.found(unit, "mch", wanted, NOW)
        asked = [to_kept(person.asked_at) for person in found if person.asked_at]
        longest = candidates.LONGEST_MAX  # Some of them may be drawn, too.
        assert longest <= asked.count(1) <= longest + candidates.DRAWN_MAX
        assert 0 < asked.count(recent) <= candidates.DRAWN_MAX
