"""Submissions as flat tables, laid out as ODK Central's CSV export lays them out.

One root table a form and one table a repeat. Groups are joined to their questions by `-`
(`place-county`); in a repeat's table names begin below the repeat. A geopoint takes four columns
(`-Latitude`, `-Longitude`, `-Altitude`, `-Accuracy`), a select_multiple one. Rows of a repeat say
where they stand: KEY `uuid:..../child[2]`, PARENT_KEY `uuid:...`.

What a submission holds and no known version of its form has is not dropped: it becomes a column
after the others (`TableRow.strays`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from lxml import etree

from conversations.xform.form import Form, ModelNode, Repeat
from conversations.xform.xml import children, local, parse

GEOPOINT = ("-Latitude", "-Longitude", "-Altitude", "-Accuracy")
VALUE = ("",)
BEFORE = ("SubmissionDate",)
AFTER = (
    "KEY",
    "SubmitterID",
    "SubmitterName",
    "AttachmentsPresent",
    "AttachmentsExpected",
    "Status",
    "ReviewState",
    "DeviceID",
    "Edits",
    "FormVersion",
    "Receipt",
    "Language",
    "ConsentVersion",
)
AFTER_REPEAT = ("PARENT_KEY", "KEY")
IDS = ("meta-instanceID", "meta-deprecatedID")
"""What every edit changes: the ids of the submission itself."""


@dataclass(frozen=True, slots=True)
class Column:
    """A question's place in a table; `parts` are the endings of its headings, four for a place."""

    path: str
    heading: str
    parts: tuple[str, ...] = VALUE

    def headings(self) -> tuple[str, ...]:
        """Return the headings of the columns this question takes."""
        return tuple(self.heading + part for part in self.parts)

    def cells(self, value: str) -> tuple[str, ...]:
        """Spread an answer over its columns.

        >>> Column("/data/at", "at", GEOPOINT).cells("-1.29 36.82 0")
        ('-1.29', '36.82', '0', '')
        """
        if self.parts == VALUE:
            return (value,)
        given = value.split()[: len(self.parts)]
        return (*given, *("" for _ in self.parts[len(given) :]))


@dataclass(frozen=True, slots=True)
class Table:
    """The root table of a form (`name` blank) or that of one repeat."""

    path: str
    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: the answers by path; `table` is the table's path, `strays` fit in no column."""

    table: str
    key: str
    parent_key: str
    answers: Mapping[str, str]
    strays: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is known of a submission beside its answers."""

    kept_at: datetime
    form_version: str
    review_state: str
    attachments_expected: int
    attachments_present: int
    code: str = ""
    edits: int = 0
    language: str = ""
    """The language of the interview, by its tag."""
    consent: str = ""
    """The version of the text that the reporter had agreed to."""


def tables_of(forms: Sequence[Form]) -> tuple[Table, ...]:
    """Return the tables of a form whose versions these are, the most telling version first.

    Columns stand in the order of the first version that has them.
    """
    tables: dict[str, dict[str, Column]] = {}
    for form in forms:
        _gather(form, form.model, form.model.path, tables)
    names = Counter(path.rpartition("/")[2] for path in tables)
    return tuple(
        Table(path, _name(path, forms[0].model.path, names), tuple(columns.values()))
        for path, columns in tables.items()
    )


def rows_of(xml: str, key: str, tables: Sequence[Table]) -> list[TableRow]:
    """Flatten a submission into rows, the root's first; `key` is its instance id."""
    root = parse(xml, "The submission")
    known = {table.path: {column.path for column in table.columns} for table in tables}
    # The root is the form's, whatever a later version of the form calls it.
    return list(_rows(root, tables[0].path, key, "", known))


def headings_of(table: Table, strays: Sequence[str] = ()) -> tuple[str, ...]:
    """Return a table's headings."""
    own = [heading for column in table.columns for heading in column.headings()]
    if table.name:
        return (*own, *strays, *AFTER_REPEAT)
    return (*BEFORE, *own, *strays, *AFTER)


