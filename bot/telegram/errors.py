"""What a failed call means: the caller's only question is whether to try again.

::

    DeliveryError            the call failed
    ├── ContactGone          for good: the person blocked the bot, or the chat is no more
    ├── ContactMoved         the chat has another id now
    ├── Refused              for good: the call itself is wrong, or there is nothing to do
    ├── TryLater             not now: wait `seconds`
    │   ├── TooMany          too many calls, to this chat or altogether: Telegram does not say
    │   └── MaybeDone        Telegram may have carried it out; trying again may do it twice
    └── TokenRefused         Telegram does not know the token; nothing will work until it is right
"""

from __future__ import annotations

import re

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

RETRY_SECONDS = 2.0
"""How long to wait after a failure that says nothing about time."""

_UNKNOWN = "Telegram does not know this token; copy it again from @BotFather to BARAZA_TOKEN."
_CONFLICT = (
    "Another program takes this bot's updates, by polling or by a webhook. "
    "Stop it, or give each a bot of its own."
)

_GONE = ("chat not found", "user is deactivated", "bot was blocked", "bot can't initiate")


class DeliveryError(Exception):
    """A call to Telegram failed."""


class ContactGone(DeliveryError):
    """The person cannot be written to any more."""


class ContactMoved(DeliveryError):
    """The chat became another chat."""

    def __init__(self, chat_id: int) -> None:
        super().__init__("the chat has another id now")
        self.chat_id = chat_id


class Refused(DeliveryError):
    """Telegram will never carry this call out."""


class TryLater(DeliveryError):
    """The call may succeed after `seconds`."""

    def __init__(self, reason: str, seconds: float = RETRY_SECONDS) -> None:
        super().__init__(reason)
        self.seconds = seconds


class TooMany(TryLater):
    """Too many calls were made; nothing was done, and `seconds` are what Telegram asks for."""


class MaybeDone(TryLater):
    """No answer came in time: Telegram may have carried the call out."""


class TokenRefused(DeliveryError):
    """Telegram does not know this bot's token."""


_QUOTED = re.compile(r"\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")
"""Where Telegram quotes what it refuses, that is what a person wrote: nothing for a log."""


def meaning(error: TelegramError) -> DeliveryError:
    """Say what python-telegram-bot's error means for whoever made the call."""
    words = _QUOTED.sub('"…"', error.message)
    match error:
        case RetryAfter():
            return TooMany(words, _seconds(error))
        case ChatMigrated():
            return ContactMoved(error.new_chat_id)
        case Forbidden():
            return ContactGone(words)
        case BadRequest() if any(sign in words.lower() for sign in _GONE):
            return ContactGone(words)
        case BadRequest():
            return Refused(words)
        case InvalidToken():
            return TokenRefused(_UNKNOWN)
        case TimedOut():
            return MaybeDone(words)
        case Conflict():
            return TryLater(_CONFLICT)
        case _:
            return TryLater(words)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, (int, float)) else wait.total_seconds()
