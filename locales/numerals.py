"""Numbers as people write them, in both directions.

Reading tries the locale's own separators first, then those of others; a text that could mean
two numbers (`1.234` in French) is no number, and the conversation asks again. Exponents, NaN and
infinity are no numbers here.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache, lru_cache
from typing import TypeGuard

import babel
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from locales.typed import ascii_digits

NUMBER_LENGTH_MAX = 40

NUMBERS_KEPT_MAX = 1_024
"""Whole numbers that are found again as they are written in a language."""

_FRACTION_DIGITS_MAX = 3
"""Eighths, the finest fractions people write with one sign, have three decimals."""

_FRACTION = re.compile(
    r"(?P<whole>.+ )?(?P<over>[0-9]{1,2})[/\N{FRACTION SLASH}](?P<under>[0-9]{1,2})"
)

_SPACE, _APOSTROPHE = " ", "'"
_ARABIC_DECIMAL = "\N{ARABIC DECIMAL SEPARATOR}"
_DECIMALS = (".", ",", _ARABIC_DECIMAL)
_GROUPS = (_SPACE, _APOSTROPHE, ",", ".")

# The marks that mean the same as one of the above, whichever keyboard typed them.
_SAME = str.maketrans(
    {
        "\N{RIGHT SINGLE QUOTATION MARK}": _APOSTROPHE,
        "`": _APOSTROPHE,
        "\N{ARABIC THOUSANDS SEPARATOR}": _APOSTROPHE,
        "\N{ARABIC COMMA}": ",",
        "\N{FULLWIDTH COMMA}": ",",
        "\N{FULLWIDTH FULL STOP}": ".",
        "\N{MINUS SIGN}": "-",
        "\N{FULLWIDTH HYPHEN-MINUS}": "-",
        "\N{FULLWIDTH PLUS SIGN}": "+",
    }
)

_ZEROS = {
    "adlm": "\N{ADLAM DIGIT ZERO}",
    "arab": "\N{ARABIC-INDIC DIGIT ZERO}",
    "arabext": "\N{EXTENDED ARABIC-INDIC DIGIT ZERO}",
    "beng": "\N{BENGALI DIGIT ZERO}",
    "cakm": "\N{CHAKMA DIGIT ZERO}",
    "deva": "\N{DEVANAGARI DIGIT ZERO}",
    "hmnp": "\N{NYIAKENG PUACHUE HMONG DIGIT ZERO}",
    "mtei": "\N{MEETEI MAYEK DIGIT ZERO}",
    "mymr": "\N{MYANMAR DIGIT ZERO}",
    "nkoo": "\N{NKO DIGIT ZERO}",
    "olck": "\N{OL CHIKI DIGIT ZERO}",
    "tibt": "\N{TIBETAN DIGIT ZERO}",
}
"""The digit zero of each CLDR numbering system a locale has by default; 1 to 9 follow it."""


def own_digits(text: str, locale: babel.Locale) -> str:
    """Write 0 to 9 in the digits people of the locale use."""
    zero = _ZEROS.get(locale.default_numbering_system)
    if zero is None:
        return text
    return text.translate({ord("0") + value: chr(ord(zero) + value) for value in range(10)})


def show_number(number: Decimal | int, locale: babel.Locale) -> str:
    """Write a number with all its decimals and the locale's separators and digits."""
    # 1.0 equals 1 and is written otherwise, so only whole numbers are found again.
    return _shown_again(number, locale) if type(number) is int else _shown(number, locale)


def _shown(number: Decimal | int, locale: babel.Locale) -> str:
    text = format_decimal(
        number, locale=locale, decimal_quantization=False, numbering_system="default"
    )
    return own_digits(text, locale)


_shown_again = lru_cache(NUMBERS_KEPT_MAX)(_shown)


def read_number(text: str, locale: babel.Locale) -> Decimal | None:
    """Read a number typed in any script's digits; None if it is none or could be two."""
    if len(text) > NUMBER_LENGTH_MAX:
        return None
    typed = _SPACE.join(ascii_digits(text).translate(_SAME).split())
    negative, digits = typed.startswith("-"), typed.removeprefix("-").removeprefix("+").strip()
    whole, fraction = _fraction_apart(digits)
    value = _unsigned(whole, locale)
    if fraction:
        value = fraction if not whole else value + fraction if _is_whole(value) else None
    return -value if value and negative else value


def _is_whole(value: Decimal | None) -> TypeGuard[Decimal]:
    return value is not None and value == value.to_integral_value()


def _fraction_apart(digits: str) -> tuple[str, Decimal | None]:
    """Split off a fraction, one sign such as ½ or `1/2`; thirds have no end and are none."""
    if match := _FRACTION.fullmatch(digits):
        over, under = int(match["over"]), int(match["under"])
        part = Decimal(over) / under if 0 < over < under else Decimal("NaN")
        exact = part.is_finite() and len(part.as_tuple().digits) <= _FRACTION_DIGITS_MAX
        return ((match["whole"] or "").strip(), part) if exact else (digits, None)
    if not digits or not unicodedata.decomposition(digits[-1]).startswith("<fraction>"):
        return digits, None
    value = Decimal(str(unicodedata.numeric(digits[-1])))
    exact = len(value.as_tuple().digits) <= _FRACTION_DIGITS_MAX
    return (digits[:-1].strip(), value) if exact else (digits, None)


def _unsigned(digits: str, locale: babel.Locale) -> Decimal | None:
    """Read as the people here write; failing that, as others do, if they all agree."""
    own, foreign = _conventions(locale)
    for group, decimal in own:
        if (value := _read(digits, group, decimal)) is not None:
            return value
    values = {_read(digits, group, decimal) for group, decimal in foreign} - {None}
    return values.pop() if len(values) == 1 else None


@cache
def _conventions(
    locale: babel.Locale,
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Return the (group, decimal) marks of the locale, and those of everybody else."""
    group = get_group_symbol(locale, numbering_system="default").translate(_SAME)
    decimal = get_decimal_symbol(locale, numbering_system="default")
    groups = (_SPACE if group.isspace() else group, _SPACE, _APOSTROPHE)
    own = tuple(dict.fromkeys((one, decimal) for one in groups))
    pairs = ((one, two) for one in _GROUPS for two in _DECIMALS if one != two)
    return own, tuple(pair for pair in pairs if pair not in own)


def _read(digits: str, group: str, decimal: str) -> Decimal | None:
    match = _pattern(group, decimal).fullmatch(digits)
    if match is None or not (match["whole"] or match["part"]):
        return None
    whole = (match["whole"] or "0").replace(group, "")
    return Decimal(f"{whole}.{match['part']}" if match["part"] else whole)


@cache
def _pattern(group: str, decimal: str) -> re.Pattern[str]:
    """Match digits, plain or in groups: of three, or of two before the last three as in India.

    A grouped number does not begin with 0, so that `0.250` has one reading.
    """
    between, point = re.escape(group), re.escape(decimal)
    grouped = rf"[1-9][0-9]{{0,2}}(?:{between}[0-9]{{2,3}})*{between}[0-9]{{3}}"
    return re.compile(rf"(?P<whole>{grouped}|[0-9]*)(?:{point}(?P<part>[0-9]*))?")
