"""Control questions: reports that a moderator decided, put to validators like any other.

What is drawn is drawn by a key of the programme, so nobody can work out which question is one, and
the same ask is the same after a restart. Controls come evenly from every class: whoever always
says yes would pass if most decided reports were right.

Under probation somebody unproven gets a control every other time: not each time, or an account
could answer well until it knows that it counts.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping
from typing import Final

from conversations.verdicts.answers import Validator
from conversations.verdicts.reliability import Reliability
from conversations.verdicts.rule import Rule

PROBATION_SHARE: Final = 0.5


def is_control(
    key: bytes, validator: Validator, ask: int, known: Reliability | None, rule: Rule
) -> bool:
    """Tell whether the validator's question number `ask` is to be a control."""
    unproven = rule.probation and not (known and known.proven)
    share = PROBATION_SHARE if unproven else rule.control_share
    return drawn(key, "control", validator, str(ask)) < share


def control_for(
    key: bytes,
    validator: Validator,
    ask: int,
    moderated: Mapping[str, str],
    seen: Collection[str],
) -> str | None:
    """Choose a case for a control, of those a moderator decided; None where none is left.

    `moderated` tells what was decided in each case, `seen` the cases this validator knows: those
    asked about before, and the own reports.
    """
    left: dict[str, list[str]] = {}
    for case in sorted(moderated):
        if case not in seen:
            left.setdefault(moderated[case], []).append(case)
    if not left:
        return None
    classes = sorted(left)
    decided = classes[int(drawn(key, "class", validator, str(ask)) * len(classes))]
    return min(left[decided], key=lambda case: drawn(key, "case", validator, case))


def drawn(key: bytes, *words: str) -> float:
    """Draw a number from 0 up to 1 that only the key and the words determine.

    >>> drawn(b"key", "control", "a", "1") == drawn(b"key", "control", "a", "1")
    True
    """
    text = "\0".join(words).encode()
    return int.from_bytes(hmac.digest(key, text, hashlib.sha256)[:6]) / 2**48
