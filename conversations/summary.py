"""The end of a form: all answers to look over, each to be changed by a tap, then sending.

Answers are numbered through the whole form; a long list has pages, turned in place. Questions
without an answer stand below those with one, where they do not drown them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conversations.entries import Entry, answered_lines, entries_of, numbered
from conversations.phrases import phrase, verbatim
from conversations.prompt import Prompt, back_label
from conversations.questions.base import Rows
from conversations.receipts import receipt
from conversations.replies import Block, Button, KeepSubmission
from conversations.scene import Scene
from conversations.xform.instance import Instance, Submission

PAGE_ENTRIES = 15
BUTTONS_PER_ROW = 5


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
    yield from answered_lines(entries)
    unanswered = [entry for entry in entries if entry.answer is None]
    if unanswered:
        # Translators: stands above the questions that the person has left out.
        yield Block(phrase("Not answered:"), "title")
    yield from (numbered(entry, "item") for entry in unanswered)


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
