"""The outbox: what is to be said to whom, kept with what made it necessary, sent afterwards.

Rules. A chat hears everything in the order it was put (only the head of its queue is ever handed
out, or the whole queue to one owner, with the turn that puts it). Between chats interactive
replies go before follow-ups before campaigns, and what stands in front of an interactive reply in
its chat goes as fast as the reply. A row handed out carries a short lease in its owner's name,
renewed while the call is under way; when the lease runs out (the owner died) the row comes back,
and whoever held it before has no say in it any more. A row that was sent is gone at once, so no
answer stays behind here; of one given up only the reason and the day stay.

A row names the contact, not the chat, and its parameters never hold a chat id: the sender adds
it. A slot must not name a session either, for slots outlive it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from functools import cache
from operator import itemgetter
from typing import Any

from pydantic_core import to_json

from storage import leases
from storage.contacts import Contact, ContactId
from storage.moments import to_kept
from storage.store import Reading, Row, Unit

PUT = """
    INSERT INTO outbox
        (contact_id, method, params, slot, priority, state, due_at, leased_until_at, attempts,
         reason, put_at)
    VALUES ($1, $2, $3, $4, $5, 'waiting', $6, 0, 0, '', $7)
"""

# Put and handed out at once, before anybody sees them, unless something else waits for the contact,
# or Telegram has asked everybody to wait. They are numbered in their order.
PUT_IN_HAND = """
    WITH call (number, method, params, slot) AS (VALUES {calls})
    INSERT INTO outbox
        (contact_id, method, params, slot, priority, state, due_at, leased_until_at, attempts,
         reason, put_at, leased_by)
    SELECT $1, method, params, slot, 0, 'waiting', $2, $3, 1, '', $2, $4 FROM call
    WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE contact_id = $1 AND state = 'waiting')
      AND NOT EXISTS (SELECT 1 FROM leases WHERE name = $5 AND until_at > $6)
    ORDER BY number
    RETURNING id,
        (SELECT message_id FROM slots
         WHERE slots.contact_id = outbox.contact_id AND slots.slot = outbox.slot) AS message_id
"""

# What stands before an interactive reply in its chat would hold it up, so it becomes as urgent.
HURRY = """
    UPDATE outbox SET priority = 0 WHERE contact_id = $1 AND state = 'waiting' AND priority > 0
"""

# What may be handed out now: heads of queues that are due, and free or held by a lease that was
# over by $4. Where two processes ask PostgreSQL at once, the second looks at the row again before
# it takes it.
DUE_HEADS = """
    SELECT head.id FROM outbox AS head JOIN contacts ON contacts.id = head.contact_id
    WHERE head.state = 'waiting' AND head.due_at <= $1 AND head.leased_until_at <= $4
      AND head.priority BETWEEN $2 AND $3 AND contacts.state = 'active'
      AND NOT EXISTS (
          SELECT 1 FROM outbox AS earlier
          WHERE earlier.contact_id = head.contact_id AND earlier.id < head.id
            AND earlier.state = 'waiting')
"""

# A try that was cut off by its process's death is no failure, and is counted once.
CLAIM = f"""
    UPDATE outbox SET leased_until_at = $5, leased_by = $6,
                      attempts = attempts + CASE WHEN leased_until_at = 0 THEN 1 ELSE 0 END
    WHERE id IN (
        {DUE_HEADS}
        ORDER BY head.priority, head.id LIMIT $7
        /* PostgreSQL: FOR UPDATE OF head SKIP LOCKED */)
    RETURNING id, contact_id, method, params, slot, priority, attempts, reason, campaign_id,
        (SELECT chat_id FROM contacts WHERE contacts.id = outbox.contact_id) AS chat_id,
        (SELECT message_id FROM slots
         WHERE slots.contact_id = outbox.contact_id AND slots.slot = outbox.slot) AS message_id
"""  # noqa: S608 - put together from our own words.

ANY_DUE = f"{DUE_HEADS} LIMIT 1"

REMEMBER_SLOT = """
    INSERT INTO slots (contact_id, slot, message_id)
    SELECT contact_id, slot, $2 FROM outbox WHERE id = $1 AND slot <> ''
    ON CONFLICT (contact_id, slot) DO UPDATE SET message_id = excluded.message_id
"""

SENT = "DELETE FROM outbox WHERE id = $1"

RENEW = "UPDATE outbox SET leased_until_at = $3 WHERE id = $1 AND leased_by = $2"

HOLD = f"{RENEW} AND state = 'waiting' RETURNING id"

RELEASE = """
    UPDATE outbox SET leased_until_at = 0, leased_by = '', attempts = attempts - 1
    WHERE leased_until_at > 0
