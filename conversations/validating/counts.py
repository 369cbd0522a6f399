"""Residents look at a number of a month: what they may say, and what that adds up to.

A number is asked about, not a report; so nobody's reliability is learnt from it, and each answer
counts the same. Whoever cannot tell is counted, and decides nothing.

| what most of those say who can tell | then |
|---|---|
| fewer than the row wants have answered | nothing yet |
| more than half the same | that |
| no such half | they are divided; more are asked, up to the most |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from conversations.phrases import FormText, Phrase, phrase, phrase_of_many
from conversations.replies import Block, Send

Opinion: TypeAlias = Literal["right", "few", "many", "divided", ""]
"""What answers add up to; blank is nothing yet."""

RIGHT, FEW, MANY, UNKNOWN = "right", "few", "many", "dk"

FROM_DAY: Final = 3
"""From this day of a month on residents are asked about the one before: some reports of its last
days come late. Whoever was away then, asks later in the month; after that nobody remembers."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many said what."""

    right: int = 0
    few: int = 0
    many: int = 0
    unknown: int = 0

    @property
    def able(self) -> int:
        """Count those who could tell."""
        return self.right + self.few + self.many

    @property
    def people(self) -> int:
        """Count all who answered."""
        return self.able + self.unknown


def tally(answers: Iterable[str]) -> Tally:
    """Count answers, one a person.

    >>> tally(["right", "few", "dk"])
    Tally(right=1, few=1, many=0, unknown=1)
    """
    said = list(answers)
    return Tally(*(said.count(name) for name in (RIGHT, FEW, MANY, UNKNOWN)))


def opinion(counted: Tally, least: int) -> Opinion:
    """Say what answers add up to, where at least so many can tell.

    >>> opinion(Tally(right=1, few=3), 3), opinion(Tally(right=2, few=2), 3), opinion(Tally(2), 3)
    ('few', 'divided', '')
    """
    if counted.able < least:
        return ""
    named: tuple[tuple[int, Opinion], ...] = (
        (counted.right, "right"),
        (counted.few, "few"),
        (counted.many, "many"),
    )
    most, says = max(named, key=lambda one: one[0])
    return says if 2 * most > counted.able else "divided"


def to_ask(counted: Tally, asked: int, pending: int, least: int, most: int) -> int:
    """Return how many more to ask now: as few as could decide it, never more than the most.

    `pending` are those who were asked and are still expected to answer.

    >>> to_ask(Tally(), 0, 0, 3, 9), to_ask(Tally(right=2, few=2), 4, 0, 3, 9), to_ask(Tally(3), 3,
    ...        0, 3, 9), to_ask(Tally(unknown=3), 9, 0, 3, 9)
    (3, 1, 0, 0)
    """
    if opinion(counted, least) in {"right", "few", "many"}:
        return 0
    wanted = max(least - counted.able, 1) - pending
    return max(0, min(wanted, most - asked))


def month_before(today: date) -> date:
    """Return the first day of the month before.

    >>> month_before(date(2026, 1, 9))
    datetime.date(2025, 12, 1)
    """
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def is_time(today: date) -> bool:
    """Tell whether people begin to be asked about the month before on a day.

    >>> is_time(date(2026, 4, 2)), is_time(date(2026, 4, 3)), is_time(date(2026, 4, 30))
    (False, True, True)
    """
    return today.day >= FROM_DAY


def choices() -> tuple[tuple[str, Phrase], ...]:
    """Return what may be said of a number."""
    return (
        # Translators: a button; a number of births in a village, say, is about right.
        (RIGHT, phrase("About right")),
        # Translators: a button; a number of births in a village, say, is too small.
        (FEW, phrase("Too few")),
        # Translators: a button; a number of births in a village, say, is too large.
        (MANY, phrase("Too many")),
        # Translators: a button; they cannot tell whether a number is right.
        (UNKNOWN, phrase("I cannot tell")),
    )


def worded(says: Opinion) -> Phrase:
    """Say what people think of a number."""
    match says:
        case "right":
            # Translators: what most people say of a number, such as that of births in a village.
            return phrase("most say it is about right")
        case "few":
            # Translators: what most people say of a number, such as that of births in a village.
            return phrase("most say it is too small")
        case "many":
            # Translators: what most people say of a number, such as that of births in a village.
            return phrase("most say it is too large")
        case "divided":
            # Translators: what people say of a number, such as that of births in a village.
            return phrase("they do not agree")
        case "":
            # Translators: of a number about which not enough people were asked yet.
            return phrase("too few have answered to say")


def published(question: str, people: int, says: Opinion) -> Phrase:
    """Say in the results of a month what people of the place said of a number."""
    # Translators: in monthly results; {question} is what people of a place were asked about a
    # number, {opinion} what most of them say.
    return phrase_of_many(
        "“{question}” {count} person of the place looked at it: {opinion}.",
        "“{question}” {count} people of the place looked at it: {opinion}.",
        count=people,
        question=FormText(question),
        opinion=worded(says),
    )


def doubted(question: str, counted: Tally, says: Opinion) -> Send:
    """Tell a coordinator that most people of a place doubt a number."""
    # Translators: to a coordinator; people of a place were asked about a number.
    opening = phrase("People of the place doubt a number: {opinion}.", opinion=worded(says))
    # Translators: to a coordinator, below it: what to do; /validations is a command.
    advice = phrase(
        "Ask around whether reports are missing or counted twice. /validations shows all numbers."
    )
    blocks = (Block(opening), Block(FormText(question), "item"), Block(numbers(counted), "item"))
    return Send((*blocks, Block(advice)))


def flagged() -> Phrase:
    """Thank whoever says that a number should not be asked about."""
    # Translators: somebody said that a question about a number should not be asked.
    return phrase(
        "Thank you. Those who run this programme hear of it, and not who said so. I tell you what "
        "came of it."
    )


def objections(number: int) -> Phrase:
    """Say how many found that a number should not be asked about."""
    # Translators: to a coordinator; how many people said so of a question about a number.
    return phrase("Should not be asked: {count}", count=number)


def numbers(counted: Tally) -> Phrase:
    """Say how many said what."""
    # Translators: to a coordinator; how many people said what about a number.
    return phrase(
        "About right: {right}, too few: {few}, too many: {many}, cannot tell: {unknown}",
        right=counted.right,
        few=counted.few,
        many=counted.many,
        unknown=counted.unknown,
    )
