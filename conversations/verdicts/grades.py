"""What people see of a verdict: a grade and counts, never how likely it is.

Measured on real labels, what the model holds to be 95 % certain was right in 80 to 95 % of cases:
hard questions make people err together. So no figure of certainty is shown to anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from conversations.phrases import Phrase, phrase
from conversations.verdicts.deciding import Verdict
from conversations.verdicts.rule import Rule

Grade: TypeAlias = """Literal[
    'unconfirmed', 'confirmed by residents', 'confirmed by a record', 'confirmed by a moderator',
    'disputed', 'rejected'
]"""


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade, with how many residents said that the report is right, and how many that it is not.

    Those who saw and those who heard count alike here; records and abstentions do not count.
    """

    grade: Grade
    yes: int
    no: int


def graded(verdict: Verdict, rule: Rule) -> Graded:
    """Grade a verdict."""
    tally = verdict.tally
    said = [saw + heard for saw, heard in zip(tally.saw, tally.heard, strict=True)]
    yes = said[rule.classes.index(rule.confirming)]
    return Graded(_grade(verdict, rule), yes, sum(said) - yes)


def _grade(verdict: Verdict, rule: Rule) -> Grade:
    right = verdict.says == rule.confirming
    match verdict.state:
        case "decided" if verdict.why == "moderator":
            return "confirmed by a moderator" if right else "rejected"
        case "decided":
            return "confirmed by residents" if right else "disputed"
        case "for a moderator":
            return "disputed"
        case _:
            return "unconfirmed"


def worded(given: Graded) -> Phrase:
    """Say a grade to people."""
    match given.grade:
        case "unconfirmed":
            # Translators: a report that not enough other people have been asked about yet.
            return phrase("Not confirmed yet")
        case "confirmed by residents":
            # Translators: other people of the place said whether a report is right; numbers.
            return phrase(
                "Confirmed by residents (yes: {yes}, no: {no})", yes=given.yes, no=given.no
            )
        case "confirmed by a record":
            # Translators: a register of a clinic, say, was looked up and bears a report out.
            return phrase("Confirmed by a record")
        case "confirmed by a moderator":
            # Translators: a moderator decided that a report is right.
            return phrase("Confirmed by a moderator")
        case "disputed":
            # Translators: people of the place do not agree whether a report is right; numbers.
            return phrase("Disputed (yes: {yes}, no: {no})", yes=given.yes, no=given.no)
        case "rejected":
            # Translators: a moderator decided that a report is not right.
            return phrase("Rejected by a moderator")