"""

PUT_OFF = """
    UPDATE outbox SET due_at = $3, leased_until_at = 0, leased_by = '', reason = $4
    WHERE id = $1 AND leased_by = $2 AND state = 'waiting'
"""

# Nothing was tried, so the try does not count.
PUT_BACK = """
    UPDATE outbox SET due_at = $3, leased_until_at = 0, leased_by = '', attempts = attempts - 1
    WHERE id = $1 AND leased_by = $2 AND state = 'waiting'
"""

# Only the day stays, which many share.
GIVE_UP = """
    UPDATE outbox SET state = 'given up', params = '{}', slot = '', due_at = 0,
                      leased_until_at = 0, leased_by = '', reason = $2,
                      put_at = put_at - put_at % 86400000000
    WHERE id = $1
"""

FORGET_GIVEN_UP = """
    DELETE FROM outbox WHERE id IN (
        SELECT id FROM outbox WHERE state = 'given up' AND put_at < $1 LIMIT $2)
    RETURNING id
"""

MESSAGE_IN = "SELECT message_id FROM slots WHERE contact_id = $1 AND slot = $2"

FORGET_SLOT = "DELETE FROM slots WHERE contact_id = $1 AND slot = $2"

# What Telegram refused to make has the number 0 in its slot.
FORGET_SLOTS = """
    DELETE FROM slots
    WHERE contact_id = $1 AND substr(slot, 1, $3) = $2 AND (message_id = 0 OR NOT $4)
"""

IS_WAITING = """
    SELECT 1 AS waits FROM outbox WHERE contact_id = $1 AND slot = $2 AND state = 'waiting' LIMIT 1
"""

WAITING_FOR = """
    SELECT count(*) AS count FROM (
        SELECT 1 FROM outbox WHERE contact_id = $1 AND state = 'waiting' LIMIT $2) AS few
"""

WAITING_AT_MOST = """
    SELECT count(*) AS count FROM (
        SELECT 1 FROM outbox WHERE state = 'waiting' AND priority = $1 LIMIT $2) AS few
"""

FORGET_UNASKED = """
    DELETE FROM outbox WHERE contact_id = $1 AND state = 'waiting' AND priority > 0
"""

AMEND = "UPDATE outbox SET params = $2 WHERE id = $1"

DEPTHS = "SELECT state, priority, count(*) AS count FROM outbox GROUP BY state, priority"


LEASE_SECONDS = 10.0
"""How long after its death what a process was sending stays its own."""

IN_HAND_MAX = 4
"""So many calls of one turn are handed out together; a crash repeats no more than that."""

LIMITED = "Telegram asks to wait"
"""Ends the reason of a row that Telegram thought too much: no errand makes it go sooner."""


class Priority(IntEnum):
    """Who goes first, between chats."""

    INTERACTIVE = 0
    FOLLOW_UP = 1
    CAMPAIGN = 2


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make: a Bot API method, its parameters without the chat, and its slot."""

    method: str
    params: Mapping[str, Any]
    slot: str = ""
    priority: Priority = Priority.INTERACTIVE


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A call handed out for sending.

    `message_id` is the newest message in the row's slot, for calls that change it. `attempts`
    counts this one: 1 the first time. `reason` is why it was put off before, blank if it was not.
    `campaign_id` numbers the campaign it belongs to, 0 for none.
    """

    id: int
    contact_id: ContactId
    chat_id: int
    method: str
    params: dict[str, Any]
    slot: str
    priority: Priority
    attempts: int
    reason: str
    message_id: int | None
    campaign_id: int = 0


async def put(unit: Unit, contact_id: ContactId, calls: Sequence[Call], now: datetime) -> None:
    """Put calls into a contact's queue, in order, to be made at once.

    Only the minute is kept: an exact moment, found again in a session, would tell whose it is.
    """
    put_at = to_kept(now.replace(second=0, microsecond=0))
    replies = [n for n, call in enumerate(calls) if call.priority is Priority.INTERACTIVE]
    if replies:
        await unit.run(HURRY, contact_id)
    many = [
        (
            *(contact_id, call.method, written(call.params), call.slot),
            0 if replies and n < replies[-1] else int(call.priority),
            *(put_at, put_at),
        )
        for n, call in enumerate(calls)
    ]
    if many:
        await unit.run_many(PUT, many)


async def put_behind(
    unit: Unit, contact_id: ContactId, calls: Sequence[Call], now: datetime
) -> None:
    """Put what nobody waits for into a contact's queue: between chats, it goes behind replies."""
    later = [replace(call, priority=Priority.FOLLOW_UP) for call in calls]
    await put(unit, contact_id, later, now)


