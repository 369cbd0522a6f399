"""What a failed call means: the caller's only question is whether to try again.

::

    DeliveryError            the call failed
    ├── ContactGone          for good: the person blocked the bot, or the chat is no more
    ├── ContactMoved         the chat has another id now
    ├── Refused              for good: the call itself is wrong, or there is nothing to do
    ├── TryLater             not now: wait `seconds` (the whole bot, when `everywhere`)
    │   └── MaybeDone        Telegram may have carried it out; trying again may do it twice
    └── TokenRefused         Telegram does not know the token; nothing will work until it is right
"""

from __future__ import annotations

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

RETRY_SECONDS = 2.0
"""How long to wait after a failure that says nothing about time."""

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
    """The call may succeed after `seconds`; `everywhere` when the whole bot must wait."""

    def __init__(self, reason: str, seconds: float, *, everywhere: bool = False) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.everywhere = everywhere


class MaybeDone(TryLater):
    """No answer came in time: Telegram may have carried the call out."""


class TokenRefused(DeliveryError):
    """Telegram does not know this bot's token."""


def meaning(error: TelegramError) -> DeliveryError:
    """Say what python-telegram-bot's error means for whoever made the call."""
    words = error.message
    match error:
        case RetryAfter():
            return TryLater(words, _seconds(error), everywhere=True)
        case ChatMigrated():
            return ContactMoved(error.new_chat_id)
        case Forbidden():
            return ContactGone(words)
        case BadRequest() if any(sign in words.lower() for sign in _GONE):
            return ContactGone(words)
        case BadRequest():
            return Refused(words)
        case InvalidToken():
            return TokenRefused(words)
        case TimedOut():
            return MaybeDone(words, RETRY_SECONDS)
        case Conflict() | NetworkError():
            return TryLater(words, RETRY_SECONDS)
        case _:
            return TryLater(words, RETRY_SECONDS)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, (int, float)) else wait.total_seconds()
