"""The gallery of questions is what the bot says today, and leaves no kind of question out."""

from __future__ import annotations

from tests.end_to_end.gallery import BYTES_MAX, PAGE, PICTURES, SCHEMES, missing_kinds, page
from tests.end_to_end.gallery_entries import ENTRIES


def test_every_kind_has_its_picture() -> None:
    """Each kind of question has an entry, and each entry a picture in light and one in dark."""
    wanted = {f"{entry.name}-{scheme}.webp" for entry in ENTRIES for scheme in SCHEMES}
    assert missing_kinds() == set()
    assert {path.name for path in PICTURES.iterdir()} == wanted
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) <= BYTES_MAX


async def test_the_page_is_what_the_generator_writes() -> None:
    """Rows, answers and files on the page are those of the code.

    `python -m tests.end_to_end.gallery --text` writes it anew; without `--text` the pictures, too.
    """
    assert PAGE.read_text("utf-8") == await page()
