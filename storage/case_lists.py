"""Lists of cases as the console shows them: filtered, searched, a page at a time.

What somebody does not serve, and what they reported themselves, is in no list of theirs: the
conditions stand in the statements and not in what comes after. Lists of codes come as `,a,b,`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from conversations.reviewing.cases import Case
from conversations.sheets.flags import Severity
from storage.cases import Served, case_of_row, listed
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row

Shelf: TypeAlias = Literal["waiting", "asked", "decided"]

PAGE: Final = 50

_CONDITIONS: Final = """
    c.programme = $1
      AND ($2 = '' OR $2 LIKE '%,' || c.language || ',%')
      AND ($3 = '' OR $3 LIKE '%,' || c.area || ',%')
      AND ($4 = '' OR $4 LIKE '%,' || c.form_id || ',%')
      AND ($5 = '' OR c.form_id = $5)
      AND ($6 = '' OR c.area = $6)
      AND ($7 = '' OR c.language = $7)
      AND ($8 = 0 OR c.severity = $8)
      AND ($9 = '' OR EXISTS (SELECT 1 FROM flags AS f
                              WHERE f.instance_id = c.instance_id AND f.name = $9))
      AND NOT EXISTS (SELECT 1 FROM submissions AS s
                      WHERE s.instance_id = c.instance_id AND s.reporter = $10)
"""

WAITING = f"""
    SELECT c.* FROM cases AS c
    WHERE {_CONDITIONS} AND c.state <> 'decided' AND c.state <> 'asked'
      AND ($11 = 0 OR (c.claimed_by = $11 AND c.claimed_until_at > $12))
      AND (NOT $13 OR c.escalated)
      AND (c.look_by_at, c.instance_id) > ($14, $15)
    ORDER BY c.look_by_at, c.instance_id LIMIT $16
"""  # noqa: S608 - put together from our own words.

ASKED = f"""
    SELECT c.* FROM cases AS c
    WHERE {_CONDITIONS} AND c.state = 'asked' AND c.state <> 'decided'
      AND ($11 = 0 OR $11 > 0) AND $12 > 0 AND (NOT $13 OR c.escalated)
      AND (c.look_by_at, c.instance_id) > ($14, $15)
    ORDER BY c.look_by_at, c.instance_id LIMIT $16
"""  # noqa: S608

DECIDED = f"""
    SELECT c.* FROM cases AS c
    WHERE {_CONDITIONS} AND c.state = 'decided'
      AND ($11 = 0 OR c.decided_by = $11) AND $12 > 0 AND (NOT $13 OR c.appealed)
      AND (c.decided_at, c.instance_id) < ($14, $15)
    ORDER BY c.decided_at DESC, c.instance_id DESC LIMIT $16
"""  # noqa: S608

BY_RECEIPT = """
    SELECT c.* FROM cases AS c
    WHERE c.programme = $1 AND c.instance_id IN (
        SELECT coalesce(e.original, s.instance_id)
        FROM submissions AS s LEFT JOIN edits AS e ON e.instance_id = s.instance_id
        WHERE s.programme = $1 AND s.receipt = $2)
    ORDER BY c.opened_at LIMIT 20
"""

RECEIPTS = "SELECT instance_id, receipt FROM submissions WHERE instance_id IN ({places})"

FLAGS = """
    SELECT instance_id, name, severity FROM flags WHERE instance_id IN ({places})
    ORDER BY severity DESC, id
"""


FAR: Final = 2**62


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list shows; blank, or 0, for all. `apart`: escalated, or appealed if decided."""

    shelf: Shelf = "waiting"
    form: str = ""
    area: str = ""
    language: str = ""
    severity: int = 0
    flag: str = ""
    mine: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a list, with its report's code and the names of its flags, the gravest first."""

    case: Case
    look_by: datetime
    receipt: str
    flags: tuple[tuple[str, Severity], ...]


async def page(  # noqa: PLR0913, PLR0917 - whose list of what, from where on, when.
    reading: Reading,
    programme: str,
    served: Served,
    own: Reporter,
    filters: Filters,
    now: datetime,
    after: tuple[int, str] | None = None,
) -> Sequence[Listed]:
    """Return a page of a list; `after` is `mark` of the last one before it.

    `own` is the pseudonym under which the moderator reports, blank for none.
    """
    decided = filters.shelf == "decided"
    past, instance_id = after or ((FAR, "") if decided else (-1, ""))
    rows = await reading.rows(
        {"waiting": WAITING, "asked": ASKED, "decided": DECIDED}[filters.shelf],
        *(programme, listed(served.languages), listed(served.areas), listed(served.forms)),
        *(filters.form, filters.area, filters.language, filters.severity, filters.flag, own),
        *(served.by if filters.mine else 0, to_kept(now), filters.apart),
        *(past, instance_id, PAGE),
    )
    return await _completed(reading, rows)


async def by_receipt(reading: Reading, programme: str, receipt: str) -> Sequence[Listed]:
    """Return the cases of the reports with a receipt code, whoever serves them."""
    return await _completed(reading, await reading.rows(BY_RECEIPT, programme, receipt))


def mark(listed_case: Listed) -> tuple[int, str]:
    """Return where a list goes on behind a case."""
    case = listed_case.case
    moment = case.decided_at if case.decided_at and case.state == "decided" else None
    return to_kept(moment or listed_case.look_by), case.instance_id


async def _completed(reading: Reading, rows: Sequence[Row]) -> Sequence[Listed]:
    """Put receipts and flags beside cases, with one question for each."""
    ids = [str(row["instance_id"]) for row in rows]
    if not ids:
        return []
    places = ", ".join(f"${number}" for number, _ in enumerate(ids, 1))
    receipts = {row["instance_id"]: row["receipt"]
                for row in await reading.rows(RECEIPTS.format(places=places), *ids)}  # fmt: skip
    flags: dict[str, list[tuple[str, Severity]]] = {}
    for row in await reading.rows(FLAGS.format(places=places), *ids):
        flags.setdefault(row["instance_id"], []).append((row["name"], Severity(row["severity"])))
    return [
        Listed(
            *(case_of_row(row), from_kept(row["look_by_at"]), receipts.get(row["instance_id"], "")),
            tuple(flags.get(row["instance_id"], ())),
        )
        for row in rows
    ]
