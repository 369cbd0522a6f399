"""Whom to call when somebody must look at a report: contacts by the role they hold."""

from __future__ import annotations

from dataclasses import dataclass

from storage.contacts import ContactId
from storage.store import Reading

HOLDING = """
    SELECT r.id, r.role, r.contact_id FROM roles AS r JOIN contacts AS c ON c.id = r.contact_id
    WHERE r.programme = $1 AND c.state = 'active' ORDER BY r.id
"""


@dataclass(frozen=True, slots=True)
class Responder:
    """Somebody who holds a role; `number` is the role's, by which an act of theirs is noted."""

    number: int
    role: str
    contact_id: ContactId


async def holding(reading: Reading, programme: str) -> tuple[Responder, ...]:
    """List who holds which role in a programme and can be written to, oldest first."""
    rows = await reading.rows(HOLDING, programme)
    return tuple(Responder(row["id"], row["role"], ContactId(row["contact_id"])) for row in rows)
