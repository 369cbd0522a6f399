"""What an expression reads: tree -> `Path`s, for whoever keeps the dependency graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conversations.xpath.paths import Path
from conversations.xpath.syntax import (
    Call,
    Chain,
    KindTest,
    Literal,
    Location,
    Negation,
    Number,
    Plain,
    Step,
    Tree,
)

_PRESENCE = frozenset({"count", "position"})
_READS_CONTEXT = frozenset({"string", "number", "string-length", "normalize-space"})
_ANYWHERE = Path("root", names=("**",), filtered=(False,))


def paths_of(tree: Tree) -> tuple[Path, ...]:
    """Return every path that the tree reads, each once, in the order of the text."""
    return tuple(dict.fromkeys(_reads(tree, Path("context"), presence=False)))


def calls_of(tree: Tree) -> list[Call]:
    """Return all function calls of a tree, in no order."""
    calls: list[Call] = []
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Call):
            calls.append(part)
            waiting.extend(part.arguments)
        elif not isinstance(part, Literal | Number):
            waiting.extend(parts_of(part))
    return calls


def parts_of(tree: Tree) -> tuple[Tree, ...]:
    """Return the trees directly inside a tree."""
    match tree:
        case Call(arguments=parts) | Chain(operands=parts):
            return parts
        case Negation(operand):
            return (operand,)
        case Location():
            if tree.start is None and not any(step.predicates for step in tree.steps):
                return tree.predicates
            start = () if tree.start is None else (tree.start,)
            inside = (predicate for step in tree.steps for predicate in step.predicates)
            return (*start, *tree.predicates, *inside)
        case Literal() | Number():
            return ()


def _reads(tree: Tree, context: Path, *, presence: bool) -> Iterator[Path]:
    match tree:
        case Location():
            yield from _location_reads(tree, context, presence=presence)
        case Call():
            yield from _call_reads(tree, context)
        case Chain():
            for part in parts_of(tree):
                yield from _reads(part, context, presence=presence and tree.operators[0] == "|")
        case _:
            for part in parts_of(tree):
                yield from _reads(part, context, presence=False)


def _call_reads(call: Call, context: Path) -> Iterator[Path]:
    if call.name in _READS_CONTEXT and not call.arguments:
        yield context
    if call.name == "current":
        yield Path("current", inside_predicate=context.inside_predicate)
    for index, argument in enumerate(call.arguments):
        group = call.name == "indexed-repeat" and index % 2 == 1
        yield from _reads(argument, context, presence=group or call.name in _PRESENCE)


def _location_reads(location: Location, context: Path, *, presence: bool) -> Iterator[Path]:
    plain = location.plain
    if plain is not None and location.start is None and (location.absolute or not context.names):
        yield _plain_path(location, context, plain, presence=presence)
        return
    bases = list(_bases(location, context))
    if location.start is not None and not _is_base(location.start):
        yield from _reads(location.start, context, presence=False)
    for base in bases:
        path = base
        if location.predicates:
            path = _filtered(path)
            yield from _inside(location.predicates, path)
        for step in location.steps:
            path = _step(path, step)
            yield from _inside(step.predicates, path)
        yield path if path.presence is presence else replace(path, presence=presence)


def _plain_path(location: Location, context: Path, plain: Plain, *, presence: bool) -> Path:
    """Make the path of names only at once; most paths are such, and forms have thousands."""
    hops, names = plain
    return Path(
        "root" if location.absolute else context.start,
        0 if location.absolute or context.start in ("root", "instance") else context.parents + hops,
        names,
        (False,) * len(names),
        "" if location.absolute else context.instance_id,
        context.inside_predicate,
        presence,
    )


def _inside(predicates: tuple[Tree, ...], path: Path) -> Iterator[Path]:
    for predicate in predicates:
        yield from _reads(predicate, replace(path, inside_predicate=True), presence=False)


def _bases(location: Location, context: Path) -> Iterator[Path]:
    inside = context.inside_predicate
    if location.absolute:
        yield Path("root", inside_predicate=inside)
    elif location.start is None:
        yield context
    else:
        yield from _targets(location.start, context)


def _targets(tree: Tree, context: Path) -> Iterator[Path]:
    """Yield the paths of the nodes that a tree gives, as far as its text tells."""
    inside = context.inside_predicate
    match tree:
        case Call("current"):
            yield Path("current", inside_predicate=inside)
        case Call("instance", (Literal(instance_id), *_)):
            yield Path("instance", instance_id=instance_id, inside_predicate=inside)
        case Call("randomize" | "depend", (first, *_)):
            yield from _targets(first, context)
        case Call("if", (_, then, otherwise)):
            yield from _targets(then, context)
            yield from _targets(otherwise, context)
        case Chain(operands, ("|", *_)):
            for operand in operands:
                yield from _targets(operand, context)
        case Location():
            yield from _location_targets(tree, context)
        case _:
            yield replace(_ANYWHERE, inside_predicate=inside)


def _location_targets(location: Location, context: Path) -> Iterator[Path]:
    for base in _bases(location, context):
        path = _filtered(base) if location.predicates else base
        for step in location.steps:
            path = _step(path, step)
        yield path


def _is_base(tree: Tree) -> bool:
    return isinstance(tree, Call) and tree.name in ("current", "instance")


def _step(path: Path, step: Step) -> Path:
    filtered = bool(step.predicates)
    match step.axis:
        case "self":
            return _filtered(path) if filtered else path
        case "parent":
            return _parent(path)
        case "descendant" | "descendant-or-self":
            path = _down(path, "**", filtered=False)
            if isinstance(step.test, KindTest):
                return _filtered(path) if filtered else path
            return _down(path, step.test.name, filtered=filtered)
        case "attribute":
            name = "*" if isinstance(step.test, KindTest) else step.test.name
            return _down(path, f"@{name}", filtered=filtered)
        case "child":
            if not isinstance(step.test, KindTest):
                return _down(path, step.test.name, filtered=filtered)
            if step.test.kind == "node":
                return _down(path, "*", filtered=filtered)
            return path


def _down(path: Path, name: str, *, filtered: bool) -> Path:
    if name == "**" and path.names[-1:] == ("**",):
        return path
    names, marks = (*path.names, name), (*path.filtered, filtered)
    inside, presence = path.inside_predicate, path.presence
    return Path(path.start, path.parents, names, marks, path.instance_id, inside, presence)


def _parent(path: Path) -> Path:
    if path.names[-1:] == ("**",):
        return path
    if path.names:
        return replace(path, names=path.names[:-1], filtered=path.filtered[:-1])
    if path.start in ("root", "instance"):
        return path
    return replace(path, parents=path.parents + 1)


def _filtered(path: Path) -> Path:
    if not path.names:
        return path
    return replace(path, filtered=(*path.filtered[:-1], True))
