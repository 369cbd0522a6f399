"""What a report tells the forms that follow it: each answer under its question's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from conversations.sheets.names import PARENT
from conversations.xform.form import Form
from conversations.xform.unknowns import expressions_of
from conversations.xform.xml import parse, read_nodes
from conversations.xpath import Node


def answers_in(xml: str) -> Mapping[str, str]:
    """Return the answers of a kept submission by name; of several in a repeat, the first.

    FormError where the XML is broken.
    """
    found: dict[str, str] = {}
    for name, text in _leaves(read_nodes(parse(xml, "The submission")).children[0]):
        found.setdefault(name, text)
    return found


def told_of(xml: str, receipt: str, submitted_on: date) -> Mapping[str, str]:
    """Return what a follow-up form can ask of its report: `Surroundings.beside["parent"]`."""
    about = {"receipt": receipt, "submitted_on": submitted_on.isoformat()}
    return {**answers_in(xml), **about}


def asked_by(form: Form, told: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what of its report a form asks for, and no more: `Session.parent`."""
    read = {
        location.names[1]
        for _, _, expression in expressions_of(form)
        for location in expression.paths
        if location.instance_id == PARENT and location.names[1:]
    }
    return tuple((name, text) for name, text in told.items() if name in read)


def _leaves(node: Node) -> Iterator[tuple[str, str]]:
    for child in node.children:
        if child.name == "meta":
            continue
        if child.children:
            yield from _leaves(child)
        elif child.text:
            yield child.name, child.text
