"""What is planned, and as it is kept: a row, and how it is read and written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Row

DueState: TypeAlias = Literal["waiting", "asked", "answered", "done", "cancelled", "dropped"]
"""`asked` was put to the person and awaits an answer; the last four are ends."""

COLUMNS = """id, programme, reporter, kind, name, subject, number, due_at, zone, wall, dedupe,
    state, reason, body, attempts, settled_at, root, asked_at"""

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


def values_of(one: Planned) -> tuple[str | int, ...]:
    """Return what is planned as the values of a new row."""
    return (
        *(one.programme, one.reporter, one.kind, one.name, one.subject, one.number),
        *(to_kept(one.due_at), one.zone, one.wall, one.dedupe, json.dumps(one.body)),
        one.root,
    )


def due_of(row: Row) -> Due:
    """Read a row with all its `COLUMNS`."""
    planned = Planned(
        *(row["programme"], Reporter(row["reporter"]), row["kind"], row["name"], row["subject"]),
        *(from_kept(row["due_at"]), row["zone"], row["wall"], row["dedupe"], row["number"]),
        *(json.loads(row["body"]), row["root"]),
    )
    settled, asked = (from_kept(at) if (at := row[name]) else None for name in _MOMENTS)
    return Due(row["id"], planned, row["state"], row["reason"], row["attempts"], settled, asked)


_MOMENTS = ("settled_at", "asked_at")
