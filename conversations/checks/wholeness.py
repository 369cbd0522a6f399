"""Whether a report is whole."""

from __future__ import annotations

from collections.abc import Iterator

from conversations.checks.doubts import Doubt
from conversations.checks.facts import Facts
from conversations.phrases import phrase
from conversations.sheets.flags import Severity


def handed_in_partly(facts: Facts) -> Iterator[Doubt]:
    """Doubt a report that its reporter did not finish and that was handed in for them."""
    if facts.partial:
        # Translators: to moderators: the reporter stopped, and the report was taken as it was.
        words = phrase("It was not finished, and is handed in as far as it goes.")
        yield Doubt("partial", Severity.LOW, words)
