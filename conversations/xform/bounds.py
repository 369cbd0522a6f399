"""Between which values a constraint lets an answer be, where it says so plainly.

`. >= 0 and . <= 120` has bounds, and so has `. <= today()`. Anything else a constraint asks for
(other questions, `or`, functions) is passed over: the bounds are said to a person, never used to
decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Literal, TypeAlias

from conversations.xform.form import Kind
from conversations.xpath.errors import Refused
from conversations.xpath.grammar import parse
from conversations.xpath.syntax import Call, Chain, KindTest, Location, Negation, Number, Step, Tree
from conversations.xpath.syntax import Literal as Quoted

CONSTRAINTS_KEPT_MAX = 1_000

Comparison: TypeAlias = tuple[str, Tree]
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_TODAY = frozenset({"today", "now"})
_DATE_FUNCTIONS = frozenset({"date", "date-time", "string"})


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and the highest value, both allowed; None where there is no such end."""

    low: Decimal | date | None = None
    high: Decimal | date | None = None


Sort: TypeAlias = Literal["int", "decimal", "date"]


BOUNDED: Mapping[Kind, Sort] = {
    "integer": "int",
    "decimal": "decimal",
    "range": "decimal",
    "date": "date",
}
"""The kinds of question whose answers have an order people speak of."""


def bounds_of(constraint: str, sort: Sort, today: date) -> Bounds:
    """Read the bounds a constraint sets; neither end where it says none plainly."""
    lows: list[Decimal | date] = []
    highs: list[Decimal | date] = []
    for operator, operand in _comparisons(constraint):
        value = _value(operand, today) if sort == "date" else number_of(operand)
        bound = _inclusive(value, operator, sort) if value is not None else None
        if bound is not None:
            (lows if operator.startswith(">") else highs).append(bound)
    return Bounds(max(lows, default=None, key=_order), min(highs, default=None, key=_order))


def _order(value: Decimal | date) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(value.toordinal())


def _inclusive(value: Decimal | date, operator: str, sort: Sort) -> Decimal | date | None:
    """Return the last value that is still allowed; there is none below a decimal."""
    if operator.endswith("="):
        return value
    inward = 1 if operator == ">" else -1
    if isinstance(value, date):
        return value + timedelta(days=inward)
    whole = sort == "int" and value == value.to_integral_value()
    return value + inward if whole else None


@lru_cache(CONSTRAINTS_KEPT_MAX)
def _comparisons(constraint: str) -> tuple[Comparison, ...]:
    """List what `.` is compared with, as if it stood on the left, in what must hold together."""
    try:
        return tuple(_conjoined(parse(constraint)))
    except Refused:
        return ()


def _conjoined(tree: Tree) -> list[Comparison]:
    match tree:
        case Chain(operands, operators) if set(operators) == {"and"}:
            return [found for operand in operands for found in _conjoined(operand)]
        case Chain((left, right), (operator,)) if operator in _MIRRORED and is_answer(left):
            return [(operator, right)]
        case Chain((left, right), (operator,)) if operator in _MIRRORED and is_answer(right):
            return [(_MIRRORED[operator], left)]
        case _:
            return []


def is_answer(tree: Tree) -> bool:
    """Tell whether a tree is `.`, the answer itself."""
    match tree:
        case Location(False, None, (), (Step("self", KindTest("node"), ()),)):
            return True
        case _:
            return False


def number_of(tree: Tree) -> Decimal | None:
    """Read a number that is written out; None for anything else."""
    match tree:
        case Number(value) if isfinite(value):
            whole = value == int(value)
            return Decimal(int(value)) if whole else Decimal(repr(value))
        case Negation(operand):
            number = number_of(operand)
            return None if number is None else -number
        case _:
            return None


def _value(tree: Tree, today: date) -> date | None:
    """Read `today()`, `today() - 30`, `date('2020-01-01')`, `'2020-01-01'`."""
    match tree:
        case Call(name, ()) if name in _TODAY:
            return today
        case Call(name, (argument,)) if name in _DATE_FUNCTIONS:
            return _value(argument, today)
        case Quoted(text):
            return day_of(text)
        case Chain((start, Number(days)), ("+" | "-" as sign,)):
            day = _value(start, today)
            return _shifted(day, int(days) * (1 if sign == "+" else -1)) if day else None
        case _:
            return None


def day_of(text: str) -> date | None:
    """Read a day that is written out; None for anything else."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _shifted(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None
