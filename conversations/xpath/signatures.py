"""What a function is to the compiler: its name, its parameters and how its closure is made.

A `Function` is either `pure` (of converted arguments alone), `scoped` (needs the scope too) or
`built` by hand from its arguments' code. Parameters are letters: `s` a text, `n` a number, `b` a
condition, `d` a node-set, `v` any value, `t` the texts of all nodes or of one value; those after
`?` may be left out, the one after `*` stands any number of times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from conversations.xpath.errors import Refused
from conversations.xpath.scope import Scope
from conversations.xpath.syntax import Call
from conversations.xpath.values import (
    Code,
    Run,
    Type,
    as_boolean,
    as_number,
    as_string,
    as_texts,
    text_of,
)

Build: TypeAlias = Callable[[Call, list[Code]], Run]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language: `parameters` as letters, `type` of what it yields."""

    name: str
    parameters: str
    type: Type
    build: Build

    @property
    def least(self) -> int:
        """The number of arguments it cannot do without."""
        return _shape(self.parameters)[0]

    @property
    def most(self) -> int | None:
        """The number of arguments it takes; None without end."""
        return _shape(self.parameters)[1]


@cache
def _shape(parameters: str) -> tuple[int, int | None, str]:
    """Return the least and the most number of arguments, and the bare letters."""
    least = len(parameters.split("?", maxsplit=1)[0].split("*", maxsplit=1)[0])
    letters = parameters.replace("?", "").replace("*", "")
    return least, None if "*" in parameters else len(letters), letters


def _letters(parameters: str, count: int) -> str:
    """Return a letter for each of `count` arguments; the last one stands for all beyond."""
    letters = _shape(parameters)[2]
    return letters[:count] if count <= len(letters) else letters.ljust(count, letters[-1:])


def pure(name: str, parameters: str, type_: Type, function: Callable[..., Any]) -> Function:
    """Define a function of its converted arguments."""

    def build(_call: Call, codes: list[Code]) -> Run:
        return _applied(function, converted(parameters, codes))

    return Function(name, parameters, type_, build)


def scoped(name: str, parameters: str, type_: Type, function: Callable[..., Any]) -> Function:
    """Define a function of the scope and its converted arguments."""

    def build(_call: Call, codes: list[Code]) -> Run:
        return _applied_in_scope(function, converted(parameters, codes))

    return Function(name, parameters, type_, build)


def converted(parameters: str, codes: list[Code]) -> list[Run]:
    """Return the closures that yield arguments as the parameters want them."""
    letters = _letters(parameters, len(codes))
    return [_converted(letter, code) for letter, code in zip(letters, codes, strict=True)]


def checked(function: Function, call: Call, codes: list[Code]) -> None:
    """Refuse a wrong number of arguments, and anything but nodes where nodes are wanted."""
    least, most = function.least, function.most
    if len(codes) < least or (most is not None and len(codes) > most):
        problem = f"{function.name}() takes {_number_of_arguments(least, most)}, not {len(codes)}"
        raise Refused(call.position, problem)
    for index, (letter, code) in enumerate(
        zip(_letters(function.parameters, len(codes)), codes, strict=True)
    ):
        if letter == "d" and code.type not in ("nodes", "any"):
            problem = f"{function.name}() wants questions (a path) here, not a {code.type}"
            raise Refused(call.arguments[index].position, problem)


def _number_of_arguments(least: int, most: int | None) -> str:
    if most == least:
        return "no argument" if not least else f"{least} argument{'s' if least > 1 else ''}"
    if most is None:
        return f"at least {least} argument{'s' if least > 1 else ''}"
    return f"{least} to {most} arguments"


def _converted(letter: str, code: Code) -> Run:
    match letter:
        case "s":
            return as_string(code)
        case "n":
            return as_number(code)
        case "b":
            return as_boolean(code)
        case "t":
            return as_texts(code)
        case _:
            return code.run


def _applied(function: Callable[..., Any], arguments: list[Run]) -> Run:
    match arguments:
        case []:
            return lambda _scope: function()
        case [one]:
            return lambda scope: function(one(scope))
        case [one, two]:
            return lambda scope: function(one(scope), two(scope))
        case _:
            return lambda scope: function(*[argument(scope) for argument in arguments])


def _applied_in_scope(function: Callable[..., Any], arguments: list[Run]) -> Run:
    match arguments:
        case []:
            return function
        case [one]:
            return lambda scope: function(scope, one(scope))
        case _:
            return lambda scope: function(scope, *[argument(scope) for argument in arguments])


def context_text(scope: Scope) -> str:
    """Return the text of the context node, blank when it is not relevant."""
    return text_of(scope, scope.node) if scope.node.relevant else ""
