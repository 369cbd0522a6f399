"""Forms played action by action stand after each action as the recorded engine stood.

A state is right when every node of the recorded snapshot has the same relevance, required,
read-only, label, choices and validity, and the instance's XML is the same. Compared apart from
what cannot be the same: ids, moments of the clock, and how a coordinate writes a whole number.

Two figures are printed. *As recorded* compares with the recorded engine alone. *By JavaRosa's
rules* takes a difference as right where `javarosa` works out, apart from the engine under test,
that JavaRosa (ODK Collect) gives what we give; the bar is on it.
"""

from __future__ import annotations

import json
import re
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from conversations.xform.instance import (
    Instance,
    NodeState,
    QuestionStop,
    RepeatStop,
    Surroundings,
)
from conversations.xform.problems import FormError
from conversations.xform.reader import read_form
from conversations.xform.submission import to_xml
from tests.conformance.javarosa import Lineage, Reading, Rules, lineage, rules_of
from tests.conformance.tally import Outcome, Tally

BAR = 0.95
STRICT = "scenario states, as recorded"
GROUP = "scenario states, JavaRosa's rules"
EDITED = "edited scenarios, loaded only"
POSITIONS = "scenario positions"

Row: TypeAlias = dict[str, Any]
Differences: TypeAlias = list[list[str]]
"""How one state differs: as recorded, and by JavaRosa's rules."""
Stopped: TypeAlias = tuple[Outcome, str]
Tree: TypeAlias = "tuple[str, tuple[tuple[str, str], ...], str, tuple[Tree, ...]]"

_RECORDED_AT = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
_ZONE = ZoneInfo("America/Phoenix")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+)?")
_ID = re.compile(r"uuid:[0-9a-f-]{36}|uuid:conformance")
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


def test_positions(cases: Path, tally: Tally) -> None:
    """Going on leads to the question that the recorded scenario, and JavaRosa's own test, reach."""
    path = cases / "scenario-traces.jsonl"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    with path.open(encoding="utf-8") as lines:
        for _, rows in groupby(map(json.loads, lines), key=lambda row: row["id"]):
            _walk(list(rows), tally)
    assert tally.groups[POSITIONS].share_right >= BAR


def _walk(rows: list[Row], tally: Tally) -> None:
    player = Player()
    with suppress(FormError):
        for row in rows:
            if row["op"] == "next":
                wanted = _plain(row["args"][0])
                reached = player.reaches(wanted)
                miss = (
                    "" if reached else f"{_name(rows)}: {wanted} does not follow {player.current}"
                )
                tally.count(POSITIONS, "right" if reached else "wrong", miss)
            player.act(row)


def _play(rows: list[Row], tally: Tally) -> None:
    edited = bool(rows[0].get("hasEdit", False))
    states, stopped = _played(rows, edited=edited)
    for index, group in enumerate((EDITED,) if edited else (STRICT, GROUP)):
        _count_states(tally, group, rows, [differences[index] for differences in states])
        if stopped is not None:
            _count_rest(tally, group, rows[len(states) :], *stopped)


def _played(rows: list[Row], *, edited: bool) -> tuple[list[Differences], Stopped | None]:
    """Play a scenario: how each state differs, and what came instead of the rest, if anything."""
    player, states = Player(), []
    try:
        for row in rows:
            player.act(row)
            states.append([[]] if edited else player.compared(row))
    except FormError as refusal:
        return states, ("refused", str(refusal))
    except Exception:  # noqa: BLE001 - counting crashes is the purpose.
        return states, ("crashed", traceback.format_exc(limit=-3))
    return states, None


def _count_states(tally: Tally, group: str, rows: list[Row], states: list[list[str]]) -> None:
    """Count the states of one scenario; the first that differs speaks for the others."""
    wrong = [number for number, differences in enumerate(states) if differences]
    for number, differences in enumerate(states):
        miss = ""
        if wrong and number == wrong[0]:
            first = f"{len(wrong)} of {len(rows)} states, first #{number} {rows[number]['op']}"
            miss = f"{_name(rows)}: {first}: {'; '.join(differences[:2])}"
        tally.count(group, "wrong" if differences else "right", miss)


def _count_rest(tally: Tally, group: str, rows: list[Row], outcome: Outcome, said: str) -> None:
    for number, _ in enumerate(rows):
        tally.count(group, outcome, "" if number else f"{_name(rows)}: {said}")


def _name(rows: list[Row]) -> str:
    return str(rows[0]["test"]).rpartition(" > ")[2]


NO_RULES = Rules()


