"""The contract between the conversation and a kind of question."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from conversations.events import Event
from conversations.hearing import Hearing
from conversations.phrases import Locale, Phrase, Problem, Speech, phrase, verbatim
from conversations.replies import Block, Button, FormMedia, KeepAttachment, Keyboard
from conversations.xform.form import Question
from conversations.xform.instance import NodeState

SIGNS = " «»✓✅⚪▪"
"""What stands around a label on a key and is not typed."""

AMISS = "!"
"""Begins a scratch that says what was wrong with an answer."""

PASSING = "\n"
"""Comes before what a scratch holds of the last try alone: the choices it was like."""

Rows: TypeAlias = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands before a person.

    `locale` speaks and `hearing` reads what is typed. `now` is aware and in the programme's zone.
    `fits` tells whether the form would take a value, so that a kind need not offer what would be
    refused. `attachment` names a file that may be
    sent now, without its ending; `attachment_bytes_max` is how large it may be, and
    `attachment_bytes_left` how much is taken of the person today (None: any amount).
    """

    question: Question
    state: NodeState
    locale: Locale
    hearing: Hearing
    now: datetime
    fits: Callable[[str], bool]
    attachment: str
    attachment_bytes_max: int
    attachment_bytes_left: int | None = None
    scratch: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a kind puts under a question: lines that say how to answer, and keys to answer with.

    At most one of `rows` (under the message) and `keyboard` (in place of the phone's) is set.
    `media` are files that go ahead of the question, beside its own.
    """

    blocks: tuple[Block, ...] = ()
    rows: Rows = ()
    keyboard: Keyboard | None = None
    media: tuple[FormMedia, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, as XForms writes it; blank is no answer. `keep` is the file that goes with it."""

    value: str
    keep: KeepAttachment | None = None


@dataclass(frozen=True, slots=True)
class Scratched:
    """No answer yet: show the question again in place, with this scratch."""

    scratch: str


Reading: TypeAlias = Given | Scratched | Problem


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of question is asked, understood and shown.

    `ask` offers keys, `read` makes sense of what a person did, `show` tells a value back in
    words. `shows_value` is set where the offer itself shows the present value (ticks), so that it
    need not be said again.
    """

    ask: Callable[[Asked], Offer]
    read: Callable[[Asked, Event], Reading]
    show: Callable[[Asked, str], Speech]
    shows_value: bool = False


def bare(label: str) -> str:
    """Return a label as people type it: without the signs around it, in lower case.

    >>> bare("« Back"), bare("✓ Yes")
    ('back', 'yes')
    """
    return label.strip(SIGNS).casefold()


def lasting(scratch: str) -> str:
    """Return what is left of a scratch once another answer was wrong: ticks, a page, a month.

    >>> lasting("2|red blue" + PASSING + "green"), lasting(AMISS + "2026-02-28")
    ('2|red blue', '')
    """
    return "" if scratch.startswith(AMISS) else scratch.partition(PASSING)[0]


def done_label() -> Phrase:
    """Name the key that ends what is given piece by piece; its sign sets it apart from choices."""
    # Translators: a key that says "that is all, go on"; keep the sign ».
    return phrase("Done »")


def as_written(_asked: Asked, value: str) -> Speech:
    """Show a value as the person wrote it."""
    return verbatim("{value}", value=value)


def nothing_more(_asked: Asked) -> Offer:
    """Offer nothing: the question says it all."""
    return Offer()


def rows_of(buttons: Iterable[Button], per_row: int) -> Rows:
    """Set buttons out in rows."""
    listed = tuple(buttons)
    return tuple(listed[at : at + per_row] for at in range(0, len(listed), per_row))
