"""/forget: somebody wants a report, or all that is kept of them, deleted; asked twice.

First they choose what, then they read what goes and what stays, and say yes or no. The yes counts
for an hour: a button found again later deletes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from conversations.events import ButtonTapped, CommandGiven, Event
from conversations.phrases import Phrase, phrase, phrase_of_many
from conversations.replies import (
    Acknowledge,
    Block,
    Button,
    Buttons,
    NoKeyboard,
    Reply,
    Revise,
    Send,
)
from conversations.roles import Role, titled

COMMAND: Final = "forget"
STAMP: Final = "@forget"
SLOT: Final = "forget"
ALL: Final = "all"
NOTHING: Final = "none"
REPORT: Final = "r-"
"""Opens the action of a button that stands for a report; its code follows."""
SURE: Final = "sure-"
"""Opens the action of a button that deletes what was chosen."""
MINUTES_TO_DECIDE: Final = 60


def is_about_forgetting(event: Event) -> bool:
    """Tell whether an event is about deleting what is kept."""
    match event:
        case CommandGiven(name):
            return name == COMMAND
        case ButtonTapped(session_key=key):
            return key == STAMP
        case _:
            return False


def minute_of(now: datetime) -> int:
    """Return the number that buttons carry, by which it is known how old they are."""
    return int(now.timestamp()) // 60


def is_too_late(tap: ButtonTapped, now: datetime) -> bool:
    """Tell whether somebody read what goes and what stays too long ago."""
    return not 0 <= minute_of(now) - tap.step <= MINUTES_TO_DECIDE


def wanted(codes: Sequence[str], now: datetime, *, more: bool) -> tuple[Reply, ...]:
    """Ask what shall be deleted; `more` says that there are reports beside those with `codes`."""
    # Translators: after /forget; below stand buttons, one for each report and one for everything.
    asked = Block(phrase("What shall I delete?"), "question")
    # Translators: below the question what shall be deleted.
    hints = [Block(phrase("What is deleted cannot be brought back."), "hint")]
    if more:
        # Translators: below the question what shall be deleted; /forget stays as it is.
        older = phrase("For an older report, send /forget and its code: /forget 4T7K-9WXM")
        hints.append(Block(older, "hint"))
    # Translators: a button; {code} is the code of a report, such as 4T7K-9WXM.
    rows = [Button(phrase("Report {code}", code=code), f"{REPORT}{code}") for code in codes]
    # Translators: a button: delete all that is kept about me.
    rows.append(Button(phrase("Everything about me"), ALL))
    # Translators: a button: delete nothing.
    rows.append(Button(phrase("Nothing"), NOTHING))
    keys = Buttons(STAMP, minute_of(now), tuple((row,) for row in rows))
    return (Send((asked, *hints), keys, slot=SLOT),)


def sure_of_report(code: str, now: datetime) -> tuple[tuple[Block, ...], Buttons]:
    """Say what goes and what stays when a report is deleted, and ask once more."""
    # Translators: asked before a report is deleted; {code} is its code.
    asked = phrase("Delete the report {code} for good?", code=code)
    # Translators: what goes with a report that its reporter deletes.
    goes = phrase(
        "With it go its answers and files, all its changes, what you answered about it later, and "
        "what others said about it."
    )
    # Translators: a button under the question whether a report shall be deleted for good.
    yes = Button(phrase("Yes, delete it"), f"{SURE}{code}")
    return _sure(asked, (Block(goes), *_stays()), yes, now)


def sure_of_all(
    reports: int, roles: Collection[Role], now: datetime
) -> tuple[tuple[Block, ...], Buttons]:
    """Say what goes and what stays when all of a person is deleted, and ask once more."""
    # Translators: asked before all that is kept about a person is deleted.
    asked = phrase("Delete everything about you for good?")
    # Translators: what goes when a person is deleted; the number is that of their reports.
    sent = phrase_of_many(
        "{count} report goes, with its files and all that others said about it.",
        "{count} reports go, with their files and all that others said about them.",
        reports,
    )
    # Translators: what else goes when a person is deleted.
    more = phrase(
        "So do what you have begun, what you agreed to, your language, place and time, your "
        "answers about other people's reports, what you wanted to hear, and all that I was going "
        "to ask you."
    )
    # Translators: a moderator, coordinator, … wants all about themselves deleted; {role} is that.
    ends = [phrase("You are no {role} any more, then.", role=titled(role)) for role in roles]
    # Translators: a button under the question whether everything shall be deleted for good.
    yes = Button(phrase("Yes, delete everything"), f"{SURE}{ALL}")
    # Translators: what stays when a person is deleted.
    chat = phrase("The messages in this chat stay on your phone until you delete the chat.")
    blocks = (*map(Block, (sent, more, *ends)), *_stays(), Block(chat))
    return _sure(asked, blocks, yes, now)


def _stays() -> tuple[Block, ...]:
    # Translators: what stays when a report, or all about a person, is deleted.
    published = phrase("What stays: figures that were published before, which name nobody.")
    # Translators: as before. A back-up is a copy that the team keeps against accidents.
    copies = phrase("Copies that the team made before keep it until the team deletes them.")
    return Block(published), Block(copies)


def _sure(
    asked: Phrase, blocks: tuple[Block, ...], yes: Button, now: datetime
) -> tuple[tuple[Block, ...], Buttons]:
    # Translators: a button under the question whether something shall be deleted for good.
    no = Button(phrase("No, keep it"), NOTHING)
    return (Block(asked, "question"), *blocks), Buttons(STAMP, minute_of(now), ((yes,), (no,)))


def shown_in_place(blocks: tuple[Block, ...], keys: Buttons) -> tuple[Reply, ...]:
    """Ask the second question where the first one stood."""
    return Acknowledge(), Revise(SLOT, blocks, keys)


def shown_anew(blocks: tuple[Block, ...], keys: Buttons) -> tuple[Reply, ...]:
    """Ask the second question alone, where the report was named with the command."""
    return (Send(blocks, keys, slot=SLOT),)


def kept() -> tuple[Reply, ...]:
    """Say that all is as it was."""
    # Translators: somebody was asked what to delete, and deletes nothing.
    told = phrase("Nothing was deleted.")
    return Acknowledge(), Revise(SLOT, (Block(told),))


def report_gone(code: str) -> tuple[Reply, ...]:
    """Say that a report is deleted."""
    # Translators: after a report was deleted; {code} was its code.
    told = phrase("The report {code} is deleted.", code=code)
    return Acknowledge(), Revise(SLOT, None), Send((Block(told),))


def all_gone(*, again: bool) -> tuple[Reply, ...]:
    """Say that nothing of a person is kept any more; `again` where that was so before."""
    if again:
        # Translators: somebody taps once more on the button that deletes all about them.
        return (Acknowledge(phrase("Everything about you is deleted."), alert=True),)
    # Translators: after all that was kept about a person was deleted; "the number of this chat" is
    # what Telegram calls this chat, and needed to say this sentence.
    told = phrase(
        "Everything about you is deleted. The number of this chat and your files go within the "
        "next hours. To begin anew, send /start."
    )
    return Acknowledge(), Revise(SLOT, None), Send((Block(told),), NoKeyboard())


def no_such(code: str, *, tapped: bool) -> tuple[Reply, ...]:
    """Say that a person has no report with this code, or not any more."""
    # Translators: somebody wants a report deleted; none of theirs has this code.
    told = phrase("You have no report with the code {code}.", code=code)
    return (Acknowledge(told, alert=True),) if tapped else (Send((Block(told),)),)


def asked_too_long_ago() -> tuple[Reply, ...]:
    """Delete nothing: the question is too old."""
    # Translators: shown over the chat after a tap on a button that deletes something.
    told = phrase("That was asked too long ago. Nothing is deleted; send /forget again.")
    return (Acknowledge(told, alert=True),)
