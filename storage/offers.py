"""Offers: what coordinators decided about a form: which version is offered, and whether at all.

A form nobody decided about has no row: the programme's folder says what is offered. A version
published in the chat stands over the folder's, through every restart, until the folder brings a
version that was never served before: what came last counts. The workbooks of published versions
are kept, to be brought back to the folder (`baraza forms --out`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from conversations.programme import FormKey
from storage.moments import to_kept
from storage.store import Reading, Unit

OF_PROGRAMME = """
    SELECT form_id, form_version, is_open FROM offers WHERE programme = $1
"""

OFFER = """
    INSERT INTO offers (programme, form_id, form_version, is_open) VALUES ($1, $2, $3, TRUE)
    ON CONFLICT (programme, form_id) DO UPDATE SET form_version = excluded.form_version
"""

OPEN_OR_CLOSE = """
    INSERT INTO offers (programme, form_id, form_version, is_open) VALUES ($1, $2, '', $3)
    ON CONFLICT (programme, form_id) DO UPDATE SET is_open = excluded.is_open
"""

LEAVE_TO_FOLDER = "UPDATE offers SET form_version = '' WHERE programme = $1 AND form_id = $2"

KEEP_WORKBOOK = """
    INSERT INTO workbooks
        (programme, form_id, form_version, file_name, content, is_numbered, kept_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

WORKBOOK = """
    SELECT file_name, content, is_numbered FROM workbooks
    WHERE programme = $1 AND form_id = $2 AND form_version = $3
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """What was decided about a form; `version` is blank where the folder's is offered."""

    form_id: str
    version: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class KeptWorkbook:
    """A workbook as its author sent it; `is_numbered` where the version is the author's own."""

    file_name: str
    content: bytes
    is_numbered: bool


async def of_programme(reading: Reading, programme: str) -> Sequence[Offer]:
    """List what was decided about a programme's forms."""
    rows = await reading.rows(OF_PROGRAMME, programme)
    found = (Offer(row["form_id"], row["form_version"], bool(row["is_open"])) for row in rows)
    return in_order(found)


def in_order(found: Iterable[Offer]) -> Sequence[Offer]:
    """Sort decisions as they are always listed, whichever statement found them."""
    return sorted(found, key=attrgetter("form_id"))


async def publish(
    unit: Unit, programme: str, key: FormKey, workbook: KeptWorkbook, now: datetime
) -> None:
    """Offer a version from now on, and keep its workbook; a closed form stays closed.

    The form itself is kept by `storage.forms`. A version is published once.
    """
    await unit.run(OFFER, programme, *key)
    values = (workbook.file_name, workbook.content, workbook.is_numbered, to_kept(now))
    await unit.run(KEEP_WORKBOOK, programme, *key, *values)


async def open_form(unit: Unit, programme: str, form_id: str) -> None:
    """Offer a form to everybody again."""
    await unit.run(OPEN_OR_CLOSE, programme, form_id, True)  # noqa: FBT003 - the column's value.


async def close_form(unit: Unit, programme: str, form_id: str) -> None:
    """Offer a form to nobody new; sessions under way are not touched."""
    await unit.run(OPEN_OR_CLOSE, programme, form_id, False)  # noqa: FBT003 - the column's value.


async def leave_to_folder(unit: Unit, programme: str, form_id: str) -> None:
    """Offer the folder's version of a form from now on; open or closed stays as it is."""
    await unit.run(LEAVE_TO_FOLDER, programme, form_id)


async def workbook(reading: Reading, programme: str, key: FormKey) -> KeptWorkbook | None:
    """Return the workbook of a version that was published in the chat, or None."""
    row = await reading.row(WORKBOOK, programme, *key)
    if row is None:
        return None
    return KeptWorkbook(row["file_name"], bytes(row["content"]), bool(row["is_numbered"]))
