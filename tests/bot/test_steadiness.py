"""A clock that jumps while the bot runs: what it decides waits until it is believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from starlette.requests import Request

from bot.coming import Coming
from bot.health import Health
from bot.metrics import exposition
from bot.steadiness import PARTS_MAX, STEADY_FOR, ClockUnsteadyError, Steadiness
from bot.telegram.client import Telegram
from storage import clocks, due, heartbeat, leases, outbox
from storage.due import Planned
from storage.outbox import Call
from tests.followups.amina import AMINA, LATER, became
from tests.followups.year import BEGINNING, Year

MONTH = timedelta(days=31)
SOON = timedelta(seconds=5)


@dataclass
class Machine:
    """A machine with a clock on the wall, and one that only counts; the year goes by the first."""

    year: Year
    seconds: float = 1_000.0
    steady: Steadiness = field(init=False)

    def __post_init__(self) -> None:
        """Start."""
        self.start()

    def start(self) -> None:
        """Start a process that knows nothing yet."""
        self.steady = Steadiness(self.year.store, lambda: self.year.now, lambda: self.seconds)

    def jump(self, by: timedelta) -> None:
        """Move the clock on the wall alone."""
        self.year.now += by

    def pass_by(self, time: timedelta) -> None:
        """Let time pass."""
        self.year.now += time
        self.seconds += time.total_seconds()

    async def beat(self) -> None:
        """Give a sign of life, as the chores do."""
        async with self.year.store.unit() as unit:
            await heartbeat.beat(unit, self.steady.now())

    async def look(self) -> int:
        """Do as each process does every few seconds; return how much was sent."""
        self.pass_by(SOON)
        await self.steady.look()
        await Coming(self.year.dispatch, "one", is_steady=self.steady.is_steady).round()
        sent = await self.year._sent()  # noqa: SLF001
        return sum(map(len, sent.values()))


@pytest.fixture
async def machine(year: Year) -> Machine:
    """Lend a machine whose clock was right until now."""
    made = Machine(year)
    await made.look()
    await made.beat()
    return made


async def test_a_wrong_clock_for_a_minute(machine: Machine) -> None:
    """A clock that is months ahead for a minute drops nothing, and asks nothing early."""
    machine.jump(2 * MONTH)
    assert await machine.look() == 0
    assert await became(machine.year) == [("waiting", "")]
    machine.pass_by(timedelta(minutes=1))
    machine.jump(-2 * MONTH)
    assert await machine.look() == 0
    assert machine.steady.is_steady()
    machine.pass_by(LATER - machine.year.now)
    assert await machine.look() == 1
    assert await became(machine.year) == [("asked", "")]


async def test_in_the_middle_of_a_round(machine: Machine) -> None:
    """What was claimed before the clock jumped is not dropped after it."""
    machine.pass_by(LATER - machine.year.now)
    steady = machine.steady
    await steady.look()
    said = iter([True])

    def jumps_after_the_claim() -> bool:
        if next(said, False):
            return True
        machine.jump(MONTH) if steady.is_steady() else None
        return steady.is_steady()

    await Coming(machine.year.dispatch, "one", is_steady=jumps_after_the_claim).round()
    assert await became(machine.year) == [("waiting", "")]


async def test_a_clock_that_goes_on_is_believed(machine: Machine) -> None:
    """A clock that has been steady for an hour after its jump is believed."""
    machine.jump(LATER - machine.year.now)
    assert await machine.look() == 0
    machine.pass_by(STEADY_FOR - 2 * SOON)
    assert await machine.look() == 0
    machine.pass_by(SOON)
    assert await machine.look() == 1


async def test_a_second_jump_begins_the_wait_anew(machine: Machine) -> None:
    """A clock that jumps about is not steady."""
    machine.jump(LATER - machine.year.now)
    await machine.look()
    machine.pass_by(STEADY_FOR - 2 * SOON)
    machine.jump(timedelta(hours=1))
    await machine.look()
    machine.pass_by(2 * SOON)
    assert await machine.look() == 0


async def test_the_operator_says_it_is_right(machine: Machine) -> None:
    """Who knows that the clock is right need not wait."""
    machine.jump(LATER - machine.year.now)
    await machine.look()
    async with machine.year.store.unit() as unit:
        assert await clocks.held(unit) is not None
        await clocks.confirm(unit, machine.year.now)
    assert await machine.look() == 1
    async with machine.year.store.reading() as reading:
        assert await clocks.held(reading) is None


async def test_what_was_said_of_an_earlier_jump(machine: Machine) -> None:
    """That the clock was right once says nothing about its next jump."""
    async with machine.year.store.unit() as unit:
        await clocks.confirm(unit, machine.year.now)
    machine.jump(LATER - machine.year.now)
    assert await machine.look() == 0
    assert await machine.look() == 0


@pytest.mark.parametrize("by", [PARTS_MAX / 2, -PARTS_MAX / 2, timedelta(0)])
async def test_a_time_service_that_corrects(machine: Machine, by: timedelta) -> None:
    """Small corrections, again and again, are no jump."""
    for _ in range(10):
        machine.jump(by)
        machine.pass_by(SOON)
        assert await machine.steady.look()


async def test_a_clock_that_jumps_back_and_on(machine: Machine) -> None:
    """Nothing is asked again when a clock goes back, nor when it comes on again."""
    machine.pass_by(LATER - machine.year.now)
    assert await machine.look() == 1
    machine.jump(-MONTH)
    assert await machine.look() == 0
    machine.pass_by(STEADY_FOR)
    assert [await machine.look(), machine.steady.is_steady()] == [0, True]
    machine.jump(MONTH)
    assert await machine.look() == 0
    assert await became(machine.year) == [("asked", "")]


async def test_a_start_while_the_clock_is_wrong(machine: Machine) -> None:
    """A process that is started anew while work is held does not believe the clock either."""
    machine.jump(timedelta(days=9))
    await machine.look()
    machine.start()
    assert await machine.look() == 0
    assert not machine.steady.is_steady()
    machine.jump(-timedelta(days=9))
    machine.start()
    await machine.look()
    assert machine.steady.is_steady()
    async with machine.year.store.reading() as reading:
        assert await clocks.held(reading) is None


@pytest.mark.parametrize(
    ("away", "steady"),
    [(timedelta(days=8), True), (timedelta(days=400), False), (-timedelta(days=3), False)],
)
async def test_a_start_after_a_time_away(
    machine: Machine, away: timedelta, *, steady: bool
) -> None:
    """A week away is believed at once; a year, or a sign of life in the future, only later."""
    machine.jump(away)
    machine.start()
    await machine.look()
    assert machine.steady.is_steady() is steady


async def alarm(year: Year) -> None:
    """Plan that people are called, now."""
    programme = year.dispatch.programme.name
    async with year.store.unit() as unit:
        (row, *_) = await due.of_reporter(unit, year.store.reporter(programme, AMINA), "waiting", 1)
        subject = row.planned.subject
        about = (programme, row.planned.reporter, "alarm", "danger", subject)
        body = {"flag": "danger", "about": {}}
        await due.plan(unit, [Planned(*about, year.now, "UTC", "", "alarm:1", 0, body, subject)])


async def test_calls_for_help_go_out(machine: Machine) -> None:
    """An alarm is called out while all else is held, and again in time when the clock is back."""
    machine.jump(MONTH)
    await machine.look()
    await alarm(machine.year)
    await machine.look()
    async with machine.year.store.reading() as reading:
        called = await due.by_dedupe(reading, "alarm:1")
    assert called is not None
    assert called.planned.body["calls"] == 1
    machine.jump(-MONTH)
    await machine.look()
    async with machine.year.store.reading() as reading:
        called = await due.by_dedupe(reading, "alarm:1")
    assert called is not None
    assert called.planned.body["calls"] == 2
    assert await became(machine.year) == [("waiting", "")]


async def test_nothing_waits_for_a_day_that_never_was(machine: Machine) -> None:
    """Replies put while the clock was ahead go out, and nobody holds a right for weeks."""
    store = machine.year.store
    machine.jump(MONTH)
    await machine.look()
    async with store.unit() as unit:
        (contact,) = await unit.rows("SELECT id FROM contacts")
        await outbox.put(
            unit, contact["id"], [Call("sendMessage", {"text": "x"})], machine.year.now
        )
        assert await leases.take(unit, leases.CHORES, "the dead", machine.year.now, 90)
    machine.jump(-MONTH)
    await machine.steady.look()
    async with store.unit() as unit:
        assert await outbox.claim(unit, "one", machine.year.now, 10, 10)
        assert await leases.take(unit, leases.CHORES, "another", machine.year.now, 90)


async def test_it_is_told(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    """The log, /healthz and the figures say that the clock jumped, and by how much."""
    health = Health(
        machine.year.store, Telegram("1:x", ""), lambda: machine.year.now, machine.steady.told
    )
    assert await clock_of(health) == "steady"
    machine.jump(MONTH)
    await machine.look()
    assert "jumped by 31 days" in await clock_of(health)
    assert "The clock jumped by 31 days" in caplog.text
    assert b"baraza_clock_held 1.0" in exposition()
    with pytest.raises(ClockUnsteadyError):
        machine.steady.now()
    machine.jump(-MONTH)
    await machine.look()
    assert b"baraza_clock_held 0.0" in exposition()


async def clock_of(health: Health) -> str:
    """Ask /healthz about the clock."""
    answer = await health.answer_health(Request({"type": "http", "headers": []}))
    return str(json.loads(bytes(answer.body))["clock"])


async def test_a_clock_that_is_moved_on_purpose(year: Year) -> None:
    """The simulator's clock is believed, wherever it goes."""
    clock: Callable[[], datetime] = lambda: year.now  # noqa: E731 - a clock.
    steady = Steadiness(year.store, clock, None)
    assert await steady.look()
    year.now = BEGINNING + 12 * MONTH
    assert steady.is_steady()
