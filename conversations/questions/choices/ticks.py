"""Ticks that go together: a choice that stands alone clears the others, and they clear it.

Which choice stands alone ("none of these") is read from the form's constraint and nothing else:
it fits by itself, and with none of the others.
"""

from __future__ import annotations

from collections.abc import Iterable

from conversations.questions.base import Asked

PAIRS_MAX = 30
"""With so many others a choice is tried, before it counts as one that stands alone."""


def with_tick(asked: Asked, ticked: Iterable[str], name: str) -> tuple[str, ...]:
    """Add a tick; what stands alone does not stay beside others."""
    before = tuple(one for one in ticked if one != name)
    together = (*before, name)
    if not before or asked.fits(in_order(asked, together)):
        return together
    if stands_alone(asked, name, before):
        return (name,)
    return (*(one for one in before if not stands_alone(asked, one, (name,))), name)


def stands_alone(asked: Asked, name: str, beside: Iterable[str]) -> bool:
    """Tell whether a choice fits by itself and with no other; those `beside` are tried first."""
    if not asked.fits(name):
        return False
    first = asked.state.choices[: PAIRS_MAX + 1]
    others = dict.fromkeys((*beside, *(choice.name for choice in first)))
    pairs = [(name, other) for other in others if other != name][:PAIRS_MAX]
    return not any(asked.fits(in_order(asked, pair)) for pair in pairs)


def in_order(asked: Asked, names: Iterable[str]) -> str:
    """Write names as an answer: in the order of the list; those not on offer fall away."""
    wanted = frozenset(names)
    return " ".join(name for name in asked.state.choices.names() if name in wanted)
