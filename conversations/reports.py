"""Reports that were sent: which of them may still be changed, and how they are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from conversations.phrases import FormText, Phrase, phrase, phrase_of_many, verbatim
from conversations.prompt import stamp
from conversations.replies import Block, Button, Buttons, Send
from conversations.scene import Scene
from conversations.turn import Report

REPORTS_MAX = 5
"""So many of a person's reports are listed, and may be changed; the newest ones."""

CHANGE = "change-"
"""Opens the action of a button that opens a report again; its code follows."""


def may_change(scene: Scene, report: Report) -> bool:
    """Tell whether the programme still allows its reporter to change a report."""
    until = report.sent_at + timedelta(hours=scene.programme.edit_hours)
    return scene.programme.edit_hours > 0 and scene.occasion.now <= until


def change_buttons(scene: Scene, codes: Sequence[str]) -> Buttons | None:
    """Make a button for each report that may be changed; None where the programme allows none."""
    if scene.programme.edit_hours == 0:
        return None
    # Translators: a button under a report that is sent; it opens the report again, to change it or
    # to add what was left out.
    buttons = [Button(phrase("Change or add something"), f"{CHANGE}{code}") for code in codes]
    if len(buttons) > 1:
        # Translators: a button; {code} is the code of a report, such as 4T7K-9WXM.
        buttons = [Button(phrase("Change {code}", code=code), f"{CHANGE}{code}") for code in codes]
    rows = tuple((button,) for button in buttons)
    return Buttons(stamp(scene.session), 0, rows) if rows else None


def report_tapped(scene: Scene, action: str) -> Report | None:
    """Find the person's report that a button stands for, if it may still be changed."""
    code = action.removeprefix(CHANGE)
    mine = (report for report in scene.person.reports if report.code == code)
    return next((report for report in mine if may_change(scene, report)), None)


def reports_message(scene: Scene) -> Send:
    """List the person's newest reports, with a button for each that may be changed."""
    reports = scene.person.reports[:REPORTS_MAX]
    if not reports:
        # Translators: the answer to /reports.
        return Send((Block(phrase("You have not sent a report yet.")),))
    lines = (Block(_line(scene, report), "item") for report in reports)
    open_ones = [report.code for report in reports if may_change(scene, report)]
    # Translators: stands above a list of the reports that the person has sent.
    title = Block(phrase("Your newest reports:"), "title")
    return Send((title, *lines, *_until_when(scene)), change_buttons(scene, open_ones))


def _line(scene: Scene, report: Report) -> Phrase:
    """Say what a report is about and when it was sent, its code alone where that may endanger."""
    state = _STATES.get(report.review)
    if scene.programme.is_high_risk:
        known = verbatim("{code}", code=report.code)
        return verbatim("{code} · {state}", code=report.code, state=state) if state else known
    form = scene.programme.forms.get((report.form_id, report.form_version))
    title = FormText(form.title if form else report.form_id)
    sent_at = report.sent_at.astimezone(scene.programme.zone)
    told = verbatim("{code} · {form} · {sent_at}", code=report.code, form=title, sent_at=sent_at)
    return verbatim("{told} · {state}", told=told, state=state) if state else told


# Translators: in the list of a person's reports: what was decided about one.
_COUNTS = phrase("it counts")
# Translators: in the list of a person's reports: what was decided about one.
_DOES_NOT = phrase("it does not count")
# Translators: in the list of a person's reports: there are questions about one.
_IN_QUESTION = phrase("there are questions about it")
_STATES = {"approved": _COUNTS, "rejected": _DOES_NOT, "has issues": _IN_QUESTION}
"""What is said of a report that somebody has looked at; of others, nothing."""


def _until_when(scene: Scene) -> tuple[Block, ...]:
    hours = scene.programme.edit_hours
    if hours == 0:
        return ()
    # Translators: below the list of reports that the person has sent.
    told = phrase_of_many(
        "A report can be changed for {count} hour after it is sent.",
        "A report can be changed for {count} hours after it is sent.",
        hours,
    )
    return (Block(told, "hint"),)
