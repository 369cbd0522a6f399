"""Parts of a picture painted black, in bytes that hold nothing else of the old ones.

What a camera writes beside a picture (EXIF with the place, a small preview, a comment) does not
come along; the picture is turned upright first, for that, too, stood there. What is no picture,
moves, or unpacks to far more than it seems (a bomb) is not painted. It takes up to a second of the
processor: call it in a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from io import BytesIO
from math import ceil, floor
from typing import Any, Final

from PIL import Image, ImageDraw, ImageOps

from bot.looks import PIXELS_MAX, of_picture
from conversations.reviewing.acts import Box

KEPT_AS: Final = {
    "JPEG": ("JPEG", {"quality": 90}),
    "MPO": ("JPEG", {"quality": 90}),
    "PNG": ("PNG", {}),
    "WEBP": ("WEBP", {"quality": 90}),
    "GIF": ("GIF", {}),
    "BMP": ("BMP", {}),
}
"""As what each kind is written again; the second picture of a camera's MPO is left out."""

SEE_THROUGH: Final = frozenset({"RGBA", "LA", "PA"})


def painted(content: bytes, boxes: Sequence[Box]) -> bytes | None:
    """Return a picture with parts painted black; None for what is none, or too large."""
    return of_picture(content, partial(_painted, boxes=boxes), "painted")


def _painted(picture: Image.Image, boxes: Sequence[Box]) -> bytes | None:
    kind, options = KEPT_AS[picture.format or ""]
    moves = getattr(picture, "n_frames", 1) > 1 and picture.format != "MPO"
    if moves or picture.width * picture.height > PIXELS_MAX:
        return None
    clean = _plain(ImageOps.exif_transpose(picture), kind)
    pen = ImageDraw.Draw(clean)
    for box in boxes:
        pen.rectangle(_pixels(box, clean.width, clean.height), fill=_black(clean.mode))
    return _written(clean, kind, options)


def _plain(picture: Image.Image, kind: str) -> Image.Image:
    """Copy the points of a picture, and nothing that is known of it beside them."""
    see_through = picture.mode in SEE_THROUGH or "transparency" in picture.info
    mode = "RGBA" if see_through and kind in {"PNG", "WEBP"} else "RGB"
    converted = picture if picture.mode == mode else picture.convert(mode)
    clean = Image.new(mode, converted.size)
    clean.paste(converted)
    return clean


def _pixels(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """Return the first and last points of a rectangle, each that it touches with it.

    >>> _pixels(Box(0.0, 0.5, 0.101, 1.0), 100, 10)
    (0, 5, 10, 9)
    """
    left, top = floor(box.left * width), floor(box.top * height)
    right, bottom = ceil(box.right * width) - 1, ceil(box.bottom * height) - 1
    return left, top, max(left, right), max(top, bottom)


def _black(mode: str) -> tuple[int, ...]:
    return (0, 0, 0, 255) if mode == "RGBA" else (0, 0, 0)


def _written(picture: Image.Image, kind: str, options: dict[str, Any]) -> bytes:
    held = BytesIO()
    picture.save(held, kind, **options)
    return held.getvalue()
