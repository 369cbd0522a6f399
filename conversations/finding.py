"""Which node an answer from a file is meant for: `baraza fill`'s paths.

A path is the absolute path of a node (`/data/child[2]/name`) or the name of a question where only
one has it. Repeat instances are added as paths ask for them, one after the other; the path of a
repeat itself (`/data/child`) is answered with how many there are, `0` where there is none.
"""

from __future__ import annotations

import difflib
from typing import Final

from conversations.xform.form import Form, Question, Repeat
from conversations.xform.instance import Instance
from conversations.xform.tree import split

SHOWN_MAX: Final = 10
INSTANCES_MAX: Final = 1_000
"""Instances of one repeat that one answer may ask for."""


class NoSuchNode(Exception):
    """A path that leads to no question: `what` is wrong and how to `mend` it."""

    def __init__(self, what: str, mend: str) -> None:
        """Keep the words."""
        self.what, self.mend = what, mend
        super().__init__(f"{what} {mend}")


def find(instance: Instance, path: str) -> str:
    """Return the reference of the question a path names; NoSuchNode where there is none."""
    reference = path.strip() if path.strip().startswith("/") else _path_of_name(instance.form, path)
    _make_room(instance, reference)
    try:
        instance.state(reference)
    except KeyError:
        raise _unknown(instance.form, path) from None
    _refuse_what_takes_no_answer(instance, reference)
    return reference


def find_repeat(instance: Instance, path: str) -> str | None:
    """Return the reference of the repeat a path names, None where it names something else."""
    reference = path.strip()
    element = instance.form.elements.get(without_positions(reference))
    if not isinstance(element, Repeat) or reference.endswith("]"):
        return None
    _make_room(instance, reference.rpartition("/")[0])
    return reference


def count_instances(instance: Instance, repeat: str, wanted: str) -> None:
    """Let a repeat have as many instances as an answer says; NoSuchNode where it cannot."""
    if not (wanted.strip().isascii() and wanted.strip().isdecimal()):
        raise NoSuchNode("This repeats, and a repeat has a number of instances.", "Write 0, 1, 2.")
    count, present = int(wanted), _present(instance, repeat)
    if count != present and not _is_open_ended(instance, repeat):
        what = f"The form makes {present} of {repeat}, not {count}."
        raise NoSuchNode(what, "Answer first what their number depends on.")
    if count > INSTANCES_MAX:
        raise NoSuchNode("That is more than anybody tells of.", f"Write at most {INSTANCES_MAX}.")
    for index in range(present, count, -1):
        instance.remove_repeat(repeat, index)
    for _ in range(present, count):
        instance.add_repeat(repeat)


def _path_of_name(form: Form, name: str) -> str:
    found = [path for path, question in _questions(form).items() if question.name == name.strip()]
    if len(found) > 1:
        paths = ", ".join(found[:SHOWN_MAX])
        raise NoSuchNode("Several questions have this name.", f"Give one path: {paths}.")
    if not found:
        raise _unknown(form, name)
    return found[0]


def _questions(form: Form) -> dict[str, Question]:
    return {path: one for path, one in form.elements.items() if isinstance(one, Question)}


def _unknown(form: Form, path: str) -> NoSuchNode:
    known = list(_questions(form))
    names = known if "/" in path else list(dict.fromkeys(one.rpartition("/")[2] for one in known))
    sought = without_positions(path) if path.startswith("/") else path
    near = difflib.get_close_matches(sought, names, n=3)
    otherwise = f"It has {_listed(names)}." if names else "The form asks nothing."
    mend = f"Did you mean {' or '.join(near)}?" if near else otherwise
    return NoSuchNode("The form has no such question.", mend)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN_MAX} more" if len(names) > SHOWN_MAX else ""
    return ", ".join(names[:SHOWN_MAX]) + more


def _make_room(instance: Instance, reference: str) -> None:
    """Add the repeat instances a reference asks for."""
    try:
        steps = split(reference)
    except KeyError:
        raise NoSuchNode("This is no path.", "Write /data/group/name.") from None
    places = instance.form.plan.places
    here = plain = ""
    for name, position in steps:
        plain = f"{plain}/{name}"
        place = places.get(plain)
        if place is not None and place.repeat:
            if position == 0:
                raise NoSuchNode("Positions count from 1.", f"Write {here}/{name}[1].")
            _grow(instance, f"{here}/{name}", position or 1)
            here = f"{here}/{name}[{position or 1}]"
        elif position is not None and position != 1 and place is not None:
            raise NoSuchNode(f"{plain} is not repeated.", "Leave the position out.")
        else:
            here = f"{here}/{name}"


def _present(instance: Instance, repeat: str) -> int:
    try:
        return int(instance.state(repeat).value)
    except KeyError:
        raise _unknown(instance.form, repeat) from None


def _is_open_ended(instance: Instance, repeat: str) -> bool:
    element = instance.form.elements[without_positions(repeat)]
    return isinstance(element, Repeat) and element.count is None and not element.fixed


def _grow(instance: Instance, repeat: str, wanted: int) -> None:
    present = _present(instance, repeat)
    if wanted > present and not _is_open_ended(instance, repeat):
        what = f"The form makes {present} of {repeat}, not {wanted}."
        raise NoSuchNode(what, "Answer first what their number depends on.")
    if wanted > present + 1:
        many = "1 instance" if present == 1 else f"{present} instances"
        what = f"{repeat} has {many}, so the next is number {present + 1}."
        raise NoSuchNode(what, "Answer them in order.")
    if wanted > present:
        instance.add_repeat(repeat)


def without_positions(reference: str) -> str:
    """Return the path of a reference.

    >>> without_positions("/data/child[2]/name")
    '/data/child/name'
    """
    try:
        return "/" + "/".join(name for name, _ in split(reference))
    except KeyError:
        return reference


def _refuse_what_takes_no_answer(instance: Instance, reference: str) -> None:
    path = without_positions(reference)
    bind = instance.form.binds.get(path)
    element = instance.form.elements.get(path)
    if element is not None and not isinstance(element, Question):
        raise NoSuchNode("A group takes no answer.", "Answer its questions.")
    if element is None and bind is not None and bind.calculate is not None:
        raise NoSuchNode("The form calculates this itself.", "Leave it out.")
