"""Who recomputes after whom: from a form's expressions to its `Plan`.

What makes one step wait for another (a *hard* edge): it reads a value the other gives, or reads
something whose relevance or number the other decides. Hard edges must have no cycle; JavaRosa
refuses the form too. *Soft* edges only make a step run again, they order nothing: what an instance
of a repeat reads from other instances of it, and groups read as a whole.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, islice

from conversations.xform.form import Bind, Element, Itemset, ModelNode, Question, Repeat
from conversations.xform.plan import Aspect, Names, Place, Plan, Reader, Step
from conversations.xform.problems import FormProblem
from conversations.xpath import Expression
from conversations.xpath import Path as Location

READS_MAX = 200_000
"""Nodes that all expressions of a form together may name; `*` and `//` name many at once."""

_POSITIONAL = frozenset({"position", "last"})


def find_places(root: ModelNode, repeats: frozenset[str]) -> dict[str, Place]:
    """List every path of the primary instance, attributes too, in the form's order."""
    places: dict[str, Place] = {}
    _add_place(root, (), 0, repeats, places, inside=False)
    return places


def _add_place(  # noqa: PLR0913 - the six are one position in a walk.
    node: ModelNode,
    above: Names,
    index: int,
    repeats: frozenset[str],
    places: dict[str, Place],
    *,
    inside: bool,
) -> None:
    names = (*above, node.name)
    repeat = node.path in repeats
    if node.path not in places:
        places[node.path] = Place(node.path, names, index, repeat, inside)
    for attribute, _ in node.attributes:
        mark = "@" + attribute.rpartition("}")[2]
        path = f"{node.path}/{mark}"
        places.setdefault(path, Place(path, (*names, mark), -1, False, inside or repeat))  # noqa: FBT003
    for position, child in enumerate(node.children):
        _add_place(child, names, position, repeats, places, inside=inside or repeat)


@dataclass(frozen=True, slots=True)
class _Read:
    """A path that a step reads; `shared` are the names certainly the same nodes for both."""

    path: str
    shared: int
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class _Draft:
    aspect: Aspect
    place: Place
    expression: Expression


