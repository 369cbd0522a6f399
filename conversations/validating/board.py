"""What coordinators see of validation: grades, agreement, load. Counts, and nobody in them.

Small numbers are not shown where they would tell of a person. Below five people, or five answers,
no figure about people stands here; a place with fewer than five reports is counted with others, as
many as make five together, so that it cannot be worked out from the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from conversations.phrases import FormText, Phrase, phrase, verbatim
from conversations.replies import Block, Send
from conversations.validating.agreeing import Agreements, shown
from conversations.validating.counts import Opinion, Tally, numbers, objections, worded
from conversations.validating.telling import CONFIRMED
from conversations.verdicts.grades import Grade

LINES_MAX: Final = 20
FEW: Final = 5
"""The least number of people, answers or reports of a place that is shown by itself."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A number that people look at: what they are asked, as a coordinator reads it.

    `counted` is the number they were told, `now` that of today; `objections` say that it should
    not be asked about.
    """

    question: str
    counted: int
    now: int
    said: Tally
    says: Opinion
    objections: int = 0


@dataclass(frozen=True, slots=True)
class Load:
    """How much was asked of people, and how soon they answered.

    `took` is how long a first answer took on average; `in_an_hour` and `in_a_day` count those
    that took no longer.
    """

    asked: int
    answered: int
    declined: int
    people: int
    busiest: int
    took: timedelta | None
    in_an_hour: int
    in_a_day: int


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of asking.

    Disputed reports that moderators rejected, and that they approved; and how many reports
    residents clearly judge otherwise than the moderator did.
    """

    rejected: int
    approved: int
    disagrees: int


@dataclass(frozen=True, slots=True)
class Measured:
    """How validation went over some days; `grades` counts reports by area and grade."""

    days: int
    grades: Mapping[str, Mapping[str, int]]
    agreements: Agreements
    load: Load
    changed: Changed
    records: Sequence[tuple[str, int, int]] = ()
    """By question: how often records bore reports out, of how many were looked up."""

    counts: Sequence[LookedAt] = ()
    """Numbers that people of their place looked at."""


def board(found: Measured) -> Send:
    """Show how validation goes."""
    # Translators: a coordinator sees how often people confirm each other's reports.
    title = phrase("What others say about reports, in the last {days} days", days=found.days)
    looked_at = tuple(_counts(found))
    if not found.grades:
        # Translators: to a coordinator.
        nobody = Block(phrase("Nobody was asked about a report."))
        return Send((Block(title, "title"), nobody, *looked_at))
    blocks = (
        *_grades(found),
        *_changed(found.changed),
        *_load(found.load),
        *shown(found.agreements),
        *_records(found),
        *looked_at,
    )
    return Send((Block(title, "title"), *blocks))


def _grades(found: Measured) -> Iterator[Block]:
    total: dict[str, int] = {}
    for counts in found.grades.values():
        for grade, count in counts.items():
            total[grade] = total.get(grade, 0) + count
    for grade, words in _named().items():
        if total.get(grade):
            yield Block(verbatim("{grade}: {count}", grade=words, count=total[grade]), "item")
    for area, counts in apart(found.grades)[:LINES_MAX]:
        yield Block(_of_area(area, counts), "item")


def apart(
    grades: Mapping[str, Mapping[str, int]],
) -> Sequence[tuple[str, Mapping[str, int]]]:
    """Return the places that are shown by themselves, and the others as one under a blank name.

    The smallest are put together until they are five reports or more; reports without a place are
    with them.

    >>> [area for area, _ in apart({"hill": {"disputed": 9}, "river": {"rejected": 1}})]
    []
    """
    together: Counter[str] = Counter(grades.get("", {}))
    places = sorted((one for one in grades.items() if one[0]), key=lambda one: sum(one[1].values()))
    left = list(places)
    while left and (sum(left[0][1].values()) < FEW or 0 < together.total() < FEW):
        together.update(left.pop(0)[1])
    shown_apart = sorted(left)
    return [*shown_apart, ("", together)] if shown_apart and together else shown_apart


