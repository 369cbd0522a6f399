"""Play answers into a form without a person: what `baraza fill` does.

Every answer is played, also after one that is refused, so that all mistakes are told at once. An
answer that the form took and then left out, because nobody would be asked that question, is told
as a warning. `finding` says which node an answer is meant for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from conversations.finding import (
    NoSuchNode,
    count_instances,
    find,
    find_repeat,
    without_positions,
)
from conversations.xform.form import Form, Question
from conversations.xform.instance import (
    Failure,
    Instance,
    NodeState,
    Refusal,
    Submission,
    Surroundings,
)
from conversations.xform.problems import Level, sentence
from conversations.xform.quoting import in_authors_words

Answers: TypeAlias = "Sequence[tuple[str, str]] | Mapping[str, str]"
Trace: TypeAlias = Callable[[Mapping[str, Any]], None]

VALUE_CHARACTERS_MAX: Final = 80

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


@dataclass(frozen=True, slots=True)
class FillProblem:
    """What became of one answer: `value` is None where the answer is missing."""

    path: str
    value: str | None
    what: str
    mend: str = ""
    level: Level = "error"

    def __str__(self) -> str:
        """Return the problem on one line: path and value, what is wrong, what to do."""
        shown = self.value
        if shown is not None and len(shown) > VALUE_CHARACTERS_MAX:
            shown = f"{shown[:VALUE_CHARACTERS_MAX]}…"
        given = self.path if shown is None else f"{self.path} = {shown!r}"
        return f"{given}: {sentence(self.what)} {self.mend}".strip()


class FillError(Exception):
    """Answers with which the form cannot be finished; carries all problems and warnings."""

    def __init__(self, problems: Iterable[FillProblem]) -> None:
        """Keep the problems in the order of the answers, what is missing at the end."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Filled:
    """A finished form, and what its author should know of the answers."""

    submission: Submission
    warnings: tuple[FillProblem, ...] = ()


def fill(
    form: Form,
    answers: Answers,
    surroundings: Surroundings,
    *,
    trace: Trace | None = None,
    is_file: Callable[[str], bool] = bool,
) -> Filled:
    """Answer a fresh instance in the order given and finish it.

    `trace` is called after each answer with `{"path", "value", "nodes": [...]}`, every node with
    its state; after one that is refused also with `refused`, which says why. `is_file` says
    whether the file that answers a question for a picture, recording or film is there; the
    submission holds its name. Raises FillError where answers are refused or missing at the end,
    with all of them.
    """
    instance = Instance.begin(form, surroundings)
    pairs = answers.items() if isinstance(answers, Mapping) else answers
    problems: list[FillProblem] = []
    given: dict[str, str] = {}
    for path, value in pairs:
        played = _play(instance, path, value, is_file, given)
        if isinstance(played, FillProblem):
            problems.append(played)
        if trace is not None:
            trace(_traced(played, value, instance))
    problems += _unfinished(instance.failures(), problems)
    warnings = (*_left_out(instance, given), *_troubles(instance))
    if problems:
        raise FillError((*problems, *warnings))
    return Filled(instance.finish(surroundings.now), warnings)


def _traced(played: str | FillProblem, value: str, instance: Instance) -> dict[str, Any]:
    nodes = describe(instance)
    if isinstance(played, FillProblem):
        return {"path": played.path, "value": value, "refused": played.what, "nodes": nodes}
    return {"path": played, "value": value, "nodes": nodes}


def _play(
    instance: Instance,
    path: str,
    value: str,
    is_file: Callable[[str], bool],
    given: dict[str, str],
) -> str | FillProblem:
    """Play one answer, or how many instances a repeat has; return what it was meant for."""
    try:
        if repeat := find_repeat(instance, path):
            count_instances(instance, repeat, value)
            return repeat
        return _answered(instance, find(instance, path), value, is_file, given)
    except NoSuchNode as none:
        return FillProblem(path, value, none.what, none.mend)


