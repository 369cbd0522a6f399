"""What a turn says, handed straight to whoever sends it.

A turn puts what it says into the outbox. Where nothing else waits for the person, it is put there
in the sender's name already, so the sender needs no look and no transaction of its own to find it:
that spares a commit between an answer and the next question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from storage import outbox
from storage.contacts import Contact, ContactId
from storage.outbox import Call, OutboxRow
from storage.store import Unit


class Outgoing(Protocol):
    """Sends what is handed to it, in order, and looks into the outbox for the rest."""

    def holder(self) -> str:
        """Name the process in whose name calls may be put; blank while it has no room."""

    def send(self, rows: Sequence[OutboxRow]) -> None:
        """Send what one turn put in this process's name, now that it is kept."""

    def look(self, contact_id: ContactId) -> None:
        """Look for what a turn has put behind other calls to the same person."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a turn put into the outbox at a moment: `rows` were handed out, if any call was."""

    contact_id: ContactId
    rows: tuple[OutboxRow, ...]
    at: datetime


async def put(
    unit: Unit, contact: Contact, calls: Sequence[Call], now: datetime, outgoing: Outgoing
) -> Said:
    """Put calls into somebody's queue, within a turn's unit; `go` when that is kept."""
    holder = outgoing.holder() if calls else ""
    rows = await outbox.put_in_hand(unit, contact, calls, now, holder) if holder else ()
    if calls and not rows:
        await outbox.put(unit, contact.id, calls, now)
    return Said(contact.id, rows, now)


def go(said: Said, outgoing: Outgoing, now: datetime) -> None:
    """Send what a turn said, once its unit is kept.

    Where that took so long that the lease is half over, it is left to whoever finds it: another
    process may take it before the lease could be renewed.
    """
    if said.rows and now - said.at < timedelta(seconds=outbox.LEASE_SECONDS / 2):
        outgoing.send(said.rows)
    else:
        outgoing.look(said.contact_id)


class Nobody:
    """Stands for a sender where none runs; what is said waits in the outbox."""

    def holder(self) -> str:
        """Name nobody."""
        return ""

    def send(self, rows: Sequence[OutboxRow]) -> None:
        """Send nothing; nothing is ever handed out."""

    def look(self, contact_id: ContactId) -> None:
        """Leave it where it is."""
