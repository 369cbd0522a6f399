"""Dates as people write them, in both directions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.readings import Days, NoSuchDay, Span
from locales.locale import locale_of
from locales.relative import month_span, year_span

TODAY = date(2026, 6, 15)
MARCH_12 = date(2026, 3, 12)
TAGS = ["en", "en-US", "sw", "es", "es-CO", "fr", "ar", "pt", "hi", "fa", "bn", "ne", "mas", "guc"]
TAGS += ["ki", "kam", "ln", "ku", "he", "th", "ko", "br", "quc", "ff-Adlm", "zh", "vi"]


def read(tag: str, text: str, today: date = TODAY) -> date | None:
    """Return the likeliest day that a text means, None if it is no day."""
    reading = locale_of(tag).read_days(text, today)
    return reading.days[0] if isinstance(reading, Days) else None


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
    assert read(tag, text) == MARCH_12


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
    assert read(tag, text) == day


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
    found = {text: read(tag, text) for tag, text in pairs}
    assert found == dict.fromkeys(found, TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    "text",
    [
        *("", "12", "0/1/2026", "1/0/2026", "32/1/2026", "1/13/026", "mwaka", "on the of"),
        *("12/3/026", "12/3/0026", "12/3/20266", "12/3/4/5", "12 marchy 2026", "20260312"),
        *("2026", "12 ma 2026", "12 ju 2025", "tomorrow 3", "12 14:30", "1" * 70),
    ],
)
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    """A text that says no day is None."""
    assert locale_of("en").read_days(text, TODAY) is None


@pytest.mark.parametrize("tag", TAGS)
@settings(max_examples=30)
@given(day=st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_shown_is_read_back(tag: str, day: date) -> None:
    """What a locale writes, it reads."""
    locale = locale_of(tag)
    assert locale.read_days(locale.show_date(day), TODAY) == Days((day,))


@given(text=st.text(max_size=70))
def test_reading_never_fails(text: str) -> None:
    """Whatever is typed is read or not; nothing is raised."""
    locale_of("es").read_days(text, TODAY)


@given(text=st.from_regex(r"[0-9]{1,5}[ ./-][0-9]{1,5}([ ./-][0-9]{1,5})?", fullmatch=True))
def test_any_figures_are_read_or_not(text: str) -> None:
    """Figures that make no date raise nothing, also on the first day there is."""
    for today in (date(1, 1, 1), date(9999, 12, 31)):
        locale_of("fr").read_days(text, today)


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
    """A month that was shown is read as all its days."""
    locale = locale_of(tag)
    months = [month_span(2025, month) for month in range(1, 13)]
    assert [locale.read_days(locale.show_month(one.first), TODAY) for one in months] == months


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
    locale_of("mas").read_days("12 Arát 2026", TODAY)
    assert locale_of("hi").show_date(MARCH_12) == "12 मार्च 2026"
    assert locale_of("hi").read_days("12 Arát 2026", TODAY) is None


@pytest.mark.parametrize(
    ("tag", "text", "days"),
    [
        ("en", "12/3/2026", [MARCH_12, date(2026, 12, 3)]),
        ("en", "3/3/2026", [date(2026, 3, 3)]),
        ("en", "13/3/2026", [date(2026, 3, 13)]),
        ("en-GB", "12/3/2026", [MARCH_12]),
        ("es", "12/3/2026", [MARCH_12]),
        ("en", "20 June", [date(2025, 6, 20), date(2026, 6, 20)]),
        ("en", "Wednesday", [date(2026, 6, 10), date(2026, 6, 17)]),
        ("en", "Monday", [TODAY, date(2026, 6, 8), date(2026, 6, 22)]),
        ("en", "last Monday", [date(2026, 6, 8)]),
        ("en", "next Wed", [date(2026, 6, 17)]),
        ("sw", "Jumatano", [date(2026, 6, 10), date(2026, 6, 17)]),
        ("es", "el miércoles", [date(2026, 6, 10), date(2026, 6, 17)]),
        ("fr", "mercredi", [date(2026, 6, 10), date(2026, 6, 17)]),
        ("pt", "quarta", [date(2026, 6, 10), date(2026, 6, 17)]),
        ("ar", "الأربعاء", [date(2026, 6, 10), date(2026, 6, 17)]),
    ],
)
def test_what_can_be_two_days_is_read_as_two(tag: str, text: str, days: list[date]) -> None:
    """English of no country has both orders; a weekday is past or to come; the past comes first."""
    assert locale_of(tag).read_days(text, TODAY) == Days(tuple(days))


def test_a_day_without_its_year_may_be_one_to_come() -> None:
    """The nearest past one is meant, unless the question is about days to come."""
    assert locale_of("en").read_days("12 March", TODAY) == Days((MARCH_12,), (date(2027, 3, 12),))


@pytest.mark.parametrize(
    ("tag", "text", "nearest"),
    [
        ("en", "31/2/2026", date(2026, 2, 28)),
        ("en", "2/31/2026", date(2026, 2, 28)),
        ("en", "30 February", date(2026, 2, 28)),
        ("en", "29/2/2025", date(2025, 2, 28)),
        ("sw", "31 Aprili 2026", date(2026, 4, 30)),
        ("ar", "٣٠ فبراير", date(2026, 2, 28)),
        ("pt", "30 de fevereiro", date(2026, 2, 28)),
    ],
)
def test_a_day_that_does_not_exist_is_read_as_its_nearest(
    tag: str, text: str, nearest: date
) -> None:
    """Months that are shorter than was thought give their last day."""
    assert locale_of(tag).read_days(text, TODAY) == NoSuchDay(nearest)


LAST_WEEK = Span(date(2026, 6, 8), date(2026, 6, 14))


@pytest.mark.parametrize(
    ("tag", "text", "span"),
    [
        ("en", "last week", LAST_WEEK),
        ("sw", "wiki iliyopita", LAST_WEEK),
        ("es", "la semana pasada", LAST_WEEK),
        ("fr", "la semaine dernière", LAST_WEEK),
        ("pt", "semana passada", Span(date(2026, 6, 7), date(2026, 6, 13))),
        ("ar", "الأسبوع الماضي", Span(date(2026, 6, 6), date(2026, 6, 12))),
        ("en", "March", month_span(2026, 3)),
        ("en", "July", month_span(2025, 7)),
        ("en", "March 2024", month_span(2024, 3)),
        ("en", "last month", month_span(2026, 5)),
        ("en", "2 months ago", month_span(2026, 4)),
        ("sw", "mwaka uliopita", year_span(2025)),
    ],
)
def test_several_days_are_read_as_their_first_and_last(tag: str, text: str, span: Span) -> None:
    """Weeks begin as they do where the language is spoken."""
    assert locale_of(tag).read_days(text, TODAY) == span


@pytest.mark.parametrize(
    ("tag", "text", "days"),
    [
        ("ar", "أمس", -1),
        ("ar", "قبل ٣ أيام", -3),
        ("ar", "قبل ثلاثة أيام", -3),
        ("ar", "قبل يومين", -2),
        ("pt", "ontem", -1),
        ("pt", "anteontem", -2),
        ("pt", "há dois dias", -2),
        ("en", "two days ago", -2),
        ("sw", "siku mbili zilizopita", -2),
        ("es", "hace dos días", -2),
        ("fr", "il y a deux jours", -2),
        ("en", "in 3 days", 3),
        ("mas", "ŋolé", -1),
        ("am", "ትናንት", -1),
    ],
)
def test_days_from_today_are_read_in_any_language(tag: str, text: str, days: int) -> None:
    """Languages without a catalog have words too, and numbers may be spelled."""
    assert locale_of(tag).read_days(text, TODAY) == Days((TODAY + timedelta(days=days),))


def test_a_word_that_is_not_known_is_not_passed_over() -> None:
    """In Swahili `jana` is yesterday, `mwaka jana` last year: never the one for the other."""
    assert locale_of("sw").read_days("mwaka jana", TODAY) != Days((TODAY - timedelta(days=1),))


def test_weeks_begin_as_they_do_where_the_language_is_spoken() -> None:
    """Monday in Tanzania and Spain, Sunday in Brazil, Saturday in Egypt."""
    begun = {tag: locale_of(tag).weekdays()[0] for tag in ("en", "es", "pt", "ar", "fr")}
    assert begun == {"en": "Mon", "es": "lun", "pt": "dom", "ar": "سبت", "fr": "lun"}
    assert {tag: locale_of(tag).first_weekday for tag in begun} == {
        "en": 0,
        "es": 0,
        "pt": 6,
        "ar": 5,
        "fr": 0,
    }
