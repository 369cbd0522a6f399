"""The question as one message, and what a tap under it means.

| tap | open, or for a moderator to decide | decided meanwhile |
|---|---|---|
| a choice, the first time | answers | answers late |
| a choice, another one | changes the answer | told that it is decided |
| the same choice | told that it is noted | the same |
| not this one | declines; an answer given is taken back | closes; an answer given stands |
| should not be asked → why | flags it, once, and declines | the same |
| less of this → a month, never | rests, and declines | the same |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, TypeAlias

from conversations.phrases import FormText, Phrase, Speech, phrase, verbatim
from conversations.replies import Block, Button, Buttons, Revise, Send

STAMP: Final = "~ask"
"""Stamps the buttons of all such questions; no session's key looks like it."""

OF_COUNT: Final = "~count"
"""Stamps the buttons of questions about a number of a month."""

SLOT: Final = "validation"
"""The newest of them can be changed; which one that is, only the chat knows."""

REST: Final = timedelta(days=30)
FOR_GOOD: Final = timedelta(days=365 * 100)

Standing: TypeAlias = Literal["open", "decided", "closed"]

Why: TypeAlias = Literal["harm", "who", "unclear", "other"]
"""Why a question should not be asked: it could harm somebody, shows who somebody is, is unclear."""

OBJECTION: Final = "objection "
"""Opens the name of a flag by which somebody says why a question about a report should not be
asked."""

