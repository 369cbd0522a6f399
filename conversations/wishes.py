"""What a person wishes about being asked: nothing for a while, never more, at their own hours.

A time zone is found by the time on the person's clock or by a large town's name. A time says only
how far from UTC they are; where the programme's own zone fits, they are in that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from conversations.courtesy import wall_of, zone_of
from conversations.phrases import Phrase, phrase
from conversations.replies import Block, KeepPause, KeepZone, Reply, Send
from conversations.scene import Scene

PAUSE_DAYS: Final = 7
PAUSE_DAYS_MAX: Final = 365


ALIKE_MINUTES: Final = 7
"""Zones differ by quarters of an hour; clocks of people are wrong by less."""

EARLY_AFTERNOON: Final = 13 * 60
"""Of two times that may be meant, people more likely write at the one nearer to this."""

Wish: TypeAlias = Callable[[Scene, str], tuple[Reply, ...]]


def pause(scene: Scene, argument: str) -> tuple[Reply, ...]:
    """Ask nothing for a week, or for as many days as are named; 0 ends the pause."""
    number = scene.locale.read_number(argument) if argument.strip() else PAUSE_DAYS
    if number is None or not 0 <= number <= PAUSE_DAYS_MAX or number != int(number):
        # Translators: /pause is a command and stays as it is.
        return _said(phrase("Write the days, such as /pause 14. /pause 0 ends a pause."))
    days = int(number)
    if days == 0:
        # Translators: after /pause 0, or after a pause or /stop is taken back.
        told = phrase("All right, I may ask you again when the time has come.")
        return (KeepPause(0), *_said(told))
    until = (scene.now + timedelta(days=days)).date()
    # Translators: {day} is a date; /pause 0 is a command and stays as it is.
    told = phrase(
        "All right, I ask you nothing by myself until {day}. /pause 0 ends that.", day=until
    )
    return (KeepPause(days), *_said(told))


def stop(_scene: Scene, _argument: str) -> tuple[Reply, ...]:
    """Never write unasked again."""
    # Translators: after /stop; both commands stay as they are.
    told = phrase(
        "All right, I do not write to you by myself any more. What you told us is kept, and /start "
        "still works. If you change your mind, send /pause 0."
    )
    return (KeepPause(None), *_said(told))


def time(scene: Scene, argument: str) -> tuple[Reply, ...]:
    """Say what time it seems to be where the person is, or learn it."""
    if not argument.strip():
        return _said(_by_my_clock(scene, scene.person.zone))
    zone = _town(argument) or _by_clock(scene, argument)
    if zone is None:
        # Translators: the person named a town or a time that I do not know; /time stays as it is.
        told = phrase(
            "I do not know that. Write the time on your clock, such as /time 14:30, or a large "
            "town, such as /time Lagos."
        )
        return _said(told)
    return (KeepZone(zone), *_said(_by_my_clock(scene, zone)))


WISHES: Final[Mapping[str, Wish]] = {"pause": pause, "stop": stop, "time": time}
"""What each command of these does."""


def _by_my_clock(scene: Scene, zone: str) -> Phrase:
    moment = scene.occasion.now.astimezone(zone_of(zone, scene.programme.zone))
    # Translators: {time} is a time of day; /time is a command and stays as it is.
    return phrase(
        "I take it that it is {time} where you are, and write to you only by day. If that is not "
        "right, send the time on your clock, such as /time 14:30, or a large town, such as /time "
        "Lagos.",
        time=moment.time().replace(second=0, microsecond=0),
    )


def _said(told: Phrase) -> tuple[Reply, ...]:
    return (Send((Block(told),)),)


# Which zone


def _town(written: str) -> str | None:
    wanted = "_".join(written.strip().lower().split())
    return _towns().get(wanted)


@cache
def _towns() -> Mapping[str, str]:
    names = sorted(name for name in available_timezones() if "/" in name)
    own = (name for name in names if not name.startswith(("Etc/", "posix/", "right/", "SystemV/")))
    return {name.rpartition("/")[2].lower(): name for name in own}


def _by_clock(scene: Scene, written: str) -> str | None:
    """Find a zone in which the clock shows a time now; the programme's where that does."""
    read = [one.hour * 60 + one.minute for one in scene.locale.read_times(written)]
    if not read:
        return None
    now, minutes = scene.occasion.now, min(read, key=lambda one: abs(one - EARLY_AFTERNOON))
    if any(_shows(now, scene.programme.zone, one) for one in read):
        return scene.programme.zone.key
    return next((name for name in _candidates() if _shows(now, ZoneInfo(name), minutes)), None)


def _shows(now: datetime, zone: ZoneInfo, minutes: int) -> bool:
    wall = wall_of(now, zone)
    apart = abs(wall.hour * 60 + wall.minute - minutes)
    return min(apart, 24 * 60 - apart) <= ALIKE_MINUTES


def _candidates() -> Iterator[str]:
    """List zones without summer time first, as whole hours, then all that people live in."""
    yield from (f"Etc/GMT{hours:+d}" for hours in range(-14, 13) if hours)
    yield "Etc/UTC"
    yield from sorted(_towns().values())
