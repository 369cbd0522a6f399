"""Operators: chains of operands to closures.

Where XPath 1.0 and JavaRosa differ on a comparison, JavaRosa is followed: a node-set without nodes
compares as one blank text, so that a question that is not relevant equals '' and differs from 'x';
numbers are equal within 1e-12.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

from conversations.xpath.nodes import Node
from conversations.xpath.scope import Scope
from conversations.xpath.values import (
    Code,
    Run,
    Value,
    as_boolean,
    as_number,
    as_string,
    boolean_of,
    number_from_text,
    number_of,
    string_of,
    text_of,
)

_NEAR = 1e-12
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def chain(operators: tuple[str, ...], operands: list[Code]) -> Code:
    """Compile operands joined by operators of one precedence (all but `|`)."""
    match operators[0]:
        case "or":
            return Code("boolean", _any([as_boolean(code) for code in operands]))
        case "and":
            return Code("boolean", _all([as_boolean(code) for code in operands]))
        case "=" | "!=" | "<" | "<=" | ">" | ">=":
            pairs = zip(operators, operands[1:], strict=True)
            return reduce(lambda left, pair: _compared(pair[0], left, pair[1]), pairs, operands[0])
        case _:
            return Code("number", _calculated(operators, [as_number(code) for code in operands]))


def negated(operand: Code) -> Code:
    """Compile a minus before an operand."""
    number = as_number(operand)
    return Code("number", lambda scope: -number(scope))


def _any(conditions: list[Callable[[Scope], bool]]) -> Run:
    if len(conditions) == 2:  # noqa: PLR2004 - the common case, spelled out for speed.
        first, second = conditions
        return lambda scope: first(scope) or second(scope)
    return lambda scope: any(condition(scope) for condition in conditions)


def _all(conditions: list[Callable[[Scope], bool]]) -> Run:
    if len(conditions) == 2:  # noqa: PLR2004 - the common case, spelled out for speed.
        first, second = conditions
        return lambda scope: first(scope) and second(scope)
    return lambda scope: all(condition(scope) for condition in conditions)


def _calculated(operators: tuple[str, ...], numbers: list[Callable[[Scope], float]]) -> Run:
    first, rest = numbers[0], list(zip(map(_calculation, operators), numbers[1:], strict=True))
    if len(rest) == 1:
        calculate, second = rest[0]
        return lambda scope: calculate(first(scope), second(scope))

    def total(scope: Scope) -> float:
        result = first(scope)
        for calculate, number in rest:
            result = calculate(result, number(scope))
        return result

    return total


def _calculation(sign: str) -> Callable[[float, float], float]:
    match sign:
        case "+":
            return operator.add
        case "-":
            return operator.sub
        case "*":
            return operator.mul
        case "div":
            return divided
        case _:
            return remainder


def divided(dividend: float, divisor: float) -> float:
    """Divide as IEEE 754 does: by zero gives infinity, or NaN for zero by zero."""
    if divisor != 0:
        return dividend / divisor
    if dividend == 0 or math.isnan(dividend):
        return math.nan
    return math.copysign(math.inf, dividend) * math.copysign(1, divisor)


def remainder(dividend: float, divisor: float) -> float:
    """Return the remainder of a truncating division, with the sign of the dividend.

    Source: XPath 1.0, section 3.5.
    """
    if divisor == 0 or math.isinf(dividend):
        return math.nan
    return math.fmod(dividend, divisor)


def _compared(sign: str, left: Code, right: Code) -> Code:
    if sign in _ORDER:
        return Code("boolean", _ordered(sign, left, right))
    equal = _equal(left, right, unequal=sign == "!=")
    return Code("boolean", equal)


def _ordered(sign: str, left: Code, right: Code) -> Run:
    compare = _ORDER[sign]
    types = {left.type, right.type}
    if "any" in types or ("nodes" in types and "boolean" in types) or types == {"nodes"}:
        run_left, run_right = left.run, right.run
        return lambda scope: _ordered_values(scope, compare, run_left(scope), run_right(scope))
    if right.type == "nodes":
        return _ordered(_MIRROR[sign], right, left)
    number = as_number(right)
    if left.type != "nodes":
        first = as_number(left)
        return lambda scope: compare(first(scope), number(scope))
    nodes = left.run

    def ordered(scope: Scope) -> bool:
        bound = number(scope)
        return any(compare(_number(scope, node), bound) for node in nodes(scope))

    return ordered


def _number(scope: Scope, node: Node) -> float:
    return number_from_text(scope, text_of(scope, node))


def _ordered_values(
    scope: Scope, compare: Callable[[float, float], bool], left: Value, right: Value
) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return compare(boolean_of(scope, left), boolean_of(scope, right))
    rights = _numbers(scope, right)
    if len(rights) > 1:
        bounds = [number for number in rights if not math.isnan(number)]
        rights = [min(bounds), max(bounds)] if bounds else []
    return any(compare(one, other) for one in _numbers(scope, left) for other in rights)


def _numbers(scope: Scope, value: Value) -> list[float]:
    if isinstance(value, list):
        return [_number(scope, node) for node in value]
    return [number_of(scope, value)]


def _equal(left: Code, right: Code, *, unequal: bool) -> Run:
    types = {left.type, right.type}
    if "any" not in types:
        if "boolean" in types:
            return _same(as_boolean(left), as_boolean(right), unequal=unequal)
        if "nodes" in types:
            return _equal_nodes(left, right, unequal=unequal)
        if types == {"string"}:
            return _same(as_string(left), as_string(right), unequal=unequal)
        first, second = as_number(left), as_number(right)
        return lambda scope: near(first(scope), second(scope)) is not unequal
    run_left, run_right = left.run, right.run
    return lambda scope: _equal_values(scope, run_left(scope), run_right(scope), unequal=unequal)


def _same(first: Callable[[Scope], Any], second: Callable[[Scope], Any], *, unequal: bool) -> Run:
    if unequal:
        return lambda scope: bool(first(scope) != second(scope))
    return lambda scope: bool(first(scope) == second(scope))


def near(left: float, right: float) -> bool:
    """Tell whether two numbers are equal within 1e-12; NaN equals nothing."""
    return left == right or abs(left - right) < _NEAR


def _equal_nodes(left: Code, right: Code, *, unequal: bool) -> Run:
    if left.type != "nodes":
        left, right = right, left
    nodes = left.run
    if right.type == "nodes":
        others = right.run
        return lambda scope: _equal_sets(
            _texts(scope, nodes(scope)), _texts(scope, others(scope)), unequal=unequal
        )
    if right.type == "number":
        number = as_number(right)
        return lambda scope: _equal_number(scope, nodes(scope), number(scope), unequal=unequal)
    string = as_string(right)

    def equal(scope: Scope) -> bool:
        found, text = nodes(scope), string(scope)
        if len(found) == 1:
            return bool((text_of(scope, found[0]) == text) is not unequal)
        return _equal_sets(_texts(scope, found), {text}, unequal=unequal)

    return equal


def _equal_number(scope: Scope, nodes: list[Node], number: float, *, unequal: bool) -> bool:
    texts: Iterable[str] = _texts(scope, nodes)
    return any(near(number_from_text(scope, text), number) is not unequal for text in texts)


def _texts(scope: Scope, nodes: list[Node]) -> set[str]:
    """Return the texts of nodes; no nodes are one blank text, as JavaRosa has it."""
    texts = {text_of(scope, node) for node in nodes}
    return texts if texts or scope.world.plain else {""}


def _equal_sets(left: set[str], right: set[str], *, unequal: bool) -> bool:
    if unequal:
        return bool(left and right) and (len(left) > 1 or len(right) > 1 or left != right)
    return not left.isdisjoint(right)


def _equal_values(scope: Scope, left: Value, right: Value, *, unequal: bool) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return (boolean_of(scope, left) == boolean_of(scope, right)) is not unequal
    if isinstance(left, list) and isinstance(right, list):
        return _equal_sets(_texts(scope, left), _texts(scope, right), unequal=unequal)
    if isinstance(right, list):
        left, right = right, left
    if isinstance(left, list) and isinstance(right, float):
        return _equal_number(scope, left, right, unequal=unequal)
    if isinstance(left, list):
        return _equal_sets(_texts(scope, left), {string_of(scope, right)}, unequal=unequal)
    if isinstance(left, float) or isinstance(right, float):
        return near(number_of(scope, left), number_of(scope, right)) is not unequal
    return (left == right) is not unequal
