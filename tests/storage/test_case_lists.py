"""Lists of cases against their plain meaning: every filter alone and with others, page by page."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from conversations.reviewing.cases import Case, ModeratorId
from conversations.sheets.flags import Severity
from storage import case_lists, cases, consents, flags, submissions
from storage.case_lists import Filters
from storage.cases import Served
from storage.flags import Raised
from storage.reporters import Reporter
from storage.store import Store
from tests.storage.made import submission_of

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MCH = "mch"
ME, OTHER = ModeratorId(3), ModeratorId(4)
NUMBER = 60
DOUBTS = ("personal", "outside", "fast")
OWN = 7
"""The number of the person who moderates, and has sent some of the reports."""


def made(number: int, rng: random.Random) -> Case:
    """Make up a case."""
    case = Case(
        f"uuid:{number}", rng.choice(("birth", "pregnancy")), rng.choice(("sw", "en", "mas")),
        NOW - timedelta(hours=number), rng.choice(list(Severity)), 1.0,
        rng.choice(("mukuru", "kibera", "")), escalated=rng.random() < 0.3,
    )  # fmt: skip
    state = rng.choice(("open", "open", "second", "asked", "decided"))
    if state == "decided":
        decided_at = NOW - timedelta(minutes=number % 7)
        return replace(case, state="decided", outcome="approved", decided_at=decided_at,
                       decided_by=rng.choice((ME, OTHER)), escalated=False,
                       appealed=rng.random() < 0.3)  # fmt: skip
    by = rng.choice((ModeratorId(0), ME, OTHER))
    until = rng.choice((NOW + timedelta(minutes=5), NOW - timedelta(minutes=5))) if by else None
    return replace(case, state=state, claimed_by=by, claimed_until=until)


class Shelf:
    """Cases that were made up, with what is doubted about each and who sent it."""

    def __init__(self, store: Store) -> None:
        """Make them up, always the same."""
        rng = random.Random(4)  # noqa: S311 - made-up cases.
        self.store = store
        self.cases = [made(number, rng) for number in range(NUMBER)]
        self.doubts = {case.instance_id: rng.sample(DOUBTS, rng.randrange(4))
                       for case in self.cases}  # fmt: skip
        self.look_by = {one.instance_id: NOW + timedelta(minutes=place // 3)
                        for place, one in enumerate(self.cases)}  # fmt: skip
        self.by = {one.instance_id: OWN if rng.random() < 0.1 else place
                   for place, one in enumerate(self.cases, 100)}  # fmt: skip

    async def keep(self) -> None:
        """Keep all of it."""
        async with self.store.unit() as unit:
            for number, case in enumerate(self.cases):
                reporter = self.store.reporter(MCH, self.by[case.instance_id])
                await consents.keep(unit, reporter, MCH, "v1", "sw", agreed=True, now=NOW)
                await submissions.keep(unit, reporter, MCH, submission_of(number), NOW)
                await cases.open_(unit, MCH, case, self.look_by[case.instance_id])
                for name in self.doubts[case.instance_id]:
                    about = (case.instance_id, MCH, "check", name, Severity.LOW, {}, NOW)
                    for place in ("/data/a", "/data/b"):
                        await flags.raise_(unit, Raised(*about, about=(place,)))  # type: ignore[arg-type]
                if case.state == "decided":
                    await flags.judge(unit, case.instance_id, right=True)

    def meant(self, filters: Filters, served: Served) -> list[str]:
        """Return the ids that a list should have, in its order, by going through all."""
        found = [one for one in self.cases if self._is_meant(one, filters, served)]
        if filters.shelf == "decided":
            found.sort(key=lambda one: (one.decided_at, one.instance_id), reverse=True)
        else:
            found.sort(key=lambda one: (self.look_by[one.instance_id], one.instance_id))
        return [one.instance_id for one in found]

    def _is_meant(self, one: Case, wanted: Filters, served: Served) -> bool:
        shelf = one.state if one.state in {"asked", "decided"} else "waiting"
        mine = one.decided_by == ME if shelf == "decided" else one.holder(NOW) == ME
        return (
            shelf == wanted.shelf
            and self.by[one.instance_id] != OWN
            and wanted.form in {"", one.form_id}
            and wanted.area in {"", one.area}
            and wanted.language in {"", one.language}
            and wanted.severity in {0, one.severity}
            and (not wanted.flag or wanted.flag in self.doubts[one.instance_id])
            and (not wanted.mine or shelf == "asked" or mine)
            and (not wanted.apart or (one.appealed if shelf == "decided" else one.escalated))
            and (not served.languages or one.language in served.languages)
            and (not served.areas or one.area in served.areas)
            and (not served.forms or one.form_id in served.forms)
        )

    async def listed(self, filters: Filters, served: Served) -> list[str]:
        """Return the ids that a list has, page by page."""
        own: Reporter = self.store.reporter(MCH, OWN)
        found: list[str] = []
        after = None
        async with self.store.reading() as reading:
            while True:
                page = await case_lists.page(reading, MCH, served, own, filters, NOW, after)
                found += [one.case.instance_id for one in page]
                if len(page) < case_lists.PAGE:
                    return found
                after = case_lists.mark(page[-1])


def asked_for() -> Iterator[Filters]:
    """Go through each filter alone on each shelf, and many together."""
    each = {
        "form": ("birth", "nothing"), "area": ("kibera", "nowhere"), "language": ("mas",),
        "severity": (4, 1), "flag": (*DOUBTS, "nothing"), "mine": (True,), "apart": (True,),
    }  # fmt: skip
    rng = random.Random(8)  # noqa: S311 - any will do.
    for shelf in ("waiting", "asked", "decided"):
        yield Filters(shelf)  # type: ignore[arg-type]  # One of three words.
        for name, values in each.items():
            for value in values:
                yield replace(Filters(shelf), **{name: value})  # type: ignore[arg-type]
        for _ in range(12):
            some = {name: rng.choice(values) for name, values in each.items() if rng.random() < 0.4}
            yield replace(Filters(shelf), **some)  # type: ignore[arg-type]


SERVED = (
    Served(by=ME),
    Served(frozenset({"sw", "mas"}), frozenset({"mukuru"}), by=ME),
    Served(forms=frozenset({"birth"}), by=ME),
)


@pytest.mark.parametrize("few", [0, 2_000])
async def test_a_list_has_what_is_asked_for(
    store: Store, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither more nor less, each once, in order, whichever way the database goes about it."""
    monkeypatch.setattr(case_lists, "FEW_MAX", few)
    monkeypatch.setattr(case_lists, "PAGE", 4)
    shelf = Shelf(store)
    await shelf.keep()
    met = 0
    for number, filters in enumerate(asked_for()):
        served = SERVED[number % len(SERVED)] if number % 2 else SERVED[0]
        meant = shelf.meant(filters, served)
        assert await shelf.listed(filters, served) == meant, filters
        met += bool(meant)
    assert met > 30
    assert {one.name for one in fields(Filters)} == {
        *("shelf", "form", "area", "language", "severity", "flag", "mine", "apart")
    }


async def test_alike(store: Store) -> None:
    """Cases with as many doubts, one of them the same, are found; held ones are not."""
    shelf = Shelf(store)
    await shelf.keep()
    async with store.reading() as reading:
        for doubt in DOUBTS:
            for many in (1, 2, 3):
                about = (reading, MCH, Served(), "birth", doubt, 2 * many, NOW, NUMBER)
                found = {case.instance_id for case in await case_lists.alike(*about)}
                assert found == {
                    one.instance_id
                    for one in shelf.cases
                    if one.state == "open"
                    and one.form_id == "birth"
                    and not (one.escalated or one.appealed or one.holder(NOW))
                    and doubt in shelf.doubts[one.instance_id]
                    and len(shelf.doubts[one.instance_id]) == many
                }
        narrow = Served(languages=frozenset({"sw"}))
        about = (reading, MCH, narrow, "birth", DOUBTS[0], 4, NOW, 3)
        few = await case_lists.alike(*about)
        assert len(few) <= 3
        assert {case.language for case in few} <= {"sw"}
