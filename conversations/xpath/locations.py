"""Paths: steps to closures that yield nodes.

- Nodes that are not relevant are left out of what a path yields; steps pass through them, and
  predicates number them (as JavaRosa does).
- An absolute path inside a repeat means this instance: where a step that is not the last meets
  several instances of a repeat and one of them holds the context node, it goes into that one. The
  context node is that of the path, or that of the expression where the path stands in a predicate
  over another document. Steps with predicates, and relative paths, mean all instances.
- Every path and every node a step looks at is charged to the budget.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from conversations.xpath.nodes import Kind, Node
from conversations.xpath.scope import Scope
from conversations.xpath.syntax import KindTest, NameTest, Step
from conversations.xpath.values import Code, Run, as_boolean, boolean_of

Nodes: TypeAlias = Sequence[Node]
Walk: TypeAlias = Callable[[Scope, Nodes], Nodes]
Matches: TypeAlias = Callable[[Node], bool]
Begin: TypeAlias = Callable[[Scope], Node]

_NONE: list[Node] = []
_KINDS = {
    "text": Kind.TEXT,
    "comment": Kind.COMMENT,
    "processing-instruction": Kind.INSTRUCTION,
}


def root_of(scope: Scope) -> Node:
    """Begin at the document of the primary instance."""
    return scope.world.root


def context_of(scope: Scope) -> Node:
    """Begin at the context node."""
    return scope.node


def current_of(scope: Scope) -> Node:
    """Begin at the node the whole expression was asked for."""
    return scope.current


def simple_path(begin: Begin, hops: int, names: tuple[str, ...], *, absolute: bool) -> Run:
    """Compile a path of names; `absolute` ones are bound to the context's repeat instances."""

    def nodes(scope: Scope) -> Nodes:
        scope.left -= 1
        if scope.left < 0:
            scope.spend(0)
        node: Node | None = begin(scope)
        for _ in range(hops):
            node = node.parent if node is not None else None
        if node is None:
            return _NONE
        for index, name in enumerate(names):
            same = node.named.get(name)
            if not same:
                return _NONE
            if len(same) > 1:
                return _spread(scope, same, names[index + 1 :], absolute=absolute)
            node = same[0]
        return [node] if node.relevant else _NONE

    return nodes


def _spread(scope: Scope, same: Nodes, names: tuple[str, ...], *, absolute: bool) -> list[Node]:
    """Go on from several nodes of a name: into the context's own, or into all of them."""
    if names and absolute and (own := instance_around(scope, same)) is not None:
        same = (own,)
    for index, name in enumerate(names):
        scope.spend(len(same))
        below = [child for node in same for child in node.named.get(name, ())]
        bound = absolute and len(below) > 1 and index + 1 < len(names)
        own = instance_around(scope, below) if bound else None
        same = below if own is None else (own,)
    scope.spend(len(same))
    return [node for node in same if node.relevant]


def instance_around(scope: Scope, same: Nodes) -> Node | None:
    """Return the repeat instance among `same` that holds the context node, or the current one."""
    if not same or not same[0].repeated:
        return None
    parents = {id(node.parent) for node in same}
    for start in (scope.node, scope.current):
        node: Node | None = start
        while node is not None:
            if node.repeated and node.name == same[0].name and id(node.parent) in parents:
                return node
            node = node.parent
    return None


def walked_path(begin: Run, walks: list[Walk]) -> Run:
    """Compile a path of any steps from the nodes that `begin` yields."""

    def nodes(scope: Scope) -> list[Node]:
        scope.spend(1)
        found: Nodes = begin(scope)
        for walk in walks:
            if not found:
                return _NONE
            found = walk(scope, found)
        return [node for node in found if node.relevant]

    return nodes


def walk_of(
    step: Step, predicates: list[Code], namespaces: Mapping[str, str], *, bound: bool
) -> Walk:
    """Compile one step; `bound` ones go into the context's own repeat instance."""
    matches = _matches(step, namespaces)
    look = _look(step, matches)
    filters = [filter_of(code) for code in predicates]
    single = step.axis in ("child", "attribute", "self")

    def walk(scope: Scope, nodes: Nodes) -> Nodes:
        result: list[Node] = []
        for node in nodes:
            found = look(scope, node)
            for keep in filters:
                found = keep(scope, found)
            result.extend(found)
        if bound and len(result) > 1 and (own := instance_around(scope, result)) is not None:
            return [own]
        return result if single or len(nodes) == 1 else in_document_order(scope, result)

    return walk


