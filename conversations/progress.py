"""Where in a form a person is: what comes next, what came before.

One rule: the next question is the first in the form's order that has not been dealt with. So a
question that a changed answer makes relevant is asked, wherever it stands, and what was answered
already is not asked again. `trail` remembers what was dealt with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeGuard

from conversations.session import Draft
from conversations.xform.form import Element, Form, Question
from conversations.xform.instance import Instance, QuestionStop, RepeatStop, Stop
from conversations.xform.order import heads_columns

_POSITION = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The next stop, None at the end, and the notes to read before it."""

    notes: tuple[QuestionStop, ...]
    stop: Stop | None


def upcoming(instance: Instance, trail: Iterable[str]) -> Upcoming:
    """Find the first stop not dealt with; where only notes are left, the last of them."""
    dealt_with = frozenset(trail)
    notes: list[QuestionStop] = []
    for stop in instance.stops():
        if stop.reference in dealt_with or not _waits(stop):
            continue
        if repeat := _asked_first(instance, stop, dealt_with):
            return Upcoming(tuple(notes), repeat)
        if not is_note(stop, instance):
            return Upcoming(tuple(notes), stop)
        notes.append(stop)
    return Upcoming(tuple(notes[:-1]), notes[-1] if notes else None)


def is_unopened(stop: RepeatStop, trail: Collection[str]) -> bool:
    """Tell whether a repeat has but the instance its form brings along, and nobody told of it.

    The instance's own reference stands in the trail once the person said that there is one.
    """
    first = f"{stop.reference}[1]"
    if stop.count != 1 or first in trail:
        return False
    return not any(reference.startswith(f"{first}/") for reference in trail)


def _asked_first(instance: Instance, stop: Stop, dealt_with: Collection[str]) -> RepeatStop | None:
    """Find the repeat that asks whether there is one at all, before this stop in its first."""
    for group in stop.groups:
        if group.endswith("[1]") and group.removesuffix("[1]") not in dealt_with:
            repeat = stop_at(instance, group.removesuffix("[1]"))
            if not isinstance(repeat, RepeatStop) or not is_unopened(repeat, dealt_with):
                continue
            if not instance.state(repeat.reference).required:
                return repeat
    return None


def _waits(stop: Stop) -> bool:
    return not is_heading(stop) if isinstance(stop, QuestionStop) else stop.can_add


def is_heading(stop: QuestionStop) -> bool:
    """Tell whether a stop only heads the columns of a table, as `table-list` groups have it."""
    return heads_columns(stop.question)


def is_note(stop: Stop, instance: Instance) -> TypeGuard[QuestionStop]:
    """Tell whether a stop is only read: a note, or a question that must not be changed."""
    if not isinstance(stop, QuestionStop):
        return False
    return stop.question.kind == "note" or instance.readonly(stop.reference)


def stop_at(instance: Instance, reference: str) -> Stop | None:
    """Find a stop that a person may visit now."""
    return instance.stop(reference)


def stop_before(instance: Instance, trail: tuple[str, ...], current: str) -> Stop | None:
    """Find what was dealt with before the current question; None at the beginning."""
    before = trail[: trail.index(current)] if current in trail else trail
    earlier = (instance.stop(reference) for reference in reversed(before))
    return next((stop for stop in earlier if stop and not is_note(stop, instance)), None)


def still_answered(
    trail: tuple[str, ...], before: Draft, after: Draft, *, but: str
) -> tuple[str, ...]:
    """Drop from the trail what lost its answer through that to `but`, so that it is asked again."""
    given, kept = dict(before), dict(after)
    return tuple(ref for ref in trail if ref == but or kept.get(ref) or not given.get(ref))


def without_instance(trail: tuple[str, ...], repeat: str, index: int) -> tuple[str, ...]:
    """Follow the removal of a repeat's instance: its references go, later ones move up.

    >>> without_instance(("/d/c[1]/x", "/d/c[2]/x", "/d/c[3]/x"), "/d/c", 2)
    ('/d/c[1]/x', '/d/c[2]/x')
    """
    position = re.compile(re.escape(repeat) + r"\[(\d+)\](.*)")
    return tuple(
        moved for ref in trail if (moved := _moved(position.fullmatch(ref), ref, repeat, index))
    )


def _moved(match: re.Match[str] | None, reference: str, repeat: str, index: int) -> str:
    if match is None or int(match[1]) < index:
        return reference
    return f"{repeat}[{int(match[1]) - 1}]{match[2]}" if int(match[1]) > index else ""


def files_in(form: Form, draft: Draft) -> tuple[str, ...]:
    """List the names of the files a draft of a form holds."""
    elements = form.elements
    return tuple(
        value
        for reference, value in draft
        if _holds_file(elements.get(_POSITION.sub("", reference)), value)
    )


def _holds_file(element: Element | None, value: str) -> bool:
    return isinstance(element, Question) and element.holds_file(value)
