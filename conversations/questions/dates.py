"""Days, times, moments, months and years.

Quick picks stand first, a calendar opens in place, and everything can be typed as people here
write it. Days the form would refuse are not offered: only what `fits` has a button.
"""

from __future__ import annotations

import calendar
import re
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta

from conversations.events import ButtonTapped, Event, TextWritten
from conversations.phrases import Phrase, Problem, Speech, phrase, verbatim
from conversations.questions.base import Asked, Given, Kind, Offer, Reading, Rows, Scratched
from conversations.replies import Block, Button

YEARS_SHOWN = 8
MONTHS = 12
MONTHS_PER_ROW = 2
YEARS_PER_ROW = 4

_MONTH_FIRST = re.compile(r"\s*(\d{1,2})\s*[./ -]\s*(\d{4})\s*")
_YEAR_FIRST = re.compile(r"\s*(\d{4})\s*[./ -]\s*(\d{1,2})\s*")
_YEAR = re.compile(r"\s*(\d{4})\s*")

# Whole days


def _ask_date(asked: Asked) -> Offer:
    if asked.scratch:
        return Offer(rows=_calendar(asked, _month(asked.scratch)))
    return Offer((_how_to_write(asked),), (*_quick_days(asked), (_open_calendar(),)))


def _how_to_write(asked: Asked) -> Block:
    # Translators: {example} is today's date. The answer may be tapped or written.
    return Block(
        phrase("You can also write it, for example: {example}", example=_today(asked)), "hint"
    )


def _open_calendar() -> Button:
    # Translators: a button that shows the days of a month to choose from.
    return Button(phrase("Calendar"), "open")


def _quick_days(asked: Asked) -> Rows:
    today = _today(asked)
    # Translators: a button that answers "On which day?".
    yesterday = phrase("Yesterday")
    # Translators: a button that answers "On which day?".
    picks = ((phrase("Today"), today), (yesterday, today - timedelta(days=1)))
    fitting = tuple(
        Button(label, day.isoformat()) for label, day in picks if asked.fits(day.isoformat())
    )
    return (fitting,) if fitting else ()


def _today(asked: Asked) -> date:
    return asked.now.date()


def _month(text: str) -> date:
    year, _, month = text.partition("-")
    return date(int(year), int(month), 1)


def _calendar(asked: Asked, month: date) -> Rows:
    weeks = calendar.monthcalendar(month.year, month.month)
    days = (tuple(_day(asked, month, number) for number in week) for week in weeks)
    return (_turning(asked, month), *(week for week in days if any(map(_is_day, week))))


def _is_day(button: Button) -> bool:
    return button.action != "same"


def _turning(asked: Asked, month: date) -> tuple[Button, ...]:
    title = Button(verbatim("{month}", month=asked.locale.show_month(month)), "same")
    return _to(verbatim("◀"), month, -1), title, _to(verbatim("▶"), month, 1)


def _to(label: Phrase, month: date, months: int) -> Button:
    year, index = divmod(month.year * MONTHS + month.month - 1 + months, MONTHS)
    bounded = year if MINYEAR <= year <= MAXYEAR else month.year
    return Button(label, f"m{bounded:04}-{index + 1:02}")


def _day(asked: Asked, month: date, number: int) -> Button:
    """Make the button of a day; a gap and a day the form would refuse do nothing."""
    day = month.replace(day=number).isoformat() if number else ""
    if not day or not asked.fits(day):
        return Button(verbatim("·"), "same")
    return Button(verbatim("{number}", number=number), day)


def _read_date(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action="open"):
            return Scratched(_opening_month(asked))
        case ButtonTapped(action="same"):
            return Scratched(asked.scratch)
        case ButtonTapped(action=action) if action.startswith("m"):
            return Scratched(action[1:])
        case ButtonTapped(action=action):
            return Given(action)
        case TextWritten(text) if day := asked.locale.read_date(text, _today(asked)):
            return Given(day.isoformat())
        case _:
            return _no_date(asked)


def _opening_month(asked: Asked) -> str:
    return (asked.state.value or asked.now.date().isoformat())[:7]


def _no_date(asked: Asked) -> Problem:
    return Problem(
        phrase(
            "I could not read that as a date. Please write it like this: {example}",
            example=_today(asked),
        )
    )


def _show_date(_asked: Asked, value: str) -> Speech:
    return verbatim("{day}", day=date.fromisoformat(value[:10]))


# Months and years, kept as their first day


def _ask_month(asked: Asked) -> Offer:
    year = int(asked.scratch or (asked.state.value or _today(asked).isoformat())[:4])
    months = [date(year, month, 1) for month in range(1, MONTHS + 1)]
    buttons = [_month_button(asked, month) for month in months if asked.fits(month.isoformat())]
    rows = (
        tuple(buttons[at : at + MONTHS_PER_ROW]) for at in range(0, len(buttons), MONTHS_PER_ROW)
    )
    example = asked.locale.show_month(_today(asked))
    # Translators: {example} is a month with its year, such as November 2026.
    how = phrase("You can also write it, for example: {example}", example=example)
    return Offer((Block(how, "hint"),), (_years_around(year), *rows))


def _month_button(asked: Asked, month: date) -> Button:
    return Button(verbatim("{month}", month=asked.locale.show_month(month)), month.isoformat())


