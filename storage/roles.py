"""Roles: who may do what, and the invitations that nobody has taken yet.

A role begins as an invitation, which knows the hash of its token and nothing of who will come,
and belongs to the contact who opens the link first. Rows stand in the world of contacts: nothing
here leads to a reporter. To take a role away is to erase its row, so the next question whether
its holder may do something is answered no.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from conversations.roles import ALL, Refusal, Role, Serves
from storage.contacts import ContactId
from storage.moments import from_kept, to_kept
from storage.store import Reading, Row, Unit

INVITE = """
    INSERT INTO roles (programme, role, known_as, token_hash, expires_at, contact_id, taken_on,
                       languages, areas, forms)
    VALUES ($1, $2, $3, $4, $5, NULL, '', $6, $7, $8)
    RETURNING id
"""

INVITATION = "SELECT * FROM roles WHERE programme = $1 AND token_hash = $2"

# The condition is the lock: of two who open one link at the same time, one comes too late.
TAKE = """
    UPDATE roles SET contact_id = $2, taken_on = $3 WHERE id = $1 AND contact_id IS NULL
    RETURNING id
"""

HELD = "SELECT role FROM roles WHERE programme = $1 AND contact_id = $2"

HELD_BY = "SELECT * FROM roles WHERE programme = $1 AND contact_id = $2 ORDER BY id"

HOLDER_OF = "SELECT contact_id FROM roles WHERE programme = $1 AND id = $2"

HOLDERS = """
    SELECT * FROM roles WHERE programme = $1 AND contact_id IS NOT NULL ORDER BY id
"""

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
    serves: Serves = ALL


@dataclass(frozen=True, slots=True)
class Taken:
    """An invitation was taken: the role of this number belongs to whoever opened it."""

    role: Role
    number: int = field(default=0, compare=False)


async def invite(  # noqa: PLR0913, PLR0917 - one parameter a column.
    unit: Unit,
    programme: str,
    role: Role,
    known_as: str,
    token: str,
    expires_at: datetime,
    serves: Serves = ALL,
) -> int:
    """Keep an invitation; return the number by which it, and the role, can be revoked.

    Only the token's hash is kept. Whoever takes the database cannot make a link of it.
    """
    minute = expires_at.replace(second=0, microsecond=0)
    values = (programme, role, known_as, _hashed(token), to_kept(minute))
    served = (_listed(serves.languages), _listed(serves.areas), _listed(serves.forms))
    row = await unit.row(INVITE, *values, *served)
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
    return Taken(row["role"], row["id"]) if taken else "used"


async def held(reading: Reading, programme: str, contact_id: ContactId) -> frozenset[Role]:
    """Return the roles a contact holds now."""
    rows = await reading.rows(HELD, programme, contact_id)
    return frozenset(row["role"] for row in rows)


async def held_by(reading: Reading, programme: str, contact_id: ContactId) -> Sequence[GivenRole]:
    """Return the roles a contact holds now, with their numbers and whom they serve."""
    return [_given(row) for row in await reading.rows(HELD_BY, programme, contact_id)]


async def holders(reading: Reading, programme: str) -> Sequence[tuple[GivenRole, ContactId]]:
    """Return every role that somebody holds, with their contact, oldest first."""
    rows = await reading.rows(HOLDERS, programme)
    return [(_given(row), ContactId(row["contact_id"])) for row in rows]


async def holder_of(reading: Reading, programme: str, number: int) -> ContactId | None:
    """Return the contact who holds the role of a number; None where nobody does."""
    row = await reading.row(HOLDER_OF, programme, number)
    return ContactId(row["contact_id"]) if row and row["contact_id"] is not None else None


async def of_programme(reading: Reading, programme: str) -> Sequence[GivenRole]:
    """List a programme's roles and open invitations, oldest first."""
    return [_given(row) for row in await reading.rows(OF_PROGRAMME, programme)]


async def revoke(unit: Unit, programme: str, number: int) -> GivenRole | None:
    """Take a role away, or an invitation back; return what it was, None if there is no such."""
    row = await unit.row(REVOKE, programme, number)
    return _given(row) if row else None


def _given(row: Row) -> GivenRole:
    expires_at = from_kept(row["expires_at"])
    serves = Serves(*(_read(row[name]) for name in ("languages", "areas", "forms")))
    told = (row["known_as"], expires_at, row["taken_on"] or None, serves)
    return GivenRole(row["id"], row["role"], *told)


def _listed(names: frozenset[str]) -> str:
    return ",".join(sorted(names))


def _read(listed: str) -> frozenset[str]:
    return frozenset(listed.split(",")) if listed else frozenset()


def _hashed(token: str) -> str:
    """Hash a token; it is as long as a key, so nothing need slow a guesser down."""
    return hashlib.sha256(token.encode()).hexdigest()
