"""The choice lists of a form, and the names a select can have as its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from conversations.xform.form import FixedChoice, Form, Itemset, Question
from conversations.xpath import Node

_COLUMN: Final = re.compile(r"[\w.\-]+")


def items_of(form: Form, list_name: str) -> Sequence[Node]:
    """List the rows of a choice list or table; none where it has no such rows."""
    instance = form.instances.get(list_name)
    root = instance.children[0] if instance is not None and instance.children else None
    return [item for item in root.children if item.name == "item"] if root is not None else []


def cell(item: Node, column: str) -> str:
    """Return what stands in a column of a row; blank where there is none."""
    return next((one.text for one in item.children if one.name == column), "")


def names_offered(form: Form, path: str) -> tuple[str, ...] | None:
    """Return the names a select can have as its answer; None where they are not all known."""
    question = form.elements.get(path)
    if not isinstance(question, Question):
        return None
    match question.choices:
        case Itemset(nodes=nodes, name=name) if len(nodes.instances) == 1:
            (list_name,) = nodes.instances
            column = name.text.strip()
            if not _COLUMN.fullmatch(column):
                return None
            return tuple(cell(item, column) for item in items_of(form, list_name)) or None
        case tuple() as choices:
            return tuple(choice.name for choice in choices if isinstance(choice, FixedChoice))
        case _:
            return None
