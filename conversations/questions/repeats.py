"""Repeats: "Another one?" after the last instance, and taking one away again.

Adding an instance is no answer, so this stands beside the kinds: what a person does becomes
`Added`, `Finished`, `Removed` or a problem. Removing takes two taps: it cannot be undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from conversations.events import ButtonTapped, Event
from conversations.phrases import FormText, Phrase, Problem, Speech, phrase, verbatim
from conversations.questions.base import Offer, Rows, Scratched
from conversations.replies import Block, Button

INSTANCES_MAX = 50
"""Instances of one repeat a person may add in a chat."""

REMOVALS_PER_ROW = 3
REMOVING = "remove"
"""The scratch while a person chooses which instance to take away."""


@dataclass(frozen=True, slots=True)
class Added:
    """One more is to be told."""


@dataclass(frozen=True, slots=True)
class Finished:
    """There are no more."""


@dataclass(frozen=True, slots=True)
class Removed:
    """The instance at `index`, counted from 1, is to go."""

    index: int


RepeatReading: TypeAlias = Added | Finished | Removed | Scratched | Problem


def ask_repeat(label: FormText | None, count: int, scratch: str) -> Offer:
    """Ask whether there is another one after `count`; with a scratch, which one to remove."""
    if scratch:
        # Translators: one of several children (or other things told of), on buttons below.
        which = Block(phrase("Which one should be removed?"), "question")
        return Offer((which,), _removals(label, count))
    # Translators: a button under "Is there another one?"; questions about one more follow.
    more = Button(phrase("Yes, add one"), "add")
    # Translators: a button under a question to which the answer is no; the next question comes.
    add = (more, Button(phrase("No, go on"), "finish"))
    # Translators: a button; one of the children (or other things told of) is to be taken away.
    remove = (Button(phrase("Remove one"), REMOVING),)
    return Offer(
        (Block(_question(label, count), "question"),), (add, *((remove,) if count else ()))
    )


def _removals(label: FormText | None, count: int) -> Rows:
    buttons = [Button(instance_name(label, index), f"rm{index}") for index in range(1, count + 1)]
    rows = (buttons[at : at + REMOVALS_PER_ROW] for at in range(0, count, REMOVALS_PER_ROW))
    # Translators: a button; none of the children (or other things told) is to be removed.
    return (*map(tuple, rows), (Button(phrase("Keep them all"), "keep-all"),))


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


def _question(label: FormText | None, count: int) -> Speech:
    if label is None and count:
        # Translators: one more child, field, visit or whatever the form asks about several times.
        return phrase("Is there another one?")
    if label is None:
        # Translators: a child, field, visit or whatever the form asks about several times.
        return phrase("Is there one to tell about?")
    if count:
        # Translators: {name} is what the form calls one of several, such as "Child".
        return phrase("{name}: is there another one?", name=label)
    # Translators: {name} is what the form calls one of several, such as "Child".
    return phrase("{name}: is there one to tell about?", name=label)


def read_repeat(event: Event, count: int) -> RepeatReading:
    """Make sense of what a person did when asked for another one."""
    match event:
        case ButtonTapped(action="add") if count >= INSTANCES_MAX:
            # Translators: {count} children (or other things) have been told of; there is no room.
            return Problem(phrase("That is as many as I can take: {count}.", count=INSTANCES_MAX))
        case ButtonTapped(action="add"):
            return Added()
        case ButtonTapped(action="finish"):
            return Finished()
        case ButtonTapped(action="remove" | "keep-all" as action):
            return Scratched(action if action == REMOVING else "")
        case ButtonTapped(action=action):
            return Removed(int(action.removeprefix("rm")))
        case _:
            return Problem(phrase("Please tap one of the buttons."))