def _answered(
    instance: Instance,
    reference: str,
    value: str,
    is_file: Callable[[str], bool],
    given: dict[str, str],
) -> str | FillProblem:
    """Answer one question and note it as given, last; or say why the answer is refused."""
    element = instance.element(reference)
    kept = value
    if isinstance(element, Question) and element.kind in _MEDIA and value.strip():
        if not is_file(value):
            return FillProblem(reference, value, "There is no such file.", "Give a file's path.")
        kept = value.replace("\\", "/").rpartition("/")[2]
    outcome = instance.answer(reference, kept)
    if isinstance(outcome, Refusal):
        return FillProblem(reference, value, *_reason(instance, reference, outcome))
    given.pop(reference, None)
    given[reference] = value
    return reference


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


def _reason(instance: Instance, reference: str, refusal: Refusal) -> tuple[str, str]:
    element = instance.element(reference)
    match refusal.kind:
        case "type":
            kind = element.kind if isinstance(element, Question) else "text"
            return "The value does not fit the question.", f"Give {_WANTED.get(kind, 'a text')}."
        case "choice":
            names = " ".join(choice.name for choice in instance.state(reference).choices[:50])
            nothing = "Nothing is on offer yet; answer first what its choices depend on."
            return "This choice is not on offer.", f"Choose from: {names}." if names else nothing
        case "constraint":
            said = refusal.message or "The value does not meet the constraint."
            return said, "Give a value that the form accepts."
        case "readonly":
            return "The question is read-only.", "Leave it out."
        case "required":
            return refusal.message or "An answer is required.", "Give one."


def _unfinished(failures: Iterable[Failure], told: Sequence[FillProblem]) -> Iterator[FillProblem]:
    """Tell what still keeps the form from being finished, where no refused answer explains it."""
    refused = {problem.path for problem in told}
    for failure in failures:
        if failure.reference in refused:
            continue
        message = failure.refusal.message
        if failure.refusal.kind == "required":
            what = message or "An answer is required."
            yield FillProblem(failure.reference, None, what, "Add an answer for it.")
        else:
            what = message or "With the answers after it, the value does not meet the constraint."
            mend = "Give a value that the form accepts."
            yield FillProblem(failure.reference, None, what, mend)


def _left_out(instance: Instance, given: Mapping[str, str]) -> Iterator[FillProblem]:
    """Tell of answers that the finished form does not hold, and why."""
    there = frozenset(instance.references())
    for reference, value in given.items():
        why = "" if not value.strip() else _lost(instance, reference, there)
        if why:
            mend = "Change what it depends on, or leave the answer out."
            yield FillProblem(reference, value, f"Left out: {why}.", mend, "warning")


def _lost(instance: Instance, reference: str, there: frozenset[str]) -> str:
    if reference not in there:
        return "the form does not repeat that often any more"
    if instance.state(reference).relevant:
        cleared = not instance.state(reference).value
        return "the answers after it took this choice away" if cleared else ""
    steps = reference.split("/")
    for size in range(2, len(steps) + 1):
        around = "/".join(steps[:size])
        if not instance.state(around).relevant:
            return _not_asked(instance.form, around, is_group=size < len(steps))
    return "it is not relevant"


def _not_asked(form: Form, reference: str, *, is_group: bool) -> str:
    bind = form.binds.get(without_positions(reference))
    condition = bind.relevant.text.strip() if bind and bind.relevant else ""
    names = {path.rpartition("/")[2] for path in form.plan.places}
    condition = in_authors_words(condition, names.union(form.plan.places))
    named = f"{reference} is not asked" if is_group else "this is not asked"
    return f"{named}, as its relevant does not hold: {condition}" if condition else named


def _troubles(instance: Instance) -> Iterator[FillProblem]:
    """Tell which expressions could not be worked out, and so counted as blank."""
    for what in instance.troubles:
        yield FillProblem(instance.form.form_id, None, what, level="warning")
