"""What a person's answer does: at a question, at the summary.

Each function reads what the person did, changes the instance and the session's trail, and moves
on; none of them decides what comes next.
"""

from __future__ import annotations

from dataclasses import replace

from conversations.amending import is_as_sent
from conversations.asking import answered_blocks, asked_of, shown, stop_kind, ticked
from conversations.captions import offer_words
from conversations.differences import Before, differences
from conversations.entries import Entry, entries_of
from conversations.events import ButtonTapped, Event, MediaSent, TextWritten
from conversations.interruptions import thrown_away
from conversations.moves import (
    Blocks,
    Here,
    Replies,
    again,
    current_stop,
    dropped,
    ended,
    go_on,
    moved_on,
    problem_block,
    put,
    scratched,
    setting_aside,
    visiting,
)
from conversations.phrases import Problem, phrase
from conversations.progress import is_note, still_answered, stop_before
from conversations.prompt import SLOT, taken_away
from conversations.questions.base import Given, Reading, Scratched
from conversations.refusals import refused
from conversations.repeating import at_repeat, finished, left_repeat
from conversations.replies import Block, NoKeyboard, Revise, Send
from conversations.reports import change_buttons
from conversations.screen_answers import at_screen, screen_done
from conversations.screens import screen_at, screen_of
from conversations.session import session_with
from conversations.sparing import light
from conversations.summary import kept, thanks
from conversations.turn import Turn
from conversations.xform.instance import (
    Change,
    QuestionStop,
    Refusal,
    RepeatStop,
    Stop,
    UnfinishedError,
)

# The questions


def at_question(here: Here, event: Event) -> Turn:
    """Take what a person did while a question waits, or a screen of several."""
    stop = current_stop(here)
    if screen := screen_at(here.scene, here.filled, stop):
        return at_screen(here, screen, event)
    match stop:
        case None:
            return go_on(here, replace(here.session, current=""))
        case RepeatStop():
            return at_repeat(here, stop, event)
        case QuestionStop():
            return _at_answer(here, stop, event)


def _at_answer(here: Here, stop: QuestionStop, event: Event) -> Turn:
    reading = _read(here, stop, event)
    match reading:
        case Problem():
            return again(here, reading)
        case Scratched():
            return scratched(here, reading, event)
        case Given() if is_note(stop, here.filled):
            return _dealt_with(here, stop, event)
        case Given():
            return _given(here, stop, reading, event)


def could_be_answer(here: Here, event: TextWritten) -> bool:
    """Tell whether the question that waits would take a text, or ask more about it."""
    stop = current_stop(here)
    if here.session.stage != "question" or screen_at(here.scene, here.filled, stop):
        return False
    match stop:
        case QuestionStop() if not is_note(stop, here.filled):
            reading = _read(here, stop, event)
            kept = isinstance(reading, Given) and here.filled.check(stop.reference, reading.value)
            nothing_new = reading == Scratched(here.session.scratch)
            return not (kept or nothing_new or isinstance(reading, Problem))
        case _:
            return False


def _read(here: Here, stop: QuestionStop, event: Event) -> Reading:
    asked = asked_of(here.scene, here.filled, stop)
    match event:
        case TextWritten(forwarded=True):
            # Translators: the person answered by forwarding what somebody else had written.
            return Problem(phrase("That was forwarded. Please answer with a message of your own."))
        case ButtonTapped(action="keep"):
            return Given(asked.state.value)
        case _:
            return stop_kind(here.filled, stop).read(asked, event)


def _given(here: Here, stop: QuestionStop, given: Given, event: Event) -> Turn:
    """Keep an answer, unless the form refuses it; what is required cannot be left out."""
    before = Before(here.filled.stops(), here.session.draft)
    outcome = kept_answer(here, stop, given)
    if isinstance(outcome, Refusal):
        return again(here, refused(here.scene, here.filled, stop.reference, outcome))
    offer_words(here, stop, event)
    keep = (given.keep,) if given.keep else ()
    if stop.reference not in here.session.trail:
        return _dealt_with(here, stop, event, keep)
    told = differences(here.scene, before, here.filled, stop.reference, outcome.changed)
    return _dealt_with(here, stop, event, keep, told)


def kept_answer(here: Here, stop: QuestionStop, given: Given) -> Refusal | Change:
    """Put an answer into the instance; what is required cannot be left out."""
    if not given.value and (missing := here.filled.check(stop.reference, "")):
        return missing
    return here.filled.answer(stop.reference, given.value)


def _dealt_with(
    here: Here, stop: QuestionStop, event: Event, keep: Replies = (), told: Blocks = ()
) -> Turn:
    """Move on from a stop; what lost its answer through this one will be asked again."""
    session, draft = here.session, here.filled.draft()
    known = stop.reference in session.trail
    trail = session.trail if known else (*session.trail, stop.reference)
    after = moved_on(
        session, draft, still_answered(trail, session.draft, draft, but=stop.reference)
    )
    album = event.group if isinstance(event, MediaSent) else ""
    ahead = (*keep, *dropped(here, draft), *_told_back(here, stop, event))
    sent = session_with(after, album=album, album_at=stop.reference, album_told=False)
    return go_on(here, sent, told, ahead)


