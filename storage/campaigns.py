"""Campaigns: one message to many people, put into the outbox a page at a time.

Rules. A campaign goes through the contacts by id. How far it has come stands in its own row, and
moves in the transaction that puts the messages: so everybody is met once, over a crash or two
workers. Whose hour has not come, or who is in the middle of a report, waits in `campaign_waits` and
leaves it in the transaction that puts their message. One recipient's message is one row of the
outbox, which carries the campaign's number, for what became of it is counted there. These tables
stand in the world of contacts and keep of a person only that their turn is to come, or that they
have opened the form; that goes when they answer it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from conversations.campaigning.draft import Draft
from conversations.campaigning.standing import RESULT, Act, Campaign, Figures, Plan, State
from storage.contacts import ContactId
from storage.moments import from_kept, to_kept
from storage.outbox import Call, Priority, written
from storage.store import Reading, Row, Unit

DRAFT = "SELECT body FROM campaign_drafts WHERE programme = $1 AND contact_id = $2"

KEEP_DRAFT = """
    INSERT INTO campaign_drafts (programme, contact_id, body) VALUES ($1, $2, $3)
    ON CONFLICT (programme, contact_id) DO UPDATE SET body = excluded.body
"""

DROP_DRAFT = "DELETE FROM campaign_drafts WHERE programme = $1 AND contact_id = $2"

BEGIN = """
    INSERT INTO campaigns (programme, contact_id, dedupe, title, body, state, reason, start_at,
                           per_second, next_at, reached, listed, counted, put, sent, blocked,
                           failed, left_out, opened, answered)
    VALUES ($1, $2, $3, $4, $5, 'scheduled', '', $6, $7, $6, -1, $8, $9, 0, 0, 0, 0, 0, 0, 0)
    ON CONFLICT (programme, dedupe) DO NOTHING
    RETURNING id
"""

KNOWN = "SELECT id FROM campaigns WHERE programme = $1 AND dedupe = $2"

_ALL = """*,
    (SELECT count(*) FROM campaign_waits WHERE campaign_id = campaigns.id) AS waiting"""

NEWEST = f"SELECT {_ALL} FROM campaigns WHERE programme = $1 ORDER BY id DESC LIMIT $2"  # noqa: S608

OF = f"SELECT {_ALL} FROM campaigns WHERE programme = $1 AND id = $2"  # noqa: S608

ANY_DUE = """
    SELECT id FROM campaigns
    WHERE programme = $1 AND state IN ('scheduled', 'running') AND next_at <= $2
    ORDER BY next_at, id
"""

START = """
    UPDATE campaigns SET state = 'running'
    WHERE id = $1 AND state = 'scheduled' AND next_at <= $2
    RETURNING id
"""

CHANGE = """
    UPDATE campaigns SET state = $3, reason = $4
    WHERE id = $1 AND state = $2
    RETURNING id
"""

# The condition is the lock: of two who have looked at one page, the second comes too late.
ADVANCE = """
    UPDATE campaigns SET reached = $3, listed = $4, next_at = $5, left_out = left_out + $6
    WHERE id = $1 AND reached = $2 AND state = 'running'
    RETURNING id
"""

HOLD = """
    UPDATE campaigns SET next_at = $2, left_out = left_out + $3 WHERE id = $1 AND state = 'running'
    RETURNING id
"""

REVISE = "UPDATE campaigns SET body = $2 WHERE id = $1"

BELONG = "UPDATE campaigns SET contact_id = $2 WHERE id = $1"

REST = "UPDATE campaigns SET next_at = $2 WHERE id = $1"

PUT = """
    INSERT INTO outbox
        (contact_id, method, params, slot, priority, state, due_at, leased_until_at, attempts,
         reason, put_at, campaign_id)
    SELECT id, $1, $2, '', {priority}, 'waiting', $3, 0, 0, '', $3, $4 FROM contacts
    WHERE state = 'active' AND id IN ({marks})
    RETURNING contact_id
