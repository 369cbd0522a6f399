"""When a campaign shall go, as a coordinator writes it in their own language."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from conversations.courtesy import moment_of
from conversations.phrases import Locale, Phrase, phrase
from conversations.readings import DayReading, Days

AHEAD_DAYS_MAX: Final = 366


def moment_written(text: str, locale: Locale, zone: ZoneInfo, now: datetime) -> datetime | Phrase:
    """Read a day and a time, or a time of today; say what is wrong where it cannot be that."""
    found = [
        moment_of(wall, zone)
        for wall in _walls(text, locale, now.astimezone(zone).replace(tzinfo=None))
    ]
    ahead = [moment for moment in found if moment > now]
    if ahead:
        at = min(ahead)
        return at if (at - now).days < AHEAD_DAYS_MAX else _too_far()
    if found:
        # Translators: a coordinator wrote when a message shall be sent, and that is over.
        return phrase("That is in the past. Please write a time to come.")
    example = now.astimezone(zone).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    # Translators: why an answer was refused; {example} is a day with a time.
    return phrase("Please write the day and the time, for example: {example}", example=example)


def _too_far() -> Phrase:
    # Translators: a coordinator wrote when a message shall be sent.
    return phrase("That is more than a year ahead. Please write a day before that.")


def _walls(text: str, locale: Locale, today: datetime) -> list[datetime]:
    """Return the wall times that a text can mean, wherever the space between day and time is."""
    words = text.split()
    for split in range(1, len(words)):
        first, last = " ".join(words[:split]).rstrip(","), " ".join(words[split:])
        for day, clock in ((first, last), (last, first)):
            days, times = locale.read_days(day, today.date()), locale.read_times(clock)
            if days and times:
                return [datetime.combine(one, at) for one in _days(days) for at in times]
    return [datetime.combine(today.date(), one) for one in locale.read_times(text)]


def _days(reading: DayReading) -> tuple[date, ...]:
    return (*reading.days, *reading.others) if isinstance(reading, Days) else ()
