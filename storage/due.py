"""What comes back later: follow-ups, reminders, expiries, clarifications, validation questions.

A row is something to be put to one reporter at one moment, or to be done about their session.
Rules. A row has a dedupe key, so planning the same twice plans it once. It carries the moment in
UTC, which is what is searched, and beside it the zone and the wall time it came of, so that a
change of the zone's rules or of the person's zone can work it out anew. A row handed out carries a
short lease in its owner's name; when the lease runs out the row comes back, and whoever held it
before has no say in it any more. What is settled stays, with what became of it: caps and response
rates are counted from it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row, Unit

DueState: TypeAlias = Literal["waiting", "asked", "answered", "done", "cancelled", "dropped"]
"""`asked` was put to the person and awaits an answer; the last four are ends."""

_ALL = """id, programme, reporter, kind, name, subject, number, due_at, zone, wall, dedupe, state,
    reason, body, attempts, settled_at, root, asked_at"""

PLAN = """
    INSERT INTO due (programme, reporter, kind, name, subject, number, due_at, zone, wall, dedupe,
                     state, reason, body, leased_until_at, leased_by, attempts, settled_at, root,
                     asked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', '', $11, 0, '', 0, 0, $12, 0)
    ON CONFLICT (dedupe) DO NOTHING
"""

# What waits is moved, what a change of the report took away comes back; all else stays as it is.
REPLAN = PLAN.replace(
    "DO NOTHING",
    """DO UPDATE SET
        due_at = excluded.due_at, zone = excluded.zone, wall = excluded.wall, body = excluded.body,
        state = 'waiting', reason = '', leased_until_at = 0, leased_by = '', settled_at = 0
    WHERE due.state = 'waiting' OR (due.state = 'cancelled' AND due.reason = 'changed')""",
)

CLAIM = f"""
    UPDATE due SET leased_until_at = $3, leased_by = $4, attempts = attempts + 1
    WHERE id IN (
        SELECT id FROM due
        WHERE state = 'waiting' AND due_at <= $1 AND leased_until_at <= $2
        ORDER BY due_at, id LIMIT $5
        /* PostgreSQL: FOR UPDATE SKIP LOCKED */)
      AND leased_until_at <= $2
    RETURNING {_ALL}
"""  # noqa: S608 - put together from our own words.

CLAIM_KIND = CLAIM.replace("WHERE state = 'waiting'", "WHERE state = 'waiting' AND kind = $6")

# Whoever lost the lease has no say.
SETTLE = """
    UPDATE due SET state = $3, reason = $4, settled_at = $5, leased_until_at = 0, leased_by = '',
                   asked_at = CASE WHEN $3 = 'asked' THEN $5 ELSE asked_at END
    WHERE id = $1 AND leased_by = $2 AND state = 'waiting'
    RETURNING id
"""

PUT_OFF = """
    UPDATE due SET due_at = $3, reason = $4, leased_until_at = 0, leased_by = ''
    WHERE id = $1 AND leased_by = $2 AND state = 'waiting'
    RETURNING id
"""

MOVE = """
    UPDATE due SET due_at = $2, zone = $3, wall = $4, leased_until_at = 0, leased_by = ''
    WHERE dedupe = $1 AND state = 'waiting'
    RETURNING id
"""

WAIT_AGAIN = """
    UPDATE due SET state = 'waiting', due_at = $2, reason = $3, settled_at = 0,
                   leased_until_at = 0, leased_by = ''
    WHERE id = $1 AND state = 'asked'
"""

# Caps count how often somebody was written to, also where they put it off and it is asked again.
REMEMBER_ASKED = """
    INSERT INTO due (programme, reporter, kind, name, subject, number, due_at, zone, wall, dedupe,
                     state, reason, body, leased_until_at, leased_by, attempts, settled_at, root,
                     asked_at)
    SELECT programme, reporter, 'postponed', name, '', number, due_at, zone, '',
           dedupe || ':' || asked_at, 'done', $2, '{}', 0, '', 0, asked_at, '', asked_at
    FROM due WHERE id = $1 AND state = 'asked' AND asked_at > 0
    ON CONFLICT (dedupe) DO NOTHING
"""

FORGET_ABOUT = "DELETE FROM due WHERE subject = $1 AND kind = $2 AND state = 'waiting'"

REVIVE = """
    UPDATE due SET state = 'waiting', reason = '', settled_at = 0
    WHERE root = $1 AND state = 'cancelled' AND reason = $2 AND asked_at = 0 AND due_at > $3
    RETURNING id
"""

NOTE = "UPDATE due SET body = $2 WHERE id = $1"

BECOME = "UPDATE due SET state = $2, reason = $3, settled_at = $4 WHERE id = $1"

CANCEL = """
    UPDATE due SET state = 'cancelled', reason = $2, settled_at = $3, leased_until_at = 0,
                   leased_by = ''
    WHERE id = $1 AND state = 'waiting'
"""

CANCEL_SUBJECT = """
    UPDATE due SET state = 'cancelled', reason = $3, settled_at = $4, leased_until_at = 0,
                   leased_by = ''
    WHERE subject = $1 AND state = 'waiting' AND ($2 = '' OR kind = $2)
    RETURNING id
"""

CANCEL_REPORTER = """
    UPDATE due SET state = 'cancelled', reason = $3, settled_at = $4, leased_until_at = 0,
                   leased_by = ''
    WHERE reporter = $1 AND state = 'waiting' AND ($2 = '' OR kind = $2)
    RETURNING id
"""

CANCEL_ROOT = """
    UPDATE due SET state = 'cancelled', reason = $2, settled_at = $3, leased_until_at = 0,
                   leased_by = ''
    WHERE root = $1 AND state IN ('waiting', 'asked')
      AND kind IN ('followup', 'reminder', 'closing')
    RETURNING id
"""

BY_ID = f"SELECT {_ALL} FROM due WHERE id = $1"  # noqa: S608 - our own words.

BY_DEDUPE = f"SELECT {_ALL} FROM due WHERE dedupe = $1"  # noqa: S608 - as above.

COUNT_ASKED = """
    SELECT count(*) AS count FROM due WHERE root = $1 AND kind = $2 AND name = $3 AND asked_at > 0
"""

WAITING_IN = """
    SELECT count(*) AS count FROM due
    WHERE root = $1 AND kind = 'followup' AND state = 'waiting'
"""

ALARMED = """
    SELECT id FROM due WHERE root = $1 AND kind = 'alarm' AND state IN ('waiting', 'asked') LIMIT 1
"""

# Somebody must decide, or has decided, or the person has asked to be left alone about it.
SILENCED = """
    SELECT id FROM due
    WHERE root = $1 AND (
        (kind = 'alarm' AND (state IN ('waiting', 'asked') OR reason = 'left'))
        OR (kind = 'followup' AND reason IN ('stopped', 'withdrawn')))
    LIMIT 1
"""

# Everything due of one person, whoever claimed it; what another holds is not among it.
OF_PERSON = f"""
    SELECT {_ALL} FROM due
    WHERE reporter = $1 AND state = 'waiting' AND due_at <= $2
      AND (leased_until_at <= $2 OR leased_by = $3)
    ORDER BY due_at, id LIMIT $4
"""  # noqa: S608 - as above.

HOLD = """
    UPDATE due SET leased_until_at = $3, leased_by = $2, attempts = attempts + 1
    WHERE id = $1 AND state = 'waiting' AND (leased_until_at <= $4 OR leased_by = $2)
    RETURNING id
"""

ASKED_TIMES = """
    SELECT DISTINCT asked_at FROM due WHERE reporter = $1 AND asked_at > $2 ORDER BY asked_at
"""

OF_SUBJECT = f"SELECT {_ALL} FROM due WHERE subject = $1 ORDER BY due_at, id"  # noqa: S608

OF_REPORTER = f"""
    SELECT {_ALL} FROM due WHERE reporter = $1 AND state = $2 ORDER BY due_at, id LIMIT $3
"""  # noqa: S608

ANSWERED_LAST = f"""
    SELECT {_ALL} FROM due WHERE reporter = $1 AND state = 'answered' AND kind = $2
    ORDER BY id DESC LIMIT $3
"""  # noqa: S608

ASKED_SINCE = """
    SELECT count(DISTINCT asked_at) AS count FROM due WHERE reporter = $1 AND asked_at >= $2
"""

NEXT = "SELECT due_at FROM due WHERE state = 'waiting' ORDER BY due_at LIMIT 1"

AHEAD = """
    SELECT kind, name, count(*) AS count, min(due_at) AS first_at FROM due
    WHERE programme = $1 AND state = 'waiting' AND due_at < $2
    GROUP BY kind, name ORDER BY min(due_at), kind, name
"""

BECAME = """
    SELECT kind, name, state, count(*) AS count FROM due
    WHERE programme = $1 AND settled_at >= $2 AND state <> 'waiting'
    GROUP BY kind, name, state ORDER BY kind, name, state
"""

FORGET_SETTLED = """
    DELETE FROM due WHERE id IN (
        SELECT id FROM due WHERE state <> 'waiting' AND settled_at < $1 LIMIT $2)
    RETURNING id
"""


CLARIFICATION: Final = "clarification"
UNANSWERED: Final = "unanswered"
"""Kinds: a moderator's question is brought to mind; its case waits for an answer no more."""


@dataclass(frozen=True, slots=True)
class Planned:
    """Something to come back to.

    `kind` says what (`followup`, `reminder`, `expiry`, `clarification`, `validation`, `alert`, …),
    `name` which row of a sheet asked for it, `subject` what it is about (an instance id or a
    session's key), `number` how many of the same came before. `wall` is the local time in `zone`
    that `due_at` came of, as ISO 8601 without an offset. `dedupe` names it among all there are.
    """

    programme: str
    reporter: Reporter
    kind: str
    name: str
    subject: str
    due_at: datetime
    zone: str
    wall: str
    dedupe: str
    number: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)
    root: str = ""
    """The report with which a chain of follow-ups began."""


