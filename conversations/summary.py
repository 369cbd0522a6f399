"""The end of a form: all answers to look over, each to be changed by a tap, then sending.

Answers are numbered through the whole form; a long list has pages, turned in place. Questions
without an answer stand below those with one, where they do not drown them.
"""

from __future__ import annotations

from conversations.entries import PAGE_ENTRIES, entries_of, entry_lines, number_rows, page_row
from conversations.phrases import phrase, verbatim
from conversations.prompt import Prompt, back_label
from conversations.receipts import receipt
from conversations.replies import Block, Button, KeepSubmission
from conversations.scene import Scene
from conversations.session import Session
from conversations.xform.instance import Instance, Submission

# The prompt


def summary_prompt(scene: Scene, instance: Instance) -> Prompt:
    """Show one page of the answers, with a button for each and one to send them all.

    After a refused try the page stands just above, and only its keys are put once more.
    """
    entries = entries_of(scene, instance)
    page = int(scene.session.scratch or 0)
    on_page = entries[page * PAGE_ENTRIES : (page + 1) * PAGE_ENTRIES]
    blocks = (
        Block(phrase("Please look over your answers."), "title"),
        *entry_lines(on_page),
        Block(phrase("Is all of this right? To change an answer, tap its number."), "hint"),
    )
    # Translators: the button that sends the whole report.
    send = (Button(phrase("Send ✓"), "send"),)
    rows = (
        send,
        *number_rows((entry.number for entry in on_page), "e"),
        *page_row(page, len(entries)),
        (Button(back_label(), "back"),),
    )
    if scene.session.problem:
        return Prompt((), rows)
    return Prompt(blocks, rows, media=scene.spoken("summary"))


# Sending


def kept(scene: Scene, submission: Submission) -> KeepSubmission:
    """Ask the host to keep a finished instance."""
    session = scene.session
    return KeepSubmission(
        instance_id=submission.instance_id,
        form_id=session.form_id,
        form_version=session.form_version,
        language=session.language,
        receipt=code_of(session),
        xml=submission.xml,
        attachments=submission.attachments,
        replaces=session.amends,
    )


def code_of(session: Session) -> str:
    """Return the code of the session's report; one that is changed keeps the code it has."""
    return session.code or receipt(session.key)


def thanks(scene: Scene) -> tuple[Block, ...]:
    """Thank the person and give them the code of their report."""
    code = code_of(scene.session)
    # Translators: after a report that had been sent before was changed and sent again.
    changed = phrase("Thank you. Your report is changed.")
    done = changed if scene.session.amends else phrase("Thank you. Your report is kept.")
    return (
        Block(done, "title"),
        # Translators: below stands a code of eight letters and digits, such as 4T7K-9WXM.
        Block(phrase("This is its code. You can read it out if you ask about it.")),
        Block(verbatim("{code}", code=code), "code"),
        Block(phrase("To make another report, send /start."), "hint"),
    )
