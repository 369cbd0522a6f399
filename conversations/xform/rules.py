"""What a form says of one node and of a value at it: the leaves of an instance.

What `relevant`, `required` and `constraint` mean for an answer:

    relevant  value   required  constraint  ->  required_ok  constraint_ok
    no        any     any       any             yes          yes
    yes       blank   yes       any             no           yes    (yes where read only)
    yes       blank   no        any             yes          yes
    yes       given   any       holds           yes          yes
    yes       given   any       fails           yes          no
"""

from __future__ import annotations

from conversations.xform.bounds import BOUNDED, Bounds, bounds_of
from conversations.xform.evaluation import Evaluator
from conversations.xform.form import Bind, Element, Form, Question
from conversations.xform.propagation import instances_of
from conversations.xform.standing import NO_CHOICES, NodeState, Refusal
from conversations.xform.tree import cell_of
from conversations.xform.values import canonical, cast
from conversations.xpath import Expression, Node

_UNBOUND = Bind("")


class Rules:
    """What a form says, over the nodes of one instance; nothing here changes a node for good."""

    def __init__(self, form: Form, evaluator: Evaluator) -> None:
        """Judge by a form's binds, evaluated by `evaluator`."""
        self._form, self._evaluator = form, evaluator

    def state(self, reference: str, node: Node) -> NodeState:
        """Describe a node in the current language."""
        element = self._element(node)
        question = element if isinstance(element, Question) else None
        label = None if element is None else element.label
        hint = None if question is None else question.hint
        speak, required, readonly = self._evaluator, self._required(node), self.readonly(node)
        return NodeState(
            reference=reference,
            relevant=self._relevant(node),
            required=required,
            readonly=readonly,
            value=self.value(node),
            label=self._label(element, node),
            hint=speak.text(hint, node),
            guidance=speak.text(hint, node, "guidance"),
            media=speak.media(label, node),
            choices=NO_CHOICES if question is None else speak.choices(question, node),
            constraint_ok=self._constraint_ok(node),
            required_ok=_is_there(node) or readonly or not required,
        )

    def messages(self, node: Node) -> tuple[str | None, str | None]:
        """Return a node's `required_message` and `constraint_message` in the current language."""
        bind, text = self._bind(node), self._evaluator.text
        return text(bind.required_message, node), text(bind.constraint_message, node)

    def bounds(self, node: Node) -> Bounds:
        """Say between which values an answer is wanted, where its constraint tells plainly."""
        question, constraint = self._element(node), self._bind(node).constraint
        if not isinstance(question, Question) or constraint is None:
            return Bounds()
        sort, today = BOUNDED.get(question.kind), self._evaluator.surroundings.now.date()
        return bounds_of(constraint.text, sort, today) if sort else Bounds()

    def refusal(self, node: Node, value: str) -> Refusal | None:
        """Say why a value would be refused at a node; None where it would be kept."""
        if self.readonly(node):
            return Refusal("readonly")
        if not value.strip():
            return self._missing(node) if self._required(node) else None
        kept = self._canonical(node, value)
        return kept if isinstance(kept, Refusal) else self._against_constraint(node, kept)

    def failing(self, node: Node) -> Refusal | None:
        """Say why an instance cannot be finished with a node as it is."""
        # What nobody can answer, such as a note, would keep the form from being finished for ever.
        if not _is_there(node) and self._required(node) and not self.readonly(node):
            return self._missing(node)
        if not self._constraint_ok(node):
            bind = self._bind(node)
            return Refusal("constraint", self._evaluator.text(bind.constraint_message, node))
        return None

    def cast(self, node: Node, value: str) -> str:
        """Write a value as far as the node's kind can hold it; blank where it cannot."""
        kept = self._canonical(node, value) if value.strip() else ""
        if not isinstance(kept, Refusal):
            return kept
        question = self._element(node)
        if isinstance(question, Question) and kept.kind == "type":
            return cast(question.kind, value, self._evaluator.surroundings.now)
        return ""

    def value(self, node: Node) -> str:
        """Return a node's value; of a repeat how many instances it has."""
        return str(len(instances_of(node))) if self._is_range(node) else node.text

    def readonly(self, node: Node) -> bool:
        """Tell whether a node must not be changed, for its own sake or that of what it is in."""
        if cell_of(node).place.path not in self._form.plan.guarded:
            return False
        current: Node | None = node
        while current is not None and current.owner is not None:
            if self._holds(self._bind(current).readonly, current):
                return True
            current = current.parent
        return False

    def range_relevant(self, stand_in: Node) -> bool:
        """Tell whether a repeat as a whole is relevant."""
        assert stand_in.parent is not None  # noqa: S101 - stand-ins are made with a parent.
        own = self._bind(stand_in).relevant
        return stand_in.parent.relevant and (own is None or self._holds(own, stand_in))

    # Inner questions

    def _label(self, element: Element | None, node: Node) -> str | None:
        if element is None:
            return None
        if self._is_range(node):
            return self._evaluator.bare_text(element.label)
        return self._evaluator.label(element, node)

    def _element(self, node: Node) -> Element | None:
        """Return the body element of a node; None for one that no person sees."""
        return self._form.elements.get(cell_of(node).place.path)

    def _bind(self, node: Node) -> Bind:
        """Return what the form says of a node."""
        return self._form.binds.get(cell_of(node).place.path, _UNBOUND)

    def _holds(self, expression: Expression | None, node: Node) -> bool:
        """Tell whether a condition holds at a node; False where there is none."""
        return expression is not None and self._evaluator.boolean(expression, node)

    def _required(self, node: Node) -> bool:
        """Tell whether a node needs an answer, relevant or not."""
        return self._holds(self._bind(node).required, node)

    def _relevant(self, node: Node) -> bool:
        """Tell whether a node is relevant, and a repeat as a whole."""
        return self.range_relevant(node) if self._is_range(node) else node.relevant

    def _is_range(self, node: Node) -> bool:
        """Tell whether a node stands for a repeat with all its instances."""
        return cell_of(node).place.repeat and not node.repeated

    def _constraint_ok(self, node: Node) -> bool:
        """Tell whether a node's value is one that its constraint allows."""
        constraint = self._bind(node).constraint
        if constraint is None or not node.relevant or not node.text:
            return True
        return self._evaluator.boolean(constraint, node)

    def _canonical(self, node: Node, value: str) -> str | Refusal:
        """Write a value as the node's kind has it, or say why it cannot be one."""
        question = self._element(node)
        if not isinstance(question, Question):
            return value
        if question.choices is not None:
            return self._chosen(question, node, value.split())
        kept = canonical(question.kind, value, self._evaluator.surroundings.now)
        if kept is None or (question.kind == "range" and not _in_range(question, kept)):
            return Refusal("type")
        return kept

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

    def _missing(self, node: Node) -> Refusal:
        """Say that a node's answer is missing."""
        return Refusal("required", self._evaluator.text(self._bind(node).required_message, node))


def _is_there(node: Node) -> bool:
    """Tell whether a node has an answer, or is one of which none is wanted."""
    return not node.relevant or bool(node.children) or bool(node.text)


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
