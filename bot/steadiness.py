"""A clock that jumps: nothing is asked, dropped or forgotten by it until it is known to be right.

A wrong clock for one minute would otherwise drop a month of questions as too late, or erase what
retention keeps for years. So the clock on the wall is compared with the one that only counts
seconds. While both go together, within `PARTS_MAX`, all is well. When they part, work that a moment
decides is held: until the clock comes back to where it was, until it has gone on steadily for
`STEADY_FOR` (then it is believed), or until the operator says that it is right (`baraza clock
--right`). People are answered all the while, and calls for help go out.

At a start there is nothing to compare with but the last sign of life, which is not given while work
is held: a clock that is behind it, or more than `AWAY_MAX` ahead, is not believed either.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot import metrics
from storage import clocks, heartbeat
from storage.clocks import HeldClock
from storage.store import Store

log = logging.getLogger(__name__)

PARTS_MAX: Final = timedelta(minutes=5)
"""Far more than a time service corrects at once, far less than anything here is too late by."""

STEADY_FOR: Final = timedelta(hours=1)
"""So long a clock goes on after a jump before it is believed."""

AWAY_MAX: Final = timedelta(days=30)
"""A bot that was away for longer is rare, and a clock that says so more likely wrong."""

HELD_AWAY_MAX: Final = timedelta(hours=1)
"""The same for a bot that ended while work was held: its clock was in doubt already."""


class ClockUnsteadyError(Exception):
    """The clock jumped; what depends on it is left for later."""


@dataclass(frozen=True, slots=True)
class _Span:
    """Between which seconds the two clocks may differ where nothing is wrong."""

    low: float
    high: float

    def __contains__(self, seconds: float) -> bool:
        return self.low <= seconds <= self.high

    def parted(self, seconds: float) -> timedelta:
        """Say by how much a clock went away from the last it was known to show."""
        return timedelta(seconds=round(seconds - self.low)) - PARTS_MAX


@dataclass(frozen=True, slots=True)
class _Held:
    """A jump: when it was noticed, by the seconds that only count, and where it led."""

    at: float
    apart: float
    told: HeldClock


_ANYTHING: Final = _Span(float("-inf"), float("inf"))


def _around(seconds: float) -> _Span:
    parts = PARTS_MAX.total_seconds()
    return _Span(seconds - parts, seconds + parts)


def said(held: HeldClock) -> str:
    """Say what holds work.

    >>> from datetime import UTC
    >>> said(HeldClock(datetime(2026, 12, 27, 4, 0, tzinfo=UTC), timedelta(days=30)))
    'jumped by 30 days, 0:00:00 to 2026-12-27 04:00 UTC'
    """
    return f"jumped by {held.by} to {held.since:%Y-%m-%d %H:%M} UTC"


@dataclass(slots=True, eq=False)
class Steadiness:
    """Whether this process believes its clock; `seconds` only ever counts on.

    Without `seconds` the clock is one that is moved on purpose, and always believed.
    """

    store: Store
    clock: Callable[[], datetime]
    seconds: Callable[[], float] | None
    _span: _Span | None = None
    _held: _Held | None = None
    _kept: _Held | None = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    def is_steady(self) -> bool:
        """Tell whether the clock may be believed just now; not before the first `look`."""
        if self.seconds is None:
            return True
        if self._span is None:
            return False
        wall, seconds = self.clock(), self.seconds()
        apart = wall.timestamp() - seconds
        if apart in self._span:
            if self._held is not None:
                log.warning("The clock goes as it did before it jumped; work goes on")
            return self._believe(apart)
        return self._doubt(self._span, wall, seconds, apart)

    def told(self) -> str:
        """Say why work is held; blank where it is not."""
        return "" if self._held is None else said(self._held.told)

    def now(self) -> datetime:
        """Return the time for what a wrong clock would spoil; raise `ClockUnsteadyError`."""
        if not self.is_steady():
            raise ClockUnsteadyError
        return self.clock()

    async def look(self) -> bool:
        """Do as `is_steady`, and tell others what is held; hear whether the clock is said right."""
        if self.seconds is None:
            return True
        async with self._looking:
            if self._span is None:
                await self._begin(self.seconds())
            self.is_steady()
            if self._held is not self._kept:
                await self._keep()
            elif self._held is not None and await self._is_confirmed(self._held):
                log.warning("The clock is said to be right; work goes on")
                self._believe(self._held.apart)
                await self._keep()
            return self.is_steady()

    def _believe(self, apart: float) -> bool:
        self._span, self._held = _around(apart), None
        metrics.CLOCK_HELD.set(0)
        return True

    def _doubt(self, span: _Span, wall: datetime, seconds: float, apart: float) -> bool:
        """Hold what depends on the clock, unless it went on steadily for long enough."""
        held = self._held
        if held is None or apart not in _around(held.apart):
            told = HeldClock(wall, span.parted(apart))
            log.error(
                "The clock jumped by %s, or is wrong: nothing is asked, dropped or forgotten until "
                "it has been steady for %s, or `baraza clock --right` says that it is right",
                *(told.by, STEADY_FOR),
            )
            metrics.CLOCK_JUMPS.inc()
            metrics.CLOCK_HELD.set(1)
            self._held = _Held(seconds, apart, told)
            return False
        if seconds - held.at < STEADY_FOR.total_seconds():
            return False
        log.warning("The clock has been steady for %s and is believed; work goes on", STEADY_FOR)
        return self._believe(apart)

    async def _begin(self, seconds: float) -> None:
        """Learn from the last sign of life what the clock can show."""
        async with self.store.reading() as reading:
            last = await heartbeat.last_beat(reading)
            doubted = await clocks.held(reading) is not None
        if last is None:
            self._span = _ANYTHING
            return
        at = last.timestamp()
        away = HELD_AWAY_MAX if doubted else AWAY_MAX
        low, high = at - PARTS_MAX.total_seconds(), at + away.total_seconds()
        self._span = _Span(low - seconds, high - seconds)
        if doubted and self.is_steady():
            await self._keep()

    async def _keep(self) -> None:
        held = self._held
        async with self.store.unit() as unit:
            if held is None:
                await clocks.let_go(unit)
                await clocks.mend(unit, self.clock())
            else:
                await clocks.hold(unit, held.told)
        self._kept = held

    async def _is_confirmed(self, held: _Held) -> bool:
        """Tell whether somebody said since the jump, by this very clock, that it is right."""
        async with self.store.reading() as reading:
            said = await clocks.confirmed_at(reading)
            told = await clocks.held(reading)
        if told is None:  # Another process, whose clock is another, has its own opinion.
            self._held = self._kept = replace(held)
            await self._keep()
        return said is not None and held.told.since <= said <= self.clock() + PARTS_MAX
