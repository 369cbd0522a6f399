"""Times of day as people write them, in both directions."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locales.locale import locale_of

TAGS = ["en", "en-US", "sw", "es", "es-CO", "fr", "ar", "pt", "hi", "fa", "bn", "mas"]


@pytest.mark.parametrize(
    ("tag", "text", "shown"),
    [
        ("en", "14:30", "14:30"),
        ("en", "2.30 pm", "14:30"),
        ("en", "2:30PM", "14:30"),
        ("en", "08:30", "08:30"),
        ("en", "13", "13:00"),
        ("es", "8:30", "08:30"),
        ("en", "08:30:59", "08:30"),
        ("en", "1430", "14:30"),
        ("en", "8 a.m.", "08:00"),
        ("en", "12 am", "00:00"),
        ("en", "12:15 pm", "12:15"),
        ("en", "12 at night", "00:00"),
        ("fr", "14h30", "14:30"),
        ("fr", "14 h", "14:00"),
        ("fr", "à 8 heures du soir", "20:00"),
        ("es", "2:30 p. m.", "14:30"),
        ("es", "a las 8 a.m.", "08:00"),
        ("es", "8 de la noche", "20:00"),
        ("es", "7 de la noche", "19:00"),
        ("es", "12 de la noche", "00:00"),
        ("hi", "०८:३०", "08:30"),
        ("ar", "٢:٣٠ م", "14:30"),
    ],
)
def test_a_time_is_read_as_people_type_it(tag: str, text: str, shown: str) -> None:
    """With a point, an h or a colon, by either clock, with the parts of the day in words."""
    assert locale_of(tag).read_times(text) == (time.fromisoformat(shown),)


@pytest.mark.parametrize(
    ("tag", "text", "shown"),
    [
        ("en", "half past three", "03:30 15:30"),
        ("en", "a quarter to nine", "08:45 20:45"),
        ("en", "twenty past five in the afternoon", "17:20"),
        ("en", "five minutes to one", "00:55 12:55"),
        ("en", "three o'clock", "03:00 15:00"),
        ("en", "half past 3 pm", "15:30"),
        ("en", "noon", "12:00"),
        ("en", "half three", ""),
        ("en", "twelve children", ""),
        ("sw", "saa tatu na nusu", "09:30 21:30"),
        ("sw", "saa tatu na nusu usiku", "21:30"),
        ("sw", "saa kumi na moja kasorobo alfajiri", "04:45"),
        ("sw", "saa nne na dakika ishirini", "10:20 22:20"),
        ("sw", "saa 3 na robo asubuhi", "09:15"),
        ("sw", "tatu na nusu", "03:30 09:30 15:30 21:30"),
        ("es", "las tres y media", "03:30 15:30"),
        ("es", "las nueve menos cuarto de la noche", "20:45"),
        ("es", "cuarto para las nueve", "08:45 20:45"),
        ("es", "diez para las seis de la tarde", "17:50"),
        ("es", "mediodía", "12:00"),
        ("fr", "trois heures et demie", "03:30 15:30"),
        ("fr", "neuf heures moins le quart", "08:45 20:45"),
        ("fr", "huit heures du soir", "20:00"),
        ("fr", "midi et demi", "12:30"),
        ("pt", "três e meia", "03:30 15:30"),
        ("pt", "quinze para as três", "02:45 14:45"),
        ("pt", "meia-noite", "00:00"),
        ("ar", "الثالثة والنصف", "03:30 15:30"),
        ("ar", "الساعة الثامنة مساء", "20:00"),
        ("ar", "التاسعة إلا ربعا", "08:45 20:45"),
        ("ar", "السابعة وعشرين دقيقة", "07:20 19:20"),
        ("mas", "saa tatu na nusu", ""),
    ],
)
def test_a_time_is_read_in_words(tag: str, text: str, shown: str) -> None:
    """As people say it; what could be in the morning or the evening is given as two."""
    times = locale_of(tag).read_times(text)
    assert [f"{one:%H:%M}" for one in times] == shown.split()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("saa 2 asubuhi", "08:00"),
        ("saa 2:30 usiku", "20:30"),
        ("saa 8 usiku", "02:00"),
        ("Saa 12 asubuhi", "06:00"),
        ("saa 12 jioni", "18:00"),
        ("saa 6 usiku", "00:00"),
        ("saa 6 mchana", "12:00"),
        ("saa 10 alfajiri", "04:00"),
        ("2 asubuhi", "08:00"),
        ("8 asubuhi", "08:00"),
        ("saa 14:30", "14:30"),
        ("2:30 pm", "14:30"),
        ("8:30", "08:30"),
    ],
)
def test_swahili_hours_count_from_sunrise(text: str, shown: str) -> None:
    """`saa` or the part of the day tells the Swahili clock from the other."""
    assert locale_of("sw").read_times(text) == (time.fromisoformat(shown),)


@pytest.mark.parametrize(
    ("tag", "text", "shown"),
    [
        ("sw", "saa 2", ["08:00", "20:00"]),
        ("sw", "saa 8:30", ["02:30", "14:30"]),
        ("sw", "8 usiku", ["02:00", "20:00"]),
        ("sw", "8", ["02:00", "08:00", "14:00", "20:00"]),
        ("en", "8", ["08:00", "20:00"]),
        ("en", "8:30", ["08:30", "20:30"]),
        ("en", "8 o'clock", ["08:00", "20:00"]),
        ("en", "12", ["00:00", "12:00"]),
        ("fr", "8", ["08:00", "20:00"]),
    ],
)
def test_a_time_that_could_be_two_is_read_as_two(tag: str, text: str, shown: list[str]) -> None:
    """Without the part of the day an hour could be of the day or of the night."""
    assert locale_of(tag).read_times(text) == tuple(map(time.fromisoformat, shown))


@pytest.mark.parametrize(
    "text",
    [
        *("", "24:00", "25:00", "8:60", "8:30:60", "8:30:00:00", "123:45", "pm"),
        *("noonish 8", "8:30 kg", "2460", "1" * 70),
    ],
)
def test_what_is_no_time_is_not_read_as_one(text: str) -> None:
    """A bare number, an hour that does not exist and other words are no times."""
    assert locale_of("en").read_times(text) == ()


@pytest.mark.parametrize("tag", TAGS)
@settings(max_examples=50)
@given(moment=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_a_time_shown_is_read_back(tag: str, moment: time) -> None:
    """What a locale writes, it reads."""
    locale = locale_of(tag)
    assert locale.read_times(locale.show_time(moment)) == (moment,)


@given(text=st.text(max_size=70))
def test_reading_never_fails(text: str) -> None:
    """Whatever is typed is read or not; nothing is raised."""
    locale_of("sw").read_times(text)
