"""Forms played action by action stand after each action as the recorded engine stood.

A state is right when every node of the recorded snapshot has the same relevance, required,
read-only, label, choices and validity, and the instance's XML is the same. Compared apart from
what cannot be the same: ids, moments of the clock, and how a coordinate writes a whole number.
Where JavaRosa (ODK Collect) means something else than the recorded engine, JavaRosa is right; the
rules of `_differs_on_purpose` leave such values out, each with its reason.
"""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from conversations.xform.form import Form
from conversations.xform.instance import Instance, NodeState, Surroundings
from conversations.xform.problems import FormError
from conversations.xform.reader import read_form
from conversations.xform.submission import to_xml
from tests.conformance.conftest import Tally

BAR = 0.95
GROUP = "scenario states"
EDITED = "scenario states, edited instance not recorded"

Row: TypeAlias = dict[str, Any]
Tree: TypeAlias = "tuple[str, tuple[tuple[str, str], ...], str, tuple[Tree, ...]]"

_RECORDED_AT = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
_ZONE = ZoneInfo("America/Phoenix")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+)?")
_ID = re.compile(r"uuid:[0-9a-f-]{36}|uuid:conformance")
_BARE_PATH = re.compile(r"\s*[\w./:-]+\s*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NOT_ANSWERED = ("root", "group", "repeat-range:uncontrolled", "repeat-range:controlled")


def test_scenario_states(cases: Path, tally: Tally) -> None:
    """At least 95 % of the recorded states come out the same, and none crashes."""
    path = cases / "scenario-traces.jsonl"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    with path.open(encoding="utf-8") as lines:
        for _, rows in groupby(map(json.loads, lines), key=lambda row: row["id"]):
            _play(list(rows), tally)
    assert tally.groups[GROUP].share_right >= BAR
    assert not tally.groups[GROUP].counts["crashed"]


def _play(rows: list[Row], tally: Tally) -> None:
    edited = rows[0].get("hasEdit", False)
    group = EDITED if edited else GROUP
    player = Player()
    for number, row in enumerate(rows):
        where = f"{row['test']} #{number} {row['op']} {row.get('args', '')}"
        try:
            player.act(row)
            differences = [] if edited else list(player.differences(row))
        except FormError as refusal:
            for _ in rows[number:]:
                tally.count(group, "refused", f"{where}: {refusal}")
            return
        except Exception:  # noqa: BLE001 - counting crashes is the purpose.
            for _ in rows[number:]:
                tally.count(group, "crashed", f"{where}: {traceback.format_exc(limit=-3)}")
            return
        miss = f"{where}: {'; '.join(differences[:3])}"
        tally.count(group, *(("wrong", miss) if differences else ("right",)))


@dataclass
class Player:
    """Play the actions of one scenario."""

    current: str = ""
    _instance: Instance | None = field(default=None)
    _on_purpose: frozenset[str] = frozenset()
    _blank_is_false: frozenset[str] = frozenset()

    @property
    def instance(self) -> Instance:
        """The instance under play."""
        assert self._instance is not None
        return self._instance

    def act(self, row: Row) -> None:
        """Do what a row says."""
        arguments = row.get("args", [])
        match row["op"]:
            case "init":
                self._begin(row["xml"])
            case "next":
                self.current = _plain(arguments[0])
            case "answer":
                self._answer(row, arguments)
            case "createNewRepeat":
                given = str(arguments[0])
                where = _plain(given) if given.startswith("/") else self.current
                self.instance.add_repeat(re.sub(r"\[\d+\]$", "", where))
            case "removeRepeat":
                head, _, index = _plain(arguments[0]).rpartition("[")
                self.instance.remove_repeat(head, int(index.rstrip("]")))
            case "setLanguage":
                now = self.instance.surroundings
                self.instance.surroundings = replace(now, language=arguments[0])
            case "jumpToBeginningOfForm":
                self.current = ""
            case operation:
                pytest.fail(f"an operation this player does not know: {operation}")

    def _begin(self, xml: str) -> None:
        form = read_form(xml)
        now = _RECORDED_AT.astimezone(_ZONE)
        surroundings = Surroundings(now, "", "seed", "uuid:conformance", now)
        self._instance = Instance.begin(form, surroundings)
        self._on_purpose = _differs_on_purpose(form)
        self._blank_is_false = _blank_is_false(form)

    def _answer(self, row: Row, arguments: list[Any]) -> None:
        reference = self.current if len(arguments) == 1 else _plain(arguments[0])
        value = arguments[-1]
        if value == "File":  # The recording tells a file's name only by the outcome.
            value = _value_at(row["inst"], reference)
        self.instance.put(reference, _written(value))

    def differences(self, row: Row) -> Iterator[str]:
        """Tell every difference between the instance and a recorded state."""
        for kind, reference, *recorded in row["snap"]:
            if re.sub(r"\[\d+\]", "", _plain(reference)) not in self._blank_is_false:
                yield from self._node_differences(kind, _plain(reference), recorded)
        own = to_xml(self.instance.form, self.instance.top.children[0])
        recorded_tree, own_tree = (
            _without(self._blank_is_false, _tree(xml), "") for xml in (row["inst"], own)
        )
        yield from _tree_differences(recorded_tree, own_tree, "", self._on_purpose)

    def _node_differences(self, kind: str, reference: str, recorded: list[Any]) -> Iterator[str]:
        relevant, required, readonly, label, choices, constraint_ok, required_ok = recorded
        try:
            state = self.instance.state(reference)
        except KeyError:
            yield f"{reference} is not there"
            return
        if (relevant, readonly) != (state.relevant, state.readonly):
            yield f"{reference} relevant, readonly: {relevant, readonly} recorded, not {state}"
        if kind in _NOT_ANSWERED or kind == "repeat-instance":
            return
        found = (state.required, state.constraint_ok, state.required_ok)
        if (required, constraint_ok, required_ok) != found:
            yield f"{reference} required, valid: {found}, not as recorded"
        yield from _text_differences(reference, label, choices, state)


def _text_differences(
    reference: str, label: str | None, choices: list[Any] | None, state: NodeState
) -> Iterator[str]:
    if (label or "").strip() != (state.label or "").strip():
        yield f"{reference} label: {label!r} recorded, not {state.label!r}"
    found = [[choice.name, choice.label] for choice in state.choices]
    if choices is not None and choices != found:
        yield f"{reference} choices: {choices} recorded, not {found}"


def _differs_on_purpose(form: Form) -> frozenset[str]:
    """Return the paths whose value JavaRosa works out otherwise than the recorded engine.

    - An absolute path in a repeat's calculation means this instance (the recorded engine: all).
    - `indexed-repeat` with a blank index takes the first instance (the recorded engine: none).
    """
    return frozenset(
        path
        for path, bind in form.binds.items()
        if bind.calculate is not None
        and (
            "indexed-repeat" in bind.calculate.functions
            or any(
                location.absolute and _into_own_repeat(form, path, location.names)
                for location in bind.calculate.paths
            )
        )
    )


def _blank_is_false(form: Form) -> frozenset[str]:
    """Return the paths relevant while a bare node is true: JavaRosa counts a blank one as false.

    The recorded engine counts a node that is there as true, blank or not. Such nodes are left out.
    """
    return frozenset(
        path
        for path, bind in form.binds.items()
        if bind.relevant is not None and _BARE_PATH.fullmatch(bind.relevant.text)
    )


def _without(paths: frozenset[str], tree: Tree, base: str) -> Tree:
    name, attributes, text, inner = tree
    path = f"{base}/{name}"
    kept = (_without(paths, child, path) for child in inner if f"{path}/{child[0]}" not in paths)
    return name, attributes, text, tuple(kept)


def _into_own_repeat(form: Form, path: str, names: tuple[str, ...]) -> bool:
    own = path.split("/")[1:]
    shared = 0
    while shared < min(len(own), len(names)) and own[shared] == names[shared]:
        shared += 1
    prefixes = ("/" + "/".join(own[:size]) for size in range(1, shared + 1))
    return any(form.plan.places[prefix].repeat for prefix in prefixes)


def _plain(reference: str) -> str:
    return re.sub(r"/[\w-]+:(?=[\w-])", "/", reference)


def _written(value: object) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "OK"
        case _:
            return str(value)


def _tree(xml: str) -> Tree:
    return _branch(etree.fromstring(xml.encode()))


def _branch(element: etree._Element) -> Tree:
    inner = [child for child in element if isinstance(child.tag, str)]
    # The engine under test gives every instance an id, also where the form does not ask for one.
    is_id = etree.QName(element).localname == "instanceID"
    return (
        etree.QName(element).localname,
        tuple(sorted((etree.QName(k).localname, _masked(v)) for k, v in element.attrib.items())),
        "" if inner or is_id else _masked((element.text or "").strip()),
        tuple(_branch(child) for child in inner),
    )


def _masked(text: str) -> str:
    parts = _ID.sub("ID", _MOMENT.sub("MOMENT", text)).split(" ")
    return " ".join(
        f"{float(part):g}" if len(parts) > 1 and _NUMBER.fullmatch(part) else part for part in parts
    )


def _tree_differences(
    recorded: Tree, found: Tree, base: str, on_purpose: frozenset[str]
) -> Iterator[str]:
    path = f"{base}/{recorded[0]}"
    if recorded[:3] != found[:3] and path not in on_purpose:
        yield f"{path}: {recorded[:3]} recorded, not {found[:3]}"
    if [child[0] for child in recorded[3]] != [child[0] for child in found[3]]:
        yield f"{path}: {[c[0] for c in recorded[3]]} recorded, not {[c[0] for c in found[3]]}"
        return
    for one, other in zip(recorded[3], found[3], strict=True):
        yield from _tree_differences(one, other, path, on_purpose)


def _value_at(xml: str, reference: str) -> str:
    element = etree.fromstring(xml.encode())
    for step in reference.split("/")[2:]:
        name, _, index = step.rstrip("]").partition("[")
        same = [child for child in element if etree.QName(child).localname == name]
        if len(same) < int(index or 1):
            return "file"
        element = same[int(index or 1) - 1]
    return (element.text or "").strip()
