"""Attachments: which files were sent, where they belong, and whether they are here yet.

A file sent during a session belongs to the session until the submission takes it over, and goes
with the session otherwise. The bytes are fetched outside any unit and stand in `storage.files`;
a row holds their SHA-256. The handle they are fetched by is cleared once they are here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from conversations.replies import KeepAttachment
from storage.moments import from_kept, to_kept
from storage.pictures import from_signed, to_signed
from storage.store import Reading, Row, Unit

AttachmentState: TypeAlias = Literal["waiting", "kept", "failed"]

EXPECT = """
    INSERT INTO attachments (session_key, name, source, media_type, size_bytes, state, due_at,
                             attempts, reason, caption)
    VALUES ($1, $2, $3, $4, $5, 'waiting', $6, 0, '', $7)
    ON CONFLICT (session_key, name) DO UPDATE SET
        source = excluded.source, media_type = excluded.media_type,
        size_bytes = excluded.size_bytes, sha256 = NULL, state = 'waiting',
        due_at = excluded.due_at, attempts = 0, reason = '', caption = excluded.caption
"""

DROP = "DELETE FROM attachments WHERE session_key = $1 AND name = $2"

BELONG = """
    UPDATE attachments SET instance_id = $3, session_key = NULL
    WHERE session_key = $1 AND name = $2
"""

# An edit's own copy of what it did not change; bytes are kept once, by their SHA-256.
INHERIT = """
    INSERT INTO attachments (instance_id, name, source, media_type, size_bytes, sha256, state,
                             due_at, attempts, reason, caption, look, taken_at)
    SELECT $2, name, source, media_type, size_bytes, sha256, state, due_at, attempts, reason,
           caption, look, taken_at
    FROM attachments WHERE instance_id = $1 AND name = $3
    ON CONFLICT (instance_id, name) DO NOTHING
"""

CLAIM = """
    UPDATE attachments SET due_at = $2, attempts = attempts + 1
    WHERE id IN (
        SELECT id FROM attachments WHERE state = 'waiting' AND due_at <= $1
        ORDER BY due_at, id LIMIT $3
        /* PostgreSQL: FOR UPDATE SKIP LOCKED */)
    RETURNING *
"""

KEPT = """
    UPDATE attachments SET sha256 = $3, size_bytes = $4, source = '', state = 'kept', reason = '',
                           look = $5, taken_at = $6
    WHERE id = $1 AND source = $2
"""

PUT_OFF = "UPDATE attachments SET due_at = $3, reason = $4 WHERE id = $1 AND source = $2"

FAILED = "UPDATE attachments SET state = 'failed', reason = $3 WHERE id = $1 AND source = $2"

OF_SUBMISSION = "SELECT * FROM attachments WHERE instance_id = $1 ORDER BY name"

BY_ID = "SELECT * FROM attachments WHERE id = $1"

# What was blacked out is kept, sealed, among the attachments' contents.
REFERRED = """
    SELECT sha256 FROM attachments WHERE sha256 IN ({places})
    UNION SELECT sealed FROM sealed_files WHERE sealed IN ({places})
"""

CONTENTS = """
    SELECT sha256 FROM (SELECT DISTINCT sha256 FROM attachments
                        WHERE sha256 > $1 ORDER BY sha256 LIMIT $2) AS shown
    UNION SELECT sealed FROM (SELECT sealed FROM sealed_files
                              WHERE sealed > $1 ORDER BY sealed LIMIT $2) AS hidden
    ORDER BY 1 LIMIT $2
"""

# In every version of a report; the handle by which Telegram knows the old one is not kept.
REPLACE = """
    UPDATE attachments SET sha256 = $3, size_bytes = $4, source = ''
    WHERE sha256 = $2 AND (instance_id = $1
        OR instance_id IN (SELECT instance_id FROM edits WHERE original = $1))
