"""What was reported in a while, as monthly results count it: of what, where, by whom.

A report that was changed counts once, when it was first sent; one that was rejected does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from storage.moments import to_kept
from storage.store import Reading, Row

# The place is that which stands after every change; see `precedents`.
REPORTED = """
    SELECT s.instance_id, s.kept_at, s.form_id, s.reporter, p.cell, p.latitude, p.longitude
    FROM submissions AS s
    LEFT JOIN precedents AS p ON p.instance_id = s.instance_id
    WHERE s.programme = $1 AND (s.kept_at, s.instance_id) > ($2, $3) AND s.kept_at < $4
      AND s.review_state <> 'rejected'
      AND NOT EXISTS (SELECT 1 FROM edits WHERE edits.instance_id = s.instance_id)
    ORDER BY s.kept_at, s.instance_id LIMIT $5
"""

PAGE: Final = 1_000


async def between(
    reading: Reading, programme: str, since: datetime, until: datetime
) -> Sequence[Row]:
    """List the reports first sent from `since` on and before `until`."""
    found: list[Row] = []
    at, last = to_kept(since) - 1, ""
    while True:
        page = await reading.rows(REPORTED, programme, at, last, to_kept(until), PAGE)
        found += page
        if len(page) < PAGE:
            return found
        at, last = page[-1]["kept_at"], page[-1]["instance_id"]
