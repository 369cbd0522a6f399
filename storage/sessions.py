"""Sessions: where each reporter stands, one open session a reporter and programme.

The session is one line of JSON beside the few columns that sweeps and reminders ask for. A unit
that reads a session and keeps its successor is alone with it (see `contacts.MEET`), so there is
no version to compare. An ended session leaves nothing behind: its draft holds answers.
"""

from __future__ import annotations

from datetime import datetime

from conversations.session import Session
from storage.moments import to_kept
from storage.reporters import Reporter
from storage.store import Reading, Unit

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


async def current(reading: Reading, reporter: Reporter, programme: str) -> Session | None:
    """Return where a reporter stands in a programme, or None."""
    row = await reading.row(CURRENT, reporter, programme)
    return Session.from_json(row["body"]) if row else None


async def keep(
    unit: Unit, reporter: Reporter, programme: str, session: Session, now: datetime
) -> None:
    """Keep where a reporter stands; a session with another key takes the place of the old one."""
    values = (
        *(reporter, programme, session.key, session.form_id, session.form_version),
        *(session.stage, session.to_json(), to_kept(now)),
    )
    if await unit.row(GO_ON, *values) is None:
        await end(unit, reporter, programme)
        await unit.run(BEGIN, *values)


async def end(unit: Unit, reporter: Reporter, programme: str) -> None:
    """End a reporter's session, with its draft and the attachments no submission took over."""
    await unit.run(END, reporter, programme)