@dataclass(frozen=True, slots=True)
class Due:
    """A planned thing as it is kept."""

    id: int
    planned: Planned
    state: DueState
    reason: str
    attempts: int
    settled_at: datetime | None
    asked_at: datetime | None = None
    """When it was put to the person; what was put to them at once has one moment."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many of one kind and name come until a moment, and when the first does."""

    kind: str
    name: str
    count: int
    first_at: datetime


async def plan(unit: Unit, many: Sequence[Planned]) -> None:
    """Plan things; one whose dedupe key is known stays as it is."""
    await unit.run_many(PLAN, [_values(one) for one in many])


async def replan(unit: Unit, many: Sequence[Planned]) -> None:
    """Plan things, or move what waits under their dedupe keys to when they are due now."""
    await unit.run_many(REPLAN, [_values(one) for one in many])


async def claim(  # noqa: PLR0913, PLR0917 - who takes how much of what, and for how long.
    unit: Unit, owner: str, now: datetime, seconds: float, at_most: int, kind: str = ""
) -> tuple[Due, ...]:
    """Hand out what is due, the longest due first, leased to `owner` for so many seconds.

    Only of one kind, where one is named.
    """
    until = to_kept(now + timedelta(seconds=seconds))
    what = (to_kept(now), to_kept(now), until, owner, at_most)
    rows = await (unit.rows(CLAIM_KIND, *what, kind) if kind else unit.rows(CLAIM, *what))
    return tuple(sorted(map(_due, rows), key=lambda due: (due.planned.due_at, due.id)))


