"""Several files sent at once, and one more file while the bot asks whether there is another.

Telegram brings the files of an album one by one. The first answers the question. Where that
question opens the instances of a repeat, each further file opens an instance of its own: the next
one that is still empty, or a new one where the person may add any. Elsewhere one file is asked for,
so the first stays and the person is told, once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from conversations.asking import asked_of, stop_kind
from conversations.events import MediaSent
from conversations.interruptions import remark
from conversations.moves import Here, Replies, go_on
from conversations.phrases import Phrase, Problem, phrase, phrase_of_many
from conversations.progress import is_note, is_unopened, stop_at
from conversations.prompt import shown_in_place, taken_away
from conversations.questions.base import Asked, Given
from conversations.questions.repeats import INSTANCES_MAX
from conversations.refusals import refused
from conversations.replies import Block, KeepAttachment
from conversations.session import Session
from conversations.standing import standing_prompt
from conversations.turn import Turn
from conversations.xform.instance import QuestionStop, Refusal, RepeatStop


@dataclass(frozen=True, slots=True)
class _Taken:
    """A further file is an answer now; `number` is the place of its instance, from 1."""

    session: Session
    keep: KeepAttachment
    number: int


def rest_of_album(here: Here, event: MediaSent) -> Turn:
    """Take another file of an album as one more instance, or say once that one is enough."""
    repeat, number, tail = _parts(here.session.album_at)
    if not repeat or not _opens(here, here.session.album_at):
        # Translators: the person sent several pictures at once where one was asked for.
        return _declined(here, phrase("I took the first of these. Please send one at a time."))
    match _one_more(here, repeat, number, tail, event):
        case None:
            # Translators: the person sent more pictures at once than the form has room for.
            return _declined(here, phrase("There was no room for all of these."))
        case Problem() as problem:
            return Turn(here.session, (remark(problem.speech),))
        case _Taken() as taken if taken.session.album_at == here.session.current:
            return _onward(here, taken, taken_away(here.standing))
        case _Taken() as taken:
            return Turn(taken.session, (taken.keep, *_counted(here, taken)))


def another_file(here: Here, stop: RepeatStop, event: MediaSent) -> Turn | None:
    """Take a file that was sent instead of tapping "Yes, add one"; None where none is asked for."""
    opening = _opening(here, f"{stop.reference}[{stop.count}]") if stop.count else None
    if opening is None:
        return None
    _, _, tail = _parts(opening.reference)
    told = 0 if is_unopened(stop, here.session.trail) else stop.count
    taken = _one_more(here, stop.reference, told, tail, event)
    if not isinstance(taken, _Taken):
        return None
    session = replace(taken.session, album=event.group, album_told=False)
    return _onward(here, replace(taken, session=session))


def _onward(here: Here, taken: _Taken, away: Replies = ()) -> Turn:
    """Go on to what the new instance asks besides, or ask once more whether there is another."""
    session = replace(taken.session, current="", scratch="", failures=0)
    return go_on(here, session, _so_far(taken), (taken.keep, *away))


def _declined(here: Here, why: Phrase) -> Turn:
    if here.session.album_told:
        return Turn(here.session)
    return Turn(replace(here.session, album_told=True), (remark(why),))


def _parts(reference: str) -> tuple[str, int, str]:
    """Part a reference at its innermost position; the first part is blank where it has none.

    >>> _parts("/data/visit[1]/picture[2]/photo")
    ('/data/visit[1]/picture', 2, '/photo')
    """
    repeat, _, rest = reference.rpartition("[")
    number, _, tail = rest.partition("]")
    return (repeat, int(number), tail) if repeat else ("", 0, "")


def _opens(here: Here, reference: str) -> bool:
    """Tell whether a question is the first of its instance: then the instance is about the file."""
    repeat, number, _ = _parts(reference)
    opening = _opening(here, f"{repeat}[{number}]")
    return opening is not None and opening.reference == reference


def _opening(here: Here, instance: str) -> QuestionStop | None:
    """Find the first question of a repeat's instance."""
    inside = (
        stop
        for stop in here.filled.stops()
        if isinstance(stop, QuestionStop) and stop.reference.startswith(f"{instance}/")
    )
    return next((stop for stop in inside if not is_note(stop, here.filled)), None)


def _one_more(
    here: Here, repeat: str, number: int, tail: str, event: MediaSent
) -> _Taken | Problem | None:
    """Answer the same question of the next instance; None where there is no room.

    An instance that was added for a file that is not taken goes again.
    """
    count = here.filled.state(repeat).value
    taken = _tried(here, repeat, number, tail, event)
    if not isinstance(taken, _Taken) and (grown := here.filled.state(repeat).value) != count:
        here.filled.remove_repeat(repeat, int(grown))
    return taken


def _tried(
    here: Here, repeat: str, number: int, tail: str, event: MediaSent
) -> _Taken | Problem | None:
    reference = _room(here, repeat, number, tail)
    stop = stop_at(here.filled, reference) if reference else None
    if not isinstance(stop, QuestionStop):
        return None
    reading = stop_kind(here.filled, stop).read(_asked(here, stop), event)
    if isinstance(reading, Problem):
        return reading
    if not isinstance(reading, Given) or reading.keep is None:
        return None
    outcome = here.filled.answer(stop.reference, reading.value)
    if isinstance(outcome, Refusal):
        return refused(here.scene, here.filled, stop.reference, outcome)
    return _taken(here, stop, reading.keep)


def _asked(here: Here, stop: QuestionStop) -> Asked:
    """Name the file by its instance, too: several are answered at the same step."""
    asked = asked_of(here.scene, here.filled, stop)
    _, number, _ = _parts(stop.reference)
    return replace(asked, attachment=f"{asked.attachment}-{number}")


def _room(here: Here, repeat: str, number: int, tail: str) -> str:
    """Find the next empty instance, or add one; return the question's reference there."""
    following = f"{repeat}[{number + 1}]{tail}"
    while stop_at(here.filled, following):
        if not here.filled.state(following).value:
            return following
        number += 1
        following = f"{repeat}[{number + 1}]{tail}"
    stop = stop_at(here.filled, repeat)
    may_grow = isinstance(stop, RepeatStop) and stop.can_add and stop.count < INSTANCES_MAX
    return f"{here.filled.add_repeat(repeat)}{tail}" if may_grow else ""


def _taken(here: Here, stop: QuestionStop, keep: KeepAttachment) -> _Taken:
    _, number, _ = _parts(stop.reference)
    session = replace(
        here.session,
        draft=here.filled.draft(),
        trail=(*here.session.trail, stop.reference),
        album_at=stop.reference,
    )
    return _Taken(session, keep, number)


def _counted(here: Here, taken: _Taken) -> Replies:
    """Say in the standing message how many there are, so that an album adds no messages."""
    prompt = standing_prompt(here.scene.at(taken.session), here.filled)
    if prompt.keyboard:
        return ()
    return shown_in_place(prompt.opened_by(_so_far(taken)), taken.session)


def _so_far(taken: _Taken) -> tuple[Block, ...]:
    return (Block(_how_many(taken.number)),)


def _how_many(count: int) -> Phrase:
    # Translators: the person sends several pictures at once; each is kept.
    return phrase_of_many("✓ {count} file so far", "✓ {count} files so far", count)
