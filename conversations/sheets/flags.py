"""The sheet `flags`: what in a report asks for a second look, and how urgently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Literal, TypeAlias, get_args

from conversations.sheets.reading import RowReading
from conversations.sheets.texts import NOTHING, Message
from conversations.xform.instance import Instance
from conversations.xpath import Expression

Action: TypeAlias = Literal["queue", "hold", "alert"]
"""Put the report before moderators; hold it from results too; alert a person at once too."""

ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
COLUMNS: Final[Mapping[str, str]] = {
    "name": "a short name, once on the sheet",
    "relevant": "when the flag is raised: a condition over the report",
    "severity": "low, medium (if blank), high or urgent",
    "label::Language": "what moderators read; `${name}` quotes an answer",
    "action": "queue (if blank): moderators look at it; hold: and it stays out of results; "
    "alert: and somebody is told at once, and nothing automatic is sent about this report",
    "ask::Language": "what the author is asked before anybody looks: You wrote `${dist_km}` km; is "
    "that right? Blank asks nothing",
}


class Severity(IntEnum):
    """How grave a flag is; the graver comes first in a queue."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    URGENT = 4


@dataclass(frozen=True, slots=True)
class Flag:
    """A doubt that a form's author foresaw; `about` are the paths that its condition reads.

    `ask` is what whoever sent the report is asked first; it says nothing where nobody is.
    """

    name: str
    relevant: Expression = field(repr=False)
    severity: Severity = Severity.MEDIUM
    action: Action = "queue"
    label: Message = NOTHING
    about: tuple[str, ...] = ()
    ask: Message = NOTHING

    @property
    def stops(self) -> bool:
        """Tell whether nothing automatic may be sent about the report until a person decides."""
        return self.action == "alert"


def read_flag(row: RowReading) -> Flag | None:
    """Read a row; None where it cannot be used."""
    name, relevant = row.name(), row.expression("relevant", "condition")
    if relevant is None and not row.text("relevant"):
        row.refuse("This flag is never raised: relevant is blank.", "Write when it is raised.")
    severity = row.one_of("severity", [one.name.lower() for one in Severity], "medium")
    action = row.one_of("action", ACTIONS, "queue")
    label, ask = row.message("label", needed=True), row.message("ask")
    if ask and action == "alert":
        row.refuse("An alert goes out at once and asks nobody first.", "Leave ask blank.")
    if relevant is None or not row.usable:
        return None
    known = row.names.form.elements
    read = ("/" + "/".join(path.names) for path in relevant.paths if path.absolute)
    about = tuple(dict.fromkeys(path for path in read if path in known))
    return Flag(name, relevant, Severity[severity.upper()], action, label, about, ask)


def raised(flags: Iterable[Flag], instance: Instance) -> tuple[Flag, ...]:
    """Return the flags that a report raises, the gravest first."""
    found = [flag for flag in flags if instance.holds(flag.relevant)]
    return tuple(sorted(found, key=lambda flag: -flag.severity))
