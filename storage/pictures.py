"""Pictures by how they look, so that one that was sent before is found by an index.

A picture has a hash of 64 bits (`conversations.checks.pictures`). It is kept in eight bands of a
byte: hashes that differ in at most seven bits have one band in common, so every likely match is
among the rows of eight look-ups. Nothing of the picture itself stands here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from conversations.checks.pictures import same_look
from storage.moments import to_kept
from storage.store import Reading, Unit

BANDS: Final = 8
BAND_BITS: Final = 8
LIKE_MAX: Final = 20
CANDIDATES_MAX: Final = 5_000
"""Rows that one look-up may bring; of a band that everybody has, the newest count."""

NOTE = """
    INSERT INTO pictures (programme, band, instance_id, name, look, noted_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (programme, band, instance_id, name) DO NOTHING
"""

LIKE = """
    SELECT instance_id, look FROM pictures
    WHERE programme = $1 AND band = $2 AND instance_id <> $3
    ORDER BY noted_at DESC LIMIT $4
"""


def to_signed(bits: int) -> int:
    """Return 64 bits as the whole number that databases hold, which has a sign.

    >>> from_signed(to_signed(2**64 - 1)) == 2**64 - 1
    True
    """
    return bits - 2**63


def from_signed(kept: int) -> int:
    """Return the 64 bits that `to_signed` made a number of."""
    return kept + 2**63


async def note(  # noqa: PLR0913, PLR0917 - which picture of which report, how it looks.
    unit: Unit, programme: str, original: str, name: str, bits: int, now: datetime
) -> None:
    """Keep how a picture of a report looks."""
    rows = [
        (programme, band, original, name, to_signed(bits), to_kept(now)) for band in bands(bits)
    ]
    await unit.run_many(NOTE, rows)


async def like(reading: Reading, programme: str, original: str, bits: int) -> tuple[str, ...]:
    """Return the other reports with a picture that looks the same, at most `LIKE_MAX`."""
    found: dict[str, None] = {}
    for band in bands(bits):
        for row in await reading.rows(LIKE, programme, band, original, CANDIDATES_MAX):
            if same_look(bits, from_signed(row["look"])):
                found[row["instance_id"]] = None
    return tuple(found)[:LIKE_MAX]


def bands(bits: int) -> tuple[int, ...]:
    """Cut a hash into bands; a band's number stands before its bits, so that they are told apart.

    >>> bands(0x0100_0000_0000_0002)[0], bands(0x0100_0000_0000_0002)[-1]
    (2, 1793)
    """
    return tuple(
        number << BAND_BITS | bits >> number * BAND_BITS & (1 << BAND_BITS) - 1
        for number in range(BANDS)
    )