@dataclass
class Player:
    """Play the actions of one scenario."""

    current: str = ""
    _instance: Instance | None = field(default=None)
    _rules: Rules = NO_RULES

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

    def reaches(self, wanted: str) -> bool:
        """Tell whether a position comes next: a group or repeat that is there, or what follows.

        After a repeat itself, where another instance is offered, the last instance follows.
        """
        stops = self.instance.stops()
        found = self.instance.stop(wanted)
        if not isinstance(found, QuestionStop):
            there = found is not None or wanted in self.instance.references()
            return there and self.instance.state(wanted).relevant
        begun = self.instance.stop(self.current)
        if isinstance(begun, RepeatStop) and begun.count:
            return wanted.startswith(f"{begun.reference}[{begun.count}]/")
        start = 0 if begun is None else stops.index(begun) + 1
        questions = (stop.reference for stop in stops[start:] if isinstance(stop, QuestionStop))
        inside = (one for one in questions if begun or one.startswith(self.current))
        return next(inside, "") == wanted

    def _begin(self, xml: str) -> None:
        form = read_form(xml)
        now = _RECORDED_AT.astimezone(_ZONE)
        surroundings = Surroundings(now, "", "seed", "uuid:conformance", now)
        self._instance = Instance.begin(form, surroundings)
        self._rules = rules_of(form)

    def _answer(self, row: Row, arguments: list[Any]) -> None:
        reference = self.current if len(arguments) == 1 else _plain(arguments[0])
        value = arguments[-1]
        if value == "File":  # The recording tells a file's name only by the outcome.
            value = _value_at(row["inst"], reference)
        self.instance.put(reference, _written(value))

    def compared(self, row: Row) -> Differences:
        """Tell the differences from a recorded state: all, and those no rule explains."""
        strict = list(self._differences(row, Reading(NO_RULES, row["inst"])))
        if not strict:
            return [[], []]
        return [strict, list(self._differences(row, Reading(self._rules, row["inst"])))]

    def _differences(self, row: Row, reading: Reading) -> Iterator[str]:
        for kind, reference, *recorded in row["snap"]:
            yield from self._node_differences(kind, _plain(reference), recorded, reading)
        own = _tree(to_xml(self.instance.form, self.instance.top.children[0]))
        recorded_tree = _tree(row["inst"])
        yield from _tree_differences(recorded_tree, own, ((own[0], 1),), reading)

    def _node_differences(
        self, kind: str, reference: str, recorded: list[Any], reading: Reading
    ) -> Iterator[str]:
        relevant, required, readonly, label, choices, constraint_ok, required_ok = recorded
        try:
            state = self.instance.state(reference)
        except KeyError:
            yield f"{reference} is not there"
            return
        if relevant and not state.relevant and reading.is_off(lineage(reference)):
            return
        if (relevant, readonly) != (state.relevant, state.readonly):
            found = (int(state.relevant), int(state.readonly))
            yield f"{reference} relevant, readonly: {relevant, readonly} recorded, not {found}"
        if kind in _NOT_ANSWERED or kind == "repeat-instance":
            return
        held = (state.required, state.constraint_ok, state.required_ok)
        if (required, constraint_ok, required_ok) != held:
            yield f"{reference} required, valid: {held}, not as recorded"
        yield from _text_differences(reference, label, choices, state)


def _text_differences(
    reference: str, label: str | None, choices: list[Any] | None, state: NodeState
) -> Iterator[str]:
    if (label or "").strip() != (state.label or "").strip():
        yield f"{reference} label: {label!r} recorded, not {state.label!r}"
    found = [[choice.name, choice.label] for choice in state.choices]
    if choices is not None and choices != found:
        yield f"{reference} choices: {choices} recorded, not {found}"


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


def _tree_differences(recorded: Tree, found: Tree, at: Lineage, reading: Reading) -> Iterator[str]:
    where = "/".join(name for name, _ in at)
    if recorded[:2] != found[:2] or (recorded[2] != found[2] and found[2] != reading.value(at)):
        yield f"{where}: {recorded[:3]} recorded, not {found[:3]}"
    inner = list(_inner(recorded, at, reading))
    names = [below[-1][0] for _, below in inner]
    if names != [child[0] for child in found[3]]:
        yield f"{where}: {names} recorded, not {[c[0] for c in found[3]]}"
        return
    for (child, below), other in zip(inner, found[3], strict=True):
        yield from _tree_differences(child, other, below, reading)


def _inner(recorded: Tree, at: Lineage, reading: Reading) -> Iterator[tuple[Tree, Lineage]]:
    """Yield the children of a recorded node with their places, but those that a rule turns off."""
    seen: Counter[str] = Counter()
    for child in recorded[3]:
        seen[child[0]] += 1
        below = (*at, (child[0], seen[child[0]]))
        if not reading.is_off(below):
            yield child, below


def _value_at(xml: str, reference: str) -> str:
    element = etree.fromstring(xml.encode())
    for step in reference.split("/")[2:]:
        name, _, index = step.rstrip("]").partition("[")
        same = [child for child in element if etree.QName(child).localname == name]
        if len(same) < int(index or 1):
            return "file"
        element = same[int(index or 1) - 1]
    return (element.text or "").strip()
