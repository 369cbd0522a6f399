"""What a page's form asks to be done, as an act; pure.

A form names its act in `act` and the version of the case that its page showed in `seen`. Whatever
is missing or makes no sense makes no act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from conversations.reviewing.acts import (
    Act,
    AddSource,
    Approve,
    AskReporter,
    Box,
    Claim,
    EditAnswer,
    Escalate,
    MarkDuplicate,
    NotVerifiable,
    PassOn,
    RedactPicture,
    RedactText,
    Reject,
    Release,
    RestorePicture,
    RevertAnswer,
    Undo,
    Verify,
)
from conversations.reviewing.cases import ModeratorId

Fields: TypeAlias = Mapping[str, list[str]]

PERCENT: Final = 100.0


def one(fields: Fields, name: str) -> str:
    """Return the one value of a field; blank where it has none, or several."""
    values = fields.get(name, [])
    return values[0].strip() if len(values) == 1 else ""


def number(fields: Fields, name: str) -> int | None:
    """Return a field as a whole number."""
    text = one(fields, name)
    return int(text) if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - no id is longer.


def act_of(fields: Fields) -> Act | None:
    """Read the act that a form asks for; None where there is none to be read."""
    make = _ACTS.get(one(fields, "act"))
    return make(fields) if make else None


def _passed(fields: Fields) -> PassOn | None:
    to = number(fields, "to")
    return PassOn(ModeratorId(to)) if to else None


def _edited(fields: Fields) -> EditAnswer | None:
    reference = one(fields, "reference")
    value = " ".join(fields.get("value", [])) if "several" in fields else one(fields, "value")
    return EditAnswer(reference, value) if reference else None


def _redacted(fields: Fields) -> RedactText | None:
    start, end = number(fields, "start"), number(fields, "end")
    if start is None or end is None or not start < end:
        return None
    return RedactText(one(fields, "reference"), start, end)


def _asked(fields: Fields) -> AskReporter:
    """Read a question: own words come before a prepared one, so that nothing written is lost."""
    words = one(fields, "words")
    return AskReporter(words, one(fields, "about"), "" if words else one(fields, "question"))


EDGES: Final = ("left", "top", "right", "bottom")


def _blackened(fields: Fields) -> RedactPicture | None:
    """Read rectangles: of each edge there are as many values, in percent, as rectangles."""
    try:
        edges = [[float(value) / PERCENT for value in fields.get(edge, [])] for edge in EDGES]
        boxes = tuple(Box(*box) for box in zip(*edges, strict=True))
    except ValueError:
        return None
    wanted = RedactPicture(one(fields, "reference"), boxes)
    return wanted if wanted.is_sound else None


_ACTS: Final[Mapping[str, Callable[[Fields], Act | None]]] = {
    "claim": lambda _: Claim(),
    "release": lambda _: Release(),
    "pass_on": _passed,
    "escalate": lambda fields: Escalate(one(fields, "words")),
    "approve": lambda _: Approve(),
    "verify": lambda _: Verify(),
    "add_source": lambda fields: AddSource(one(fields, "words")),
    "reject": lambda fields: Reject(one(fields, "reason"), one(fields, "words")),
    "ask": _asked,
    "edit": _edited,
    "revert": lambda fields: RevertAnswer(one(fields, "reference")),
    "redact": _redacted,
    "blacken": _blackened,
    "restore": lambda fields: RestorePicture(one(fields, "reference")),
    "duplicate": lambda fields: MarkDuplicate(one(fields, "of")),
    "not_verifiable": lambda fields: NotVerifiable(one(fields, "words")),
    "undo": lambda _: Undo(),
}
