"""Why a call of the Bot API or an act of a person is refused.

    Exception
    ├── Refused     the bot's mistake: answered in Telegram's envelope with Telegram's words
    └── Impossible  the person's program asked for something no Telegram client could do

Telegram writes the first letter after "Bad Request: " small; its constants such as
BUTTON_DATA_INVALID stay in capitals. Texts follow tdlib/telegram-bot-api.
"""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """A call answered with `"ok": false`."""

    def __init__(
        self, error_code: int, description: str, parameters: Mapping[str, int] | None = None
    ) -> None:
        """Keep the three members of Telegram's error envelope."""
        super().__init__(f"{error_code} {description}")
        self.error_code = error_code
        self.description = description
        self.parameters = dict(parameters or {})


class Impossible(Exception):
    """An act of a person that a Telegram client would not allow; `status` is the HTTP status."""

    def __init__(self, status: int, words: str) -> None:
        """Keep the HTTP status (400, 404 or 409) and what to do instead."""
        super().__init__(words)
        self.status = status
        self.words = words


def bad_request(text: str) -> Refused:
    """Make the refusal of a request that is wrong in itself."""
    return Refused(400, f"Bad Request: {text}")


def too_many(seconds: int) -> Refused:
    """Make the refusal of a call that came too soon; it may come again after `seconds`."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
