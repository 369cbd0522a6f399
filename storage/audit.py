"""The audit: who saw, changed, exported or decided what, and when; appended to and never changed.

Each entry is chained to the one before it by a keyed hash (HMAC with the key that stands outside
the database). So whoever changes, removes or inserts an entry is found out even if they can write
to the whole database; they would need the key to make a chain that fits. What a chain cannot show
is that the database as a whole was put back to an earlier day: note the newest hash elsewhere from
time to time, and give it to `verify`.

An entry names a moderator by the number of their role, never a reporter, and holds no answer.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from storage.moments import from_kept, to_kept
from storage.store import Reading, Row, Store, Unit

# The row of the newest hash is the lock under which entries of several workers queue up.
HOLD_HEAD = """
    INSERT INTO store_facts (name, value) VALUES ('audit', '0 ')
    ON CONFLICT (name) DO UPDATE SET value = store_facts.value
    RETURNING value
"""

MOVE_HEAD = "UPDATE store_facts SET value = $1 WHERE name = 'audit'"

HEAD = "SELECT value FROM store_facts WHERE name = 'audit'"

APPEND = """
    INSERT INTO audit (number, noted_at, who, act, subject, body, hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

AFTER = "SELECT * FROM audit WHERE number > $1 ORDER BY number LIMIT $2"

NEWEST = """
    SELECT * FROM audit WHERE ($1 = '' OR subject = $1) AND ($2 = '' OR who = $2)
    ORDER BY number DESC LIMIT $3
"""

PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing somebody did.

    `who` is `role:7`, `system`, or `command` for the command line; `subject` an instance id, a
    role, a form or whatever it was done to.
    """

    number: int
    noted_at: datetime
    who: str
    act: str
    subject: str
    body: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look through the whole chain found.

    `broken` is the number of the first entry that does not fit, None where all do; `head` the
    newest hash.
    """

    entries: int
    broken: int | None
    head: str


async def note(  # noqa: PLR0913, PLR0917 - who did what to what, when, and more of it.
    unit: Unit,
    store: Store,
    who: str,
    act: str,
    subject: str,
    now: datetime,
    body: Mapping[str, Any] | None = None,
) -> None:
    """Append an entry, in the unit in which the thing itself is done."""
    row = await unit.row(HOLD_HEAD)
    assert row is not None, "an upsert returns its row"  # noqa: S101  # Ours, never the user's.
    number, previous = _parted(row["value"])
    values = (number + 1, to_kept(now), who, act, subject, json.dumps(body or {}, sort_keys=True))
    linked = _link(store, previous, values)
    await unit.run(APPEND, *values, linked)
    await unit.run(MOVE_HEAD, f"{number + 1} {linked}")


async def newest(
    reading: Reading, at_most: int, subject: str = "", who: str = ""
) -> tuple[Entry, ...]:
    """Return the newest entries first, all or those about a subject or of somebody."""
    return tuple(_entry(row) for row in await reading.rows(NEWEST, subject, who, at_most))


async def verify(reading: Reading, store: Store, expected: str = "") -> Verified:
    """Look through the whole chain; `expected` is a hash that must stand in it."""
    previous, number, broken, met = "", 0, None, not expected
    async for row in _all(reading):
        values = (row["number"], row["noted_at"], *(row[name] for name in _SAID))
        fits = row["number"] == number + 1 and row["hash"] == _link(store, previous, values)
        if not fits and broken is None:
            broken = number + 1
        previous, number = row["hash"], row["number"]
        met = met or previous == expected
    head = await reading.row(HEAD)
    told = _parted(head["value"]) if head else (0, "")
    if broken is None and (told != (number, previous) or not met):
        broken = number + 1
    return Verified(number, broken, previous)


async def _all(reading: Reading) -> AsyncIterator[Row]:
    number = 0
    while rows := await reading.rows(AFTER, number, PAGE):
        for row in rows:
            yield row
        number = rows[-1]["number"]


_SAID: Final = ("who", "act", "subject", "body")


def _link(store: Store, previous: str, values: tuple[Any, ...]) -> str:
    return store.sign(json.dumps([previous, *values]))


def _parted(head: str) -> tuple[int, str]:
    number, _, linked = head.partition(" ")
    return int(number), linked


def _entry(row: Row) -> Entry:
    said = (row["who"], row["act"], row["subject"], json.loads(row["body"]), row["hash"])
    return Entry(row["number"], from_kept(row["noted_at"]), *said)