WHYS: Final[tuple[Why, ...]] = ("harm", "who", "unclear", "other")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as its validator reads it: `number` stamps it, `choices` are what may be said.

    `stamp` is `OF_COUNT` where it is about a number, and no report.
    """

    number: int
    text: str
    choices: tuple[tuple[str, Speech], ...]
    stamp: str = STAMP

    @property
    def slot(self) -> str:
        """Return the slot of the message."""
        return SLOT if self.stamp == STAMP else "count"

    @property
    def is_of_count(self) -> bool:
        """Tell whether it is about a number."""
        return self.stamp == OF_COUNT


@dataclass(frozen=True, slots=True)
class Answered:
    """It was answered with a choice."""

    choice: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Declined:
    """It stays without an answer."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """Somebody says that it should not be asked, and why."""

    why: Why


@dataclass(frozen=True, slots=True)
class Rested:
    """Somebody wants no such question for a time."""

    time: timedelta


@dataclass(frozen=True, slots=True)
class Shown:
    """Nothing is kept; other buttons are shown, or something is told."""

    what: Literal["choices", "rest", "why", "same", "decided", "old"]


Heard: TypeAlias = "Answered | Declined | Flagged | Rested | Shown"


def heard(question: Question, action: str, said: str, standing: Standing) -> Heard:
    """Say what a tap means; `said` is the choice answered before, blank for none."""
    match action:
        case "c":
            return Shown("choices" if standing == "open" or not said else "decided")
        case "less":
            return Shown("rest")
        case "month":
            return Rested(REST)
        case "never":
            return Rested(FOR_GOOD)
        case "not":
            return Shown("decided") if said and standing == "decided" else Declined()
        case "flag":
            return Shown("why")
        case _ if why := next((one for one in WHYS if action == f"f{one}"), None):
            return Flagged(why)
        case _:
            return _answered(_chosen(question, action), said, standing)


def _answered(choice: str, said: str, standing: Standing) -> Heard:
    if not choice or standing == "closed":
        return Shown("old")
    if choice == said:
        return Shown("same")
    if said and standing == "decided":
        return Shown("decided")
    return Answered(choice, late=standing == "decided")


def put(question: Question) -> Send:
    """Put a question to somebody, with all its buttons."""
    return Send((*_asked(question), _promise(question)), _buttons(question), slot=question.slot)


def again(question: Question) -> Revise:
    """Show the choices once more."""
    return Revise(question.slot, (*_asked(question), _promise(question)), _buttons(question))


def answered(question: Question, choice: str, *, may_change: bool) -> Revise:
    """Show what was answered, in place of the choices."""
    label = dict(question.choices)[choice]
    thanks = Block(_thanks(question))
    # Translators: a button under a question that somebody answered.
    change = Button(phrase("Change my answer"), "c")
    keys = Buttons(question.stamp, question.number, ((change,),)) if may_change else None
    said = Block(verbatim("✓ {answer}", answer=label))
    return Revise(question.slot, (*_asked(question), said, thanks), keys)


def closed(question: Question, told: Phrase) -> Revise:
    """Show that a question needs no answer any more."""
    return Revise(question.slot, (*_asked(question), Block(told)))


def rest(question: Question) -> Revise:
    """Ask how long somebody wants no such question."""
    # Translators: a button: ask me nothing about other people's reports for a month.
    month = Button(phrase("Not for a month"), "month")
    # Translators: a button: never ask me about other people's reports again.
    never = Button(phrase("Never again"), "never")
    # Translators: a button: back to the question.
    back = Button(phrase("« Back to the question"), "c")
    rows = ((month, never), (back,))
    # Translators: somebody wants to be asked less often about other people's reports.
    words = phrase("How long shall I not ask you about reports of other people?")
    keys = Buttons(question.stamp, question.number, rows)
    return Revise(question.slot, (Block(words, "question"),), keys)


def why(question: Question) -> Revise:
    """Ask why a question should not be asked."""
    rows = tuple((Button(why_named(one), f"f{one}"),) for one in WHYS)
    # Translators: a button: back to the question.
    back = Button(phrase("« Back to the question"), "c")
    # Translators: the person says that a question about another person's report, or about a
    # number, is not right.
    words = phrase("Why should this not be asked?")
    keys = Buttons(question.stamp, question.number, (*rows, (back,)))
    return Revise(question.slot, (*_asked(question)[1:], Block(words, "question")), keys)


def why_named(why: Why) -> Phrase:
    """Say why a question should not be asked; stands on buttons."""
    match why:
        case "harm":
            # Translators: a button, and to moderators: why a question should not be asked.
            return phrase("It could harm somebody")
        case "who":
            # Translators: a button, and to moderators: why a question should not be asked.
            return phrase("It shows who somebody is")
        case "unclear":
            # Translators: a button, and to moderators: why a question should not be asked.
            return phrase("It cannot be understood")
        case "other":
            # Translators: a button, and to moderators: why a question should not be asked.
            return phrase("Something else")


def _asked(question: Question) -> tuple[Block, ...]:
    if question.is_of_count:
        # Translators: above a question about a number, such as that of births in a village.
        opening = phrase("Can you help? We counted what people of your place told us.")
    else:
        # Translators: above a question about what another person reported.
        opening = phrase("Can you help? Somebody told us something that you may know about.")
    return Block(opening), Block(FormText(question.text), "question")


def _promise(question: Question) -> Block:
    if question.is_of_count:
        # Translators: below a question about a number, such as that of births in a village.
        return Block(phrase("Nobody is told what you say, only how many said what."), "hint")
    # Translators: below a question about what another person reported.
    return Block(phrase("Nobody is told who reported, nor what you say."), "hint")


def _thanks(question: Question) -> Phrase:
    if question.is_of_count:
        # Translators: after somebody said whether a number is about right.
        return phrase("Thank you. Your answer helps to know whether the number is right.")
    # Translators: after somebody said whether another person's report is right.
    return phrase("Thank you. Your answer helps to find out what is right.")


def _buttons(question: Question) -> Buttons:
    rows = [(Button(label, f"a{place}"),) for place, (_, label) in enumerate(question.choices)]
    # Translators: a button: I do not answer this question.
    decline = Button(phrase("Not this one"), "not")
    # Translators: a button: I want fewer questions about other people's reports.
    less = Button(phrase("Less of this"), "less")
    # Translators: a button: this question is not decent, or may harm somebody.
    flag = Button(phrase("⚑ This should not be asked"), "flag")
    return Buttons(question.stamp, question.number, (*rows, (decline, less), (flag,)))


def _chosen(question: Question, action: str) -> str:
    place = action.removeprefix("a")
    if not place.isdecimal() or int(place) >= len(question.choices):
        return ""
    return question.choices[int(place)][0]
