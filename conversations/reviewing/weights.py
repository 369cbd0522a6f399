"""How much a flag counts: the one place where trust grows or is lost.

In words. A flag that the programme's own sheet or a check raised counts by its severity alone. A
person's flag counts one at first, so that a crowd of new accounts is worth little. Once somebody
has had more than five flags decided, being right more often than seven times in ten adds to their
weight, the more the longer their record; being right less often takes away, down to nothing.
Nobody's weight grows beyond four, so no single person can bring a case to the top. All that people
add to one case together is bounded as well: a thousand flags from fresh accounts are one loud flag.

The curve is that of Discourse's reviewables: logarithmic in the length of a record, around a pivot.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from typing import Final

from conversations.sheets.flags import Severity

PIVOT: Final = 0.7
"""The share of right flags at which a record neither adds nor takes away."""

DECIDED_MIN: Final = 5
"""Of a record that is not longer nothing is concluded."""

PERSON_MAX: Final = 4.0
PEOPLE_MAX: Final = 8.0
"""What one person's flag, and all people's flags on one case, can weigh at most."""

BY_SEVERITY: Final = {
    Severity.LOW: 1.0,
    Severity.MEDIUM: 2.0,
    Severity.HIGH: 4.0,
    Severity.URGENT: 8.0,
}


@dataclass(frozen=True, slots=True)
class Record:
    """How often somebody's flags, or reports, were found right among those decided."""

    right: int = 0
    decided: int = 0


def weight_of_person(record: Record) -> float:
    """Return what a person's flag counts, from 0 to `PERSON_MAX`.

    >>> weight_of_person(Record()), weight_of_person(Record(0, 20))
    (1.0, 0.0)
    >>> 2 < weight_of_person(Record(20, 20)) <= PERSON_MAX
    True
    """
    if record.decided <= DECIDED_MIN:
        return 1.0
    share = record.right / record.decided
    length = log(record.decided, 4)
    if share >= PIVOT:
        return min(PERSON_MAX, 1.0 + (share - PIVOT) / (1 - PIVOT) * length)
    return max(0.0, 1.0 - (PIVOT - share) / PIVOT * length)


def weight_of_case(severities: Iterable[Severity], people: Iterable[Record]) -> float:
    """Add up what checks and people raised about one report."""
    by_people = min(PEOPLE_MAX, sum(map(weight_of_person, people)))
    return sum(BY_SEVERITY[severity] for severity in severities) + by_people
