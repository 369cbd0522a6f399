"""The verdict of a case: open, decided, or for a moderator.

| what is there | verdict |
|---|---|
| a moderator decided | decided; residents who clearly say otherwise are told of (`disagrees`) |
| a record clearly against what residents say | for a moderator |
| first-hand answers below the least number | open, while answers are left to ask for |
| a class clearly leads | decided |
| decided before, and it still holds | decided |
| none of these, answers left | open (again) |
| none of these, no answer left | for a moderator |

A case is worked out anew from all its answers each time: when one comes (also late), when its
author is erased, when reliabilities were estimated again. Only `stood`, what was decided before,
makes a difference: it takes more to undo a decision than to withhold one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal, TypeAlias

from conversations.verdicts.answers import Answer
from conversations.verdicts.reliability import Reliabilities
from conversations.verdicts.rule import Rule
from conversations.verdicts.weighing import Tally, Weighing, weigh

State: TypeAlias = "Literal['open', 'decided', 'for a moderator']"
Why: TypeAlias = """Literal[
    'moderator', 'clear', 'holds', 'too few', 'not clear', 'reopened', 'used up', 'record'
]"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the answers of a case add up to, and why.

    `says` is the class decided, None while there is none. `wanted` is how many more answers to
    ask for now, the fewest that could decide; answers already asked for are part of it.
    """

    state: State
    why: Why
    says: str | None
    tally: Tally
    by_lead: bool
    wanted: int = 0
    disagrees: bool = False

    def to_ask(self, waiting: int) -> int:
        """Return how many people to ask, where so many have been asked and not answered yet."""
        return max(0, self.wanted - waiting)


def verdict(
    answers: Sequence[Answer],
    reliabilities: Reliabilities,
    rule: Rule,
    *,
    stood: str | None = None,
    moderator: str | None = None,
) -> Verdict:
    """Decide a case from the answers that count (`answers.counted`), in any order.

    `stood` is the class decided before, if any; `moderator` the class a moderator decided.
    """
    weighed = weigh(answers, reliabilities, rule)
    tally, by_lead = weighed.tally, weighed.by_lead
    enough = tally.first_hand >= rule.least
    clear = enough and not weighed.short and weighed.leader is not None
    leader = None if weighed.leader is None else rule.classes[weighed.leader]
    if moderator is not None:
        disagrees = clear and leader != moderator
        return Verdict("decided", "moderator", moderator, tally, by_lead, disagrees=disagrees)
    if _record_against(weighed):
        return Verdict("for a moderator", "record", None, tally, by_lead)
    if clear:
        return Verdict("decided", "clear", leader, tally, by_lead)
    if enough and stood in rule.classes and weighed.holds(rule.classes.index(stood)):
        return Verdict("decided", "holds", stood, tally, by_lead)
    left = rule.answers_max - tally.residents
    if left <= 0:
        return Verdict("for a moderator", "used up", None, tally, by_lead)
    missing = max(1, rule.least - tally.first_hand, ceil(weighed.short))
    why: Why = "reopened" if stood is not None else "not clear" if enough else "too few"
    return Verdict("open", why, None, tally, by_lead, wanted=min(left, missing))


def _record_against(weighed: Weighing) -> bool:
    """Tell whether records say one thing, and most residents who saw it another."""
    records, saw = weighed.tally.records, weighed.tally.saw
    if not any(records) or not any(saw):
        return False
    by_record, by_residents = max(records), max(saw)
    if records.count(by_record) > 1 or saw.count(by_residents) > 1:
        return False
    return records.index(by_record) != saw.index(by_residents)
