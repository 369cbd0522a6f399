"""Play answers into a form without a person: what `baraza fill` does.

A path is the absolute path of a node (`/data/child[2]/name`) or the name of a question where only
one has it. Repeat instances are added as paths ask for them. The first refused answer ends it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from conversations.xform.form import Form, Question, Repeat
from conversations.xform.instance import (
    Failure,
    Instance,
    NodeState,
    Refusal,
    Submission,
    Surroundings,
    UnfinishedError,
)
from conversations.xform.tree import split

Answers: TypeAlias = "Sequence[tuple[str, str]] | Mapping[str, str]"
Trace: TypeAlias = Callable[[Mapping[str, Any]], None]

_MEDIA: Final = frozenset({"image", "audio", "video", "file"})
_WANTED: Final = {
    "text": "a text",
    "integer": "a whole number such as 12",
    "decimal": "a number such as 1.5",
    "range": "a number within the range and on its steps",
    "date": "a date such as 2026-11-22",
    "time": "a time such as 10:35:00",
    "dateTime": "a date and time such as 2026-11-22T10:35:00",
    "boolean": "true or false",
    "geopoint": "latitude, longitude, altitude and accuracy such as -1.29 36.82 0 5",
    "geotrace": "points with semicolons between them",
    "geoshape": "at least three corners with semicolons between them",
    "acknowledge": "OK",
    "image": "a file's path",
    "audio": "a file's path",
    "video": "a file's path",
    "file": "a file's path",
}


class FillError(Exception):
    """An answer that could not be played: which, why, and what to do."""

    def __init__(self, path: str, value: str | None, reason: str, mend: str = "") -> None:
        """Keep the parts; `value` is None where no single answer is to blame."""
        self.path, self.value, self.reason, self.mend = path, value, reason, mend
        given = path if value is None else f"{path} = {value!r}"
        super().__init__(f"{given}: {reason} {mend}".strip())


def fill(
    form: Form,
    answers: Answers,
    surroundings: Surroundings,
    *,
    trace: Trace | None = None,
    is_file: Callable[[str], bool] = bool,
) -> Submission:
    """Answer a fresh instance in the order given and finish it.

    `trace` is called after each answer with `{"path", "value", "nodes": [...]}`, every node with
    its state. `is_file` says whether the file that answers a question for a picture, recording or
    file is there; the submission holds its name. Raises FillError where an answer is refused or one
    is missing at the end.
    """
    instance = Instance.begin(form, surroundings)
    pairs = answers.items() if isinstance(answers, Mapping) else answers
    for path, value in pairs:
        reference = _find(instance, path, value)
        _answer(instance, reference, value, is_file)
        if trace is not None:
            trace({"path": reference, "value": value, "nodes": describe(instance)})
    try:
        return instance.finish(surroundings.now)
    except UnfinishedError as error:
        raise _unfinished(error.failures) from error


def describe(instance: Instance) -> list[dict[str, Any]]:
    """Describe every node of an instance in document order, ready for JSON."""
    return [_described(instance.state(reference)) for reference in instance.references()]


def _described(state: NodeState) -> dict[str, Any]:
    return {
        "path": state.reference,
        "relevant": state.relevant,
        "required": state.required,
        "readonly": state.readonly,
        "value": state.value,
        "label": state.label,
        "choices": [{"name": choice.name, "label": choice.label} for choice in state.choices],
        "constraint_satisfied": state.constraint_ok,
        "required_satisfied": state.required_ok,
    }


def _answer(instance: Instance, reference: str, value: str, is_file: Callable[[str], bool]) -> None:
    element = instance.element(reference)
    kept = value
    if isinstance(element, Question) and element.kind in _MEDIA and value.strip():
        if not is_file(value):
            raise FillError(reference, value, "There is no such file.", "Give a file's path.")
        kept = value.replace("\\", "/").rpartition("/")[2]
    outcome = instance.answer(reference, kept)
    if isinstance(outcome, Refusal):
        raise FillError(reference, value, *_reason(instance, reference, outcome))


def _reason(instance: Instance, reference: str, refusal: Refusal) -> tuple[str, str]:
    element = instance.element(reference)
    match refusal.kind:
        case "type":
            kind = element.kind if isinstance(element, Question) else "text"
            return "The value does not fit the question.", f"Give {_WANTED.get(kind, 'a text')}."
        case "choice":
            names = " ".join(choice.name for choice in instance.state(reference).choices[:50])
            return "This choice is not on offer.", f"Choose from: {names or 'nothing at present'}."
        case "constraint":
            said = refusal.message or "The value does not meet the constraint."
            return said, "Give a value that the form accepts."
        case "readonly":
            return "The question is read-only.", "Leave it out."
        case "required":
            return refusal.message or "An answer is required.", "Give one."


def _unfinished(failures: tuple[Failure, ...]) -> FillError:
    first = failures[0]
    said = {
        "required": first.refusal.message or "An answer is required.",
        "constraint": first.refusal.message or "The value does not meet the constraint.",
    }
    more = ", ".join(failure.reference for failure in failures[1:20])
    rest = f" The same goes for: {more}." if more else ""
    reason = said.get(first.refusal.kind, first.refusal.kind)
    return FillError(first.reference, None, reason, f"Add an answer for it.{rest}")


# Paths


def _find(instance: Instance, path: str, value: str) -> str:
    reference = path if path.startswith("/") else _path_of_name(instance.form, path, value)
    _make_room(instance, reference, path, value)
    try:
        instance.state(reference)
    except KeyError:
        raise _unknown(instance.form, path, value) from None
    _refuse_what_takes_no_answer(instance, reference, value)
    return reference


def _path_of_name(form: Form, name: str, value: str) -> str:
    found = [
        path
        for path, element in form.elements.items()
        if isinstance(element, Question) and element.name == name
    ]
    if len(found) > 1:
        raise FillError(
            name, value, "Several questions have this name.", f"Give one path: {', '.join(found)}."
        )
    if not found:
        raise _unknown(form, name, value)
    return found[0]


def _unknown(form: Form, path: str, value: str) -> FillError:
    known = [known for known, element in form.elements.items() if isinstance(element, Question)]
    names = known if path.startswith("/") else [known.rpartition("/")[2] for known in known]
    near = difflib.get_close_matches(path, names, n=3)
    mend = f"Did you mean {' or '.join(near)}?" if near else "Look at the form's names."
    return FillError(path, value, "The form has no such question.", mend)


def _make_room(instance: Instance, reference: str, path: str, value: str) -> None:
    """Add the repeat instances a reference asks for."""
    try:
        steps = split(reference)
    except KeyError:
        raise FillError(path, value, "This is no path.", "Write /data/group/name.") from None
    places = instance.form.plan.places
    here = plain = ""
    for name, position in steps:
        plain = f"{plain}/{name}"
        place = places.get(plain)
        if place is not None and place.repeat:
            _grow(instance, f"{here}/{name}", position or 1, path, value)
            here = f"{here}/{name}[{position or 1}]"
        else:
            here = f"{here}/{name}"


def _grow(instance: Instance, repeat: str, wanted: int, path: str, value: str) -> None:
    present = int(instance.state(repeat).value)
    element = instance.form.elements[_without_positions(repeat)]
    open_ended = isinstance(element, Repeat) and element.count is None and not element.fixed
    if wanted > present and not open_ended:
        raise FillError(
            path,
            value,
            f"The form makes {present} of {repeat}, not {wanted}.",
            "Answer first what their number depends on.",
        )
    if wanted > present + 1:
        raise FillError(
            path,
            value,
            f"{repeat} has {present} instances, so the next is number {present + 1}.",
            "Answer them in order.",
        )
    if wanted > present:
        instance.add_repeat(repeat)


def _without_positions(reference: str) -> str:
    return "/" + "/".join(name for name, _ in split(reference))


def _refuse_what_takes_no_answer(instance: Instance, reference: str, value: str) -> None:
    path = _without_positions(reference)
    bind = instance.form.binds.get(path)
    element = instance.form.elements.get(path)
    if element is not None and not isinstance(element, Question):
        raise FillError(reference, value, "A group takes no answer.", "Answer its questions.")
    if element is None and bind is not None and bind.calculate is not None:
        raise FillError(reference, value, "The form calculates this itself.", "Leave it out.")
