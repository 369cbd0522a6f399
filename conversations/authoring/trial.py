"""A trial: the conversation a reporter will have, held in private; nothing of it is kept.

The host plays it with a programme made for it and hands each turn to `as_trial`, which marks what
is shown and lets nothing through that would be kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias
from xml.etree import ElementTree as ET

from conversations.authoring.uploads import TRIAL_SLOT
from conversations.phrases import phrase, verbatim
from conversations.programme import Consent, Programme
from conversations.replies import (
    Acknowledge,
    Block,
    KeepLanguage,
    KeepSubmission,
    NoKeyboard,
    Reply,
    Revise,
    Send,
)
from conversations.session import Session
from conversations.turn import Turn
from conversations.xform.form import Form

LINES_MAX: Final = 60
VALUE_CHARACTERS_MAX: Final = 200

Replies: TypeAlias = tuple[Reply, ...]


def trial_programme(programme: Programme, form: Form) -> Programme:
    """Make a programme that has one form and asks for no consent, since it keeps nothing."""
    key = (form.form_id, form.version)
    alone = programme.with_forms({key: form})
    return replace(alone, consent=Consent("trial", {}), offered=(key,), asked=())


def as_trial(turn: Turn) -> tuple[Session | None, Replies]:
    """Return where the trial stands (None: it has ended), and what is shown of a turn."""
    return turn.session, (*_shown(turn.replies), *_troubled(turn.troubles))


def _troubled(troubles: Iterable[str]) -> Iterator[Reply]:
    """Tell the author of expressions that had no value for what was answered just now."""
    lines = tuple(
        Block(verbatim("• {trouble}", trouble=_short(trouble)), "item") for trouble in troubles
    )
    if lines:
        # Translators: in a trial of a new form, above formulas of the form that went wrong.
        head = Block(phrase("Something in the form could not be worked out:"), "problem")
        yield Send((_mark(), head, *lines[:LINES_MAX]))


def _shown(replies: Iterable[Reply]) -> Iterator[Reply]:
    """Show a turn's messages with a mark; where a report would be kept, what it would hold."""
    finished = False
    for reply in replies:
        match reply:
            case KeepSubmission():
                finished = True
                yield _result(reply)
            case Send() if not finished:
                slot = TRIAL_SLOT if reply.slot else ""
                yield replace(reply, blocks=(_mark(), *reply.blocks), slot=slot)
            case Revise(blocks=blocks):
                marked = None if blocks is None else (_mark(), *blocks)
                yield replace(reply, slot=TRIAL_SLOT, blocks=marked)
            case Acknowledge() | KeepLanguage():
                yield reply
            case _:
                continue  # Files and consents, and the thanks for a report that is none.


def _mark() -> Block:
    # Translators: stands above each message while a coordinator tries a new form.
    return Block(phrase("🧪 Trial: nothing is kept"), "hint")


def _result(kept: KeepSubmission) -> Send:
    # Translators: at the end of a trial: the names and answers of a new form are listed below.
    head = Block(phrase("🧪 The trial is finished. A report would hold this:"), "title")
    lines = tuple(_lines(kept.xml))[:LINES_MAX]
    # Translators: below the result of a trial.
    end = Block(phrase("Nothing of it is kept."), "hint")
    return Send((head, *lines, end), NoKeyboard())


def _lines(xml: str) -> Iterator[Block]:
    root = ET.fromstring(xml)  # noqa: S314 - our own XML, written a moment ago.
    for node in _answers(root):
        name, value = _name(node), _short((node.text or "").strip())
        yield Block(verbatim("{name} = {value}", name=name, value=value), "item")


def _answers(node: ET.Element) -> Iterator[ET.Element]:
    """Walk the nodes that hold answers; what the form says about itself is left out."""
    if _name(node) == "meta":
        return
    if not len(node) and (node.text or "").strip():
        yield node
    for child in node:
        yield from _answers(child)


def _name(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= VALUE_CHARACTERS_MAX else line[: VALUE_CHARACTERS_MAX - 1] + "…"
