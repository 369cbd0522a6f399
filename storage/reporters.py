"""Pseudonyms: how the data know a person, without saying who it is.

A reporter is a keyed HMAC-SHA256 of programme and chat id, cut to 128 bits. The key stands
outside the database (`BARAZA_KEY`), so whoever takes the database alone cannot tell whose data
they hold, and the same person has unrelated pseudonyms in two programmes. Telegram changes the
chat id of groups, never of private chats, so a person's pseudonym lasts.
"""

from __future__ import annotations

import hmac
from functools import lru_cache
from typing import NewType

from storage.errors import WrongKey

Reporter = NewType("Reporter", str)

KEY_BYTES_MIN = 16


PSEUDONYMS_KEPT_MAX = 4_096
"""People who did something lately, each of them asked for at every turn."""


def check_key(key: bytes) -> bytes:
    """Return the key, or raise `WrongKey` if it is too short to protect anybody."""
    if len(key) < KEY_BYTES_MIN:
        said = f"BARAZA_KEY has {len(key)} bytes; give it {KEY_BYTES_MIN} or more random bytes."
        raise WrongKey(said)
    return key


@lru_cache(PSEUDONYMS_KEPT_MAX)
def pseudonym(key: bytes, programme: str, chat_id: int) -> Reporter:
    """Return the reporter, 32 hexadecimal digits, for a chat in a programme.

    >>> pseudonym(b"k" * 16, "kenya", 7) == pseudonym(b"k" * 16, "colombia", 7)
    False
    """
    said = f"reporter\0{programme}\0{chat_id}".encode()
    keyed = _keyed(key).copy()
    keyed.update(said)
    return Reporter(keyed.hexdigest()[:32])


@lru_cache(maxsize=8)
def _keyed(key: bytes) -> hmac.HMAC:
    """Begin with a key; that costs ten times as much as what follows."""
    return hmac.new(key, digestmod="sha256")


def fingerprint(key: bytes) -> str:
    """Return what a database remembers of its key, so that another key is noticed."""
    return hmac.digest(key, b"fingerprint", "sha256").hex()[:32]


def signature(key: bytes, said: str) -> str:
    """Return a text's keyed HMAC-SHA256, 64 hexadecimal digits."""
    return hmac.digest(key, b"signature\0" + said.encode(), "sha256").hex()


SEAL_BYTES = 8
"""A contact's id, 62 bits, and beside it as many bytes that tell a seal of ours from any other."""


def seal(key: bytes, reporter: Reporter, contact_id: int) -> str:
    """Return a contact's id so that only the key's holder can read it, 32 hexadecimal digits.

    The id is combined with a keystream of its own for each reporter, which is used for nothing
    else; the second half proves that the first was not tampered with.

    >>> unseal(b"k" * 16, Reporter("r"), seal(b"k" * 16, Reporter("r"), 7))
    7
    """
    hidden = contact_id ^ _keystream(key, reporter)
    return f"{hidden:016x}{_proof(key, reporter, hidden)}"


def unseal(key: bytes, reporter: Reporter, sealed: str) -> int:
    """Return the contact's id that was sealed; raise `WrongKey` where the seal is not ours."""
    hidden = int(sealed[: SEAL_BYTES * 2], 16)
    if not hmac.compare_digest(sealed[SEAL_BYTES * 2 :], _proof(key, reporter, hidden)):
        raise WrongKey("This key does not open who is behind a report; put back the old one.")
    return hidden ^ _keystream(key, reporter)


def _keystream(key: bytes, reporter: Reporter) -> int:
    drawn = hmac.digest(key, f"seal\0{reporter}".encode(), "sha256")
    return int.from_bytes(drawn[:SEAL_BYTES], "big")


def _proof(key: bytes, reporter: Reporter, hidden: int) -> str:
    said = f"proof\0{reporter}\0{hidden:016x}".encode()
    return hmac.digest(key, said, "sha256").hex()[: SEAL_BYTES * 2]
