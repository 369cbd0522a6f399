"""Times of day, and moments: a day with its time.

Now is one tap; a clock opens in place, first the hours and then the minutes; and everything can
be typed. The scratch says how far the person is: `t` the hours, `t14` the minutes after two, with
a day before them where a moment is asked (`t2026-03-14`, `t2026-03-14T14`); `?` the times or
moments that what was typed can mean; and for a moment whatever `dates` has for its day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time

from conversations.events import ButtonTapped, Event, TextWritten
from conversations.phrases import Phrase, Problem, Speech, phrase, verbatim
from conversations.questions.base import (
    Asked,
    Given,
    Kind,
    Offer,
    Reading,
    Rows,
    Scratched,
    rows_of,
)
from conversations.questions.calendars import month_place
from conversations.questions.dates import day_offer, moved, read_as_day
from conversations.readings import Days, NoSuchDay
from conversations.replies import Block, Button

HOURS = 24
HOURS_PER_ROW = 4
MINUTES = 60
MINUTES_STEP = 5
MINUTES_PER_ROW = 4
MOMENTS_OFFERED_MAX = 6

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CLOCK = re.compile(r"t(?P<day>\d{4}-\d\d-\d\d)?T?(?P<hour>\d\d)?(?P<minute>\d\d)?")

# The clock


def _clock_offer(asked: Asked) -> Offer | None:
    """Offer the hours, or the minutes of an hour, where the scratch says that these come next."""
    match = _CLOCK.fullmatch(asked.scratch)
    if match is None:
        return None
    day = _day_of(asked, match["day"])
    # Translators: above buttons with the times of a day; the day is said already.
    say = Block(phrase("At what time?"), "plain")
    if match["hour"] is None:
        return Offer((say,), _hours(asked, asked.scratch, day))
    return Offer((say,), _minutes(asked, asked.scratch, day, int(match["hour"])))


def _day_of(asked: Asked, day: str | None) -> date:
    return date.fromisoformat(day) if day else asked.now.date()


def _hours(asked: Asked, place: str, day: date) -> Rows:
    after_day = "T" if len(place) > 1 else ""
    buttons = (
        Button(_time_said(asked, time(hour)), f"{place}{after_day}{hour:02}")
        for hour in range(HOURS)
        if _fits(asked, day, time(hour)) or _fits(asked, day, time(hour, MINUTES - 1))
    )
    return rows_of(buttons, HOURS_PER_ROW)


def _minutes(asked: Asked, place: str, day: date, hour: int) -> Rows:
    times = (time(hour, minute) for minute in range(0, MINUTES, MINUTES_STEP))
    buttons = (
        Button(_time_said(asked, one), f"{place}{one.minute:02}")
        for one in times
        if _fits(asked, day, one)
    )
    return rows_of(buttons, MINUTES_PER_ROW)


def _time_said(asked: Asked, moment: time) -> Phrase:
    return verbatim("{time}", time=asked.locale.show_time(moment))


def _fits(asked: Asked, day: date, clock: time) -> bool:
    return asked.fits(_value(asked, datetime.combine(day, clock, asked.now.tzinfo)))


def _value(asked: Asked, moment: datetime) -> str:
    """Write a moment as the question wants it: XForms keeps the offset from UTC with both."""
    written = moment.isoformat(timespec="milliseconds")
    # A time alone does not know its offset: that of a zone depends on the day.
    return written.partition("T")[2] if asked.question.kind == "time" else written


def _tapped(asked: Asked, action: str) -> Reading:
    """Answer, or go on to the minutes."""
    match = _CLOCK.fullmatch(action)
    if match is None:
        moment = datetime.fromisoformat(action).replace(tzinfo=asked.now.tzinfo)
        return Given(_value(asked, moment))
    if match["minute"] is None:
        return Scratched(action)
    clock = time(int(match["hour"]), int(match["minute"]))
    day = _day_of(asked, match["day"])
    return Given(_value(asked, datetime.combine(day, clock, asked.now.tzinfo)))


def _this_minute(asked: Asked) -> datetime:
    return asked.now.replace(second=0, microsecond=0)


def _one_of(asked: Asked, moments: Iterable[datetime]) -> Given | Scratched:
    """Take the one moment the form takes; ask where it takes several."""
    listed = list(moments)
    fitting = [one for one in listed if asked.fits(_value(asked, one))] or listed[:1]
    if len(fitting) == 1:
        return Given(_value(asked, fitting[0]))
    stamps = (_stamp(one) for one in fitting[:MOMENTS_OFFERED_MAX])
    return Scratched("?" + ",".join(stamps))


def _stamp(moment: datetime) -> str:
    """Name a moment in an action; its zone is the programme's."""
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")


def _offered_moments(asked: Asked) -> Offer | None:
    """Offer the times or moments among which what was typed leaves the choice."""
    if not asked.scratch.startswith("?") or "T" not in asked.scratch:
        return None
    buttons = (Button(_moment_said(asked, stamp), stamp) for stamp in asked.scratch[1:].split(","))
    # Translators: what the person wrote can mean any of the times on the buttons below.
    return Offer((Block(phrase("Which time do you mean?")),), rows_of(buttons, 1))


