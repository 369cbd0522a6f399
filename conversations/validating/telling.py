"""What people hear: those who answered, and whoever reported. Counts and grades, never who."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from conversations.phrases import Phrase, phrase, phrase_of_many
from conversations.replies import Block, Send
from conversations.validating.questions import FOR_GOOD, Rested, Why, why_named
from conversations.verdicts.grades import Grade

CONFIRMED = frozenset(
    {"confirmed by residents", "confirmed by a record", "confirmed by a moderator"}
)

Outcome: TypeAlias = Literal["confirmed", "doubted"]
"""What a decided report came to, as far as those who answered are told."""

ToReporter: TypeAlias = Literal["confirmed", "confirmed after all", "doubted"]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a report, for somebody who `heard` of it before; blank for not yet."""

    outcome: Outcome
    heard: Outcome | Literal[""] = ""


def outcome_of(grade: Grade) -> Outcome:
    """Say what a grade comes to."""
    return "confirmed" if grade in CONFIRMED else "doubted"


def news_for_reporter(told: str, grade: Grade, *, decided: bool) -> ToReporter | None:
    """Say what a reporter hears of the residents' verdict who was `told` a grade; None: nothing.

    A doubt is told only to whom a confirmation was told before: it takes that back. What a
    moderator decides, the reporter hears from the moderator.
    """
    if grade == "confirmed by residents":
        changed: dict[str, ToReporter] = {"": "confirmed", "disputed": "confirmed after all"}
        return changed.get(told)
    took_back = decided and grade == "disputed" and told == "confirmed by residents"
    return "doubted" if took_back else None


def declined() -> Phrase:
    """Take it that somebody does not answer."""
    # Translators: somebody does not want to answer a question about another person's report.
    return phrase("All right. This one stays without your answer.")


def flagged() -> Phrase:
    """Thank whoever says that a question should not be asked."""
    # Translators: somebody said that a question about a report should not be asked.
    return phrase("Thank you. A moderator looks at it, and I tell you what came of it.")


def objected(why: Why) -> Phrase:
    """Tell a moderator that somebody says a question should not be asked, and why."""
    # Translators: to a moderator; people are asked whether another person's report is right; {why}
    # is such as "It could harm somebody".
    return phrase(
        "Somebody who was asked about this report says that it should not be asked: {why}.",
        why=why_named(why),
    )


def objection(*, right: bool) -> Send:
    """Tell whoever said so what a moderator found."""
    if right:
        # Translators: to somebody who said that a question about a report should not be asked.
        told = phrase(
            "You said that a question about a report should not be asked. A moderator looked at "
            "it: the report does not count, and nobody is asked about it any more. Thank you."
        )
    else:
        # Translators: to somebody who said that a question about a report should not be asked.
        told = phrase(
            "You said that a question about a report should not be asked. A moderator looked at "
            "it, and the report stands. Thank you for being careful."
        )
    return Send((Block(told),))


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


def closed() -> Phrase:
    """Say that an answer about a number cannot be changed any more."""
    # Translators: somebody wants to change what they said about a number.
    return phrase("This number is looked at no more, so your answer stands as it is. Thank you.")


def over() -> Phrase:
    """Say that a question is not asked any more."""
    # Translators: a question about another person's report is not asked any more.
    return phrase("This is not asked any more. Thank you all the same.")


def not_yours() -> Phrase:
    """Say that a button is not for whoever tapped it."""
    # Translators: shown for a moment after a tap on a button of a question to somebody else.
    return phrase("This question was not for you.")


def news(came: Collection[Came]) -> Send:
    """Tell a validator what came of the reports they looked at, and what came out otherwise."""
    fresh = [one.outcome for one in came if not one.heard]
    turned = [one.outcome for one in came if one.heard]
    # Translators: to somebody who said whether reports of others are right.
    thanks = phrase("Thank you for helping your community to know.")
    return Send((*_decided(fresh), *_turned(turned), Block(thanks)))


def _decided(came: Collection[Outcome]) -> Iterator[Block]:
    if not came:
        return
    yield Block(
        # Translators: to somebody who said whether reports of others are right; a number.
        phrase_of_many(
            "You looked at {count} report that is decided now.",
            "You looked at {count} reports that are decided now.",
            count=len(came),
        )
    )
    if confirmed := sum(one == "confirmed" for one in came):
        # Translators: of the reports that somebody looked at; a number.
        yield Block(phrase("Confirmed: {count}", count=confirmed), "item")
    if doubted := len(came) - confirmed:
        # Translators: of the reports that somebody looked at; a number.
        yield Block(phrase("Disputed or not right: {count}", count=doubted), "item")


def _turned(came: Collection[Outcome]) -> Iterator[Block]:
    if not came:
        return
    yield Block(
        # Translators: to somebody who was told before what came of reports of others; a number.
        phrase_of_many(
            "About {count} report that you looked at, more is known now: it came out otherwise "
            "than I told you.",
            "About {count} reports that you looked at, more is known now: they came out otherwise "
            "than I told you.",
            count=len(came),
        )
    )
    if confirmed := sum(one == "confirmed" for one in came):
        # Translators: of reports that came out otherwise than was told before; a number.
        yield Block(phrase("Now confirmed: {count}", count=confirmed), "item")
    if doubted := len(came) - confirmed:
        # Translators: of reports that came out otherwise than was told before; a number.
        yield Block(phrase("Now disputed or not right: {count}", count=doubted), "item")


def to_reporter(what: ToReporter, code: str, yes: int) -> Send:
    """Tell a reporter what others say of their report; never who."""
    match what:
        case "confirmed":
            # Translators: to somebody whose report others of the place confirmed; {code} names it.
            told = phrase_of_many(
                "Your report {code}: {count} other person says that it is so. Thank you for "
                "telling.",
                "Your report {code}: {count} other people say that it is so. Thank you for "
                "telling.",
                count=yes,
                code=code,
            )
        case "confirmed after all":
            # Translators: to somebody whose report others doubted and then confirmed; {code}
            # names it.
            told = phrase_of_many(
                "Your report {code} was doubted. Now {count} other person says that it is so.",
                "Your report {code} was doubted. Now {count} other people say that it is so.",
                count=yes,
                code=code,
            )
        case "doubted":
            # Translators: to somebody who was told that others confirmed their report; {code}
            # names it.
            told = phrase(
                "Your report {code}: I told you that others say it is so. Since then more people "
                "answered, and they say otherwise. That decides nothing yet: a moderator looks at "
                "it, and you hear what comes of that.",
                code=code,
            )
        case _:
            assert_never(what)
    return Send((Block(told),))
