"""Consents: who agreed to which text, in which language, when, and who took it back.

Rows are added and never changed. The newest row of a text version decides whether it stands.
"""

from __future__ import annotations

from datetime import datetime

from storage.moments import to_kept
from storage.reporters import Reporter
from storage.store import Reading, Unit

KEEP = """
    INSERT INTO consents (reporter, programme, text_version, language, agreed, kept_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (reporter, text_version, kept_at) DO UPDATE SET agreed = excluded.agreed
"""

STANDING = """
    SELECT text_version FROM consents AS newest
    WHERE reporter = $1 AND programme = $2 AND agreed AND NOT EXISTS (
        SELECT 1 FROM consents AS later
        WHERE later.reporter = newest.reporter AND later.text_version = newest.text_version
          AND later.kept_at > newest.kept_at)
"""


async def keep(  # noqa: PLR0913, PLR0917 - one parameter a column: the row is the point.
    unit: Unit,
    reporter: Reporter,
    programme: str,
    text_version: str,
    language: str,
    agreed: bool,  # noqa: FBT001 - as KeepConsent says it.
    now: datetime,
) -> None:
    """Keep that a reporter agreed to a version of the consent text, or took that back."""
    kept_at = to_kept(now)
    await unit.run(KEEP, reporter, programme, text_version, language, agreed, kept_at)


async def standing(reading: Reading, reporter: Reporter, programme: str) -> frozenset[str]:
    """Return the text versions to which a reporter's consent stands now."""
    rows = await reading.rows(STANDING, reporter, programme)
    return frozenset(row["text_version"] for row in rows)
