"""Files of the programme that Telegram has already: the handles by which they are sent again.

A handle belongs to a content and to the way it was sent (a photo's handle is no film's), and to
one bot: another bot is refused it, and then it is forgotten here.
"""

from __future__ import annotations

from storage.store import Reading, Unit

HANDLE = "SELECT file_id FROM form_media WHERE sha256 = $1 AND method = $2"

KEEP = """
    INSERT INTO form_media (sha256, method, file_id) VALUES ($1, $2, $3)
    ON CONFLICT (sha256, method) DO UPDATE SET file_id = excluded.file_id
"""

FORGET = "DELETE FROM form_media WHERE sha256 = $1 AND method = $2"


async def handle(reading: Reading, sha256: str, method: str) -> str | None:
    """Return the handle of a content that was sent by this method before."""
    row = await reading.row(HANDLE, sha256, method)
    return row["file_id"] if row else None


async def keep(unit: Unit, sha256: str, method: str, file_id: str) -> None:
    """Remember the handle that Telegram answered with."""
    await unit.run(KEEP, sha256, method, file_id)


async def forget(unit: Unit, sha256: str, method: str) -> None:
    """Forget a handle that was refused."""
    await unit.run(FORGET, sha256, method)
