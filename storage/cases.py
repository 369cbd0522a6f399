"""Cases: one report before moderators, the queue they wait in, and everything done to them.

A case is kept by its version: `keep` changes it only where nobody else has meanwhile, which is the
lock between two moderators. What was done stands in `case_acts`, appended to and never changed.
What moderators wrote in it (`WORDS`) is sealed under the key, as what they black out is: they may
name people there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from conversations.reviewing.cases import NOBODY, Case, ModeratorId
from conversations.sheets.flags import Severity
from storage.moments import from_kept, to_kept
from storage.sealing import seal_text, unseal_text
from storage.store import Reading, Row, Store, Unit, Value

_FIELDS: Final = """form_id, language, area, opened_at, severity, weight, state, outcome, version,
    claimed_by, claimed_until_at, first_by, proposed, decided_by, decided_at, sources, escalated,
    appealed, held, look_by_at"""

OPEN = f"""
    INSERT INTO cases (instance_id, programme, {_FIELDS})
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
            $20, $21, $22)
    ON CONFLICT (instance_id) DO NOTHING
    RETURNING instance_id
"""  # noqa: S608 - put together from our own words.

# Nobody else has changed it meanwhile: the condition is the lock.
KEEP = """
    UPDATE cases SET form_id = $3, language = $4, area = $5, opened_at = $6, severity = $7,
        weight = $8, state = $9, outcome = $10, version = $11, claimed_by = $12,
        claimed_until_at = $13, first_by = $14, proposed = $15, decided_by = $16, decided_at = $17,
        sources = $18, escalated = $19, appealed = $20, held = $21, look_by_at = $22
    WHERE instance_id = $1 AND programme = $2 AND version = $23
    RETURNING instance_id
"""

OF = "SELECT * FROM cases WHERE instance_id = $1"

# Writing the row makes it the lock under which acts on one case queue up.
HOLD = "UPDATE cases SET version = version WHERE instance_id = $1 RETURNING *"

# What somebody serves is compared as it is: among 100,000 cases of which few are theirs, to look
# for each in a list of words takes five times as long.
QUEUE = """
    SELECT * FROM cases
    WHERE programme = $1 AND state <> 'decided' AND state <> 'asked'
      AND (claimed_until_at <= $2 OR claimed_by = $3 OR $2 = 0)
      AND (look_by_at, instance_id) > ($4, $5) {served}
    ORDER BY look_by_at, instance_id LIMIT $6
"""

DEPTH = """
    SELECT state, severity, count(*) AS count FROM cases
    WHERE programme = $1 AND state <> 'decided' GROUP BY state, severity
"""

DECIDED_SINCE = """
    SELECT * FROM cases WHERE programme = $1 AND state = 'decided' AND decided_at >= $2
    ORDER BY decided_at, instance_id LIMIT $3
"""

NOTE = """
    INSERT INTO case_acts (instance_id, programme, version, act, by_role, body, done_at, sealed)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

HISTORY = "SELECT * FROM case_acts WHERE instance_id = $1 ORDER BY id"

# Rows of before there were seals.
PLAIN = "SELECT id, body FROM case_acts WHERE sealed IS NULL ORDER BY id LIMIT $1"

SEAL = "UPDATE case_acts SET body = $2, sealed = $3 WHERE id = $1"

WORDS: Final = frozenset({"words", "value"})
"""Members of an act that somebody wrote."""

WORKLOAD = """
    SELECT by_role, act, count(*) AS count FROM case_acts
    WHERE programme = $1 AND done_at >= $2 GROUP BY by_role, act
"""


@dataclass(frozen=True, slots=True)
class Served:
    """Which cases somebody serves; nothing named means all. `by` also sees what they hold."""

    languages: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    by: ModeratorId = NOBODY
    free_only: bool = True


@dataclass(frozen=True, slots=True)
class DoneAct:
    """Something that was done to a case; `version` is the case's after it."""

    instance_id: str
    version: int
    act: str
    by: ModeratorId
    body: Mapping[str, Any]
    done_at: datetime


async def open_(unit: Unit, programme: str, case: Case, look_by: datetime) -> bool:
    """Open a case; False where the report has one already."""
    return await unit.row(OPEN, case.instance_id, programme, *values_of(case, look_by)) is not None


async def of(reading: Reading, instance_id: str) -> Case | None:
    """Return a report's case, if it has one."""
    row = await reading.row(OF, instance_id)
    return case_of_row(row) if row else None


async def hold(unit: Unit, instance_id: str) -> Case | None:
    """Return a report's case, and be alone with it until the unit ends."""
    row = await unit.row(HOLD, instance_id)
    return case_of_row(row) if row else None


async def keep(unit: Unit, programme: str, case: Case, look_by: datetime, seen: int) -> bool:
    """Keep a changed case; False where somebody else has changed version `seen` meanwhile."""
    values = (case.instance_id, programme, *values_of(case, look_by), seen)
    return await unit.row(KEEP, *values) is not None


