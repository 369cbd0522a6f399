"""When somebody must look at a report at once: who is called, how often, and what they can do.

The first to be called are those who work with cases; if nobody takes it up within the first time,
those who run the programme are as well, again and again at longer intervals. Whoever only looks
things up in a register never hears of it. Whoever takes it up ends the calling. Nothing is asked of
the reporter until they decide whether it goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, TypeAlias, TypeVar

from conversations.phrases import FormText, Phrase, phrase
from conversations.replies import Block, Button, Buttons, Send

SEEN: Final = "alarm-seen-"
"""Opens the action of the button that takes an alarm up; its number follows."""
GO_ON: Final = "alarm-on-"
LEAVE: Final = "alarm-off-"
AGAIN_AFTER: Final = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
"""After each call without anybody taking it up; then once a day."""
DAILY: Final = timedelta(days=1)
CALLS_MAX: Final = 30
"""A month of calling; then it is for the operator, who finds it in the log."""
FIRST: Final = ("case worker", "moderator", "senior moderator")
"""The roles that are called first."""
STAMP: Final = "alarm"

_One = TypeVar("_One")
Held: TypeAlias = "tuple[str, _One]"


def called(held: Sequence[tuple[str, _One]], calls: int, named: str = "") -> tuple[_One, ...]:
    """Return whom to call: those of the role that is named, or the first; later everybody.

    >>> people = [("coordinator", 1), ("case worker", 2)]
    >>> called(people, 0), called(people, 1), called(people, 0, "coordinator"), called([], 0)
    ((2,), (1, 2), (1,), ())
    >>> called([*people, ("record keeper", 3)], 1)
    (1, 2)
    """
    wanted = (named,) if named else FIRST
    first = tuple(one for role, one in held if role in wanted)
    everybody = tuple(one for role, one in held if answers(role))
    return first if first and not calls else everybody


def answers(role: str) -> bool:
    """Tell whether those of a role are called, and may take up what they are called about."""
    return role in FIRST or role == "coordinator"


def next_call(calls: int) -> timedelta | None:
    """Return how long after the last of so many calls the next one comes; None for none."""
    if calls > CALLS_MAX:
        return None
    return AGAIN_AFTER[calls - 1] if calls <= len(AGAIN_AFTER) else DAILY


def alarm_message(number: int, code: str, about: str, calls: int) -> Send:
    """Call somebody; `about` is what the flag says, blank where nothing may be said of it."""
    # Translators: to people who look into reports: one is grave; {code} is its code.
    head = phrase("⚠️ Please look at report {code} at once.", code=code)
    if calls:
        # Translators: the same as before, again because nobody has taken it up.
        head = phrase("⚠️ Nobody has taken up report {code} yet. Please look at it.", code=code)
    # Translators: below the call: the bot asks the reporter nothing until somebody decides.
    still = phrase("Nothing more is asked about it until one of you decides.")
    blocks = (Block(head), *((Block(FormText(about)),) if about else ()), Block(still, "hint"))
    # Translators: a button: I take care of this report.
    keys = ((Button(phrase("I see to it"), f"{SEEN}{number}"),),)
    return Send(blocks, Buttons(STAMP, 0, keys))


def taken_up_message(number: int, code: str) -> Send:
    """Thank whoever takes it up, and let them decide what comes next."""
    # Translators: {code} is the code of a report; the two buttons below say what "it" can be.
    told = phrase(
        "Thank you. Nobody else is called about report {code}. When you know more: shall the "
        "follow-up questions go on?",
        code=code,
    )
    # Translators: a button: let the bot go on asking the reporter as it was planned.
    on = (Button(phrase("Yes, go on as planned"), f"{GO_ON}{number}"),)
    # Translators: a button: let the bot ask the reporter nothing more about this report.
    off = (Button(phrase("No, ask nothing more"), f"{LEAVE}{number}"),)
    return Send((Block(told),), Buttons(STAMP, 0, (on, off)))


def decided(*, go_on: bool, planned: int) -> Phrase:
    """Say what was decided; `planned` counts the questions that come again."""
    if not go_on:
        # Translators: after somebody decided that a reporter is left in peace.
        return phrase("All right, nothing more is asked about it.")
    # Translators: after somebody decided that follow-up questions go on; {count} of them wait.
    return phrase("All right, it goes on. Questions that wait: {count}", count=planned)


def taken_up_already() -> Phrase:
    """Say that somebody else takes care."""
    # Translators: shown for a moment: another person has taken up this report.
    return phrase("Somebody has taken this up already.")


def deadline_message(code: str, text: str, falls: date) -> Send:
    """Tell of a date that comes near."""
    # Translators: below the author's own words about a date that comes; {code} is a report's code.
    line = phrase("Report {code}, on {falls}", code=code, falls=falls)
    return Send((Block(FormText(text)), Block(line, "hint")))


def support_message(text: str) -> Send:
    """Say what the programme says to whoever tells of a death, a loss, a danger."""
    return Send((Block(FormText(text)),))
