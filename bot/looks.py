"""How a picture looks, in 64 bits, and when it was taken; worked out in a thread, within bounds.

A difference hash: each bit says whether a spot is brighter than the one to its right, over eight
rows of a picture made tiny and grey. It outlives scaling, compression and a change of brightness.
What is no picture, or unpacks to far more than it seems (a bomb), has no look. Source: N. Krawetz,
"Kind of Like That", 2013.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Final, TypeVar

from PIL import Image, UnidentifiedImageError

from storage.attachments import Look

log = logging.getLogger(__name__)

Made = TypeVar("Made")

SIDE: Final = 8
PIXELS_MAX: Final = 50_000_000
"""More than any phone's camera sends through Telegram; a bomb has thousands of millions."""

BYTES_MAX: Final = 50_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
TAKEN: Final = (0x9003, 0x0132)
"""EXIF's DateTimeOriginal, and DateTime where that is missing."""
EXIF_IFD: Final = 0x8769


def look_of(content: bytes) -> Look | None:
    """Return how a picture looks; None for what is no picture, or too large to be looked at."""
    return of_picture(content, _look, "looked at")


def of_picture(
    content: bytes, make: Callable[[Image.Image], Made | None], made: str
) -> Made | None:
    """Return what `make` makes of a picture, within bounds; None for what is none, or too large.

    `made` says in the log what could not be done to it.
    """
    if len(content) > BYTES_MAX:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=FORMATS) as picture:
                return make(picture)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError) as error:
        log.warning("A picture cannot be %s: %s", made, type(error).__name__)
        return None


def _look(picture: Image.Image) -> Look | None:
    if picture.width * picture.height > PIXELS_MAX:
        return None
    taken_at = _taken_at(picture)
    picture.draft("L", (SIDE * 16, SIDE * 16))  # A JPEG is then read at a fraction of its size.
    grey = picture.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.BOX)
    spots = grey.tobytes()
    bits = 0
    for row in range(SIDE):
        for column in range(SIDE):
            at = row * (SIDE + 1) + column
            bits = bits << 1 | (spots[at] > spots[at + 1])
    return Look(bits, taken_at)


def _taken_at(picture: Image.Image) -> datetime | None:
    """Read when a photo was taken; a camera says no zone, so it is taken for UTC."""
    exif = picture.getexif()
    said = exif.get_ifd(EXIF_IFD).get(TAKEN[0]) or exif.get(TAKEN[1])
    try:
        return datetime.strptime(str(said), "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
