"""What speaks for or against a report besides itself: what others said, and what came of it later.

Of those who were asked there are counts by answer, never who.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conversations.phrases import Phrase, Speech, phrase_of_many


@dataclass(frozen=True, slots=True)
class OthersSaid:
    """A question that was put to others, and how many gave each answer.

    `asked` counts all it was put to; `grade` is what it comes to so far.
    """

    question: str
    counts: tuple[tuple[Speech, int], ...]
    asked: int
    grade: Phrase

    @property
    def answered(self) -> int:
        """Return how many have answered."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class Step:
    """Another report of the same chain, with its answers; `earlier` where it came before."""

    code: str
    title: str
    sent_at: datetime
    lines: tuple[tuple[str, str], ...]
    earlier: bool = False


def how_many(said: OthersSaid) -> Phrase:
    """Say how many have answered, of how many."""
    # Translators: to moderators: other people were asked about a report.
    return phrase_of_many(
        "{answered} of {count} person asked has answered.",
        "{answered} of {count} people asked have answered.",
        said.asked, answered=said.answered,
    )  # fmt: skip
