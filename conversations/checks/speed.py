"""Answers given without reading: too fast for anybody, or all in one line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from conversations.checks.doubts import Doubt
from conversations.checks.facts import CHOSEN, Facts, Given
from conversations.phrases import phrase
from conversations.sheets.flags import Severity
from conversations.xform.form import FixedChoice, Itemset

SIGNS_A_SECOND: Final = 50.0
"""Twice what fast readers manage (about 25 signs a second, or 300 words a minute)."""

SECONDS_AN_ANSWER: Final = 0.7
"""Nobody sees a key, decides and taps it in less."""

ANSWERS_MIN: Final = 5
"""Of fewer answers nothing can be concluded."""

LINE_MIN: Final = 6
"""So many questions in a row with the same choices, all answered alike, are a straight line."""


def too_fast(facts: Facts) -> Iterator[Doubt]:
    """Doubt a report that was given faster than its questions can be read."""
    if facts.began_at is None or len(facts.answers) < ANSWERS_MIN:
        return
    took = (facts.sent_at - facts.began_at).total_seconds()
    read = sum(one.read for one in facts.answers)
    least = read / SIGNS_A_SECOND + SECONDS_AN_ANSWER * len(facts.answers)
    if took < least:
        # Translators: to moderators, about a report: how long its reporter took for it.
        words = phrase(
            "{answers} answers in {seconds} seconds: hardly read.",
            answers=len(facts.answers),
            seconds=round(took),
        )
        yield Doubt("fast", Severity.MEDIUM, words)


def straight_lines(facts: Facts) -> Iterator[Doubt]:
    """Doubt each run of like questions that has the same answer all along."""
    for choices, run in groupby(facts.of(CHOSEN), _choices):
        line = tuple(run)
        if choices and len(line) >= LINE_MIN and len({one.value for one in line}) == 1:
            # Translators: to moderators: somebody chose the same answer to many questions in a row.
            words = phrase("The same answer to {count} questions in a row.", count=len(line))
            yield Doubt("straight", Severity.LOW, words, tuple(one.reference for one in line))


def _choices(one: Given) -> object:
    """Return what tells apart the list a question chooses from; falsy where that is unknown."""
    match one.question.choices:
        case Itemset(nodes):
            return nodes.text
        case tuple(choices):
            return tuple(choice.name for choice in choices if isinstance(choice, FixedChoice))
        case _:
            return None
