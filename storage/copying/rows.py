"""The rows of all tables, page by page, in a form that is the same on every database.

A row is a line of JSON: bytes stand as `{"base64": "..."}`, truth as true and false. Its SHA-256,
added up over a table's rows, is the table's sum: it does not depend on the order of rows, which
two databases need not agree about.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Boolean, Table

from storage.schema import metadata
from storage.store import Reading, Value

PAGE_BYTES: Final = 1_000_000
"""About so much is read at once; single rows may be longer."""

PAGE_ROWS_MAX: Final = 5_000
FIRST_PAGE_ROWS: Final = 4
GROWTH_MAX: Final = 4
"""A page has at most so many times the rows of the one before, for the next may be longer ones."""

SUM_BITS: Final = 256


@dataclass(frozen=True)
class Shape:
    """A table as it is copied; `key` is what its rows are paged by, `counter` what counts itself.

    It travels with the rows, so that those of an earlier release can be read.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    booleans: tuple[str, ...] = ()
    counter: str = ""

    @cached_property
    def first_page(self) -> str:
        """Return the SQL of the first page; `$1` is its length."""
        return self._page("", 1)

    @cached_property
    def next_page(self) -> str:
        """Return the SQL of the page behind a key, whose values come before the length."""
        key = ", ".join(self.key)
        places = ", ".join(f"${number}" for number, _ in enumerate(self.key, start=1))
        return self._page(f"WHERE ({key}) > ({places})", len(self.key) + 1)

    def _page(self, where: str, place: int) -> str:
        columns, key = ", ".join(self.columns), ", ".join(self.key)
        return f"SELECT {columns} FROM {self.name} {where} ORDER BY {key} LIMIT ${place}"  # noqa: S608 - names of the schema, or checked by `manifest`.

    def plain(self, row: Any) -> list[Value]:  # noqa: ANN401 - a row of either driver.
        """Return a row's values as both databases understand them."""
        return [
            bool(row[name]) if name in self.booleans and row[name] is not None else row[name]
            for name in self.columns
        ]


def shape_of(table: Table) -> Shape:
    """Describe a table of the schema."""
    counter = table.autoincrement_column
    return Shape(
        table.name,
        tuple(column.name for column in table.columns),
        tuple(column.name for column in table.primary_key),
        tuple(column.name for column in table.columns if isinstance(column.type, Boolean)),
        counter.name if counter is not None else "",
    )


def shapes() -> tuple[Shape, ...]:
    """Describe every table there is, each behind those that its rows refer to."""
    return tuple(map(shape_of, metadata.sorted_tables))


@dataclass(slots=True)
class Tally:
    """How many rows were seen, and the sum over them."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        """Count a row."""
        self.rows += 1
        self.total += int.from_bytes(hashlib.sha256(line).digest(), "big")

    @property
    def sum(self) -> str:
        """Return the sum in hexadecimal digits."""
        return f"{self.total % (1 << SUM_BITS):064x}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a table: as values, and as the lines they are kept as."""

    shape: Shape
    rows: Sequence[Sequence[Value]]
    lines: Sequence[bytes] = field(repr=False)


async def pages(reading: Reading, shape: Shape) -> AsyncIterator[Page]:
    """Read a table from beginning to end, a page at a time, as one view shows it."""
    places = [shape.columns.index(name) for name in shape.key]
    rows = await reading.rows(shape.first_page, FIRST_PAGE_ROWS)
    length = FIRST_PAGE_ROWS
    while rows:
        page = page_of(shape, [shape.plain(row) for row in rows])
        yield page
        if len(rows) < length:
            return
        length = _next_length(page)
        last = [page.rows[-1][place] for place in places]
        rows = await reading.rows(shape.next_page, *last, length)


def page_of(shape: Shape, rows: Sequence[Sequence[Value]]) -> Page:
    """Put rows of plain values on a page."""
    return Page(shape, rows, [line_of(row) for row in rows])


def _next_length(page: Page) -> int:
    size = sum(map(len, page.lines))
    wanted = len(page.rows) * PAGE_BYTES // max(size, 1)
    return max(1, min(wanted, GROWTH_MAX * len(page.rows), PAGE_ROWS_MAX))


async def tally(reading: Reading, shape: Shape) -> Tally:
    """Count and sum what a table holds."""
    found = Tally()
    async for page in pages(reading, shape):
        for line in page.lines:
            found.add(line)
    return found


def line_of(row: Iterable[Value]) -> bytes:
    """Write a row as a line, without its end.

    >>> line_of(["é", 1, True, None, b"ab"]).decode()
    '["é",1,true,null,{"base64":"YWI="}]'
    """
    text = json.dumps(list(row), ensure_ascii=False, separators=(",", ":"), default=_base64)
    return text.encode()


def row_of(line: bytes) -> list[Value]:
    """Read a line that `line_of` wrote, which its sum has shown.

    >>> row_of(line_of([b"ab", False]))
    [b'ab', False]
    """
    return [_bytes(value) if isinstance(value, dict) else value for value in json.loads(line)]


def _base64(value: object) -> dict[str, str]:
    if not isinstance(value, bytes):
        raise TypeError(f"a {type(value).__name__} is in no column of ours")
    return {"base64": base64.b64encode(value).decode()}


def _bytes(value: dict[str, str]) -> bytes:
    return base64.b64decode(value["base64"], validate=True)
