"""The choice lists of a form, and the names a select can have as its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from conversations.xform.form import (
    Computed,
    FixedChoice,
    Form,
    Itemset,
    Plain,
    Question,
    Translated,
    TranslatedBy,
    Wording,
)
from conversations.xpath import Node

_COLUMN: Final = re.compile(r"[\w.\-]+")
_TEXT_ID: Final = re.compile(r"jr:itext\(\s*([\w.\-]+)\s*\)")


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


def all_offered(form: Form, path: str, *chain: str) -> tuple[tuple[str, str], ...]:
    """List what a select ever offers, by name and label, whatever a filter leaves of it.

    `chain` are the languages to say it in, the best first. Blank where its choices are not all
    known; a label that quotes answers is said without them.
    """
    names = names_offered(form, path) or ()
    question = form.elements.get(path)
    if not isinstance(question, Question):
        return ()
    if isinstance(question.choices, Itemset):
        (list_name,) = question.choices.nodes.instances or ("",)
        items, wording = items_of(form, list_name), question.choices.label
        labels = [_item_label(form, item, wording, chain) for item in items]
    else:
        fixed = [one for one in question.choices or () if isinstance(one, FixedChoice)]
        labels = [_said(form, one.label, chain) for one in fixed]
    return tuple((name, label or name) for name, label in zip(names, labels, strict=False))


def _item_label(form: Form, item: Node, wording: Wording | None, chain: Sequence[str]) -> str:
    match wording:
        case Computed(expression):
            return cell(item, expression.text.strip())
        case TranslatedBy(expression):
            inner = _TEXT_ID.search(expression.text)
            column = inner[1] if inner else expression.text.strip()
            return _said(form, Translated(cell(item, column)), chain)
        case _:
            return _said(form, wording, chain)


def _said(form: Form, wording: Wording | None, chain: Sequence[str]) -> str:
    match wording:
        case Plain(pieces):
            return "".join(one for one in pieces if isinstance(one, str)).strip()
        case Translated(text_id):
            said = (form.texts.get(tag, {}).get(text_id, {}) for tag in form.spoken(*chain))
            texts = ("".join(x for x in one.get("long", ()) if isinstance(x, str)) for one in said)
            return next((text.strip() for text in texts if text.strip() not in {"", "-"}), "")
        case _:
            return ""
