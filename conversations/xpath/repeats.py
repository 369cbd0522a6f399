"""`indexed-repeat(question, repeat, index, …)`: one question in the chosen instances of repeats.

The question and the repeats are plain paths, taken as names from the root; each repeat must stand
on the way to the question. An index below 1 means 1 (as in JavaRosa); one beyond the last instance
finds nothing. A repeat without an index means the context's own instance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from conversations.xpath.errors import Refused
from conversations.xpath.locations import instance_around
from conversations.xpath.nodes import Node
from conversations.xpath.scope import Scope
from conversations.xpath.syntax import Call, Location, Tree
from conversations.xpath.values import Code, as_number

ARGUMENTS_MAX = 11

Names: TypeAlias = Callable[[Scope], tuple[str, ...]]


def indexed_repeat(call: Call, codes: list[Code]) -> Code:
    """Compile a call; raise Refused where an argument is no plain path."""
    if len(codes) % 2 == 0 or not 3 <= len(codes) <= ARGUMENTS_MAX:  # noqa: PLR2004 - one pair.
        problem = "indexed-repeat() takes a question, and a repeat and an index, up to 5 pairs"
        raise Refused(call.position, problem)
    question = _names(call.arguments[0])
    groups = [_names(argument) for argument in call.arguments[1::2]]
    indexes = [as_number(code) for code in codes[2::2]]

    def nodes(scope: Scope) -> list[Node]:
        places = {
            group(scope): _place(index(scope)) for group, index in zip(groups, indexes, strict=True)
        }
        return _found(scope, question(scope), places)

    return Code("nodes", nodes)


def _place(index: float) -> int:
    return int(index) if 1 <= index < 2**31 else 1 if not index >= 2**31 else 2**31


def _names(tree: Tree) -> Names:
    plain = tree.plain if isinstance(tree, Location) else None
    if not isinstance(tree, Location) or plain is None or tree.predicates:
        problem = "indexed-repeat() wants a path of names here, without conditions"
        raise Refused(tree.position, problem)
    hops, names = plain
    if tree.absolute:
        return lambda _scope: names
    if tree.start is not None and not (
        isinstance(tree.start, Call) and tree.start.name == "current"
    ):
        problem = "indexed-repeat() wants a path of the form's own questions here"
        raise Refused(tree.position, problem)
    from_current = tree.start is not None
    return lambda scope: (
        *_names_above(scope.current if from_current else scope.node, hops),
        *names,
    )


def _names_above(node: Node, hops: int) -> tuple[str, ...]:
    names: list[str] = []
    while node.parent is not None:
        names.append(node.name)
        node = node.parent
    names.reverse()
    return tuple(names[: len(names) - hops])


def _found(
    scope: Scope, question: tuple[str, ...], places: dict[tuple[str, ...], int]
) -> list[Node]:
    found = [scope.world.root]
    for depth, name in enumerate(question, start=1):
        same = [child for node in found for child in node.named.get(name, ())]
        scope.spend(len(same) + 1)
        place = places.get(question[:depth])
        if place is not None:
            found = same[place - 1 : place]
        elif len(same) > 1 and (own := instance_around(scope, same)) is not None:
            found = [own]
        else:
            found = same
    return [node for node in found if node.relevant]
