"""How expressions are read, and what authors are told when they cannot be."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.xpath import ExpressionError, Scope, compile_expression
from conversations.xpath.grammar import parse
from conversations.xpath.syntax import (
    Call,
    Chain,
    Literal,
    Location,
    NameTest,
    Negation,
    Number,
    Tree,
)
from conversations.xpath.syntax import Step as PathStep
from conversations.xpath.values import number_from_text, text_from_number


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 0, "blank"),
        ("selcted(., 'a')", 0, "did you mean selected()?"),
        ("1 + unknwon()", 4, "there is no function unknwon()"),
        ("selected(.)", 0, "takes 2 arguments, not 1"),
        ("today(1)", 0, "takes no argument, not 1"),
        ("round(1, 2, 3)", 0, "takes 1 to 2 arguments"),
        ("if(. > 3, 'a'", 2, "has no matching"),
        ("'abc", 0, "closing quote"),
        ("${age} > 3", 0, "spreadsheet"),
        ("“yes” = .", 0, "straight quotes"),
        (". == 3", 3, "write one"),
        (". > ", 4, "ends too early"),
        ("1 2", 2, "cannot stand here after “1”"),
        ("a && b", 2, "write “and”"),
        ("ancestor::x", 0, "the axis “ancestor::” is not supported"),
        ("count('x')", 6, "wants questions (a path) here"),
        ("'a' | /b", 0, "joins questions"),
        ("regex(., '(?=x)')", 9, "look-around"),
        ("regex(., '(')", 9, "regular expression"),
        ("digest('a', 'MD9')", 0, "digest() knows the algorithms MD5, "),
        ("weighted-checklist(1, 2, true())", 0, "weight"),
        ("indexed-repeat(/a/b, /a)", 0, "repeat and an index"),
        ("indexed-repeat(/a/b[1], /a, 1)", 15, "without conditions"),
        ("7.9e-12", 3, "cannot stand here"),
    ],
)
def test_author_is_told_what_and_where(text: str, position: int, words: str) -> None:
    """A refused expression names the place and what to do."""
    with pytest.raises(ExpressionError) as refusal:
        compile_expression(text)
    assert words in refusal.value.problem
    assert refusal.value.position == position


@pytest.mark.parametrize(
    "text", ["1div1", "1 mod1", "(2*3)", ".>=1", "a-b", "div div div", "* * *"]
)
def test_operators_and_names_are_told_apart(text: str) -> None:
    """After an operand a word is an operator, elsewhere a name."""
    compile_expression(text)


NAMES = st.sampled_from(["age", "name", "a-b", "div", "and", "x.y", "été", "_id"])
AXES = st.sampled_from(["", "../", "./", "/data/", "../../"])
PATHS = st.tuples(AXES, NAMES).map("".join)
LEAVES = st.one_of(
    PATHS,
    st.sampled_from([".", "..", "(/)", "today()", "true()"]),
    st.integers(0, 10**6).map(str),
    st.text(st.characters(exclude_characters="'", exclude_categories=["Cs"]), max_size=5).map(
        "'{}'".format
    ),
)


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(
        ["+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or"]
    )
    return st.one_of(
        st.tuples(inner, operators, inner).map(" ".join),
        inner.map("({})".format),
        inner.map("-{}".format),
        inner.map("not({})".format),
        st.tuples(inner, inner, inner).map(lambda parts: "if({}, {}, {})".format(*parts)),
        st.tuples(PATHS, inner).map(lambda parts: "{}[{}]".format(*parts)),
    )


EXPRESSIONS = st.recursive(LEAVES, _grow, max_leaves=8)


@given(EXPRESSIONS)
def test_written_tree_reads_as_itself(text: str) -> None:
    """A tree written out as text reads as the same tree again."""
    tree = parse(text)
    assert plain(parse(written(tree))) == plain(tree)


@given(EXPRESSIONS)
def test_every_expression_has_all_four_values(scope: Scope, text: str) -> None:
    """What compiles evaluates to a value, a text, a number and a condition, all in agreement."""
    expression = compile_expression(text)
    value = expression.value(scope)
    if isinstance(value, str):
        assert expression.string(scope) == value
    assert isinstance(expression.string(scope), str)
    assert isinstance(expression.number(scope), float)
    assert isinstance(expression.boolean(scope), bool)


@given(st.floats())
def test_number_survives_its_text(scope: Scope, number: float) -> None:
    """A finite number written as text reads as the same number, without an exponent."""
    text = text_from_number(number)
    assert "e" not in text.replace("Infinity", "")
    if math.isfinite(number):
        assert number_from_text(scope, text) == number


@given(st.text(max_size=20))
def test_text_is_a_number_or_nan(scope: Scope, text: str) -> None:
    """Converting any text to a number gives a number or NaN and never fails."""
    assert isinstance(number_from_text(scope, text), float)


def written(tree: Tree) -> str:
    """Write a tree as text, with all the parentheses it can have."""
    match tree:
        case Literal(text=text):
            return f"'{text}'"
        case Number(value=value):
            return text_from_number(value)
        case Call(name, arguments):
            return f"{name}({', '.join(map(written, arguments))})"
        case Negation(operand):
            return f"-({written(operand)})"
        case Chain(operands, operators):
            parts = [f"({written(operands[0])})"]
            for operator, operand in zip(operators, operands[1:], strict=True):
                parts.append(f" {operator} ({written(operand)})")
            return "".join(parts)
        case Location():
            head = "/" if tree.absolute else ""
            return head + "/".join(map(_written_step, tree.steps))


def _written_step(step: PathStep) -> str:
    filters = "".join(f"[{written(predicate)}]" for predicate in step.predicates)
    test = step.test.name if isinstance(step.test, NameTest) else f"{step.test.kind}()"
    return f"{step.axis}::{test}{filters}"


def plain(tree: object) -> object:
    """Give a tree as nested tuples without the positions of its parts."""
    if isinstance(tree, tuple):
        return tuple(map(plain, tree))
    if not hasattr(tree, "__slots__"):
        return tree
    slots = [slot for slot in tree.__slots__ if slot != "position"]
    return (type(tree).__name__, *(plain(getattr(tree, slot)) for slot in slots))
