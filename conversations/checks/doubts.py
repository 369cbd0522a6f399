"""A doubt as a value."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.phrases import Phrase
from conversations.sheets.flags import Severity


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a check saw in a report.

    `check` is the check's name, `words` what moderators read, `about` the references of the answers
    it is about, `other` the instance id of another report that it points to, blank where there is
    none. Two doubts of one check about the same answers and report are the same doubt.
    """

    check: str
    severity: Severity
    words: Phrase
    about: tuple[str, ...] = ()
    other: str = ""

    @property
    def key(self) -> str:
        """Name the doubt among those about one report."""
        return "|".join((self.check, self.other, *self.about))