class Planner:
    """Make the plan of one form; `problems` then holds the cycles found."""

    def __init__(
        self,
        places: Mapping[str, Place],
        binds: Mapping[str, Bind],
        elements: Mapping[str, Element],
    ) -> None:
        """Know all paths, what is bound to them and what the body asks there."""
        self._places, self._binds, self._elements = places, binds, elements
        self._below = _descendants(places)
        self._matched: dict[Names, list[str]] = {}
        self.problems: list[FormProblem] = []

    def plan(self) -> Plan:
        """Order all steps; where they go in a circle, note the problem and order them anyhow."""
        drafts = tuple(self._drafts())
        reads = self._bounded_reads(drafts)
        order = self._order(drafts, reads)
        steps = tuple(
            Step(
                rank,
                drafts[i].aspect,
                drafts[i].place.path,
                drafts[i].place.names,
                drafts[i].expression,
                alone=not (drafts[i].place.repeat or drafts[i].place.inside_repeat),
            )
            for rank, i in enumerate(order)
        )
        self._refuse_self_reference()
        return Plan(
            places=self._places,
            steps=steps,
            readers=self._readers(steps, [reads[i] for i in order]),
            choice_ranks={step.path: step.rank for step in steps if step.aspect == "choices"},
            inside=self._inside(steps),
            subtree={
                path: (path, *self._below.get(path, ()))
                for path, place in self._places.items()
                if place.repeat
            },
            positional=frozenset(
                step.rank for step in steps if step.expression.functions & _POSITIONAL
            ),
            momentary=any("now" in step.expression.functions for step in steps),
            guarded=self._guarded(),
            lasting=frozenset(
                step.path
                for step in steps
                if step.aspect == "calculate" and "once" in step.expression.functions
            ),
        )

    def _guarded(self) -> frozenset[str]:
        own = {path for path, bind in self._binds.items() if bind.readonly is not None}
        return frozenset(
            path for path in self._places if own and not own.isdisjoint(_prefixes(path))
        )

    def _drafts(self) -> Iterator[_Draft]:
        for path, place in self._places.items():
            element, bind = self._elements.get(path), self._binds.get(path)
            if isinstance(element, Repeat) and element.count is not None:
                yield _Draft("count", place, element.count)
            if bind is not None and bind.relevant is not None:
                yield _Draft("relevant", place, bind.relevant)
            if bind is not None and bind.calculate is not None:
                yield _Draft("calculate", place, bind.calculate)
            if isinstance(element, Question) and isinstance(element.choices, Itemset):
                nodes = element.choices.nodes
                if any(location.start != "instance" for location in nodes.paths):
                    yield _Draft("choices", place, nodes)

    def _bounded_reads(self, drafts: tuple[_Draft, ...]) -> list[tuple[_Read, ...]]:
        found, left = [], READS_MAX
        for draft in drafts:
            own = tuple(islice(self._reads(draft), left + 1))
            left -= len(own)
            if left < 0:
                what = f"The expressions of the form name more than {READS_MAX:,} nodes."
                self.problems.append(FormProblem(what, "Name questions rather than “*” or “//”."))
                return [(), *[() for _ in drafts[1:]]]
            found.append(own)
        return found

    def _reads(self, draft: _Draft) -> Iterator[_Read]:
        jumping = "indexed-repeat" in draft.expression.functions
        for location in draft.expression.paths:
            if location.start == "instance":
                continue
            names, shared = resolve(location, draft.place.names)
            for path in self._matching(names):
                yield _Read(path, shared, jumping or self._elsewhere(location, draft, path, shared))

    def _elsewhere(self, location: Location, draft: _Draft, path: str, shared: int) -> bool:
        """Whether a step inside a repeat reads from perhaps another instance of that repeat."""
        if not (draft.place.inside_repeat or draft.place.repeat):
            return False
        names = draft.place.names
        own = self._places[path]
        common = 0
        while common < min(len(names), len(own.names)) and names[common] == own.names[common]:
            common += 1
        between = ("/" + "/".join(names[:size]) for size in range(shared + 1, common + 1))
        return any(self._places[prefix].repeat for prefix in between) and (
            any(location.filtered) or location.inside_predicate or own.repeat
        )

    def _matching(self, names: Names) -> Iterable[str]:
        if not any("*" in name for name in names):
            path = "/" + "/".join(names)
            return (path,) if path in self._places else ()
        if names not in self._matched:
            self._matched[names] = [
                place.path for place in self._places.values() if _fits(names, place.names)
            ]
        return self._matched[names]

    def _order(self, drafts: tuple[_Draft, ...], reads: list[tuple[_Read, ...]]) -> list[int]:
        edges = self._edges(drafts, reads)
        waiting = [len(before) for before in edges]
        after: dict[int, list[int]] = defaultdict(list)
        for index, before in enumerate(edges):
            for earlier in before:
                after[earlier].append(index)
        ready = [index for index, count in enumerate(waiting) if not count]
        order = []
        while ready:
            index = heapq.heappop(ready)
            order.append(index)
            for later in after[index]:
                waiting[later] -= 1
                if not waiting[later]:
                    heapq.heappush(ready, later)
        if len(order) < len(drafts):
            left = [index for index, count in enumerate(waiting) if count]
            self._refuse_cycle(drafts, edges, left)
            order += left
        return order

    def _edges(self, drafts: tuple[_Draft, ...], reads: list[tuple[_Read, ...]]) -> list[set[int]]:
        giving: dict[str, list[int]] = defaultdict(list)
        deciding: dict[str, list[int]] = defaultdict(list)
        counting: dict[str, int] = {}
        for index, draft in enumerate(drafts):
            values = draft.aspect in ("calculate", "choices")
            (giving if values else deciding)[draft.place.path].append(index)
            if draft.aspect == "count":
                counting[draft.place.path] = index
        waited = cache(partial(_waited, giving, deciding))
        edges: list[set[int]] = []
        for index, draft in enumerate(drafts):
            before: set[int] = set()
            for read in reads[index]:
                if not read.elsewhere:
                    before.update(waited(read.path))
            if draft.aspect == "choices":
                before.difference_update(giving[draft.place.path])
                before.update(i for i in giving[draft.place.path] if i < index)
            before.update(
                counting[prefix]
                for prefix in _prefixes(draft.place.path)
                if prefix in counting and counting[prefix] != index
            )
            edges.append(before)
        return edges

    def _refuse_cycle(
        self, drafts: tuple[_Draft, ...], edges: list[set[int]], left: list[int]
    ) -> None:
        stuck = set(left)
        seen: list[int] = []
        index = left[0]
        while index not in seen:
            seen.append(index)
            index = min(edges[index] & stuck)
        circle = [*seen[seen.index(index) :], index]
        names = [drafts[i].place.names[-1] for i in reversed(circle)]
        self._refuse(names, drafts[index].aspect)

    def _refuse_self_reference(self) -> None:
        for path, bind in self._binds.items():
            place = self._places.get(path)
            for aspect, expression in (("required", bind.required), ("read_only", bind.readonly)):
                if place is None or expression is None:
                    continue
                for location in expression.paths:
                    names, _ = resolve(location, place.names)
                    if names == place.names and not any(location.filtered):
                        self._refuse([place.names[-1]] * 2, aspect)

    def _refuse(self, names: list[str], aspect: str) -> None:
        chain = " → ".join(names)
        self.problems.append(
            FormProblem(
                f"A circle: {chain}: each waits for the other to be worked out ({aspect}).",
                "Take one of these references out.",
                "survey",
                None,
                names[0],
            )
        )

    def _readers(
        self, steps: tuple[Step, ...], reads: list[tuple[_Read, ...]]
    ) -> dict[str, tuple[Reader, ...]]:
        found: dict[str, dict[int, int]] = defaultdict(dict)
        for step, own in zip(steps, reads, strict=True):
            for read in own:
                for path in (read.path, *self._contents(read.path, step)):
                    known = found[path].get(step.rank, read.shared)
                    found[path][step.rank] = min(known, read.shared)
        return {
            path: tuple(Reader(rank, depth) for rank, depth in sorted(ranks.items()))
            for path, ranks in found.items()
        }

    def _contents(self, path: str, step: Step) -> Iterable[str]:
        """List what a step reads along with a group: all in it, unless the step is inside."""
        if step.path == path or step.path.startswith(f"{path}/"):
            return ()
        return self._below.get(path, ())

    def _inside(self, steps: tuple[Step, ...]) -> dict[str, tuple[int, ...]]:
        found: dict[str, list[int]] = defaultdict(list)
        for step in steps:
            for prefix in _prefixes(step.path):
                if self._places[prefix].repeat and (prefix != step.path or step.aspect != "count"):
                    found[prefix].append(step.rank)
        return {path: tuple(ranks) for path, ranks in found.items()}


