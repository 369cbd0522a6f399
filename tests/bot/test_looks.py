"""How pictures look: the same one is known again, and a bomb is not unpacked."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime
from io import BytesIO
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bot.looks import look_of
from bot.maps import SIZE, place_map
from bot.seen_before import look_at
from conversations.areas import Area
from conversations.checks.pictures import SAME_BITS, same_look
from conversations.replies import KeepAttachment, KeepSubmission
from conversations.session import Session
from storage import attachments, cases, consents, flags, pictures, reach, sessions, submissions
from storage.attachments import Attachment, Look
from storage.store import Store, Unit
from tests.bot.test_aftermath import KEY, NOW, PROGRAMME

BITS = st.integers(0, 2**64 - 1)


def scene(width: int, height: int, shift: int = 0) -> Image.Image:
    """Draw something that has shapes, as a photo has."""
    picture = Image.new("RGB", (width, height), (90, 140, 200))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, height * 2 // 3, width, height), fill=(70, 90, 40))
    left, top = (width * (20 + shift) // 100, height * (30 + shift) // 100)
    pen.ellipse((left, top, left + width // 3, top + height // 2), fill=(220, 180, 150))
    pen.polygon(((width, 0), (width * 2 // 3, height // 2), (width, height)), fill=(20, 20, 30))
    return picture


def written(picture: Image.Image, kind: str = "JPEG", taken: str = "") -> bytes:
    """Return a picture's file."""
    content, exif = BytesIO(), Image.Exif()
    if taken:
        exif[0x0132] = taken
    picture.save(content, kind, exif=exif)
    return content.getvalue()


def bomb(side: int) -> bytes:
    """Make a PNG of side by side black pixels, which is small and unpacks to thousands of MB."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    row = zlib.compress(b"\0" * 1_000_000, 9)
    chunks = ((b"IHDR", head), (b"IDAT", row), (b"IEND", b""))
    parts = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_a_picture_is_known_again() -> None:
    """It looks the same when it is made smaller and sent again, and unlike another one."""
    large, small = look_of(written(scene(1600, 1200))), look_of(written(scene(400, 300), "PNG"))
    other = look_of(written(scene(1600, 1200, 45).transpose(Image.Transpose.FLIP_TOP_BOTTOM)))
    assert large is not None
    assert small is not None
    assert other is not None
    assert same_look(large.bits, small.bits)
    assert not same_look(large.bits, other.bits)


def test_when_a_photo_was_taken() -> None:
    """The day stands in its file, where the phone wrote it; nonsense is passed over."""
    look = look_of(written(scene(80, 60), taken="2024:05:06 07:08:09"))
    assert look is not None
    assert look.taken_at == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    nonsense = look_of(written(scene(80, 60), taken="yesterday"))
    assert nonsense is not None
    assert nonsense.taken_at is None


@pytest.mark.parametrize("side", [9_000, 30_000, 100_000])
def test_a_bomb_is_not_unpacked(side: int) -> None:
    """A small file that would fill the memory has no look, and costs next to nothing."""
    began = process_time()
    assert look_of(bomb(side)) is None
    assert process_time() - began < 0.5


@given(content=st.binary(max_size=300))
def test_what_is_no_picture_has_no_look(content: bytes) -> None:
    """Whatever bytes come, also those that begin as a picture does."""
    assert look_of(content) is None
    assert look_of(written(scene(8, 8))[:40] + content) is None


@given(bits=BITS, flipped=st.sets(st.integers(0, 63), max_size=SAME_BITS))
def test_a_like_picture_shares_a_band(bits: int, flipped: set[int]) -> None:
    """Whichever bits differ, as many as may, one look-up finds it."""
    other = bits ^ sum(1 << bit for bit in flipped)
    assert set(pictures.bands(bits)) & set(pictures.bands(other))


def test_a_map_is_a_small_picture() -> None:
    """It shows the areas and the place, also where the place is far outside of all."""
    ring = ((-1.0, 36.0), (-1.0, 37.0), (-2.0, 37.0), (-2.0, 36.0), (-1.0, 36.0))
    areas = {"KE-1": Area({"": "Here"}, (ring,)), "KE-2": Area({"": "There"}, (), ((-1.5, 38.0),))}
    for place in ((-1.29, 36.82), (48.0, 11.0), (89.9, 179.9)):
        drawn = place_map(areas, place)
        with Image.open(BytesIO(drawn)) as picture:
            assert picture.size == SIZE
        assert len(drawn) < 20_000
    assert place_map({}, (0.0, 0.0))


async def keeps(store: Store, unit: Unit, number: int, chat: int) -> Attachment:
    """Keep a report with a photo whose bytes are not here yet."""
    reporter, key = store.reporter(PROGRAMME.name, chat), f"{number}" * 32
    await consents.keep(unit, reporter, PROGRAMME.name, "v1", "sw", agreed=True, now=NOW)
    await sessions.keep(unit, reporter, PROGRAMME.name, Session(key, "sw", "question"), NOW)
    await attachments.expect(unit, key, KeepAttachment("a.jpg", "f", "image/jpeg", 1), NOW)
    sent = KeepSubmission(f"uuid:{number}", *KEY, "sw", f"R{number}", "<data/>", ("a.jpg",))
    await submissions.keep(unit, reporter, PROGRAMME.name, sent, NOW)
    await attachments.belong(unit, key, sent.instance_id, sent.attachments)
    (kept,) = await attachments.of_submission(unit, sent.instance_id)
    assert await reach.of(unit, reporter) is None
    return kept


async def test_the_same_picture_in_two_reports(store: Store) -> None:
    """The second has a case that points to the first; an old photo is said to be old."""
    async with store.unit() as unit:
        first, second = await keeps(store, unit, 1, 1), await keeps(store, unit, 2, 2)
        assert not await look_at(unit, PROGRAMME, first, Look(0b1111), NOW)
        old = datetime(2020, 1, 2, tzinfo=UTC)
        assert await look_at(unit, PROGRAMME, second, Look(0b1011, old), NOW)
        raised = await flags.of(unit, "uuid:2")
        assert [(one.name, one.other) for one in raised] == [("picture", "uuid:1"), ("photo", "")]
        case = await cases.of(unit, "uuid:2")
        assert case is not None
        assert case.weight == 5.0
        assert await cases.of(unit, "uuid:1") is None
