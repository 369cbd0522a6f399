"""An author is asked first: whoever sent a doubted answer may say that it is right, or change it.

Right after a report, before a moderator or anybody else sees it, and at most as often as the
programme says (`Terms.author_asks`). What nobody could have mistyped is not asked about: a report
that is urgent goes on at once, and so does one of which anything else raises an alarm.

| tap | what becomes of it |
|---|---|
| yes, that is right | noted in the case; the doubt stays, for others to judge |
| change it | the report is opened again; a doubt that is gone then was never one |
| no, that is wrong | noted in the case, where the report cannot be changed any more |
| rather not say | goes on without an answer |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, TypeAlias

from conversations.phrases import FormText, Locale, Phrase, Speech, phrase, verbatim
from conversations.replies import Block, Button, Buttons, Revise, Send
from conversations.sheets.flags import Flag
from conversations.sheets.texts import answer_in_words
from conversations.xform.instance import Instance

STAMP: Final = "~sure"
"""Stamps the buttons of such questions; no session's key looks like it."""

SLOT: Final = "author"

PATIENCE: Final = timedelta(hours=24)
"""So long a report waits for its author; then others see it without an answer."""

Assurance: TypeAlias = Literal["right", "wrong", "rather not"]
"""What an author says; a report that is changed says it by itself."""

CHANGE: Final = "change"


@dataclass(frozen=True, slots=True)
class Doubted:
    """What an author is asked: `number` stamps it; `label` is the form's question, or blank."""

    number: int
    label: str
    words: Speech
    may_change: bool


def words_about(name: str, reference: str, instance: Instance, locale: Locale) -> Speech | None:
    """Word the doubt of a built-in check for the author; None where it is not for them."""
    wording = _WORDINGS.get(name)
    answer = answer_in_words(instance, reference, locale) if wording and reference else ""
    return wording(answer) if wording and answer else None


def words_of_sheet(flag: Flag, instance: Instance, locale: Locale) -> Speech | None:
    """Word a flag of the sheet as its author's form asks it; None where it does not."""
    said = flag.ask.said(instance, locale)
    return FormText(said) if said else None


def put(asked: Doubted) -> Send:
    """Ask the author."""
    return Send(_blocks(asked), _buttons(asked), slot=SLOT)


def noted(asked: Doubted, said: Assurance) -> Revise:
    """Show what the author said, in place of the buttons."""
    answer = Block(verbatim("✓ {answer}", answer=worded(said)))
    return Revise(SLOT, (*_blocks(asked), answer, Block(_thanks(said))))


def closed() -> Revise:
    """Take the buttons away: the report was changed."""
    return Revise(SLOT, None)


def over() -> Phrase:
    """Say that a tap comes too late."""
    # Translators: shown for a moment after a tap on a question that is not asked any more.
    return phrase("Thank you. This is not asked any more.")


def heard(action: str) -> Assurance | None:
    """Say what a tap means; None for one that is not known."""
    return _SAID.get(action)


def worded(said: Assurance) -> Phrase:
    """Say an author's word, on a button and in the case."""
    match said:
        case "right":
            # Translators: a button; an answer that seems strange is right.
            return phrase("Yes, that is right")
        case "wrong":
            # Translators: a button; an answer that seems strange is wrong.
            return phrase("No, that is wrong")
        case "rather not":
            # Translators: a button; somebody does not want to say whether their answer is right.
            return phrase("I'd rather not say")


def _thanks(said: Assurance) -> Phrase:
    if said == "wrong":
        # Translators: after somebody said that an answer they sent is wrong.
        return phrase("Thank you. A moderator reads that, and can put it right.")
    # Translators: after somebody said whether an answer of theirs is right.
    return phrase("Thank you. Your report goes on.")


def _blocks(asked: Doubted) -> tuple[Block, ...]:
    # Translators: right after a report was sent; a question about one of its answers follows.
    opening = Block(phrase("One thing, before anybody looks at your report:"))
    label = (Block(FormText(asked.label), "item"),) if asked.label else ()
    return (opening, *label, Block(asked.words, "question"))


def _buttons(asked: Doubted) -> Buttons:
    # Translators: a button; it opens the report again to change an answer.
    change = Button(phrase("Change it"), CHANGE)
    wrong = change if asked.may_change else Button(worded("wrong"), "no")
    rows = ((Button(worded("right"), "yes"),), (wrong,), (Button(worded("rather not"), "na"),))
    return Buttons(STAMP, asked.number, rows)


def _as_written(answer: str) -> Phrase:
    # Translators: somebody is asked whether an answer of theirs is right; {answer} quotes it.
    return phrase("You answered {answer}. Is that right?", answer=answer)


def _of_place(_answer: str) -> Phrase:
    # Translators: to somebody who shared a place that lies far from where the programme works.
    return phrase("The place lies outside of where we work. Is it the right one?")


_WORDINGS: Final[Mapping[str, Callable[[str], Phrase]]] = {
    "outlier": _as_written,
    "date": _as_written,
    "outside": _of_place,
}
"""The checks that may have seen a slip, by name, with what their author is asked."""

_SAID: Final[Mapping[str, Assurance]] = {"yes": "right", "no": "wrong", "na": "rather not"}
