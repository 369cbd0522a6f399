"""Days, months and years.

Quick picks stand first, a calendar opens in place, and everything can be typed as people here
write it. Days the form would refuse are not offered: only what `fits` has a button.

What is typed may mean more than one day (`Monday`), several days (`last week`) or one that does
not exist (`30 February`): then the question comes again with the days to choose from. The scratch
says which: `?2026-03-12,2026-12-03` some days, `!2026-02-28` the nearest to one that does not
exist, `w2026-03-09` a week, and otherwise a place in the calendar (`calendars`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import MINYEAR, date, timedelta
from functools import partial
from typing import Literal, assert_never

from conversations.events import ButtonTapped, Event, TextWritten
from conversations.phrases import Phrase, Problem, Speech, phrase, phrase_of_many, verbatim
from conversations.questions import base
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
from conversations.questions.calendars import (
    STANDS_STILL,
    Level,
    calendar_keys,
    day_buttons,
    is_place,
    month_place,
    year_place,
    years_place,
)
from conversations.readings import DayReading, Days, NoSuchDay, Span
from conversations.replies import Block, Button

DAYS_A_WEEK = 7
DAYS_OFFERED_MAX = 5
_LONGEST_MONTH = 31

# Whole days


def _ask_date(asked: Asked) -> Offer:
    return day_offer(asked) or Offer(
        (_how_to_write(asked),), (*_quick_days(asked), (_open_calendar(),))
    )


def day_offer(asked: Asked) -> Offer | None:
    """Offer what the scratch says: some days, a week, the calendar; None where it says nothing."""
    sign, rest = asked.scratch[:1], asked.scratch[1:]
    match sign:
        case "?":
            # Translators: what the person wrote can mean any of the days on the buttons below.
            return _some_days(asked, phrase("Which day do you mean?"), rest.split(","))
        case base.AMISS:
            return _some_days(
                asked, _no_such_day(asked, date.fromisoformat(rest)), [rest], "problem"
            )
        case "w":
            first = date.fromisoformat(rest)
            week = [first + timedelta(days=after) for after in range(DAYS_A_WEEK)]
            # Translators: the person wrote "last week"; the days of that week are on the buttons.
            return _some_days(asked, phrase("On which day of that week?"), map(str, week))
        case _ if is_place(asked.scratch):
            return Offer(rows=calendar_keys(asked, asked.scratch, "day"))
        case _:
            return None


def _some_days(
    asked: Asked, say: Phrase, days: Iterable[str], style: Literal["plain", "problem"] = "plain"
) -> Offer:
    rows = day_buttons(asked, map(date.fromisoformat, days))
    return Offer((Block(say, style),), (*rows, (_open_calendar(),)))


def _no_such_day(asked: Asked, nearest: date) -> Phrase:
    # The count is that of a month's days, which the language may have to inflect.
    # Translators: {month} is a month with its year, such as February 2026. The person wrote a
    # day that this month does not have.
    return phrase_of_many(
        "There is no such day: {month} has {count} day.",
        "There is no such day: {month} has {count} days.",
        nearest.day,
        month=asked.locale.show_month(nearest),
    )


def _how_to_write(asked: Asked) -> Block:
    # Translators: {example} is today's date. The answer may be tapped or written.
    return Block(
        phrase("You can also write it, for example: {example}", example=_today(asked)), "hint"
    )


def _open_calendar() -> Button:
    # Translators: a button that shows the days of a month to choose from.
    return Button(phrase("Calendar"), "open")


def _quick_days(asked: Asked) -> Rows:
    """Offer today and yesterday; tomorrow where the question is about days to come."""
    today = _today(asked)
    yesterday = today - timedelta(days=1)
    # Translators: a button that answers "On which day?".
    picks = [(phrase("Today"), today)]
    # Translators: a button that answers "On which day?".
    picks.append((phrase("Yesterday"), yesterday))
    fitting = [(label, day) for label, day in picks if asked.fits(day.isoformat())]
    tomorrow = today + timedelta(days=1)
    if picks[1] not in fitting and asked.fits(tomorrow.isoformat()):
        # Translators: a button that answers "On which day?".
        fitting.append((phrase("Tomorrow"), tomorrow))
    row = tuple(Button(label, day.isoformat()) for label, day in fitting)
    return (row,) if row else ()


def _today(asked: Asked) -> date:
    return asked.now.date()


def _read_date(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action="open"):
            return Scratched(_opening_month(asked))
        case ButtonTapped(action=action):
            return moved(asked, action) or Given(action)
        case TextWritten(text) if reading := asked.hearing.days(text, _today(asked)):
            return read_as_day(asked, reading)
        case _:
            return Problem(
                # Translators: why an answer was refused; {example} is a date, such as 12 March
                # 2026.
                phrase(
                    "I could not read that as a date. Please write it like this: {example}",
                    example=_today(asked),
                )
            )


def moved(asked: Asked, action: str) -> Scratched | None:
    """Return where a tap leads in the calendar; None if it answers."""
    if action == STANDS_STILL:
        return Scratched(asked.scratch)
    return Scratched(action) if is_place(action) else None


def _opening_month(asked: Asked) -> str:
    value = asked.state.value[:10]
    return month_place(date.fromisoformat(value) if value else _today(asked))


def read_as_day(asked: Asked, reading: DayReading) -> Given | Scratched:
    """Take the one day that is meant, or show the days that may be."""
    match reading:
        case Days():
            return _one_of(asked, reading)
        case NoSuchDay(nearest):
            return Scratched(f"{base.AMISS}{nearest.isoformat()}")
        case Span(first, last) if (last - first).days < DAYS_A_WEEK:
            return Scratched(f"w{first.isoformat()}")
        case Span(first, last) if (last - first).days < _LONGEST_MONTH:
            return Scratched(month_place(first))
        case Span(first):
            return Scratched(year_place(first.year))
    assert_never(reading)


def _one_of(asked: Asked, reading: Days) -> Given | Scratched:
    """Take the day the form takes; ask where it takes several, and let it refuse where none."""
    likely, others = (
        [day for day in days if asked.fits(day.isoformat())]
        for days in (reading.days, reading.others)
    )
    days = likely or others or [reading.days[0]]
    if len(days) == 1:
        return Given(days[0].isoformat())
    return Scratched("?" + ",".join(map(date.isoformat, days[:DAYS_OFFERED_MAX])))


def _show_date(_asked: Asked, value: str) -> Speech:
    return verbatim("{day}", day=date.fromisoformat(value[:10]))


# Months and years, kept as their first day


def _ask_month(asked: Asked) -> Offer:
    if which := _which(asked, _month_said):
        return which
    stands = asked.scratch if is_place(asked.scratch) else _own_year(asked)
    example = asked.locale.show_month(_today(asked))
    # Translators: {example} is a month with its year, such as November 2026.
    how = phrase("You can also write it, for example: {example}", example=example)
    return Offer((Block(how, "hint"),), calendar_keys(asked, stands, "month"))


def _which(asked: Asked, said: Callable[[Asked, date], str]) -> Offer | None:
    """Offer the months or years that what was typed can mean."""
    if not asked.scratch.startswith("?"):
        return None
    days = [date.fromisoformat(day) for day in asked.scratch[1:].split(",")]
    buttons = (Button(verbatim("{text}", text=said(asked, day)), day.isoformat()) for day in days)
    # Translators: what the person wrote can mean any of the months or years on the buttons below.
    return Offer((Block(phrase("Which one do you mean?")),), rows_of(buttons, 1))


def _month_said(asked: Asked, day: date) -> str:
    return asked.locale.show_month(day)


def _year_said(asked: Asked, day: date) -> str:
    return asked.locale.show_year(day.year)


def _own_year(asked: Asked) -> str:
    return year_place(int((asked.state.value or _today(asked).isoformat())[:4]))


def _read_month(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action=action):
            return moved(asked, action) or Given(action)
        case TextWritten(text) if reading := asked.hearing.days(text, _today(asked)):
            return _first_of(asked, reading, "month")
        case _:
            return Problem(
                # Translators: why an answer was refused; {example} is a month with its year.
                phrase(
                    "I could not read that as a month. Please write it like this: {example}",
                    example=asked.locale.show_month(_today(asked)),
                )
            )


def _in_plain_digits(text: str) -> str:
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)


def _first_of(asked: Asked, reading: DayReading, level: Level) -> Given | Scratched:
    """Take the first day of the month or year; a year where a month is asked opens on its months.

    What a month named without its year can mean has been settled: the nearest past one.
    """
    match reading:
        case Days(days, others):
            begun = partial(_begin, level=level)
            months = Days(*(tuple(dict.fromkeys(map(begun, some))) for some in (days, others)))
            return _one_of(asked, months)
        case NoSuchDay(nearest):
            return Given(_begin(nearest, level=level).isoformat())
        case Span(first, last) if level == "month" and (last - first).days >= _LONGEST_MONTH:
            return Scratched(year_place(first.year))
        case Span(first):
            return Given(_begin(first, level=level).isoformat())
    assert_never(reading)


def _begin(day: date, level: Level) -> date:
    return day.replace(day=1) if level == "month" else day.replace(month=1, day=1)


def _show_month(asked: Asked, value: str) -> Speech:
    return verbatim("{month}", month=_month_said(asked, date.fromisoformat(value[:10])))


def _ask_year(asked: Asked) -> Offer:
    if which := _which(asked, _year_said):
        return which
    year = int(asked.state.value[:4]) if asked.state.value else _today(asked).year
    latest = max(year, _today(asked).year)
    stands = asked.scratch if is_place(asked.scratch) else years_place(latest)
    # Translators: under a question for a year, above buttons with years.
    how = Block(phrase("You can also write the year."), "hint")
    return Offer((how,), calendar_keys(asked, stands, "year"))


def _read_year(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action=action):
            return moved(asked, action) or Given(action)
        case TextWritten(text) if _is_year(digits := _in_plain_digits(text).strip()):
            return Given(date(int(digits), 1, 1).isoformat())
        case TextWritten(text) if reading := asked.hearing.days(text, _today(asked)):
            return _first_of(asked, reading, "year")
        case _:
            # Translators: why an answer was refused; a year such as 2026 is asked for.
            return Problem(phrase("Please write the year in four digits."))


def _is_year(digits: str) -> bool:
    return len(digits) == len("2026") and digits.isdecimal() and int(digits) >= MINYEAR


def _show_year(asked: Asked, value: str) -> Speech:
    return verbatim("{year}", year=_year_said(asked, date.fromisoformat(value[:10])))


DATE = Kind(_ask_date, _read_date, _show_date)
MONTH = Kind(_ask_month, _read_month, _show_month)
YEAR = Kind(_ask_year, _read_year, _show_year)
