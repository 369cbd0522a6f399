"""Which updates were seen, so that each counts once, and those that could not be understood.

Telegram delivers an update again until it is confirmed, and numbers may begin anew after a quiet
week, so ids are compared for equality only and forgotten by age.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.moments import from_kept, to_kept
from storage.store import Reading, Row, Unit

FIRST_SIGHT = """
    INSERT INTO updates (update_id, seen_at) VALUES ($1, $2)
    ON CONFLICT (update_id) DO NOTHING
    RETURNING update_id
"""

# By age alone: after numbers began anew, the old ones are the higher.
PRUNE = """
    DELETE FROM updates WHERE update_id IN (
        SELECT update_id FROM updates WHERE seen_at < $1 ORDER BY seen_at LIMIT $2)
    RETURNING update_id
"""

SET_ASIDE = """
    INSERT INTO dead_letters (update_id, raw, error, set_aside_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (update_id) DO UPDATE SET raw = excluded.raw, error = excluded.error
"""

DEAD_LETTERS = """
    SELECT update_id, raw, error, set_aside_at FROM dead_letters
    ORDER BY set_aside_at, update_id LIMIT $1
"""

DEAD_LETTER = "SELECT update_id, raw, error, set_aside_at FROM dead_letters WHERE update_id = $1"

TAKE_BACK = "DELETE FROM dead_letters WHERE update_id = $1 RETURNING update_id"

PRUNE_DEAD_LETTERS = """
    DELETE FROM dead_letters WHERE update_id IN (
        SELECT update_id FROM dead_letters WHERE set_aside_at < $1
        ORDER BY set_aside_at LIMIT $2)
    RETURNING update_id
"""

# The number of a chat as JSON writes it; what is longer and only holds it is sorted out afterwards.
NAMING = "SELECT update_id, raw FROM dead_letters WHERE raw LIKE $1"

ERROR_LENGTH_MAX = 2_000
"""A traceback's last words are enough; a dead letter is for people to read."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An update that could not be understood: as it came, and why."""

    update_id: int
    raw: str
    error: str
    set_aside_at: datetime


async def first_sight(unit: Unit, update_id: int, now: datetime) -> bool:
    """Tell whether this update is new, and remember it: the second time the answer is no."""
    return await unit.row(FIRST_SIGHT, update_id, to_kept(now)) is not None


async def prune(unit: Unit, before: datetime, limit: int = 10_000) -> int:
    """Forget updates seen before a moment, at most `limit` in one unit; return how many."""
    return len(await unit.rows(PRUNE, to_kept(before), limit))


async def set_aside(unit: Unit, update_id: int, raw: str, error: str, now: datetime) -> None:
    """Keep an update that could not be understood as a dead letter.

    It is the raw update and so holds personal data: it is for the operator, is never exported,
    and goes when it is replayed or pruned.
    """
    await unit.run(SET_ASIDE, update_id, raw, error[-ERROR_LENGTH_MAX:], to_kept(now))


async def dead_letters(reading: Reading, limit: int = 100) -> Sequence[DeadLetter]:
    """List the dead letters, oldest first."""
    return [_dead_letter(row) for row in await reading.rows(DEAD_LETTERS, limit)]


async def dead_letter(reading: Reading, update_id: int) -> DeadLetter | None:
    """Return one dead letter if it is still there."""
    row = await reading.row(DEAD_LETTER, update_id)
    return _dead_letter(row) if row else None


async def take_back(unit: Unit, update_id: int) -> bool:
    """Remove a dead letter that is replayed or dropped; False when it is there no more."""
    return await unit.row(TAKE_BACK, update_id) is not None


async def prune_dead_letters(unit: Unit, before: datetime, limit: int) -> int:
    """Drop what was set aside before a moment, at most `limit` in one unit; return how many."""
    return len(await unit.rows(PRUNE_DEAD_LETTERS, to_kept(before), limit))


async def erase_letters(unit: Unit, chat_id: int) -> None:
    """Erase the updates set aside that name a chat, or a person, whose number this is."""
    whole = re.compile(rf"(?<!\d){re.escape(str(chat_id))}(?!\d)")
    for row in await unit.rows(NAMING, f"%{chat_id}%"):
        if whole.search(row["raw"]):
            await take_back(unit, row["update_id"])


def _dead_letter(row: Row) -> DeadLetter:
    set_aside_at = from_kept(row["set_aside_at"])
    return DeadLetter(row["update_id"], row["raw"], row["error"], set_aside_at)
