"""Benches: where each moderator stands in the chat, one line of JSON a contact and programme.

They stand in the world of contacts, as roles do, and name the report that is looked at.
"""

from __future__ import annotations

from storage.contacts import ContactId
from storage.store import Reading, Unit

KEEP = """
    INSERT INTO benches (programme, contact_id, body) VALUES ($1, $2, $3)
    ON CONFLICT (programme, contact_id) DO UPDATE SET body = excluded.body
"""

OF = "SELECT body FROM benches WHERE programme = $1 AND contact_id = $2"

# Whoever may not come back to a bench leaves nothing on it.
CLEAR_ABANDONED = """
    DELETE FROM benches WHERE programme = $1 AND NOT EXISTS (
        SELECT 1 FROM roles
        WHERE roles.programme = benches.programme AND roles.contact_id = benches.contact_id)
"""


async def of(reading: Reading, programme: str, contact_id: ContactId) -> str | None:
    """Return where a moderator stands."""
    row = await reading.row(OF, programme, contact_id)
    return row["body"] if row else None


async def keep(unit: Unit, programme: str, contact_id: ContactId, body: str) -> None:
    """Keep where a moderator stands."""
    await unit.run(KEEP, programme, contact_id, body)


async def clear_abandoned(unit: Unit, programme: str) -> None:
    """Forget where those stood who hold no role any more."""
    await unit.run(CLEAR_ABANDONED, programme)
