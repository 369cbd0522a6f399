"""The moderators' group of a programme, and the cards of cases in it.

The group is a contact like any other, so what is said there lies in the outbox in order; its topics
and cards are slots of it (`storage.outbox`). A card knows the case and nothing of who reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conversations.reviewing.cases import Case, ModeratorId
from conversations.sheets.flags import Severity
from storage import contacts, outbox
from storage.cases import case_of_row
from storage.contacts import ContactId
from storage.moments import to_kept
from storage.store import Reading, Row, Unit

LINK = """
    INSERT INTO groups (programme, contact_id, severity, is_forum, linked_by, linked_on)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (programme) DO UPDATE SET contact_id = excluded.contact_id,
        severity = excluded.severity, is_forum = excluded.is_forum,
        linked_by = excluded.linked_by, linked_on = excluded.linked_on
"""

OF = "SELECT * FROM groups WHERE programme = $1"

UNLINK = "DELETE FROM groups WHERE programme = $1"

MOVE = "UPDATE groups SET contact_id = $2 WHERE programme = $1"

FORGET_CARDS = "DELETE FROM cards WHERE programme = $1"

# Cases that belong before the group and have no card there, or one from before they were decided.
FRESH = """
    SELECT c.* FROM cases AS c
    WHERE c.programme = $1 AND c.state <> 'decided' AND c.severity >= $2
      AND NOT EXISTS (
          SELECT 1 FROM cards AS k WHERE k.instance_id = c.instance_id AND k.is_open)
    ORDER BY c.severity DESC, c.look_by_at, c.instance_id LIMIT $3
"""

# Cards that do not say any more how their case stands: it changed, or a claim ran out.
CHANGED = """
    SELECT k.id AS card_id, k.topic, k.says, c.* FROM cards AS k
    JOIN cases AS c ON c.instance_id = k.instance_id
    WHERE k.programme = $1 AND k.is_open
      AND (c.version <> k.version OR (k.held_until_at > 0 AND k.held_until_at <= $2))
    ORDER BY k.id LIMIT $3
"""

OPEN_CARDS = "SELECT count(*) AS count FROM cards WHERE programme = $1 AND is_open"

MAKE = """
    INSERT INTO cards (programme, instance_id, topic, version, held_until_at, is_open, says)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (instance_id) DO UPDATE SET topic = excluded.topic, version = excluded.version,
        held_until_at = excluded.held_until_at, is_open = excluded.is_open, says = excluded.says
    RETURNING id
"""

CARD = """
    SELECT k.id AS card_id, k.topic, k.says, c.* FROM cards AS k
    JOIN cases AS c ON c.instance_id = k.instance_id
    WHERE k.programme = $1 AND k.id = $2
"""


@dataclass(frozen=True, slots=True)
class Group:
    """A programme's group: cases at least as grave as `severity` have cards there."""

    contact_id: ContactId
    severity: Severity
    is_forum: bool
    linked_by: ModeratorId


@dataclass(frozen=True, slots=True)
class Card:
    """A card with the case as it stands; `topic` names where it was put.

    `says` marks what the card says, so that a change nobody sees costs no call.
    """

    id: int
    topic: str
    case: Case
    says: str = ""


async def link(unit: Unit, programme: str, group: Group, now: datetime) -> None:
    """Make a chat the programme's group; cards of another one before it are forgotten."""
    known = await of(unit, programme)
    if known is not None and known.contact_id != group.contact_id:
        await unit.run(FORGET_CARDS, programme)
    values = (group.contact_id, int(group.severity), group.is_forum, group.linked_by)
    await unit.run(LINK, programme, *values, now.date().isoformat())


async def of(reading: Reading, programme: str) -> Group | None:
    """Return the programme's group."""
    row = await reading.row(OF, programme)
    if row is None:
        return None
    told = (row["contact_id"], Severity(row["severity"]), bool(row["is_forum"]))
    return Group(*told, ModeratorId(row["linked_by"]))


async def unlink(unit: Unit, programme: str) -> None:
    """Let the programme have no group."""
    await unit.run(FORGET_CARDS, programme)
    await unit.run(UNLINK, programme)


async def follow_move(unit: Unit, programme: str, old_chat_id: int, new_chat_id: int) -> None:
    """Follow a chat that is another one now; the cards of a group are put there anew."""
    group, old = await of(unit, programme), await contacts.by_chat(unit, old_chat_id)
    await contacts.move(unit, old_chat_id, new_chat_id)
    new = await contacts.by_chat(unit, new_chat_id)
    if group is not None and old is not None and new is not None and group.contact_id == old.id:
        await outbox.forget_unasked(unit, new.id)
        await unit.run(FORGET_CARDS, programme)
        await unit.run(MOVE, programme, new.id)


async def fresh(
    reading: Reading, programme: str, severity: Severity, at_most: int
) -> Sequence[Case]:
    """Return cases that want a card, the gravest first."""
    rows = await reading.rows(FRESH, programme, int(severity), at_most)
    return [case_of_row(row) for row in rows]


async def changed(reading: Reading, programme: str, now: datetime, at_most: int) -> Sequence[Card]:
    """Return cards whose case stands otherwise than they say."""
    return [_card(row) for row in await reading.rows(CHANGED, programme, to_kept(now), at_most)]


async def open_cards(reading: Reading, programme: str) -> int:
    """Count the cards whose case is not decided."""
    row = await reading.row(OPEN_CARDS, programme)
    return int(row["count"]) if row else 0


async def keep_card(  # noqa: PLR0913, PLR0917 - what a card says of which case, where, when.
    unit: Unit, programme: str, case: Case, topic: str, now: datetime, says: str = ""
) -> int:
    """Note what a case's card says now; return its number."""
    claimed = case.claimed_until if case.holder(now) else None
    held = to_kept(claimed) if claimed else 0
    values = (topic, case.version, held, case.state != "decided", says)
    row = await unit.row(MAKE, programme, case.instance_id, *values)
    assert row is not None, "an upsert returns its row"  # noqa: S101  # Ours, never the user's.
    return int(row["id"])


async def card(reading: Reading, programme: str, card_id: int) -> Card | None:
    """Return a card by its number."""
    row = await reading.row(CARD, programme, card_id)
    return _card(row) if row else None


def _card(row: Row) -> Card:
    return Card(row["card_id"], row["topic"], case_of_row(row), row["says"])
