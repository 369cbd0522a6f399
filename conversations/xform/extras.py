"""The sheets beside the form: `flags`, `followups`, `validations`, `indicators`.

XLSForm knows nothing of them, so they travel inside the form's own XML, in an element of the head
that every other program passes over. So a version of a form and what its workbook says of it are
kept, numbered, tried and brought back to a folder together. Here they are rows of plain cells;
`conversations.sheets` says what they mean.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias
from xml.sax.saxutils import escape

from lxml import etree

from conversations.xform.xml import children, text_of

NAMES: Final = ("flags", "followups", "validations", "indicators")
NAMESPACE: Final = "urn:baraza:sheets"

Cells: TypeAlias = Mapping[str, str]
"""One row: its filled cells by column, `label::Kiswahili (sw)` where it is translated."""
Extras: TypeAlias = Mapping[str, tuple[Cells, ...]]

_ELEMENT: Final = "sheets"
_END_OF_HEAD: Final = "</h:head>"


def with_extras(xform: str, extras: Mapping[str, Sequence[Cells]]) -> str:
    """Return an XForm as pyxform writes it with the rows of the extra sheets inside it."""
    filled = {name: [dict(row) for row in rows] for name, rows in extras.items() if rows}
    if not filled:
        return xform
    before, end, after = xform.rpartition(_END_OF_HEAD)
    # Signs that XML cannot hold are escaped in JSON, where all others are ASCII.
    rows = escape(json.dumps(filled))
    told = f'<baraza:{_ELEMENT} xmlns:baraza="{NAMESPACE}">{rows}</baraza:{_ELEMENT}>'
    return f"{before}{told}{end}{after}"


def read_extras(document: etree._Element) -> Extras:
    """Read what `with_extras` wrote; nothing where there is none, or what nobody here wrote."""
    told = [
        element
        for head in children(document, "head")
        for element in children(head, _ELEMENT)
        if element.tag == f"{{{NAMESPACE}}}{_ELEMENT}"
    ]
    try:
        found = json.loads(text_of(told[0])) if told else {}
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: _rows(found[name]) for name in NAMES if isinstance(found.get(name), list)}


def _rows(found: Sequence[object]) -> tuple[Cells, ...]:
    rows = (row for row in found if isinstance(row, dict))
    return tuple({str(column): str(cell) for column, cell in row.items()} for row in rows)
