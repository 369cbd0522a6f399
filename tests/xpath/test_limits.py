"""Hostile expressions are refused at once or stopped soon."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from conversations.xpath import (
    BudgetExceeded,
    EvaluationError,
    ExpressionError,
    Node,
    Scope,
    World,
    compile_expression,
    document,
)

SECONDS_MAX = 2.0


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Hold every test here to two seconds."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < SECONDS_MAX


@pytest.fixture
def crowd(world: World) -> Scope:
    """Give a scope over 2,000 questions."""
    data = Node("data")
    for number in range(2_000):
        data.append(Node(f"q{number}", str(number)))
    world.root = document(data)
    return Scope(world, data)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000 + "1" + ")" * 5_000,
        "if(1," * 200 + "1" + ",2)" * 200,
        "not(" * 101 + "1" + ")" * 101,
        "a" + "[a" * 300 + "]" * 300,
        "1" + "+1" * 200_000,
        "'" + "x" * 60_000 + "'",
        "regex(., '" + "(" * 1_500 + "')",
        "regex(., 'x{1,5000}')",
        "regex(., '(a)\\1')",
    ],
    ids=lambda text: text[:12],
)
def test_hostile_text_is_refused(text: str) -> None:
    """Expressions too deep, too long or with patterns RE2 refuses do not compile."""
    with pytest.raises(ExpressionError):
        compile_expression(text)


@pytest.mark.parametrize(
    "text",
    ["not(" * 95 + "1" + ")" * 95, "-" * 20_000 + "1", " or ".join([". = 'a'"] * 2_000)],
    ids=["deep", "minuses", "long"],
)
def test_what_is_within_limits_runs(crowd: Scope, text: str) -> None:
    """Expressions within the limits compile and evaluate, however long their chains."""
    crowd.node = crowd.node.children[0]
    compile_expression(text).boolean(crowd)


@pytest.mark.parametrize(
    "text",
    [
        "count(/data/*[. = /data/*[. = /data/*]])",
        "count(//*[count(//*[count(//*) > 1]) > 1])",
        "string-length(/data/*[string-length(/data) > string-length(/data)])",
        "count(" + "|".join(["//*"] * 2_000) + ")",
    ],
    ids=lambda text: text[:24],
)
def test_endless_work_is_stopped(crowd: Scope, text: str) -> None:
    """Cubic predicates and the like are stopped by the budget."""
    with pytest.raises(BudgetExceeded):
        compile_expression(text).value(crowd)


def test_catastrophic_pattern_runs_in_linear_time(crowd: Scope) -> None:
    """A pattern that backtracks for hours elsewhere is answered at once."""
    text = "a" * 20_000 + "!"
    assert compile_expression(f"regex('{text}', '^(a+)+$')").boolean(crowd) is False


def test_pattern_from_an_answer_is_checked(crowd: Scope) -> None:
    """A pattern that is not written out is refused when it is met."""
    with pytest.raises(EvaluationError, match="regular expression"):
        compile_expression("regex('a', concat('(', ''))").boolean(crowd)


def test_texts_do_not_grow_without_end(crowd: Scope) -> None:
    """Joining texts over and over stops at a limit."""
    piece = "join(',', /data/*)"
    text = f"concat({', '.join([piece] * 500)})"
    with pytest.raises(EvaluationError):
        compile_expression(text).string(crowd)


def test_self_crossing_of_a_long_line_is_stopped(crowd: Scope) -> None:
    """A line of very many overlapping parts is stopped rather than compared pair by pair."""
    node = crowd.world.root.children[0].children[0]
    node.text = ";".join(f"{index / 10_000} {index % 2}" for index in range(4_000))
    with pytest.raises(BudgetExceeded):
        compile_expression("intersects(/data/q0)").boolean(crowd)
