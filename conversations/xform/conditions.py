"""Whether a condition can hold at all: `. > 5 and . < 3` cannot, whatever is answered.

A condition is decided where it speaks of one question with `and`, `or` and `not`, and compares it
with numbers, days, texts or choices that are written out. Its truth can change only at the values
it names, so that to try those, and one value between and beyond them, is to try all. What is not
so plain in an `and` is passed over: where the plain rest cannot hold, the whole cannot.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import chain, combinations, pairwise
from typing import Final, Literal, TypeAlias

from conversations.xform.bounds import day_of, is_answer, number_of
from conversations.xform.form import Kind
from conversations.xpath.errors import Refused
from conversations.xpath.grammar import parse
from conversations.xpath.syntax import Call, Chain, Number, Tree
from conversations.xpath.syntax import Literal as Quoted

SUBSETS_OF_MAX: Final = 8
"""Choices of which every subset is tried."""

IsAnswer: TypeAlias = Callable[[Tree], bool]
Sort: TypeAlias = Literal["fixed day", "day from today", "other"]
Test: TypeAlias = "Callable[[_Value], bool]"

_SORTS: Final[Sequence[Sort]] = ("fixed day", "day from today")
_COMPARED: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SAME: Final = frozenset({"number", "int", "string", "date", "decimal-date-time"})
_HALF: Final = Decimal("0.5")


class _Unclear(Exception):
    """A condition that is not decided here."""


@dataclass(frozen=True, slots=True)
class _Value:
    """An answer that is tried, or what one is compared with."""

    text: str
    number: Decimal | None = None


_BLANK: Final = _Value("")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of the answers of a question: its kind, its choices, the numbers of a range.

    `constraint` is its own, which no answer can fail.
    """

    kind: Kind
    names: tuple[str, ...] = ()
    numbers: tuple[Decimal, ...] = ()
    constraint: str = ""

    @property
    def is_decided(self) -> bool:
        """Tell whether its answers can be tried."""
        match self.kind:
            case "integer" | "decimal" | "date" | "text":
                return True
            case "range":
                return bool(self.numbers)
            case "select_one":
                return bool(self.names)
            case "select_multiple":
                return 0 < len(self.names) <= SUBSETS_OF_MAX
            case _:
                return False


def can_hold(condition: str, asked: Asked, reads: IsAnswer, *, or_blank: bool = False) -> bool:
    """Tell whether some answer may make a condition hold; only False is certain.

    `reads` says which part of the condition is the answer; `or_blank` that none is one too.
    """
    if not asked.is_decided:
        return True
    sorts: Sequence[Sort] = _SORTS if asked.kind == "date" else ("other",)
    return all(_some_answer(condition, asked, reads, sort, or_blank=or_blank) for sort in sorts)


def _some_answer(
    condition: str, asked: Asked, reads: IsAnswer, sort: Sort, *, or_blank: bool
) -> bool:
    wanted = _Reader(asked, reads, sort).tests(_conjuncts(condition))
    own = _Reader(asked, is_answer, sort).tests(_conjuncts(asked.constraint))
    if not wanted:
        return True
    named = (*_conjuncts(condition), *_conjuncts(asked.constraint))
    answers = _tried(asked, [*_Reader(asked, reads, sort).constants(named)])
    if any(all(test(value) for test in (*own, *wanted)) for value in answers):
        return True
    return or_blank and all(test(_BLANK) for test in wanted)


def _conjuncts(condition: str) -> Sequence[Tree]:
    """Return what must hold together."""
    try:
        return tuple(_conjoined(parse(condition))) if condition.strip() else ()
    except Refused:
        return ()


def _conjoined(tree: Tree) -> Iterator[Tree]:
    match tree:
        case Chain(operands, operators) if set(operators) == {"and"}:
            for operand in operands:
                yield from _conjoined(operand)
        case _:
            yield tree


def _tried(asked: Asked, constants: Sequence[_Value]) -> Iterator[_Value]:
    """Yield an answer for each stretch in which no condition about these constants changes."""
    numbers = {Decimal(0), *(one.number for one in constants if one.number is not None)}
    match asked.kind:
        case "integer" | "date":
            whole = {number.to_integral_value() for number in numbers}
            yield from map(_as_value, sorted({one + by for one in whole for by in (-1, 0, 1)}))
        case "decimal":
            yield from map(_as_value, _between(numbers))
        case "range":
            yield from map(_as_value, asked.numbers)
        case "select_one":
            yield from (_Value(name, read_number(name)) for name in asked.names)
        case "select_multiple":
            sizes = range(1, len(asked.names) + 1)
            for chosen in chain.from_iterable(combinations(asked.names, size) for size in sizes):
                yield _Value(" ".join(chosen))
        case _:
            yield from (one for one in constants if one.text)
            yield _Value("another\ntext")


