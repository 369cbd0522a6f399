"""Where rows go: a database that is made new, filled, read back, and only then put in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from storage.copying.rows import Shape, tally
from storage.errors import StorageBroken
from storage.store import Reading, Value

OF_NOBODY: Final = frozenset({"store_facts", "leases"})
"""Tables that a bot fills before anybody has written to it; a database with these is empty."""

OCCUPIED: Final = (
    "There is something in the database {name} already ({table}); nothing was done. Name another "
    "one: what is kept is never overwritten."
)


class Target(Protocol):
    """A database under way, of one revision; nobody else sees it yet."""

    @property
    def reading(self) -> Reading:
        """Return a view of what was put so far."""

    async def put(self, shape: Shape, rows: Sequence[Sequence[Value]]) -> None:
        """Put rows into a table."""

    async def count_on(self, shape: Shape, counter_at: int) -> None:
        """Let a table's counter go on behind a number."""


async def expect_same(
    reading: Reading, shapes: Sequence[Shape], expected: Mapping[str, tuple[int, str]]
) -> None:
    """Read every table back; raise `StorageBroken` unless rows and sums are those expected."""
    for shape in shapes:
        found = await tally(reading, shape)
        if (found.rows, found.sum) != expected[shape.name]:
            said = (
                f"The copy of the table {shape.name} is not what was read ({found.rows} rows of "
                f"{expected[shape.name][0]}); nothing was changed. Try again; if it stays so, "
                "check the disk."
            )
            raise StorageBroken(said)
