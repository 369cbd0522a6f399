"""How counts, and what is wrong with them, are said: to people and to moderators alike."""

from __future__ import annotations

from typing import Final

from conversations.phrases import Phrase, phrase, phrase_of_many

WITHDRAWN: Final = -1
"""In place of a count: the figure was taken back."""


def count_told(count: int | None) -> Phrase:
    """Say a count as results do."""
    if count is None:
        # Translators: in the results of a month: fewer people reported than may be shown.
        return phrase("too few to show")
    if count == WITHDRAWN:
        # Translators: in the results of a month, in the place of a number that was wrong.
        return phrase("withdrawn")
    return phrase_of_many("{count} report", "{count} reports", count)


def reason_named(reason: str) -> Phrase:
    """Say what is wrong with a figure; stands on buttons."""
    match reason:
        case "high":
            # Translators: a button, and to moderators: what is wrong with a published number.
            return phrase("The number is too high")
        case "low":
            # Translators: a button, and to moderators: what is wrong with a published number.
            return phrase("The number is too low")
        case "place":
            # Translators: a button, and to moderators: the number is not about the place it names.
            return phrase("It is not about this place")
        case "harm":
            # Translators: a button, and to moderators: what is wrong with a published number.
            return phrase("It could harm somebody")
        case _:
            # Translators: a button, and to moderators: what is wrong with a published number.
            return phrase("Something else")
