"""Answers in short: a line for each thing a person may look over and change.

The summary lists the whole form so, a repeat one of its instances, a correction what it changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conversations.asking import (
    asked_of,
    cut,
    group_name,
    question_label,
    repeat_label,
    shown,
    stop_kind,
)
from conversations.phrases import Speech, phrase, verbatim
from conversations.progress import is_heading, is_note
from conversations.questions.base import Rows
from conversations.replies import Block, Button, Style
from conversations.scene import Scene
from conversations.xform.instance import Instance, QuestionStop, RepeatStop, Stop

PAGE_ENTRIES = 15
BUTTONS_PER_ROW = 5

LABEL_CHARACTERS_MAX = 80
"""So much of a question is repeated in a line."""

ANSWER_CHARACTERS_MAX = 100
"""So much of an answer: a page fits into one message, whatever signs it is written in."""

_BEYOND_THE_QUESTION = re.compile(r"(?<=[?\uff1f\u061f])\s.*", re.DOTALL)
"""What follows a question mark (also a wide or an Arabic one): how to answer, done by now."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list; `titles` are the groups that begin with it, if it is answered.

    `apart` says that it stands in other groups than the line before; `answer` is None where
    there is none.
    """

    number: int
    stop: Stop
    titles: tuple[Speech, ...]
    apart: bool
    question: Speech
    answer: Speech | None


def entries_of(scene: Scene, instance: Instance, within: str = "") -> tuple[Entry, ...]:
    """List what a person may look over and change, in the form's order.

    `within` is the reference of a repeat's instance, to list what stands in it and no more.
    """
    stops = [stop for stop in instance.stops() if not within or within in stop.groups]
    entries: list[Entry] = []
    around: tuple[str, ...] = _around(within, stops)
    for number, stop in enumerate((stop for stop in stops if changeable(stop, instance)), 1):
        answer = answer_of(scene, instance, stop)
        titles = titles_of(instance, stop, around) if answer else ()
        question = question_of(scene, instance, stop, colon=answer is not None)
        entries.append(Entry(number, stop, titles, stop.groups != around, question, answer))
        around = stop.groups if answer else around
    return tuple(entries)


def _around(within: str, stops: Sequence[Stop]) -> tuple[str, ...]:
    """Return the groups that need no title, since the whole list stands in them."""
    if not within or not stops:
        return ()
    groups = stops[0].groups
    return groups[: groups.index(within) + 1]


def changeable(stop: Stop, instance: Instance) -> bool:
    """Tell whether a stop is something that a person may look over and change."""
    if isinstance(stop, RepeatStop):
        return stop.can_add
    return not (is_note(stop, instance) or is_heading(stop))


def titles_of(instance: Instance, stop: Stop, around: Sequence[str]) -> tuple[Speech, ...]:
    """Name the groups that begin with a stop, where one stands in the groups `around`."""
    names = (group_name(instance, group) for group in stop.groups if group not in around)
    return tuple(name for name in names if name)


def answer_of(scene: Scene, instance: Instance, stop: Stop) -> Speech | None:
    """Say the answer that stands, in one line; None where there is none."""
    if isinstance(stop, RepeatStop):
        return verbatim("{count}", count=stop.count)
    asked = asked_of(scene, instance, stop)
    if not asked.state.value:
        return None
    return answer_in_short(scene.locale.say(shown(asked, stop_kind(instance, stop))))


def answer_in_short(words: str) -> Speech:
    """Say an answer in one line."""
    return verbatim("{answer}", answer=cut(" ".join(words.split()), ANSWER_CHARACTERS_MAX))


def question_of(scene: Scene, instance: Instance, stop: Stop, *, colon: bool) -> Speech:
    """Say a question in short, with a colon before its answer where it has no sign of its own."""
    return question_in_short(scene.locale.say(label_of(instance, stop)), colon=colon)


def question_in_short(question: str, *, colon: bool) -> Speech:
    """Say the words of a question in short."""
    label = _cut(question)
    if not colon or unicodedata.category(label[-1:] or "a").startswith("P"):
        return verbatim("{question}", question=label)
    # Translators: in the list of answers: a question without a question mark, before its answer.
    return phrase("{question}:", question=label)


def label_of(instance: Instance, stop: Stop) -> Speech:
    """Return what the form asks at a stop, in its own words."""
    if isinstance(stop, QuestionStop):
        return question_label(instance.state(stop.reference), stop)
    # Translators: in the list of answers: how many children (or other things) were told.
    return repeat_label(instance, stop) or phrase("How many")


def _cut(text: str) -> str:
    line = " ".join(_BEYOND_THE_QUESTION.sub("", text.strip()).split())
    return cut(line, LABEL_CHARACTERS_MAX)


def _answered_lines(entries: Iterable[Entry]) -> Iterable[Block]:
    """Write the answered ones, each group's title above its first."""
    for entry in entries:
        if entry.answer:
            yield from (Block(title, "title") for title in entry.titles)
            yield _numbered(entry, "plain" if entry.apart else "item")
            yield Block(entry.answer, "answer")


def entry_lines(entries: Sequence[Entry]) -> Iterable[Block]:
    """Write the answered ones, and below them, where they do not drown those, the others."""
    yield from _answered_lines(entries)
    unanswered = [entry for entry in entries if entry.answer is None]
    if unanswered:
        # Translators: stands above the questions that the person has left out.
        yield Block(phrase("Not answered:"), "title")
    yield from (_numbered(entry, "item") for entry in unanswered)


def _numbered(entry: Entry, style: Style) -> Block:
    line = verbatim("{number}. {question}", number=entry.number, question=entry.question)
    return Block(line, style)


def number_rows(numbers: Iterable[int], action: str) -> Rows:
    """Make a button for each number; its action is a letter and the number."""
    buttons = [Button(verbatim("{number}", number=each), f"{action}{each}") for each in numbers]
    rows = (buttons[at : at + BUTTONS_PER_ROW] for at in range(0, len(buttons), BUTTONS_PER_ROW))
    return tuple(tuple(row) for row in rows)


def page_row(page: int, count: int) -> Rows:
    """Make the buttons that turn pages, where so many entries take more than one."""
    pages = -(-count // PAGE_ENTRIES)
    if pages < 2:  # noqa: PLR2004 - one page needs no turning.
        return ()
    where = Button(verbatim("{page}/{pages}", page=page + 1, pages=pages), f"p{page}")
    before, after = (page - 1) % pages, (page + 1) % pages
    return ((Button(verbatim("◀"), f"p{before}"), where, Button(verbatim("▶"), f"p{after}")),)
