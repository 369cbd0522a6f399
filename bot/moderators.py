"""Who may look into cases: rights asked of the database each time, for both faces.

A moderator is known to reviews by the number of their role, never by name. Whether a report is
their own is found out here, where chats and pseudonyms meet for a moment.
"""

from __future__ import annotations

from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.reviewing.acts import (
    Act,
    AddSource,
    AskReporter,
    Claim,
    Escalate,
    PassOn,
    Release,
)
from conversations.reviewing.cases import ModeratorId
from conversations.reviewing.deciding import Moderator
from conversations.roles import REVIEWING, Right, may, titled
from storage import contacts, roles, submissions
from storage.cases import Served
from storage.contacts import ContactId
from storage.roles import GivenRole
from storage.store import Reading, Store


def right_for(act: Act) -> Right:
    """Say which right an act asks for; looking into a case, and asking back, decide nothing."""
    match act:
        case Claim() | Release() | PassOn() | Escalate() | AskReporter() | AddSource():
            return "look into cases"
        case _:
            return "decide cases"


async def role_of(
    reading: Reading, programme: str, contact_id: ContactId, right: Right = "look into cases"
) -> GivenRole | None:
    """Return the role by which a contact has a right now, the strongest; None where they have none.

    A role taken away a moment ago gives nothing.
    """
    held = [one for one in await roles.held_by(reading, programme, contact_id)
            if may((one.role,), right) and one.role in REVIEWING]  # fmt: skip
    return min(held, key=lambda one: REVIEWING.index(one.role), default=None)


def called(role: GivenRole, locale: Locale) -> str:
    """Say how colleagues call whoever holds a role: by a name, or by what they are."""
    return role.known_as or f"{locale.say(titled(role.role))} {role.id}"


async def moderator(
    reading: Reading, store: Store, programme: Programme, contact_id: ContactId, instance_id: str
) -> Moderator | None:
    """Return a contact as a moderator of one report; None where they are none, or not any more."""
    role = await role_of(reading, programme.name, contact_id)
    contact = await contacts.by_id(reading, contact_id)
    if role is None or contact is None:
        return None
    sent = await submissions.by_id(reading, instance_id)
    own = sent is not None and sent.reporter == store.reporter(programme.name, contact.chat_id)
    return as_moderator(role, own=own)


def as_moderator(role: GivenRole, *, own: bool = False) -> Moderator:
    """Return a role as reviews know it."""
    serves = role.serves
    senior = may((role.role,), "oversee cases")
    return Moderator(
        ModeratorId(role.id), senior, serves.languages, serves.areas, serves.forms, own
    )


def served_by(role: GivenRole, *, free_only: bool = True) -> Served:
    """Say which cases a role sees in the queue; a senior sees all."""
    by = ModeratorId(role.id)
    if may((role.role,), "oversee cases"):
        return Served(by=by, free_only=free_only)
    serves = role.serves
    return Served(serves.languages, serves.areas, serves.forms, by, free_only)
