"""Checks: doubts that a program can raise about a report, before any person reads it.

Each check is a function from `Facts` (one report as it stands, and what is known around it) to
`Doubt`s. A doubt decides nothing: it puts a report before moderators, earlier or later. Checks must
not name the reporter, and none calls anything wrong; their words say what was seen.

A programme switches each on or off by its name (`CHECKS`), in `[checks]` of `programme.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from conversations.checks.doubts import Doubt
from conversations.checks.facts import Facts
from conversations.checks.likeness import possible_duplicates
from conversations.checks.numbers import outliers
from conversations.checks.pictures import old_photos, same_pictures
from conversations.checks.places import outside_areas
from conversations.checks.privacy import personal_data
from conversations.checks.speed import straight_lines, too_fast
from conversations.checks.times import strange_dates
from conversations.checks.tongues import other_language
from conversations.checks.wholeness import handed_in_partly

Check: TypeAlias = Callable[[Facts], Iterable[Doubt]]

CHECKS: Final[Mapping[str, Check]] = {
    "duplicate": possible_duplicates,
    "outside": outside_areas,
    "fast": too_fast,
    "straight": straight_lines,
    "outlier": outliers,
    "language": other_language,
    "personal": personal_data,
    "picture": same_pictures,
    "date": strange_dates,
    "photo": old_photos,
    "partial": handed_in_partly,
}
"""Every check by the name under which a programme switches it off."""


def doubts(facts: Facts, switched_off: Iterable[str] = ()) -> tuple[Doubt, ...]:
    """Raise every doubt that the checks still switched on have about a report, gravest first."""
    left_out = frozenset(switched_off)
    raised = [
        doubt for name, check in CHECKS.items() if name not in left_out for doubt in check(facts)
    ]
    return tuple(sorted(raised, key=lambda doubt: -doubt.severity))
