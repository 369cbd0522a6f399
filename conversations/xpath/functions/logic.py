"""Functions that decide: conditions, and values chosen by them."""

from __future__ import annotations

import math

from conversations.xpath.errors import Refused
from conversations.xpath.scope import Scope
from conversations.xpath.signatures import Function, context_text, converted, pure, scoped
from conversations.xpath.syntax import Call
from conversations.xpath.values import (
    Code,
    Run,
    Value,
    as_boolean,
    as_number,
    boolean_from_nodes,
    boolean_of,
    number_of,
    string_of,
)

_NO_BOUND = -1.0


def chosen(codes: list[Code]) -> Code:
    """Compile `if(condition, then, otherwise)`: only the branch that is wanted is evaluated."""
    condition, then, otherwise = as_boolean(codes[0]), codes[1].run, codes[2].run
    return Code(
        codes[1].type if codes[1].type == codes[2].type else "any",
        lambda scope: then(scope) if condition(scope) else otherwise(scope),
        (codes[0], codes[1], codes[2]),
    )


def _if(_call: Call, codes: list[Code]) -> Run:
    return chosen(codes).run


def _coalesce(_call: Call, codes: list[Code]) -> Run:
    """Return the first value that is not blank, as it is: a boolean false stays one."""
    first, second = codes[0].run, codes[1].run

    def given(scope: Scope) -> Value:
        value: Value = first(scope)
        return _alone(second(scope)) if _is_blank(scope, value) else _alone(value)

    return given


def _is_blank(scope: Scope, value: Value) -> bool:
    """Tell whether a value is blank; what is not a number is, as JavaRosa has it."""
    if isinstance(value, float):
        return math.isnan(value)
    return string_of(scope, value) == ""


def _alone(value: Value) -> Value:
    """Keep of several nodes the first, for whose value they stand."""
    return value[:1] if isinstance(value, list) else value


def _once(_call: Call, codes: list[Code]) -> Run:
    run = codes[0].run
    return lambda scope: context_text(scope) or _alone(run(scope))


def _checklist(_call: Call, codes: list[Code]) -> Run:
    least, most = as_number(codes[0]), as_number(codes[1])
    factors = [code.run for code in codes[2:]]

    def checked(scope: Scope) -> bool:
        count = float(sum(flag for run in factors for flag in _flags(scope, run)))
        return _within(count, least(scope), most(scope))

    return checked


def _weighted(call: Call, codes: list[Code]) -> Run:
    if len(codes) % 2:
        problem = "weighted-checklist() takes a weight after each answer"
        raise Refused(call.position, problem)
    least, most = as_number(codes[0]), as_number(codes[1])
    pairs = [
        (answer.run, weight.run) for answer, weight in zip(codes[2::2], codes[3::2], strict=True)
    ]

    def checked(scope: Scope) -> bool:
        total = sum(_weight(scope, answer, weight) for answer, weight in pairs)
        return _within(total, least(scope), most(scope))

    return checked


def _weight(scope: Scope, answer: Run, weight: Run) -> float:
    """Add up the weights of the answers that hold; answers and weights go side by side."""
    given: Value = weight(scope)
    weights = [[node] for node in given] if isinstance(given, list) else [given]
    flags = zip(_flags(scope, answer), weights, strict=False)
    return sum(number_of(scope, one) for flag, one in flags if flag)


def _flags(scope: Scope, run: Run) -> list[bool]:
    value = run(scope)
    if isinstance(value, list):
        return [boolean_from_nodes(scope, [node]) for node in value]
    return [boolean_of(scope, value)]


def _within(number: float, least: float, most: float) -> bool:
    return (least == _NO_BOUND or number >= least) and (most == _NO_BOUND or number <= most)


def _depend(_call: Call, codes: list[Code]) -> Run:
    return converted("v", codes)[0]


FUNCTIONS = (
    Function("if", "bvv", "any", _if),
    Function("coalesce", "vv", "any", _coalesce),
    Function("once", "v", "any", _once),
    pure("true", "", "boolean", lambda: True),
    pure("false", "", "boolean", lambda: False),
    pure("boolean", "b", "boolean", bool),
    pure("boolean-from-string", "s", "boolean", lambda text: text in ("true", "1")),
    pure("not", "b", "boolean", lambda condition: not condition),
    Function("checklist", "nn*v", "boolean", _checklist),
    Function("weighted-checklist", "nn*v", "boolean", _weighted),
    scoped("last", "", "number", lambda scope: float(scope.size)),
    Function("depend", "v*v", "any", _depend),
)