def _between(numbers: Iterable[Decimal]) -> list[Decimal]:
    """Return the numbers, one between each two, and one beyond either end."""
    known = sorted(numbers)
    middles = [(low + high) / 2 for low, high in pairwise(known)]
    return sorted({*known, *middles, known[0] - 1, known[-1] + 1})


def _as_value(number: Decimal) -> _Value:
    return _Value(str(number), number)


def read_number(text: str) -> Decimal | None:
    """Read a number as an author writes it; None where it is none."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Read what a condition says of one question; days are all of one sort."""

    asked: Asked
    is_answer: IsAnswer
    sort: Sort

    def tests(self, trees: Iterable[Tree]) -> list[Test]:
        """Return the conditions that can be decided, each as a test of an answer."""
        found = []
        for tree in trees:
            try:
                found.append(self._test(tree))
            except _Unclear:
                continue
        return found

    def constants(self, trees: Iterable[Tree]) -> Iterator[_Value]:
        """Yield every constant that answers may be compared with."""
        left = list(trees)
        while left:
            tree = left.pop()
            constant = self._constant(tree)
            if constant is not None:
                yield constant
            match tree:
                case Chain(operands) | Call(_, operands):
                    left += operands
                case _:
                    pass

    def _test(self, tree: Tree) -> Test:
        match tree:
            case Chain(operands, operators) if set(operators) <= {"and", "or"}:
                inner = [self._test(operand) for operand in operands]
                together = all if set(operators) == {"and"} else any
                return lambda value: together(test(value) for test in inner)
            case Call("not", (operand,)):
                denied = self._test(operand)
                return lambda value: not denied(value)
            case Call("true" | "false" as word, ()):
                return lambda _: word == "true"
            case Call("selected", (read, Quoted(name))) if (
                name in self.asked.names and self.is_answer(read)
            ):
                return lambda value: name in value.text.split()
            case Chain((left, right), (sign,)) if sign in _COMPARED:
                return self._comparison(left, sign, right)
            case _:
                raise _Unclear

    def _comparison(self, left: Tree, sign: str, right: Tree) -> Test:
        if not self._reads(left) and not self._counts(left):
            left, sign, right = right, _MIRRORED.get(sign, sign), left
        constant = self._constant(right)
        number = None if constant is None else constant.number
        if constant is not None and self._reads(left) and not self._is_loose(sign, constant):
            return lambda value: _holds(value, sign, constant)
        if number is not None and self._counts(left):
            return lambda value: _COMPARED[sign](Decimal(len(value.text.split())), number)
        raise _Unclear

    def _is_loose(self, sign: str, constant: _Value) -> bool:
        """Tell whether there are answers the constants do not lead to, or it is none itself."""
        match self.asked.kind:
            case "text":
                return sign not in {"=", "!="} or constant.number is not None
            case "select_one" | "select_multiple" if constant.number is None:
                return constant.text not in {"", *self.asked.names}
            case _:
                return constant.number is None and constant.text != ""

    def _reads(self, tree: Tree) -> bool:
        match tree:
            case Call(name, (operand,)) if name in _SAME and name != "int":
                return self._reads(operand)
            case _:
                return self.is_answer(tree)

    def _counts(self, tree: Tree) -> bool:
        match tree:
            case Call("count-selected", (read,)):
                return bool(self.asked.names) and self.is_answer(read)
            case _:
                return False

    def _constant(self, tree: Tree) -> _Value | None:
        """Read what an answer is compared with: a number, a text, for a date a day of its sort."""
        match tree:
            case Quoted(""):
                return _BLANK
            case _ if self.asked.kind == "date":
                sort, days = _day(tree)
                return _as_value(days) if sort == self.sort else None
            case Quoted(text):
                return _Value(text, None if self.asked.kind == "text" else read_number(text))
            case _:
                number = number_of(tree)
                return None if number is None else _as_value(number)


def _holds(value: _Value, sign: str, constant: _Value) -> bool:
    if value.number is not None and constant.number is not None:
        return _COMPARED[sign](value.number, constant.number)
    same = value.text == constant.text
    return same if sign == "=" else sign == "!=" and not same


def _day(tree: Tree) -> tuple[Sort, Decimal]:
    """Read a day that is written out, or counted from today."""
    match tree:
        case Call("today", ()):
            return "day from today", Decimal(0)
        case Call("now", ()):
            return "day from today", _HALF
        case Call(name, (operand,)) if name in _SAME:
            return _day(operand)
        case Quoted(text):
            day = day_of(text)
            return ("other", _HALF) if day is None else ("fixed day", Decimal(day.toordinal()))
        case Chain((start, Number() as days), ("+" | "-" as sign,)):
            sort, first = _day(start)
            moved = number_of(days) or Decimal(0)
            return sort, first + (moved if sign == "+" else -moved)
        case _:
            return "other", _HALF
