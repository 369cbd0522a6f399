"""What coordinators see of validation: grades, agreement, load. Counts, and nobody in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from conversations.phrases import Phrase, phrase, verbatim
from conversations.replies import Block, Send
from conversations.validating.telling import CONFIRMED
from conversations.verdicts.agreement import Agreement
from conversations.verdicts.grades import Grade

LINES_MAX: Final = 20
CASES_MIN: Final = 5
"""Below so many answers an agreement says nothing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How validation went over some days.

    `grades` counts reports by area and grade, `agreements` compares residents with moderators by
    question and language, `changed` counts reports that residents disputed and a moderator
    rejected.
    """

    days: int
    grades: Mapping[str, Mapping[str, int]]
    agreements: Sequence[tuple[str, str, Agreement]]
    asked: int
    answered: int
    declined: int
    people: int
    busiest: int
    took: timedelta | None
    changed: int
    records: Sequence[tuple[str, int, int]] = ()
    """By question: how often records bore reports out, of how many were looked up."""


def board(found: Measured) -> Send:
    """Show how validation goes."""
    # Translators: a coordinator sees how often people confirm each other's reports.
    title = phrase("What others say about reports, in the last {days} days", days=found.days)
    if not found.grades:
        # Translators: to a coordinator.
        return Send((Block(title, "title"), Block(phrase("Nobody was asked about a report."))))
    blocks = (*_grades(found), *_load(found), *_agreements(found), *_records(found))
    return Send((Block(title, "title"), *blocks))


def _grades(found: Measured) -> Iterator[Block]:
    total: dict[str, int] = {}
    for counts in found.grades.values():
        for grade, count in counts.items():
            total[grade] = total.get(grade, 0) + count
    for grade, words in _named().items():
        if total.get(grade):
            yield Block(verbatim("{grade}: {count}", grade=words, count=total[grade]), "item")
    # Translators: to a coordinator; a number.
    told = phrase("Disputed by residents, then rejected: {count}", count=found.changed)
    yield Block(told, "item")
    for area, counts in sorted(found.grades.items())[:LINES_MAX]:
        if area:
            yield Block(_of_area(area, counts), "item")


def _of_area(area: str, counts: Mapping[str, int]) -> Phrase:
    confirmed = sum(counts.get(grade, 0) for grade in CONFIRMED)
    # Translators: to a coordinator; {area} names a place, the others are numbers of reports.
    return phrase(
        "{area}: {confirmed} of {all} confirmed",
        area=area,
        confirmed=confirmed,
        all=sum(counts.values()),
    )


def _load(found: Measured) -> Iterator[Block]:
    # Translators: to a coordinator; numbers.
    yield Block(
        phrase(
            "Asked: {asked}, answered: {answered}, declined: {declined}",
            asked=found.asked,
            answered=found.answered,
            declined=found.declined,
        )
    )
    # Translators: to a coordinator; {most} is how often one person was asked at most.
    people = phrase(
        "People: {people}; one at most: {most}", people=found.people, most=found.busiest
    )
    yield Block(people, "item")
    if found.took is not None:
        minutes = max(1, round(found.took.total_seconds() / 60))
        # Translators: to a coordinator; how long people take to answer.
        yield Block(phrase("An answer takes {minutes} minutes on average", minutes=minutes), "item")


def _agreements(found: Measured) -> Iterator[Block]:
    enough = [one for one in found.agreements if one[2].cases >= CASES_MIN]
    if enough:
        # Translators: to a coordinator, above a list of questions.
        yield Block(phrase("Residents and moderators say the same:"))
    for name, language, agreed in enough[:LINES_MAX]:
        yield Block(
            # Translators: {name} is a question, {language} a language; numbers.
            phrase(
                "{name} ({language}): {agreed} of {cases}",
                name=name,
                language=language,
                agreed=agreed.agreed,
                cases=agreed.cases,
            ),
            "item",
        )


def _records(found: Measured) -> Iterator[Block]:
    """Say how often records and reports agree, which is a figure of their quality."""
    if found.records:
        # Translators: to a coordinator, above a list of questions; registers of clinics, say.
        yield Block(phrase("Records and reports say the same:"))
    for name, agreed, cases in found.records[:LINES_MAX]:
        told = verbatim("{name}: {agreed} / {cases}", name=name, agreed=agreed, cases=cases)
        yield Block(told, "item")


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
