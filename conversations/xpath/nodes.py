"""The light nodes over which expressions run.

A tree of `Node`s is a document: its root is a `DOCUMENT` node without a name whose only element
is `/data` (or `<root>` of a secondary instance). Rules that hold here:

- `children`, `attributes` and `named` are read by everyone and changed only through `append`,
  `insert` and `remove`, which keep the three and `parent` in step.
- A leaf keeps its value in `text`; text nodes exist only where a document mixes text and elements.
- `relevant` False takes a node out of every node-set and blanks it; whoever sets it sets it for
  the whole subtree (relevance is inherited).
- `typed` is what a leaf counts by as a condition: a boolean's "false" and a number's 0 are false,
  any other leaf is true when it is not blank.
- `repeated` marks one instance of a repeat: it is what "an absolute path means this instance"
  goes by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Any, Literal, TypeAlias

Typed: TypeAlias = Literal["text", "number", "boolean"]

_NO_NODES: tuple[Node, ...] = ()
_NO_NAMES: Mapping[str, list[Node]] = {}


class Kind(IntEnum):
    """What a node is in XPath's eyes."""

    DOCUMENT = 0
    ELEMENT = 1
    ATTRIBUTE = 2
    TEXT = 3
    COMMENT = 4
    INSTRUCTION = 5


class Node:
    """One node of a document; `owner` is free for whoever builds the tree.

    `name` is the local name (an attribute's too, without `@`; an instruction's target), `namespace`
    its URI or blank. `lookups` is the expressions' own: see `conversations.xpath.lookups`.
    """

    __slots__ = (
        "attributes",
        "children",
        "kind",
        "lookups",
        "name",
        "named",
        "namespace",
        "owner",
        "parent",
        "relevant",
        "repeated",
        "text",
        "typed",
    )

    def __init__(
        self, name: str = "", text: str = "", *, kind: Kind = Kind.ELEMENT, namespace: str = ""
    ) -> None:
        """Make a node that belongs to no tree yet."""
        self.name = name
        self.text = text
        self.kind = kind
        self.namespace = namespace
        self.parent: Node | None = None
        self.children: Sequence[Node] = _NO_NODES
        self.attributes: Sequence[Node] = _NO_NODES
        self.named: Mapping[str, list[Node]] = _NO_NAMES
        self.relevant = True
        self.repeated = False
        self.typed: Typed = "text"
        self.owner: Any = None
        self.lookups: dict[tuple[str, str], dict[str, list[Node]]] | None = None

    def __repr__(self) -> str:
        """Show the node by its path."""
        return f"<Node {path_of(self)}>"

    def append(self, child: Node) -> Node:
        """Add a child (or an attribute) at the end and return it."""
        if child.kind is Kind.ATTRIBUTE:
            self.attributes = [*self.attributes, child]
            child.parent = self
            return child
        return self.insert(len(self.children), child)

    def insert(self, index: int, child: Node) -> Node:
        """Put a child before the one that stands at `index` among all children; return it."""
        self.lookups = None
        if not isinstance(self.children, list):
            self.children, self.named = [], {}
        at_end = index >= len(self.children)
        self.children.insert(index, child)
        child.parent = self
        if child.kind is Kind.ELEMENT:
            self._name(child, at_end=at_end)
        return child

    def remove(self, child: Node) -> None:
        """Take a child out; a ValueError says that it was none."""
        if not isinstance(self.children, list):
            message = f"{child!r} is no child of {self!r}"
            raise ValueError(message)  # noqa: TRY004 - the caller's value is wrong, not its type.
        self.lookups = None
        del self.children[_index(self.children, child)]
        if child.kind is Kind.ELEMENT:
            same = self.named[child.name]
            del same[_index(same, child)]
        child.parent = None

    def _name(self, child: Node, *, at_end: bool) -> None:
        assert isinstance(self.named, dict)  # noqa: S101 - `insert` has just seen to it.
        same = self.named.setdefault(child.name, [])
        if at_end:
            same.append(child)
        else:
            same[:] = [
                sibling
                for sibling in self.children
                if sibling.kind is Kind.ELEMENT and sibling.name == child.name
            ]

    def attribute(self, name: str) -> str | None:
        """Return the value of an attribute by local name, None where there is none."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute.text
        return None

    def string(self) -> str:
        """Return the string-value: the own text and that of all relevant text and elements below.

        Source: XPath 1.0, section 5.
        """
        if not self.relevant:
            return ""
        if not self.children:
            return self.text
        return self.text + "".join(
            child.string() for child in self.children if child.kind in _SPEAKING
        )

    def descendants(self) -> Iterator[Node]:
        """Walk all nodes below this one in document order, attributes left out."""
        for child in self.children:
            yield child
            yield from child.descendants()


_SPEAKING = frozenset({Kind.ELEMENT, Kind.TEXT})


def document(root: Node) -> Node:
    """Stand a root element under a new document node and return the document node."""
    top = Node(kind=Kind.DOCUMENT)
    top.append(root)
    return top


def path_of(node: Node) -> str:
    """Return the absolute path, positions only at repeats: `/data/child[2]/name`, `/data/@id`."""
    steps: list[str] = []
    while node.parent is not None:
        position = f"[{position_of(node)}]" if node.repeated else ""
        mark = "@" if node.kind is Kind.ATTRIBUTE else ""
        steps.append(f"/{mark}{node.name}{position}")
        node = node.parent
    return "".join(reversed(steps)) or "/"


def position_of(node: Node) -> int:
    """Return the place among the siblings of the same name, from 1."""
    if node.parent is None or node.kind is not Kind.ELEMENT:
        return 1
    return _index(node.parent.named[node.name], node) + 1


def _index(nodes: Sequence[Node], node: Node) -> int:
    for index, candidate in enumerate(nodes):
        if candidate is node:
            return index
    message = f"{node!r} is not among {len(nodes)} nodes"
    raise ValueError(message)
