"""Counters: the highest number that a table ever gave, so that none is given twice.

A row that was deleted keeps its number taken (`outbox`, `roles`, `attachments`); the rows alone
do not tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from storage.copying.rows import Shape
from storage.store import Reading

OF_SQLITE: Final = "SELECT name, seq FROM sqlite_sequence"

OF_POSTGRES: Final = """
    SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass), 0) AS seq
"""


async def counters(
    reading: Reading, shapes: Iterable[Shape], *, postgres: bool
) -> Mapping[str, int]:
    """Return where the counters of tables stand, by table; those that never counted are 0."""
    counting = {shape.name: shape.counter for shape in shapes if shape.counter}
    if not postgres:
        rows = await reading.rows(OF_SQLITE)
        return {row["name"]: int(row["seq"]) for row in rows if row["name"] in counting}
    found = {}
    for table, column in counting.items():
        row = await reading.row(OF_POSTGRES, table, column)
        found[table] = int(row["seq"]) if row else 0
    return found
