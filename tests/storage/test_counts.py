"""Numbers of a month: what is behind them, who looks at them, and what goes with an erasure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from conversations.replies import KeepSubmission
from conversations.validating.counts import Tally
from storage import consents, contacts, count_asks, counts, erasure, reach, submissions
from storage.counts import CountCheck, Number
from storage.reporters import Reporter
from storage.store import Store, Unit

NOW = datetime(2026, 4, 3, 9, tzinfo=UTC)
NUMBER = Number("mch", "birth", "births", "2026-03", "hill")
JUMA = Reporter("juma")


async def report(unit: Unit, number: int, who: str = "", place: str = "hill") -> str:
    """Keep a report that is in a number."""
    reporter, instance_id = Reporter(who or f"reporter {number}"), f"uuid:{number}"
    await consents.keep(unit, reporter, "mch", "v1", "sw", agreed=True, now=NOW)
    sent = KeepSubmission(instance_id, "birth", "1", "sw", f"4T7{number}", "<data/>", ())
    await submissions.keep(unit, reporter, "mch", sent, NOW - timedelta(days=20))
    await counts.note(unit, "mch", "birth", instance_id, [("births", place, "2026-03")])
    return instance_id


async def begin(unit: Unit, number: Number = NUMBER) -> CountCheck:
    """Begin to ask about a number."""
    check = await counts.begin(unit, number, "1", 6, NOW, NOW + timedelta(days=7))
    assert check is not None
    return check


async def test_a_number_is_counted_by_place_and_month(store: Store) -> None:
    """A report is in the numbers it was noted for last; what was rejected is in none."""
    async with store.unit() as unit:
        for number in range(6):
            await report(unit, number, place="river" if number > 3 else "hill")
        await counts.note(unit, "mch", "birth", "uuid:1", [("births", "river", "2026-03")])
        await counts.note(unit, "mch", "birth", "uuid:2", [])
        await submissions.review(unit, "uuid:3", "rejected")
        found = await counts.behind(unit, replace(NUMBER, place=""))
        assert {place: set(behind) for place, behind in found.items()} == {
            "hill": {"uuid:0"},
            "river": {"uuid:1", "uuid:4", "uuid:5"},
        }
        assert await counts.behind(unit, NUMBER) == {"hill": {"uuid:0": Reporter("reporter 0")}}
        assert await counts.behind(unit, replace(NUMBER, month="2026-04")) == {}


async def test_a_number_is_asked_about_once(store: Store) -> None:
    """A check comes back equal, begins once, and each person has one answer in it."""
    async with store.unit() as unit:
        check = await begin(unit)
        assert await counts.begin(unit, NUMBER, "2", 9, NOW, NOW) is None
        assert await counts.by_id(unit, check.id) == check
        assert await counts.under_way(unit, "mch", 9) == (check,)
        ask = await count_asks.plan(unit, check.id, JUMA, NOW)
        assert ask is not None
        assert await count_asks.plan(unit, check.id, JUMA, NOW) is None
        await count_asks.note_put(unit, ask, NOW)
        assert await count_asks.newest(unit, JUMA) == ask
        await count_asks.answer(unit, ask, "few", NOW, late=False)
        await count_asks.answer(unit, ask, "many", NOW, late=True)
        await count_asks.become(unit, ask, "expired")
        (one,) = await count_asks.of_check(unit, check.id)
        assert (one.choice, one.late, one.state) == ("many", True, "answered")
        assert count_asks.tally_of([one]) == Tally(many=1)
        assert await count_asks.object_to(unit, ask, "harm")
        assert not await count_asks.object_to(unit, ask, "who")
        (one,) = await count_asks.of_check(unit, check.id)
        assert (one.objection, one.state) == ("harm", "answered")
        await count_asks.take_back(unit, ask)
        (one,) = await count_asks.of_check(unit, check.id)
        assert (one.choice, one.state) == ("", "declined")


async def test_coordinators_are_told_of_what_people_doubt_once(store: Store) -> None:
    """A number that people find wrong is to be told until it was; one they find right never."""
    async with store.unit() as unit:
        check = replace(await begin(unit), state="ended", says="few")
        right = replace(await begin(unit, replace(NUMBER, place="river")), says="right")
        for one in (check, right):
            await counts.keep(unit, one)
        assert await counts.untold(unit, "mch", NOW, 9) == (check,)
        await counts.note_told(unit, check)
        assert await counts.untold(unit, "mch", NOW, 9) == ()
        kept = await counts.of_form(unit, "mch", "birth")
        assert {one.number.place for one in kept} == {"hill", "river"}


async def test_what_came_of_objections(store: Store) -> None:
    """A number that somebody objects to waits for a word; who heard the same is not told again."""
    async with store.unit() as unit:
        check = await begin(unit)
        await begin(unit, replace(NUMBER, place="river"))
        for who in ("juma", "zawadi", "baraka"):
            ask = await count_asks.plan(unit, check.id, Reporter(who), NOW)
            assert ask is not None
            if who != "baraka":
                assert await count_asks.object_to(unit, ask, "who")
        assert await counts.objected(unit, "mch", 9) == (check,)
        told = await count_asks.decide(unit, check.id, "kept")
        assert sorted(told.values()) == ["juma", "zawadi"]
        assert await count_asks.decide(unit, check.id, "kept") == {}
        assert await counts.objected(unit, "mch", 9) == ()
        assert await counts.ended(unit, NUMBER) == ()
        await counts.decide(unit, check.id, "withdrawn")
        assert [one.number.place for one in await counts.ended(unit, NUMBER)] == ["hill"]


async def test_a_month_begun_before_its_row_is_not_whole(store: Store) -> None:
    """A month counts only where all reports were made with the row, or none was made before."""
    begins_at = datetime(2026, 3, 1, tzinfo=UTC)
    async with store.unit() as unit:
        assert not await counts.is_whole(unit, NUMBER, begins_at)
        await counts.meet(unit, NUMBER, NOW - timedelta(days=25))
        assert await counts.is_whole(unit, NUMBER, begins_at)
        await report(unit, 1)
        assert await counts.is_whole(unit, NUMBER, begins_at)
        other = replace(NUMBER, name="other")
        await counts.meet(unit, other, NOW)
        assert not await counts.is_whole(unit, other, begins_at)
        assert await counts.is_whole(unit, other, NOW)
        await counts.note_looked(unit, NUMBER)
        assert await counts.is_looked_at(unit, NUMBER)
        assert not await counts.is_looked_at(unit, replace(NUMBER, month="2026-04"))


async def test_who_is_erased_is_in_no_number(store: Store) -> None:
    """Reports and answers of somebody who is erased go from all numbers; the check stays."""
    async with store.unit() as unit:
        for number in range(5):
            await report(unit, number)
        contact = await contacts.meet(unit, 7, NOW)
        first = Reporter("reporter 0")
        await reach.meet(unit, store, first, "mch", contact.id, "sw", NOW, "a link")
        behind = dict(await counts.contributors(unit, NUMBER))
        assert behind[first] == "a link"
        assert len(behind) == 5
        check = await begin(unit)
        await count_asks.plan(unit, check.id, JUMA, NOW)
        await erasure.person(unit, first)
        await erasure.person(unit, JUMA)
        assert len((await counts.behind(unit, NUMBER))["hill"]) == 4
        assert await count_asks.of_check(unit, check.id) == ()
        assert await counts.by_id(unit, check.id) == check
