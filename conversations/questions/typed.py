"""Answers that are typed: text, whole and decimal numbers, barcodes.

Numbers are read as the person's language writes them, in figures or in words. A text is kept as
it was written; only space around it and what XML cannot hold are dropped.
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

DIGITS_MAX = 40
"""More than any number on a card, an account or a phone has."""

MASK = "•"
MASKED_SHOWN_MAX = 8

_BETWEEN_DIGITS = str.maketrans(dict.fromkeys("-./()\u2010\u2011\u2012\u2013\u2212\u200e\u200f"))
"""What people put between the digits of a phone number; direction marks come with copied ones."""

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


def _read_text(asked: Asked, event: Event) -> Reading:
    match event:
        case TextWritten(text) if "numbers" in asked.question.appearance:
            return _digits(text)
        case TextWritten(text) if answer := clean(text):
            too_long = len(answer) > TEXT_CHARACTERS_MAX
            return Problem(_too_long(len(answer))) if too_long else Given(answer)
        case _:
            # Translators: something else came where a text is asked for, such as a photo.
            return Problem(phrase("Please write your answer as a message."))


def _digits(text: str) -> Reading:
    """Keep the digits of a number that nobody counts with, such as that of a phone.

    A plus before them stays, and so do leading zeros.
    """
    signs = "".join(clean(text).translate(_BETWEEN_DIGITS).split())
    bare = signs.removeprefix("+")
    if not bare.isdecimal():
        # Translators: asked for something like a phone number, the person wrote letters.
        return Problem(phrase("Please write digits only, without letters."))
    if len(bare) > DIGITS_MAX:
        return Problem(
            # Translators: why a number was refused; {length} and {count} are numbers.
            phrase_of_many(
                "That is {length} digits long. Please use at most {count} digit.",
                "That is {length} digits long. Please use at most {count} digits.",
                DIGITS_MAX,
                length=len(bare),
            )
        )
    plain = "".join(str(int(digit)) for digit in bare)
    return Given(f"+{plain}" if signs != bare else plain)


def _show_text(asked: Asked, value: str) -> Speech:
    """Show a text as it was written; one that is masked only by its length."""
    if "masked" in asked.question.appearance:
        return verbatim("{dots}", dots=MASK * min(len(value), MASKED_SHOWN_MAX))
    return as_written(asked, value)


def _too_long(length: int) -> Phrase:
    # Translators: why a text was refused; {length} and {count} are numbers.
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
            # Translators: how to answer where a barcode is asked for; a phone cannot scan here.
            return Problem(phrase("Please write the number or letters that stand at the barcode."))


def read_number(asked: Asked, event: Event) -> Decimal | Problem:
    """Read a number as people here write it, in figures or words, alone or with its measure."""
    if not isinstance(event, TextWritten):
        # Translators: something else came where a number is asked for, such as a photo.
        return Problem(phrase("Please write a number."))
    amount = asked.hearing.amount(event.text, _all_it_says(asked))
    if amount is None:
        example = Decimal("2.5") if asked.question.kind == "decimal" else 12
        # Translators: {example} is a number written in digits.
        return Problem(
            phrase("I could not read that as a number. Write digits: {example}", example=example)
        )
    if amount.beside:
        # Translators: the person wrote something like "500 m" where kilometres are asked, or "less
        # than 5"; {words} are the words beside the number.
        say = phrase(
            "Please write the number alone, without “{words}”, as the question asks for it.",
            words=amount.beside,
        )
        return Problem(say)
    return _too_many_digits(amount.number) or amount.number


def _all_it_says(asked: Asked) -> str:
    state = asked.state
    return " ".join(text for text in (state.label, state.hint, state.guidance) if text)


def _too_many_digits(number: Decimal) -> Problem | None:
    """Refuse a number that a double, in which XPath calculates, could not keep."""
    if len(lexical(number).strip("-").replace(".", "")) <= DECIMAL_DIGITS_MAX:
        return None
    return Problem(
        # Translators: why a number with a decimal point was refused.
        phrase_of_many(
            "That number is too long. Please use at most {count} digit.",
            "That number is too long. Please use at most {count} digits.",
            DECIMAL_DIGITS_MAX,
        )
    )


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
        # Translators: why a number was refused; {limit} is a number.
        say = phrase(
            "That number is too large. The largest I can take is {limit}.", limit=INTEGER_MAX
        )
        return Problem(say)
    return Given(str(int(number)))


TEXT = Kind(nothing_more, _read_text, _show_text)
BARCODE = Kind(nothing_more, _read_barcode, as_written)
INTEGER = Kind(nothing_more, _read_integer, show_number)
DECIMAL = Kind(nothing_more, _read_decimal, show_number)
