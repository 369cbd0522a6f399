"""What follows from a change: the steps that depend on it, in order, and nothing else.

A change marks the steps that read it; `settle` runs marked steps in the plan's order until none
is left. Every write goes through `write`, which marks, remembers what changed and calls the
actions (`setvalue`) that wait for it.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, deque
from collections.abc import Iterable, Mapping

from conversations.xform.evaluation import Evaluator
from conversations.xform.form import Bind, Form, Question, SetValue
from conversations.xform.plan import Step
from conversations.xform.problems import FormError, FormProblem
from conversations.xform.tree import (
    Grower,
    ancestor_at,
    below,
    cell_of,
    insert_in_order,
    nodes_of,
)
from conversations.xform.xml import holdable
from conversations.xpath import Node
from conversations.xpath.nodes import Typed

REPEATS_MAX = 2_000
"""Instances one repeat may have in one place."""
INSTANCES_MAX = 5_000
"""Instances of all repeats together; beyond them a counted repeat does not grow."""
WORK_MAX = 700_000
"""Nodes that the expressions may visit for one change: about a second."""
RUNS_MAX = 2_000
"""Times one step may run again, and actions that may follow, before a form counts as restless."""

_TYPED: Mapping[str, Typed] = {
    "boolean": "boolean",
    **dict.fromkeys(("int", "integer", "long", "decimal", "double", "float"), "number"),
}
_MANY_VALUES = frozenset({"select_multiple", "rank"})


class Propagation:
    """Keep one instance's tree true to its form."""

    def __init__(self, form: Form, top: Node, grower: Grower, evaluator: Evaluator) -> None:
        """Stand over a fresh tree; nothing is worked out yet."""
        self._form, self._top = form, top
        self._grower, self._evaluator = grower, evaluator
        self._plan = form.plan
        self._marked: dict[int, dict[int, Node] | None] = {}
        self._queue: list[int] = []
        self._actions: deque[tuple[SetValue, Node]] = deque()
        self._runs: Counter[int] = Counter()
        self._changed: dict[int, Node] = {}
        self._on_change = _by_source(form.set_values, "xforms-value-changed")
        self._on_repeat = _by_repeat(form)
        self._starting = False
        self._instances = 0
        self._alone: dict[int, list[Node]] = {}
        self.structure_version = 0

    # Writing

    def write(self, node: Node, text: str, *, given: bool) -> None:
        """Keep a value and mark what depends on it; `given` by a person or an action."""
        cell, text = cell_of(node), holdable(text)
        if given:
            cell.given = True
        elif node.text != text:
            cell.given = False
        if node.text == text:
            return
        node.text = text
        self._changed[id(node)] = node
        self._touch(node)
        if not self._starting:
            self._actions.extend(
                (action, node) for action in self._on_change.get(cell.place.path, ())
            )

    def add_repeat(self, stand_in: Node) -> Node:
        """Put a fresh instance at the end of a repeat and mark what depends on it."""
        node = self._add(stand_in)
        self._restructure(stand_in)
        return node

    def _add(self, stand_in: Node) -> Node:
        """Put a fresh instance at the end, with what stands in it marked, but nothing else."""
        parent = _parent(stand_in)
        node = self._grower.repeat(cell_of(stand_in).place.path)
        self._instances += 1
        insert_in_order(parent, node)
        self._inherit(node)
        path = cell_of(node).place.path
        for rank in self._plan.inside.get(path, ()):
            step = self._plan.steps[rank]
            self._mark_below(step, node, len(cell_of(node).place.names))
        if not self._starting:
            self._actions.extend((action, node) for action in self._on_repeat.get(path, ()))
        return node

    def remove_repeat(self, node: Node) -> None:
        """Take an instance of a repeat out and mark what depends on it."""
        stand_in = cell_of(_parent(node)).ranges[node.name]
        self._remove(node)
        self._restructure(stand_in)

    def _remove(self, node: Node) -> None:
        _parent(node).remove(node)
        self._instances -= sum(1 for gone in below(node) if gone.repeated)
        for gone in below(node):
            cell_of(gone).alive = False
            self._changed.pop(id(gone), None)

    def _restructure(self, stand_in: Node) -> None:
        """Mark what depends on how many instances a repeat has, once for all that came or went."""
        self.structure_version += 1
        place, parent = cell_of(stand_in).place, _parent(stand_in)
        path, depth_max = place.path, len(place.names) - 1
        for below_path in self._plan.subtree[path]:
            for reader in self._plan.readers.get(below_path, ()):
                depth = min(reader.depth, depth_max)
                self._mark_below(self._plan.steps[reader.rank], ancestor_at(parent, depth), depth)
        for rank in self._plan.inside.get(path, ()):
            if rank in self._plan.positional:
                self._mark_below(self._plan.steps[rank], parent, depth_max)

    def _inherit(self, node: Node) -> None:
        parent = _parent(node)
        node.relevant = parent.relevant and cell_of(node).own
        node.typed = _TYPED.get(self._bind_type(node), "text")
        for inner in (*node.attributes, *node.children):
            self._inherit(inner)

    # Marking

    def _touch(self, node: Node) -> None:
        place = cell_of(node).place
        for reader in self._plan.readers.get(place.path, ()):
            step = self._plan.steps[reader.rank]
            if step.alone:
                self._mark(reader.rank, None)
                continue
            depth = min(reader.depth, len(place.names))
            self._mark_below(step, ancestor_at(node, depth), depth)

    def _mark_below(self, step: Step, base: Node, depth: int) -> None:
        if step.alone:
            self._mark(step.rank, None)
        elif step.aspect == "count":
            names = step.names[:-1]
            parents = nodes_of(ancestor_at(base, min(depth, len(names))), names[depth:])
            self._mark(step.rank, [cell_of(one).ranges[step.names[-1]] for one in parents])
        else:
            self._mark(step.rank, nodes_of(base, step.names[depth:]))

    def _mark(self, rank: int, nodes: Iterable[Node] | None) -> None:
        if rank not in self._marked:
            self._marked[rank] = {}
            heapq.heappush(self._queue, rank)
        known = self._marked[rank]
        if nodes is None:
            self._marked[rank] = None
        elif known is not None:
            known.update((id(node), node) for node in nodes)

    # Settling

    def start(self) -> None:
        """Work out everything on a fresh or restored tree, without calling actions."""
        self._starting = True
        self._instances = sum(1 for node in below(self._top.children[0]) if node.repeated)
        self._inherit(self._top.children[0])
        for step in self._plan.steps:
            self._mark(step.rank, None)
        self.settle()
        self._starting = False

    def recompute(self) -> None:
        """Work out everything again, as `start` does; the outcome should be the same."""
        for step in self._plan.steps:
            self._mark(step.rank, None)
        self.settle()

    def fire(self, event: str) -> None:
        """Call the actions that wait for an event of the whole form, then settle."""
        for action in self._form.set_values:
            if event in action.events:
                place = self._plan.places[action.target]
                for node in nodes_of(self._top, place.names):
                    self._set(action, node)
                    self.settle()

    def settle(self) -> None:
        """Run marked steps in order, then waiting actions, until nothing is left."""
        self._runs.clear()
        self._evaluator.visits = 0
        while self._queue or self._actions:
            if self._queue:
                self._run(heapq.heappop(self._queue))
            else:
                self._count_run(-1, "its actions")
                action, source = self._actions.popleft()
                for node in self._targets(action, source):
                    self._set(action, node)

    def take_changed(self) -> list[Node]:
        """Return the nodes whose value or relevance changed since the last call."""
        changed, self._changed = list(self._changed.values()), {}
        return changed

    def _run(self, rank: int) -> None:
        step = self._plan.steps[rank]
        marked = self._marked.pop(rank)
        nodes = self._all(step) if marked is None else marked.values()
        self._count_run(rank, step.names[-1])
        for node in nodes:
            if cell_of(node).alive:
                self._work_out(step, node)
                if self._evaluator.visits > WORK_MAX:
                    what = f"{self._name} looks at too much to work out {step.names[-1]}."
                    mend = "Read less of its repeats and lists in each of its expressions."
                    raise FormError([FormProblem(what, mend, "survey", None, step.names[-1])])

    def _all(self, step: Step) -> list[Node]:
        if step.aspect == "count":
            parents = nodes_of(self._top, step.names[:-1])
            return [cell_of(parent).ranges[step.names[-1]] for parent in parents]
        if not step.alone:
            return nodes_of(self._top, step.names)
        known = self._alone.get(step.rank)
        if known is None:
            known = self._alone[step.rank] = nodes_of(self._top, step.names)
        return known

    def _count_run(self, rank: int, name: str) -> None:
        self._runs[rank] += 1
        if self._runs[rank] > RUNS_MAX:
            what = f"{self._name} does not come to rest: {name} changes without end."
            raise FormError([FormProblem(what, "Look at its trigger and calculation.")])

    @property
    def _name(self) -> str:
        return f"The form “{self._form.form_id}”"

    def _work_out(self, step: Step, node: Node) -> None:
        match step.aspect:
            case "relevant":
                self._relate(node, own=self._evaluator.boolean(step.expression, node))
            case "calculate":
                self._calculate(step, node)
            case "count":
                self._adjust(node, self._evaluator.number(step.expression, node))
            case "choices":
                self._filter(step, node)

    def _calculate(self, step: Step, node: Node) -> None:
        if self._starting and cell_of(node).given:
            return
        type_ = self._bind_type(node)
        self.write(node, self._evaluator.written(step.expression, node, type_), given=False)

    def _relate(self, node: Node, *, own: bool) -> None:
        cell_of(node).own = own
        self._spread(node)

    def _spread(self, node: Node) -> None:
        relevant = _parent(node).relevant and cell_of(node).own
        if node.relevant == relevant:
            return
        node.relevant = relevant
        self.structure_version += 1
        self._changed[id(node)] = node
        self._touch(node)
        rank = self._plan.choice_ranks.get(cell_of(node).place.path)
        if rank is not None:
            self._mark(rank, (node,))
        for inner in (*node.attributes, *node.children):
            self._spread(inner)

    def _adjust(self, stand_in: Node, number: float) -> None:
        if not cell_of(_parent(stand_in)).alive:
            return
        wanted = 0 if math.isnan(number) else int(max(0.0, min(number, float(REPEATS_MAX))))
        present = instances_of(stand_in)
        added = min(wanted - len(present), INSTANCES_MAX - self._instances)
        for node in reversed(present[wanted:]):
            self._remove(node)
        for _ in range(added):
            self._add(stand_in)
        if wanted < len(present) or added > 0:
            self._restructure(stand_in)

    def _filter(self, step: Step, node: Node) -> None:
        question = self._form.elements[step.path]
        assert isinstance(question, Question)  # noqa: S101 - only questions have this step.
        if not node.text or not node.relevant:
            return
        offered = self._evaluator.names(question, node)
        if question.kind in _MANY_VALUES:
            kept = " ".join(name for name in node.text.split() if name in offered)
        else:
            kept = node.text if node.text in offered else ""
        if kept != node.text:
            self.write(node, kept, given=True)

    # Actions

    def _set(self, action: SetValue, node: Node) -> None:
        text = action.text
        if action.value is not None:
            type_ = self._bind_type(node)
            occasion = f"{self._evaluator.world.now.isoformat()} {node.text}"
            text = self._evaluator.written(action.value, node, type_, occasion)
        self.write(node, text, given=True)

    def _targets(self, action: SetValue, source: Node) -> list[Node]:
        if not cell_of(source).alive:
            return []
        own, names = cell_of(source).place.names, self._plan.places[action.target].names
        shared = 0
        while shared < min(len(own), len(names)) and own[shared] == names[shared]:
            shared += 1
        return nodes_of(ancestor_at(source, shared), names[shared:])

    def _bind_type(self, node: Node) -> str:
        bind: Bind | None = self._form.binds.get(cell_of(node).place.path)
        return "string" if bind is None else bind.type


def instances_of(stand_in: Node) -> list[Node]:
    """List the instances a repeat has now."""
    return list(_parent(stand_in).named.get(stand_in.name, ()))


def _parent(node: Node) -> Node:
    assert node.parent is not None  # noqa: S101 - the document node is never asked.
    return node.parent


def _by_source(set_values: Iterable[SetValue], event: str) -> Mapping[str, tuple[SetValue, ...]]:
    found: dict[str, tuple[SetValue, ...]] = {}
    for action in set_values:
        if event in action.events:
            found[action.source] = (*found.get(action.source, ()), action)
    return found


def _by_repeat(form: Form) -> Mapping[str, tuple[SetValue, ...]]:
    """Find for each repeat the actions that a new instance of it calls."""
    found: dict[str, tuple[SetValue, ...]] = {}
    for action in form.set_values:
        if "odk-new-repeat" in action.events:
            repeat = _innermost_repeat(form, action.source or action.target)
            found[repeat] = (*found.get(repeat, ()), action)
    return found


def _innermost_repeat(form: Form, path: str) -> str:
    places = form.plan.places
    while path and not (path in places and places[path].repeat):
        path = path.rpartition("/")[0]
    return path
