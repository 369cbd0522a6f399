"""Personal data in what somebody typed: telephone numbers, e-mail addresses, account names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from conversations.checks.doubts import Doubt
from conversations.checks.facts import TYPED, Facts
from conversations.phrases import Phrase, phrase
from conversations.sheets.flags import Severity

PHONE: Final = re.compile(r"(?<![\w.,:-])\+?\d(?:[ .()/-]?\d){8,14}(?![\w,:-])")
"""Nine to fifteen digits (E.164 allows fifteen), parted as people part them."""

EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?!\w)")

ACCOUNT: Final = re.compile(
    r"(?<![\w@.])@[A-Za-z]\w{3,31}(?![\w@])"
    r"|(?:t\.me|wa\.me|facebook\.com|fb\.com|instagram\.com|tiktok\.com|x\.com|twitter\.com)"
    r"/[\w.@+-]{2,64}",
    re.IGNORECASE,
)

NUMBER_OF_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}")
"""Days hold many digits and are nobody's number."""

TEXT_LENGTH_MAX: Final = 4_096
"""What one message can hold; nothing longer is looked through."""


def personal_data(facts: Facts) -> Iterator[Doubt]:
    """Doubt each text that names how somebody can be found."""
    for one in facts.of(TYPED):
        if one.question.holds_file(one.value):
            continue
        for words in found_in(one.value[:TEXT_LENGTH_MAX]):
            yield Doubt("personal", Severity.HIGH, words, (one.reference,))


def found_in(text: str) -> tuple[Phrase, ...]:
    """Say which kinds of personal data stand in a text."""
    return tuple(words for pattern, words in _KINDS if pattern.search(_without_days(text)))


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where personal data stand in a text, for whoever blacks them out.

    >>> text = "Call Mama at 0712 345 678 or mama@example.org"
    >>> [text[start:end] for start, end in spans(text)]
    ['0712 345 678', 'mama@example.org']
    """
    blank = _without_days(text)
    found = [match.span() for pattern, _ in _KINDS for match in pattern.finditer(blank)]
    return tuple(sorted(found))


def _without_days(text: str) -> str:
    return NUMBER_OF_TIME.sub(lambda day: "\0" * len(day.group()), text)


_KINDS: Final = (
    # Translators: to moderators: what was found in a text that somebody typed.
    (PHONE, phrase("The text seems to hold a telephone number.")),
    # Translators: to moderators: what was found in a text that somebody typed.
    (EMAIL, phrase("The text seems to hold an e-mail address.")),
    # Translators: to moderators: what was found in a text, such as @somebody.
    (ACCOUNT, phrase("The text seems to name somebody's account.")),
)
