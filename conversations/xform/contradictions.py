"""What nobody can answer: conditions that contradict themselves, and ranges that come out wrong.

`conditions` decides; here is which question a condition speaks of, and what its author is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from conversations.xform.bounds import is_answer
from conversations.xform.conditions import Asked, can_hold, read_number
from conversations.xform.form import Form, Question
from conversations.xform.model import absolute
from conversations.xform.offered import names_offered
from conversations.xform.problems import FormProblem
from conversations.xpath import Expression
from conversations.xpath.syntax import Location, Tree

STEPS_TRIED_MAX: Final = 1_000
"""A range of more numbers is not looked at."""


def contradictions(form: Form) -> Iterator[FormProblem]:
    """Yield a warning for each constraint no answer meets, and each range that comes out wrong."""
    for question in form.elements.values():
        if not isinstance(question, Question):
            continue
        if question.kind == "range":
            yield from _of_range(question)
        bind = form.binds.get(question.path)
        constraint = bind.constraint.text.strip() if bind and bind.constraint else ""
        if constraint and not can_hold(constraint, _asked(form, question), is_answer):
            what = f"No answer meets this constraint: {constraint}."
            yield _warn(what, "Write what a right answer is like.", question.path)


def unmet(form: Form) -> dict[str, str]:
    """Return for each path whose `relevant` never holds why that is so.

    No answer is an answer too, and one that the question's own constraint refuses is none.
    """
    worked_out = {action.target for action in form.set_values}
    worked_out.update(path for path, bind in form.binds.items() if bind.calculate is not None)
    found = {}
    for path, bind in form.binds.items():
        if bind.relevant is None:
            continue
        for asked in _read(form, path, bind.relevant):
            if asked.path not in worked_out and not _can_be(form, path, bind.relevant, asked):
                found[path] = f"no answer to {asked.name} meets {bind.relevant.text.strip()}"
    return found


def _can_be(form: Form, path: str, relevant: Expression, asked: Question) -> bool:
    def reads(tree: Tree) -> bool:
        return _path_of(tree, path) == asked.path

    return can_hold(relevant.text, _asked(form, asked), reads, or_blank=True)


def _read(form: Form, path: str, relevant: Expression) -> Iterator[Question]:
    """Yield the questions a condition reads, those of which it sees one node at most."""
    for location in relevant.paths:
        steps = "/".join((*[".."] * location.parents, *location.names))
        read = absolute(f"/{steps}" if location.absolute else steps, path)
        question = form.elements.get(read)
        around = _innermost_repeat(form, read)
        if isinstance(question, Question) and (not around or path.startswith(f"{around}/")):
            yield question


def _innermost_repeat(form: Form, path: str) -> str:
    while path := path.rpartition("/")[0]:
        place = form.plan.places.get(path)
        if place is not None and place.repeat:
            return path
    return ""


def _path_of(tree: Tree, path: str) -> str:
    """Return the absolute path of a plain location written at a path; blank for others."""
    match tree:
        case Location(absolute=from_root, start=None, plain=(hops, names)) if names:
            steps = "/".join((*[".."] * hops, *names))
            return absolute(f"/{steps}" if from_root else steps, path)
        case _:
            return ""


def _asked(form: Form, question: Question) -> Asked:
    bind = form.binds.get(question.path)
    return Asked(
        question.kind,
        names_offered(form, question.path) or (),
        tuple(_numbers_of(question)),
        bind.constraint.text if bind and bind.constraint else "",
    )


def _range_of(question: Question) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    given = question.parameters
    start, end, step = (
        read_number(given.get(name, default))
        for name, default in (("start", "0"), ("end", "10"), ("step", "1"))
    )
    return start, end, step


def _numbers_of(question: Question) -> Iterator[Decimal]:
    """Yield the numbers of a range; none where there are too many, or no sense in it."""
    start, end, step = _range_of(question)
    if question.kind != "range" or start is None or end is None or not step:
        return
    last = int(abs(end - start) / abs(step))
    stride = abs(step) if start <= end else -abs(step)
    if last < STEPS_TRIED_MAX:
        yield from (start + index * stride for index in range(last + 1))


def _of_range(question: Question) -> Iterator[FormProblem]:
    start, end, step = _range_of(question)
    if start is None or end is None or step is None:
        what = "The start, end or step of this range is no number."
        yield _warn(what, "Write numbers, such as start=0 end=10 step=1.", question.path)
    elif step == 0:
        mend = "Write another number; steps of 1 are asked for until then."
        yield _warn("The step of this range is 0.", mend, question.path)
    elif (end - start) % step:
        what = f"Steps of {step} do not lead from {start} to {end}: ODK Collect asks nothing then."
        yield _warn(what, "Choose an end that the steps reach.", question.path)
    elif start > end:
        what = f"This range goes down, from {start} to {end}."
        yield _warn(what, f"Write start={end} end={start} if it shall go up.", question.path)
    elif start == end:
        what = f"This range has one number only, {start}."
        yield _warn(what, "Give it an end after its start.", question.path)


def _warn(what: str, mend: str, path: str) -> FormProblem:
    return FormProblem(what, mend, "survey", None, path, "warning")
