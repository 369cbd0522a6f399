"""A place on a small map that is drawn here: the outlines of the programme's areas, and a point.

No outside service is asked, so nobody learns which places a programme looks at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from math import cos, radians
from typing import Final

from PIL import Image, ImageDraw

from conversations.areas import Area, area_at
from conversations.xpath.functions.geometry import Place

SIZE: Final = (480, 360)
MARGIN: Final = 24
POINT: Final = 7
SPAN_MIN: Final = 0.02
"""Degrees that a map shows at least, about two kilometres: a single point needs a frame."""

GROUND, LAND, HERE, LINE, MARK = "#eef1ee", "#dfe7df", "#cfe3cf", "#5f7363", "#c62828"
SCALES_METRES: Final = (
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
)
METRES_A_DEGREE: Final = 111_320.0


@dataclass(frozen=True, slots=True)
class _Frame:
    """What part of the world is drawn, and how large."""

    west: float
    north: float
    pixels_a_degree: float
    flatness: float

    def at(self, place: Place) -> tuple[float, float]:
        latitude, longitude = place
        across = (longitude - self.west) * self.pixels_a_degree * self.flatness
        return MARGIN + across, MARGIN + (self.north - latitude) * self.pixels_a_degree


def place_map(areas: Mapping[str, Area], place: Place) -> bytes:
    """Draw a place among a programme's areas; return a PNG picture."""
    code = area_at(areas, place)
    frame = _frame(areas, code, place)
    picture = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(picture)
    for known, area in areas.items():
        for ring in area.outlines:
            corners = [frame.at(corner) for corner in ring]
            pen.polygon(corners, fill=HERE if known == code else LAND, outline=LINE)
        for mark in area.marks:
            across, down = frame.at(mark)
            pen.ellipse((across - 3, down - 3, across + 3, down + 3), outline=LINE)
    across, down = frame.at(place)
    pen.ellipse((across - POINT, down - POINT, across + POINT, down + POINT), fill=MARK,
                outline="white", width=2)  # fmt: skip
    _scale(pen, frame)
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def _frame(areas: Mapping[str, Area], code: str, place: Place) -> _Frame:
    """Fit the place and its area into the picture; all areas where it lies in none."""
    shown = [areas[code]] if code else list(areas.values())
    corners = [corner for area in shown for ring in area.outlines for corner in ring]
    corners += [mark for area in shown for mark in area.marks] + [place]
    south, north = min(one[0] for one in corners), max(one[0] for one in corners)
    west, east = min(one[1] for one in corners), max(one[1] for one in corners)
    flatness = max(0.05, cos(radians((south + north) / 2)))
    tall, wide = max(north - south, SPAN_MIN), max(east - west, SPAN_MIN)
    width, height = SIZE[0] - 2 * MARGIN, SIZE[1] - 2 * MARGIN
    scale = min(width / (wide * flatness), height / tall)
    middle = ((south + north) / 2, (west + east) / 2)
    return _Frame(
        middle[1] - width / scale / flatness / 2, middle[0] + height / scale / 2, scale, flatness
    )


def _scale(pen: ImageDraw.ImageDraw, frame: _Frame) -> None:
    """Draw how long a round number of metres is."""
    pixels_a_metre = frame.pixels_a_degree / METRES_A_DEGREE
    fitting = [metres for metres in SCALES_METRES if metres * pixels_a_metre <= SIZE[0] / 3]
    metres = fitting[-1] if fitting else SCALES_METRES[0]
    left, low = MARGIN / 2, SIZE[1] - MARGIN / 2
    pen.line((left, low, left + metres * pixels_a_metre, low), fill=LINE, width=2)
    words = f"{metres} m" if metres < 1_000 else f"{metres // 1_000} km"  # noqa: PLR2004 - metres.
    pen.text((left, low - 14), words, fill=LINE)