"""


RECAPTION = "UPDATE attachments SET caption = $3 WHERE instance_id = $1 AND name = $2"

IS_CONTENT = "SELECT 1 AS found FROM attachments WHERE sha256 = $1 LIMIT 1"


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture looks: 64 bits, and when its file says that it was taken."""

    bits: int
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file belonging to a submission, or to a session while `instance_id` is None."""

    id: int
    instance_id: str | None
    name: str
    source: str
    media_type: str
    size_bytes: int | None
    sha256: str | None
    state: AttachmentState
    attempts: int
    reason: str
    caption: str = ""
    look: Look | None = None


async def expect(unit: Unit, session_key: str, attachment: KeepAttachment, now: datetime) -> None:
    """Note that a file is to be fetched for a session; the same name again takes its place.

    The session must be kept before.
    """
    await unit.run(
        EXPECT,
        session_key,
        attachment.name,
        attachment.source,
        attachment.media_type,
        attachment.size_bytes,
        to_kept(now),
        attachment.caption,
    )


async def drop(unit: Unit, session_key: str, name: str) -> None:
    """Forget a file of a session; its bytes go with the next sweep."""
    await unit.run(DROP, session_key, name)


async def belong(unit: Unit, session_key: str, instance_id: str, names: Sequence[str]) -> None:
    """Hand the named files of a session over to its submission; call before the session ends."""
    await unit.run_many(BELONG, [(session_key, name, instance_id) for name in names])


async def inherit(unit: Unit, replaced: str, instance_id: str, names: Sequence[str]) -> None:
    """Give an edit the named files of the submission that it replaces, which keeps them, too."""
    await unit.run_many(INHERIT, [(replaced, instance_id, name) for name in names])


async def claim(unit: Unit, now: datetime, limit: int, lease_seconds: float) -> list[Attachment]:
    """Hand out at most `limit` files to fetch, the longest waiting first.

    Each comes back after `lease_seconds` unless it is kept, put off or failed by then.
    """
    leased_until = now + timedelta(seconds=lease_seconds)
    rows = await unit.rows(CLAIM, to_kept(now), to_kept(leased_until), limit)
    return sorted((_attachment(row) for row in rows), key=lambda attachment: attachment.id)


async def kept(
    unit: Unit, fetched: Attachment, sha256: str, size_bytes: int, look: Look | None = None
) -> None:
    """Note that a file's bytes are here; nothing if the person replaced it meanwhile."""
    bits = to_signed(look.bits) if look else None
    taken_at = to_kept(look.taken_at) if look and look.taken_at else 0
    await unit.run(KEPT, fetched.id, fetched.source, sha256, size_bytes, bits, taken_at)


async def put_off(unit: Unit, fetched: Attachment, until: datetime, reason: str) -> None:
    """Try to fetch a file again at a moment."""
    await unit.run(PUT_OFF, fetched.id, fetched.source, to_kept(until), reason)


async def failed(unit: Unit, fetched: Attachment, reason: str) -> None:
    """Stop trying to fetch a file; exports list it as missing with the reason."""
    await unit.run(FAILED, fetched.id, fetched.source, reason)


async def replace(unit: Unit, original: str, sha256: str, by_sha256: str, size_bytes: int) -> None:
    """Put another content in the place of one, in all versions of a report."""
    await unit.run(REPLACE, original, sha256, by_sha256, size_bytes)


async def recaption(unit: Unit, instance_id: str, name: str, caption: str) -> None:
    """Put other words beside a submission's file."""
    await unit.run(RECAPTION, instance_id, name, caption)


async def is_content(reading: Reading, sha256: str) -> bool:
    """Tell whether any file has a content now; what was blacked out since is none any more."""
    return await reading.row(IS_CONTENT, sha256) is not None


async def of_submission(reading: Reading, instance_id: str) -> Sequence[Attachment]:
    """Return a submission's attachments by name, here or not."""
    return [_attachment(row) for row in await reading.rows(OF_SUBMISSION, instance_id)]


async def by_id(reading: Reading, number: int) -> Attachment | None:
    """Return one attachment as it is now."""
    row = await reading.row(BY_ID, number)
    return _attachment(row) if row else None


async def referred(reading: Reading, contents: Sequence[str]) -> set[str]:
    """Return those of some contents (SHA-256) that any attachment has, or had before it changed."""
    places = ", ".join(f"${number}" for number, _ in enumerate(contents, start=1))
    rows = await reading.rows(REFERRED.format(places=places), *contents)
    return {row["sha256"] for row in rows}


async def contents_after(reading: Reading, after: str, limit: int) -> list[str]:
    """Return the contents (SHA-256) that are referred to, each once, behind `after`."""
    return [row["sha256"] for row in await reading.rows(CONTENTS, after, limit)]


def _attachment(row: Row) -> Attachment:
    return Attachment(
        id=row["id"],
        instance_id=row["instance_id"],
        name=row["name"],
        source=row["source"],
        media_type=row["media_type"],
        size_bytes=row["size_bytes"],
        sha256=row["sha256"],
        state=row["state"],
        attempts=row["attempts"],
        reason=row["reason"],
        caption=row["caption"],
        look=_look(row),
    )


def _look(row: Row) -> Look | None:
    if row["look"] is None:
        return None
    taken_at = from_kept(row["taken_at"]) if row["taken_at"] else None
    return Look(from_signed(row["look"]), taken_at)
