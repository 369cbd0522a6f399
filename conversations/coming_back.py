"""Questions that the bot asks of itself: after a report, when their time has come.

One question comes with its own first prompt, so that one tap answers it; several come as one list,
and so does one for whoever is at a form: nothing is put into the middle of that. Until the first
answer there are two ways out, later and no more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from conversations.beginning import begun
from conversations.events import (
    Asked,
    ButtonTapped,
    Event,
    QuestionLetGo,
    QuestionsCame,
    ReportWaits,
    TimeRanOut,
)
from conversations.interruptions import remark
from conversations.moves import Here, ended, form_chosen, go_on, put
from conversations.onboarding import language_guess
from conversations.phrases import FormText, Phrase, phrase, verbatim
from conversations.prompt import SLOT, Prompt, stamp, taken_away
from conversations.replies import (
    Acknowledge,
    AskLater,
    AskNoMore,
    Block,
    Button,
    Buttons,
    NoKeyboard,
    Recall,
    Reply,
    Revise,
    Send,
    SetAside,
)
from conversations.session import Session
from conversations.sheets.parents import asked_by
from conversations.summary import kept
from conversations.turn import Turn
from conversations.waiting import (
    ALL_LATER,
    ALL_STOP,
    ASK,
    ASK_LATE,
    RECALL,
    STOP,
    later_days,
    later_row,
    stop_row,
)

LISTED_MAX: Final = 8
"""Questions in one message; more come when these are answered."""


def looks_at_waiting(event: Event) -> bool:
    """Tell whether a turn needs to know which questions were put to the person and wait."""
    if not isinstance(event, ButtonTapped):
        return False
    return event.action.startswith(ASK) or event.action == RECALL


def asked_for(event: Event) -> int:
    """Return the number of the question that a tap asks for; 0 for every other event."""
    if not isinstance(event, ButtonTapped) or not event.action.startswith(ASK):
        return 0
    number = event.action.removeprefix(ASK_LATE).removeprefix(ASK)
    return int(number) if number.isdecimal() else 0


def is_of_a_list(event: Event) -> bool:
    """Tell whether an event is a tap under a list of questions, which counts at any time."""
    return isinstance(event, ButtonTapped) and event.action.startswith((ASK, ALL_LATER, ALL_STOP))


def questions_came(here: Here, event: QuestionsCame, *, at_rest: bool) -> Turn:
    """Put one question, or the list of those that have come."""
    match event.asked:
        case (one,) if not at_rest and one.due_id == here.session.due_id:
            return put(here, here.session, (Block(_reminding(), "hint"),))
        case (one,) if at_rest:
            return _asked(here, one, again=event.again)
        case several:
            session = None if at_rest else here.session
            return Turn(session, (_listed(here, several, at_rest=at_rest),))


def let_go(here: Here, event: QuestionLetGo) -> Turn:
    """Give up a question that nobody answered; a tap under it may still bring it back.

    Its message stays as it is and rings no bell: only its buttons change.
    """
    if here.session.due_id != event.due_id:
        return Turn(here.session)
    if not here.standing.rows:
        return Turn(None, taken_away(here.standing))
    # Translators: a button under a question of ours that was not answered for a long time.
    late = Button(phrase("Answer it after all"), f"{ASK_LATE}{event.due_id}")
    return Turn(None, (Revise(SLOT, None, Buttons(stamp(here.session), 0, ((late,),))),))


def not_sent(here: Here, event: ReportWaits | TimeRanOut) -> Turn:
    """Bring what was begun and not sent to mind, or end it."""
    match event:
        case ReportWaits():
            return _waits(here, event)
        case TimeRanOut():
            return _ran_out(here, event)


def _waits(here: Here, event: ReportWaits) -> Turn:
    """Put what a person had begun before them once more."""
    if event.after_another:
        # Translators: a question of ours is answered; the question of their own report follows.
        told = phrase("Now back to the report that you had begun.")
    else:
        # Translators: a reminder, some time after the person stopped in the middle of a report.
        told = phrase("Your report is not sent yet. You can go on here, or /cancel it.")
    clear = replace(here, standing=Prompt(())) if event.after_another else here
    session, opening = replace(here.session, asked_again=True), (Block(told, "hint"),)
    if session.stage in {"restart", "cancel"} and event.after_another:
        return go_on(clear, session, opening)  # That is answered by now.
    return put(clear, session, opening)


def _ran_out(here: Here, event: TimeRanOut) -> Turn:
    """End a report that was not sent: keep it as far as it goes, or throw it away."""
    if event.hand_in and here.instance is not None and here.session.trail:
        # Translators: the person began a report long ago and never sent it; it counts as it is.
        told = phrase(
            "Your report was not sent for a long time, so I have handed it in as far as it goes."
        )
        partial = here.instance.finish(here.scene.now, partial=True)
        away, keep = taken_away(here.standing), kept(here.scene, partial)
        return Turn(None, (*away, keep, Send((Block(told),), NoKeyboard())))
    # Translators: the person began a report long ago and never sent it.
    told = phrase(
        "Your report was not sent for a long time, so I have thrown the answers away. "
        "To make another one, send /start."
    )
    return ended(here, told)


def tapped_in_list(here: Here, tap: ButtonTapped, *, at_rest: bool) -> Turn:
    """Take a tap under a list of questions."""
    if tap.action == ALL_STOP:
        return _no_more(here, 0, at_rest=at_rest)
    if tap.action.startswith(ALL_LATER):
        return _later(here, 0, later_days(tap.action), at_rest=at_rest)
    number, done = asked_for(tap), _done_with(tap)
    chosen = next((one for one in here.scene.person.waiting if one.due_id == number), None)
    if chosen is None or here.session.due_id == number:
        # Translators: shown for a moment: the person tapped a question that waits no more.
        told = phrase("That question is answered, or no longer asked.")
        session = None if at_rest else here.session
        return Turn(session, (Acknowledge(told), *(done if at_rest else ())))
    if at_rest:
        return _asked(here, chosen, (Acknowledge(), *done))
    aside = () if here.session.due_id else (SetAside(),)
    return _asked(here, chosen, ahead=(Acknowledge(), *aside, *taken_away(here.standing)))


def _done_with(tap: ButtonTapped) -> tuple[Reply, ...]:
    """Take the button away that stands alone under a question that was given up."""
    return (Revise(SLOT, None),) if tap.action.startswith(ASK_LATE) else ()


def way_out(here: Here, tap: ButtonTapped) -> Turn:
    """Put the question that waits off, or ask nothing more about its report."""
    if tap.action == STOP:
        return _no_more(here, here.session.due_id, at_rest=False)
    if tap.action == RECALL:
        return _recall(here)
    return _later(here, here.session.due_id, later_days(tap.action), at_rest=False)


def _recall(here: Here) -> Turn:
    """Show what the person sent, and put the question once more below it."""
    waiting, number = here.scene.person.waiting, here.session.due_id
    found = next((one.recalled for one in waiting if one.due_id == number), ())
    session = replace(here.session, recalls=False)
    there = replace(here, scene=here.scene.at(session))
    return put(there, session, ahead=(Recall(found),))


def _asked(here: Here, one: Asked, ahead: tuple[Reply, ...] = (), *, again: bool = False) -> Turn:
    """Begin the form that is asked, with what is said first at the head of its first question."""
    scene = here.scene
    form = scene.programme.forms[one.form_id, one.form_version]
    occasion, person = scene.occasion, scene.person
    fresh = replace(
        begun(scene.programme, person, occasion),
        language=language_guess(scene.programme, person),
        parent=asked_by(form, dict(one.parent)),
        due_id=one.due_id,
        recalls=bool(one.recalled) and person.low_data,
    )
    opening = (Block(_reminding(), "hint"),) if again else ()
    opening = (*opening, Block(FormText(one.opening))) if one.opening else opening
    if one.recalled and not again and not person.low_data:
        ahead = (*ahead, Recall(one.recalled))
    there = replace(here, scene=scene.at(fresh), instance=None)
    pinned = replace(fresh, form_id=one.form_id, form_version=one.form_version)
    if not scene.agreed:
        return go_on(there, pinned, opening, ahead)
    return form_chosen(there, fresh, (one.form_id, one.form_version), ahead, opening)


def _reminding() -> Phrase:
    # Translators: stands above a question that was asked some days ago and has no answer yet.
    return phrase("This question still waits for you:")


def _listed(here: Here, asked: tuple[Asked, ...], *, at_rest: bool) -> Send:
    many = [
        Button(_name(number, one), f"{ASK}{one.due_id}")
        for number, one in enumerate(asked[:LISTED_MAX], 1)
    ]
    rows = (*((button,) for button in many), later_row(ALL_LATER), (stop_row(ALL_STOP)))
    return Send((Block(_heading(at_rest=at_rest)),), Buttons(stamp(here.session), 0, rows))


def _heading(*, at_rest: bool) -> Phrase:
    if not at_rest:
        # Translators: to somebody who has begun a report; buttons follow: the questions, tomorrow,
        # in a week, no more.
        return phrase(
            "We have a question about something you told us before. You are at a report: if you "
            "answer now, it waits until you are done. Or we ask later."
        )
    # Translators: several buttons follow, each one a question about an earlier report.
    return phrase(
        "We would like to ask about things you told us before. Tap what you can answer now; the "
        "rest can wait."
    )


def _name(number: int, one: Asked) -> Phrase | FormText:
    if one.about:
        return verbatim("{number}. {about}", number=number, about=one.about)
    # Translators: a button; it opens a question of which nothing may be told beforehand.
    return phrase("Question {number}", number=number)


def _later(here: Here, due_id: int, days: int, *, at_rest: bool) -> Turn:
    if days == 1:
        # Translators: after a tap on "Tomorrow" under a question of ours.
        told = phrase("All right, we ask tomorrow.")
    else:
        # Translators: after a tap on "In a week" under a question of ours.
        told = phrase("All right, we ask in a week.")
    return _left(here, AskLater(due_id, days), told, at_rest=at_rest)


def _no_more(here: Here, due_id: int, *, at_rest: bool) -> Turn:
    # Translators: after a tap on "Ask no more about this"; what was told before is kept.
    told = phrase("All right, we ask no more about it. What you told us is kept.")
    return _left(here, AskNoMore(due_id), told, at_rest=at_rest)


def _left(here: Here, wish: Reply, told: Phrase, *, at_rest: bool) -> Turn:
    """Do what was wished; a session of one's own goes on."""
    if not at_rest and here.session.due_id:
        turn = ended(here, told)
        return replace(turn, replies=(wish, *turn.replies))
    session: Session | None = None if at_rest else here.session
    return Turn(session, (wish, remark(told)))