async def put_in_hand(
    unit: Unit, contact: Contact, calls: Sequence[Call], now: datetime, owner: str
) -> tuple[OutboxRow, ...]:
    """Put replies into the empty queue of a contact, handed out to `owner`, to be sent in order.

    Put nothing, and return nothing, where something else waits for the contact, where there is
    more than a reply to send, or where Telegram has asked everybody to wait: `put` them then.
    """
    replies = all(call.priority is Priority.INTERACTIVE for call in calls)
    if not replies or not 0 < len(calls) <= IN_HAND_MAX:
        return ()
    put_at, free = to_kept(now.replace(second=0, microsecond=0)), to_kept(now)
    leased_until = to_kept(now + timedelta(seconds=LEASE_SECONDS))
    where = (contact.id, put_at, leased_until, owner, leases.SILENCE, free)
    what = [one for call in calls for one in (call.method, written(call.params), call.slot)]
    rows = await unit.rows(_in_hand(len(calls)), *where, *what)
    return tuple(
        OutboxRow(
            *(row["id"], contact.id, contact.chat_id, call.method, dict(call.params), call.slot),
            *(Priority.INTERACTIVE, 1, "", row["message_id"]),
        )
        for row, call in zip(sorted(rows, key=itemgetter("id")), calls, strict=bool(rows))
    )


@cache
def _in_hand(number: int) -> str:
    """Write `PUT_IN_HAND` for so many calls, at most `IN_HAND_MAX`."""
    first = 7
    texts = [f"CAST(${first + place} AS TEXT)" for place in range(3 * number)]
    calls = (f"({n}, {', '.join(texts[3 * n : 3 * n + 3])})" for n in range(number))
    return PUT_IN_HAND.format(calls=", ".join(calls))


async def claim(  # noqa: PLR0913 - who takes how much of what, and for how long.
    unit: Unit,
    owner: str,
    now: datetime,
    limit: int,
    lease_seconds: float,
    *,
    first: Priority = Priority.INTERACTIVE,
    last: Priority = Priority.CAMPAIGN,
    lapsed_too: bool = True,
) -> list[OutboxRow]:
    """Hand out at most `limit` heads of queues, the most urgent first, each leased to `owner`.

    Only what is as urgent as `first` to `last` is handed out: a sender whose bulk allowance is
    used up asks for interactive replies alone. Rows whose leases ran out come only with
    `lapsed_too`: see `bot.vigil`.
    """
    leased_until = to_kept(now + timedelta(seconds=lease_seconds))
    what = _free(now, first, last, lapsed_too=lapsed_too)
    rows = await unit.rows(CLAIM, *what, leased_until, owner, limit)
    return sorted((_outbox_row(row) for row in rows), key=lambda row: (row.priority, row.id))


async def renew(
    unit: Unit, owner: str, row_ids: Sequence[int], now: datetime, lease_seconds: float
) -> None:
    """Hold on to rows under way for `lease_seconds` more."""
    until = to_kept(now + timedelta(seconds=lease_seconds))
    await unit.run_many(RENEW, [(row_id, owner, until) for row_id in row_ids])


async def hold(unit: Unit, owner: str, row_id: int, now: datetime, lease_seconds: float) -> bool:
    """Renew the lease of one row; False when it is another's by now, or was sent."""
    until = to_kept(now + timedelta(seconds=lease_seconds))
    return await unit.row(HOLD, row_id, owner, until) is not None


async def sent(unit: Unit, row_id: int, message_id: int | None) -> None:
    """Take a row out that was sent; its slot, if any, now shows `message_id`."""
    if message_id is not None:
        await unit.run(REMEMBER_SLOT, row_id, message_id)
    await unit.run(SENT, row_id)


async def sent_together(unit: Unit, sent_rows: Mapping[int, int | None]) -> None:
    """Take out rows that were sent, by id, as `sent` does each; in the order of their ids."""
    rows = sorted(sent_rows.items())
    if shown := [(row_id, message_id) for row_id, message_id in rows if message_id is not None]:
        await unit.run_many(REMEMBER_SLOT, shown)
    await unit.run_many(SENT, [(row_id,) for row_id, _ in rows])


