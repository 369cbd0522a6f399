"""What an expression reads: its location paths as plain values, for the dependency graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Start: TypeAlias = Literal["root", "context", "current", "instance"]


@dataclass(frozen=True, slots=True)
class Path:
    """One location path, hops cancelled: from `start` up `parents` levels, then down `names`.

    `names` are local names, `*` for any element, `@name` (`@*`) for an attribute, `**` for any
    descendant or the node itself. `filtered` says for each name whether a predicate stood on it
    (the nodes are then not bound to the context's own repeat instance). A path inside a predicate
    is told from where its outer path begins: `/data/child[age > ../limit]/name` reads
    `/data/child/name`, `/data/child/age` and `/data/limit`. `instance_id` is blank unless
    `start` is "instance". `inside_predicate` tells those inner paths from the outer.

    A path that ends on a group or a repeat reads the whole subtree (`string(/data/group)`) or its
    presence and number: then `presence` is True (`count(/data/child)`, `position(..)`), and values
    below it do not matter.
    """

    start: Start
    parents: int = 0
    names: tuple[str, ...] = ()
    filtered: tuple[bool, ...] = ()
    instance_id: str = ""
    inside_predicate: bool = False
    presence: bool = False

    @property
    def absolute(self) -> bool:
        """Whether it starts at the root of the primary instance."""
        return self.start == "root"
