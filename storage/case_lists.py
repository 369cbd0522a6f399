"""Lists of cases as the console shows them: filtered, searched, a page at a time.

What somebody does not serve, and what they reported themselves, is in no list of theirs: the
conditions stand in the statements and not in what comes after.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from conversations.reviewing.cases import Case
from conversations.sheets.flags import Severity
from storage.cases import Served, case_of_row, only_served
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row, Value

Shelf: TypeAlias = Literal["waiting", "asked", "decided"]

PAGE: Final = 50

# A list is put together of what it asks for and nothing else: each condition is then a plain one,
# which both databases check in the index that the list is read from, in its order.
LIST = """
    SELECT c.* FROM {source} WHERE {conditions}
      AND NOT EXISTS (SELECT 1 FROM submissions AS s
                      WHERE s.instance_id = c.instance_id AND s.reporter = {own})
    ORDER BY {order} LIMIT {limit}
"""

# A doubt that few reports have leads to them; of one that many have, some are met soon.
FEW = """
    SELECT count(*) AS count FROM (
        SELECT 1 FROM flags WHERE programme = $1 AND name = $2 AND verdict = '' LIMIT $3) AS few
"""

FEW_DECIDED = FEW.replace("AND verdict = ''", "")

# SQLite takes the two tables of a CROSS JOIN in the order in which they stand. What is told apart
# is no mere column, lest it go through all flags in that column's order.
DOUBTED = """(SELECT DISTINCT f.instance_id || '' AS instance_id FROM flags AS f
          WHERE f.programme = $1 AND f.name = {flag}{open}) AS doubted
        CROSS JOIN cases AS c"""

HAS_DOUBT = """EXISTS (SELECT 1 FROM flags AS f
          WHERE f.programme = $1 AND f.name = {flag}{open} AND f.instance_id = c.instance_id)"""

FEW_MAX: Final = 2_000
"""So many flags of one name are looked up one by one; of more, the list is read in its order."""

# So many flags of one name are looked through, whatever else waits. How many doubts a case has is
# compared here; that they are the same ones, by whoever asks.
ALIKE = """
    SELECT c.* FROM (
        SELECT DISTINCT f.instance_id FROM flags AS f
        WHERE f.programme = $1 AND f.name = $2 AND f.verdict = '' LIMIT $3) AS doubted
    JOIN cases AS c ON c.instance_id = doubted.instance_id
    WHERE c.form_id = $4 AND c.state = 'open' AND NOT c.escalated AND NOT c.appealed
      AND c.claimed_until_at <= $5
      AND (SELECT count(*) FROM flags AS g WHERE g.instance_id = c.instance_id) = $6 {served}
    ORDER BY c.look_by_at, c.instance_id LIMIT $7
"""

ALIKE_FLAGS_MAX: Final = 1_000

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


async def alike(  # noqa: PLR0913, PLR0917 - like what, of whose cases, when, how many.
    reading: Reading,
    programme: str,
    served: Served,
    form_id: str,
    doubt: str,
    doubts: int,
    now: datetime,
    at_most: int,
) -> Sequence[Case]:
    """Return open cases of a form that nobody holds, with a doubt and as many doubts as told."""
    said, names = only_served(served, first=8, of="c.")
    values = (programme, doubt, ALIKE_FLAGS_MAX, form_id, to_kept(now), doubts, at_most)
    rows = await reading.rows(ALIKE.format(served=said), *values, *names)
    return [case_of_row(row) for row in rows]


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
    few = bool(filters.flag) and await _are_few(reading, programme, filters)
    sought = _Sought([programme])
    conditions = [
        *_of_shelf(sought, filters, now, served),
        *_plain(sought, filters, served),
        *(_of_flag(sought, filters, few=few) if filters.flag else ()),
        _behind(sought, filters, after),
    ]
    statement = LIST.format(
        source=_source(sought, filters) if few else "cases AS c",
        conditions="c.programme = $1 AND " + " AND ".join(conditions),
        order=ORDERS[filters.shelf],
        own=sought.place(own),
        limit=sought.place(PAGE),
    )
    return await _completed(reading, await reading.rows(statement, *sought.values))


ORDERS: Final[Mapping[Shelf, str]] = {
    "waiting": "c.look_by_at, c.instance_id",
    "asked": "c.look_by_at, c.instance_id",
    "decided": "c.decided_at DESC, c.instance_id DESC",
}


@dataclass(slots=True)
class _Sought:
    """The values of a statement that is being put together."""

    values: list[Value]

    def place(self, value: Value) -> str:
        """Add a value; return how the statement calls it."""
        self.values.append(value)
        return f"${len(self.values)}"


async def _are_few(reading: Reading, programme: str, filters: Filters) -> bool:
    """Tell whether a doubt is so rare that its cases are found from it."""
    statement = FEW_DECIDED if filters.shelf == "decided" else FEW
    row = await reading.row(statement, programme, filters.flag, FEW_MAX + 1)
    return row is not None and row["count"] <= FEW_MAX


def _of_shelf(sought: _Sought, filters: Filters, now: datetime, served: Served) -> Iterator[str]:
    match filters.shelf:
        case "waiting":
            yield from ("c.state <> 'decided'", "c.state <> 'asked'")
            yield from ("c.escalated",) if filters.apart else ()
            if filters.mine:
                yield f"c.claimed_by <> 0 AND c.claimed_by = {sought.place(served.by)}"
                yield f"c.claimed_until_at > {sought.place(to_kept(now))}"
        case "asked":
            yield "c.state = 'asked'"
            yield from ("c.state <> 'decided'", "c.escalated") if filters.apart else ()
        case "decided":
            yield "c.state = 'decided'"
            yield from ("c.appealed",) if filters.apart else ()
            yield from (f"c.decided_by = {sought.place(served.by)}",) if filters.mine else ()


def _plain(sought: _Sought, filters: Filters, served: Served) -> Iterator[str]:
    wanted = {"form_id": filters.form, "area": filters.area, "language": filters.language}
    for column, value in wanted.items():
        if value:
            yield f"c.{column} = {sought.place(value)}"
    if filters.severity:
        yield f"c.severity = {sought.place(filters.severity)}"
    whose = {"language": served.languages, "area": served.areas, "form_id": served.forms}
    for column, names in whose.items():
        if names:
            yield f"c.{column} IN ({', '.join(map(sought.place, sorted(names)))})"


def _of_flag(sought: _Sought, filters: Filters, *, few: bool) -> Iterator[str]:
    if few:
        yield "c.instance_id = doubted.instance_id"
    else:
        yield HAS_DOUBT.format(flag=sought.place(filters.flag), open=_verdict(filters))


def _source(sought: _Sought, filters: Filters) -> str:
    return DOUBTED.format(flag=sought.place(filters.flag), open=_verdict(filters))


def _verdict(filters: Filters) -> str:
    """Leave out the flags of decided cases where none is looked for; their doubts were judged."""
    return "" if filters.shelf == "decided" else " AND f.verdict = ''"


def _behind(sought: _Sought, filters: Filters, after: tuple[int, str] | None) -> str:
    decided = filters.shelf == "decided"
    moment, instance_id = after or ((FAR, "") if decided else (-1, ""))
    columns, sign = ("c.decided_at", "<") if decided else ("c.look_by_at", ">")
    pair = f"({sought.place(moment)}, {sought.place(instance_id)})"
    return f"({columns}, c.instance_id) {sign} {pair}"


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
