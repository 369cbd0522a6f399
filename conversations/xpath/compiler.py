"""Text -> `Expression`: tree to bounded closures over light nodes."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn, assert_never

from conversations.xpath.errors import EvaluationError, ExpressionError, Refused
from conversations.xpath.functions import FUNCTIONS
from conversations.xpath.functions.logic import chosen
from conversations.xpath.grammar import parse
from conversations.xpath.locations import (
    Walk,
    context_of,
    current_of,
    filter_of,
    in_document_order,
    root_of,
    simple_path,
    walk_of,
    walked_path,
)
from conversations.xpath.lookups import looked_up, lookup_of
from conversations.xpath.nodes import Node
from conversations.xpath.operators import chain, negated
from conversations.xpath.paths import Path
from conversations.xpath.reads import calls_of, paths_of
from conversations.xpath.repeats import indexed_repeat
from conversations.xpath.scope import VISITS_MAX, Scope
from conversations.xpath.signatures import checked
from conversations.xpath.syntax import (
    Call,
    Chain,
    Literal,
    Location,
    NameTest,
    Negation,
    Number,
    Step,
    Tree,
)
from conversations.xpath.values import Code, Run, Type, Value, as_boolean, as_number, as_string

_INSTANCE_FUNCTIONS = ("instance", "pulldata")
_LABEL_FUNCTIONS = ("jr:choice-name",)
_TEXT_FUNCTIONS = ("jr:itext",)
_NOTHING: frozenset[str] = frozenset()
_SPECIAL = ("if", "indexed-repeat")
_KNOWN = sorted({*FUNCTIONS, *_SPECIAL})


class Expression:
    """A compiled expression; evaluating it is pure, bounded and repeatable.

    `functions` are the names of the functions it calls, `paths` what it reads, `instances` the
    ids of secondary instances it names (`instance()` and `pulldata()`), `choice_questions` the
    literal paths of `jr:choice-name`, `text_ids` the literal ids of `jr:itext`. Evaluators raise
    EvaluationError where there is no value, BudgetExceeded among them.
    """

    __slots__ = (
        "_boolean",
        "_code",
        "_number",
        "_string",
        "choice_questions",
        "functions",
        "instances",
        "paths",
        "text",
        "text_ids",
    )

    def __init__(self, text: str, tree: Tree, code: Code) -> None:
        """Keep the closures of `code` and what `tree` says of itself."""
        calls = calls_of(tree)
        self.text = text
        self.functions = frozenset([call.name for call in calls])
        self.paths: tuple[Path, ...] = paths_of(tree)
        self.instances = _written(calls, _INSTANCE_FUNCTIONS, 0)
        self.choice_questions = _written(calls, _LABEL_FUNCTIONS, 1)
        self.text_ids = _written(calls, _TEXT_FUNCTIONS, 0)
        self._code = code
        # Most expressions are asked for one type only, so conversions are made when first wanted.
        self._string: Callable[[Scope], str] | None = None
        self._number: Callable[[Scope], float] | None = None
        self._boolean: Callable[[Scope], bool] | None = None

    @property
    def type(self) -> Type:
        """Return what it yields; "any" where that depends on the answers."""
        return self._code.type

    def __repr__(self) -> str:
        """Show the expression as it was written."""
        return f"<Expression {self.text}>"

    def value(self, scope: Scope) -> Value:
        """Evaluate to whatever the expression yields; a date is its ISO 8601 text."""
        scope.left = VISITS_MAX
        value: Value = self._code.run(scope)
        return list(value) if isinstance(value, list) else value

    def string(self, scope: Scope) -> str:
        """Evaluate and convert as `string()` does; a blank or missing node is ''."""
        scope.left = VISITS_MAX
        if self._string is None:
            self._string = as_string(self._code)
        return self._string(scope)

    def number(self, scope: Scope) -> float:
        """Evaluate and convert as `number()` does: dates are days since 1970, else NaN."""
        scope.left = VISITS_MAX
        if self._number is None:
            self._number = as_number(self._code)
        return self._number(scope)

    def boolean(self, scope: Scope) -> bool:
        """Evaluate and convert as `boolean()` does."""
        scope.left = VISITS_MAX
        if self._boolean is None:
            self._boolean = as_boolean(self._code)
        return self._boolean(scope)

    def nodes(self, scope: Scope) -> list[Node]:
        """Evaluate to nodes in document order (or as randomized); [] when it yields none."""
        value = self.value(scope)
        return value if isinstance(value, list) else []


def compile_expression(text: str, namespaces: Mapping[str, str] | None = None) -> Expression:
    """Compile an ODK XPath expression.

    `namespaces` maps prefixes to URIs; a prefix it does not know matches by local name alone.
    Raises ExpressionError for what cannot be used, with all limits checked here.
    """
    try:
        tree = parse(text)
        return Expression(text, tree, _Compiler(namespaces or {}).code(tree))
    except Refused as refused:
        raise ExpressionError(text, refused.position, refused.problem) from None
    except RecursionError:
        raise ExpressionError(text, 0, "too many levels stand inside one another") from None


class _Compiler:
    """Trees to code, with the prefixes of the form at hand."""

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self._namespaces = namespaces

    def code(self, tree: Tree) -> Code:
        match tree:
            case Literal(text=text):
                return Code("string", lambda _scope: text)
            case Number(value=value):
                return Code("number", lambda _scope: value)
            case Call():
                return self._call(tree)
            case Chain():
                return self._chain(tree)
            case Negation(operand=operand):
                return negated(self.code(operand))
            case Location():
                return self._location(tree)
            case _:
                assert_never(tree)

    def _call(self, call: Call) -> Code:
        codes = [self.code(argument) for argument in call.arguments]
        if call.name == "indexed-repeat":
            return indexed_repeat(call, codes)
        function = FUNCTIONS.get(call.name)
        if function is None:
            _unknown(call)
        checked(function, call, codes)
        if call.name == "if":
            return chosen(codes)
        return Code(function.type, function.build(call, codes))

    def _chain(self, tree: Chain) -> Code:
        codes = [self.code(operand) for operand in tree.operands]
        if tree.operators[0] != "|":
            return chain(tree.operators, codes)
        for operand, code in zip(tree.operands, codes, strict=True):
            if code.type not in ("nodes", "any"):
                raise Refused(operand.position, f"“|” joins questions (paths), not a {code.type}")
        return Code("nodes", _union([code.run for code in codes]))

    def _location(self, tree: Location) -> Code:
        plain = tree.plain
        begin = {True: root_of, False: context_of}[tree.absolute]
        if isinstance(tree.start, Call) and tree.start.name == "current":
            self._call(tree.start)
            begin = current_of
        elif tree.start is not None:
            plain = None
        if plain is not None and not tree.predicates:
            hops, names = plain
            return Code("nodes", simple_path(begin, hops, names, absolute=tree.absolute))
        start = self._start(tree) if tree.start is not None else _single(begin)
        return Code("nodes", walked_path(start, self._walks(tree)))

    def _start(self, tree: Location) -> Run:
        assert tree.start is not None  # noqa: S101 - the caller has looked.
        code = self.code(tree.start)
        if code.type not in ("nodes", "any"):
            problem = f"a path or a condition cannot follow a {code.type}"
            raise Refused(tree.position, problem)
        return _nodes_only(code.run) if code.type == "any" else code.run

    def _walks(self, tree: Location) -> list[Walk]:
        filters = [filter_of(self.code(predicate)) for predicate in tree.predicates]
        walks: list[Walk] = list(filters)
        for index, step in enumerate(tree.steps):
            last = index + 1 == len(tree.steps)
            bound = tree.absolute and step.axis == "child" and not last and not step.predicates
            predicates = [self.code(predicate) for predicate in step.predicates]
            walk = walk_of(step, predicates, self._namespaces, bound=bound)
            secondary = isinstance(tree.start, Call) and tree.start.name == "instance"
            walks.append(self._looked_up(step, predicates, walk) if secondary else walk)
        return walks

    def _looked_up(self, step: Step, predicates: list[Code], walk: Walk) -> Walk:
        """Find rows by an index where a predicate allows it, else walk as written."""
        lookup = lookup_of(step)
        if lookup is None or step.axis != "child" or not isinstance(step.test, NameTest):
            return walk
        if step.test.prefix or step.test.name == "*":
            return walk
        find = looked_up(step.test.name, lookup.column, self.code(lookup.value).run)
        filters = [filter_of(code) for code in predicates[1 if lookup.whole else 0 :]]

        def found(scope: Scope, nodes: Sequence[Node]) -> Sequence[Node]:
            rows = find(scope, nodes) if len(nodes) == 1 else None
            if rows is None:
                return walk(scope, nodes)
            for keep in filters:
                rows = keep(scope, rows)
            return rows

        return found


def _single(begin: Run) -> Run:
    return lambda scope: (begin(scope),)


def _nodes_only(run: Run) -> Run:
    def nodes(scope: Scope) -> list[Node]:
        value = run(scope)
        if isinstance(value, list):
            return value
        message = "a path cannot go on from a text or a number"
        raise EvaluationError(message)

    return nodes


def _union(runs: list[Run]) -> Run:
    def nodes(scope: Scope) -> list[Node]:
        joined = [node for run in runs for node in _nodes_only(run)(scope)]
        scope.spend(len(joined))
        return in_document_order(scope, joined) if joined else joined

    return nodes


def _written(calls: list[Call], names: tuple[str, ...], index: int) -> frozenset[str]:
    arguments = [call.arguments[index] for call in calls if call.name in names]
    if not arguments:
        return _NOTHING
    return frozenset(
        argument.text.strip() for argument in arguments if isinstance(argument, Literal)
    )


def _unknown(call: Call) -> NoReturn:
    near = difflib.get_close_matches(call.name, _KNOWN, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}()?" if near else ""
    raise Refused(call.position, f"there is no function {call.name}(){hint}")
