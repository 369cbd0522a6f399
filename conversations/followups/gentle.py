"""Whether now is the time to write to somebody unasked; if not, when, or never.

In this order: whoever wants nothing more is left alone; what is too late is dropped, so that after
a week away there is no flood; a pause, the hours of the night, a form they are at, and enough for a
day or a week let it wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from conversations.courtesy import is_stale, wait_for_room
from conversations.followups.moments import Clock
from conversations.sheets.followups import Window

AT_WORK: Final = timedelta(minutes=30)
"""Whoever did something in a form so lately is in the middle of it."""


@dataclass(frozen=True, slots=True)
class Mood:
    """How a person stands to being written to.

    `asked_at` are the moments of the last week at which they were; `at_work` when they last did
    something in a form that is open, None where none is.
    """

    clock: Clock
    asked_at: tuple[datetime, ...] = ()
    paused_until: datetime | None = None
    stopped: bool = False
    at_work: datetime | None = None


@dataclass(frozen=True, slots=True)
class Now:
    """Write."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not before a moment, and why."""

    until: datetime
    why: Literal["paused", "night", "at a form", "asked enough"]


@dataclass(frozen=True, slots=True)
class Drop:
    """Never, and why."""

    why: Literal["stopped", "too late"]


Verdict: TypeAlias = "Now | Wait | Drop"


def verdict(
    due_at: datetime, now: datetime, mood: Mood, window: Window | None = None, seed: str = ""
) -> Verdict:
    """Say whether something that is due may be put to a person now."""
    clock = mood.clock
    if mood.stopped:
        return Drop("stopped")
    if is_stale(due_at, now, clock.courtesy):
        return Drop("too late")
    if mood.paused_until is not None and mood.paused_until > now:
        return Wait(mood.paused_until, "paused")
    allowed = clock.allowed(now, window, seed)
    if allowed > now:
        return Wait(allowed, "night")
    if mood.at_work is not None and mood.at_work <= now < mood.at_work + AT_WORK:
        return Wait(mood.at_work + AT_WORK, "at a form")
    room = wait_for_room(now, mood.asked_at, clock.courtesy)
    return Now() if room is None else Wait(max(room, now), "asked enough")