async def settle(  # noqa: PLR0913, PLR0917 - which, whose, what became of it, when and why.
    unit: Unit, due_id: int, owner: str, state: DueState, now: datetime, reason: str = ""
) -> bool:
    """Say what became of a row one holds; False where the lease was lost."""
    return await unit.row(SETTLE, due_id, owner, state, reason, to_kept(now)) is not None


async def put_off(unit: Unit, due_id: int, owner: str, until: datetime, reason: str) -> bool:
    """Let a row one holds wait until a moment; False where the lease was lost."""
    return await unit.row(PUT_OFF, due_id, owner, to_kept(until), reason) is not None


async def move(unit: Unit, dedupe: str, due_at: datetime, zone: str, wall: str) -> bool:
    """Move what waits under a dedupe key; False where nothing waits under it."""
    return await unit.row(MOVE, dedupe, to_kept(due_at), zone, wall) is not None


async def wait_again(unit: Unit, due_id: int, until: datetime, reason: str) -> None:
    """Let what was asked, and not answered, be asked again at a later moment."""
    await unit.run(REMEMBER_ASKED, due_id, reason)
    await unit.run(WAIT_AGAIN, due_id, to_kept(until), reason)


async def forget_about(unit: Unit, subject: str, kind: str) -> None:
    """Forget what waits about a subject, where nobody need know that it was planned."""
    await unit.run(FORGET_ABOUT, subject, kind)


