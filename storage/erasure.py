"""Erasure: taking out what is kept of a report, or of a person, so that nothing leads back to it.

Rules. A report goes with all its versions and with what its reporter answered about it later; what
hangs on these (files, flags, cases, rounds of questions, sealed words) goes with them by its
foreign key. A person goes from every table that knows their pseudonym, and their contact with all
that hangs on it. What others know of themselves stays: their own reports, and what they answered.
The audit stays as well: it names reports by ids that lead nowhere then, and never a person.

The contact of a person who is erased by their own word is kept, bare, until what they are told has
been sent: `empty` does that, `forget_left` takes it out. Who writes again before that is met anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from storage.contacts import ContactId
from storage.reporters import Reporter
from storage.store import Reading, Unit

OF_PERSON: Final = (
    *(("sessions", "reporter"), ("submissions", "reporter"), ("consents", "reporter")),
    *(("due", "reporter"), ("reach", "reporter"), ("uploads", "reporter"), ("rests", "reporter")),
    *(("subscriptions", "reporter"), ("asks", "validator"), ("reliabilities", "validator")),
    *(
        ("flags", "raised_by"),
        ("figure_flags", "raised_by"),
        ("clarifications", "reporter"),
        ("assurances", "reporter"),
        ("written", "reporter"),
        ("count_asks", "validator"),
    ),
)
"""The columns that hold a person's pseudonym; each row with it goes."""

LATER: Final = """
    SELECT e.instance_id FROM edits AS e WHERE e.original = $1
    UNION
    SELECT l.instance_id FROM links AS l JOIN submissions AS s ON s.instance_id = l.instance_id
    WHERE l.parent = $1 AND s.reporter = $2
"""

FORGET_ROUNDS: Final = """
    DELETE FROM due WHERE subject IN (
        SELECT 'round:' || r.id FROM rounds AS r WHERE r.instance_id = $1)
"""

FORGET_ABOUT: Final = "DELETE FROM due WHERE subject = $1"

FORGET_CHAIN: Final = "DELETE FROM due WHERE root = $1"

FORGET_REPORT: Final = "DELETE FROM submissions WHERE instance_id = $1"

SENT: Final = "SELECT instance_id FROM submissions WHERE reporter = $1"

# What waits for somebody who goes cannot be counted by the sender any more.
COUNT_LEFT_OUT: Final = """
    UPDATE campaigns SET put = put - 1, left_out = left_out + 1 WHERE id IN (
        SELECT campaign_id FROM outbox
        WHERE contact_id = $1 AND state = 'waiting' AND campaign_id <> 0)
"""

FORGET_CONTACT: Final = "DELETE FROM contacts WHERE id = $1"

EMPTY: Final = """
    INSERT INTO contacts (id, chat_id, language, state, met_on) VALUES ($1, $2, '', 'active', '')
"""

# A blank day says that nothing is known of whoever this is.
FORGET_SOON: Final = "UPDATE contacts SET met_on = '' WHERE id = $1"

REMEMBER_SLOT: Final = "INSERT INTO slots (contact_id, slot, message_id) VALUES ($1, $2, $3)"

FORGET_LEFT: Final = """
    DELETE FROM contacts WHERE id IN (
        SELECT c.id FROM contacts AS c WHERE c.met_on = '' AND NOT EXISTS (
            SELECT 1 FROM outbox AS o WHERE o.contact_id = c.id AND o.state = 'waiting')
        LIMIT $1)
    RETURNING id
"""


async def chain_of(reading: Reading, reporter: Reporter, instance_id: str) -> tuple[str, ...]:
    """List a report, its versions, and what its reporter answered about it later, by their ids."""
    found, looked_at = [instance_id], 0
    while looked_at < len(found):
        rows = await reading.rows(LATER, found[looked_at], reporter)
        found += [row["instance_id"] for row in rows if row["instance_id"] not in found]
        looked_at += 1
    return tuple(found)


async def sent_by(reading: Reading, reporter: Reporter) -> tuple[str, ...]:
    """List all that a person sent, versions of one report each by itself, by their ids."""
    return tuple(row["instance_id"] for row in await reading.rows(SENT, reporter))


async def reports(unit: Unit, ids: Sequence[str]) -> None:
    """Erase reports, all that hangs on them, and all that is planned about them."""
    each = [(instance_id,) for instance_id in ids]
    for statement in (FORGET_ROUNDS, FORGET_ABOUT, FORGET_CHAIN, FORGET_REPORT):
        await unit.run_many(statement, each)


async def person(unit: Unit, reporter: Reporter) -> None:
    """Erase all that is kept under a pseudonym, and all that is planned about their reports."""
    await reports(unit, await sent_by(unit, reporter))
    for table, column in OF_PERSON:
        await unit.run(f'DELETE FROM "{table}" WHERE {column} = $1', reporter)  # noqa: S608 - ours.


async def contact(unit: Unit, contact_id: ContactId) -> None:
    """Erase a contact, with all that waits for them and every right they had."""
    await unit.run(COUNT_LEFT_OUT, contact_id)
    await unit.run(FORGET_CONTACT, contact_id)


async def empty(unit: Unit, contact_id: ContactId, chat_id: int, slot: str) -> None:
    """Erase a contact but for the number of their chat, so that they can be told so.

    The message in `slot` can still be changed.
    """
    row = await unit.row(
        "SELECT message_id FROM slots WHERE contact_id = $1 AND slot = $2", contact_id, slot
    )
    await contact(unit, contact_id)
    await unit.run(EMPTY, contact_id, chat_id)
    if row is not None:
        await unit.run(REMEMBER_SLOT, contact_id, slot, row["message_id"])


async def forget_soon(unit: Unit, contact_id: ContactId) -> None:
    """Let a contact go, too, as soon as all that waits for them has been sent."""
    await unit.run(FORGET_SOON, contact_id)


async def forget_left(unit: Unit, limit: int) -> int:
    """Erase contacts that were told that they are; at most `limit`, return how many."""
    return len(await unit.rows(FORGET_LEFT, limit))