async def put_off(unit: Unit, owner: str, row_id: int, until: datetime, reason: str) -> None:
    """Leave a row, and all behind it in its chat, until a moment; the lease ends.

    Nothing happens when the lease has gone over to somebody else.
    """
    await unit.run(PUT_OFF, row_id, owner, to_kept(until), reason)


async def put_back(unit: Unit, owner: str, row_id: int, until: datetime) -> None:
    """Leave a row until a moment as if it had never been handed out; the lease ends."""
    await unit.run(PUT_BACK, row_id, owner, to_kept(until))


async def give_up(unit: Unit, row_id: int, reason: str) -> None:
    """Stop trying to send a row; its text is cleared, the next in its chat may go."""
    await unit.run(GIVE_UP, row_id, reason)


async def forget_given_up(unit: Unit, before: datetime, limit: int) -> int:
    """Drop what was given up and put before a moment, at most `limit`; return how many."""
    return len(await unit.rows(FORGET_GIVEN_UP, to_kept(before), limit))


async def release(unit: Unit) -> None:
    """End all leases: for a process that begins where no other may send (`Store.alone`)."""
    await unit.run(RELEASE)


async def message_in(reading: Reading, contact_id: ContactId, slot: str) -> int | None:
    """Return the id of the newest message in a contact's slot, or None."""
    row = await reading.row(MESSAGE_IN, contact_id, slot)
    return row["message_id"] if row else None


async def forget_slot(unit: Unit, contact_id: ContactId, slot: str) -> None:
    """Forget what stood in a slot, because it is not there any more."""
    await unit.run(FORGET_SLOT, contact_id, slot)


async def forget_slots(
    unit: Unit, contact_id: ContactId, opening: str, *, refused_only: bool = False
) -> None:
    """Forget all slots that begin so, or those alone that Telegram refused to fill."""
    await unit.run(FORGET_SLOTS, contact_id, opening, len(opening), refused_only)


async def is_waiting(reading: Reading, contact_id: ContactId, slot: str) -> bool:
    """Tell whether something waits to be put into a slot."""
    return await reading.row(IS_WAITING, contact_id, slot) is not None


async def waiting(reading: Reading, contact_id: ContactId, at_most: int) -> int:
    """Count what waits for a contact, up to a number."""
    row = await reading.row(WAITING_FOR, contact_id, at_most)
    return int(row["count"]) if row else 0


async def forget_unasked(unit: Unit, contact_id: ContactId) -> None:
    """Drop what waits for a contact and is no reply."""
    await unit.run(FORGET_UNASKED, contact_id)


async def amend(unit: Unit, row_id: int, params: Mapping[str, Any]) -> None:
    """Give a row that waits other parameters."""
    await unit.run(AMEND, row_id, written(params))


async def any_due(
    reading: Reading,
    now: datetime,
    first: Priority,
    last: Priority,
    *,
    lapsed_too: bool = True,
) -> bool:
    """Tell whether `claim` would hand anything out."""
    what = _free(now, first, last, lapsed_too=lapsed_too)
    return await reading.row(ANY_DUE, *what) is not None


def _free(
    now: datetime, first: Priority, last: Priority, *, lapsed_too: bool
) -> tuple[int, int, int, int]:
    """Return what `DUE_HEADS` is asked with; a row that nobody holds has a lease until 0."""
    moment = to_kept(now)
    return moment, int(first), int(last), moment if lapsed_too else 0


async def waiting_at_most(reading: Reading, priority: Priority, at_most: int) -> int:
    """Count what waits of one urgency, no further than `at_most`."""
    row = await reading.row(WAITING_AT_MOST, int(priority), at_most)
    return int(row["count"]) if row else 0


async def depths(reading: Reading) -> dict[tuple[str, Priority], int]:
    """Count the rows by state (`waiting`, `given up`) and priority."""
    rows = await reading.rows(DEPTHS)
    return {(row["state"], Priority(row["priority"])): row["count"] for row in rows}


def written(params: Mapping[str, Any]) -> str:
    """Write a call's parameters as the outbox keeps them."""
    return to_json(params).decode()


def _outbox_row(row: Row) -> OutboxRow:
    return OutboxRow(
        id=row["id"],
        contact_id=row["contact_id"],
        chat_id=row["chat_id"],
        method=row["method"],
        params=json.loads(row["params"]),
        slot=row["slot"],
        priority=Priority(row["priority"]),
        attempts=row["attempts"],
        reason=row["reason"],
        message_id=row["message_id"],
        campaign_id=row["campaign_id"],
    )
