"""Who runs a programme, and how all of them are told something unasked, each in their language.

Whoever holds several roles that give the right hears it once; whoever cannot be written to does
not. What they are told waits behind replies.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.rendering import render
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.replies import Send
from conversations.roles import may
from storage import contacts, outbox, roles
from storage.contacts import Contact
from storage.store import Reading, Unit


async def tell(
    unit: Unit,
    programme: Programme,
    locale_of: Callable[[str], Locale],
    said: Callable[[Locale], Send],
    now: datetime,
) -> tuple[Contact, ...]:
    """Tell all who run a programme something; return them."""
    found = await all_of(unit, programme.name)
    for contact in found:
        locale = locale_of(contact.language or programme.languages[0])
        calls = render([said(locale)], locale)
        await outbox.put_behind(unit, contact.id, calls, now)
    return found


async def all_of(reading: Reading, programme: str) -> tuple[Contact, ...]:
    """Return all who run a programme and can be written to, each once, oldest role first."""
    given = await roles.holders(reading, programme)
    ids = dict.fromkeys(who for one, who in given if may((one.role,), "run the programme"))
    found = [await contacts.by_id(reading, contact_id) for contact_id in ids]
    return tuple(one for one in found if one is not None and one.state == "active")
