"""Which numbers people may see: none of few people, and none that gives a smaller one away.

Disclosure control, as the Copenhagen Framework asks of whoever publishes citizen data. One rule for
all that is shown to the public: monthly results, and figures that residents are asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

PEOPLE_MIN: Final = 5
"""A number of things that fewer people told stands nowhere."""


def may_be_shown(people: Iterable[str]) -> bool:
    """Tell whether enough people, each counted once, stand behind a number.

    >>> may_be_shown(["a", "b", "c", "d", "e"]), may_be_shown(["a"] * 9)
    (True, False)
    """
    return len(set(people)) >= PEOPLE_MIN


def give_away(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tell whether two numbers beside each other give away a number of few people.

    Each is the reports behind a number, by id, with who sent them. Whoever knows both numbers knows
    how many are in the one and not in the other.
    """
    rests = (one.keys() - other.keys(), other.keys() - one.keys())
    people = {**one, **other}
    return any(rest and not may_be_shown(people[key] for key in rest) for rest in rests)


def shown_beside(
    total: Mapping[str, str], parts: Mapping[str, Mapping[str, str]]
) -> frozenset[str]:
    """Return which parts of a total may be seen beside it: the smallest go first.

    What is left of the total without all parts that are seen must be nothing, or of enough people.

    >>> many = {f"a{n}": f"amina {n}" for n in range(6)}
    >>> shown_beside({**many, "b": "juma"}, {"hill": many}), shown_beside(many, {"hill": many})
    (frozenset(), frozenset({'hill'}))
    """
    shown = [name for name in parts if may_be_shown(parts[name].values())]
    shown.sort(key=lambda name: (-len(parts[name]), name))
    while shown and may_be_shown(total.values()):
        together = {key: who for name in shown for key, who in parts[name].items()}
        if not give_away(together, total):
            break
        shown.pop()
    return frozenset(shown)
