"""Expressions yield what the recorded reference engine gave, bar the differences named here.

Cases of plain XPath are evaluated with `World.plain`, those of ODK's dialect as forms are. Plain
cases over axes that forms do not use, `id()`, `lang()` and namespaces are counted apart: they
must be refused by name or come out right, and never crash.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.dom import minidom
from zoneinfo import ZoneInfo

import pytest

from conversations.xpath import (
    EvaluationError,
    Expression,
    ExpressionError,
    Kind,
    Node,
    Scope,
    World,
    compile_expression,
)
from tests.conformance.tally import Outcome, Tally

ODK, PLAIN, BEYOND = "xpath: ODK dialect", "xpath: plain", "xpath: plain, beyond forms"
BAR = 0.99
KINDS = {
    minidom.Node.ELEMENT_NODE: Kind.ELEMENT,
    minidom.Node.ATTRIBUTE_NODE: Kind.ATTRIBUTE,
    minidom.Node.TEXT_NODE: Kind.TEXT,
    minidom.Node.CDATA_SECTION_NODE: Kind.TEXT,
    minidom.Node.COMMENT_NODE: Kind.COMMENT,
    minidom.Node.PROCESSING_INSTRUCTION_NODE: Kind.INSTRUCTION,
}
ZONE = ZoneInfo("America/Phoenix")

_BEYOND = re.compile(
    r"\b(?:ancestor|descendant|following|preceding|namespace)[a-z-]*::|//|\b(?:id|lang)\s*\(|\w:\w"
)

EXPLAINED = {
    "sum(node())": "what is no number counts nothing (JavaRosa)",
    'regex(/simple/xpath/to/node, "[0-9]{3}")': "the whole text must match (JavaRosa)",
    "child::node()": "a document type is no node in XPath's data model",
}
"""Why a case differs on purpose, by its expression."""

DETACHED = "?detached"
"""The context of cases about nodes outside any document, which a Scope cannot have."""


def test_expressions(cases: Path, tally: Tally) -> None:
    """At least 99 % of the ODK dialect and of plain XPath over child, parent and self hold."""
    groups = set()
    for case in _cases(cases / "xpath-cases.jsonl"):
        if case["ctx"] == DETACHED:
            continue
        group = _group(case)
        groups.add(group)
        outcome, miss = _run(case)
        if group == BEYOND and outcome == "refused":
            miss = ""  # Refused by name, as it should be; the table counts them.
        reason = EXPLAINED.get(case["expr"], "")
        tally.count(group, outcome, f"{miss} ({reason})" if miss and reason else miss)
    for group in groups - {BEYOND}:
        assert tally.groups[group].share_right >= BAR, group
    assert not any(tally.groups[group].counts["crashed"] for group in groups)


def _cases(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _group(case: dict[str, Any]) -> str:
    if case["xforms"]:
        return ODK
    return BEYOND if _BEYOND.search(case["expr"]) else PLAIN


def _run(case: dict[str, Any]) -> tuple[Outcome, str]:
    where = f"{case['expr']!r} at {case['ctx']}"
    try:
        found = _found(case)
    except (ExpressionError, EvaluationError) as refusal:
        if "throws" in case:
            return "right", ""
        return "refused", f"{where}: {refusal.problem}"
    except Exception as crash:  # noqa: BLE001 - counting crashes is the purpose.
        return "crashed", f"{where}: {crash!r}"
    if "throws" in case:
        return "wrong", f"{where}: not refused, gave {found!r}"
    expected = _expected(case)
    if case["nondet"] or _same(expected, found):
        return "right", ""
    return "wrong", f"{where}: expected {expected!r}, found {found!r}"


def _found(case: dict[str, Any]) -> object:
    """Evaluate a case as it was recorded: as a number, a text, a condition or paths of nodes."""
    tree = _Document(case["xml"])
    node = tree.at(case["ctx"])
    expression = compile_expression(case["expr"])
    now = datetime.fromisoformat(case["now"]).astimezone(ZONE)
    world = World(tree.at(case["root"] or "/"), now, plain=not case["xforms"])
    scope = Scope(world, node)
    return _value(case.get("rt", case["type"]), expression, scope, tree)


def _value(kind: int | None, expression: Expression, scope: Scope, tree: _Document) -> object:
    match kind:
        case 1:
            return expression.number(scope)
        case 2:
            return expression.string(scope)
        case 3:
            return expression.boolean(scope)
        case _:
            return [tree.path(node) for node in expression.nodes(scope)]


def _expected(case: dict[str, Any]) -> object:
    match case["rt"]:
        case 1:
            return float(case["num"])
        case 2:
            return case["str"]
        case 3:
            return case["bool"]
        case _:
            return case["nodes"]


def _same(expected: object, found: object) -> bool:
    if isinstance(expected, float) and isinstance(found, float):
        if math.isnan(expected) or math.isnan(found):
            return math.isnan(expected) and math.isnan(found)
        return math.isclose(expected, found, rel_tol=1e-12, abs_tol=1e-12)
    if isinstance(expected, list) and isinstance(found, list):
        return sorted(expected) == sorted(found)
    return expected == found


class _Document:
    """A recorded document as light nodes, with the child-index paths by which cases name them."""

    def __init__(self, xml: str) -> None:
        # A DOM keeps a CDATA section beside its neighbouring text, as the recorder's did.
        tree = minidom.parseString(xml.strip())  # noqa: S318 - recorded tests, not foreign input.
        self.top = Node(kind=Kind.DOCUMENT)
        self._by_path = {"/": self.top}
        for index, child in enumerate(tree.childNodes):
            self._add(self.top, child, f"/{index}")

    def at(self, path: str) -> Node:
        return self._by_path[path]

    def path(self, node: Node) -> str:
        return next((path for path, known in self._by_path.items() if known is node), "?")

    def _add(self, parent: Node, recorded: minidom.Node, path: str) -> None:
        if recorded.nodeType not in KINDS:
            return
        node = parent.append(_node(recorded))
        self._by_path[path] = node
        for name, attribute in _attributes(recorded):
            self._by_path[f"{path}/@{name}"] = node.append(_node(attribute))
        for index, child in enumerate(recorded.childNodes):
            self._add(node, child, f"{path}/{index}")


def _attributes(recorded: minidom.Node) -> list[tuple[str, minidom.Node]]:
    if not isinstance(recorded, minidom.Element):
        return []
    return [
        (name, recorded.attributes[name])
        for name in recorded.attributes.keys()  # noqa: SIM118 - a NamedNodeMap is no mapping.
        if name != "xmlns" and not name.startswith("xmlns:")
    ]


def _node(recorded: minidom.Node) -> Node:
    name = str(recorded.localName or recorded.nodeName)
    text = recorded.nodeValue or ""
    kind = KINDS[recorded.nodeType]
    return Node(name, text, kind=kind, namespace=recorded.namespaceURI or "")