def _of_area(area: str, counts: Mapping[str, int]) -> Phrase:
    confirmed = sum(counts.get(grade, 0) for grade in CONFIRMED)
    # Translators: to a coordinator; places with few reports, counted together, or none named.
    place = verbatim("{area}", area=area) if area else phrase("Other places")
    # Translators: to a coordinator; {area} names a place, the others are numbers of reports.
    return phrase(
        "{area}: {confirmed} of {all} confirmed",
        area=place,
        confirmed=confirmed,
        all=sum(counts.values()),
    )


def _changed(found: Changed) -> Iterator[Block]:
    # Translators: to a coordinator; numbers of reports that residents disputed.
    told = phrase(
        "Disputed by residents, then rejected: {rejected}, then approved: {approved}",
        rejected=found.rejected,
        approved=found.approved,
    )
    yield Block(told, "item")
    if found.disagrees:
        # Translators: to a coordinator; a number of reports.
        told = phrase("Decided otherwise than residents clearly say: {count}",
                      count=found.disagrees)  # fmt: skip
        yield Block(told, "item")


def _load(found: Load) -> Iterator[Block]:
    # Translators: to a coordinator; numbers.
    yield Block(
        phrase(
            "Asked: {asked}, answered: {answered}, declined: {declined}",
            asked=found.asked,
            answered=found.answered,
            declined=found.declined,
        )
    )
    if found.people < FEW:
        # Translators: to a coordinator; {few} is a number.
        yield Block(phrase("People: fewer than {few}", few=FEW), "item")
        return
    # Translators: to a coordinator; {most} is how often one person was asked at most.
    people = phrase(
        "People: {people}; one at most: {most}", people=found.people, most=found.busiest
    )
    yield Block(people, "item")
    if found.took is not None and found.answered >= FEW:
        minutes = max(1, round(found.took.total_seconds() / 60))
        # Translators: to a coordinator; how long people take to answer.
        yield Block(phrase("An answer takes {minutes} minutes on average", minutes=minutes), "item")
        # Translators: to a coordinator; numbers of answers.
        told = phrase(
            "Answered within an hour: {hour}, within a day: {day}",
            hour=found.in_an_hour,
            day=found.in_a_day,
        )
        yield Block(told, "item")


def _records(found: Measured) -> Iterator[Block]:
    """Say how often records and reports agree, which is a figure of their quality."""
    if found.records:
        # Translators: to a coordinator, above a list of questions; registers of clinics, say.
        yield Block(phrase("Records and reports say the same:"))
    for name, agreed, cases in found.records[:LINES_MAX]:
        told = verbatim("{name}: {agreed} / {cases}", name=name, agreed=agreed, cases=cases)
        yield Block(told, "item")


def _counts(found: Measured) -> Iterator[Block]:
    """Say what people think of the numbers of their place, and what became of these since."""
    if found.counts:
        # Translators: to a coordinator, above a list: what people were asked about numbers.
        yield Block(phrase("Numbers that people of the place looked at:"))
    for one in found.counts[:LINES_MAX]:
        yield Block(FormText(one.question), "item")
        yield Block(verbatim("→ {opinion}", opinion=worded(one.says)), "item")
        yield Block(numbers(one.said), "item")
        if one.objections:
            yield Block(objections(one.objections), "item")
        if one.now != one.counted:
            # Translators: to a coordinator; a number has changed since people were asked about it.
            yield Block(phrase("The number is {count} now.", count=one.now), "item")


def _named() -> Mapping[Grade, Phrase]:
    return {
        # Translators: a report that others confirmed.
        "confirmed by residents": phrase("Confirmed by residents"),
        # Translators: a register of a clinic, say, was looked up and bears a report out.
        "confirmed by a record": phrase("Confirmed by a record"),
        # Translators: a moderator decided that a report is right.
        "confirmed by a moderator": phrase("Confirmed by a moderator"),
        # Translators: people do not agree whether a report is right.
        "disputed": phrase("Disputed"),
        # Translators: a moderator decided that a report is not right.
        "rejected": phrase("Rejected by a moderator"),
        # Translators: a report that not enough other people have been asked about yet.
        "unconfirmed": phrase("Not confirmed yet"),
    }
