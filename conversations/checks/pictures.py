"""Pictures that were seen before, or taken long before the report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from conversations.checks.doubts import Doubt
from conversations.checks.facts import Facts
from conversations.phrases import phrase
from conversations.sheets.flags import Severity

SAME_BITS: Final = 6
"""Bits of 64 in which two difference hashes of one picture may differ after it was scaled down,
sent again or brightened; pictures of different things differ in about 32."""

OLD: Final = timedelta(days=30)


def same_look(one: int, other: int) -> bool:
    """Tell whether two hashes are those of one picture.

    >>> same_look(0b1011, 0b1000), same_look(0, 2**64 - 1)
    (True, False)
    """
    return (one ^ other).bit_count() <= SAME_BITS


def same_pictures(facts: Facts) -> Iterator[Doubt]:
    """Doubt each picture that stands in another report, too."""
    for picture in facts.pictures:
        for other in picture.known_in:
            # Translators: to moderators: a picture was sent before, with another report.
            words = phrase("The same picture stands in another report.")
            yield Doubt("picture", Severity.HIGH, words, (picture.reference,), other)


def old_photos(facts: Facts) -> Iterator[Doubt]:
    """Doubt each photo whose file says that it was taken long before the report."""
    for picture in facts.pictures:
        taken = picture.taken_at
        if taken is not None and facts.sent_at - taken > OLD:
            # Translators: to moderators: {date} is the day on which a photo was taken.
            words = phrase("The photo was taken on {date}, long before.", date=taken.date())
            yield Doubt("photo", Severity.LOW, words, (picture.reference,))
