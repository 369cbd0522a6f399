"""How long a page of the queue takes among 100,000 open cases, and the checks of one report.

    python -m tests.benchmarks.moderation [--cases 100000] [--pages 300]

The chat's queue: the first page, a page from the middle, and the first page of somebody who serves
one small area in a language that few speak, whose cases are rare. The console's lists: the first
page of each filter, by what is common and by what is rare, among 50,000 decided ones besides.
SQLite on disk, and PostgreSQL where its packaged server is installed. The checks:
`conversations.checks.doubts` over a report of sixty answers with 300 earlier figures for each
number and 25 reports near.

Bars: p99 of a page at most 100 ms on both databases; checks at most 5 ms a report, hashing a photo
apart. Figures are of the wall clock, and of the processor where that is told.
"""

from __future__ import annotations

import argparse
import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from conversations.checks import doubts
from conversations.checks.facts import Facts, Neighbour, given
from conversations.reviewing.cases import Case, ModeratorId, Rules, look_by
from conversations.sheets.flags import Severity
from conversations.xform.instance import Instance, Surroundings
from storage import case_lists, cases
from storage.case_lists import Filters
from storage.cases import Served
from storage.migrate import migrate
from storage.moments import to_kept
from storage.opening import open_store
from storage.store import Store
from tests.benchmarks.databases import PACKAGED, empty_database, server_of
from tests.sheets.making import form_with

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
KEY = b"a key of the benchmarks, no secret"
PAGE = 20
FEW, MANY = "mas", ("sw", "en")
AREAS = [f"KE-{number}" for number in range(1, 41)]
HOLDER = ModeratorId(7)
FLAGS = {"personal": 0.5, "outlier": 0.2, "duplicate": 0.1, "outside": 0.002}
"""Doubts, and the share of the cases that have each."""

FLAG = """
    INSERT INTO flags (instance_id, programme, source, name, severity, action, about, other, words,
                       raised_by, raised_at, dedupe, verdict)
    VALUES ($1, 'mch', 'check', $2, 1, 'queue', '[]', '', '{}', '', 1, $2, '')
"""
REPORT = """
    INSERT INTO submissions (instance_id, programme, reporter, form_id, form_version, language,
                             receipt, xml, review_state, kept_at)
    VALUES ($1, 'mch', 'r', 'birth', '1', 'sw', '', '<data/>', 'received', $2)
"""


def case_of(number: int, rng: random.Random) -> Case:
    """Make up a case; one of 250 is in the language that few speak."""
    language = FEW if rng.random() < 1 / 250 else rng.choice(MANY)
    opened_at = NOW - timedelta(minutes=rng.randrange(60 * 24 * 60))
    severity = rng.choices(list(Severity), (60, 25, 12, 3))[0]
    return Case(
        f"uuid:{number:08}", rng.choice(("birth", "pregnancy")), language, opened_at, severity,
        weight=rng.uniform(1, 20), area=rng.choice(AREAS),
    )  # fmt: skip


def stood(case: Case, rng: random.Random) -> Case:
    """Let one of a hundred have been left to seniors, one be held, one wait for its reporter."""
    drawn = rng.random()
    if drawn < 0.01:
        return replace(case, escalated=True)
    if drawn < 0.02:
        return replace(case, claimed_by=HOLDER, claimed_until=NOW + timedelta(minutes=10))
    return replace(case, state="asked") if drawn < 0.03 else case


def flags_of(case: Case, rng: random.Random) -> list[tuple[str, str]]:
    """Draw what is doubted: one doubt that half the cases have, and one that one in 500 has."""
    names = [name for name, share in FLAGS.items() if rng.random() < share] or ["personal"]
    return [(case.instance_id, name) for name in names]


