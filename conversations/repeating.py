"""What a person does at a repeat: one more, no more, a look at one of them, one of them gone.

A form brings the first instance along, empty. The person is asked before it is filled in (unless
the form requires one): the mark `/data/child[1]` in the trail says that there is one.
"""

from __future__ import annotations

from dataclasses import replace

from conversations.albums import another_file
from conversations.differences import Before, differences
from conversations.entries import entries_of
from conversations.events import Event, MediaSent
from conversations.instances import instance_told, told_count
from conversations.moves import (
    Blocks,
    Here,
    again,
    current_stop,
    dropped,
    go_on,
    moved_on,
    put,
    scratched,
    visiting,
)
from conversations.phrases import Problem, phrase
from conversations.progress import is_note, is_unopened, stop_at, without_instance
from conversations.questions.base import Scratched
from conversations.questions.repeats import (
    Added,
    Finished,
    Looking,
    Opened,
    Removed,
    read_repeat,
)
from conversations.replies import Block
from conversations.session import Session
from conversations.turn import Turn
from conversations.xform.instance import QuestionStop, RepeatStop


def at_repeat(here: Here, stop: RepeatStop, event: Event) -> Turn:
    """Take what a person did while a repeat waits."""
    if isinstance(event, MediaSent) and (taken := another_file(here, stop, event)):
        return taken
    session, locale = here.session, here.scene.locale
    reading = read_repeat(event, told_count(here.scene, stop), session.scratch, locale)
    match reading:
        case Problem():
            return again(here, reading)
        case Scratched():
            return scratched(here, reading, event)
        case Finished():
            return finished(here, stop)
        case Added():
            return _added(here, stop)
        case Opened(number):
            return _opened(here, stop, number)
        case Removed(index):
            return _removed(here, stop, index)


def finished(here: Here, stop: RepeatStop) -> Turn:
    """Leave the repeat; the empty instance that nobody wanted to tell of goes."""
    trail = here.session.trail
    if is_unopened(stop, trail) and not here.filled.state(stop.reference).required:
        here.filled.remove_repeat(stop.reference, 1)
    trail = trail if stop.reference in trail else (*trail, stop.reference)
    draft = here.filled.draft()
    return go_on(here, moved_on(here.session, draft, trail), ahead=dropped(here, draft))


def _added(here: Here, stop: RepeatStop) -> Turn:
    """Add an instance; its questions come next, and then this stop once more."""
    trail = tuple(ref for ref in here.session.trail if ref != stop.reference)
    if is_unopened(stop, trail):
        reference = f"{stop.reference}[1]"
    else:
        reference = here.filled.add_repeat(stop.reference)
    return go_on(here, moved_on(here.session, here.filled.draft(), (*trail, reference)))


def _opened(here: Here, stop: RepeatStop, number: int) -> Turn:
    """Open an answer of the instance that is looked at; going back leads to the list."""
    looking = Looking.at(here.session.scratch)
    entries = entries_of(here.scene, here.filled, f"{stop.reference}[{looking.index}]")
    if not 0 < number <= len(entries):
        return again(here, Problem(phrase("Please tap one of the buttons.")))
    return put(here, replace(visiting(here.session, entries[number - 1].stop), from_summary=True))


def _removed(here: Here, stop: RepeatStop, index: int) -> Turn:
    """Take an instance away, say what changed, and ask again whether there is another one."""
    before = Before(here.filled.stops(), here.session.draft)
    # Translators: {name} is one of several, by its first answers, such as "Amina, 3".
    told = phrase("Removed: {name}", name=instance_told(here.scene, here.filled, stop, index))
    here.filled.remove_repeat(stop.reference, index)
    seen = (other.reference for other in before.stops)
    opening: Blocks = (
        Block(told),
        *differences(here.scene, before, here.filled, stop.reference, seen),
    )
    session = _without(here, stop.reference, index)
    return put(here, session, opening, dropped(here, session.draft))


def _without(here: Here, repeat: str, index: int) -> Session:
    """Follow a removal: what is remembered of the instances behind it moves up."""
    session = here.session
    heard = tuple(
        (key, moved)
        for key, reference in session.heard
        for moved in without_instance((reference,), repeat, index)
    )
    return replace(
        session,
        draft=here.filled.draft(),
        trail=without_instance(session.trail, repeat, index),
        heard=heard,
        scratch="",
        set_aside=(),
    )


def left_repeat(here: Here) -> Turn | None:
    """Go back at a repeat: from one instance to the list, from an empty one to before it was added.

    None where going back means the question before.
    """
    stop = current_stop(here)
    if isinstance(stop, RepeatStop):
        listed = replace(here.session, scratch="")
        return put(here, listed) if here.session.scratch else None
    return _not_added(here, stop) if stop else None


def _not_added(here: Here, stop: QuestionStop) -> Turn | None:
    """Take back that there is one more, where nothing of it was told."""
    inside = [group for group in stop.groups if group.endswith("]")]
    if not inside or _told_of(here, inside[-1]):
        return None
    repeat, _, index = inside[-1].removesuffix("]").rpartition("[")
    asked = stop_at(here.filled, repeat)
    if not isinstance(asked, RepeatStop) or int(index) != asked.count:
        return None
    if asked.count == 1 and here.filled.state(repeat).required:
        return None
    if asked.count > 1:
        here.filled.remove_repeat(repeat, asked.count)
    return put(here, visiting(_without(here, repeat, int(index)), asked))


def _told_of(here: Here, reference: str) -> bool:
    """Tell whether anything in an instance was dealt with; a note is only read."""
    inside = [ref for ref in here.session.trail if ref.startswith(f"{reference}/")]
    stops = {stop.reference: stop for stop in here.filled.stops()} if inside else {}
    return any(ref not in stops or not is_note(stops[ref], here.filled) for ref in inside)
