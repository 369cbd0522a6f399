"""Who comes in, and how: a link that works once, Telegram's word, a session while it lasts.

A session belongs to a role. At every request the database is asked whether that role is still
held, and by whom; nothing about rights is remembered between two requests.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.console.init_data import Opened
from bot.moderators import as_moderator, role_of, served_by
from conversations.reviewing.cases import ModeratorId
from conversations.reviewing.deciding import Moderator
from conversations.roles import REVIEWING, Right, may
from storage import contacts, entrances, roles
from storage.cases import Served
from storage.contacts import Contact
from storage.reporters import Reporter
from storage.roles import GivenRole
from storage.store import Reading, Store, Unit

LINK_MINUTES: Final = 10
IDLE_MINUTES: Final = 30
SESSION_HOURS: Final = 12

SEEN_EVERY: Final = timedelta(minutes=1)
"""How often it is noted that a session is used."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A moderator before the console, as the database knows them now."""

    session: str
    role: GivenRole
    contact: Contact
    own: Reporter
    seen_at: datetime

    @property
    def id(self) -> ModeratorId:
        """Return the number under which reviews know them."""
        return ModeratorId(self.role.id)

    @property
    def served(self) -> Served:
        """Say which cases they see."""
        return served_by(self.role)

    def may(self, right: Right) -> bool:
        """Tell whether their role gives a right."""
        return may((self.role.role,), right)

    def moderator(self, reported_by: Reporter) -> Moderator:
        """Return them as they stand to a report of somebody's."""
        return as_moderator(self.role, own=reported_by == self.own)


async def visitor(
    reading: Reading, store: Store, programme: str, token: str, now: datetime
) -> Visitor | None:
    """Return who shows a session's token; None where it is none, or the role is gone."""
    session = await entrances.session(reading, token, now, IDLE_MINUTES) if token else None
    if session is None:
        return None
    contact_id = await roles.holder_of(reading, programme, session.role_id)
    contact = await contacts.by_id(reading, contact_id) if contact_id is not None else None
    if contact is None:
        return None
    held = await roles.held_by(reading, programme, contact.id)
    role = next((one for one in held if one.id == session.role_id), None)
    if role is None or role.role not in REVIEWING:
        return None
    own = store.reporter(programme, contact.chat_id)
    return Visitor(session.name, role, contact, own, session.seen_at)


async def by_link(unit: Unit, programme: str, token: str, now: datetime) -> str | None:
    """Let in whoever shows a link's token; return the session's, None if the link is no good."""
    role_id = await entrances.use_up(unit, token, now)
    if role_id is None or await roles.holder_of(unit, programme, role_id) is None:
        return None
    return await entrances.begin(unit, role_id, now, SESSION_HOURS)


async def by_telegram(
    unit: Unit, programme: str, opened: Opened, now: datetime
) -> GivenRole | None:
    """Return the role of whom Telegram names, once for what was shown; None where it is no good."""
    contact = await contacts.by_chat(unit, opened.user_id)
    role = await role_of(unit, programme, contact.id) if contact else None
    if role is None:
        return None
    fresh = await entrances.spend(unit, opened.shown, role.id, opened.good_until, now)
    return role if fresh else None


def proof(store: Store, session: str) -> str:
    """Return what a session's forms carry, so that no other page can send one."""
    return store.sign(f"console {session}")


def proves(store: Store, session: str, shown: str) -> bool:
    """Tell whether a form carries the proof of its session."""
    return hmac.compare_digest(proof(store, session).encode(), shown.encode())
