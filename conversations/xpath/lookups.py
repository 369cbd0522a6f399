"""Finding rows of a secondary instance by the value of a column, without looking at each.

A secondary instance does not change once it is read, so that an index of `item` by a column is kept
on the node above the items (`Node.lookups`). It serves a condition `[column = value]`, alone or as
part of an `and`, where the value is a text in quotes, an absolute path or a path from `current()`:
what such a value is does not depend on the row. All other conditions look at every row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from conversations.xpath.nodes import Node
from conversations.xpath.reads import calls_of
from conversations.xpath.scope import Scope
from conversations.xpath.syntax import Call, Chain, Literal, Location, NameTest, Step, Tree
from conversations.xpath.values import text_of

_PLACED = frozenset({"position", "last"})


@dataclass(frozen=True, slots=True)
class Lookup:
    """The condition `[column = value]` on a row, wherever else its predicate says more.

    `whole` is True when the predicate says nothing more.
    """

    column: str
    value: Tree
    whole: bool


def lookup_of(step: Step) -> Lookup | None:
    """Return the lookup that the first predicate of a step allows, None where it allows none."""
    if not step.predicates or any(call.name in _PLACED for call in calls_of(step.predicates[0])):
        return None
    predicate = step.predicates[0]
    if isinstance(predicate, Chain) and predicate.operators[0] == "and":
        found = next(filter(None, map(_equality, predicate.operands)), None)
        return found and Lookup(found[0], found[1], whole=False)
    equality = _equality(predicate)
    return equality and Lookup(*equality, whole=True)


def _equality(tree: Tree) -> tuple[str, Tree] | None:
    if not isinstance(tree, Chain) or tree.operators != ("=",):
        return None
    for column, value in (tree.operands, tree.operands[::-1]):
        name = _column(column)
        if name is not None and _stays(value):
            return name, value
    return None


def _column(tree: Tree) -> str | None:
    match tree:
        case Location(False, None, (), (Step("child", NameTest("", name), ()),)) if name != "*":
            return name
        case _:
            return None


def _stays(tree: Tree) -> bool:
    """Tell whether a value is the same for every row."""
    match tree:
        case Literal():
            return True
        case Location(absolute, start, (), steps):
            current = isinstance(start, Call) and start.name == "current"
            return (absolute or current) and not any(step.predicates for step in steps)
        case _:
            return False


def rows_with(
    scope: Scope, parent: Node, name: str, column: str, values: set[str]
) -> Sequence[Node]:
    """Return the children `name` of a node whose `column` has one of the values, in order.

    `parent` must belong to a secondary instance; a row without the column counts as blank.
    """
    index = _index(parent, name, column)
    if len(values) == 1:
        found = index.get(next(iter(values)), [])
    else:
        wanted = {id(row) for value in values for row in index.get(value, ())}
        found = [row for row in parent.named.get(name, ()) if id(row) in wanted]
    scope.spend(len(found) + 1)
    return found


def _index(parent: Node, name: str, column: str) -> dict[str, list[Node]]:
    if parent.lookups is None:
        parent.lookups = {}
    index = parent.lookups.get((name, column))
    if index is None:
        index = parent.lookups[name, column] = {}
        for row in parent.named.get(name, ()):
            for text in _texts(row, column):
                index.setdefault(text, []).append(row)
    return index


def _texts(row: Node, column: str) -> Iterator[str]:
    cells = row.named.get(column)
    if not cells:
        yield ""
    else:
        yield from {cell.string() for cell in cells}


def looked_up(
    name: str, column: str, value: Callable[[Scope], Sequence[Node] | str]
) -> Callable[[Scope, Sequence[Node]], Sequence[Node] | None]:
    """Compile a lookup of rows below nodes; None where a node is of the primary instance."""

    def walk(scope: Scope, nodes: Sequence[Node]) -> Sequence[Node] | None:
        if any(_top(node) is scope.world.root for node in nodes):
            return None
        values = _values(scope, value)
        return [row for node in nodes for row in rows_with(scope, node, name, column, values)]

    return walk


def _values(scope: Scope, value: Callable[[Scope], Sequence[Node] | str]) -> set[str]:
    """Evaluate the value as it looks from a row: bound to the repeats of the current node."""
    outer, scope.node = scope.node, scope.current
    try:
        found = value(scope)
    finally:
        scope.node = outer
    if isinstance(found, str):
        return {found}
    return {text_of(scope, node) for node in found} or {""}


def _top(node: Node) -> Node:
    while node.parent is not None:
        node = node.parent
    return node