"""

COUNT_PUT = "UPDATE campaigns SET put = put + $2 WHERE id = $1"

WAIT = """
    INSERT INTO campaign_waits (campaign_id, contact_id, due_at)
    SELECT $1, id, $3 FROM contacts WHERE id = $2 AND state = 'active'
    ON CONFLICT (campaign_id, contact_id) DO UPDATE SET due_at = excluded.due_at
"""

WAITING = """
    SELECT contacts.id, contacts.chat_id, contacts.language
    FROM campaign_waits JOIN contacts ON contacts.id = campaign_waits.contact_id
    WHERE campaign_waits.campaign_id = $1 AND campaign_waits.due_at <= $2
    ORDER BY campaign_waits.due_at, contacts.id LIMIT $3
"""

NEXT_WAIT = "SELECT min(due_at) AS due_at FROM campaign_waits WHERE campaign_id = $1"

TAKE_WAITING = """
    DELETE FROM campaign_waits WHERE campaign_id = $1 AND contact_id IN ({marks})
    RETURNING contact_id
"""

BACKLOG = """
    SELECT count(*) AS count FROM outbox WHERE campaign_id = $1 AND state = 'waiting'
"""

ALL_BACKLOG = """
    SELECT count(*) AS count FROM outbox WHERE campaign_id <> 0 AND state = 'waiting'
"""

# What is under way, or may have been sent before, is let go its way.
WITHDRAW = """
    DELETE FROM outbox
    WHERE campaign_id = $1 AND state = 'waiting' AND leased_until_at <= $2 AND attempts = 0
    RETURNING contact_id
"""

WITHDRAWN = "UPDATE campaigns SET put = put - $2, left_out = left_out + $3 WHERE id = $1"

FORGET_WAITS = "DELETE FROM campaign_waits WHERE campaign_id = $1 RETURNING contact_id"

COUNT_SENT = "UPDATE campaigns SET sent = sent + $2 WHERE id = $1"

COUNT_FAILED = "UPDATE campaigns SET failed = failed + 1 WHERE id = $1"

OPENED = """
    INSERT INTO campaign_taps (contact_id, campaign_id, form_id)
    SELECT $1, id, $4 FROM campaigns WHERE id = $2 AND programme = $3
    ON CONFLICT (contact_id, campaign_id) DO NOTHING
    RETURNING campaign_id
"""

COUNT_OPENED = "UPDATE campaigns SET opened = opened + 1 WHERE id = $1"

ANSWERED = """
    DELETE FROM campaign_taps WHERE contact_id = $1 AND form_id = $2 RETURNING campaign_id
"""

COUNT_ANSWERED = "UPDATE campaigns SET answered = answered + 1 WHERE id = $1"

AUTOMATIC: Final = "auto:"
"""Opens the dedupe key of a campaign that the bot itself sends."""

Id = TypeVar("Id")

PAGE_MAX: Final = 100
"""People who are looked at together; a statement names so many, whoever is there."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign has come: through the contacts up to `after`, to the end if `listed`."""

    after: int
    listed: bool


def marks(first: int) -> str:
    """Return a page of placeholders, from `$first` on.

    >>> marks(3)[:10]
    '$3, $4, $5'
    """
    return ", ".join(f"${number}" for number in range(first, first + PAGE_MAX))


def padded(ids: Sequence[Id]) -> list[Id]:
    """Fill a page with its last value, so that a statement is the same for every page."""
    return [*ids, *([ids[-1]] * (PAGE_MAX - len(ids)))]


_PUT = PUT.format(priority=int(Priority.CAMPAIGN), marks=marks(5))
_TAKE_WAITING = TAKE_WAITING.format(marks=marks(2))

# Drafts


async def draft(reading: Reading, programme: str, contact_id: ContactId) -> Draft | None:
    """Return the campaign a coordinator is writing, or None."""
    row = await reading.row(DRAFT, programme, contact_id)
    return Draft.from_json(row["body"]) if row else None


async def keep_draft(unit: Unit, programme: str, contact_id: ContactId, kept: Draft | None) -> None:
    """Keep where a coordinator stands with a campaign; None throws it away."""
    if kept is None:
        await unit.run(DROP_DRAFT, programme, contact_id)
    else:
        await unit.run(KEEP_DRAFT, programme, contact_id, kept.to_json())


