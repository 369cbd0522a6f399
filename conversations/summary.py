"""The end of a form: all answers to look over, each to be changed by a tap, then sending.

Answers are numbered through the whole form; a long list has pages, turned in place. Questions
without an answer stand below those with one, where they do not drown them.
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
from conversations.progress import is_note
from conversations.prompt import Prompt, back_label
from conversations.questions.base import Rows
from conversations.receipts import receipt
from conversations.replies import Block, Button, KeepSubmission, Style
from conversations.scene import Scene
from conversations.xform.instance import Instance, QuestionStop, RepeatStop, Stop, Submission

PAGE_ENTRIES = 15
BUTTONS_PER_ROW = 5

LABEL_CHARACTERS_MAX = 80
"""So much of a question is repeated in the summary."""

ANSWER_CHARACTERS_MAX = 100
"""So much of an answer: a page fits into one message, whatever signs it is written in."""

_BEYOND_THE_QUESTION = re.compile(r"(?<=[?\uff1f\u061f])\s.*", re.DOTALL)
"""What follows a question mark (also a wide or an Arabic one): how to answer, done by now."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the summary; `titles` are the groups that begin with it, if it is answered.

    `apart` says that it stands in other groups than the line before; `answer` is None where
    there is none.
    """

    number: int
    stop: Stop
    titles: tuple[Speech, ...]
    apart: bool
    question: Speech
    answer: Speech | None


def entries_of(scene: Scene, instance: Instance) -> tuple[Entry, ...]:
    """List what a person may look over and change, in the form's order."""
    stops = [stop for stop in instance.stops() if _changeable(stop, instance)]
    entries: list[Entry] = []
    around: tuple[str, ...] = ()
    for number, stop in enumerate(stops, 1):
        answer = _answer(scene, instance, stop)
        titles = _titles(instance, stop, around) if answer else ()
        question = _question(scene, instance, stop, colon=answer is not None)
        entries.append(Entry(number, stop, titles, stop.groups != around, question, answer))
        around = stop.groups if answer else around
    return tuple(entries)


def _changeable(stop: Stop, instance: Instance) -> bool:
    return stop.can_add if isinstance(stop, RepeatStop) else not is_note(stop, instance)


def _titles(instance: Instance, stop: Stop, around: Sequence[str]) -> tuple[Speech, ...]:
    labels = [(instance.state(group).label, group) for group in stop.groups if group not in around]
    return tuple(group_name(label, group) for label, group in labels if label)


def _answer(scene: Scene, instance: Instance, stop: Stop) -> Speech | None:
    if isinstance(stop, RepeatStop):
        return verbatim("{count}", count=stop.count)
    asked = asked_of(scene, instance, stop)
    if not asked.state.value:
        return None
    said = scene.locale.say(shown(asked, stop_kind(instance, stop)))
    return verbatim("{answer}", answer=cut(" ".join(said.split()), ANSWER_CHARACTERS_MAX))


def _question(scene: Scene, instance: Instance, stop: Stop, *, colon: bool) -> Speech:
    """Say a question in short, with a colon before its answer where it has no sign of its own."""
    label = _cut(scene.locale.say(_label(instance, stop)))
    if not colon or unicodedata.category(label[-1:] or "a").startswith("P"):
        return verbatim("{question}", question=label)
    # Translators: in the list of answers: a question without a question mark, before its answer.
    return phrase("{question}:", question=label)


def _label(instance: Instance, stop: Stop) -> Speech:
    if isinstance(stop, QuestionStop):
        return question_label(instance.state(stop.reference), stop)
    # Translators: in the list of answers: how many children (or other things) were told.
    return repeat_label(instance, stop) or phrase("How many")


def _cut(text: str) -> str:
    line = " ".join(_BEYOND_THE_QUESTION.sub("", text.strip()).split())
    return cut(line, LABEL_CHARACTERS_MAX)


# The prompt


def summary_prompt(scene: Scene, instance: Instance) -> Prompt:
    """Show one page of the answers, with a button for each and one to send them all."""
    entries = entries_of(scene, instance)
    page = int(scene.session.scratch or 0)
    on_page = entries[page * PAGE_ENTRIES : (page + 1) * PAGE_ENTRIES]
    blocks = (
        Block(phrase("Please look over your answers."), "title"),
        *_lines(on_page),
        Block(phrase("Is all of this right? To change an answer, tap its number."), "hint"),
    )
    return Prompt(blocks, _rows(on_page, page, -(-len(entries) // PAGE_ENTRIES)))


def _lines(entries: Sequence[Entry]) -> Iterable[Block]:
    for entry in entries:
        if entry.answer:
            yield from (Block(title, "title") for title in entry.titles)
            yield _numbered(entry, "plain" if entry.apart else "item")
            yield Block(entry.answer, "answer")
    unanswered = [entry for entry in entries if entry.answer is None]
    if unanswered:
        # Translators: stands above the questions that the person has left out.
        yield Block(phrase("Not answered:"), "title")
    yield from (_numbered(entry, "item") for entry in unanswered)


def _numbered(entry: Entry, style: Style) -> Block:
    line = verbatim("{number}. {question}", number=entry.number, question=entry.question)
    return Block(line, style)


def _rows(entries: Sequence[Entry], page: int, pages: int) -> Rows:
    # Translators: the button that sends the whole report.
    send = (Button(phrase("Send ✓"), "send"),)
    numbers = [
        Button(verbatim("{number}", number=entry.number), f"e{entry.number}") for entry in entries
    ]
    rows = (
        tuple(numbers[at : at + BUTTONS_PER_ROW]) for at in range(0, len(numbers), BUTTONS_PER_ROW)
    )
    turning = (_turning(page, pages),) if pages > 1 else ()
    return (send, *rows, *turning, (Button(back_label(), "back"),))


def _turning(page: int, pages: int) -> tuple[Button, ...]:
    where = Button(verbatim("{page}/{pages}", page=page + 1, pages=pages), f"p{page}")
    before, after = (page - 1) % pages, (page + 1) % pages
    return Button(verbatim("◀"), f"p{before}"), where, Button(verbatim("▶"), f"p{after}")


def entry_numbered(scene: Scene, instance: Instance, number: int) -> Entry | None:
    """Find the entry with a number."""
    entries = entries_of(scene, instance)
    return entries[number - 1] if 0 < number <= len(entries) else None


# Sending


def kept(scene: Scene, submission: Submission) -> KeepSubmission:
    """Ask the host to keep a finished instance."""
    session = scene.session
    return KeepSubmission(
        instance_id=submission.instance_id,
        form_id=session.form_id,
        form_version=session.form_version,
        language=session.language,
        receipt=receipt(session.key),
        xml=submission.xml,
        attachments=submission.attachments,
    )


def thanks(scene: Scene) -> tuple[Block, ...]:
    """Thank the person and give them the code of their report."""
    code = receipt(scene.session.key)
    return (
        Block(phrase("Thank you. Your report is kept."), "title"),
        # Translators: below stands a code of eight letters and digits, such as 4T7K-9WXM.
        Block(phrase("This is its code. You can read it out if you ask about it.")),
        Block(verbatim("{code}", code=code), "code"),
        Block(phrase("To make another report, send /start."), "hint"),
    )
