"""Answers that are typed: text, whole and decimal numbers, barcodes.

Numbers are read as the person's language writes them. What XML cannot hold is dropped.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from conversations.events import Event, TextWritten
from conversations.phrases import Phrase, Problem, Speech, phrase, phrase_of_many, verbatim
from conversations.questions.base import Asked, Given, Kind, Reading, as_written, nothing_more

TEXT_CHARACTERS_MAX = 3_000
"""Below the 4,096 of a Telegram message, so that an answer fits into one when it is shown."""

INTEGER_MAX = 2_147_483_647
"""ODK Collect keeps whole numbers in 32 bits."""

DECIMAL_DIGITS_MAX = 15
"""More digits do not survive a double, in which XPath calculates."""

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return a text as XML 1.0 can hold it (its section 2.2), composed, without space around."""
    return _NOT_IN_XML.sub("", unicodedata.normalize("NFC", text)).strip()


def lexical(number: Decimal) -> str:
    """Write a number as XForms does: no exponent, no minus before zero.

    >>> lexical(Decimal("1E+2")), lexical(Decimal("-0.0")), lexical(Decimal("2.50"))
    ('100', '0', '2.50')
    """
    return format(number, "f") if number else "0"


def show_number(asked: Asked, value: str) -> Speech:
    """Show a number as people here write it."""
    return verbatim("{value}", value=asked.locale.show_number(Decimal(value)))


def _read_text(_asked: Asked, event: Event) -> Reading:
    match event:
        case TextWritten(text) if answer := clean(text):
            too_long = len(answer) > TEXT_CHARACTERS_MAX
            return Problem(_too_long(len(answer))) if too_long else Given(answer)
        case _:
            return Problem(phrase("Please write your answer as a message."))


def _too_long(length: int) -> Phrase:
    return phrase_of_many(
        "That is {length} characters long. Please use at most {count} character.",
        "That is {length} characters long. Please use at most {count} characters.",
        TEXT_CHARACTERS_MAX,
        length=length,
    )


def _read_barcode(asked: Asked, event: Event) -> Reading:
    match event:
        case TextWritten():
            return _read_text(asked, event)
        case _:
            return Problem(phrase("Please write the number or letters that stand at the barcode."))


def read_number(asked: Asked, event: Event) -> Decimal | Problem:
    """Read a number as people here write it."""
    if not isinstance(event, TextWritten):
        return Problem(phrase("Please write a number."))
    number = asked.locale.read_number(event.text)
    if number is None:
        # Translators: {example} is a number written in digits.
        return Problem(
            phrase("I could not read that as a number. Write digits: {example}", example=12)
        )
    if len(lexical(number).strip("-").replace(".", "")) > DECIMAL_DIGITS_MAX:
        return Problem(
            phrase_of_many(
                "That number is too long. Please use at most {count} digit.",
                "That number is too long. Please use at most {count} digits.",
                DECIMAL_DIGITS_MAX,
            )
        )
    return number


def _read_decimal(asked: Asked, event: Event) -> Reading:
    number = read_number(asked, event)
    return number if isinstance(number, Problem) else Given(lexical(number))


def _read_integer(asked: Asked, event: Event) -> Reading:
    number = read_number(asked, event)
    if isinstance(number, Problem):
        return number
    if number != number.to_integral_value():
        # Translators: asked for "how many", the person wrote something like 2.5.
        return Problem(phrase("Please write a whole number, without a fraction."))
    if abs(number) > INTEGER_MAX:
        say = phrase(
            "That number is too large. The largest I can take is {limit}.", limit=INTEGER_MAX
        )
        return Problem(say)
    return Given(str(int(number)))


TEXT = Kind(nothing_more, _read_text, as_written)
BARCODE = Kind(nothing_more, _read_barcode, as_written)
INTEGER = Kind(nothing_more, _read_integer, show_number)
DECIMAL = Kind(nothing_more, _read_decimal, show_number)
