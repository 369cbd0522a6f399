"""Sessions: where each reporter stands, one open session a reporter and programme.

The session is one line of JSON beside the few columns that sweeps and reminders ask for. A unit
that reads a session and keeps its successor is alone with it (see `contacts.MEET`), so there is
no version to compare. An ended session leaves nothing behind: its draft holds answers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from conversations.session import Session
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Unit

ASIDE = " (aside"
"""Stands behind the programme's name where a session is set aside, and a number from the second on;
names have no blanks."""

OF_PROGRAMME = (
    f"(programme = $1 OR substr(programme, 1, length($1) + {len(ASIDE)}) = $1 || '{ASIDE}')"
)
"""The condition for all sessions of a programme, also those set aside."""

CURRENT = "SELECT body FROM sessions WHERE reporter = $1 AND programme = $2"

GO_ON = """
    UPDATE sessions SET form_id = $4, form_version = $5, stage = $6, body = $7, changed_at = $8
    WHERE reporter = $1 AND programme = $2 AND session_key = $3
    RETURNING session_key
"""

BEGIN = """
    INSERT INTO sessions
        (reporter, programme, session_key, form_id, form_version, stage, body, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

# What was sent for a session and belongs to no submission goes with it (attachments' foreign key).
END = "DELETE FROM sessions WHERE reporter = $1 AND programme = $2"


CHANGED_IN = """
    SELECT reporter FROM sessions WHERE programme = $1 AND changed_at >= $2 AND changed_at < $3
    ORDER BY changed_at DESC LIMIT $4
"""

STILL_WAITS = "UPDATE sessions SET changed_at = $3 WHERE reporter = $1 AND programme = $2"

ASIDES = f"""
    SELECT programme, session_key FROM sessions
    WHERE {OF_PROGRAMME} AND programme <> $1 AND reporter = $2
"""  # noqa: S608 - put together from our own words.

# The row and the files that hang on it stay; nobody else has a name with a blank in it.
SET_ASIDE = "UPDATE sessions SET programme = $3 WHERE reporter = $1 AND programme = $2"

CHANGED_AT = "SELECT changed_at FROM sessions WHERE reporter = $1 AND programme = $2"


RECENT_CHARACTERS_MAX = 4_000_000
"""Of sessions as they were kept lately: some 3,000 people in the middle of a form."""


@dataclass(slots=True)
class _Recent:
    """Sessions by the very text they were kept as, so that reading it again is not needed.

    What the database holds counts: only whoever kept that text just now finds it here.
    """

    _sessions: OrderedDict[str, Session] = field(default_factory=OrderedDict)
    _characters: int = 0

    def take(self, body: str) -> Session | None:
        """Hand a session out: it goes on as another text."""
        session = self._sessions.pop(body, None)
        self._characters -= len(body) if session else 0
        return session

    def put(self, body: str, session: Session) -> None:
        """Remember a session, and forget those of whoever was away the longest."""
        self.take(body)
        self._sessions[body] = session
        self._characters += len(body)
        while self._characters > RECENT_CHARACTERS_MAX:
            oldest, _ = self._sessions.popitem(last=False)
            self._characters -= len(oldest)


_recent = _Recent()


def read(body: str) -> Session:
    """Read a session as it was kept."""
    return _recent.take(body) or Session.from_json(body)


async def current(reading: Reading, reporter: Reporter, programme: str) -> Session | None:
    """Return where a reporter stands in a programme, or None."""
    row = await reading.row(CURRENT, reporter, programme)
    return read(row["body"]) if row else None


async def keep(
    unit: Unit, reporter: Reporter, programme: str, session: Session, now: datetime
) -> None:
    """Keep where a reporter stands; a session with another key takes the place of the old one."""
    body = session.to_json()
    values = (
        *(reporter, programme, session.key, session.form_id, session.form_version),
        *(session.stage, body, to_kept(now)),
    )
    _recent.put(body, session)
    if await unit.row(GO_ON, *values) is None:
        await end(unit, reporter, programme)
        await unit.run(BEGIN, *values)


async def end(unit: Unit, reporter: Reporter, programme: str) -> None:
    """End a reporter's session, with its draft and the attachments no submission took over."""
    await unit.run(END, reporter, programme)


async def still_waits(unit: Unit, reporter: Reporter, programme: str, since: datetime) -> None:
    """Let a session count as changed last at a moment, whatever was said in it meanwhile."""
    await unit.run(STILL_WAITS, reporter, programme, to_kept(since))


async def asides(reading: Reading, reporter: Reporter, programme: str) -> Mapping[str, str]:
    """Return the keys of sessions set aside, by the names they go by; the newest comes last."""
    rows = await reading.rows(ASIDES, programme, reporter)
    named = {row["programme"]: row["session_key"] for row in rows}
    return {name: named[name] for name in sorted(named, key=_number)}


def _number(name: str) -> int:
    """Return the number of a session set aside, by the name it goes by."""
    return int(name.rpartition(ASIDE)[2].strip(" )") or 1)


async def set_aside(unit: Unit, reporter: Reporter, programme: str) -> None:
    """Keep a reporter's session, with its files, until `bring_back`, on top of those kept so."""
    number = max(map(_number, await asides(unit, reporter, programme)), default=0) + 1
    name = f"{programme}{ASIDE} {number})" if number > 1 else f"{programme}{ASIDE})"
    await unit.run(SET_ASIDE, reporter, programme, name)


async def bring_back(unit: Unit, reporter: Reporter, programme: str) -> Session | None:
    """Take up the session set aside last, where no other is open; None where none was."""
    names = tuple(await asides(unit, reporter, programme))
    if not names or await current(unit, reporter, programme) is not None:
        return None
    await unit.run(SET_ASIDE, reporter, names[-1], programme)
    return await current(unit, reporter, programme)


async def changed_in(
    reading: Reading, programme: str, begin: datetime, end: datetime, at_most: int
) -> tuple[Reporter, ...]:
    """List whose sessions changed last within a span of time, the newest first."""
    rows = await reading.rows(CHANGED_IN, programme, to_kept(begin), to_kept(end), at_most)
    return tuple(Reporter(row["reporter"]) for row in rows)


async def changed_at(reading: Reading, reporter: Reporter, programme: str) -> datetime | None:
    """Return when a reporter's session changed last, None where none is open."""
    row = await reading.row(CHANGED_AT, reporter, programme)
    return from_kept(row["changed_at"]) if row else None
