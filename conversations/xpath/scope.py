"""What an evaluation stands in: the node, the world around it, and its budget.

An expression is pure: the clock, randomness, other instances and the form's texts come from the
`World` that the caller supplies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from conversations.xpath.errors import BudgetExceeded
from conversations.xpath.nodes import Node

VISITS_MAX = 200_000
"""Nodes and paths one evaluation may visit."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _no_instance(_id: str) -> Node | None:
    return None


def _no_text(_id: str) -> str:
    return ""


def _no_label(value: str, _path: str, _node: Node) -> str:
    return value


def _no_random() -> float:
    return 0.5


@dataclass(slots=True)
class World:
    """What lies outside an expression.

    `root` is the document node of the primary instance (absolute paths start there, inside
    predicates of `instance()` too); `now` is aware, in the person's zone, which is also the zone
    of every date without one. `instance` gives the document node of a secondary instance by id.
    `itext` gives a text of the form in the current language by its id; `choice_label` the label
    of a value in the choices of the question at a path (`jr:choice-name`), seen from a node.
    `month_name` (1-12) and `day_name` (0 Monday - 6 Sunday) are the short names in the form's
    language. `random` gives floats from 0 up to, not including, 1. `version` is the form's,
    `property` what the host says of the device or the person by name, blank for what it does not.

    `plain` asks for XPath 1.0 to the letter where ODK's dialect leaves it: a node-set is true when
    it has nodes (blank or not), one without nodes equals nothing, and a date is no number. Forms
    are never evaluated so.
    """

    root: Node
    now: datetime
    instance: Callable[[str], Node | None] = _no_instance
    itext: Callable[[str], str] = _no_text
    choice_label: Callable[[str, str, Node], str] = _no_label
    month_name: Callable[[int], str] = lambda month: _MONTHS[month - 1]
    day_name: Callable[[int], str] = lambda day: _DAYS[day]
    random: Callable[[], float] = _no_random
    property: Callable[[str], str] = _no_text
    version: str = ""
    plain: bool = False


class Scope:
    """Where an expression is evaluated.

    One scope serves one evaluation at a time and may be used again for the next (set `node` and
    `current`); predicates move `node`, `position` and `size` and put them back.
    """

    __slots__ = ("current", "left", "node", "position", "size", "world")

    def __init__(
        self,
        world: World,
        node: Node,
        *,
        current: Node | None = None,
        position: int = 0,
        size: int = 1,
    ) -> None:
        """Stand at a node; `current()` is the same node unless another is given.

        `position` 0 means "no list at hand": `position()` is then the place of the node among
        its siblings of the same name, as JavaRosa has it.
        """
        self.world = world
        self.node = node
        self.current = node if current is None else current
        self.position = position
        self.size = size
        self.left = VISITS_MAX

    def spend(self, visits: int) -> None:
        """Take visits from the budget; raise BudgetExceeded when it is used up."""
        self.left -= visits
        if self.left < 0:
            message = f"the expression visits more than {VISITS_MAX:,} nodes"
            raise BudgetExceeded(message)
