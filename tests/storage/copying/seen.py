"""What a copy is held against: tables summed, a folder listed, on which kinds of databases."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from storage.copying.rows import shapes, tally
from storage.opening import open_readable, open_store
from tests.storage.house import (
    KEY,
)

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
KINDS = ("sqlite", "postgres")
BOTH_WAYS = list(product(KINDS, KINDS))


async def tallies(url: str) -> dict[str, tuple[int, str]]:
    """Count and sum every table."""
    readable = await open_readable(url)
    async with readable.reading() as reading:
        found = {shape.name: await tally(reading, shape) for shape in shapes()}
    await readable.close()
    return {name: (one.rows, one.sum) for name, one in found.items()}


def names_in(folder: Path) -> list[str]:
    """Return what stands in a folder."""
    return sorted(path.name for path in folder.glob("*"))


async def highest_next(url: str) -> int:
    """Return the number that the outbox gives to its next row."""
    store = await open_store(url, KEY)
    async with store.unit() as unit:
        await unit.run(
            "INSERT INTO outbox (contact_id, method, params, slot, priority, state, due_at, "
            "leased_until_at, attempts, reason) "
            "VALUES (11, 'm', '{}', '', 0, 'waiting', 0, 0, 0, '')"
        )
        row = await unit.row("SELECT max(id) AS id FROM outbox")
    await store.close()
    assert row is not None
    return int(row["id"])
