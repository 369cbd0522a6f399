"""What a trainee reads and taps: a sample, what was decided about it, and how they fared.

    /train → sample → judged → what was decided → next sample … → how they fared

A course has five samples, or fewer where no more are there; then it says how often the trainee
decided as others had, and which way they err.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from conversations.moderating.card import FLAG, WORDS_MAX
from conversations.phrases import Phrase, phrase, phrase_of_many, verbatim
from conversations.replies import Block, Button, Buttons, Reply, Revise, Send
from conversations.reviewing.cases import Outcome
from conversations.reviewing.words import outcome_named, severity_named
from conversations.training.samples import Decision, Sample

STAMP: Final = "@train"
"""Stamps the buttons under a sample; no session's key looks like it."""

SLOT: Final = "sample"
COURSE: Final = 5
"""Samples after which a trainee is told how they fare."""

SURE_AT: Final = 10
"""After so many samples the share of those decided alike begins to say something."""

DOUBTS_MAX: Final = 8
ANSWERS_MAX: Final = 40

Judged: TypeAlias = Literal["approved", "rejected", "not verifiable"]
JUDGED: Final[tuple[Judged, ...]] = get_args(Judged)
JUDGED_BY: Final[dict[str, Judged]] = {
    "approve": "approved", "reject": "rejected", "unverifiable": "not verifiable",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sample that was judged: what was decided, and what the trainee said."""

    decided: Judged
    judged: Judged


def as_judged(outcome: Outcome) -> Judged | None:
    """Return what a trainee would have to say to decide alike; None where no sample can ask it.

    >>> as_judged("verified"), as_judged("duplicate")
    ('approved', None)
    """
    match outcome:
        case "approved" | "verified":
            return "approved"
        case "rejected" | "not verifiable":
            return outcome
        case _:
            return None


def no_samples(*, seen: int) -> Send:
    """Say that there is nothing to learn from, or nothing more."""
    if seen:
        # Translators: to a new moderator who has seen every sample there is.
        told = phrase("You have seen all samples there are. More come with what is decided.")
        return Send((Block(told),))
    # Translators: to a new moderator who wants to practise; /queue is a command.
    nothing = phrase(
        "There are no samples yet. They are made of reports about which two moderators, or a "
        "senior one, decided. Until then begin with /queue: a decision can be taken back."
    )
    return Send((Block(nothing),))


def shown(sample: Sample, number: int, step: int) -> Send:
    """Put a sample before a trainee; `number` counts it within its course."""
    # Translators: a button under a sample with which a new moderator practises.
    approve = Button(phrase("Approve ✓"), "approve")
    # Translators: a button under a sample with which a new moderator practises.
    reject = Button(phrase("Reject ✗"), "reject")
    # Translators: a button under a sample with which a new moderator practises.
    unverifiable = Button(phrase("Cannot be verified"), "unverifiable")
    # Translators: a button: a new moderator does not want to practise any more just now.
    enough = Button(phrase("That is enough"), "enough")
    keys = Buttons(STAMP, step, ((approve, reject), (unverifiable,), (enough,)))
    return Send(tuple(_card(sample, number)), keys, slot=SLOT)


def _card(sample: Sample, number: int) -> Iterator[Block]:
    # Translators: above a report with which a new moderator practises; {form} is what it is about.
    title = phrase("Sample {number} of {count} · {form}",
                   number=number, count=COURSE, form=sample.title)  # fmt: skip
    yield Block(title, "title")
    # Translators: to a moderator who practises: in which month a report was sent.
    yield Block(phrase("Sent in {month}", month=sample.month), "item")
    if sample.area is not None:
        # Translators: to moderators: the area in which a report was made.
        yield Block(phrase("Area: {area}", area=sample.area), "item")
    for severity, words in sample.doubts[:DOUBTS_MAX]:
        named = severity_named(severity)
        told = verbatim("⚑ {severity}: {words}", severity=named, words=words[:WORDS_MAX])
        yield Block(told, "item")
    for one in sample.answers[:ANSWERS_MAX]:
        yield from (Block(title, "group") for title in one.titles)
        mark = f"{FLAG} " if one.flagged else ""
        asked = verbatim("{mark}{number}. {question}",
                         mark=mark, number=one.number, question=one.question)  # fmt: skip
        yield Block(asked, "item")
        yield Block(one.answer, "answer")
    # Translators: under a sample with which a new moderator practises.
    asked_now = phrase("How would you decide? It changes nothing about the report.")
    yield Block(asked_now, "question")


def told(
    judged: Judged, decision: Decision, lessons: Iterable[Lesson], step: int, *, more: bool
) -> tuple[Reply, ...]:
    """Say what was decided about a sample; after the last of a course also how the trainee fared.

    `lessons` are all they judged, this one among them; `more` says that other samples wait.
    """
    known = tuple(lessons)
    blocks = [*_compared(judged, decision)]
    ended = not more or len(known) % COURSE == 0
    blocks += fared(known) if ended else [Block(_score(known))]
    # Translators: a button: show a new moderator the next sample to practise on.
    further = Button(phrase("Next sample"), "next")
    # Translators: a button: a new moderator does not want to practise any more just now.
    enough = Button(phrase("That is enough"), "enough")
    below = Buttons(STAMP, step, ((further,), (enough,))) if more else None
    if not more:
        blocks.append(Block(phrase("You have seen all samples there are. More come with what is "
                                   "decided.")))  # fmt: skip
    return Revise(SLOT, None), Send(tuple(blocks), below, slot=SLOT)


def _compared(judged: Judged, decision: Decision) -> Iterator[Block]:
    named = outcome_named(decision.outcome)
    if judged == as_judged(decision.outcome):
        # Translators: to a moderator who practises and decided as others had; "approved", say.
        yield Block(phrase("✓ So it was decided: {outcome}.", outcome=named))
    else:
        # Translators: to a moderator who practises and decided otherwise than others had.
        yield Block(phrase("It was decided otherwise: {outcome}. You said: {judged}.",
                           outcome=named, judged=outcome_named(judged)))  # fmt: skip
    if decision.why:
        # Translators: why a report does not count.
        yield Block(phrase("The reason: {why}", why=decision.why[:WORDS_MAX]), "item")


def alike(lessons: Iterable[Lesson]) -> int:
    """Count the samples that were judged as they had been decided."""
    return sum(one.judged == one.decided for one in lessons)


def _score(lessons: tuple[Lesson, ...]) -> Phrase:
    # Translators: to a moderator who practises: how often they decided as others had.
    return phrase_of_many(
        "{alike} of {count} sample decided alike so far.",
        "{alike} of {count} samples decided alike so far.",
        len(lessons), alike=alike(lessons),
    )  # fmt: skip


def fared(lessons: tuple[Lesson, ...]) -> list[Block]:
    """Say how a trainee fares over all samples, and which way they err."""
    blocks = [Block(_score(lessons), "title")]
    errors = Counter((one.decided, one.judged) for one in lessons if one.judged != one.decided)
    for (decided, judged), count in sorted(errors.items(), key=lambda item: (-item[1], item[0])):
        # Translators: to a moderator who practises: what they said where others decided otherwise,
        # as in "You said approved, decided was rejected: 2 times".
        told = phrase("You said “{judged}”, decided was “{outcome}”: {count}",
                      judged=outcome_named(judged), outcome=outcome_named(decided),
                      count=count)  # fmt: skip
        blocks.append(Block(told, "item"))
    if len(lessons) < SURE_AT:
        # Translators: to a moderator who practises; a few samples prove little.
        blocks.append(Block(phrase("A few samples say little. Go on as long as you learn.")))
    return blocks


def stopped() -> tuple[Reply, ...]:
    """End for now."""
    # Translators: to a moderator who stops practising; /train and /queue are commands.
    said = phrase("All right. /train goes on where you stopped, /queue shows real reports.")
    return Revise(SLOT, None), Send((Block(said),))