# A campaign


async def begin(  # noqa: PLR0913 - one parameter a column.
    unit: Unit,
    programme: str,
    plan: Plan,
    *,
    dedupe: str,
    title: str,
    start_at: datetime,
    per_second: int,
    author: ContactId | None = None,
    counted: int = 0,
) -> bool:
    """Let a campaign go at a moment; False where one of this `dedupe` key did before."""
    about = (programme, author, dedupe, title, plan.to_json())
    row = await unit.row(BEGIN, *about, to_kept(start_at), per_second, False, counted)  # noqa: FBT003
    return row is not None


async def is_known(reading: Reading, programme: str, dedupe: str) -> bool:
    """Tell whether there is a campaign of a dedupe key."""
    return await reading.row(KNOWN, programme, dedupe) is not None


async def newest(reading: Reading, programme: str, at_most: int) -> tuple[Campaign, ...]:
    """List a programme's campaigns, the newest first."""
    rows = await reading.rows(NEWEST, programme, at_most)
    return tuple(_campaign(row) for row in rows)


async def of(reading: Reading, programme: str, number: int) -> Campaign | None:
    """Return a campaign by its number."""
    row = await reading.row(OF, programme, number)
    return _campaign(row) if row else None


async def progress(reading: Reading, programme: str, number: int) -> Progress:
    """Tell how far a campaign has come."""
    row = await reading.row(OF, programme, number)
    assert row is not None, "a campaign is never erased"  # noqa: S101 - ours, never the user's.
    return Progress(row["reached"], bool(row["listed"]))


async def due(reading: Reading, programme: str, now: datetime) -> tuple[int, ...]:
    """List the campaigns that may put messages now, by number."""
    return tuple(row["id"] for row in await reading.rows(ANY_DUE, programme, to_kept(now)))


async def start(unit: Unit, number: int, now: datetime) -> bool:
    """Let a planned campaign begin; False where it has, or waits."""
    return await unit.row(START, number, to_kept(now)) is not None


async def become(unit: Unit, number: int, before: State, after: State, reason: str = "") -> bool:
    """Change a campaign's state; False where it is another than `before`."""
    return await unit.row(CHANGE, number, before, after, reason) is not None


async def act(unit: Unit, campaign: Campaign, deed: Act, now: datetime) -> bool:
    """Pause, resume or cancel a campaign; False where somebody was quicker."""
    if not await become(unit, campaign.id, campaign.state, RESULT[deed]):
        return False
    match deed:
        case "pause":
            await withdraw(unit, campaign.id, now)
        case "cancel":
            left = len(await unit.rows(FORGET_WAITS, campaign.id))
            rows = await unit.rows(WITHDRAW, campaign.id, to_kept(now))
            await unit.run(WITHDRAWN, campaign.id, len(rows), left + len(rows))
        case "resume":
            await unit.run(REST, campaign.id, to_kept(max(now, campaign.start_at)))
    return True


async def revise(unit: Unit, number: int, plan: Plan) -> None:
    """Let what a campaign has not put yet say something else: a figure in it was corrected."""
    await unit.run(REVISE, number, plan.to_json())


async def belong_to(unit: Unit, number: int, contact_id: ContactId) -> None:
    """Let whoever resumes a campaign answer for it from now on."""
    await unit.run(BELONG, number, contact_id)


async def withdraw(unit: Unit, number: int, now: datetime) -> None:
    """Take back what lies in the outbox, for those people to wait."""
    rows = await unit.rows(WITHDRAW, number, to_kept(now))
    due_at = to_kept(now)
    await unit.run_many(WAIT, [(number, row["contact_id"], due_at) for row in rows])
    await unit.run(WITHDRAWN, number, len(rows), 0)


# Its pages


async def advance(  # noqa: PLR0913 - from where to where, and when to go on.
    unit: Unit, number: int, before: int, after: int, next_at: datetime, *,
    listed: bool, left_out: int
) -> bool:  # fmt: skip
    """Go on through the contacts; False where another has, or the campaign does not run."""
    moved = (number, before, after, listed, to_kept(next_at), left_out)
    return await unit.row(ADVANCE, *moved) is not None