def _years_around(year: int) -> tuple[Button, ...]:
    before, after = max(year - 1, MINYEAR), min(year + 1, MAXYEAR)
    title = Button(verbatim("{year}", year=str(year)), "same")
    return Button(verbatim("◀"), f"y{before}"), title, Button(verbatim("▶"), f"y{after}")


def _read_month(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action="same"):
            return Scratched(asked.scratch)
        case ButtonTapped(action=action) if action.startswith("y"):
            return Scratched(action[1:])
        case ButtonTapped(action=action):
            return Given(action)
        case TextWritten(text) if month := _typed_month(asked, text):
            return Given(month.isoformat())
        case _:
            return Problem(
                phrase(
                    "I could not read that as a month. Please write it like this: {example}",
                    example=asked.locale.show_month(_today(asked)),
                )
            )


def _typed_month(asked: Asked, text: str) -> date | None:
    """Read `11/2026`, `2026-11`, `November 2026`, or any date in the month."""
    if match := _MONTH_FIRST.fullmatch(text):
        return _first_day(int(match[2]), int(match[1]))
    if match := _YEAR_FIRST.fullmatch(text):
        return _first_day(int(match[1]), int(match[2]))
    day = asked.locale.read_date(f"1 {text}", _today(asked)) or asked.locale.read_date(
        text, _today(asked)
    )
    return day.replace(day=1) if day else None


def _first_day(year: int, month: int) -> date | None:
    return date(year, month, 1) if year >= MINYEAR and 1 <= month <= MONTHS else None


def _show_month(asked: Asked, value: str) -> Speech:
    return verbatim("{month}", month=asked.locale.show_month(date.fromisoformat(value[:10])))


def _ask_year(asked: Asked) -> Offer:
    latest = _today(asked).year
    years = [date(latest - ago, 1, 1) for ago in range(YEARS_SHOWN)]
    buttons = [
        Button(verbatim("{year}", year=f"{day:%Y}"), day.isoformat())
        for day in years
        if asked.fits(day.isoformat())
    ]
    rows = (tuple(buttons[at : at + YEARS_PER_ROW]) for at in range(0, len(buttons), YEARS_PER_ROW))
    return Offer((Block(phrase("You can also write the year."), "hint"),), tuple(rows))


def _read_year(_asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped(action=action):
            return Given(action)
        case TextWritten(text) if (match := _YEAR.fullmatch(text)) and int(match[1]) >= MINYEAR:
            return Given(date(int(match[1]), 1, 1).isoformat())
        case _:
            return Problem(phrase("Please write the year in four digits."))


def _show_year(_asked: Asked, value: str) -> Speech:
    return verbatim("{year}", year=value[:4])


# Times and moments


def _ask_time(asked: Asked) -> Offer:
    return _ask_now(asked.locale.show_time(_this_minute(asked).time()))


def _ask_moment(asked: Asked) -> Offer:
    return _ask_now(asked.locale.show_datetime(_this_minute(asked)))


def _ask_now(example: str) -> Offer:
    # Translators: {example} is a time of day, such as 14:30, or a day with a time.
    how = phrase("You can also write it, for example: {example}", example=example)
    # Translators: a button that answers "At what time?" with the present moment.
    return Offer((Block(how, "hint"),), ((Button(phrase("Now"), "now"),),))


def _this_minute(asked: Asked) -> datetime:
    return asked.now.replace(second=0, microsecond=0)


def _read_time(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped():
            return Given(_time_value(asked, asked.now.time()))
        case TextWritten(text) if (moment := asked.locale.read_time(text)) is not None:
            return Given(_time_value(asked, moment))
        case _:
            return Problem(
                phrase(
                    "I could not read that as a time. Please write it like this: {example}",
                    example=_this_minute(asked).time(),
                )
            )


def _time_value(asked: Asked, moment: time) -> str:
    """Write a time as XForms does, with the programme's offset from UTC on this day."""
    aware = datetime.combine(asked.now.date(), moment, asked.now.tzinfo)
    return aware.timetz().isoformat("milliseconds")


def _show_time(_asked: Asked, value: str) -> Speech:
    return verbatim("{time}", time=time.fromisoformat(value).replace(tzinfo=None))


def _read_moment(asked: Asked, event: Event) -> Reading:
    match event:
        case ButtonTapped():
            return Given(asked.now.isoformat(timespec="milliseconds"))
        case TextWritten(text) if moment := _typed_moment(asked, text):
            return Given(moment.isoformat(timespec="milliseconds"))
        case _:
            return Problem(
                phrase(
                    "Please write the day and the time, for example: {example}",
                    example=asked.locale.show_datetime(_this_minute(asked)),
                )
            )


def _typed_moment(asked: Asked, text: str) -> datetime | None:
    """Read a day and a time with a space between them, wherever that space is."""
    words = text.split()
    for split in range(len(words) - 1, 0, -1):
        day = asked.locale.read_date(" ".join(words[:split]).rstrip(","), _today(asked))
        clock = asked.locale.read_time(" ".join(words[split:]))
        if day and clock is not None:
            return datetime.combine(day, clock, asked.now.tzinfo)
    return None


def _show_moment(_asked: Asked, value: str) -> Speech:
    return verbatim("{moment}", moment=datetime.fromisoformat(value))


DATE = Kind(_ask_date, _read_date, _show_date)
MONTH = Kind(_ask_month, _read_month, _show_month)
YEAR = Kind(_ask_year, _read_year, _show_year)
TIME = Kind(_ask_time, _read_time, _show_time)
MOMENT = Kind(_ask_moment, _read_moment, _show_moment)
