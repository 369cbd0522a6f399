"""Forms as they were when somebody began to answer them.

Sessions and submissions are pinned to a form's version. A programme's folder holds only the
newest, so each version that was ever served is kept here as the XForm it was read from.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conversations.programme import FormKey, Programme
from conversations.xform.form import Form
from conversations.xform.problems import FormError
from conversations.xform.reader import read_form
from storage.moments import to_kept
from storage.store import Reading, Unit

log = logging.getLogger(__name__)

# The newest text of a version wins; whether it changed is told to the caller.
KEEP = """
    INSERT INTO forms (programme, form_id, form_version, xform, kept_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (programme, form_id, form_version) DO UPDATE SET xform = excluded.xform
"""

ONE = """
    SELECT xform FROM forms WHERE programme = $1 AND form_id = $2 AND form_version = $3
"""

VERSIONS = """
    SELECT form_version FROM forms WHERE programme = $1 AND form_id = $2
    ORDER BY kept_at, form_version
"""

OF_PROGRAMME = """
    SELECT form_id, form_version, xform FROM forms WHERE programme = $1
    ORDER BY kept_at, form_id, form_version
"""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A version of a form that was served once."""

    key: FormKey
    xform: str


async def keep(unit: Unit, programme: str, form: Form, now: datetime) -> bool:
    """Keep a form's version; False if it was kept before with other questions.

    A form that changes must change its version, or answers begun before meet questions they were
    not given to; the newest text is kept and used all the same.
    """
    row = await unit.row(ONE, programme, form.form_id, form.version)
    same = row is None or row["xform"] == form.source
    if row is None or not same:
        values = (programme, form.form_id, form.version, form.source, to_kept(now))
        await unit.run(KEEP, *values)
    return same


async def one(reading: Reading, programme: str, key: FormKey) -> str | None:
    """Return the XForm of a version that was served; None if it never was."""
    row = await reading.row(ONE, programme, *key)
    return str(row["xform"]) if row else None


async def versions(reading: Reading, programme: str, form_id: str) -> tuple[str, ...]:
    """List the versions of a form that were ever served, oldest first."""
    rows = await reading.rows(VERSIONS, programme, form_id)
    return tuple(row["form_version"] for row in rows)


async def of_programme(reading: Reading, programme: str) -> Sequence[KeptForm]:
    """Return every version of a programme's forms that was served, oldest first."""
    rows = await reading.rows(OF_PROGRAMME, programme)
    return [KeptForm((row["form_id"], row["form_version"]), row["xform"]) for row in rows]


async def with_earlier(reading: Reading, programme: Programme) -> Programme:
    """Add to a programme the earlier versions of its forms, which it no longer offers.

    A version that can no longer be read is left out and logged; sessions pinned to it are told so.
    """
    forms = dict(programme.forms)
    for kept in await of_programme(reading, programme.name):
        if kept.key not in forms:
            try:
                forms[kept.key] = read_form(kept.xform, programme.media)
            except FormError as error:
                log.warning("Version %s of form %s cannot be read: %s", *reversed(kept.key), error)
    return programme.with_forms(forms)
