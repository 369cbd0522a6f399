"""One person's answers to a form, with everything that follows from them kept true.

A *reference* is a path with positions inside repeats, `/data/child[2]/name`. Values are the
strings XForms writes: `2026-11-22`, `a b`, `-1.29 36.82 0 5`. What is not relevant keeps its
value, as in ODK, but reads as blank everywhere.

What `relevant`, `required` and `constraint` mean for an answer:

    relevant  value   required  constraint  ->  required_ok  constraint_ok
    no        any     any       any             yes          yes
    yes       blank   yes       any             no           yes    (yes where read only)
    yes       blank   no        any             yes          yes
    yes       given   any       holds           yes          yes
    yes       given   any       fails           yes          no
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter

from conversations.xform import drafts, preloads
from conversations.xform.bounds import BOUNDED, Bounds, bounds_of
from conversations.xform.evaluation import Evaluator
from conversations.xform.form import Bind, Element, Form, Question
from conversations.xform.propagation import Propagation, instances_of
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
from conversations.xform.values import canonical, cast
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
            walked = walk(self._form, self._top, self._range_relevant)
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
        return bool(self._form.plan.guarded) and self._readonly(self._find(reference))

    def value(self, reference: str) -> str:
        """Return a node's value, as its state has it."""
        return self._value(self._find(reference))

    def state(self, reference: str) -> NodeState:
        """Describe a node in the current language.

        A repeat's value is its number, its label that of no instance: without outputs.
        """
        known = self._states.get(reference)
        if known is None:
            known = self._states[reference] = self._state(reference, self._find(reference))
        return known

    def _state(self, reference: str, node: Node) -> NodeState:
        element = self._element(node)
        question = element if isinstance(element, Question) else None
        label = None if element is None else element.label
        hint = None if question is None else question.hint
        speak = self._evaluator
        return NodeState(
            reference=reference,
            relevant=self._relevant(node),
            required=self._holds(self._bind(node).required, node),
            readonly=self._readonly(node),
            value=self._value(node),
            label=self._label(element, node),
            hint=speak.text(hint, node),
            guidance=speak.text(hint, node, "guidance"),
            media=speak.media(label, node),
            choices=Choices() if question is None else speak.choices(question, node),
            constraint_ok=self._constraint_ok(node),
            required_ok=self._required_ok(node),
        )

    def messages(self, reference: str) -> tuple[str | None, str | None]:
        """Return a node's `required_message` and `constraint_message` in the current language."""
        node = self._find(reference)
        bind, text = self._bind(node), self._evaluator.text
        return text(bind.required_message, node), text(bind.constraint_message, node)

    def _label(self, element: Element | None, node: Node) -> str | None:
        if element is None:
            return None
        if self._is_range(node):
            return self._evaluator.bare_text(element.label)
        return self._evaluator.label(element, node)

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
        node = self._find(reference)
        if self._readonly(node):
            return Refusal("readonly")
        if not value.strip():
            return self._missing(node) if self._holds(self._bind(node).required, node) else None
        kept = self._canonical(node, value)
        return kept if isinstance(kept, Refusal) else self._against_constraint(node, kept)

    def bounds(self, reference: str) -> Bounds:
        """Say between which values the form wants an answer, where its constraint tells plainly."""
        node = self._find(reference)
        question, constraint = self._element(node), self._bind(node).constraint
        if not isinstance(question, Question) or constraint is None:
            return Bounds()
        sort = BOUNDED.get(question.kind)
        return bounds_of(constraint.text, sort, self.surroundings.now.date()) if sort else Bounds()

    def answer(self, reference: str, value: str) -> Refusal | Change:
        """Keep a value and work out again all that depends on it; blank clears.

        A refused value changes nothing. Clearing is never refused for want of an answer: `finish`
        asks for it again.
        """
        refusal = self.check(reference, value) if value.strip() else None
        if value.strip() == "" and self._readonly(self._find(reference)):
            refusal = Refusal("readonly")
        return self.put(reference, value) if refusal is None else refusal

    def put(self, reference: str, value: str) -> Change:
        """Keep a value whatever constraints say of it; what the kind cannot hold becomes blank."""
        self._forget()
        node = self._find(reference)
        self._propagation.write(node, self._cast(node, value), given=True)
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
            refusal = self._failing(node) if node.relevant and not node.children else None
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

    def _failing(self, node: Node) -> Refusal | None:
        if not self._required_ok(node):
            return self._missing(node)
        if not self._constraint_ok(node):
            bind = self._bind(node)
            return Refusal("constraint", self._evaluator.text(bind.constraint_message, node))
        return None

    def _missing(self, node: Node) -> Refusal:
        return Refusal("required", self._evaluator.text(self._bind(node).required_message, node))

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

    def _element(self, node: Node) -> Element | None:
        return self._form.elements.get(cell_of(node).place.path)

    def _bind(self, node: Node) -> Bind:
        return self._form.binds.get(cell_of(node).place.path, _UNBOUND)

    def _holds(self, expression: Expression | None, node: Node) -> bool:
        return expression is not None and self._evaluator.boolean(expression, node)

    def _relevant(self, node: Node) -> bool:
        return self._range_relevant(node) if self._is_range(node) else node.relevant

    def _is_range(self, node: Node) -> bool:
        return cell_of(node).place.repeat and not node.repeated

    def _range_relevant(self, stand_in: Node) -> bool:
        assert stand_in.parent is not None  # noqa: S101 - stand-ins are made with a parent.
        own = self._bind(stand_in).relevant
        return stand_in.parent.relevant and (own is None or self._holds(own, stand_in))

    def _readonly(self, node: Node) -> bool:
        if cell_of(node).place.path not in self._form.plan.guarded:
            return False
        current: Node | None = node
        while current is not None and current.owner is not None:
            if self._holds(self._bind(current).readonly, current):
                return True
            current = current.parent
        return False

    def _value(self, node: Node) -> str:
        return str(len(instances_of(node))) if self._is_range(node) else node.text

    def _required_ok(self, node: Node) -> bool:
        if not node.relevant or node.children or node.text:
            return True
        # What nobody can answer, such as a note, would keep the form from being finished for ever.
        return not self._holds(self._bind(node).required, node) or self._readonly(node)

    def _constraint_ok(self, node: Node) -> bool:
        constraint = self._bind(node).constraint
        if constraint is None or not node.relevant or not node.text:
            return True
        return self._evaluator.boolean(constraint, node)

    def _canonical(self, node: Node, value: str) -> str | Refusal:
        question = self._element(node)
        if not isinstance(question, Question):
            return value
        if question.choices is not None:
            return self._chosen(question, node, value.split())
        kept = canonical(question.kind, value, self.surroundings.now)
        if kept is None or (question.kind == "range" and not _in_range(question, kept)):
            return Refusal("type")
        return kept

    def _cast(self, node: Node, value: str) -> str:
        kept = self._canonical(node, value) if value.strip() else ""
        if not isinstance(kept, Refusal):
            return kept
        question = self._element(node)
        if isinstance(question, Question) and kept.kind == "type":
            return cast(question.kind, value, self.surroundings.now)
        return ""

    def _chosen(self, question: Question, node: Node, names: list[str]) -> str | Refusal:
        offered = self._evaluator.names(question, node)
        if not offered.issuperset(names) or len(set(names)) < len(names):
            return Refusal("choice")
        if question.kind == "select_one" and len(names) > 1:
            return Refusal("choice")
        if question.kind == "rank" and len(names) < len(offered):
            return Refusal("choice")
        return " ".join(names)

    def _against_constraint(self, node: Node, value: str) -> Refusal | None:
        before, node.text = node.text, value
        try:
            if self._constraint_ok(node):
                return None
            message = self._evaluator.text(self._bind(node).constraint_message, node)
            return Refusal("constraint", message)
        finally:
            node.text = before


def _same_day(one: Surroundings, other: Surroundings) -> bool:
    """Tell whether surroundings differ in the time of day and in nothing else."""
    return one.now.date() == other.now.date() and _apart_from_now(one) == _apart_from_now(other)


_apart_from_now = attrgetter(*(one.name for one in fields(Surroundings) if one.name != "now"))


def _in_range(question: Question, value: str) -> bool:
    given = question.parameters
    try:
        low, high, step = (
            float(given.get(name, default))
            for name, default in (("start", "0"), ("end", "10"), ("step", "1"))
        )
        number = float(value)
    except ValueError:
        return False
    low, high, step = min(low, high), max(low, high), abs(step)
    steps = (number - low) / step if step else 0.0
    return low <= number <= high and abs(steps - round(steps)) < 1e-6  # noqa: PLR2004 - rounding.
