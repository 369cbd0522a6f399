"""Roles: who may do what, and the invitations that nobody has taken yet.

A role begins as an invitation, which knows the hash of its token and nothing of who will come,
and belongs to the contact who opens the link first. Rows stand in the world of contacts: nothing
here leads to a reporter. To take a role away is to erase its row, so the next question whether
its holder may do something is answered no.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conversations.roles import Refusal, Role
from storage.contacts import ContactId
from storage.moments import from_kept, to_kept
from storage.store import Reading, Row, Unit

INVITE = """
    INSERT INTO roles (programme, role, known_as, token_hash, expires_at, contact_id, taken_on)
    VALUES ($1, $2, $3, $4, $5, NULL, '')
    RETURNING id
"""

INVITATION = "SELECT * FROM roles WHERE programme = $1 AND token_hash = $2"

# The condition is the lock: of two who open one link at the same time, one comes too late.
TAKE = """
    UPDATE roles SET contact_id = $2, taken_on = $3 WHERE id = $1 AND contact_id IS NULL
    RETURNING id
"""

HELD = "SELECT role FROM roles WHERE programme = $1 AND contact_id = $2"

OF_PROGRAMME = "SELECT * FROM roles WHERE programme = $1 ORDER BY id"

REVOKE = "DELETE FROM roles WHERE programme = $1 AND id = $2 RETURNING *"


@dataclass(frozen=True, slots=True)
class GivenRole:
    """A role somebody holds, or (`taken_on` None) an invitation to it.

    `known_as` is what whoever invited them calls the person; `expires_at` is the invitation's.
    """

    id: int
    role: Role
    known_as: str
    expires_at: datetime
    taken_on: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """An invitation was taken: its role belongs to whoever opened it."""

    role: Role


async def invite(  # noqa: PLR0913, PLR0917 - one parameter a column.
    unit: Unit, programme: str, role: Role, known_as: str, token: str, expires_at: datetime
) -> int:
    """Keep an invitation; return the number by which it, and the role, can be revoked.

    Only the token's hash is kept. Whoever takes the database cannot make a link of it.
    """
    minute = expires_at.replace(second=0, microsecond=0)
    values = (programme, role, known_as, _hashed(token), to_kept(minute))
    row = await unit.row(INVITE, *values)
    assert row is not None, "an insert returns its row"  # noqa: S101  # Ours, never the user's.
    return int(row["id"])


async def take(
    unit: Unit, programme: str, token: str, contact_id: ContactId, now: datetime
) -> Taken | Refusal:
    """Give the role of an invitation to a contact, once; or say why not."""
    row = await unit.row(INVITATION, programme, _hashed(token))
    if row is None:
        return "unknown"
    if row["contact_id"] == contact_id:
        return "used by you"
    if row["role"] in await held(unit, programme, contact_id):
        return "held already"
    if row["contact_id"] is not None:
        return "used"
    if from_kept(row["expires_at"]) <= now:
        return "expired"
    taken = await unit.row(TAKE, row["id"], contact_id, now.date().isoformat())
    return Taken(row["role"]) if taken else "used"


async def held(reading: Reading, programme: str, contact_id: ContactId) -> frozenset[Role]:
    """Return the roles a contact holds now."""
    rows = await reading.rows(HELD, programme, contact_id)
    return frozenset(row["role"] for row in rows)


async def of_programme(reading: Reading, programme: str) -> Sequence[GivenRole]:
    """List a programme's roles and open invitations, oldest first."""
    return [_given(row) for row in await reading.rows(OF_PROGRAMME, programme)]


async def revoke(unit: Unit, programme: str, number: int) -> GivenRole | None:
    """Take a role away, or an invitation back; return what it was, None if there is no such."""
    row = await unit.row(REVOKE, programme, number)
    return _given(row) if row else None


def _given(row: Row) -> GivenRole:
    expires_at = from_kept(row["expires_at"])
    return GivenRole(row["id"], row["role"], row["known_as"], expires_at, row["taken_on"] or None)


def _hashed(token: str) -> str:
    """Hash a token; it is as long as a key, so nothing need slow a guesser down."""
    return hashlib.sha256(token.encode()).hexdigest()
