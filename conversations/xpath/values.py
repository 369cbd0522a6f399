"""Values and their conversions.

A value is a number (float), a text, a boolean or a list of nodes; a date is its ISO 8601 text.
Conversions are XPath 1.0's with ODK's additions: a text that is a date or dateTime converts to a
number as days since 1970-01-01 UTC, and a node as a condition counts by its value (a blank
question is false), as JavaRosa has it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from conversations.xpath.dates import days_of
from conversations.xpath.nodes import Kind, Node
from conversations.xpath.scope import Scope

Value: TypeAlias = "float | str | bool | list[Node]"
Type: TypeAlias = Literal["number", "string", "boolean", "nodes", "any"]
Run: TypeAlias = Callable[[Scope], Any]

_NUMBER = re.compile(r"\s*-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII).fullmatch
_NEAR_ZERO = 1e-12
_DATE_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Code:
    """A compiled part of an expression: what it yields and the closure that yields it.

    `branches` are (condition, then, otherwise) of an `if`, so that a conversion reaches into them.
    """

    type: Type
    run: Run
    branches: tuple[Code, Code, Code] | None = None


def text_of(scope: Scope, node: Node) -> str:
    """Return the string-value of a node, charging the budget for what stands below it."""
    if not node.children:
        return node.text
    parts = [node.text]
    for below in node.descendants():
        scope.spend(1)
        if not below.children and below.relevant and below.kind <= Kind.TEXT:
            parts.append(below.text)
    return "".join(parts)


def number_from_text(scope: Scope, text: str) -> float:
    """Convert a text to a number, dates to days; NaN where it is neither.

    An exponent is understood because other clients write one into stored answers.
    """
    if _NUMBER(text):
        return float(text)
    if len(text) < _DATE_LENGTH or scope.world.plain:
        return math.nan
    days = days_of(text.strip(), scope.world.now)
    return math.nan if days is None else days


def text_from_number(number: float) -> str:
    """Write a number as XPath does: no exponent, no trailing zeros, NaN and Infinity by name.

    >>> text_from_number(5.0), text_from_number(1e-7), text_from_number(-0.0)
    ('5', '0.0000001', '0')
    """
    if number.is_integer():
        return str(int(number))
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    text = repr(number)
    return format(Decimal(text), "f") if "e" in text else text


def boolean_from_number(number: float) -> bool:
    """Convert a number: everything but zero and NaN is true (zero within 1e-12, as JavaRosa)."""
    return abs(number) > _NEAR_ZERO


def boolean_from_nodes(scope: Scope, nodes: list[Node]) -> bool:
    """Convert a node-set: one leaf by its value, otherwise by whether there are any.

    Source: JavaRosa, XPathFuncExpr.toBoolean over XPathNodeset.unpack (a blank node is "", a
    number counts as number).
    """
    if len(nodes) != 1 or scope.world.plain:
        return bool(nodes)
    node = nodes[0]
    if node.children or node.kind is not Kind.ELEMENT:
        return True
    scope.spend(1)
    match node.typed:
        case "boolean":
            return node.text in ("true", "1")
        case "number":
            return node.text != "" and boolean_from_number(number_from_text(scope, node.text))
        case "text":
            return node.text != ""


def string_of(scope: Scope, value: Value) -> str:
    """Convert any value as `string()` does."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return text_from_number(value)
        case _:
            return text_of(scope, value[0]) if value else ""


def number_of(scope: Scope, value: Value) -> float:
    """Convert any value as `number()` does."""
    match value:
        case bool():
            return 1.0 if value else 0.0
        case float():
            return value
        case str():
            return number_from_text(scope, value)
        case _:
            return number_from_text(scope, text_of(scope, value[0])) if value else math.nan


def boolean_of(scope: Scope, value: Value) -> bool:
    """Convert any value as `boolean()` does."""
    match value:
        case bool():
            return value
        case float():
            return boolean_from_number(value)
        case str():
            return value != ""
        case _:
            return boolean_from_nodes(scope, value)


def texts_of(scope: Scope, value: Value) -> list[str]:
    """Return the texts of all nodes of a node-set, or the one text of another value."""
    if isinstance(value, list):
        return [text_of(scope, node) for node in value]
    return [string_of(scope, value)]


def as_string(code: Code) -> Callable[[Scope], str]:
    """Return a closure that yields the value as a text."""
    run = code.run
    if code.branches is not None:
        return _branched(code.branches, as_string)
    match code.type:
        case "string":
            return run
        case "number":
            return lambda scope: text_from_number(run(scope))
        case "boolean":
            return lambda scope: "true" if run(scope) else "false"
        case "nodes":
            return _first_text(run)
        case "any":
            return lambda scope: string_of(scope, run(scope))


def as_number(code: Code) -> Callable[[Scope], float]:
    """Return a closure that yields the value as a number."""
    run = code.run
    if code.branches is not None:
        return _branched(code.branches, as_number)
    match code.type:
        case "number":
            return run
        case "boolean":
            return lambda scope: 1.0 if run(scope) else 0.0
        case "string":
            return lambda scope: number_from_text(scope, run(scope))
        case "nodes":
            first = _first_text(run)
            return lambda scope: number_from_text(scope, first(scope))
        case "any":
            return lambda scope: number_of(scope, run(scope))


def as_boolean(code: Code) -> Callable[[Scope], bool]:
    """Return a closure that yields the value as a boolean."""
    run = code.run
    if code.branches is not None:
        return _branched(code.branches, as_boolean)
    match code.type:
        case "boolean":
            return run
        case "number":
            return lambda scope: boolean_from_number(run(scope))
        case "string":
            return lambda scope: run(scope) != ""
        case "nodes":
            return lambda scope: boolean_from_nodes(scope, run(scope))
        case "any":
            return lambda scope: boolean_of(scope, run(scope))


def as_texts(code: Code) -> Callable[[Scope], list[str]]:
    """Return a closure that yields the texts of all nodes, or the one text of another value."""
    if code.type in ("nodes", "any"):
        run = code.run
        return lambda scope: texts_of(scope, run(scope))
    string = as_string(code)
    return lambda scope: [string(scope)]


def _first_text(run: Run) -> Callable[[Scope], str]:
    def first_text(scope: Scope) -> str:
        nodes = run(scope)
        if not nodes:
            return ""
        node = nodes[0]
        text: str = node.text if not node.children else text_of(scope, node)
        return text

    return first_text


def _branched(branches: tuple[Code, Code, Code], convert: Callable[[Code], Run]) -> Run:
    condition = as_boolean(branches[0])
    then, otherwise = convert(branches[1]), convert(branches[2])
    return lambda scope: then(scope) if condition(scope) else otherwise(scope)
