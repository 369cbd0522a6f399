"""Why a verdict is what it is, in sentences for moderators, and answer by answer in figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from conversations.phrases import Phrase, phrase
from conversations.verdicts.answers import Answer, Validator
from conversations.verdicts.deciding import Verdict
from conversations.verdicts.grades import graded
from conversations.verdicts.reliability import Reliabilities
from conversations.verdicts.rule import Rule


def reasons(verdict: Verdict, rule: Rule) -> tuple[Phrase, ...]:
    """Say what was answered, how it was weighed, and what came of it."""
    return (*_said(verdict, rule), _weighed(verdict), _outcome(verdict, rule))


def _said(verdict: Verdict, rule: Rule) -> Iterator[Phrase]:
    tally, counts = verdict.tally, graded(verdict, rule)
    # Translators: to a moderator; how many people of the place said a report is right, or not.
    yield phrase(
        "Residents: {yes} say it is so, {no} that it is not.", yes=counts.yes, no=counts.no
    )
    if any(tally.heard):
        # Translators: to a moderator; {count} people only heard of what was reported.
        yield phrase(
            "Only heard of it: {count}. They count half, all together at most like one who saw.",
            count=sum(tally.heard),
        )
    if tally.abstained:
        # Translators: to a moderator; {count} people did not answer the question itself.
        yield phrase("Could not tell, or would rather not say: {count}.", count=tally.abstained)
    if any(tally.records):
        right = tally.records[rule.classes.index(rule.confirming)]
        # Translators: to a moderator; registers of clinics, say, were looked up: {yes} bear it out.
        yield phrase(
            "Records: {yes} bear it out, {no} do not.", yes=right, no=sum(tally.records) - right
        )
    if tally.unproven:
        # Translators: to a moderator; {count} people have not yet answered test questions well.
        yield phrase(
            "Do not count yet: {count}. They have not answered two test questions well.",
            count=tally.unproven,
        )


def _weighed(verdict: Verdict) -> Phrase:
    if verdict.by_lead:
        # Translators: to a moderator; how it is worked out whether a report is right.
        return phrase(
            "Too little is known yet of who is often right: each answer counts one, and a lead of "
            "three decides."
        )
    # Translators: to a moderator; how it is worked out whether a report is right.
    return phrase("Each answer counts by how often its author was right before.")


def _outcome(verdict: Verdict, rule: Rule) -> Phrase:
    match verdict.why:
        case "moderator" if verdict.disagrees:
            # Translators: residents clearly say something else than the moderator decided.
            return phrase("A moderator decided. Residents clearly say otherwise.")
        case "moderator":
            # Translators: whether a report is right was decided by a moderator, not by residents.
            return phrase("A moderator decided.")
        case "clear":
            # Translators: what residents answered about a report leaves little doubt.
            return phrase("That is clear enough to decide.")
        case "holds":
            # Translators: some later answers contradict a decision, too few to undo it.
            return phrase("It was decided before, and too little speaks against it since.")
        case "too few":
            # Translators: to a moderator; {count} is the least number of answers.
            return phrase("Fewer than {count} answers count: it is open.", count=rule.least)
        case "not clear":
            # Translators: to a moderator; {count} more people should be asked about a report.
            return phrase("It is not clear yet. Still to ask: {count}.", count=verdict.wanted)
        case "reopened":
            # Translators: to a moderator; {count} more people should be asked about a report.
            return phrase(
                "Later answers speak against what was decided: it is open again. Still to ask: "
                "{count}.",
                count=verdict.wanted,
            )
        case "used up":
            # Translators: to a moderator; {count} is the greatest number of people to ask.
            return phrase(
                "All {count} answers are there, and it is not clear: a moderator decides.",
                count=rule.answers_max,
            )
        case "record":
            # Translators: a register of a clinic, say, does not agree with what residents say.
            return phrase("A record contradicts the residents: a moderator decides.")
        case _:
            assert_never(verdict.why)


@dataclass(frozen=True, slots=True)
class Worth:
    """What one answer was worth: by how much it raises its class over the next, as a logarithm.

    The answer of a stranger is worth 1.1, of somebody right nine times of ten 2.2; 0 is nothing.
    """

    validator: Validator
    choice: str
    worth: float


def worths(
    answers: Sequence[Answer], reliabilities: Reliabilities, rule: Rule
) -> tuple[Worth, ...]:
    """Return what each first-hand answer of a case is worth, for whoever checks a verdict."""
    found = []
    for answer in answers:
        said, first_hand = rule.places.get(answer.choice, (0, False))
        if first_hand:
            known = reliabilities.of(answer, rule)
            logs = known.logs[said] if known else (0.0,) * len(rule.classes)
            others = max(value for right, value in enumerate(logs) if right != said)
            found.append(Worth(answer.validator, answer.choice, logs[said] - others))
    return tuple(found)