def resolve(location: Location, context: Names) -> tuple[Names, int]:
    """Return the names a location reads from the root, and how many are the context's own nodes.

    `context` are the names of the path at which the expression stands.
    """
    if location.start != "root":
        own = context[: max(len(context) - location.parents, 0)]
        return own + location.names, len(own)
    shared = 0
    if not location.inside_predicate:
        for name, own_name, filtered in zip(
            location.names, context, location.filtered, strict=False
        ):
            if name != own_name or filtered:
                break
            shared += 1
    return location.names, max(shared, 1)


def _fits(pattern: Names, names: Names) -> bool:
    if not pattern:
        return not names
    head, rest = pattern[0], pattern[1:]
    if head == "**":
        return any(_fits(rest, names[skip:]) for skip in range(len(names) + 1))
    if not names:
        return False
    attribute = names[0].startswith("@")
    return _fits(rest, names[1:]) and (
        head == names[0] or (head == "*" and not attribute) or (head == "@*" and attribute)
    )


def _waited(
    giving: Mapping[str, list[int]], deciding: Mapping[str, list[int]], path: str
) -> tuple[int, ...]:
    """Return what gives the value at a path or decides on what it stands in."""
    above = (deciding.get(prefix, ()) for prefix in _prefixes(path))
    return (*giving.get(path, ()), *chain.from_iterable(above))


def _prefixes(path: str) -> Iterator[str]:
    end = path.find("/", 1)
    while end != -1:
        yield path[:end]
        end = path.find("/", end + 1)
    yield path


def _descendants(places: Mapping[str, Place]) -> dict[str, list[str]]:
    below: dict[str, list[str]] = defaultdict(list)
    for path in places:
        for prefix in _prefixes(path):
            if prefix != path:
                below[prefix].append(path)
    return below
