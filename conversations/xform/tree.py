"""The nodes of one instance: made from the form's model, found by path and by reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from conversations.xform.form import Form, ModelNode
from conversations.xform.plan import Names, Place
from conversations.xpath import Kind, Node, document, path_of

_STEP = re.compile(r"([^\[\]/]+)(?:\[([0-9]{1,9})\])?")
_NO_RANGES: Mapping[str, Node] = MappingProxyType({})


class Cell:
    """What an instance knows of a node beside its value; it is the node's `owner`.

    `own` is the node's own relevance, before that of what stands above it; `given` says that a
    person or an action gave the value; `alive` is False once its repeat instance is gone;
    `ranges` are stand-ins for the repeats directly below, from which their number is worked out
    while they may have no instance.
    """

    __slots__ = ("alive", "given", "own", "place", "ranges")

    def __init__(self, place: Place) -> None:
        """Know a node that was just made."""
        self.place = place
        self.own = True
        self.given = False
        self.alive = True
        self.ranges: Mapping[str, Node] = _NO_RANGES


def cell_of(node: Node) -> Cell:
    """Return what the instance knows of a node of its own."""
    cell = node.owner
    assert isinstance(cell, Cell)  # noqa: S101 - only nodes of this module's making come here.
    return cell


class Grower:
    """Make nodes of one form."""

    def __init__(self, form: Form) -> None:
        """Know the form; find the pattern of each repeat."""
        self._places = form.plan.places
        self._patterns: dict[str, ModelNode] = {}
        self._find_patterns(form.model)
        self._model = form.model

    def whole(self) -> Node:
        """Make a fresh instance and return its document node."""
        return document(self._grow(self._model))

    def repeat(self, path: str) -> Node:
        """Make a fresh instance of a repeat, not yet part of a tree."""
        return self._grow(self._patterns[path])

    def start_count(self, parent: Node, place: Place) -> int:
        """Say how many instances of a repeat a freshly made parent has."""
        model = self._model_of(cell_of(parent).place)
        return sum(1 for child in model.children if child.path == place.path and not child.template)

    def _model_of(self, place: Place) -> ModelNode:
        node = self._model
        for size in range(2, len(place.names) + 1):
            path = "/" + "/".join(place.names[:size])
            node = self._patterns.get(path) or next(
                child for child in node.children if child.path == path
            )
        return node

    def _find_patterns(self, model: ModelNode) -> None:
        for child in model.children:
            if self._places[child.path].repeat and (
                child.template or child.path not in self._patterns
            ):
                self._patterns[child.path] = child
            self._find_patterns(child)

    def _grow(self, model: ModelNode) -> Node:
        place = self._places[model.path]
        node = Node(model.name, model.text, namespace=model.namespace)
        cell = node.owner = Cell(place)
        node.repeated = place.repeat
        for name, text in model.attributes:
            node.append(self._attribute(model.path, name, text))
        for child in model.children:
            child_place = self._places[child.path]
            if child_place.repeat and child.name not in cell.ranges:
                cell.ranges = {**cell.ranges, child.name: _range(child_place, node)}
            if not child.template:
                node.append(self._grow(child))
        return node

    def _attribute(self, path: str, name: str, text: str) -> Node:
        uri, _, plain = name.rpartition("}")
        node = Node(plain, text, kind=Kind.ATTRIBUTE, namespace=uri.lstrip("{"))
        node.owner = Cell(self._places[f"{path}/@{plain}"])
        return node


def _range(place: Place, parent: Node) -> Node:
    node = Node(place.names[-1])
    node.owner, node.parent = Cell(place), parent
    return node


def nodes_of(base: Node, names: Iterable[str]) -> list[Node]:
    """Find all nodes at `names` below a node."""
    found = [base]
    for name in names:
        if name.startswith("@"):
            found = [a for node in found for a in node.attributes if a.name == name[1:]]
        elif len(found) == 1:
            found = found[0].named.get(name, [])
        else:
            found = [child for node in found for child in node.named.get(name, ())]
    return list(found)


def ancestor_at(node: Node, depth: int) -> Node:
    """Return the node itself or the one above it at a depth; the root element has depth 1."""
    own = len(cell_of(node).place.names)
    while own > depth:
        parent = node.parent
        assert parent is not None  # noqa: S101 - every place stands below the document.
        node, own = parent, own - 1
    return node


def below(node: Node) -> Iterator[Node]:
    """Walk a node and all below it in document order, attributes before children."""
    yield node
    yield from node.attributes
    for child in node.children:
        yield from below(child)


def take_apart(node: Node) -> None:
    """Let nothing below a node lead back up to it, so that all is freed once nobody has it."""
    node.lookups = None
    for attribute in node.attributes:
        attribute.parent = None
    for child in node.children:
        child.parent = None
        cell_of(child).ranges = _NO_RANGES
        take_apart(child)


def addressed(node: Node) -> Iterator[Node]:
    """Walk as `below` does, without what no reference leads to: namesakes that are no repeat."""
    yield node
    yield from node.attributes
    for child in node.children:
        if child.repeated or node.named[child.name][0] is child:
            yield from addressed(child)


def insert_in_order(parent: Node, child: Node) -> None:
    """Put a child after all of its kind, where the form's own order has it."""
    index = cell_of(child).place.index
    at = len(parent.children)
    while at and cell_of(parent.children[at - 1]).place.index > index:
        at -= 1
    parent.insert(at, child)


def split(reference: str) -> tuple[tuple[str, int | None], ...]:
    """Split a reference into names and positions; raise KeyError where it is none.

    >>> split("/data/child[2]/name")
    (('data', None), ('child', 2), ('name', None))
    """
    steps: list[tuple[str, int | None]] = []
    if not reference.strip().startswith("/"):
        raise KeyError(reference)
    for step in reference.strip().removeprefix("/").split("/"):
        if step.isidentifier():  # Most steps, without the cost of an expression.
            steps.append((step, None))
            continue
        match = _STEP.fullmatch(step)
        if match is None:
            raise KeyError(reference)
        mark = "@" if match[1].startswith("@") else ""
        name = mark + match[1].removeprefix("@").rpartition(":")[2]
        steps.append((name, int(match[2]) if match[2] else None))
    return tuple(steps)


def find(top: Node, reference: str) -> Node:
    """Find the node at a reference (a missing position means the first); raise KeyError."""
    node = top
    for name, position in split(reference):
        same = nodes_of(node, (name,)) if name[0] == "@" else node.named.get(name, ())
        index = (position or 1) - 1
        if not 0 <= index < len(same):
            raise KeyError(reference)
        node = same[index]
    return node


def find_range(top: Node, reference: str) -> Node:
    """Find the stand-in of a repeat by the repeat's own reference; raise KeyError."""
    head, _, name = reference.rpartition("/")
    ranges = cell_of(find(top, head)).ranges if head else {}
    plain: Names = tuple(step for step, _ in split(f"/{name}"))
    if plain[0] not in ranges:
        raise KeyError(reference)
    return ranges[plain[0]]


def range_reference(stand_in: Node) -> str:
    """Return the reference of a repeat: that of its parent, and its own name."""
    assert stand_in.parent is not None  # noqa: S101 - stand-ins are made with a parent.
    return f"{path_of(stand_in.parent)}/{stand_in.name}"
