"""Reports that may tell of the same thing: proposed to a moderator, never merged by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final

from conversations.checks.doubts import Doubt
from conversations.checks.facts import CHOSEN, COUNTED, Facts, Given, Neighbour
from conversations.phrases import phrase
from conversations.sheets.flags import Severity
from conversations.xpath.functions.geometry import distance_metres

NEAR_METRES: Final = 250.0
"""FixMyStreet proposes reports of one category within 250 m."""

SOON: Final = timedelta(days=3)

ALIKE: Final = 0.75
"""So many of the answers that both give must be the same."""

SHARED_MIN: Final = 3
"""Answers that both must give, for a share to mean anything."""

PROPOSED_MAX: Final = 5


KEY_KINDS: Final = CHOSEN | COUNTED | frozenset({"date", "barcode"})
"""Answers that two people give alike about the same thing; their own words differ."""


def key_answers(answers: Iterable[Given]) -> Mapping[str, str]:
    """Return by reference the answers that two reports of the same thing share."""
    return {one.reference: one.value for one in answers if one.question.kind in KEY_KINDS}


def possible_duplicates(facts: Facts) -> Iterator[Doubt]:
    """Propose the reports that are near in place, time and key answers, the likest first."""
    own = key_answers(facts.answers)
    likeness = {
        other.instance_id: _likeness(own, other.answers)
        for other in facts.neighbours
        if _is_near(facts, other)
    }
    alike = sorted(
        (one for one in likeness if likeness[one] >= ALIKE), key=lambda one: (-likeness[one], one)
    )
    for instance_id in alike[:PROPOSED_MAX]:
        # Translators: to moderators: another report looks much like this one.
        words = phrase("Perhaps the same as another report, which stands beside it.")
        yield Doubt("duplicate", Severity.MEDIUM, words, (), instance_id)


def _is_near(facts: Facts, other: Neighbour) -> bool:
    if abs(facts.sent_at - other.sent_at) > SOON:
        return False
    if facts.place is None or other.place is None:
        return facts.place is None and other.place is None
    return distance_metres([facts.place, other.place]) <= NEAR_METRES


def _likeness(own: Mapping[str, str], other: Mapping[str, str]) -> float:
    """Return the share of like answers among those that both give; 0 where these are too few."""
    shared = own.keys() & other.keys()
    if len(shared) < SHARED_MIN:
        return 0.0
    return sum(own[one] == other[one] for one in shared) / len(shared)
