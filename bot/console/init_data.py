"""What a Telegram Mini App says of who opened it, verified. Pure.

The app hands on `initData`, a query string that Telegram signed under the bot's token. It counts
only while it is fresh; that it counts once is seen to by whoever keeps what was shown.
Source: https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias
from urllib.parse import parse_qsl

FRESH: Final = timedelta(minutes=5)
"""How long after Telegram signed it the data is taken."""

AHEAD: Final = timedelta(minutes=1)
"""How far Telegram's clock may be ahead of ours."""

BYTES_MAX: Final = 8_000
FIELDS_MAX: Final = 32

Untrue: TypeAlias = Literal["unreadable", "forged", "stale"]


@dataclass(frozen=True, slots=True)
class Opened:
    """Who opened the app, and until when what they show could be shown again."""

    user_id: int
    shown: str
    good_until: datetime


def verify(init_data: str, token: str, now: datetime) -> Opened | Untrue:
    """Check what an app shows against the bot's token; say who it is, or why it does not count."""
    if len(init_data) > BYTES_MAX:
        return "unreadable"
    try:
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True,
                          max_num_fields=FIELDS_MAX)  # fmt: skip
    except ValueError:
        return "unreadable"
    fields = dict(pairs)
    if len(fields) != len(pairs) or "hash" not in fields:
        return "unreadable"  # A field given twice could be read in two ways.
    shown = fields.pop("hash")
    if not hmac.compare_digest(signature(fields, token).encode(), shown.encode()):
        return "forged"
    return _opened(fields, shown, now)


def signature(fields: dict[str, str], token: str) -> str:
    """Return the hash that Telegram puts beside these fields: 64 hexadecimal digits."""
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()


def _opened(fields: dict[str, str], shown: str, now: datetime) -> Opened | Untrue:
    try:
        signed_at = datetime.fromtimestamp(int(fields["auth_date"]), UTC)
        user_id = json.loads(fields["user"])["id"]
    except (KeyError, ValueError, TypeError, OverflowError, OSError):
        return "unreadable"
    if not isinstance(user_id, int) or isinstance(user_id, bool):
        return "unreadable"
    if not -AHEAD <= now - signed_at <= FRESH:
        return "stale"
    return Opened(user_id, shown, signed_at + FRESH + AHEAD)