async def revive(unit: Unit, root: str, reason: str, after: datetime) -> int:
    """Plan what of a chain was cancelled for a reason and was due later; return how many."""
    return len(await unit.rows(REVIVE, root, reason, to_kept(after)))


async def note(unit: Unit, due_id: int, body: Mapping[str, Any]) -> None:
    """Keep more about a row, such as the language in which it was asked."""
    await unit.run(NOTE, due_id, json.dumps(body))


async def cancel(unit: Unit, due_id: int, now: datetime, reason: str) -> None:
    """Cancel a row, whoever holds it."""
    await unit.run(CANCEL, due_id, reason, to_kept(now))


async def become(unit: Unit, due_id: int, state: DueState, now: datetime, reason: str = "") -> None:
    """Say what became of a row that was asked, such as `answered`."""
    await unit.run(BECOME, due_id, state, reason, to_kept(now))


async def cancel_about(unit: Unit, subject: str, now: datetime, reason: str, kind: str = "") -> int:
    """Cancel what waits about a subject, of one kind or of all; return how many."""
    return len(await unit.rows(CANCEL_SUBJECT, subject, kind, reason, to_kept(now)))


async def cancel_for(
    unit: Unit, reporter: Reporter, now: datetime, reason: str, kind: str = ""
) -> int:
    """Cancel what waits for a reporter, of one kind or of all; return how many."""
    return len(await unit.rows(CANCEL_REPORTER, reporter, kind, reason, to_kept(now)))


async def cancel_chain(unit: Unit, root: str, now: datetime, reason: str) -> int:
    """Cancel all that waits or is asked in a chain of follow-ups; return how many."""
    return len(await unit.rows(CANCEL_ROOT, root, reason, to_kept(now)))


async def by_id(reading: Reading, due_id: int) -> Due | None:
    """Return one row, None where it was forgotten."""
    row = await reading.row(BY_ID, due_id)
    return _due(row) if row else None


async def by_dedupe(reading: Reading, dedupe: str) -> Due | None:
    """Return the row with a dedupe key, or None."""
    row = await reading.row(BY_DEDUPE, dedupe)
    return _due(row) if row else None


async def answered_last(
    reading: Reading, reporter: Reporter, kind: str, at_most: int
) -> tuple[Due, ...]:
    """Return what a reporter answered of one kind, what was planned last first."""
    rows = await reading.rows(ANSWERED_LAST, reporter, kind, at_most)
    return tuple(map(_due, rows))


async def count_asked(reading: Reading, root: str, kind: str, name: str) -> int:
    """Count how often something was asked in a whole chain."""
    row = await reading.row(COUNT_ASKED, root, kind, name)
    return int(row["count"]) if row else 0


async def count_waiting(reading: Reading, root: str) -> int:
    """Count the questions of a chain that are planned and not asked yet."""
    row = await reading.row(WAITING_IN, root)
    return int(row["count"]) if row else 0


async def is_alarmed(reading: Reading, root: str) -> bool:
    """Tell whether something in a chain waits for a person to decide, so that nothing is asked."""
    return await reading.row(ALARMED, root) is not None


