"""The tree of an expression, as the grammar reads it and the compiler walks it.

Operators of one precedence stand in one flat `Chain`, so that a sum of three hundred questions is
no deeper than a sum of two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

Axis: TypeAlias = OneOf["child", "parent", "self", "attribute", "descendant", "descendant-or-self"]
KindName: TypeAlias = OneOf["node", "text", "comment", "processing-instruction"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A text in quotes."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    name: str
    arguments: tuple[Tree, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands joined by operators of one precedence, from the left; `|` is such an operator."""

    operands: tuple[Tree, ...]
    operators: tuple[str, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Negation:
    """A number with a minus before it."""

    operand: Tree
    position: int


@dataclass(frozen=True, slots=True)
class NameTest:
    """Nodes of a name; `*` is any, `prefix` blank when none was written."""

    prefix: str
    name: str


@dataclass(frozen=True, slots=True)
class KindTest:
    """Nodes of a kind; `target` is an instruction's."""

    kind: KindName
    target: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path."""

    axis: Axis
    test: NameTest | KindTest
    predicates: tuple[Tree, ...]
    position: int


Plain: TypeAlias = tuple[int, tuple[str, ...]]
"""Levels up, then names down."""


@dataclass(frozen=True, slots=True)
class Location:
    """A path: from the root (`absolute`), from what `start` yields, or from the context node.

    `predicates` filter what `start` yields, before the steps; `plain` is what `plain_names` says
    of the steps.
    """

    absolute: bool
    start: Tree | None
    predicates: tuple[Tree, ...]
    steps: tuple[Step, ...]
    position: int
    plain: Plain | None


Tree: TypeAlias = Literal | Number | Call | Chain | Negation | Location


def plain_names(steps: tuple[Step, ...]) -> Plain | None:
    """Return (levels up, names down) of steps without predicates and wildcards, else None."""
    hops = 0
    names: list[str] = []
    for step in steps:  # Every path of a form comes through here, so no patterns: they are slow.
        test = step.test
        if step.predicates:
            return None
        if step.axis == "child":
            if isinstance(test, KindTest) or test.prefix or test.name == "*":
                return None
            names.append(test.name)
        elif isinstance(test, NameTest) or test.kind != "node":
            return None
        elif step.axis == "parent" and not names:
            hops += 1
        elif step.axis != "self":
            return None
    return hops, tuple(names)
