"""Functions over node-sets: counting, summing, shuffling, finding rows."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable

from conversations.xpath.errors import EvaluationError
from conversations.xpath.lookups import rows_with
from conversations.xpath.nodes import Node, position_of
from conversations.xpath.scope import Scope
from conversations.xpath.signatures import Function, pure, scoped
from conversations.xpath.syntax import Call
from conversations.xpath.values import (
    Code,
    Run,
    as_number,
    as_string,
    number_from_text,
    number_of,
    text_of,
)

_MODULUS = 2_147_483_647
_MULTIPLIER = 16_807


def _count_non_empty(scope: Scope, nodes: list[Node]) -> float:
    scope.spend(len(nodes))
    return float(sum(1 for node in nodes if text_of(scope, node)))


def _sum(scope: Scope, nodes: list[Node]) -> float:
    """Add up answers; nothing at all is 0."""
    total = 0.0  # One after another, for the very figure that other clients get.
    for number in _answers(scope, nodes):
        total += number
    return total


def _extreme(choose: Callable[[list[float]], float]) -> Callable[..., float]:
    """Choose among answers; NaN where there is none, or where one is no number."""

    def chosen(scope: Scope, *values: object) -> float:
        numbers = [number for value in values for number in _numbers(scope, value)]
        return choose(numbers) if numbers and not any(map(math.isnan, numbers)) else math.nan

    return chosen


def _answers(scope: Scope, nodes: list[Node]) -> list[float]:
    """Return what nodes count as numbers; NaN is a text that is none, as in XPath.

    A blank is a question without an answer and is passed over, as JavaRosa does: a repeat has a
    sum and a maximum while some of its instances still wait for theirs.
    """
    texts = [text_of(scope, node) for node in nodes]
    return [number_from_text(scope, text) for text in texts if text.strip() or scope.world.plain]


def _numbers(scope: Scope, value: object) -> list[float]:
    match value:
        case list():
            return _answers(scope, value)
        case str() if not value.strip():
            return []
        case _:
            return [number_of(scope, value)]  # type: ignore[arg-type]  # an argument is a Value


def _position(scope: Scope, nodes: list[Node] | None = None) -> float:
    if nodes is not None:
        return float(position_of(nodes[0])) if nodes else 0.0
    return float(scope.position or position_of(scope.node))


def _instance(_call: Call, codes: list[Code]) -> Run:
    instance_id = as_string(codes[0])

    def nodes(scope: Scope) -> list[Node]:
        top = scope.world.instance(instance_id(scope))
        return [] if top is None else [top]

    return nodes


def _pulldata(_call: Call, codes: list[Code]) -> Run:
    instance_id, wanted, key, value = (as_string(code) for code in codes)

    def pulled(scope: Scope) -> str:
        top = scope.world.instance(instance_id(scope))
        column, name, row = wanted(scope), key(scope), value(scope)
        for root in top.children if top is not None else ():
            for item in rows_with(scope, root, "item", name, {row}):
                found = item.named.get(column)
                return found[0].text if found else ""
        return ""

    return pulled


def _randomize(_call: Call, codes: list[Code]) -> Run:
    nodes = codes[0].run
    if len(codes) == 1:
        return lambda scope: shuffled(_list(nodes(scope)), scope.world.random)
    number, string = as_number(codes[1]), as_string(codes[1])

    def ordered(scope: Scope) -> list[Node]:
        seed = seed_of(number(scope), string(scope))
        return shuffled(_list(nodes(scope)), park_miller(seed))

    return ordered


def _list(nodes: object) -> list[Node]:
    if isinstance(nodes, list):
        return nodes
    message = "randomize() wants questions or choices (a path)"
    raise EvaluationError(message)


def seed_of(number: float, text: str) -> int:
    """Return the seed that a value gives: its whole part, or a hash of what is no number.

    Source: JavaRosa, which hashes with SHA-256 and takes the first eight bytes, signed; a blank is
    the seed 0.
    """
    if not text:
        return 0
    if math.isnan(number):
        digest = hashlib.sha256(text.encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)
    return int(max(-(2.0**63), min(2.0**63 - 1, number)))


def park_miller(seed: int) -> Callable[[], float]:
    """Return Park and Miller's generator: floats from 0 up to, not including, 1.

    Source: the XForms specification, randomize(); a seed out of range wraps as in JavaRosa.
    """
    state = int(math.fmod(seed, _MODULUS)) if abs(seed) < 2**53 else _remainder(seed)
    if state <= 0:
        state += _MODULUS - 1

    def random() -> float:
        nonlocal state
        state = state * _MULTIPLIER % _MODULUS
        return (state - 1) / (_MODULUS - 1)

    return random


def _remainder(seed: int) -> int:
    return seed % _MODULUS if seed >= 0 else -(-seed % _MODULUS)


def shuffled(nodes: list[Node], random: Callable[[], float]) -> list[Node]:
    """Shuffle by the inside-out variant of Fisher and Yates; the list itself stays as it is."""
    result: list[Node] = []
    for index, node in enumerate(nodes):
        place = int(random() * (index + 1))
        result.append(node)
        if place != index:
            result[index], result[place] = result[place], node
    return result


def _first(scope: Scope, nodes: list[Node] | None) -> Node | None:
    if nodes is None:
        return scope.node
    return nodes[0] if nodes else None


def _local_name(scope: Scope, nodes: list[Node] | None = None) -> str:
    node = _first(scope, nodes)
    return "" if node is None else node.name


def _namespace(scope: Scope, nodes: list[Node] | None = None) -> str:
    node = _first(scope, nodes)
    return "" if node is None else node.namespace


FUNCTIONS = (
    pure("count", "d", "number", lambda nodes: float(len(nodes))),
    scoped("count-non-empty", "d", "number", _count_non_empty),
    scoped("sum", "d", "number", _sum),
    scoped("max", "*v", "number", _extreme(max)),
    scoped("min", "*v", "number", _extreme(min)),
    scoped("position", "?d", "number", _position),
    Function("instance", "s", "nodes", _instance),
    scoped("current", "", "nodes", lambda scope: [scope.current]),
    Function("pulldata", "ssss", "string", _pulldata),
    Function("randomize", "d?v", "nodes", _randomize),
    scoped("local-name", "?d", "string", _local_name),
    scoped("name", "?d", "string", _local_name),
    scoped("namespace-uri", "?d", "string", _namespace),
)
