"""What a person writes beside a picture, and what a place they send is called.

Such words are never lost, and never taken for an answer on the bot's own account. With a file they
are kept beside it, and exports list them. Where the form asks for a text right after, in the same
group, that question comes with the words filled in: one tap keeps them, anything else replaces
them.
"""

from __future__ import annotations

from conversations.events import Event, MediaSent, PlaceShared
from conversations.moves import Here
from conversations.progress import is_note
from conversations.questions.typed import clean
from conversations.xform.instance import QuestionStop


def offer_words(here: Here, stop: QuestionStop, event: Event) -> None:
    """Fill what was written beside an answer into the text question that follows it, if any."""
    words = clean(_words(event))
    following = _text_after(here, stop) if words else None
    if following and here.filled.check(following.reference, words) is None:
        here.filled.put(following.reference, words)


def _words(event: Event) -> str:
    match event:
        case MediaSent(caption=words) | PlaceShared(title=words):
            return words
        case _:
            return ""


def _text_after(here: Here, stop: QuestionStop) -> QuestionStop | None:
    """Find the very next stop, if it is a text that was not asked yet and has no value."""
    stops = iter(here.filled.stops())
    after = next((one for one in stops if one.reference == stop.reference), None) and next(
        stops, None
    )
    if not isinstance(after, QuestionStop) or after.question.kind != "text":
        return None
    known = after.reference in here.session.trail or here.filled.state(after.reference).value
    apart = after.groups != stop.groups or is_note(after, here.filled)
    return None if known or apart else after
