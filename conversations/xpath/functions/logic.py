"""Functions that decide: conditions, and values chosen by them."""

from __future__ import annotations

from conversations.xpath.errors import Refused
from conversations.xpath.scope import Scope
from conversations.xpath.signatures import Function, context_text, converted, pure, scoped
from conversations.xpath.syntax import Call
from conversations.xpath.values import (
    Code,
    Run,
    as_boolean,
    as_number,
    as_string,
    boolean_from_nodes,
    boolean_of,
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
    first, second = _text_or_blank(codes[0]), _text_or_blank(codes[1])
    return lambda scope: first(scope) or second(scope)


def _text_or_blank(code: Code) -> Run:
    """Convert to text; what is not a number is blank, as JavaRosa has it."""
    string = as_string(code)
    if code.type not in ("number", "any"):
        return string

    def text(scope: Scope) -> str:
        written = string(scope)
        return "" if written == "NaN" else written

    return text


def _once(_call: Call, codes: list[Code]) -> Run:
    string = _text_or_blank(codes[0])
    return lambda scope: context_text(scope) or string(scope)


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
    factors = [code.run for code in codes[2::2]]
    weights = [as_number(code) for code in codes[3::2]]

    def checked(scope: Scope) -> bool:
        pairs = zip(factors, weights, strict=True)
        total = sum(weight(scope) for run, weight in pairs if boolean_of(scope, run(scope)))
        return _within(total, least(scope), most(scope))

    return checked


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
    Function("coalesce", "vv", "string", _coalesce),
    Function("once", "v", "string", _once),
    pure("true", "", "boolean", lambda: True),
    pure("false", "", "boolean", lambda: False),
    pure("boolean", "b", "boolean", bool),
    pure("boolean-from-string", "s", "boolean", lambda text: text.lower() == "true" or text == "1"),
    pure("not", "b", "boolean", lambda condition: not condition),
    Function("checklist", "nn*v", "boolean", _checklist),
    Function("weighted-checklist", "nn*v", "boolean", _weighted),
    scoped("last", "", "number", lambda scope: float(scope.size)),
    Function("depend", "v*v", "any", _depend),
)
