"""Numbers in words, and numbers with words beside them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unicode_rbnf import RbnfEngine

from conversations.readings import Amount
from locales.locale import locale_of
from locales.spelled import read_spelled

TAGS = ["en", "sw", "es", "fr", "ar", "pt", "hi", "fa", "am", "de", "id", "zu"]


@pytest.mark.parametrize(
    ("tag", "text", "number"),
    [
        ("en", "twelve", 12),
        ("en", "Twenty-one", 21),
        ("en", "one hundred and five", 105),
        ("en", "two thousand three hundred", 2_300),
        ("en", "five million", 5_000_000),
        ("en", "5 thousand", 5_000),
        ("sw", "kumi na mbili", 12),
        ("sw", "mia mbili na tano", 205),
        ("sw", "elfu 5", 5_000),
        ("sw", "sifuri", 0),
        ("es", "doce", 12),
        ("es", "veintiún", 21),
        ("es", "dos mil", 2_000),
        ("fr", "douze", 12),
        ("fr", "soixante-dix", 70),
        ("fr", "septante", 70),
        ("fr", "vingt et un", 21),
        ("ar", "اثنا عشر", 12),
        ("ar", "عشرين", 20),
        ("ar", "خمسة وعشرون", 25),
        ("pt", "doze", 12),
        ("pt", "dezesseis", 16),
        ("pt", "dezasseis", 16),
        ("hi", "बारह", 12),
        ("mas", "kumi", 10),
    ],
)
def test_a_number_is_read_in_words(tag: str, text: str, number: int) -> None:
    """In the language's own words, its varieties', and those of the languages it falls back on."""
    assert read_spelled(text, tag) == number


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        *[("en", text) for text in ("", "12", "twelve twelve", "20 two", "not", "many", "and")],
        ("sw", "elfu kumi na mbili"),
        ("zu", "izinkulungwane eziyishumi nesishiyagalolunye namashumi amane"),
        ("fr", "beaucoup"),
        ("en", "one " * 30),
    ],
)
def test_what_spells_no_number_or_two_is_not_read(tag: str, text: str) -> None:
    """In Swahili 12,000 and 10,002 are spelled alike."""
    assert read_spelled(text, tag) is None


@pytest.mark.parametrize("tag", TAGS)
@settings(max_examples=60)
@given(number=st.one_of(st.integers(0, 120), st.integers(0, 9_999), st.integers(0, 999_999)))
def test_a_number_spelled_is_read_back_or_not_at_all(tag: str, number: int) -> None:
    """What CLDR spells is never read as another number, and up to 99 always as this one."""
    spelled = RbnfEngine.for_language(tag).format_number(number).text
    read = read_spelled(spelled, tag)
    assert read in {number, None}
    assert number >= 100 or read == number


@given(text=st.text(max_size=70))
@settings(deadline=None)
def test_reading_never_fails(text: str) -> None:
    """Whatever is typed is read or not; nothing is raised."""
    locale_of("sw").read_amount(text, "Kilomita ngapi?")


KILOMETRES = {
    "en": "How many kilometres?",
    "sw": "Kilomita ngapi?",
    "es": "¿Cuántos kilómetros?",
    "fr": "Combien de kilomètres ?",
    "ar": "كم كيلومتر؟",
    "pt": "Quantos quilômetros?",
}


@pytest.mark.parametrize(
    ("tag", "text", "number"),
    [
        ("en", "12 km", "12"),
        ("en", "12km", "12"),
        ("en", "12 kilometers", "12"),
        ("en", "twelve km", "12"),
        ("en", "about 20", "20"),
        ("en", "½ km", "0.5"),
        ("en", "none", "0"),
        ("sw", "kilomita 12", "12"),
        ("sw", "km 12", "12"),
        ("es", "12,5 kilómetros", "12.5"),
        ("fr", "1 234,5 km", "1234.5"),
        ("ar", "١٢ كيلومتر", "12"),
        ("ar", "٢٫٥ كم", "2.5"),  # noqa: RUF001 - Arabic digits.
        ("pt", "12 quilômetros", "12"),
    ],
)
def test_the_measure_that_is_asked_for_may_stand_beside(tag: str, text: str, number: str) -> None:
    """Its name, its short form, and words like "about" leave the number as it is."""
    assert locale_of(tag).read_amount(text, KILOMETRES[tag]) == Amount(Decimal(number))


@pytest.mark.parametrize(
    ("question", "text", "amount"),
    [
        ("How much did you pay?", "Ksh 500", Amount(Decimal(500))),
        ("How much did you pay?", "1,500/=", Amount(Decimal(1500))),
        ("How much did you pay (KSh)?", "$5", Amount(Decimal(5), "$")),
        ("How many children?", "2 children", Amount(Decimal(2))),
        ("How many children?", "2 goats", Amount(Decimal(2), "goats")),
        ("How many kilometres?", "500 m", Amount(Decimal(500), "m")),
        ("How many minutes? An hour is 60 minutes.", "2 hours", Amount(Decimal(2), "hours")),
        ("How many minutes? An hour is 60 minutes.", "90 minutes", Amount(Decimal(90))),
        ("How old is the child?", "6 months", Amount(Decimal(6), "months")),
        ("How many?", "less than 5", Amount(Decimal(5), "less than")),
        ("How many?", "not 5", Amount(Decimal(5), "not")),
        ("How many?", "5 or 6", None),
        ("How many?", "we may have had 5 of them", None),
        ("How many?", "many", None),
    ],
)
def test_what_may_change_a_number_is_not_passed_over(
    question: str, text: str, amount: Amount | None
) -> None:
    """Another measure, other money and words that compare are handed back."""
    assert locale_of("en").read_amount(text, question) == amount


HALVES = [
    ("en", "two and a half", "2.5"),
    ("en", "2 and a half km", "2.5"),
    ("en", "about one and three quarters", "1.75"),
    ("en", "one and quarter", "1.25"),
    ("en", "half", "0.5"),
    ("en", "2 1/2", "2.5"),
    ("en", "1/2", "0.5"),
    ("sw", "kumi na moja na nusu", "11.5"),
    ("sw", "moja na robo tatu", "1.75"),
    ("es", "dos y medio", "2.5"),
    ("fr", "deux et demi", "2.5"),
    ("fr", "un et quart", "1.25"),
    ("pt", "um e três quartos", "1.75"),
    ("ar", "اثنان ونصف", "2.5"),
    ("ar", "نصف", "0.5"),
    ("mas", "mbili na nusu", "2.5"),
]


@pytest.mark.parametrize(("tag", "text", "number"), HALVES)
def test_halves_and_quarters_are_read(tag: str, text: str, number: str) -> None:
    """In words and in figures, alone and after a whole number."""
    assert locale_of(tag).read_amount(text, "How many km?") == Amount(Decimal(number))


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "1/3"),
        ("en", "12/3"),
        ("en", "two thirds"),
        ("en", "half a dozen"),
        ("en", "two hundred and a half"),
        ("en", "an hour and a half"),
        ("sw", "elfu mbili na nusu"),
        ("sw", "saa na nusu"),
        ("es", "hora y media"),
        ("fr", "une heure et demie"),
        ("ar", "ساعة ونصف"),
    ],
)
def test_a_half_of_something_else_is_no_number(tag: str, text: str) -> None:
    """Half of a thousand, of a dozen or more than an hour: the conversation asks again."""
    assert locale_of(tag).read_amount(text, "How many hours, heures, horas?") is None


def test_a_measure_may_be_joined_to_its_article_in_the_question() -> None:
    """Arabic asks `بالغرام`, and people answer `غرام`."""
    question = "كم كان وزن الطفل بالغرام؟"
    assert locale_of("ar").read_amount("٣٢٠٠ غرام", question) == Amount(Decimal(3200))
    assert locale_of("ar").read_amount("٣ كيلو", question) != Amount(Decimal(3))
