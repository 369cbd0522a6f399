"""What waits, told at the hour that a moderator chose; nothing when nothing waits.

`/digest` shows and changes the choice: with buttons, or typed as `/digest 7`, `/digest weekly`,
`/digest off`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from conversations.courtesy import moment_of, wall_of
from conversations.moderating.bench import BENCH_STAMP
from conversations.phrases import Phrase, phrase, phrase_of_many, verbatim
from conversations.replies import Block, Button, Buttons, Send
from conversations.reviewing.words import severity_named
from conversations.sheets.flags import Severity

STAMP: Final = "@digest"
"""Stamps the buttons under the choice; no session's key looks like it."""

HOURS: Final = ((6, 7, 8, 9), (12, 17, 18, 20))
"""Hours that are offered on buttons; any other is typed."""

HOUR_FIRST: Final = 8
OFF: Final = "off"
WEEKLY: Final = "weekly"
DAYS_OF_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Choice:
    """When somebody wants to hear what waits: at an hour, daily or on the first day of the week."""

    hour: int
    weekly: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one moderator: counts by severity, since when, and what is special."""

    counts: Mapping[Severity, int]
    oldest_at: datetime | None = None
    own: int = 0
    appealed: int = 0
    escalated: int = 0
    figures: int = 0
    """Published numbers that are doubted."""

    @property
    def total(self) -> int:
        """Return how many cases wait."""
        return sum(self.counts.values())


def choice_of(written: str, before: Choice | None) -> Choice | str | None:
    """Read what somebody chose; None for no digest, the text itself where it says nothing.

    >>> choice_of("7", None), choice_of("weekly 18", None), choice_of("off", None)
    (Choice(hour=7, weekly=False), Choice(hour=18, weekly=True), None)
    >>> choice_of("weekly", Choice(6)), choice_of("soon", None)
    (Choice(hour=6, weekly=True), 'soon')
    """
    words = written.lower().replace(":00", "").split()
    if words == [OFF]:
        return None
    weekly = WEEKLY in words
    rest = [word for word in words if word != WEEKLY]
    if not rest and weekly:
        return Choice(before.hour if before else HOUR_FIRST, weekly=True)
    if len(rest) == 1 and rest[0].isascii() and rest[0].isdecimal() and int(rest[0]) < 24:  # noqa: PLR2004 - hours of a day.
        return Choice(int(rest[0]), weekly)
    return written


def next_moment(choice: Choice, now: datetime, zone: ZoneInfo, first_weekday: int) -> datetime:
    """Return the next time that a choice comes round, by the clock on a moderator's wall."""
    today = wall_of(now, zone).date()
    for days in range(DAYS_OF_WEEK + 2):
        day = today + timedelta(days=days)
        if choice.weekly and day.weekday() != first_weekday:
            continue
        moment = moment_of(datetime.combine(day, time(choice.hour)), zone)
        if moment > now:
            return moment
    raise AssertionError(choice)


def asked(choice: Choice | None, *, understood: bool = True) -> Send:
    """Show what is chosen, and what else there is; first that something was not understood."""
    rows = [
        tuple(Button(verbatim("{hour}", hour=time(hour)), f"h{hour}") for hour in row)
        for row in HOURS
    ]
    # Translators: a button: a moderator hears once a week what waits.
    weekly = Button(phrase("Once a week"), WEEKLY)
    # Translators: a button: a moderator does not want to hear what waits.
    off = Button(phrase("No digest"), OFF)
    # Translators: to a moderator; below stand hours to choose from.
    how = phrase("When shall I tell you what waits? I stay silent when nothing does. Another hour: "
                 "/digest 14")  # fmt: skip
    keys = Buttons(STAMP, 0, (*rows, (weekly, off)))
    # Translators: to a moderator who wrote an hour that is none; “weekly” and “off” are typed so in
    # every language.
    odd = phrase("I did not understand that. Write a number from 0 to 23, “weekly” or “off”.")
    refusal = () if understood else (Block(odd, "problem"),)
    return Send((*refusal, Block(chosen(choice)), Block(how)), keys)


def chosen(choice: Choice | None) -> Phrase:
    """Say what is chosen now."""
    match choice:
        case None:
            # Translators: to a moderator who does not hear by themselves what waits.
            return phrase("You get no digest. /queue shows what waits.")
        case Choice(hour, True):
            # Translators: to a moderator; {hour} is such as 7:00.
            return phrase("Once a week, at {hour}, I tell you what waits.", hour=time(hour))
        case Choice(hour):
            # Translators: to a moderator; {hour} is such as 7:00.
            return phrase("Every day at {hour} I tell you what waits.", hour=time(hour))


def digest(found: Waiting) -> Send:
    """Tell what waits, with a button to begin."""
    # Translators: a button under a list of what waits: show the first report.
    begin = Button(phrase("Begin"), "next")
    return Send(tuple(_blocks(found)), Buttons(BENCH_STAMP, 0, ((begin,),)))


def _blocks(found: Waiting) -> Iterator[Block]:
    # Translators: to a moderator, once a day or a week.
    title = phrase_of_many("{count} report waits for you.", "{count} reports wait for you.",
                           found.total)  # fmt: skip
    if found.total:
        yield Block(title, "title")
    for severity in sorted(found.counts, reverse=True):
        if count := found.counts[severity]:
            named = severity_named(severity)
            yield Block(verbatim("{severity}: {count}", severity=named, count=count), "item")
    if found.oldest_at is not None:
        # Translators: to a moderator: since when the oldest report waits.
        yield Block(phrase("The oldest waits since {moment}.", moment=found.oldest_at), "item")
    if found.own:
        # Translators: to a moderator: reports they took on and have not decided.
        yield Block(phrase("You are at work on: {count}", count=found.own), "item")
    if found.appealed:
        # Translators: to a moderator: reports whose reporters ask for another look.
        yield Block(phrase("Their reporters ask for another look: {count}",
                           count=found.appealed), "item")  # fmt: skip
    if found.figures:
        # Translators: to a moderator: how many published numbers people say are wrong.
        told = phrase("Published numbers that are doubted: {count}", count=found.figures)
        yield Block(told, "item")
    if found.escalated:
        # Translators: to a senior moderator: reports that others left to them.
        yield Block(phrase("Left to a senior: {count}", count=found.escalated), "item")