async def fill(store: Store, number: int) -> None:
    """Open so many cases, and decide half as many others."""
    await _fill(store, number, "", stood)
    await _fill(store, number // 2, "d", _decided)
    await _look_over(store)


def _decided(case: Case, rng: random.Random) -> Case:
    decided_at = NOW - timedelta(minutes=rng.randrange(60 * 24 * 60))
    by, appealed = ModeratorId(rng.randrange(1, 30)), rng.random() < 0.01
    return replace(case, state="decided", outcome="approved", decided_by=by,
                   decided_at=decided_at, appealed=appealed)  # fmt: skip


async def _look_over(store: Store) -> None:
    """Let the database count what it has, as both do by themselves in time."""
    async with store.unit() as unit:
        await unit.run("ANALYZE")


async def _fill(
    store: Store, number: int, prefix: str, stand: Callable[[Case, random.Random], Case]
) -> None:
    rng, rules = random.Random(1), Rules()  # noqa: S311 - made-up cases.
    for start in range(0, number, 5_000):
        plain = [case_of(one, rng) for one in range(start, min(start + 5_000, number))]
        named = (replace(one, instance_id=f"{one.instance_id}{prefix}") for one in plain)
        made = [stand(one, rng) for one in named]
        async with store.unit() as unit:
            rows = [(case.instance_id, to_kept(case.opened_at)) for case in made]
            await unit.run_many(REPORT, rows)
            values = [(one.instance_id, "mch", *cases.values_of(one, look_by(one, rules)))
                      for one in made]  # fmt: skip
            await unit.run_many(cases.OPEN.replace("RETURNING instance_id", ""), values)
            doubts_ = [flag for case in made for flag in flags_of(case, rng)]
            await unit.run_many(FLAG, doubts_)


async def lists(store: Store, pages: int) -> None:
    """Time the first page of each list of the console."""
    few = Served(frozenset({FEW}), frozenset({AREAS[7]}), by=HOLDER)
    own = store.reporter("mch", 5)
    for name, (served, filters, after) in LOOKS.items():
        async with store.reading() as reading:
            whose = few if served else Served(by=HOLDER)
            took = await timed(
                pages,
                lambda reading=reading, whose=whose, filters=filters, after=after: case_lists.page(  # type: ignore[misc]
                    reading, "mch", whose, own, filters, NOW, after
                ),
            )
        print(f"  console: {name:28} {took}")  # noqa: T201


LOOKS: dict[str, tuple[bool, Filters, tuple[int, str] | None]] = {
    "the first page": (False, Filters(), None),
    "from the middle": (False, Filters(), (to_kept(NOW - timedelta(days=20)), "")),
    "a form": (False, Filters(form="birth"), None),
    "an area": (False, Filters(area=AREAS[3]), None),
    "a language that few speak": (False, Filters(language=FEW), None),
    "urgent": (False, Filters(severity=4), None),
    "a doubt of every second": (False, Filters(flag="personal"), None),
    "a doubt of one in 500": (False, Filters(flag="outside"), None),
    "a doubt that nobody has": (False, Filters(flag="nothing"), None),
    "mine": (False, Filters(mine=True), None),
    "left to seniors": (False, Filters(apart=True), None),
    "rare by all of it": (
        False, Filters("waiting", "birth", AREAS[3], FEW, 4, "outside", apart=True), None,
    ),
    "one area, one language served": (True, Filters(), None),
    "asked": (False, Filters("asked"), None),
    "decided": (False, Filters("decided"), None),
    "decided, a rare doubt": (False, Filters("decided", flag="outside"), None),
    "decided, mine": (False, Filters("decided", mine=True), None),
    "decided, objected to": (False, Filters("decided", apart=True), None),
}  # fmt: skip


async def timed(pages: int, ask: Callable[[], Awaitable[object]]) -> str:
    """Say how many milliseconds several asks took, and those of this process's processor each."""
    took, worked = [], process_time()
    for _ in range(pages):
        began = perf_counter()
        await ask()
        took.append((perf_counter() - began) * 1_000)
    cpu = (process_time() - worked) / pages * 1_000
    took.sort()
    middle, late = took[len(took) // 2], took[int(len(took) * 0.99)]
    return f"p50 {middle:6.1f} ms, p99 {late:6.1f} ms, processor {cpu:5.1f} ms"


async def queue(store: Store, pages: int) -> None:
    """Time pages of the queue."""
    rare = Served(frozenset({FEW}), frozenset({AREAS[7]}))
    async with store.reading() as reading:
        middle = (NOW - timedelta(days=20), "")
        looks: dict[str, tuple[Served, tuple[datetime, str] | None]] = {
            "the first page": (Served(), None),
            "from the middle": (Served(), middle),
            "one area, one language": (rare, None),
        }
        for name, (served, after) in looks.items():
            took = await timed(
                pages,
                lambda served=served, after=after: cases.queue(  # type: ignore[misc]
                    reading, "mch", served, NOW, PAGE, after
                ),
            )
            print(f"  {name:37} {took}")  # noqa: T201


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    """Open a fresh database."""
    await migrate(url)
    store = await open_store(url, KEY)
    try:
        yield store
    finally:
        await store.close()


def checks(reports: int) -> None:
    """Time the checks of one report."""
    form = form_with(flags=[])
    instance = Instance.begin(form, Surroundings(NOW, "sw", "seed", "uuid:1", NOW))
    instance.answer("/data/age", "31")
    instance.answer("/data/facility", "Kliniki ya Narok, mama na mtoto wako salama")
    own = given(instance)
    answers = tuple(own[number % len(own)] for number in range(60))
    rng = random.Random(1)  # noqa: S311 - made-up figures.
    figures = [rng.gauss(30, 8) for _ in range(300)]
    near = [
        Neighbour(f"uuid:{n}", NOW - timedelta(hours=n), (-1.29, 36.82), {"/data/age": "31"})
        for n in range(25)
    ]
    facts = Facts(
        answers, "sw", NOW, NOW - timedelta(minutes=4), ("en",),
        history={"/data/age": figures}, neighbours=near,
    )  # fmt: skip
    began = process_time()
    for _ in range(reports):
        doubts(facts)
    print(f"checks: {(process_time() - began) / reports * 1_000:.2f} ms of the processor a report")  # noqa: T201


async def measure(name: str, url: str, number: int, pages: int) -> None:
    """Print the figures of one database."""
    async with opened(url) as store:
        await fill(store, number)
        print(f"{name}, {number:,} open cases")  # noqa: T201
        await queue(store, pages)
        await lists(store, pages)


async def main(number: int, pages: int) -> None:
    """Print all figures."""
    checks(300)
    with TemporaryDirectory() as folder:
        await measure("SQLite", f"sqlite:///{folder}/baraza.db", number, pages)
    with server_of(PACKAGED) as server:
        await measure("PostgreSQL", await empty_database(server), number, pages)


def arguments(given_: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=300)
    return parser.parse_args(given_)


if __name__ == "__main__":
    asked = arguments()
    asyncio.run(main(asked.cases, asked.pages))
