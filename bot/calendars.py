"""Weeks as a picture that is drawn here: how many questions go out on each day.

The picture has a ground of its own, so that it reads the same where a phone is set to dark. What
no font at hand can write is left to numbers: the text beside the picture says it in words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from conversations.phrases import Locale

WEEKS: Final = 5
DAYS_A_WEEK: Final = 7
CELL: Final = (84, 62)
MARGIN, TITLE, NAMES = 12, 34, 24
SIZE: Final = (
    2 * MARGIN + DAYS_A_WEEK * CELL[0],
    2 * MARGIN + TITLE + NAMES + WEEKS * CELL[1],
)
GROUND, INK, PALE, LINE, TODAY = "#ffffff", "#16261d", "#5d6d63", "#c9d3cc", "#c62828"
SHADES: Final = ("#ffffff", "#dcefe0", "#a9d8b4", "#63b27a", "#2c7d4a", "#12522c")
"""From no question to as many as on the busiest day; on the last two words are white."""
DARK: Final = len(SHADES) - 2
FONTS: Final = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial.ttf", "arial.ttf")
MISSING: Final = "\U000f0000"
"""A sign that no font has, to know how a font shows what it lacks."""

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class Weeks:
    """What is drawn; `days` have their counts by ISO day, `today` and `first` are ISO days.

    `title` names the months in somebody's language and `names` the days of the week, the first of
    which is that of `first`.
    """

    days: Mapping[str, int]
    today: str
    first: str
    title: str
    names: tuple[str, ...]
    right_to_left: bool = False

    def to_json(self) -> str:
        """Write it as one line."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Weeks:
        """Read what `to_json` wrote."""
        members = json.loads(text)
        return cls(**{**members, "names": tuple(members["names"])})


def weeks_of(days: Mapping[date, int], today: date, locale: Locale) -> Weeks:
    """Return the weeks from that of a day on, in the words of a language."""
    first = today - timedelta(days=(today.weekday() - locale.first_weekday) % DAYS_A_WEEK)
    last = first + timedelta(days=WEEKS * DAYS_A_WEEK - 1)
    months = [locale.show_month(day.replace(day=1)) for day in (first, last)]
    shown = {day.isoformat(): count for day, count in days.items() if first <= day <= last}
    title = " – ".join(dict.fromkeys(months))  # noqa: RUF001 - a span is written with an en dash.
    about = (shown, today.isoformat(), first.isoformat(), title, locale.weekdays())
    return Weeks(*about, locale.right_to_left)


def weeks_picture(weeks: Weeks) -> bytes:
    """Draw the weeks; return a PNG picture."""
    picture = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(picture)
    first = date.fromisoformat(weeks.first)
    _title(pen, weeks, first)
    most = max(weeks.days.values(), default=0)
    for number in range(WEEKS * DAYS_A_WEEK):
        day = first + timedelta(days=number)
        _day(pen, weeks, number, day, most)
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def _title(pen: ImageDraw.ImageDraw, weeks: Weeks, first: date) -> None:
    last = first + timedelta(days=WEEKS * DAYS_A_WEEK - 1)
    plain = f"{first:%m.%Y} – {last:%m.%Y}"  # noqa: RUF001 - as above.
    large = _font(19, weeks.title)
    title = weeks.title if _can_write(large, weeks.title) else plain
    across = SIZE[0] - MARGIN if weeks.right_to_left else MARGIN
    anchor = "rm" if weeks.right_to_left else "lm"
    pen.text((across, MARGIN + TITLE / 2 - 4), title, INK, large, anchor)
    for column, name in enumerate(weeks.names):
        small = _font(13, name)
        if _can_write(small, name):
            left, top = _corner(weeks, column)
            pen.text((left + CELL[0] / 2, top - NAMES / 2), name, PALE, small, "mm")


def _day(pen: ImageDraw.ImageDraw, weeks: Weeks, number: int, day: date, most: int) -> None:
    left, top = _corner(weeks, number)
    count = weeks.days.get(day.isoformat(), 0)
    shade = -(-count * (len(SHADES) - 1) // most) if most else 0
    is_today = day.isoformat() == weeks.today
    box = (left, top, left + CELL[0] - 3, top + CELL[1] - 3)
    width = 3 if is_today else 1
    pen.rectangle(box, SHADES[shade], TODAY if is_today else LINE, width)
    pale, ink = (GROUND, GROUND) if shade >= DARK else (PALE, INK)
    pen.text((left + 8, top + 6), str(day.day), pale, _font(13, "0"), "la")
    if count:
        middle = (left + CELL[0] / 2, top + CELL[1] / 2 + 7)
        pen.text(middle, f"{count}", ink, _font(20, "0"), "mm")


def _corner(weeks: Weeks, number: int) -> tuple[int, int]:
    row, column = divmod(number, DAYS_A_WEEK)
    column = DAYS_A_WEEK - 1 - column if weeks.right_to_left else column
    return MARGIN + column * CELL[0], MARGIN + TITLE + NAMES + row * CELL[1]


def _font(size: int, text: str) -> Font:
    """Return a font that can write a text, else the one that Pillow brings."""
    own = _own(size)
    if _can_write(own, text):
        return own
    found = (_of_system(name, size) for name in FONTS)
    return next((font for font in found if font and _can_write(font, text)), own)


@lru_cache(16)
def _own(size: int) -> Font:
    return ImageFont.load_default(size)


@lru_cache(16)
def _of_system(name: str, size: int) -> Font | None:
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


def _can_write(font: Font, text: str) -> bool:
    """Tell whether a font has every sign of a text."""
    lacks = bytes(font.getmask(MISSING))
    return all(bytes(font.getmask(sign)) != lacks for sign in set(text) if not sign.isspace())
