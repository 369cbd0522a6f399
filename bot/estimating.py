"""How reliable validators are, estimated anew when there is enough new to learn from.

The answers are read page by page, the estimation runs in a thread, and what it found is kept in one
unit; meanwhile everybody else goes on. Rounds under way are looked after with what is known then.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from conversations.verdicts.answers import (
    DEFAULT_CHOICES,
    Answer,
    Choice,
    Source,
    Validator,
    counted,
)
from conversations.verdicts.estimation import due, reestimate
from conversations.verdicts.rule import Rule
from storage import asks, reliabilities, rounds
from storage.store import Store

PAGE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Given:
    """All that an estimation rests on."""

    cases: Mapping[str, tuple[Answer, ...]]
    truths: Mapping[str, str]
    decided: frozenset[str]
    sources: dict[Validator, Source]


async def estimate_all(
    store: Store, programme: str, now: datetime, *, probation: bool = False
) -> int:
    """Estimate reliabilities anew wherever enough was answered since; return for how many."""
    async with store.reading() as reading:
        answers = await reliabilities.decided_answers(reading, programme)
        last = {classes: await reliabilities.estimate(reading, programme, classes)
                for classes in answers}  # fmt: skip
    ripe = [
        classes
        for classes, number in answers.items()
        if due(number, known.answers if (known := last[classes]) else 0, probation=probation)
    ]
    for classes in ripe:
        await estimate(store, programme, classes, now)
    return len(ripe)


async def estimate(store: Store, programme: str, classes: tuple[str, ...], now: datetime) -> None:
    """Estimate the reliabilities of all who answer questions with these classes."""
    given = await _given(store, programme, classes)
    rule = rule_over(classes)
    found = await asyncio.to_thread(reestimate, given.cases, given.truths, given.decided, rule)
    async with store.unit() as unit:
        await reliabilities.keep(unit, programme, found, given.sources, now)


def rule_over(classes: tuple[str, ...]) -> Rule:
    """Return the rule by which answers with these classes are read, of usual choices and others.

    >>> rule_over(("yes", "no")).places["saw"], rule_over(("dry", "wet")).classes
    ((0, True), ('dry', 'wet'))
    """
    own = tuple(Choice(name, name) for name in classes)
    usual = (one for one in DEFAULT_CHOICES if one.name not in classes and one.says in classes)
    return Rule((*own, *usual), classes[0])


async def _given(store: Store, programme: str, classes: tuple[str, ...]) -> Given:
    said: dict[str, list[Answer]] = defaultdict(list)
    sources: dict[Validator, Source] = {}
    truths, decided = {}, set()
    async with store.reading() as reading:
        after = 0
        while page := await asks.answers(reading, programme, classes, after, PAGE):
            for _, case, answer in page:
                said[case].append(answer)
                sources[answer.validator] = answer.source
            after = page[-1][0]
        last = 0
        while settled := await rounds.settled(reading, programme, classes, last, PAGE):
            for one in settled:
                decided.add(str(one.id))
                if one.moderator:
                    truths[str(one.id)] = one.moderator
            last = settled[-1].id
    cases = {case: counted(answers) for case, answers in said.items()}
    return Given(cases, truths, frozenset(decided), sources)
