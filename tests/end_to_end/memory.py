"""What somebody answered in a form, by reference, and how many instances of each repeat they told.

`pairs` are what `baraza fill` plays to come to the same report.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from conversations.finding import without_positions
from conversations.xform.form import Form
from conversations.xform.instance import Instance

_STEP = re.compile(r"\[(\d+)\]$")


@dataclass(slots=True)
class Memory:
    """Answers and counts; `wanted` is how many instances somebody has in mind to tell of."""

    answers: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    wanted: dict[str, int] = field(default_factory=dict)

    def answer(self, reference: str, value: str) -> None:
        """Remember the newest answer to a question."""
        self.answers[reference] = value

    def keep_only(self, instance: Instance) -> None:
        """Forget what stood in instances that are gone."""
        there = frozenset(instance.references())
        self.answers = {path: value for path, value in self.answers.items() if path in there}
        self.counts = {
            path: count for path, count in self.counts.items() if path.rpartition("/")[0] in there
        }

    def remove(self, repeat: str, index: int) -> None:
        """Follow the removal of an instance: the later ones move up."""
        inside = re.compile(re.escape(repeat) + r"\[(\d+)\](.*)")

        def moved(path: str) -> str:
            match = inside.fullmatch(path)
            if match is None or int(match[1]) < index:
                return path
            return f"{repeat}[{int(match[1]) - 1}]{match[2]}" if int(match[1]) > index else ""

        self.answers = _renamed(self.answers, moved)
        self.counts = _renamed(self.counts, moved)
        self.wanted = _renamed(self.wanted, moved)

    def pairs(self, form: Form) -> list[tuple[str, str]]:
        """Return all answers in the form's order, each repeat's count before its instances."""
        told = {**self.answers, **{path: str(count) for path, count in self.counts.items()}}
        order = {path: number for number, path in enumerate(form.plan.places)}
        return sorted(told.items(), key=lambda pair: _place(pair[0], order))


def _renamed(values: dict[str, int] | dict[str, str], moved: Callable[[str], str]) -> dict:
    return {path: value for old, value in values.items() if (path := moved(old))}


def _place(reference: str, order: dict[str, int]) -> list[tuple[int, int]]:
    """Return where a reference stands: by the form at each step, then by position."""
    steps = reference.split("/")
    paths = ("/".join(steps[:size]) for size in range(2, len(steps) + 1))
    return [(order[without_positions(path)], _position(path)) for path in paths]


def _position(path: str) -> int:
    match = _STEP.search(path)
    return int(match[1]) if match else 0
