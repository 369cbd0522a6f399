"""Control questions: how many, to whom, and about what."""

from __future__ import annotations

from collections import Counter

import pytest

from conversations.verdicts.agreement import agreement
from conversations.verdicts.answers import Validator
from conversations.verdicts.controls import control_for, is_control
from conversations.verdicts.reliability import Reliability, unknown
from conversations.verdicts.rule import Rule
from tests.verdicts.said import RULE, STRICT, TWO

KEY = bytes(32)
ANNA = Validator("anna")
PROVEN = Reliability(unknown(2), TWO, borne_out=2)
DECIDED = {f"case {n}": "no" if n < 3 else "yes" for n in range(30)}


@pytest.mark.parametrize(
    ("rule", "known", "share"),
    [
        (RULE, None, 0.1),
        (Rule(control_share=0.05), None, 0.05),
        (Rule(control_share=0), None, 0),
        (STRICT, None, 0.5),
        (STRICT, PROVEN, 0.1),
    ],
)
def test_a_share_of_the_questions_are_controls(
    rule: Rule, known: Reliability | None, share: float
) -> None:
    """One question of ten is a control; for the unproven under probation, one of two."""
    asks = [is_control(KEY, ANNA, ask, known, rule) for ask in range(4000)]
    assert sum(asks) / len(asks) == pytest.approx(share, abs=0.025)
    assert asks == [is_control(KEY, ANNA, ask, known, rule) for ask in range(4000)]


def test_controls_come_evenly_from_every_class() -> None:
    """Though nine of ten decided reports are right, half of the controls are not."""
    drawn = Counter(DECIDED[_control(ask, ())] for ask in range(400))
    assert 0.4 < drawn["no"] / drawn.total() < 0.6


def _control(ask: int, seen: tuple[str, ...]) -> str:
    case = control_for(KEY, ANNA, ask, DECIDED, seen)
    assert case is not None
    return case


def test_nobody_gets_a_control_twice() -> None:
    """What somebody knows is not asked again, until nothing is left."""
    seen: list[str] = []
    for ask in range(len(DECIDED)):
        seen.append(_control(ask, tuple(seen)))
    assert sorted(seen) == sorted(DECIDED)
    assert control_for(KEY, ANNA, 99, DECIDED, seen) is None


def test_agreement_is_counted_beyond_chance() -> None:
    """Always saying yes agrees often where most is right, and not beyond chance."""
    blind = agreement([("yes", "yes")] * 9 + [("yes", "no")])
    assert (blind.cases, blind.agreed, blind.kappa) == (10, 9, 0)
    assert agreement([("yes", "yes"), ("no", "no")]).kappa == 1
    assert agreement([("yes", "yes")]).kappa is None
    assert agreement([]).cases == 0