async def queue(  # noqa: PLR0913, PLR0917 - whose cases, from where on, how many.
    reading: Reading,
    programme: str,
    served: Served,
    now: datetime,
    at_most: int,
    after: tuple[datetime, str] | None = None,
) -> tuple[tuple[Case, datetime], ...]:  # fmt: skip
    """Return a page of the queue with the moment each should be looked at, the earliest first.

    `after` is the moment and id of the last one of the page before. Cases that somebody else holds
    are left out where `served.free_only` is set.
    """
    past, instance_id = (to_kept(after[0]), after[1]) if after else (-1, "")
    said, names = only_served(served, first=7)
    free_at = to_kept(now) if served.free_only else 0
    values: tuple[Value, ...] = (programme, free_at, served.by, past, instance_id, at_most)
    rows = await reading.rows(QUEUE.format(served=said), *values, *names)
    return tuple((case_of_row(row), from_kept(row["look_by_at"])) for row in rows)


async def depth(reading: Reading, programme: str) -> Mapping[tuple[str, Severity], int]:
    """Count the cases that are not decided, by state and severity."""
    rows = await reading.rows(DEPTH, programme)
    return {(row["state"], Severity(row["severity"])): row["count"] for row in rows}


async def decided_since(
    reading: Reading, programme: str, since: datetime, at_most: int
) -> tuple[Case, ...]:
    """Return the cases decided since a moment, the earliest first."""
    rows = await reading.rows(DECIDED_SINCE, programme, to_kept(since), at_most)
    return tuple(map(case_of_row, rows))


async def note(unit: Unit, store: Store, programme: str, done: DoneAct) -> None:
    """Append what was done to a case; what somebody wrote is sealed."""
    body, sealed = _sealed(store, done.body)
    values = (done.instance_id, programme, done.version, done.act, done.by, body)
    await unit.run(NOTE, *values, to_kept(done.done_at), sealed)


async def history(reading: Reading, store: Store, instance_id: str) -> Sequence[DoneAct]:
    """Return everything that was done to a case, the earliest first; `store` opens the seals."""
    return [
        DoneAct(
            *(row["instance_id"], row["version"], row["act"], ModeratorId(row["by_role"])),
            *(_opened(store, row), from_kept(row["done_at"])),
        )
        for row in await reading.rows(HISTORY, instance_id)
    ]


async def seal_plain(unit: Unit, store: Store, at_most: int) -> int:
    """Seal what was written before there were seals; return how many rows were looked at."""
    rows = await unit.rows(PLAIN, at_most)
    made = [(row["id"], *_sealed(store, json.loads(row["body"]))) for row in rows]
    await unit.run_many(SEAL, made)
    return len(rows)


def _sealed(store: Store, body: Mapping[str, Any]) -> tuple[str, str]:
    """Part a body into what may be read and a seal over the rest, blank where there is none."""
    hidden = {name: value for name, value in body.items() if name in WORDS and value}
    plain = {name: value for name, value in body.items() if name not in hidden}
    return json.dumps(plain), seal_text(store, json.dumps(hidden)) if hidden else ""


def _opened(store: Store, row: Row) -> Mapping[str, Any]:
    hidden = json.loads(unseal_text(store, row["sealed"])) if row["sealed"] else {}
    return {**json.loads(row["body"]), **hidden}


async def workload(
    reading: Reading, programme: str, since: datetime
) -> Mapping[ModeratorId, Mapping[str, int]]:
    """Count what each moderator did since a moment, by act."""
    counts: dict[ModeratorId, dict[str, int]] = {}
    for row in await reading.rows(WORKLOAD, programme, to_kept(since)):
        counts.setdefault(ModeratorId(row["by_role"]), {})[row["act"]] = row["count"]
    return counts


def values_of(case: Case, look_by: datetime) -> tuple[str | int | float, ...]:
    """Return a case as `OPEN` takes it, behind its id and programme."""
    return (
        *(case.form_id, case.language, case.area, to_kept(case.opened_at), int(case.severity)),
        *(case.weight, case.state, case.outcome, case.version, case.claimed_by),
        *(_kept(case.claimed_until), case.first, case.proposed, case.decided_by),
        *(_kept(case.decided_at), case.sources, case.escalated, case.appealed, case.held),
        to_kept(look_by),
    )


def case_of_row(row: Row) -> Case:
    """Return a row of the table `cases` as a value."""
    return Case(
        *(row["instance_id"], row["form_id"], row["language"], from_kept(row["opened_at"])),
        *(Severity(row["severity"]), row["weight"], row["area"], row["state"], row["outcome"]),
        *(row["version"], ModeratorId(row["claimed_by"]), _moment(row["claimed_until_at"])),
        *(ModeratorId(row["first_by"]), row["proposed"], ModeratorId(row["decided_by"])),
        *(_moment(row["decided_at"]), row["sources"], bool(row["escalated"])),
        *(bool(row["appealed"]), bool(row["held"])),
    )


def _kept(moment: datetime | None) -> int:
    return to_kept(moment) if moment else 0


def _moment(kept: int) -> datetime | None:
    return from_kept(kept) if kept else None


def only_served(served: Served, first: int, of: str = "") -> tuple[str, tuple[str, ...]]:
    """Say in SQL what somebody serves, with the values; `first` is the number of the first.

    `of` names the table with its dot, where a statement has several.
    """
    said, values = "", list[str]()
    wanted = (("language", served.languages), ("area", served.areas), ("form_id", served.forms))
    for column, names in wanted:
        if names:
            places = (f"${first + len(values) + n}" for n in range(len(names)))
            said += f" AND {of}{column} IN ({', '.join(places)})"
            values += sorted(names)
    return said, tuple(values)
