"""A report as somebody reads it who did not write it: every answer in full, in the form's order.

The questions stand in the reader's language where the form has it; what a person wrote stands as
they wrote it. A file goes by its name: whoever shows the report knows where it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Final, Literal, TypeAlias
from uuid import UUID

from conversations.asking import asked_of, group_name, question_label, stop_kind
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.progress import is_note
from conversations.scene import Scene, surroundings_of
from conversations.session import Session
from conversations.turn import Occasion, Person
from conversations.xform.editing import read_submission
from conversations.xform.form import Form
from conversations.xform.instance import Instance, QuestionStop

FILES: Final = frozenset({"image", "audio", "video", "file"})
CHOSEN: Final = frozenset({"select_one", "select_multiple", "rank"})

CHOICES_MAX: Final = 200
"""So many choices are handed out to choose another from; of more, the name is written."""

COMPARED_WORDS_MAX: Final = 2_000
"""Longer texts are shown whole, one beside the other."""

_NOBODY: Final = UUID(int=0).hex
_WORDS = re.compile(r"\s+|[^\s]+")

Change: TypeAlias = Literal["same", "gone", "new"]
Part: TypeAlias = tuple[Change, str]
"""A stretch of a text, and whether the other text has it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One answered question.

    `titles` are the groups that begin with it. `value` is what the form holds, `words` how it
    reads. `choices` are names and labels to choose from, where the question has a list.
    """

    reference: str
    path: str
    kind: str
    question: str
    value: str
    words: str
    titles: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def is_file(self) -> bool:
        """Tell whether the answer is a file that was sent."""
        return self.kind in FILES


@dataclass(frozen=True, slots=True)
class Row:
    """A question in two reports, or in one report before and after; None where it has no answer."""

    question: str
    here: Line | None
    there: Line | None

    @property
    def differs(self) -> bool:
        """Tell whether the two answers are not the same."""
        return (self.here and self.here.value) != (self.there and self.there.value)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: how their language speaks, when, in which programme."""

    programme: Programme
    language: str
    now: datetime
    locale_of: Callable[[str], Locale]

    @property
    def locale(self) -> Locale:
        """Return how the reader's language speaks."""
        return self.locale_of(self.language)


def instance_read(reader: Reader, form: Form, xml: str) -> Instance:
    """Open what was kept, in the reader's language; FormError where it is not of this form."""
    return read_submission(form, xml, surroundings_of(_scene(reader, form), form))


def lines_of(reader: Reader, form: Form, xml: str) -> tuple[Line, ...]:
    """Read a kept report: every answer that was given, in the form's order."""
    scene, instance = _scene(reader, form), instance_read(reader, form, xml)
    return tuple(_lines(scene, instance))


def beside(here: Sequence[Line], there: Sequence[Line]) -> tuple[Row, ...]:
    """Put two reports beside each other, question by question, in the order of the first."""
    others = {line.reference: line for line in there}
    known = {line.reference for line in here}
    rows = [Row(line.question, line, others.get(line.reference)) for line in here]
    only = [line for line in there if line.reference not in known]
    return (*rows, *(Row(line.question, None, line) for line in only))


def compared(before: str, after: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Mark what two texts have in common, word by word.

    >>> compared("a big red bus", "a red bus")
    ((('same', 'a '), ('gone', 'big '), ('same', 'red bus')), (('same', 'a '), ('same', 'red bus')))
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > COMPARED_WORDS_MAX:
        return (("gone", before),), (("new", after),)
    left: list[Part] = []
    right: list[Part] = []
    for tag, one, two, three, four in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = "".join(old[one:two]), "".join(new[three:four])
        if tag == "equal":
            left.append(("same", was))
            right.append(("same", now))
            continue
        left += [("gone", was)] if was else []
        right += [("new", now)] if now else []
    return tuple(left), tuple(right)


def _scene(reader: Reader, form: Form) -> Scene:
    began_at = reader.now.isoformat()
    session = Session(
        *(_NOBODY, reader.language, "summary"), form.form_id, form.version, began_at=began_at
    )
    occasion = Occasion(reader.now, _NOBODY, reader.locale_of)
    return Scene(reader.programme, Person(reader.language), session, occasion)


def _lines(scene: Scene, instance: Instance) -> Iterator[Line]:
    around: tuple[str, ...] = ()
    for stop in instance.stops():
        if not isinstance(stop, QuestionStop) or is_note(stop, instance):
            continue
        asked = asked_of(scene, instance, stop)
        if not asked.state.value:
            continue
        names = [group_name(instance, group) for group in stop.groups if group not in around]
        around = stop.groups
        yield Line(
            reference=stop.reference,
            path=stop.question.path,
            kind=stop.question.kind,
            question=scene.locale.say(question_label(asked.state, stop)),
            value=asked.state.value,
            words=scene.locale.say(stop_kind(instance, stop).show(asked, asked.state.value)),
            titles=tuple(scene.locale.say(name) for name in names if name),
            choices=_choices(instance, stop),
        )


def _choices(instance: Instance, stop: QuestionStop) -> tuple[tuple[str, str], ...]:
    choices = instance.state(stop.reference).choices
    if stop.question.kind not in CHOSEN or len(choices) > CHOICES_MAX:
        return ()
    return tuple(zip(choices.names(), choices.labels(), strict=True))
