"""The code by which a person can speak of a report: short, and easy to read out."""

from __future__ import annotations

import hashlib

ALPHABET = "34679CDFGHJKMNPQRTWXY"
"""No two signs that look alike (0 O, 1 I L, 2 Z, 5 S, 8 B, U V), and no vowels: no words."""

GROUP_SIGNS = 4


def receipt(session_key: str) -> str:
    """Derive the code of a report: two groups of four signs, always the same for a session.

    >>> receipt("0" * 32)
    'DM6G-6C34'
    """
    number = int.from_bytes(hashlib.sha256(session_key.encode("ascii")).digest())
    signs = ""
    for _ in range(2 * GROUP_SIGNS):
        number, index = divmod(number, len(ALPHABET))
        signs += ALPHABET[index]
    return f"{signs[:GROUP_SIGNS]}-{signs[GROUP_SIGNS:]}"