def _moment_said(asked: Asked, stamp: str) -> Phrase:
    moment = datetime.fromisoformat(stamp)
    if asked.question.kind == "time":
        return _time_said(asked, moment.time())
    return verbatim("{moment}", moment=asked.locale.show_datetime(moment))


def _now_or(asked: Asked, example: str, other: Button) -> Offer:
    # Translators: {example} is a time of day, such as 14:30, or a day with a time.
    how = phrase("You can also write it, for example: {example}", example=example)
    moment = datetime.combine(asked.now.date(), _this_minute(asked).time(), asked.now.tzinfo)
    # Translators: a button that answers "At what time?" with the present moment.
    now = (Button(phrase("Now"), "now"),) if asked.fits(_value(asked, moment)) else ()
    return Offer((Block(how, "hint"),), ((*now, other),))


# Times


def _ask_time(asked: Asked) -> Offer:
    example = asked.locale.show_time(_this_minute(asked).time())
    # Translators: a button that shows the times of a day to choose from.
    clock = Button(phrase("Clock"), "t")
    return _offered_moments(asked) or _clock_offer(asked) or _now_or(asked, example, clock)


def _read_time(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action="now"):
            return Given(_value(asked, asked.now))
        case ButtonTapped(action=action):
            return _tapped(asked, action)
        case TextWritten(text) if times := asked.hearing.times(text):
            today = asked.now.date()
            return _one_of(asked, (datetime.combine(today, one, asked.now.tzinfo) for one in times))
        case _:
            return Problem(
                # Translators: why an answer was refused; {example} is a time of day, such as 14:30.
                phrase(
                    "I could not read that as a time. Please write it like this: {example}",
                    example=_this_minute(asked).time(),
                )
            )


def _show_time(_asked: Asked, value: str) -> Speech:
    return verbatim("{time}", time=time.fromisoformat(value).replace(tzinfo=None))


# Moments


def _ask_moment(asked: Asked) -> Offer:
    example = asked.locale.show_datetime(_this_minute(asked))
    other = Button(phrase("Calendar"), "open")
    offer = _offered_moments(asked) or _clock_offer(asked) or _day_first(asked)
    return offer or _now_or(asked, example, other)


def _day_first(asked: Asked) -> Offer | None:
    return day_offer(_about_the_day(asked))


def _about_the_day(asked: Asked) -> Asked:
    """Ask about the day alone: one is taken where any time of it is."""
    return replace(asked, fits=lambda day: _any_time_fits(asked, date.fromisoformat(day)))


def _any_time_fits(asked: Asked, day: date) -> bool:
    """Tell whether the form takes the day's beginning, its end, or the present time of it."""
    clocks = (time(0), time(HOURS - 1, MINUTES - 1), _this_minute(asked).time())
    return any(_fits(asked, day, clock) for clock in clocks)


def _read_moment(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action="now"):
            return Given(_value(asked, asked.now))
        case ButtonTapped(action="open"):
            return Scratched(month_place(asked.now.date()))
        case ButtonTapped(action=action) if place := moved(asked, action):
            return place
        case ButtonTapped(action=action) if _DAY.fullmatch(action):
            return Scratched(f"t{action}")
        case ButtonTapped(action=action):
            return _tapped(asked, action)
        case TextWritten(text) if (reading := _typed_moment(asked, text)) is not None:
            return reading
        case _:
            return Problem(
                # Translators: why an answer was refused; {example} is a day with a time.
                phrase(
                    "Please write the day and the time, for example: {example}",
                    example=asked.locale.show_datetime(_this_minute(asked)),
                )
            )


def _typed_moment(asked: Asked, text: str) -> Given | Scratched | None:
    """Read a day, whose time is asked next, or a day and a time, wherever the space between is."""
    today, words = asked.now.date(), text.split()
    if whole := asked.hearing.days(text, today):
        day = read_as_day(_about_the_day(asked), whole)
        return Scratched(f"t{day.value}") if isinstance(day, Given) else day
    for split in range(len(words) - 1, 0, -1):
        days = asked.hearing.days(" ".join(words[:split]).rstrip(","), today)
        times = asked.hearing.times(" ".join(words[split:]))
        if isinstance(days, NoSuchDay) and times:
            return read_as_day(_about_the_day(asked), days)
        if isinstance(days, Days) and times:
            zone = asked.now.tzinfo
            return _one_of(
                asked,
                (datetime.combine(day, one, zone) for day in days.days for one in times),
            )
    return None


def _show_moment(_asked: Asked, value: str) -> Speech:
    return verbatim("{moment}", moment=datetime.fromisoformat(value))


TIME = Kind(_ask_time, _read_time, _show_time)
MOMENT = Kind(_ask_moment, _read_moment, _show_moment)
