"""What only the first question has that the bot asks of itself: later, no more, what was sent."""

from __future__ import annotations

from typing import Final

from conversations.phrases import phrase
from conversations.progress import upcoming
from conversations.replies import Button
from conversations.session import Session
from conversations.xform.instance import Instance

ASK: Final = "ask-"
"""Opens the action of a button that puts a question; its number follows."""
ASK_LATE: Final = f"{ASK}late-"
"""As `ASK`, under the message of a question that was given up."""
LATER: Final = "later-"
"""Opens the action that puts a question off; the number of days follows."""
STOP: Final = "no-more"
ALL_LATER: Final = "all-later-"
"""As `LATER`, for all questions of a list."""
ALL_STOP: Final = "all-no-more"


RECALL: Final = "recall"
"""Shows what the person sent, where they want little data."""


def is_way_out(action: str) -> bool:
    """Tell whether a button is one of those that only the first question has."""
    return action in {STOP, RECALL} or action.startswith(LATER)


def ways_out(session: Session, instance: Instance) -> tuple[tuple[Button, ...], ...]:
    """Return the rows below the first question of a form that is asked, none below others."""
    if not session.due_id or session.amends or session.stage != "question":
        return ()
    first = upcoming(instance, ()).stop
    if first is None or first.reference != session.current:
        return ()
    return (*_recall_row(session), later_row(LATER), stop_row(STOP))


def _recall_row(session: Session) -> tuple[tuple[Button, ...], ...]:
    if not session.recalls:
        return ()
    # Translators: a button under a question about an earlier report: show the place and the
    # picture that the person sent then, which costs data.
    return ((Button(phrase("🖼 Show what I sent"), RECALL),),)


def later_row(action: str) -> tuple[Button, ...]:
    """Offer tomorrow and in a week."""
    return (
        # Translators: a button under a question that came unasked: ask me tomorrow.
        Button(phrase("Tomorrow"), f"{action}1"),
        # Translators: a button under a question that came unasked: ask me in a week.
        Button(phrase("In a week"), f"{action}7"),
    )


def stop_row(action: str) -> tuple[Button, ...]:
    """Offer that nothing more is asked."""
    # Translators: a button under a question that came unasked.
    return (Button(phrase("Ask no more about this"), action),)


def later_days(action: str) -> int:
    """Return in how many days a tap wants to be asked.

    >>> later_days("all-later-7"), later_days("later-1")
    (7, 1)
    """
    return int(action.rpartition("-")[2])