async def is_silenced(reading: Reading, root: str) -> bool:
    """Tell whether nothing new may be planned in a chain: by an alarm, or the person's wish."""
    return await reading.row(SILENCED, root) is not None


async def of_person(
    reading: Reading, reporter: Reporter, now: datetime, owner: str, at_most: int
) -> tuple[Due, ...]:
    """List what is due of one person, but for what others hold, the longest due first."""
    rows = await reading.rows(OF_PERSON, reporter, to_kept(now), owner, at_most)
    return tuple(map(_due, rows))


async def hold(unit: Unit, due_id: int, owner: str, now: datetime, until: datetime) -> bool:
    """Hold a row that `of_person` listed, within the same unit; False where another was quicker."""
    held = await unit.row(HOLD, due_id, owner, to_kept(until), to_kept(now))
    return held is not None


async def asked_times(
    reading: Reading, reporter: Reporter, since: datetime
) -> tuple[datetime, ...]:
    """List the moments after `since` at which something was put to a reporter."""
    rows = await reading.rows(ASKED_TIMES, reporter, to_kept(since))
    return tuple(from_kept(row["asked_at"]) for row in rows)


async def about(reading: Reading, subject: str) -> tuple[Due, ...]:
    """List everything about a subject, in the order of its moments."""
    return tuple(map(_due, await reading.rows(OF_SUBJECT, subject)))


async def of_reporter(
    reading: Reading, reporter: Reporter, state: DueState, at_most: int
) -> tuple[Due, ...]:
    """List what stands in one state for a reporter, the first due first."""
    return tuple(map(_due, await reading.rows(OF_REPORTER, reporter, state, at_most)))


async def asked_since(reading: Reading, reporter: Reporter, since: datetime) -> int:
    """Count how often a reporter was asked since a moment; what came at once counts once."""
    row = await reading.row(ASKED_SINCE, reporter, to_kept(since))
    return row["count"] if row else 0


async def next_at(reading: Reading) -> datetime | None:
    """Return when the next row is due; None where nothing waits."""
    row = await reading.row(NEXT)
    return from_kept(row["due_at"]) if row else None


async def ahead(reading: Reading, programme: str, until: datetime) -> tuple[Ahead, ...]:
    """Count what comes until a moment, by kind and name, the soonest first."""
    rows = await reading.rows(AHEAD, programme, to_kept(until))
    return tuple(
        Ahead(row["kind"], row["name"], row["count"], from_kept(row["first_at"])) for row in rows
    )


async def became(
    reading: Reading, programme: str, since: datetime
) -> Mapping[tuple[str, str], Mapping[DueState, int]]:
    """Count what became of rows settled since a moment, by kind and name."""
    counts: dict[tuple[str, str], dict[DueState, int]] = {}
    for row in await reading.rows(BECAME, programme, to_kept(since)):
        counts.setdefault((row["kind"], row["name"]), {})[row["state"]] = row["count"]
    return counts


async def forget_settled(unit: Unit, before: datetime, at_most: int) -> int:
    """Forget what was settled before a moment; return how many rows."""
    return len(await unit.rows(FORGET_SETTLED, to_kept(before), at_most))


def _values(one: Planned) -> tuple[str | int, ...]:
    return (
        *(one.programme, one.reporter, one.kind, one.name, one.subject, one.number),
        *(to_kept(one.due_at), one.zone, one.wall, one.dedupe, json.dumps(one.body)),
        one.root,
    )


def _due(row: Row) -> Due:
    planned = Planned(
        *(row["programme"], Reporter(row["reporter"]), row["kind"], row["name"], row["subject"]),
        *(from_kept(row["due_at"]), row["zone"], row["wall"], row["dedupe"], row["number"]),
        *(json.loads(row["body"]), row["root"]),
    )
    settled, asked = (from_kept(at) if (at := row[name]) else None for name in _MOMENTS)
    return Due(row["id"], planned, row["state"], row["reason"], row["attempts"], settled, asked)


_MOMENTS = ("settled_at", "asked_at")
