"""One person's answers to a form, with everything that follows from them kept true.

A *reference* is a path with positions inside repeats, `/data/child[2]/name`. Values are the
strings XForms writes: `2026-11-22`, `a b`, `-1.29 36.82 0 5`. What is not relevant keeps its
value, as in ODK, but reads as blank everywhere. What a form says of one node is in `rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter

from conversations.xform import drafts, preloads
from conversations.xform.bounds import Bounds
from conversations.xform.evaluation import Evaluator
from conversations.xform.form import Bind, Element, Form
from conversations.xform.propagation import Propagation, instances_of
from conversations.xform.rules import Rules
from conversations.xform.standing import (
    Change,
    Choice,
    Choices,
    Draft,
    Failure,
    Media,
    NodeState,
    QuestionStop,
    Refusal,
    RepeatStop,
    Stop,
    Submission,
    Surroundings,
    UnfinishedError,
)
from conversations.xform.submission import write
from conversations.xform.tree import (
    Grower,
    addressed,
    below,
    cell_of,
    find,
    find_range,
    take_apart,
)
from conversations.xform.visits import walk
from conversations.xpath import Expression, Node, path_of

__all__ = [
    "Change",
    "Choice",
    "Choices",
    "Draft",
    "Failure",
    "Instance",
    "Media",
    "NodeState",
    "QuestionStop",
    "Refusal",
    "RepeatStop",
    "Stop",
    "Submission",
    "Surroundings",
    "UnfinishedError",
]


_UNBOUND = Bind("")


@dataclass(slots=True)
class _Known:
    """What was found out about an instance in one version of its structure."""

    version: int
    stops: Mapping[str, Stop] | None = None
    nodes: tuple[Node, ...] | None = None
    found: dict[str, Node] = field(default_factory=dict)


class Instance:
    """A form being filled in.

    `surroundings` may be replaced at any time (`instance.surroundings = ...`), for instance with
    another language or a later `now`. A reference that does not exist raises KeyError.
    """

    def __init__(self, form: Form, surroundings: Surroundings) -> None:
        """Grow the form's nodes; `begin` and `resume` then work out what follows."""
        self._form = form
        self._grower = Grower(form)
        self._top = self._grower.whole()
        self._evaluator = Evaluator(form, self._top, surroundings)
        self._rules = Rules(form, self._evaluator)
        self._propagation = Propagation(form, self._top, self._grower, self._evaluator)
        self._known = _Known(-1)
        self._states: dict[str, NodeState] = {}
        self._draft: Draft | None = None
        self.handed_on: object = None
        """What its host worked out of it at the end of a turn, for the beginning of the next."""

    @classmethod
    def begin(cls, form: Form, surroundings: Surroundings) -> Instance:
        """Start a fresh instance with the form's defaults."""
        instance = cls(form, surroundings)
        preloads.load(form, instance._top, surroundings)
        instance._propagation.start()
        instance._fire("odk-instance-first-load", "odk-instance-load", "xforms-ready")
        return instance

    @classmethod
    def resume(cls, form: Form, draft: Draft, surroundings: Surroundings) -> Instance:
        """Bring back the instance whose `draft()` this is; KeyError where it is another form's."""
        instance = cls(form, surroundings)
        preloads.load(form, instance._top, surroundings)
        drafts.restore(draft, instance._top, instance._grower)
        instance._propagation.start()
        instance._propagation.take_changed()
        return instance

    def opened_again(self) -> None:
        """Call the actions of each opening, once a report that was sent is brought back."""
        self._fire("odk-instance-load")

    def _fire(self, *events: str) -> None:
        for event in events:
            self._propagation.fire(event)
        self._propagation.take_changed()

    @property
    def form(self) -> Form:
        """Return the form this instance fills in."""
        return self._form

    @property
    def top(self) -> Node:
        """Return the document node of the instance, to read."""
        return self._top

    @property
    def troubles(self) -> tuple[str, ...]:
        """Say which expressions had no value for the answers so far, for the form's author."""
        return tuple(self._evaluator.troubles)

    @property
    def surroundings(self) -> Surroundings:
        """Return what is known of the world."""
        return self._evaluator.surroundings

    @surroundings.setter
    def surroundings(self, surroundings: Surroundings) -> None:
        if self._form.reads_the_clock or not _same_day(self.surroundings, surroundings):
            self._states.clear()
        self._evaluator.surroundings = surroundings

    def agrees(self, form: Form, draft: Draft, surroundings: Surroundings) -> bool:
        """Tell whether `resume` would bring back what this instance is already.

        Then only `surroundings` has to be replaced. What a form works out from `now()` is another
        at each moment, and what it works out from anything else (`today()`) at most each day.
        """
        if self._form is not form or form.plan.momentary:
            return False
        return _same_day(self.surroundings, surroundings) and self.draft() == draft

    # Looking

    def stops(self) -> tuple[Stop, ...]:
        """List what is relevant now for a person to visit, in document order."""
        return tuple(self._stops().values())

    def stop(self, reference: str) -> Stop | None:
        """Find one of the stops; None where nothing relevant stands at the reference."""
        return self._stops().get(reference)

    def _stops(self) -> Mapping[str, Stop]:
        known = self._known_now()
        if known.stops is None:
            walked = walk(self._form, self._top, self._rules.range_relevant)
            known.stops = {stop.reference: stop for stop in walked}
        return known.stops

    def _nodes(self) -> tuple[Node, ...]:
        known = self._known_now()
        if known.nodes is None:
            known.nodes = tuple(below(self._top.children[0]))
        return known.nodes

    def _known_now(self) -> _Known:
        """Return what is known of the structure, which is nothing once that has changed."""
        version = self._propagation.structure_version
        if self._known.version != version:
            self._known = _Known(version)
        return self._known

    def element(self, reference: str) -> Element | None:
        """Return the body element at a reference; None for a node no person sees."""
        return self._form.elements.get(cell_of(self._find(reference)).place.path)

    def references(self) -> tuple[str, ...]:
        """List the references of all nodes, relevant or not, in document order."""
        return tuple(path_of(node) for node in addressed(self._top.children[0]))

    def count_nodes(self) -> int:
        """Count all nodes, which is what an instance costs in memory."""
        return len(self._nodes())

    def readonly(self, reference: str) -> bool:
        """Tell whether a node must not be changed, for its own sake or that of what it is in."""
        if "[" not in reference and reference not in self._form.plan.guarded:
            return False  # Most questions, without a look for their node.
        return self._rules.readonly(self._find(reference))

    def value(self, reference: str) -> str:
        """Return a node's value, as its state has it."""
        return self._rules.value(self._find(reference))

    def state(self, reference: str) -> NodeState:
        """Describe a node in the current language.

        A repeat's value is its number, its label that of no instance: without outputs.
        """
        known = self._states.get(reference)
        if known is None:
            known = self._states[reference] = self._rules.state(reference, self._find(reference))
        return known

    def messages(self, reference: str) -> tuple[str | None, str | None]:
        """Return a node's `required_message` and `constraint_message` in the current language."""
        return self._rules.messages(self._find(reference))

    # Asking what the form itself does not ask

    def holds(self, expression: Expression) -> bool:
        """Evaluate a condition over the whole instance; False where it has no value."""
        return self._evaluator.boolean(expression, self._top.children[0])

    def worked_out(self, expression: Expression, type_: str = "string") -> str:
        """Evaluate over the whole instance, written as a bind of that type would be; or blank."""
        return self._evaluator.written(expression, self._top.children[0], type_)

    # Answering

    def check(self, reference: str, value: str) -> Refusal | None:
        """Say why a value would be refused here, without keeping it."""
        return self._rules.refusal(self._find(reference), value)

    def bounds(self, reference: str) -> Bounds:
        """Say between which values the form wants an answer, where its constraint tells plainly."""
        return self._rules.bounds(self._find(reference))

    def answer(self, reference: str, value: str) -> Refusal | Change:
        """Keep a value and work out again all that depends on it; blank clears.

        A refused value changes nothing. Clearing is never refused for want of an answer: `finish`
        asks for it again.
        """
        refusal = self.check(reference, value) if value.strip() else None
        if value.strip() == "" and self._rules.readonly(self._find(reference)):
            refusal = Refusal("readonly")
        return self.put(reference, value) if refusal is None else refusal

    def put(self, reference: str, value: str) -> Change:
        """Keep a value whatever constraints say of it; what the kind cannot hold becomes blank."""
        self._forget()
        node = self._find(reference)
        self._propagation.write(node, self._rules.cast(node, value), given=True)
        self._propagation.settle()
        return self._change(node)

    def _forget(self) -> None:
        """Forget what was told, before something changes."""
        self._states.clear()
        self._draft = None

    def _change(self, node: Node) -> Change:
        others = [one for one in self._propagation.take_changed() if one is not node]
        changed = tuple(path_of(one) for one in others if cell_of(one).alive)
        return Change(path_of(node), node.text, changed)

    def add_repeat(self, reference: str) -> str:
        """Add an instance at the end of a repeat (`/data/child`); return its reference."""
        self._forget()
        node = self._propagation.add_repeat(find_range(self._top, reference))
        self._propagation.settle()
        self._propagation.take_changed()
        return path_of(node)

    def remove_repeat(self, reference: str, index: int) -> None:
        """Take away the instance at a position, counted from 1."""
        self._forget()
        present = instances_of(find_range(self._top, reference))
        if not 1 <= index <= len(present):
            message = f"{reference}[{index}]"
            raise KeyError(message)
        self._propagation.remove_repeat(present[index - 1])
        self._propagation.settle()
        self._propagation.take_changed()

    def recompute(self) -> None:
        """Work out everything again, whether it changed or not; nothing should change."""
        self._forget()
        self._propagation.recompute()

    # Keeping

    def draft(self) -> Draft:
        """Return what was given; `resume` brings it back exactly."""
        if self._draft is None:
            self._draft = drafts.save(self._form, self._nodes(), self._grower)
        return self._draft

    def failures(self) -> tuple[Failure, ...]:
        """List every relevant node that keeps the instance from being finished."""
        found = []
        for node in self._nodes():
            refusal = self._rules.failing(node) if node.relevant and not node.children else None
            if refusal is not None:
                found.append(Failure(path_of(node), refusal))
        return tuple(found)

    def finish(self, now: datetime, *, partial: bool = False) -> Submission:
        """Check everything and write what ODK would send; raises UnfinishedError.

        What is handed in `partial` is written as far as it goes.
        """
        failures = () if partial else self.failures()
        if failures:
            raise UnfinishedError(failures)
        self._forget()
        preloads.end(self._form, self._top, now)
        return write(self._form, self._top, self.surroundings.deprecated_id)

    def let_go(self) -> None:
        """Come apart, so that the memory is free at once; nothing may be asked of it afterwards.

        A tree whose nodes know their parents is otherwise freed only where Python looks for
        garbage, and to look among the nodes of everybody else costs more than most answers do.
        """
        self.handed_on = None
        self._evaluator.let_go()
        take_apart(self._top)

    # Inner questions

    def _find(self, reference: str) -> Node:
        found = self._known_now().found
        node = found.get(reference)
        if node is None:
            node = found[reference] = self._sought(reference)
        return node

    def _sought(self, reference: str) -> Node:
        try:
            node = find(self._top, reference)
        except KeyError:
            return find_range(self._top, reference)
        if cell_of(node).place.repeat and not reference.rstrip().endswith("]"):
            return find_range(self._top, reference)
        return node


def _same_day(one: Surroundings, other: Surroundings) -> bool:
    """Tell whether surroundings differ in the time of day and in nothing else."""
    return one.now.date() == other.now.date() and _apart_from_now(one) == _apart_from_now(other)


_apart_from_now = attrgetter(*(one.name for one in fields(Surroundings) if one.name != "now"))
