"""What there is to visit: the relevant questions and repeats of an instance, in document order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from conversations.xform.form import Element, Form, Group, Question, Repeat
from conversations.xform.propagation import REPEATS_MAX, instances_of
from conversations.xform.standing import QuestionStop, RepeatStop, Stop
from conversations.xform.tree import cell_of, nodes_of, range_reference
from conversations.xpath import Node, path_of

RelevantRange = Callable[[Node], bool]


@dataclass(frozen=True, slots=True)
class _Around:
    """Where the walk stands: the innermost node, and the groups around it."""

    node: Node
    reference: str
    depth: int
    groups: tuple[str, ...] = ()
    field_list: str = ""

    def within(self, node: Node, element: Group | Repeat) -> _Around:
        """Step into a group or a repeat instance."""
        reference = path_of(node)
        listed = reference if "field-list" in element.appearance else ""
        return _Around(
            node,
            reference,
            len(cell_of(node).place.names),
            (*self.groups, reference),
            self.field_list or listed,
        )


def walk(form: Form, top: Node, relevant_range: RelevantRange) -> tuple[Stop, ...]:
    """List the stops of an instance; `relevant_range` judges a repeat without instances."""
    root = top.children[0]
    return tuple(_stops(form, form.body, _Around(root, path_of(root), 1), relevant_range))


def _stops(
    form: Form, elements: Iterable[Element], around: _Around, relevant_range: RelevantRange
) -> Iterator[Stop]:
    for element in elements:
        match element:
            case Question():
                yield from _questions(form, element, around)
            case Group():
                for inner in _inside(form, element, around):
                    yield from _stops(form, element.children, inner, relevant_range)
            case Repeat():
                yield from _repeat(form, element, around, relevant_range)
            case _:
                assert_never(element)


def _questions(form: Form, question: Question, around: _Around) -> Iterator[Stop]:
    if question.label is None and _hidden(form, question):
        return
    names = form.plan.places[question.path].names[around.depth :]
    if len(names) == 1 and (found := around.node.named.get(names[0])) and len(found) == 1:
        if found[0].relevant:  # Nearly all questions, without walking up for their reference.
            reference = f"{around.reference}/{names[0]}"
            yield QuestionStop(reference, question, around.groups, around.field_list)
        return
    for node in nodes_of(around.node, names):
        if node.relevant:
            yield QuestionStop(path_of(node), question, around.groups, around.field_list)


def _hidden(form: Form, question: Question) -> bool:
    """Whether nobody is asked: a calculation that stands in the body only to call an action."""
    bind = form.binds.get(question.path)
    unnamed = question.label is None and question.hint is None
    return unnamed and bind is not None and bind.calculate is not None


def _inside(form: Form, group: Group, around: _Around) -> Iterator[_Around]:
    if not group.path:
        listed = around.field_list
        yield _Around(around.node, around.reference, around.depth, around.groups, listed)
        return
    for node in nodes_of(around.node, form.plan.places[group.path].names[around.depth :]):
        if node.relevant:
            yield around.within(node, group)


def _repeat(
    form: Form, repeat: Repeat, around: _Around, relevant_range: RelevantRange
) -> Iterator[Stop]:
    names = form.plan.places[repeat.path].names
    for parent in nodes_of(around.node, names[around.depth : -1]):
        stand_in = cell_of(parent).ranges.get(names[-1])
        if stand_in is None or not parent.relevant:
            continue
        present = instances_of(stand_in)
        for node in present:
            if node.relevant:
                yield from _stops(
                    form, repeat.children, around.within(node, repeat), relevant_range
                )
        open_ended = repeat.count is None and not repeat.fixed
        if open_ended and relevant_range(stand_in):
            yield RepeatStop(
                range_reference(stand_in),
                repeat,
                len(present),
                len(present) < REPEATS_MAX,
                around.groups,
                around.field_list,
            )