async def take_waiting(
    unit: Unit, number: int, ids: Sequence[ContactId], next_at: datetime, left_out: int
) -> frozenset[ContactId]:
    """Take people whose hour has come out of those who wait; return those who still did."""
    if await unit.row(HOLD, number, to_kept(next_at), left_out) is None:
        return frozenset()
    rows = await unit.rows(_TAKE_WAITING, number, *padded(ids))
    return frozenset(ContactId(row["contact_id"]) for row in rows)


async def put(unit: Unit, number: int, call: Call, ids: Sequence[ContactId], now: datetime) -> int:
    """Put one message for a page of people into the outbox; return how many are there for it."""
    put_at = to_kept(now.replace(second=0, microsecond=0))
    rows = await unit.rows(_PUT, call.method, written(call.params), put_at, number, *padded(ids))
    await unit.run(COUNT_PUT, number, len(rows))
    return len(rows)


async def let_wait(unit: Unit, number: int, people: Mapping[ContactId, datetime]) -> None:
    """Let people wait until their hour comes; only the minute is kept."""
    minutes = {one: at.replace(second=0, microsecond=0) for one, at in people.items()}
    await unit.run_many(WAIT, [(number, one, to_kept(at)) for one, at in sorted(minutes.items())])


async def waiting(
    reading: Reading, number: int, now: datetime, at_most: int
) -> tuple[tuple[ContactId, int, str], ...]:
    """List people whose hour has come: contact, chat and language."""
    rows = await reading.rows(WAITING, number, to_kept(now), at_most)
    return tuple((ContactId(row["id"]), row["chat_id"], row["language"]) for row in rows)


async def next_wait(reading: Reading, number: int) -> datetime | None:
    """Return when the first of those who wait has their hour; None where nobody waits."""
    row = await reading.row(NEXT_WAIT, number)
    return from_kept(row["due_at"]) if row and row["due_at"] is not None else None


async def rest(unit: Unit, number: int, until: datetime) -> None:
    """Leave a campaign until a moment."""
    await unit.run(REST, number, to_kept(until))


async def backlog(reading: Reading, number: int | None = None) -> int:
    """Count what lies in the outbox, of one campaign or of all."""
    row = await (reading.row(BACKLOG, number) if number else reading.row(ALL_BACKLOG))
    return int(row["count"]) if row else 0


# What becomes of it


async def count_sent(unit: Unit, sent: Mapping[int, int]) -> None:
    """Count messages that were sent, by campaign."""
    await unit.run_many(COUNT_SENT, sorted(sent.items()))


async def count_failed(unit: Unit, number: int) -> None:
    """Count a message that was given up."""
    await unit.run(COUNT_FAILED, number)


async def note_opened(
    unit: Unit, programme: str, number: int, contact_id: ContactId, form_id: str
) -> None:
    """Note that somebody opened a campaign's form, until they have answered it."""
    if await unit.row(OPENED, contact_id, number, programme, form_id) is not None:
        await unit.run(COUNT_OPENED, number)


async def note_answered(unit: Unit, contact_id: ContactId, form_id: str) -> None:
    """Count an answer for the campaigns whose form somebody opened, and forget that they did."""
    rows = await unit.rows(ANSWERED, contact_id, form_id)
    await unit.run_many(COUNT_ANSWERED, [(row["campaign_id"],) for row in rows])


def _campaign(row: Row) -> Campaign:
    figures = Figures(
        *(row["counted"], row["put"], row["sent"], row["blocked"], row["failed"]),
        *(row["waiting"], row["left_out"], row["opened"], row["answered"]),
    )
    return Campaign(
        *(row["id"], row["title"], Plan.from_json(row["body"]), row["state"]),
        *(from_kept(row["start_at"]), row["per_second"], figures),
        *(row["contact_id"] or 0, row["reason"], row["dedupe"].startswith(AUTOMATIC)),
    )
