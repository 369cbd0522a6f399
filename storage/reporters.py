"""Pseudonyms: how the data know a person, without saying who it is.

A reporter is a keyed HMAC-SHA256 of programme and chat id, cut to 128 bits. The key stands
outside the database (`BARAZA_KEY`), so whoever takes the database alone cannot tell whose data
they hold, and the same person has unrelated pseudonyms in two programmes. Telegram changes the
chat id of groups, never of private chats, so a person's pseudonym lasts.
"""

from __future__ import annotations

import hmac
from typing import NewType

from storage.errors import WrongKey

Reporter = NewType("Reporter", str)

KEY_BYTES_MIN = 16


def check_key(key: bytes) -> bytes:
    """Return the key, or raise `WrongKey` if it is too short to protect anybody."""
    if len(key) < KEY_BYTES_MIN:
        said = f"BARAZA_KEY has {len(key)} bytes; give it {KEY_BYTES_MIN} or more random bytes."
        raise WrongKey(said)
    return key


def pseudonym(key: bytes, programme: str, chat_id: int) -> Reporter:
    """Return the reporter, 32 hexadecimal digits, for a chat in a programme.

    >>> pseudonym(b"k" * 16, "kenya", 7) == pseudonym(b"k" * 16, "colombia", 7)
    False
    """
    said = f"reporter\0{programme}\0{chat_id}".encode()
    return Reporter(hmac.digest(key, said, "sha256").hex()[:32])


def fingerprint(key: bytes) -> str:
    """Return what a database remembers of its key, so that another key is noticed."""
    return hmac.digest(key, b"fingerprint", "sha256").hex()[:32]
