"""Ways into the console: links that work once, sessions of browsers, and what was used up.

Only hashes of what a browser shows are kept. A row belongs to a role and goes with it, so whoever
loses the role is out with their next request. Moments are kept to the minute, as in every table
that leads to a contact.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from storage.moments import from_kept, to_kept
from storage.store import Reading, Unit

Kind: TypeAlias = Literal["link", "session", "spent"]

TOKEN_BYTES: Final = 24
"""Nobody guesses so many; as text they are 32 signs."""

# What is there already is not made again: the second of two who show the same thing is refused.
MAKE = """
    INSERT INTO entrances (token_hash, role_id, kind, seen_at, ends_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (token_hash) DO NOTHING
    RETURNING token_hash
"""

# The row that is deleted is the lock: of two who use one link, one comes too late.
USE_UP = """
    DELETE FROM entrances WHERE token_hash = $1 AND kind = 'link' AND ends_at > $2
    RETURNING role_id
"""

SESSION = """
    SELECT role_id, seen_at, ends_at FROM entrances
    WHERE token_hash = $1 AND kind = 'session' AND ends_at > $2 AND seen_at > $3
"""

SEEN = "UPDATE entrances SET seen_at = $2 WHERE token_hash = $1"

LEAVE = "DELETE FROM entrances WHERE token_hash = $1 AND kind = 'session'"

FORGET = "DELETE FROM entrances WHERE ends_at <= $1"


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is let in, for the role of a number; `name` is the hash of its token."""

    name: str
    role_id: int
    seen_at: datetime


def fresh_token() -> str:
    """Return a new token: signs that an address may carry, that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


async def link(unit: Unit, role_id: int, now: datetime, minutes: int) -> str:
    """Make a link's token, good once and not for long; what is over is forgotten with that."""
    await unit.run(FORGET, to_kept(now))
    token = fresh_token()
    await _make(unit, token, role_id, "link", now, now + timedelta(minutes=minutes))
    return token


async def use_up(unit: Unit, token: str, now: datetime) -> int | None:
    """Use a link's token up; return the number of its role, None if it is good no more."""
    row = await unit.row(USE_UP, hashed(token), to_kept(now))
    return int(row["role_id"]) if row else None


async def spend(unit: Unit, shown: str, role_id: int, ends_at: datetime, now: datetime) -> bool:
    """Note that something was shown, so that nobody shows it again; False if somebody has."""
    return await _make(unit, shown, role_id, "spent", now, ends_at)


async def begin(unit: Unit, role_id: int, now: datetime, hours: int) -> str:
    """Let a browser in; return the token it shows from now on."""
    token = fresh_token()
    await _make(unit, token, role_id, "session", now, now + timedelta(hours=hours))
    return token


async def session(reading: Reading, token: str, now: datetime, idle_minutes: int) -> Session | None:
    """Return the session of a token that is neither over nor idle for too long."""
    name, idle_since = hashed(token), now - timedelta(minutes=idle_minutes)
    row = await reading.row(SESSION, name, to_kept(now), to_kept(idle_since))
    return Session(name, row["role_id"], from_kept(row["seen_at"])) if row else None


async def seen(unit: Unit, session_name: str, now: datetime) -> None:
    """Note that a session is used; once a minute is enough."""
    await unit.run(SEEN, session_name, to_kept(_minute(now)))


async def leave(unit: Unit, session_name: str) -> None:
    """End a session."""
    await unit.run(LEAVE, session_name)


def hashed(token: str) -> str:
    """Hash a token; it is as long as a key, so nothing need slow a guesser down."""
    return hashlib.sha256(token.encode()).hexdigest()


async def _make(  # noqa: PLR0913, PLR0917 - one parameter a column.
    unit: Unit, token: str, role_id: int, kind: Kind, now: datetime, ends_at: datetime
) -> bool:
    moments = (to_kept(_minute(now)), to_kept(_minute(ends_at)))
    return await unit.row(MAKE, hashed(token), role_id, kind, *moments) is not None


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
