"""How much a flag, and a moderator's word, counts: the one place where trust grows or is lost.

In words. A flag that the programme's own sheet or a check raised counts by its severity alone. A
person's flag counts one at first, so that a crowd of new accounts is worth little. Once somebody
has had more than five flags decided, being right more often than seven times in ten adds to their
weight, the more the longer their record; being right less often takes away, down to nothing.
Nobody's weight grows beyond four, so no single person can bring a case to the top. All that people
add to one case together is bounded as well: a thousand flags from fresh accounts are one loud flag.

A moderator's word goes by the same curve. Their record is what somebody else bore out, or did not:
decisions to which a reporter objected, second looks, and samples of `/train`; a decision that
nobody looked at again says nothing about them. What they leave to a senior stands
in the queue by their weight, so that of two such cases the one of whoever is mostly right comes
sooner. And the better they are borne out, the fewer of their decisions are looked at again: one in
ten at first, one in twenty of whoever has long been right, up to every second one of whoever is
often wrong. Whether one or two persons must agree is the programme's rule and nobody's record.

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

SHARE: Final = 0.1
SHARE_MIN: Final = 0.05
SHARE_MAX: Final = 0.5
"""How many decisions are looked at twice: of whoever is new, the least, and the most."""

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


@dataclass(frozen=True, slots=True)
class ModeratorRecord:
    """How a moderator's decisions fared with others.

    Of `objected` decisions `stood` were decided alike by somebody else. Of `looked_at` second
    looks (theirs at another's decision, another's at theirs) `alike` said the same, and so did
    `samples_alike` of `samples`.
    """

    objected: int = 0
    stood: int = 0
    looked_at: int = 0
    alike: int = 0
    samples: int = 0
    samples_alike: int = 0

    @property
    def summed(self) -> Record:
        """Return how often they were borne out, of how many times somebody looked."""
        right = self.stood + self.alike + self.samples_alike
        return Record(right, self.objected + self.looked_at + self.samples)


def weight_of_moderator(record: ModeratorRecord) -> float:
    """Return what counts that a moderator leaves a case to a senior, from 0 to `PERSON_MAX`.

    >>> weight_of_moderator(ModeratorRecord())
    1.0
    >>> 2 < weight_of_moderator(ModeratorRecord(looked_at=16, alike=16)) <= PERSON_MAX
    True
    """
    return weight_of_person(record.summed)


def second_look_share(record: ModeratorRecord) -> float:
    """Return how many of a moderator's decisions are looked at again, from 0.05 to 0.5.

    >>> second_look_share(ModeratorRecord())
    0.1
    >>> second_look_share(ModeratorRecord(looked_at=40, alike=40))
    0.05
    >>> second_look_share(ModeratorRecord(samples=20, samples_alike=2))
    0.5
    """
    weight = weight_of_moderator(record)
    return min(SHARE_MAX, max(SHARE_MIN, SHARE / weight if weight else SHARE_MAX))


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


def weight_of_case(
    severities: Iterable[Severity],
    people: Iterable[Record],
    left_by: ModeratorRecord | None = None,
) -> float:
    """Add up what checks and people raised about one report, and whoever left it to a senior."""
    by_people = min(PEOPLE_MAX, sum(map(weight_of_person, people)))
    by_moderator = weight_of_moderator(left_by) if left_by else 0.0
    return sum(BY_SEVERITY[severity] for severity in severities) + by_people + by_moderator
