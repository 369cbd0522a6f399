"""Instance <-> draft: what was given, in document order, and nothing that can be worked out.

A pair is a reference and its value, or a repeat's own reference and the number of its instances
where that differs from a fresh form's. Calculations are left out, except those that a person
overwrote and those that keep their first value (`once()`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conversations.xform.form import Form
from conversations.xform.preloads import instance_id_path
from conversations.xform.propagation import REPEATS_MAX, instances_of
from conversations.xform.standing import Draft
from conversations.xform.tree import (
    Grower,
    cell_of,
    find,
    insert_in_order,
    range_reference,
)
from conversations.xpath import Node, path_of


def save(form: Form, nodes: Iterable[Node], grower: Grower) -> Draft:
    """Return what a person or an action gave; `nodes` are all of an instance, in order."""
    own_id, lasting = instance_id_path(form), form.plan.lasting
    entries: list[tuple[str, str]] = []
    for node in nodes:
        cell = cell_of(node)
        if cell.given or cell.ranges or cell.place.path in lasting:  # Few nodes, of thousands.
            entries += _entries(form, node, grower) if cell.place.path != own_id else ()
    return tuple(entries)


def restore(draft: Draft, top: Node, grower: Grower) -> None:
    """Put a draft into a fresh tree; what follows from it is not worked out here.

    Raises KeyError for a reference the form does not have.
    """
    for reference, value in draft:
        stand_in = None if reference.endswith("]") else _range(top, reference)
        if stand_in is None:
            node = find(top, reference)
            node.text = value
            cell_of(node).given = True
        else:
            _resize(stand_in, min(int(value), REPEATS_MAX), grower)


def _range(top: Node, reference: str) -> Node | None:
    """Return the stand-in of the repeat that a reference names, if it names one."""
    head, _, name = reference.rpartition("/")
    parent = find(top, head) if head else None
    return None if parent is None else cell_of(parent).ranges.get(name)


def _resize(stand_in: Node, wanted: int, grower: Grower) -> None:
    parent = stand_in.parent
    assert parent is not None  # noqa: S101 - stand-ins are made with a parent.
    present = instances_of(stand_in)
    for node in present[wanted:]:
        parent.remove(node)
    for _ in range(wanted - len(present)):
        insert_in_order(parent, grower.repeat(cell_of(stand_in).place.path))


def _entries(form: Form, node: Node, grower: Grower) -> Iterator[tuple[str, str]]:
    cell = cell_of(node)
    if (cell.given or _keeps_first(form, node)) and not node.children:
        # Outside of repeats the reference is the path; that spares most of a draft's cost.
        alone = not (cell.place.repeat or cell.place.inside_repeat)
        yield cell.place.path if alone else path_of(node), node.text
    for stand_in in cell.ranges.values():
        number = len(instances_of(stand_in))
        if number != grower.start_count(node, cell_of(stand_in).place):
            yield range_reference(stand_in), str(number)


def _keeps_first(form: Form, node: Node) -> bool:
    return bool(node.text) and cell_of(node).place.path in form.plan.lasting
