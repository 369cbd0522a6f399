"""Which submission answers which report: the chain from a report to all that came of it.

Ids are those of originals. A link goes with either of its reports when that is erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from storage.store import Reading, Row, Unit

LINK = """
    INSERT INTO links (instance_id, parent, root, name, due_id) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (instance_id) DO NOTHING
"""

OF = "SELECT instance_id, parent, root, name, due_id FROM links WHERE instance_id = $1"

CHAIN = """
    SELECT l.instance_id, l.parent, l.root, l.name, l.due_id FROM links AS l
    JOIN submissions AS s ON s.instance_id = l.instance_id
    WHERE l.root = $1 ORDER BY s.kept_at, l.instance_id LIMIT $2
"""

CHAIN_MAX: Final = 1_000
"""Answers of one chain that are shown."""


@dataclass(frozen=True, slots=True)
class Link:
    """A follow-up's answers, the report that was asked about, the one with which it all began.

    `name` is the row that asked, `due_id` the planned thing that it answers.
    """

    instance_id: str
    parent: str
    root: str
    name: str
    due_id: int


async def link(unit: Unit, made: Link) -> None:
    """Keep that a submission answers a report; the first time counts."""
    await unit.run(LINK, made.instance_id, made.parent, made.root, made.name, made.due_id)


async def of(reading: Reading, instance_id: str) -> Link | None:
    """Return what a submission answers, None for a report of its own."""
    row = await reading.row(OF, instance_id)
    return _link(row) if row else None


async def chain(reading: Reading, root: str) -> tuple[Link, ...]:
    """List all that was answered in the chain that a report began, in the order it came."""
    return tuple(map(_link, await reading.rows(CHAIN, root, CHAIN_MAX)))


def _link(row: Row) -> Link:
    about = (row["instance_id"], row["parent"], row["root"], row["name"])
    return Link(*about, int(row["due_id"]))
