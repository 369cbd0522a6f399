"""Who recomputes after whom, as values: made once a form by `dependencies`, used by `propagation`.

A *step* is one thing to work out again: whether a path is relevant, how often a repeat stands
there, what a calculation gives, or which chosen names a choice filter still offers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from conversations.xpath import Expression

Aspect: TypeAlias = Literal["relevant", "count", "calculate", "choices"]
Names: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path stands in the primary instance, whichever instance of a repeat.

    `names` are the steps of the path from the root element; an attribute has its `@`. `index` is
    the place among the siblings in the form's own order.
    """

    path: str
    names: Names
    index: int
    repeat: bool = False
    inside_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to work out again; `rank` is its place in the order of all steps.

    `alone` says that its path is no repeat and inside none: the instance has one node of it.
    """

    rank: int
    aspect: Aspect
    path: str
    names: Names
    expression: Expression
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """A step that reads a path; the first `depth` names of both are certainly the same nodes."""

    rank: int
    depth: int


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps in order, and which of them read a path.

    `inside` has the steps of every path within a repeat, `positional` those that ask for
    positions, `subtree` all paths at or below a repeat. `momentary` says that some step reads the
    time of day, so that an instance is another at each moment. `guarded` are the paths at which, or
    above which, a `readonly` stands, `lasting` those whose calculation keeps its first value.
    """

    places: Mapping[str, Place]
    steps: tuple[Step, ...]
    readers: Mapping[str, tuple[Reader, ...]]
    choice_ranks: Mapping[str, int] = field(default_factory=dict)
    inside: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    subtree: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    positional: frozenset[int] = frozenset()
    momentary: bool = False
    guarded: frozenset[str] = frozenset()
    lasting: frozenset[str] = frozenset()
