"""Where rows go: a database that is made new, filled, read back, and only then put in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from storage.copying.rows import SUM_BITS, Shape, Tally, line_of, tally
from storage.errors import StorageBroken
from storage.store import Reading, Value

OF_NOBODY: Final = frozenset({"store_facts", "leases"})
"""Tables that a bot fills before anybody has written to it; a database with these is empty."""

OCCUPIED: Final = (
    "There is something in the database {name} already ({table}); nothing was done. Name another "
    "one: what is kept is never overwritten."
)


ZERO: Final = "\x00"
SHOWN_ZERO: Final = "\N{SYMBOL FOR NULL}"
"""What stands for a character that PostgreSQL holds in no text: its picture, which people who look
at the text can see, and hardly anybody has ever typed."""


@dataclass(slots=True)
class Zeroes:
    """Rows in which a character was exchanged because the target cannot hold it, by table."""

    rows: dict[str, int] = field(default_factory=dict)
    _sums: dict[str, int] = field(default_factory=dict)

    def shown(self, shape: Shape, row: Sequence[Value]) -> Sequence[Value]:
        """Return a row as the target can hold it, and note what that does to the table's sum."""
        if not any(isinstance(value, str) and ZERO in value for value in row):
            return row
        new = [v.replace(ZERO, SHOWN_ZERO) if isinstance(v, str) else v for v in row]
        was, now = Tally(), Tally()
        was.add(line_of(row))
        now.add(line_of(new))
        self.rows[shape.name] = self.rows.get(shape.name, 0) + 1
        self._sums[shape.name] = self._sums.get(shape.name, 0) + now.total - was.total
        return new

    def sum_of(self, shape: Shape, before: str) -> str:
        """Return the sum that a table has with its characters exchanged."""
        return f"{(int(before, 16) + self._sums.get(shape.name, 0)) % (1 << SUM_BITS):064x}"


class Target(Protocol):
    """A database under way, of one revision; nobody else sees it yet."""

    @property
    def zeroes(self) -> Zeroes:
        """Return what was exchanged in what was put so far."""

    @property
    def reading(self) -> Reading:
        """Return a view of what was put so far."""

    async def put(self, shape: Shape, rows: Sequence[Sequence[Value]]) -> None:
        """Put rows into a table."""

    async def count_on(self, shape: Shape, counter_at: int) -> None:
        """Let a table's counter go on behind a number."""


async def expect_same(
    target: Target, shapes: Sequence[Shape], expected: Mapping[str, tuple[int, str]]
) -> None:
    """Read every table back; raise `StorageBroken` unless rows and sums are those expected."""
    for shape in shapes:
        found, (rows, before) = await tally(target.reading, shape), expected[shape.name]
        if (found.rows, found.sum) != (rows, target.zeroes.sum_of(shape, before)):
            said = (
                f"The copy of the table {shape.name} is not what was read ({found.rows} rows of "
                f"{rows}); nothing was changed. Try again; if it stays so, "
                "check the disk."
            )
            raise StorageBroken(said)
