"""Numbers as people write them, in both directions."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.locale import locale_of

TAGS = ["en", "sw", "es", "fr", "ar", "ar-EG", "pt", "hi", "fa", "bn", "de-CH", "mas", "guc"]


@pytest.mark.parametrize(
    ("tag", "text", "number"),
    [
        ("en", "12", "12"),
        ("en", "  12 ", "12"),
        ("en", "1,234.5", "1234.5"),
        ("sw", "1,234.5", "1234.5"),
        ("es", "1.234,5", "1234.5"),
        ("fr", "1 234,5", "1234.5"),
        ("fr", "1\u00a0234,5", "1234.5"),
        ("fr", "1\u202f234,5", "1234.5"),
        ("fr", "1\u2009234\u2009567", "1234567"),
        ("en", "1.234,5", "1234.5"),
        ("es", "1,234.5", "1234.5"),
        ("es", "3.5", "3.5"),
        ("sw", "3,5", "3.5"),
        ("en", "1.234.567", "1234567"),
        ("fr", "0.250", "0.250"),
        ("en", ".5", "0.5"),
        ("en", "7.", "7"),
        ("en", "-3", "-3"),
        ("en", "\u2212 3", "-3"),
        ("en", "+254", "254"),
        ("en", "-0", "0"),
        ("en", "007", "7"),
        ("hi", "12,34,567", "1234567"),
        ("hi", "१२,३४,५६७.५", "1234567.5"),
        ("bn", "১২৩", "123"),
        ("ar", "\u0661\u0662\u0663\u0664", "1234"),
        ("ar", "\u0661\u066c\u0662\u0663\u0664\u066b\u0665", "1234.5"),
        ("ar", "\u0661\u0662\u060c\u0665", "12.5"),
        ("fa", "\u06f1\u06f2\u066c\u06f3\u06f4\u06f5\u066b\u06f5", "12345.5"),
        ("en", "\uff11\uff12\uff0e\uff15", "12.5"),
        ("de-CH", "1'234.5", "1234.5"),
        ("en", "½", "0.5"),
        ("en", "2½", "2.5"),
        ("en", "-1 ¾", "-1.75"),
    ],
)
def test_a_number_is_read_as_people_type_it(tag: str, text: str, number: str) -> None:
    """Digits of any script and separators of the locale, or of others where that is clear."""
    assert locale_of(tag).read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", ".", ",", "twelve", "12 kg", "NaN", "inf", "Infinity", "1e9", "1E9"),
        *("0x10", "1_000", "1,2,3", "1 2", "1 2345", "12..5", "1.2.3", "--3", "⅓", "1.5½", "²"),
        *("9" * 41, "1,234 567"),
    ],
)
@pytest.mark.parametrize("tag", TAGS[:4])
def test_what_is_no_number_is_not_read_as_one(tag: str, text: str) -> None:
    """Words, exponents, broken groups and endless digits are no numbers."""
    assert locale_of(tag).read_number(text) is None


def test_what_could_be_two_numbers_is_asked_again() -> None:
    """In French a point is neither mark, so 1.234 could be a thousand or a little over one."""
    assert locale_of("fr").read_number("1.234") is None
    assert locale_of("es").read_number("1.234") == 1234
    assert locale_of("en").read_number("1.234") == Decimal("1.234")


@pytest.mark.parametrize("tag", TAGS)
@given(
    number=st.one_of(
        st.integers(-(10**15), 10**15),
        st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=6),
    )
)
def test_a_number_shown_is_read_back(tag: str, number: Decimal | int) -> None:
    """What a locale writes, it reads, to the last decimal."""
    locale = locale_of(tag)
    assert locale.read_number(locale.show_number(number)) == number


@given(text=st.text(max_size=50))
def test_reading_never_fails(text: str) -> None:
    """Whatever is typed is read or not; nothing is raised."""
    locale_of("sw").read_number(text)


def test_a_number_is_written_with_the_digits_of_its_readers() -> None:
    """Separators and digits are the locale's, and no decimal is rounded away."""
    shown = [locale_of(tag).show_number(Decimal("12345.6789")) for tag in ("en", "es", "fa")]
    assert shown == [
        "12,345.6789",
        "12.345,6789",
        "\u06f1\u06f2\u066c\u06f3\u06f4\u06f5\u066b\u06f6\u06f7\u06f8\u06f9",
    ]
