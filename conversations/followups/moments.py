"""A day or a moment of a sheet as one at which a person may be written to, by their own clock.

A day begins where the hours allowed do; what waits for them is spread, as `courtesy` says. Nothing
is planned further ahead than `YEARS_AHEAD`, nor for a time so long ago that it would confuse.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from conversations.courtesy import Courtesy, Hours, allowed_from, is_stale, moment_of, wall_of
from conversations.sheets.followups import Window

YEARS_AHEAD: Final = 101
"""A century may pass until a case is time-barred; what lies beyond is a slip of the pen."""

When: TypeAlias = "date | datetime"


@dataclass(frozen=True, slots=True)
class Slot:
    """When something is due: the moment in UTC, and the wall time in a zone that it came of."""

    due_at: datetime
    zone: str
    wall: str


@dataclass(frozen=True, slots=True)
class Clock:
    """How a person may be written to: their zone, and the programme's courtesy."""

    zone: ZoneInfo
    courtesy: Courtesy = field(default_factory=Courtesy)

    def slot(self, when: When, now: datetime, window: Window | None, seed: str) -> Slot | None:
        """Return when something that falls on a day or moment is due; None for too early or late.

        What is a little late is due at once, that is, in the next hours allowed.
        """
        wall = self._wall(when, window)
        if wall is None or not now.year - 1 <= wall.year <= now.year + YEARS_AHEAD:
            return None
        moment = moment_of(wall, self.zone)
        if moment < now and is_stale(moment, now, self.courtesy):
            return None
        due_at = self.allowed(max(moment, now), window, seed)
        return Slot(due_at, self.zone.key, wall.isoformat(timespec="minutes"))

    def allowed(self, moment: datetime, window: Window | None, seed: str) -> datetime:
        """Return the first moment from then on at which the person may be written to."""
        hours = self.courtesy.hours
        others = (Hours(window.begins, window.ends),) if window else ()
        narrow = (*others, hours)
        return allowed_from(moment, self.zone, *narrow, seed=seed)

    def _wall(self, when: When, window: Window | None) -> datetime | None:
        """Return the wall time; a day's is just before its hours begin, so that it is spread."""
        if isinstance(when, datetime):
            try:
                return wall_of(when, self.zone)
            except OverflowError:
                return None
        begins = window.begins if window else self.courtesy.hours.begins
        begin = datetime.combine(when, begins)
        return begin - ONE_MINUTE if begins > time(0) else begin


ONE_MINUTE: Final = timedelta(minutes=1)


def written(when: When) -> str:
    """Write a day or a moment so that `read` gives it back."""
    return when.isoformat()


def read(text: str) -> When:
    """Read what `written` wrote; a moment comes back in UTC."""
    if "T" not in text:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(UTC)


def moved_to(wall: str, zone: ZoneInfo) -> datetime:
    """Return the moment of a wall time that was kept, in another zone."""
    return moment_of(datetime.fromisoformat(wall), zone)
