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
from conversations.xform.instance import Instance, RepeatStop, Stop, Submission

# The prompt


def summary_prompt(scene: Scene, instance: Instance) -> Prompt:
    """Show one page of the answers, with a button for each and one to send them all.

    After a refused try the page stands just above, and only its keys are put once more.
    """
    entries = entries_of(scene, instance)
    page = int(scene.session.scratch or 0)
    on_page = entries[page * PAGE_ENTRIES : (page + 1) * PAGE_ENTRIES]
    blocks = (
        # Translators: above all answers, before the report is sent.
        Block(phrase("Please look over your answers."), "title"),
        *entry_lines(on_page),
        # Translators: under all answers, before the report is sent; "Send" is a button below.
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


def page_with(scene: Scene, instance: Instance, reference: str) -> str:
    """Return the page on which a question stands, or the repeat around it; the first if none."""
    stops = (entry.stop for entry in entries_of(scene, instance))
    places = (at for at, stop in enumerate(stops) if _shows(stop, reference))
    page = next(places, 0) // PAGE_ENTRIES
    return str(page) if page else ""


def _shows(stop: Stop, reference: str) -> bool:
    inside = isinstance(stop, RepeatStop) and reference.startswith(f"{stop.reference}[")
    return inside or stop.reference == reference


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
    # Translators: the report has arrived and will be counted.
    done = changed if scene.session.amends else phrase("Thank you. Your report is kept.")
    return (
        Block(done, "title"),
        # Translators: below stands a code of eight letters and digits, such as 4T7K-9WXM.
        Block(phrase("This is its code. You can read it out if you ask about it.")),
        Block(verbatim("{code}", code=code), "code"),
        # Translators: the last line after a report was sent or cannot be.
        Block(phrase("To make another report, send /start."), "hint"),
    )