def filter_of(predicate: Code) -> Callable[[Scope, Nodes], Nodes]:
    """Compile a predicate: a number keeps the node at that place, else those where it is true.

    A path as a predicate asks whether there is such a node, blank or not.
    """
    if predicate.type == "number":
        return _filtered(lambda scope: bool(predicate.run(scope) == scope.position))
    if predicate.type == "nodes":
        return _filtered(lambda scope: bool(predicate.run(scope)))
    if predicate.type != "any":
        return _filtered(as_boolean(predicate))

    def holds(scope: Scope) -> bool:
        value = predicate.run(scope)
        if isinstance(value, float):
            return value == scope.position
        return boolean_of(scope, value)

    return _filtered(holds)


def _filtered(holds: Callable[[Scope], bool]) -> Callable[[Scope, Nodes], Nodes]:
    def keep(scope: Scope, nodes: Nodes) -> Nodes:
        outer = scope.node, scope.position, scope.size
        scope.spend(len(nodes))
        scope.size = len(nodes)
        kept: list[Node] = []
        try:
            for scope.position, scope.node in enumerate(nodes, start=1):
                if holds(scope):
                    kept.append(scope.node)
        finally:
            scope.node, scope.position, scope.size = outer
        return kept

    return keep


def _matches(step: Step, namespaces: Mapping[str, str]) -> Matches:
    principal = Kind.ATTRIBUTE if step.axis == "attribute" else Kind.ELEMENT
    match step.test:
        case KindTest("node"):
            return lambda _node: True
        case KindTest(kind, target):
            wanted = _KINDS[kind]
            return lambda node: node.kind is wanted and (not target or node.name == target)
        case NameTest(prefix, name):
            namespace = namespaces.get(prefix) if prefix else None
            return lambda node: (
                node.kind is principal
                and name in ("*", node.name)
                and (namespace is None or node.namespace == namespace)
            )


def _look(step: Step, matches: Matches) -> Callable[[Scope, Node], Nodes]:
    match step.axis:
        case "child":
            return _children(step, matches)
        case "parent":
            return lambda _scope, node: (
                (node.parent,) if node.parent is not None and matches(node.parent) else ()
            )
        case "self":
            return lambda _scope, node: (node,) if matches(node) else ()
        case "attribute":
            return lambda scope, node: _charged(scope, node.attributes, matches)
        case "descendant":
            return lambda scope, node: _below(scope, node, matches)
        case "descendant-or-self":
            return lambda scope, node: [
                *((node,) if matches(node) else ()),
                *_below(scope, node, matches),
            ]


def _children(step: Step, matches: Matches) -> Callable[[Scope, Node], Nodes]:
    match step.test:
        case NameTest("", name) if name != "*":
            return lambda scope, node: _counted(scope, node.named.get(name, ()))
        case NameTest():
            return lambda scope, node: _charged(scope, node.children, matches)
        case KindTest():
            return lambda scope, node: _charged(scope, node.children or _own_text(node), matches)


def _own_text(node: Node) -> Nodes:
    """Make the text node that a leaf keeps in `text` only."""
    if not node.text or node.kind is not Kind.ELEMENT:
        return ()
    text = Node(text=node.text, kind=Kind.TEXT)
    text.parent, text.relevant = node, node.relevant
    return (text,)


def _counted(scope: Scope, nodes: Nodes) -> Nodes:
    scope.spend(len(nodes))
    return nodes


def _charged(scope: Scope, nodes: Nodes, matches: Matches) -> Nodes:
    scope.spend(len(nodes))
    return [node for node in nodes if matches(node)]


def _below(scope: Scope, node: Node, matches: Matches) -> Nodes:
    found: list[Node] = []
    for below in node.descendants():
        scope.spend(1)
        if matches(below):
            found.append(below)
    return found


def in_document_order(scope: Scope, nodes: Nodes) -> list[Node]:
    """Sort nodes as they stand in their documents, each once."""
    unique = {id(node): node for node in nodes}
    if len(unique) == 1:
        return list(unique.values())
    places: dict[int, dict[int, int]] = {}

    def key(node: Node) -> tuple[tuple[int, int], ...]:
        path: list[tuple[int, int]] = []
        while (parent := node.parent) is not None:
            if node.kind is Kind.ATTRIBUTE:
                path.append((0, _places(scope, places, parent, parent.attributes, 0)[id(node)]))
            else:
                family = parent.children or (node,)
                path.append((1, _places(scope, places, parent, family, 1)[id(node)]))
            node = parent
        return tuple(reversed(path))

    return sorted(unique.values(), key=key)


def _places(
    scope: Scope, known: dict[int, dict[int, int]], parent: Node, family: Nodes, side: int
) -> dict[int, int]:
    key = id(parent) * 2 + side
    if key not in known:
        scope.spend(len(family))
        known[key] = {id(node): place for place, node in enumerate(family)}
    return known[key]
