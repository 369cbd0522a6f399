"""Which prompt a tap is meant for, and which button a typed label, yes or no stands for.

A tap counts only under the prompt that stands, or an earlier copy of it: same session, a step since
it was put first, a button it offers. Where messages go out slowly people tap the first copy they
see while others are still on their way; if only the newest counted they would for ever come late.
"""

from __future__ import annotations

from conversations.answering import could_be_answer
from conversations.assent import yes_or_no
from conversations.events import ButtonTapped, TextWritten
from conversations.moves import Here, go_on, put
from conversations.phrases import phrase
from conversations.prompt import named_key, stamp
from conversations.replies import Acknowledge
from conversations.turn import Turn

AROUND_QUESTIONS = frozenset({"back", "skip", "keep"})
"""What keys do that stand round a question; their labels count only with their signs."""


def counts(here: Here, tap: ButtonTapped) -> bool:
    """Tell whether a tap is meant for the prompt that stands."""
    session = here.session
    stamped = tap.session_key == stamp(session) and session.is_copy(tap.step)
    return stamped and here.standing.offers(tap.action)


def stale(here: Here, tap: ButtonTapped) -> Turn:
    """Acknowledge a tap that comes too late; put the question again if it is out of sight."""
    session = here.session
    same = tap.session_key == stamp(session)
    if same and session.is_copy(tap.step) and session.stage == "form":
        # Translators: shown for a moment after a tap on a form that was closed meanwhile.
        return go_on(here, session, ahead=(Acknowledge(phrase("That is closed now.")),))
    if not tap.session_key or (same and session.is_copy(tap.step)):
        return Turn(session, (Acknowledge(),))
    if same and session.is_copy(tap.step + 1):
        # Translators: shown for a moment after a second tap on a button of the same question.
        return Turn(session, (Acknowledge(phrase("That is answered already.")),))
    # Translators: shown for a moment after a tap on a button far up in the chat.
    told = Acknowledge(phrase("That question is an old one. This one is waiting now."))
    return put(here, session, ahead=(told,))


def pressed(here: Here, text: str) -> ButtonTapped | None:
    """Find the key or button whose label a person sent; ticks are read by their question."""
    action = named_key(text, here.scene.locale) if here.session.stage == "question" else None
    action = action or here.standing.action_named(text, here.scene.locale)
    if action is None or action.startswith(("+", "-")):
        return None
    if action in AROUND_QUESTIONS and named_key(text, here.scene.locale) is None:
        return None  # A bare "back" may be what hurts; `words` asks.
    return ButtonTapped(stamp(here.session), here.session.step, action)


def assented(here: Here, event: TextWritten) -> ButtonTapped | None:
    """Find the button that a typed yes or no stands for, unless the form would take the word."""
    says = yes_or_no(event.text, here.scene.locales)
    action = here.standing.action_saying(says) if says else None
    if action is None or could_be_answer(here, event):
        return None
    return ButtonTapped(stamp(here.session), here.session.step, action)
