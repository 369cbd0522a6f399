"""What goes out in the next days, and how people answered lately, for whoever runs a programme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from conversations.followups.rehearsal import Rehearsal, rehearsed, tallied
from conversations.phrases import Phrase, phrase, verbatim
from conversations.replies import Block, Send

DAYS_AHEAD: Final = 14
WEEKS_AHEAD: Final = 5
"""So many weeks a picture shows."""
DAYS_BACK: Final = 90
BAR: Final = 12
ROWS_MAX: Final = 12
"""Rows of sheets that are shown, the soonest first."""
HOURS: Final = ((0, 8), (8, 11), (11, 14), (14, 17), (17, 24))
"""Parts of a day by which answers are compared."""


@dataclass(frozen=True, slots=True)
class Coming:
    """How often a row asks in the days ahead, and when first."""

    name: str
    count: int
    first: date


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that was put to somebody lately.

    `reminders` is how often it was brought to mind, `hour` that of the person's clock when they
    were first asked.
    """

    name: str
    language: str
    hour: int
    reminders: int
    answered: bool


@dataclass(frozen=True, slots=True)
class Changing:
    """A sheet that changes: what it would do, or does just now where it `is_published`."""

    title: str
    seen: Rehearsal
    is_published: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is planned by day and by row, and what was asked lately."""

    days: Mapping[date, int]
    rows: tuple[Coming, ...]
    asks: tuple[Ask, ...] = ()
    ahead: Mapping[date, int] = field(default_factory=dict)
    """As `days`, for all the weeks of a picture."""
    waiting: tuple[Changing, ...] = ()
    """Sheets that change: sent and not published, or just being applied to earlier reports."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """How many questions were not asked lately when they were due, by why."""


def weeks_caption() -> Phrase:
    """Say what the picture of the next weeks shows."""
    # Translators: below a picture of a calendar; each day has a number on it.
    return phrase("How many questions go out on each day of the next weeks.")


def outlook_message(outlook: Outlook) -> Send:
    """Say what goes out, to how many, and how people answered."""
    if not outlook.days:
        # Translators: the answer to /schedule, where nothing is planned.
        nothing = phrase("Nothing goes out in the next {count} days.", count=DAYS_AHEAD)
        return Send((Block(nothing), *_changing(outlook.waiting), *_lately(outlook)))
    # Translators: the head of a list of days, each with how many questions the bot sends on it.
    head = phrase("What goes out in the next {count} days", count=DAYS_AHEAD)
    rows = (Block(_coming(one), "item") for one in outlook.rows[:ROWS_MAX])
    # Translators: the head of a list of rows of sheets, each with how many questions it sends.
    by_row = Block(phrase("By row of the sheets"), "title")
    blocks = (Block(head, "title"), *_calendar(outlook.days), by_row, *rows)
    return Send((*blocks, *_changing(outlook.waiting), *_lately(outlook)))


def _calendar(days: Mapping[date, int]) -> Iterator[Block]:
    most = max(days.values())
    for day, count in sorted(days.items()):
        bar = "▇" * max(1, round(count / most * BAR))
        line = verbatim("{day} {bar} {count}", day=day, bar=bar, count=count)
        yield Block(line, "item")


def _coming(one: Coming) -> Phrase:
    # Translators: {name} is a row of a sheet; {count} questions come of it, {first} is a date.
    return phrase(
        "{name}: {count}, the first on {first}", name=one.name, count=one.count, first=one.first
    )


def _changing(waiting: tuple[Changing, ...]) -> Iterator[Block]:
    for one in waiting:
        if one.is_published:
            # Translators: {title} is a form's; its follow-ups are being applied to earlier reports,
            # of which {count} are done.
            done = phrase(
                "“{title}”: earlier reports are taken along just now, {count} so far.",
                title=one.title,
                count=one.seen.reports,
            )
            yield Block(done, "title")
            yield from tallied(one.seen)
        else:
            # Translators: {title} is a form's that the coordinator has sent and not published.
            sent = phrase("“{title}”, which you have not published", title=one.title)
            yield Block(sent, "title")
            yield from rehearsed(one.seen)


def _lately(outlook: Outlook) -> Iterator[Block]:
    yield from _answers(outlook.asks)
    if not any(outlook.dropped.values()):
        return
    # Translators: the head of a list of how many questions were not asked, and why.
    head = phrase("Not asked in the last {count} days", count=DAYS_BACK)
    yield Block(head, "title")
    for why, count in sorted(outlook.dropped.items()):
        yield Block(_not_asked(why, count), "item")


def _not_asked(why: str, count: int) -> Phrase:
    match why:
        case "too late":
            # Translators: so many questions came too late to be of use, after a time away.
            return phrase("Too late to be of use: {count}", count=count)
        case "gone":
            # Translators: so many questions were for people who left or blocked the bot.
            return phrase("The person cannot be reached any more: {count}", count=count)
        case "closed":
            # Translators: so many questions were of a form that was closed.
            return phrase("The form is closed: {count}", count=count)
        case _:
            # Translators: so many questions were not asked for other reasons.
            return phrase("For another reason: {count}", count=count)


def _answers(asks: tuple[Ask, ...]) -> Iterator[Block]:
    if not asks:
        return
    # Translators: the head of a list; each line says how many of those asked have answered.
    head = phrase("How people answered in the last {count} days", count=DAYS_BACK)
    yield Block(head, "title")
    yield from _rates(asks, lambda one: one.name)
    yield from _by_reminder(asks)
    yield from _rates(asks, lambda one: one.language)
    yield from _rates(asks, _part_of_day)


def _rates(asks: Iterable[Ask], key: Callable[[Ask], str]) -> Iterator[Block]:
    asked, answered = Counter[str](), Counter[str]()
    for one in asks:
        asked[key(one)] += 1
        answered[key(one)] += one.answered
    for name, count in sorted(asked.items()):
        yield Block(_rate(name, answered[name], count), "item")


def _rate(name: str, answered: int, count: int) -> Phrase:
    # Translators: {name} is a row of a sheet, a language, or hours; 60 of 100, 60 %.
    return phrase(
        "{name}: {answered} of {count}, {percent} %",
        name=name,
        answered=answered,
        count=count,
        percent=round(100 * answered / count),
    )


def _by_reminder(asks: tuple[Ask, ...]) -> Iterator[Block]:
    """Tell how many answered at once, and how many after each reminder."""
    answered = Counter(one.reminders for one in asks if one.answered)
    for number, count in sorted(answered.items()):
        # Translators: so many answered before any reminder.
        words = phrase("Answered without a reminder: {count}", count=count)
        if number:
            # Translators: so many answered after reminder {number}: 1 is the first.
            words = phrase("Answered after reminder {number}: {count}", number=number, count=count)
        yield Block(words, "item")


def _part_of_day(one: Ask) -> str:
    begin, end = next((part for part in HOURS if part[0] <= one.hour < part[1]), HOURS[-1])
    return f"{begin:02}–{end:02}"  # noqa: RUF001 - a span is written with an en dash.
