"""How long a process has seen the store answer: only then is a lease that ran out its owner's end.

While the store is away nobody can renew a lease, so at the end of an outage those of the living are
over, too, and what they have sent is not noted yet. The same holds after a moment in which the
whole machine stood still. Whoever looks first after that would send everything a second time. So a
lease that ran out is taken over only by a process that has seen the store answer for as long as a
lease lasts: a holder that lives has renewed it by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class Vigil:
    """Looks at the store, one after the other; `since` is the first one in a row, None if none."""

    since: datetime | None = None
    _last: datetime | None = None

    def answered(self, now: datetime, pause_seconds_max: float) -> None:
        """Note that the store has answered; after a longer pause than that the row begins anew."""
        if self._last is None or now - self._last > timedelta(seconds=pause_seconds_max):
            self.since = now
        self._last = now

    def broken_off(self) -> None:
        """Note that the store did not answer."""
        self.since = self._last = None

    def lasts(self, now: datetime, seconds: float) -> bool:
        """Tell whether the store has answered for so many seconds."""
        return self.since is not None and now - self.since >= timedelta(seconds=seconds)
