"""Where a report says it was."""

from __future__ import annotations

from collections.abc import Iterator

from conversations.areas import area_at
from conversations.checks.doubts import Doubt
from conversations.checks.facts import Facts
from conversations.phrases import phrase
from conversations.sheets.flags import Severity


def outside_areas(facts: Facts) -> Iterator[Doubt]:
    """Doubt each place that lies in none of the areas in which the programme works."""
    if not facts.areas:
        return
    for reference, place in facts.places().items():
        if not area_at(facts.areas, place):
            # Translators: to moderators, about a place on the map.
            words = phrase("The place is outside of the areas of this programme.")
            yield Doubt("outside", Severity.MEDIUM, words, (reference,))