def cells_of(
    table: Table, row: TableRow, receipt: Receipt, strays: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return a row's cells under `headings_of`."""
    own = [
        cell for column in table.columns for cell in column.cells(row.answers.get(column.path, ""))
    ]
    own += [row.strays.get(stray, "") for stray in strays]
    if table.name:
        return (*own, row.parent_key, row.key)
    moment = written_moment(receipt.kept_at)
    counts = (str(receipt.attachments_present), str(receipt.attachments_expected))
    # Who sent it and with which device is not exported: the columns stay for the layout's sake.
    after = (row.key, "", "", *counts, "", receipt.review_state, "", str(receipt.edits))
    ours = (receipt.form_version, receipt.code, receipt.language, receipt.consent)
    return (moment, *own, *after, *ours)


def written_moment(moment: datetime) -> str:
    """Write a moment in UTC as Central does."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """An answer before and after an edit, blank where there was or is none; `row` is its row's key.

    The row of an instance of a repeat is counted as it stood: where one was removed, those behind
    it move up, and their answers with them.
    """

    row: str
    column: str
    before: str
    after: str


def changed_answers(
    before: str, after: str, key: str, tables: Sequence[Table]
) -> Iterator[ChangedAnswer]:
    """Yield what differs between two versions of a submission, in the order of its tables."""
    old, new = (_answers(xml, key, tables) for xml in (before, after))
    for place in dict.fromkeys((*new, *old)):
        if old.get(place, "") != new.get(place, ""):
            yield ChangedAnswer(*place, old.get(place, ""), new.get(place, ""))


def _answers(xml: str, key: str, tables: Sequence[Table]) -> Mapping[tuple[str, str], str]:
    """Return every answer by the key of its row and its column, but for the submission's ids."""
    named = {column.path: column.heading for table in tables for column in table.columns}
    return {
        (row.key, column): value
        for row in rows_of(xml, key, tables)
        for column, value in (
            *((named[path], value) for path, value in row.answers.items()),
            *row.strays.items(),
        )
        if not column.startswith(IDS)
    }


def _gather(form: Form, node: ModelNode, table: str, tables: dict[str, dict[str, Column]]) -> None:
    columns = tables.setdefault(table, {})
    for child in node.children:
        if isinstance(form.elements.get(child.path), Repeat):
            _gather(form, child, child.path, tables)
        elif child.children:
            _gather(form, child, table, tables)
        elif child.path not in columns:
            columns[child.path] = _column(form, child.path, table)


def _column(form: Form, path: str, table: str) -> Column:
    bind = form.binds.get(path)
    parts = GEOPOINT if bind and bind.type == "geopoint" else VALUE
    return Column(path, _joined(path, table), parts)


def _joined(path: str, table: str) -> str:
    """Return the part of a path below a table, joined by `-`."""
    return path[len(table) + 1 :].replace("/", "-")


def _name(path: str, root: str, names: Counter[str]) -> str:
    """Name a repeat's table: by the repeat, by its whole path where two repeats share a name."""
    if path == root:
        return ""
    own = path.rpartition("/")[2]
    return own if names[own] == 1 else _joined(path, root)


def _rows(
    element: etree._Element,
    table: str,
    key: str,
    parent_key: str,
    known: Mapping[str, AbstractSet[str]],
) -> Iterator[TableRow]:
    answers: dict[str, str] = {}
    strays: dict[str, str] = {}
    inner: list[tuple[etree._Element, str, str]] = []
    for end, path, end_key in _ends(element, table, key, known):
        if path in known:
            inner.append((end, path, end_key))
        elif path in known[table] and path not in answers:
            answers[path] = "".join(end.itertext())
        else:
            _stray(strays, _joined(path, table), "".join(end.itertext()))
    yield TableRow(table, key, parent_key, answers, strays)
    for end, path, end_key in inner:
        yield from _rows(end, path, end_key, key, known)


def _ends(
    element: etree._Element, path: str, key: str, known: Mapping[str, AbstractSet[str]]
) -> Iterator[tuple[etree._Element, str, str]]:
    """Walk down to answers and to instances of repeats, each with its path and its key."""
    seen: Counter[str] = Counter()
    for child in children(element):
        name = local(child)
        seen[name] += 1
        below = f"{path}/{name}"
        if below in known:
            yield child, below, f"{key}/{name}[{seen[name]}]"
        elif children(child):
            yield from _ends(child, below, f"{key}/{name}", known)
        else:
            yield child, below, f"{key}/{name}"


def _stray(strays: dict[str, str], heading: str, value: str) -> None:
    """Keep a value no column is for, each of several with the same name in its own column."""
    number = 1
    wanted = heading
    while wanted in strays:
        number += 1
        wanted = f"{heading}[{number}]"
    strays[wanted] = value
