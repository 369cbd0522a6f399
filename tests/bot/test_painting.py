"""Parts of pictures painted black: every kind, nothing left of what stood there or beside it."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, TiffImagePlugin

from bot.painting import painted
from conversations.reviewing.acts import BOXES_MAX, Box, RedactPicture

LEFT_HALF = Box(0.0, 0.0, 0.5, 1.0)
RED = (200, 30, 30)


def picture(kind: str, mode: str = "RGB", *, exif: Image.Exif | None = None) -> bytes:
    """Make a red picture, 40 points wide and 20 high."""
    held = BytesIO()
    made = Image.new("RGB", (40, 20), RED).convert(mode)
    made.save(held, kind, **({"exif": exif} if exif else {}))
    return held.getvalue()


def from_camera() -> bytes:
    """Make a photo as a phone writes it: lying on its side, with a place, a preview, a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Amina"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "S", tuple(TiffImagePlugin.IFDRational(n) for n in (1, 17, 31))
    held = BytesIO()
    made = Image.new("RGB", (40, 20), RED)
    made.putpixel((0, 0), (0, 0, 255))
    made.save(held, "JPEG", exif=exif, comment=b"taken by Amina", icc_profile=b"a profile")
    return held.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *((kind, mode) for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP") for mode in ("RGB", "L")),
        *((kind, mode) for kind in ("PNG", "WEBP", "GIF") for mode in ("P", "RGBA", "LA")),
    ],
)
def test_a_part_is_black_and_the_rest_is_as_it_was(kind: str, mode: str) -> None:
    """Each kind stays the kind it is, whatever it holds its colours in."""
    after = painted(picture(kind, mode), [LEFT_HALF])
    assert after is not None
    with Image.open(BytesIO(after)) as shown:
        assert (shown.format, shown.size) == (kind, (40, 20))
        plain = shown.convert("RGB")
    black = [plain.getpixel((x, y)) for x in range(16) for y in range(20)]
    assert all(max(point) < 12 for point in black)  # type: ignore[arg-type,type-var]  # Three bytes.
    right = plain.getpixel((38, 10))
    assert isinstance(right, tuple)
    grey = mode in {"L", "LA"}
    assert grey or (right[0] > 150 and right[1] < 80)


def test_nothing_of_the_camera_comes_along() -> None:
    """No place, no name, no comment, no profile; and the picture stands upright as it was shown."""
    before = from_camera()
    assert b"Camera of Amina" in before
    after = painted(before, [Box(0.0, 0.9, 0.1, 1.0)])
    assert after is not None
    assert b"Amina" not in after
    assert b"Exif" not in after
    assert b"a profile" not in after
    with Image.open(BytesIO(after)) as shown:
        assert shown.size == (20, 40)
        assert not shown.getexif()
        assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_every_point_that_a_part_touches_is_black() -> None:
    """A rectangle of less than a point still takes that point."""
    after = painted(picture("PNG"), [Box(0.51, 0.51, 0.511, 0.511)])
    assert after is not None
    with Image.open(BytesIO(after)) as shown:
        assert shown.getpixel((20, 10)) == (0, 0, 0)
        assert shown.getpixel((21, 10)) == RED


def bomb() -> bytes:
    """Make a PNG of some hundred bytes that says it has 40,000 by 40,000 points."""
    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b"")]
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def moving() -> bytes:
    """Make a GIF of two pictures."""
    held = BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, (0, 255, 0))]
    frames[0].save(held, "GIF", save_all=True, append_images=frames[1:])
    return held.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        bomb(),
        moving(),
        picture("PNG")[:60],
        picture("JPEG")[:300],
        b"\xff" * 99,
    ],
)
def test_what_is_no_whole_still_picture_is_not_painted(content: bytes) -> None:
    """Bombs, films, halves and everything else: nothing comes of them, and nothing breaks."""
    assert painted(content, [LEFT_HALF]) is None


@pytest.mark.parametrize(
    "boxes",
    [
        (),
        (Box(0.5, 0.0, 0.5, 1.0),),
        (Box(-0.1, 0.0, 0.5, 1.0),),
        (Box(0.0, 0.0, 1.1, 1.0),),
        (Box(float("nan"), 0.0, 1.0, 1.0),),
        (Box(0.0, 0.0, float("inf"), 1.0),),
        (LEFT_HALF, Box(0.9, 0.9, 0.1, 0.1)),
        (LEFT_HALF,) * (BOXES_MAX + 1),
    ],
)
def test_rectangles_that_are_none(boxes: tuple[Box, ...]) -> None:
    """Outside, turned over, no numbers, too many: the act is not sound."""
    assert not RedactPicture("/data/photo", boxes).is_sound
