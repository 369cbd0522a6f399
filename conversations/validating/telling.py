"""What people hear: those who answered, and whoever reported. Counts and grades, never who."""

from __future__ import annotations

from collections.abc import Iterable

from conversations.phrases import Phrase, phrase, phrase_of_many
from conversations.replies import Block, Send
from conversations.validating.questions import FOR_GOOD, Rested

CONFIRMED = frozenset(
    {"confirmed by residents", "confirmed by a record", "confirmed by a moderator"}
)


def declined() -> Phrase:
    """Take it that somebody does not answer."""
    # Translators: somebody does not want to answer a question about another person's report.
    return phrase("All right. This one stays without your answer.")


def flagged() -> Phrase:
    """Thank whoever says that a question should not be asked."""
    # Translators: somebody said that a question about a report should not be asked.
    return phrase("Thank you. A moderator will look whether this should be asked.")


def objected() -> Phrase:
    """Tell a moderator that somebody says a question should not be asked."""
    # Translators: to a moderator; people are asked whether another person's report is right.
    return phrase("Somebody who was asked about this report says that it should not be asked.")


def contradicted() -> Phrase:
    """Tell a moderator that a record says otherwise."""
    # Translators: to a moderator; a register of a clinic, say, was looked up.
    return phrase("A record was looked up, and says otherwise.")


def rested(what: Rested) -> Phrase:
    """Say that somebody is left in peace."""
    if what.time == FOR_GOOD:
        # Translators: somebody wants no questions about other people's reports.
        return phrase("All right. I do not ask you about reports of other people any more.")
    # Translators: somebody wants no questions about other people's reports for a time.
    return phrase("All right. I do not ask you about reports of other people for a month.")


def noted() -> Phrase:
    """Say that an answer stands already."""
    # Translators: shown for a moment after a second tap on the same answer.
    return phrase("That is noted already.")


def decided() -> Phrase:
    """Say that an answer cannot be changed any more."""
    # Translators: somebody wants to change an answer about another person's report.
    return phrase("This report is decided, so your answer stands as it is. Thank you.")


def over() -> Phrase:
    """Say that a question is not asked any more."""
    # Translators: a question about another person's report is not asked any more.
    return phrase("This is not asked any more. Thank you all the same.")


def not_yours() -> Phrase:
    """Say that a button is not for whoever tapped it."""
    # Translators: shown for a moment after a tap on a button of a question to somebody else.
    return phrase("This question was not for you.")


def news(grades: Iterable[str]) -> Send:
    """Tell a validator what came of the reports they looked at."""
    known = list(grades)
    confirmed = sum(grade in CONFIRMED for grade in known)
    blocks = [
        Block(
            # Translators: to somebody who said whether reports of others are right; a number.
            phrase_of_many(
                "You looked at {count} report that is decided now.",
                "You looked at {count} reports that are decided now.",
                count=len(known),
            )
        )
    ]
    if confirmed:
        # Translators: of the reports that somebody looked at; a number.
        blocks.append(Block(phrase("Confirmed: {count}", count=confirmed), "item"))
    if len(known) > confirmed:
        # Translators: of the reports that somebody looked at; a number.
        told = phrase("Disputed or not right: {count}", count=len(known) - confirmed)
        blocks.append(Block(told, "item"))
    # Translators: to somebody who said whether reports of others are right.
    blocks.append(Block(phrase("Thank you for helping your community to know.")))
    return Send(tuple(blocks))


def confirmed(code: str, yes: int) -> Send:
    """Tell a reporter that others confirmed what they told; never who."""
    # Translators: to somebody whose report others of the place confirmed; {code} names it.
    told = phrase_of_many(
        "Your report {code}: {count} other person says that it is so. Thank you for telling.",
        "Your report {code}: {count} other people say that it is so. Thank you for telling.",
        count=yes,
        code=code,
    )
    return Send((Block(told),))
