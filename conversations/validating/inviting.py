"""People who bring people: a link of one's own, by which others come to the bot.

Whoever came by somebody's link is taken for somebody they know: neither is ever asked about the
other's reports, and of all who came by one link at most one is asked about any report. So ten
accounts of one person's are one voice, and cost whoever makes them ten times the work.
"""

from __future__ import annotations

import re
from typing import Final

from conversations.events import CommandGiven, Event
from conversations.phrases import FormText, phrase
from conversations.replies import Block, Send

WORD: Final = "i-"
"""Opens the word after /start that such a link carries; the token follows."""

TOKEN_SIGNS: Final = 24
_TOKEN: Final = re.compile(rf"{WORD}([0-9a-f]{{{TOKEN_SIGNS}}})")


def came_by(event: Event) -> str:
    """Return the token of the link that somebody came by; blank for none.

    >>> came_by(CommandGiven("start", "i-" + "0a" * 12))
    '0a0a0a0a0a0a0a0a0a0a0a0a'
    >>> came_by(CommandGiven("start", "KE-7"))
    ''
    """
    if not isinstance(event, CommandGiven) or event.name != "start":
        return ""
    found = _TOKEN.fullmatch(event.argument)
    return found[1] if found else ""


def link(username: str, token: str) -> str:
    """Return the address that opens the bot and says by whom one came."""
    return f"https://t.me/{username}?start={WORD}{token}"


def invitation(title: str, address: str) -> tuple[Send, ...]:
    """Hand somebody their link, in a message of its own that can be passed on."""
    # Translators: after /invite; the next message holds a link.
    how = phrase(
        "Pass the next message on to people who may want to take part. I take it that you know "
        "whoever comes by it: neither of you is asked whether the other's reports are right."
    )
    return Send((Block(how),)), Send((Block(FormText(title)), Block(FormText(address))))
