"""Contacts: the only place that knows a chat id.

Nothing here links to the data: a contact's id is drawn at random and only the day of the first
meeting is kept, so neither order nor time of the rows tells which reporter a contact is.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType, TypeAlias

from storage.store import Reading, Row, Unit

ContactId = NewType("ContactId", int)
ContactState: TypeAlias = Literal["active", "gone"]

UNKNOWN_MENU = "?"
"""Marks a chat of which nobody can tell which menu it has."""

# Writing the row each time also makes it the lock under which a person's updates queue up
# where several workers share one database. Whoever had left (see `storage.erasure`) is new.
MEET = """
    INSERT INTO contacts (id, chat_id, language, state, met_on) VALUES ($1, $2, '', 'active', $3)
    ON CONFLICT (chat_id) DO UPDATE SET state = 'active',
        met_on = CASE WHEN contacts.met_on = '' THEN excluded.met_on ELSE contacts.met_on END
    RETURNING id, chat_id, language, state, low_data, menu
"""

# Nothing of these would be written; a page that is not written need not reach the disk either.
MET = """
    SELECT id, chat_id, language, state, low_data, menu FROM contacts
    WHERE chat_id = $1 AND state = 'active' AND met_on <> ''
"""

KEEP_LANGUAGE = "UPDATE contacts SET language = $2 WHERE id = $1"

KEEP_LOW_DATA = "UPDATE contacts SET low_data = $2 WHERE id = $1"

KEEP_MENU = "UPDATE contacts SET menu = $2 WHERE id = $1"

# Writing the row makes it the lock under which a person's turns queue up; see `MEET`.
HOLD = """
    UPDATE contacts SET menu = menu WHERE id = $1 AND state = 'active'
    RETURNING id, chat_id, language, state, low_data, menu
"""

MARK_GONE = "UPDATE contacts SET state = 'gone' WHERE id = $1"

# Whose messages wait cannot be counted by the sender any more.
COUNT_BLOCKED = """
    UPDATE campaigns SET blocked = blocked + 1 WHERE id IN (
        SELECT campaign_id FROM outbox
        WHERE contact_id = $1 AND state = 'waiting' AND campaign_id <> 0)
"""

FORGET_WAITING = "DELETE FROM outbox WHERE contact_id = $1 AND state = 'waiting'"

FORGET_WAITS = "DELETE FROM campaign_waits WHERE contact_id = $1"

BY_CHAT = "SELECT id, chat_id, language, state, low_data, menu FROM contacts WHERE chat_id = $1"

BY_ID = "SELECT id, chat_id, language, state, low_data, menu FROM contacts WHERE id = $1"

ACTIVE_AFTER = """
    SELECT id, chat_id, language, state, low_data, menu FROM contacts
    WHERE state = 'active' AND id > $1 AND chat_id > 0 ORDER BY id LIMIT $2
"""

MOVE = "UPDATE contacts SET chat_id = $2 WHERE id = $1"

MOVE_WAITING = "UPDATE outbox SET contact_id = $2 WHERE contact_id = $1"

# The row goes with its contact otherwise.
MOVE_GROUP = "UPDATE groups SET contact_id = $2 WHERE contact_id = $1"

# Message ids of the old chat mean nothing in the new one.
FORGET_SLOTS = "DELETE FROM slots WHERE contact_id = $1"

FORGET = "DELETE FROM contacts WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Contact:
    """A Telegram account we can write to; `language` is blank until it is known.

    `low_data` is set where the person wants pictures, sounds and films only when they ask. `menu`
    marks the menu of commands that their chat has of its own, blank where it has none.
    """

    id: ContactId
    chat_id: int
    language: str
    state: ContactState
    low_data: bool = False
    menu: str = ""


async def meet(unit: Unit, chat_id: int, now: datetime) -> Contact:
    """Return the contact of a chat, new or known; one that was gone is back."""
    row = await unit.row(MET, chat_id) if unit.alone else None
    if row is None:
        row = await unit.row(MEET, secrets.randbits(62), chat_id, now.date().isoformat())
    assert row is not None, "an upsert returns its row"  # noqa: S101  # Ours, never the user's.
    return _contact(row)


async def by_chat(reading: Reading, chat_id: int) -> Contact | None:
    """Return the contact of a chat if there is one."""
    row = await reading.row(BY_CHAT, chat_id)
    return _contact(row) if row else None


async def by_id(reading: Reading, contact_id: ContactId) -> Contact | None:
    """Return a contact if it is still there."""
    row = await reading.row(BY_ID, contact_id)
    return _contact(row) if row else None


async def active_after(reading: Reading, after: int, at_most: int) -> tuple[Contact, ...]:
    """List people we can write to, by id, from behind `after`: one page of all there are.

    A group is a contact, too, and nobody's.
    """
    rows = await reading.rows(ACTIVE_AFTER, after, at_most)
    return tuple(_contact(row) for row in rows)


async def keep_language(unit: Unit, contact_id: ContactId, language: str) -> None:
    """Remember a contact's language (BCP 47)."""
    await unit.run(KEEP_LANGUAGE, contact_id, language)


async def keep_low_data(unit: Unit, contact_id: ContactId, *, wanted: bool) -> None:
    """Remember whether a contact wants little data."""
    await unit.run(KEEP_LOW_DATA, contact_id, wanted)


async def keep_menu(unit: Unit, contact_id: ContactId, mark: str) -> None:
    """Remember which menu of commands a contact's chat has of its own; blank for none."""
    await unit.run(KEEP_MENU, contact_id, mark)


async def hold(unit: Unit, contact_id: ContactId) -> Contact | None:
    """Be alone with an active contact until the unit ends; None for one that is gone."""
    row = await unit.row(HOLD, contact_id)
    return _contact(row) if row else None


async def mark_gone(unit: Unit, contact_id: ContactId) -> None:
    """Note that a contact cannot be written to, and drop what was waiting for them.

    Who comes back is asked afresh; words of weeks ago would only confuse.
    """
    await unit.run(MARK_GONE, contact_id)
    await unit.run(COUNT_BLOCKED, contact_id)
    await unit.run(FORGET_WAITING, contact_id)
    await unit.run(FORGET_WAITS, contact_id)


async def move(unit: Unit, old_chat_id: int, new_chat_id: int) -> None:
    """Follow a group that became a supergroup: same contact, new chat id.

    Where the new chat is a contact already, what waits goes to it and the old contact ends.
    """
    old, new = await by_chat(unit, old_chat_id), await by_chat(unit, new_chat_id)
    if old is None:
        return
    await unit.run(FORGET_SLOTS, old.id)
    if new is None:
        await unit.run(MOVE, old.id, new_chat_id)
        return
    await unit.run(MOVE_WAITING, old.id, new.id)
    await unit.run(MOVE_GROUP, old.id, new.id)
    await unit.run(FORGET, old.id)


def _contact(row: Row) -> Contact:
    low_data = bool(row["low_data"])
    where = (row["id"], row["chat_id"], row["language"], row["state"])
    return Contact(*where, low_data, row["menu"])
