"""Repeats: one more? and what is to be done with those that were told.

A repeat is no question, so it stands beside the kinds: what a person does becomes `Added`,
`Finished`, `Opened`, `Removed` or a scratch. The scratch says what they look at: blank is the list
of all instances, `2` the second one (`2.1`: the second page of its answers), `2?` the question
whether it shall be removed. Removing asks once, for it cannot be undone.

A form says the questions in its own words, in every language, with two columns of the row that
begins the repeat: `required_message` asks for the first one, `constraint_message` for another. ODK
and Kobo pass these over. With `required`, the first one is not asked for but told right away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from conversations.events import ButtonTapped, Event, TextWritten
from conversations.phrases import FormText, Locale, Phrase, Problem, phrase, verbatim
from conversations.questions.base import Offer, Scratched
from conversations.replies import Block, Button

INSTANCES_MAX = 50
"""Instances of one repeat a person may add in a chat."""


@dataclass(frozen=True, slots=True)
class Added:
    """One more is to be told."""


@dataclass(frozen=True, slots=True)
class Finished:
    """There are no more."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The answer with this number, in the instance that is looked at, is to be changed."""

    number: int


@dataclass(frozen=True, slots=True)
class Removed:
    """The instance at `index`, counted from 1, is to go."""

    index: int


RepeatReading: TypeAlias = Added | Finished | Opened | Removed | Scratched | Problem


@dataclass(frozen=True, slots=True)
class Looking:
    """What a person looks at: the list (`index` 0), or an instance, and whether it shall go."""

    index: int = 0
    page: int = 0
    removing: bool = False

    @classmethod
    def at(cls, scratch: str) -> Looking:
        """Read a scratch.

        >>> Looking.at("2.1")
        Looking(index=2, page=1, removing=False)
        """
        index, _, page = scratch.removesuffix("?").partition(".")
        return cls(int(index or 0), int(page or 0), removing=scratch.endswith("?"))


def ask_for_one(count: int, words: tuple[str | None, str | None], *, required: bool) -> Offer:
    """Ask for the first one, or whether there is another after `count`.

    `words` are the form's own, for the first one and for another.
    """
    if count >= INSTANCES_MAX:
        # Translators: {count} children (or other things) have been told of; there is no room.
        full = phrase("That is as many as I can take: {count}.", count=INSTANCES_MAX)
        # Translators: a button; the questions after the list of children (or other things) come.
        return Offer((Block(full, "hint"),), ((Button(phrase("Go on"), "finish"),),))
    own = words[1] if count else words[0]
    question = FormText(own) if own and own.strip() else _question(count)
    # Translators: a button under "Is there another one?"; questions about one more follow.
    more = Button(phrase("Yes, add one"), "add", "yes")
    # Translators: a button under a question to which the answer is no; the next question comes.
    finish = Button(phrase("No, go on"), "finish", "no")
    may_finish = count or not required
    return Offer((Block(question, "question"),), ((more, finish) if may_finish else (more,),))


def _question(count: int) -> Phrase:
    if count:
        # Translators: stands below the name of what is told of and a list, such as: Child /
        # 1. Amina / Is there another one? Please avoid words that depend on the noun.
        return phrase("Is there another one?")
    # Translators: stands below the name of what may be told of, such as: Child / Is there one to
    # tell about? Please avoid words that depend on the noun.
    return phrase("Is there one to tell about?")


def ask_to_remove(index: int) -> Offer:
    """Ask once whether an instance shall really go."""
    # Translators: stands below the name of one of several, such as Child 2.
    question = phrase("Shall I remove this one with all its answers?")
    # Translators: a button; one of the children (or other things told of) is taken away.
    yes = Button(phrase("Yes, remove it"), "rm", "yes")
    # Translators: a button; one of the children (or other things told of) stays.
    no = Button(phrase("No, keep it"), f"i{index}", "no")
    return Offer((Block(question, "question"),), ((yes,), (no,)))


def instance_name(label: FormText | None, index: int, count: int | None = None) -> Phrase:
    """Name an instance by the repeat's label and its place, such as "Child 2".

    `count` is given where the form says how many there are: "Child 2 of 3".
    """
    if label is None:
        return verbatim("# {number}", number=index)
    if count is not None:
        # Translators: {name} is what the form calls one of several, such as "Child": Child 2 of 3.
        return phrase("{name} {number} of {count}", name=label, number=index, count=count)
    return verbatim("{name} {number}", name=label, number=index)


def read_repeat(event: Event, count: int, scratch: str, locale: Locale) -> RepeatReading:
    """Make sense of what a person did at a repeat with `count` instances."""
    looking = Looking.at(scratch)
    match event:
        case ButtonTapped(action="add"):
            return Added()
        case ButtonTapped(action="finish"):
            return Finished()
        case ButtonTapped(action="list"):
            return Scratched("")
        case ButtonTapped(action="remove"):
            return Scratched(f"{looking.index}?")
        case ButtonTapped(action="rm"):
            return Removed(looking.index)
        case ButtonTapped(action=action) if action.startswith("p"):
            return Scratched(f"{looking.index}.{action[1:]}")
        case ButtonTapped(action=action):
            number = int(action[1:])
            return Scratched(str(number)) if action.startswith("i") else Opened(number)
        case TextWritten(text) if number := _whole(locale, text):
            return _numbered(number, count, looking)
        case _:
            return Problem(phrase("Please tap one of the buttons."))


def _whole(locale: Locale, text: str) -> int:
    number = locale.read_number(text)
    return int(number) if number is not None and number == int(number) and number > 0 else 0


def _numbered(number: int, count: int, looking: Looking) -> RepeatReading:
    """Take a number that was typed for a tap on it."""
    if looking.index and not looking.removing:
        return Opened(number)
    if not looking.index and number <= count:
        return Scratched(str(number))
    return Problem(phrase("Please tap one of the buttons."))
