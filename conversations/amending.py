"""A report that was sent, opened again: to change an answer, or to add what was left out.

It is a session like any other, begun at the summary with all answers in place. Sending it keeps a
new submission beside the original, under the same code. The programme says for how long a report
may be opened; who has opened it in time may take the time they need.
"""

from __future__ import annotations

from dataclasses import replace

from conversations.events import ButtonTapped, CommandGiven, Event, MessageEdited
from conversations.interruptions import remark
from conversations.moves import Here, go_on
from conversations.phrases import phrase
from conversations.replies import Acknowledge, Block, Send
from conversations.reports import CHANGE, change_buttons, may_change, report_tapped, reports_message
from conversations.scene import instance_of, surroundings_of
from conversations.session import Session, mark_of
from conversations.sheets.names import PARENT
from conversations.turn import Report, Turn
from conversations.xform.editing import read_submission
from conversations.xform.form import Form
from conversations.xform.instance import Instance, RepeatStop


def looks_at_reports(session: Session | None, event: Event) -> bool:
    """Tell whether a turn needs to know what the person has sent before."""
    match event:
        case CommandGiven(name):
            return name == "reports"
        case ButtonTapped(action=action):
            return session is None and action.startswith(CHANGE)
        case MessageEdited():
            return session is None
        case _:
            return False


def reports_wanted(here: Here, _command: CommandGiven) -> Turn:
    """List what the person has sent; a session that is open stays as it is."""
    session = here.session if here.session.step else None
    return Turn(session, (reports_message(here.scene),))


def change_wanted(here: Here, action: str) -> Turn:
    """Open a report again, while no session is open."""
    report = report_tapped(here.scene, action)
    if report is None:
        # Translators: shown after a tap on "Change or add something" when it is too late.
        late = phrase("This report cannot be changed any more. /reports shows what you have sent.")
        return Turn(None, (Acknowledge(late, alert=True),))
    form = here.scene.programme.forms.get((report.form_id, report.form_version))
    if form is None:
        # Translators: shown over the chat, after a tap on "Change or add something".
        gone = phrase("This form is no longer in use, so the report cannot be changed. I am sorry.")
        return Turn(None, (Acknowledge(gone, alert=True),))
    return _opened(here, report, form)


def is_as_sent(here: Here) -> bool:
    """Tell whether a report that was opened again has no other answers than it had."""
    return here.session.opened == mark_of(here.filled.draft())


def busy(here: Here, action: str) -> Turn:
    """Keep what is unfinished: a report that was sent is opened when that is done."""
    if here.session.code == action.removeprefix(CHANGE):
        return Turn(here.session, (Acknowledge(),))
    # Translators: shown after a tap on "Change or add something" while another report is not sent.
    told = phrase("Please send the report you are at first, or stop it with /cancel.")
    return Turn(here.session, (Acknowledge(told, alert=True),))


def edited_after_sending(here: Here) -> Turn:
    """Offer to open the newest report, where a message is edited after all was sent."""
    reports = here.scene.person.reports
    if not reports or not may_change(here.scene, reports[0]):
        # Translators: the person edited a message of a report that is sent or thrown away.
        told = phrase("That report is finished, so editing the message changes nothing any more.")
        return Turn(None, (remark(told),))
    # Translators: the person edited a message of a report that is sent; a button follows.
    told = phrase("That report is sent already. To change it, tap the button:")
    keys = change_buttons(here.scene, (reports[0].code,))
    return Turn(None, (Send((Block(told),), keys),))


def _opened(here: Here, report: Report, form: Form) -> Turn:
    session = replace(
        here.session,
        form_id=report.form_id,
        form_version=report.form_version,
        amends=report.instance_id,
        code=report.code,
    )
    scene = here.scene.at(session)
    kept = read_submission(form, report.xml, surroundings_of(scene, form))
    parent = tuple(kept.surroundings.beside[PARENT].items())
    filled = replace(session, draft=kept.draft(), trail=_all_dealt_with(kept), parent=parent)
    scene = here.scene.at(filled)
    instance = instance_of(scene, form)
    filled = replace(filled, opened=mark_of(instance.draft()))
    opened = replace(here, scene=scene.at(filled), instance=instance)
    # Translators: a report that was sent is opened again; "Send" is the button that sends it.
    how = phrase(
        "Here is your report {code} as you sent it. Change or add what you like, then tap Send. "
        "/cancel leaves it as it was.",
        code=report.code,
    )
    return go_on(opened, filled, (Block(how),))


def _all_dealt_with(instance: Instance) -> tuple[str, ...]:
    """Say that every question was asked, and that every repeat was told of as far as it goes."""
    stops = instance.stops()
    told = (f"{stop.reference}[1]" for stop in stops if isinstance(stop, RepeatStop) and stop.count)
    return (*(stop.reference for stop in stops), *told)