def _told_back(here: Here, stop: QuestionStop, event: Event) -> Replies:
    """Tell how an answer was understood: in the question's place, or where a keyboard goes."""
    if is_note(stop, here.filled):
        return ()
    if here.standing.keyboard:
        said = ticked(here.scene, here.filled, stop)
        return (Send((Block(said),), NoKeyboard()),)
    if isinstance(event, TextWritten) and _says_so_itself(here, stop, event.text.strip()):
        return ()
    return (Revise(SLOT, answered_blocks(here.scene, here.filled, stop)),)


def _says_so_itself(here: Here, stop: QuestionStop, written: str) -> bool:
    """Tell whether the chat shows the answer already, in the very words that were written.

    A choice is shown by its label alone: its name means nothing to who reads the chat.
    """
    if stop.question.choices is None and written == here.filled.value(stop.reference):
        return True
    asked = asked_of(here.scene, here.filled, stop)
    return written == here.scene.locale.say(shown(asked, stop_kind(here.filled, stop)))


# The summary


def at_summary(here: Here, event: Event) -> Turn:
    """Send the report, turn a page, or open an answer to be changed."""
    match event:
        case ButtonTapped(action="send"):
            return _send(here)
        case ButtonTapped(action=action) if action.startswith("p"):
            return _turned_to(here, action[1:], event)
        case ButtonTapped(action=action):
            return _change(here, int(action.removeprefix("e")))
        case TextWritten(text) if number := here.scene.hearing.number(text):
            return _change(here, int(number))
        case _:
            return again(here, _send_or_change())


def _turned_to(here: Here, page: str, event: Event) -> Turn:
    """Show a page of the answers whole, also where only keys stand after a refused try."""
    whole = replace(here, scene=here.scene.at(replace(here.session, problem="")))
    return scratched(whole, Scratched(page), event)


def _send_or_change() -> Problem:
    # Translators: "Send" is the button that sends the report; please write it the same way.
    return Problem(phrase("Please tap Send, or tap the number of an answer to change it."))


def _change(here: Here, number: int) -> Turn:
    entry = _entry(here, number)
    if entry is None:
        return again(here, _send_or_change())
    return put(here, replace(visiting(here.session, entry.stop), from_summary=True))


def _entry(here: Here, number: int) -> Entry | None:
    entries = entries_of(here.scene, here.filled)
    return entries[number - 1] if 0 < number <= len(entries) else None


def _send(here: Here) -> Turn:
    """Finish the instance, hand it to the host to keep, and thank the person.

    A report that was opened to be changed, and was not, stays the one that was sent.
    """
    if is_as_sent(here):
        return ended(here, thrown_away(here.session))
    try:
        submission = here.filled.finish(here.scene.now)
    except UnfinishedError as unfinished:
        first = unfinished.failures[0]
        problem = refused(here.scene, here.filled, first.reference, first.refusal)
        return go_on(here, here.session, (problem_block(problem),))
    keep = kept(here.scene, submission)
    away = taken_away(here.standing)
    keys = change_buttons(here.scene, (keep.receipt,))
    spoken = light(here.scene, here.scene.spoken("thanks"))
    return Turn(None, (*away, keep, Send(thanks(here.scene), keys or NoKeyboard(), spoken)))


# Going round a question


def back(here: Here) -> Turn:
    """Go to what was dealt with before; what was answered stays answered."""
    session = here.session
    if session.stage == "question" and (turn := left_repeat(here)):
        return turn
    if session.stage in {"cancel", "restart"} or session.from_summary:
        return go_on(here, replace(session, current="", scratch="", from_summary=False))
    if session.stage not in {"question", "summary"}:
        # Translators: the person sent /back before there was a question.
        return again(here, Problem(phrase("There is nothing to go back to yet.")))
    stop = stop_before(here.filled, *_trail_before(here))
    if stop is None:
        # Translators: the person sent /back, and there is no question before this one.
        return again(here, Problem(phrase("This is the first question.")))
    return put(here, visiting(setting_aside(session), _entrance(here, stop)))


def _trail_before(here: Here) -> tuple[tuple[str, ...], str]:
    """Return the trail and where to go back from; a screen is left as a whole."""
    session = here.session
    screen = screen_at(here.scene, here.filled, current_stop(here)) if session.current else None
    inside = screen.references[1:] if screen else ()
    return tuple(ref for ref in session.trail if ref not in inside), session.current


def _entrance(here: Here, stop: Stop) -> Stop:
    """Return the first question of the screen that a stop stands in, else the stop itself."""
    screen = screen_of(here.scene, here.filled, stop.field_list) if stop.field_list else None
    return screen.first if screen else stop


def skip(here: Here, event: Event) -> Turn:
    """Leave a question without an answer where the form allows it."""
    stop = current_stop(here) if here.session.stage == "question" else None
    if screen := screen_at(here.scene, here.filled, stop) if stop else None:
        return screen_done(here, screen)
    match stop:
        case None:
            # Translators: the person sent /skip where no question waits for an answer.
            return again(here, Problem(phrase("There is nothing to skip here.")))
        case RepeatStop():
            return finished(here, stop)
        case QuestionStop() if is_note(stop, here.filled):
            return _dealt_with(here, stop, event)
        case QuestionStop():
            return _given(here, stop, Given(""), event)
