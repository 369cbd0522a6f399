"""Dates as people write them, in both directions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locales.locale import locale_of

TODAY = date(2026, 6, 15)
MARCH_12 = date(2026, 3, 12)
TAGS = ["en", "en-US", "sw", "es", "es-CO", "fr", "ar", "pt", "hi", "fa", "bn", "ne", "mas", "guc"]
TAGS += ["ki", "kam", "ln", "ku", "he", "th", "ko", "br", "quc", "ff-Adlm", "zh", "vi"]


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "12/3/2026"),
        ("en-US", "3/12/2026"),
        ("en", "12-3-26"),
        ("en", "12.03.2026"),
        ("en", "12 3 2026"),
        ("en", "2026-03-12"),
        ("en", "12 March"),
        ("en", "12 March 2026"),
        ("en", "March 12, 2026"),
        ("en", "the 12th of March 2026"),
        ("en", "Thursday, 12 mar 2026"),
        ("en", "12MARCH2026"),
        ("sw", "12 Machi 2026"),
        ("sw", "tarehe 12 mwezi wa tatu 2026"),
        ("sw", "tarehe 12 mwezi wa 3 mwaka wa 2026"),
        ("sw", "12 March 2026"),
        ("es", "12 de marzo de 2026"),
        ("es", "12 de marzo del 2026"),
        ("es", "el jueves 12 de marzo"),
        ("fr", "12 mars"),
        ("fr", "le 12 mars 2026"),
        ("fr", "jeudi 12 mars 2026"),
        ("hi", "१२ मार्च 2026"),
        ("ar", "١٢/٣/٢٠٢٦"),
        ("fa", "۲۰۲۶/۳/۱۲"),
        ("mas", "12 Machi 2026"),
        ("qxx", "12 marzo 2026"),
    ],
)
def test_a_date_is_read_as_people_type_it(tag: str, text: str) -> None:
    """The locale's order, month names of any language the bot speaks, accents optional."""
    assert locale_of(tag).read_date(text, TODAY) == MARCH_12


@pytest.mark.parametrize(
    ("tag", "text", "day"),
    [
        ("fr", "1er août 2025", date(2025, 8, 1)),
        ("fr", "5 fevrier", date(2026, 2, 5)),
        ("fr", "mar. 3 mars", date(2026, 3, 3)),
        ("en", "20 December", date(2025, 12, 20)),
        ("en", "15 June", TODAY),
        ("en", "29 Feb", date(2024, 2, 29)),
        ("en", "16/6", date(2025, 6, 16)),
        ("en", "1/1/27", date(2027, 1, 1)),
        ("en", "1/1/28", date(1928, 1, 1)),
        ("en", "25/12/98", date(1998, 12, 25)),
        ("en", "3/25/2026", date(2026, 3, 25)),
        ("en", "5 septem 2025", date(2025, 9, 5)),
    ],
)
def test_an_unclear_date_gets_its_likeliest_reading(tag: str, text: str, day: date) -> None:
    """A missing year is the nearest past one; an order that cannot be is turned round."""
    assert locale_of(tag).read_date(text, TODAY) == day


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, ["en:today", "sw:leo", "es:hoy", "fr:aujourd'hui", "fr:Aujourd\u2019hui", "mas:leo"]),
        (-1, ["en:Yesterday", "sw:jana", "es:ayer", "fr:hier", "sw:yesterday", "es: AYER. "]),
        (-2, ["sw:juzi", "es:anteayer", "es:antier", "fr:avant-hier"]),
        (1, ["en:tomorrow", "sw:kesho", "es:mañana", "es:manana", "fr:demain"]),
        (-3, ["en:3 days ago", "sw:siku 3 zilizopita", "es:hace 3 días", "fr:il y a 3 jours"]),
        (-14, ["en:2 weeks ago", "es:hace 2 semanas", "fr:il y a 2 semaines"]),
    ],
)
def test_words_for_days_are_read(days: int, words: list[str]) -> None:
    """Today and its neighbours are read in the person's language and the bot's others."""
    pairs = [word.split(":", 1) for word in words]
    read = {text: locale_of(tag).read_date(text, TODAY) for tag, text in pairs}
    assert read == dict.fromkeys(read, TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    "text",
    [
        *("", "march", "12", "31/2/2026", "2/31/2026", "31 February", "0/1/2026", "1/0/2026"),
        *("12/3/026", "12/3/0026", "12/3/20266", "12/3/4/5", "12 marchy 2026", "20260312"),
        *("2026", "March 2026", "12 ma 2026", "12 ju 2025", "tomorrow 3", "12 14:30", "1" * 70),
    ],
)
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    """A day that does not exist, or a text that says no day, is None."""
    assert locale_of("en").read_date(text, TODAY) is None


@pytest.mark.parametrize("tag", TAGS)
@settings(max_examples=30)
@given(day=st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_shown_is_read_back(tag: str, day: date) -> None:
    """What a locale writes, it reads."""
    locale = locale_of(tag)
    assert locale.read_date(locale.show_date(day), TODAY) == day


@given(text=st.text(max_size=70))
def test_reading_never_fails(text: str) -> None:
    """Whatever is typed is read or not; nothing is raised."""
    locale_of("es").read_date(text, TODAY)


@given(text=st.from_regex(r"[0-9]{1,5}[ ./-][0-9]{1,5}([ ./-][0-9]{1,5})?", fullmatch=True))
def test_any_figures_are_read_or_not(text: str) -> None:
    """Figures that make no date raise nothing, also on the first day there is."""
    locale_of("fr").read_date(text, date(1, 1, 1))


def test_a_date_is_written_with_its_month_in_words() -> None:
    """A month in words cannot be mistaken for a day."""
    shown = [locale_of(tag).show_date(MARCH_12) for tag in ("en", "sw", "es", "fr", "bn")]
    assert shown == [
        "12 March 2026",
        "12 Machi 2026",
        "12 de marzo de 2026",
        "12 mars 2026",
        "১২ মার্চ, ২০২৬",
    ]


@pytest.mark.parametrize("tag", TAGS)
def test_a_month_shown_is_read_back(tag: str) -> None:
    """The first of a month that was shown is a date that can be read."""
    locale = locale_of(tag)
    months = [date(2025, month, 1) for month in range(1, 13)]
    assert [locale.read_date(f"1 {locale.show_month(day)}", TODAY) for day in months] == months


def test_a_month_is_written_with_its_year() -> None:
    """The month stands in words."""
    shown = [locale_of(tag).show_month(MARCH_12) for tag in ("en", "sw", "es", "fr")]
    assert shown == ["March 2026", "Machi 2026", "marzo de 2026", "mars 2026"]


def test_a_day_and_its_time_are_written_together() -> None:
    """The time follows the day, in the zone it was given in."""
    moment = datetime(2026, 3, 12, 14, 30)  # noqa: DTZ001 - The zone is the caller's concern.
    shown = [locale_of(tag).show_datetime(moment) for tag in ("sw", "fr")]
    assert shown == ["12 Machi 2026 14:30", "12 mars 2026, 14:30"]


def test_months_of_one_language_do_not_leak_into_another() -> None:
    """Asking for Maa month names first leaves the Hindi ones as they are (a trap in Babel)."""
    locale_of("mas").read_date("12 Arát 2026", TODAY)
    assert locale_of("hi").show_date(MARCH_12) == "12 मार्च 2026"
    assert locale_of("hi").read_date("12 Arát 2026", TODAY) is None
