"""The calendar under /schedule: drawn here, in the language, readable wherever it is looked at."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from bot.calendars import GROUND, SHADES, SIZE, Weeks, weeks_of, weeks_picture
from locales.locale import locale_of

TODAY = date(2026, 3, 4)
DAYS = {date(2026, 3, 5): 1, date(2026, 3, 6): 12, date(2026, 4, 30): 7}


def shades(weeks: Weeks) -> set[str]:
    """Return the colours of the picture that mean how much goes out."""
    picture = Image.open(BytesIO(weeks_picture(weeks))).convert("RGB")
    assert picture.size == SIZE
    found = picture.getcolors(maxcolors=2**24) or []
    return {"#{:02x}{:02x}{:02x}".format(*colour) for _, colour in found} & set(SHADES)  # type: ignore[str-bytes-safe,misc] # RGB is three numbers.


def test_a_busy_day_is_darker() -> None:
    """The busiest day is the darkest, one question is still seen, and what is far is left out."""
    weeks = weeks_of(DAYS, TODAY, locale_of("en"))
    assert weeks.first == "2026-03-02"
    assert weeks.days == {"2026-03-05": 1, "2026-03-06": 12}
    assert shades(weeks) == {GROUND, SHADES[1], SHADES[-1]}


@pytest.mark.parametrize(
    ("tag", "title", "first"),
    [
        ("sw", "Machi 2026 – Aprili 2026", "2026-03-02"),  # noqa: RUF001 - a span.
        ("pt", "março de 2026 – abril de 2026", "2026-03-01"),  # noqa: RUF001 - a span.
    ],
)
def test_in_words_of_the_language(tag: str, title: str, first: str) -> None:
    """Months are named in the language, and weeks begin where its speakers begin them."""
    weeks = weeks_of(DAYS, TODAY, locale_of(tag))
    assert (weeks.title, weeks.first) == (title, first)
    assert Weeks.from_json(weeks.to_json()) == weeks


def test_nothing_and_another_script() -> None:
    """A picture without a question is drawn, too, and Arabic runs from the right."""
    weeks = weeks_of({}, TODAY, locale_of("ar"))
    assert weeks.right_to_left
    assert shades(weeks) == {GROUND}
