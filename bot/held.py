"""What a process holds of the outbox, and until when it is surely its own.

A lease is renewed while its call is under way. A process that stood still for a while, with the
whole machine or by a signal, wakes in the middle of that: its leases are over, another may have
sent what it was about to send, and nothing tells it so. Therefore it asks its own clock before
each call. Only where a lease may be over does it ask the store, which costs nothing otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.outbox import LEASE_SECONDS, OutboxRow, Priority


@dataclass(slots=True)
class Held:
    """Rows under way: how urgent each is, and until when nobody else can have it."""

    _rows: dict[int, tuple[Priority, datetime]] = field(default_factory=dict)

    def __contains__(self, row_id: int) -> bool:
        """Tell whether a row is under way here."""
        return row_id in self._rows

    @property
    def ids(self) -> Sequence[int]:
        """Return the rows under way, in the order in which all processes lock them."""
        return sorted(self._rows)

    @property
    def bulk(self) -> int:
        """Count those that are no replies."""
        return sum(priority is not Priority.INTERACTIVE for priority, _ in self._rows.values())

    def take(self, rows: Iterable[OutboxRow], until: datetime) -> None:
        """Note that rows are this process's until a moment, and longer if they are renewed."""
        for row in rows:
            self._rows[row.id] = (row.priority, until)

    def renewed(self, row_ids: Iterable[int], asked_at: datetime, now: datetime) -> None:
        """Note a renewal that was asked for at one moment and kept by `now`.

        What had run out by then may have been another's already: that stays unsure.
        """
        until = asked_at + timedelta(seconds=LEASE_SECONDS)
        for row_id in row_ids:
            priority, before = self._rows.get(row_id, (None, now))
            if priority is not None and before > now:
                self._rows[row_id] = (priority, until)

    def surely(self, row: OutboxRow, now: datetime) -> bool:
        """Tell whether no other process can have taken a row over by now."""
        return row.id in self._rows and now < self._rows[row.id][1]

    def let_go(self, rows: Iterable[OutboxRow]) -> None:
        """Note that rows are under way no more."""
        for row in rows:
            del self._rows[row.id]
