"""Text -> tree: XPath 1.0's grammar, with limits.

Only the axes child, parent, self, attribute and descendant (`//`) are understood; others, and
variables, are refused by name. Depth counts parentheses, arguments and predicates.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NoReturn, cast

from conversations.xpath.errors import Refused
from conversations.xpath.syntax import (
    Axis,
    Call,
    Chain,
    KindName,
    KindTest,
    Literal,
    Location,
    NameTest,
    Negation,
    Number,
    Plain,
    Step,
    Tree,
    plain_names,
)
from conversations.xpath.tokens import Token, tokens_of

LENGTH_MAX = 50_000
"""Characters of one expression."""

PATHS_REMEMBERED_MAX = 20_000
"""Paths of names whose steps are kept for the next expression that reads them."""

DEPTH_MAX = 100
"""Parentheses, arguments and predicates inside one another."""

_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"=", "!="}),
    frozenset({"<", "<=", ">", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "div", "mod"}),
)
_LEVEL_OF = {operator: level for level, row in enumerate(_LEVELS) for operator in row}
_AXES = frozenset({"child", "parent", "self", "attribute", "descendant", "descendant-or-self"})
_KINDS = frozenset({"node", "text", "comment", "processing-instruction"})
_EVERY_NODE = KindTest("node")


def parse(text: str) -> Tree:
    """Read an expression; raise Refused with the place and the words for its author."""
    if len(text) > LENGTH_MAX:
        problem = f"the expression has {len(text):,} characters; at most {LENGTH_MAX:,} are read"
        raise Refused(LENGTH_MAX, problem)
    if not text.strip():
        raise Refused(0, "the expression is blank")
    return _Parser(tokens_of(text)).whole()


class _Parser:
    """A reader of tokens that goes one way."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._index = 0
        self._token = tokens[0]
        self._depth = 0

    def whole(self) -> Tree:
        tree = self._expression()
        token = self._token
        if token.sort != "end":
            self._unexpected(token)
        return tree

    def _take(self) -> Token:
        token = self._token
        if token.sort != "end":
            self._index += 1
            self._token = self._tokens[self._index]
        return token

    def _at(self, symbol: str) -> bool:
        token = self._token
        return token.text == symbol and token.sort == "symbol"

    def _accept(self, symbol: str) -> bool:
        token = self._token
        if token.text != symbol or token.sort != "symbol":
            return False
        self._take()
        return True

    def _expect(self, symbol: str, opening: Token) -> None:
        if self._accept(symbol):
            return
        if self._token.sort == "end":
            raise Refused(opening.position, f"“{opening.text}” has no matching “{symbol}”")
        self._unexpected(self._token)

    def _unexpected(self, token: Token) -> NoReturn:
        if token.sort == "end":
            raise Refused(token.position, "the expression ends too early; something is missing")
        before = self._tokens[self._index - 1] if self._index else None
        if token.text == "=" and before and before.text == "=":
            raise Refused(token.position, "write one “=” to compare, not two")
        where = f" after “{before.text}”" if before else ""
        raise Refused(token.position, f"“{token.text}” cannot stand here{where}")

    def _expression(self) -> Tree:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            problem = (
                f"more than {DEPTH_MAX} levels stand inside one another; "
                "work out parts of it in calculations of their own"
            )
            raise Refused(self._token.position, problem)
        tree = self._chain(0)
        self._depth -= 1
        return tree

    def _chain(self, level: int) -> Tree:
        position = self._token.position
        tree = self._unary()
        while (found := self._level()) is not None and found >= level:
            operands, operators = [tree], []
            while self._level() == found:
                operators.append(self._take().text)
                operands.append(self._chain(found + 1))
            tree = Chain(tuple(operands), tuple(operators), position)
        return tree

    def _level(self) -> int | None:
        return _LEVEL_OF.get(self._token.text) if self._token.sort == "operator" else None

    def _unary(self) -> Tree:
        position, minuses = self._token.position, 0
        while self._accept_operator("-"):
            minuses += 1
        operands = [self._path()]
        while self._accept_operator("|"):
            operands.append(self._path())
        tree = operands[0]
        if len(operands) > 1:
            tree = Chain(tuple(operands), ("|",) * (len(operands) - 1), position)
        if not minuses:
            return tree
        return Negation(tree if minuses % 2 else Negation(tree, position), position)

    def _accept_operator(self, operator: str) -> bool:
        if self._token.sort != "operator" or self._token.text != operator:
            return False
        self._take()
        return True

    def _path(self) -> Tree:
        token = self._token
        if token.sort == "path":
            self._take()
            return _plain_location(token)
        if token.sort in ("number", "literal") or self._at("(") or self._calls():
            return self._filtered()
        if self._at("/"):
            self._take()
            steps = self._steps() if self._begins_step() else []
            return _location(token, steps, absolute=True)
        if self._at("//"):
            return _location(token, self._steps(), absolute=True)
        if not self._begins_step():
            self._unexpected(token)
        return _location(token, self._steps(), absolute=False)

    def _calls(self) -> bool:
        token = self._token
        if token.sort != "name" or token.text in _KINDS:
            return False
        following = self._tokens[self._index + 1]
        return following.sort == "symbol" and following.text == "("

    def _begins_step(self) -> bool:
        token = self._token
        return token.sort == "name" or (token.sort == "symbol" and token.text in (".", "..", "@"))

    def _filtered(self) -> Tree:
        token = self._take()
        primary: Tree
        match token.sort:
            case "number":
                primary = Number(float(token.text), token.position)
            case "literal":
                primary = Literal(token.text, token.position)
            case "name":
                primary = self._call(token)
            case _:
                primary = self._expression()
                self._expect(")", token)
        predicates = self._predicates()
        steps = self._steps() if self._at("//") or self._accept("/") else []
        if not predicates and not steps:
            return primary
        return Location(
            absolute=False,
            start=primary,
            predicates=predicates,
            steps=tuple(steps),
            position=token.position,
            plain=plain_names(tuple(steps)),
        )

    def _call(self, name: Token) -> Call:
        opening = self._take()
        arguments: list[Tree] = []
        if not self._at(")"):
            arguments.append(self._expression())
            while self._accept(","):
                arguments.append(self._expression())
        self._expect(")", opening)
        return Call(name.text, tuple(arguments), name.position)

    def _predicates(self) -> tuple[Tree, ...]:
        predicates: list[Tree] = []
        while self._at("["):
            opening = self._take()
            predicates.append(self._expression())
            self._expect("]", opening)
        return tuple(predicates)

    def _steps(self) -> list[Step]:
        steps: list[Step] = []
        while True:
            if self._at("//"):
                position = self._take().position
                steps.append(Step("descendant-or-self", _EVERY_NODE, (), position))
            steps.append(self._step())
            if self._at("//"):
                continue
            if not self._accept("/"):
                return steps

    def _step(self) -> Step:
        token = self._token
        if self._accept("."):
            return Step("self", _EVERY_NODE, self._predicates(), token.position)
        if self._accept(".."):
            return Step("parent", _EVERY_NODE, self._predicates(), token.position)
        axis = self._axis()
        test = self._test()
        return Step(axis, test, self._predicates(), token.position)

    def _axis(self) -> Axis:
        if self._accept("@"):
            return "attribute"
        following = self._tokens[min(self._index + 1, len(self._tokens) - 1)]
        if self._token.sort != "name" or following.text != "::" or following.sort != "symbol":
            return "child"
        token = self._take()
        self._take()
        if token.text not in _AXES:
            problem = (
                f"the axis “{token.text}::” is not supported; "
                "use paths of names, “..” and “.” with conditions in “[…]”"
            )
            raise Refused(token.position, problem)
        return cast("Axis", token.text)

    def _test(self) -> NameTest | KindTest:
        if self._token.sort != "name":
            self._unexpected(self._token)
        token = self._take()
        if token.text in _KINDS and self._at("("):
            return self._kind_test(token)
        prefix, _, name = token.text.rpartition(":")
        return NameTest(prefix, name)

    def _kind_test(self, kind: Token) -> KindTest:
        opening = self._take()
        target = ""
        if kind.text == "processing-instruction" and self._token.sort == "literal":
            target = self._take().text
        self._expect(")", opening)
        return KindTest(cast("KindName", kind.text), target)


def _location(token: Token, steps: list[Step], *, absolute: bool) -> Location:
    return Location(absolute, None, (), tuple(steps), token.position, plain_names(tuple(steps)))


def _plain_location(token: Token) -> Location:
    steps, plain = _plain_steps(token.text)
    return Location(token.text[0] == "/", None, (), steps, token.position, plain)


@lru_cache(maxsize=PATHS_REMEMBERED_MAX)
def _plain_steps(path: str) -> tuple[tuple[Step, ...], Plain]:
    """Return the steps of a path of names; they know no position, for nothing is wrong in them."""
    names = path.strip("/").split("/")
    down = tuple(name for name in names if name != "..")
    up = len(names) - len(down)
    above = (Step("parent", _EVERY_NODE, (), 0),) * up
    return (*above, *(Step("child", NameTest("", name), (), 0) for name in down)), (up, down)
