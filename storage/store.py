"""The contract between what is kept and where it is kept.

A `Store` hands out units of work. One unit is one transaction: everything said inside
`async with store.unit() as unit:` is kept together when the block ends, and nothing of it when
the block raises. The block ends only after the database has it safely on disk, so whatever
stands after it may tell the world.

The words of each subject (`contacts`, `sessions`, `outbox`, ...) are functions that take the unit
first and speak SQL that every adapter understands: placeholders `$1`, `$2`, ..., rows by column
name, moments as in `storage.moments`.

Rules: keep a unit short (others wait for it), do nothing slow inside (no network, no files), and
never open a unit inside a unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeAlias

from storage.reporters import Reporter

Value: TypeAlias = "str | int | float | bytes | None"


class Row(Protocol):
    """One row of an answer of the database."""

    def __getitem__(self, column: str, /) -> Any:  # noqa: ANN401  # A database answers any type.
        """Return the value of a column by its name."""


class Reading(Protocol):
    """A view of what is kept, the same from its first question to its last."""

    async def rows(self, sql: str, *values: Value) -> Sequence[Row]:
        """Run one statement, `$1` standing for the first value, and return its rows."""

    async def row(self, sql: str, *values: Value) -> Row | None:
        """Run one statement and return its first row, or None."""


class Unit(Reading, Protocol):
    """One transaction: kept as a whole or not at all."""

    @property
    def alone(self) -> bool:
        """Tell whether none runs beside it, so that what it reads stays so without a lock."""

    async def run(self, sql: str, *values: Value) -> None:
        """Run one statement for what it does."""

    async def run_many(self, sql: str, many: Sequence[Sequence[Value]]) -> None:
        """Run one statement once for each sequence of values, in order."""


class Readable(Protocol):
    """What is kept, to be looked at."""

    def reading(self) -> AbstractAsyncContextManager[Reading]:
        """Open a view for reading that neither waits for writers nor holds them up."""

    async def close(self) -> None:
        """Close; nothing may be begun afterwards."""


class Store(Readable, Protocol):
    """Where everything is kept; made by `storage.opening.open_store`."""

    @property
    def alone(self) -> bool:
        """Tell whether no other process can work on it while it is open."""

    def unit(self) -> AbstractAsyncContextManager[Unit]:
        """Open a unit of work; leaving it returns after the commit, or raises and keeps nothing.

        A `StorageError` raised on leaving means that nothing of the unit was kept.
        """

    def reporter(self, programme: str, chat_id: int) -> Reporter:
        """Return the pseudonym under which a programme knows the person of a chat."""

    def seal(self, reporter: Reporter, contact_id: int) -> str:
        """Return a contact's id as `storage.reach` keeps it, readable with the key alone."""

    def unseal(self, reporter: Reporter, sealed: str) -> int:
        """Return the contact's id that was sealed, or raise `WrongKey`."""

    def sign(self, said: str) -> str:
        """Return a keyed HMAC-SHA256 of a text, 64 hexadecimal digits; see `storage.audit`."""
