"""When it is right to write to somebody unasked: by their own clock, seldom, and never at night.

Rules. A wall time is what a person means; the moment is worked out from it in their zone each time,
so it holds over the change of clocks. A wall time that a clock skips happens when the clock goes on
(02:30 in a gap from 2 to 3 is 03:30), one that happens twice counts the first time. What falls
outside of the hours allowed waits for their beginning, spread over a while, so that a thousand
people are not written to in one second. Whoever was asked enough for a day or a week is left in
peace.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)

SPREAD_MINUTES: Final = 45
"""Over so long is spread what waited for the hours to begin."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a day in which somebody may be written to; they may go over midnight.

    `begins` is the first moment allowed, `ends` the first that is not. The same twice: all day.
    """

    begins: time
    ends: time

    def __contains__(self, wall: time) -> bool:
        """Tell whether a time of day is allowed.

        >>> time(22) in Hours(time(18), time(2)), time(7) in Hours(time(8), time(20))
        (True, False)
        """
        if self.begins < self.ends:
            return self.begins <= wall < self.ends
        return wall >= self.begins or wall < self.ends


ALL_DAY: Final = Hours(time(0), time(0))


@dataclass(frozen=True, slots=True)
class Courtesy:
    """How a programme writes to people unasked.

    `hours` are those allowed; `per_day` and `per_week` is how often one person is asked at most,
    over all forms. What is more than `stale_days` late is dropped: it would only confuse.
    A report that is begun and not sent is brought to mind `remind_hours` after the last answer, and
    ends after `expire_days` (0: never): it is handed in as far as it goes, or thrown away.
    """

    hours: Hours = Hours(time(8), time(20))
    per_day: int = 2
    per_week: int = 5
    stale_days: int = 7
    remind_hours: tuple[int, ...] = (24,)
    expire_days: int = 0
    hand_in: bool = False


def zone_of(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    """Return the zone of an IANA name; another where the name is blank or not known.

    >>> zone_of("Africa/Nairobi", ZoneInfo("UTC")).key, zone_of("Mars/Olympus", ZoneInfo("UTC")).key
    ('Africa/Nairobi', 'UTC')
    """
    return ZoneInfo(name) if name in _ZONES else otherwise


def moment_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, of a wall time (without a zone) in a zone.

    >>> moment_of(datetime(2026, 3, 29, 2, 30), ZoneInfo("Europe/Berlin")).isoformat()
    '2026-03-29T01:30:00+00:00'
    """
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def wall_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what the clock on the wall shows at a moment in a zone; without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def allowed_from(
    moment: datetime, zone: ZoneInfo, hours: Hours, *others: Hours, seed: str = ""
) -> datetime:
    """Return the first moment, not before `moment`, that all hours allow in a zone.

    Where it has to wait, `seed` (what it is about) spreads it over `SPREAD_MINUTES`, always to the
    same minute. Hours that leave no moment in common do as if the first alone counted.
    """
    wanted = (hours, *others)
    if _allows(wanted, moment, zone):
        return moment
    begin = _next_begin(moment, zone, wanted)
    if begin is None:
        return allowed_from(moment, zone, hours, seed=seed)
    later = begin + timedelta(seconds=_drawn(seed, SPREAD_MINUTES * 60))
    return later if _allows(wanted, later, zone) else begin


def wait_for_room(
    now: datetime, asked_at: tuple[datetime, ...], courtesy: Courtesy
) -> datetime | None:
    """Return when a person has room for one more question; None where they have it now.

    `asked_at` are the moments at which they were asked, those of the last week at least.
    """
    until = [
        sorted(recent)[-most] + span
        for span, most in ((DAY, courtesy.per_day), (WEEK, courtesy.per_week))
        if len(recent := [at for at in asked_at if now - span < at <= now]) >= most
    ]
    return max(until, default=None)


def is_stale(due_at: datetime, now: datetime, courtesy: Courtesy) -> bool:
    """Tell whether something is so late that it would only confuse."""
    return now - due_at > timedelta(days=courtesy.stale_days)


_ZONES: Final = frozenset(available_timezones())


def _allows(wanted: tuple[Hours, ...], moment: datetime, zone: ZoneInfo) -> bool:
    wall = wall_of(moment, zone).time()
    return all(wall in hours for hours in wanted)


def _next_begin(moment: datetime, zone: ZoneInfo, wanted: tuple[Hours, ...]) -> datetime | None:
    """Return the next moment at which some hours begin and all of them hold."""
    today = wall_of(moment, zone).date()
    begins = (
        moment_of(datetime.combine(today + timedelta(days=days), hours.begins), zone)
        for days in range(3)
        for hours in wanted
    )
    fitting = [at for at in begins if at >= moment and _allows(wanted, at, zone)]
    return min(fitting, default=None)


def _drawn(seed: str, below: int) -> int:
    """Draw a number that is always the same for the same seed."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big") % below if seed else 0
