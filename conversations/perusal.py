"""A report as somebody reads it who did not write it: every answer in full, in the form's order.

The questions stand in the reader's language where the form has it; what a person wrote stands as
they wrote it. A file goes by its name: whoever shows the report knows where it is. Both faces of
reviewing, and whatever tells of one report beside another, read it by these lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Final, Literal, TypeAlias
from uuid import UUID

from conversations.asking import asked_of, stop_kind
from conversations.entries import changeable, label_of, titles_of
from conversations.events import TextWritten
from conversations.phrases import Locale, Problem, phrase
from conversations.programme import Programme
from conversations.questions.base import Given
from conversations.scene import Scene, surroundings_of
from conversations.session import Session
from conversations.turn import Occasion, Person
from conversations.xform.editing import read_submission
from conversations.xform.form import Form
from conversations.xform.instance import Instance, QuestionStop, RepeatStop, Stop

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
    """One answered question, under the number that it has in its reporter's own list.

    How often a repeat was gone through is a line, too, of no `kind`. `titles` are the groups that
    begin with it. `value` is what the form holds, `words` how it reads, `file` the name of the
    attachment that it is. `choices` are names and labels to choose from, where there is a list.
    """

    number: int
    reference: str
    question: str
    value: str
    words: str
    kind: str = ""
    path: str = ""
    file: str = ""
    titles: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def takes_words(self) -> bool:
        """Tell whether words can stand in the answer's place, also in that of a spoken one."""
        return bool(self.kind) and self.kind not in FILES


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


def lines_of(reader: Reader, form: Form, xml: str) -> tuple[Line, ...]:
    """Read a kept report: every answer that was given; FormError where it is not of this form."""
    return tuple(_lines(*_opened(reader, form, xml)))


def understood(reader: Reader, form: Form, xml: str, reference: str, written: str) -> str | Problem:
    """Read a new answer to a question of a report, as the form reads those of reporters."""
    scene, instance = _opened(reader, form, xml)
    stop = instance.stop(reference)
    if not isinstance(stop, QuestionStop):
        return not_there()
    asked = asked_of(scene, instance, stop)
    read = stop_kind(instance, stop).read(asked, TextWritten(written))
    if isinstance(read, Given):
        return read.value
    if isinstance(read, Problem):
        return read
    # Translators: to a moderator who corrects an answer in words that are not understood.
    return Problem(phrase("This was not understood as an answer to the question."))


def not_there() -> Problem:
    """Say that a report has no such question."""
    # Translators: to a moderator who wants to correct an answer.
    return Problem(phrase("This question is not part of the report."))


def beside(here: Sequence[Line], there: Sequence[Line]) -> tuple[Row, ...]:
    """Put two reports beside each other, question by question, in the order of the first."""
    others = {line.reference: line for line in there}
    known = {line.reference for line in here}
    rows = [Row(line.question, line, others.get(line.reference)) for line in here]
    only = [line for line in there if line.reference not in known]
    return (*rows, *(Row(line.question, None, line) for line in only))


def compared(before: str, after: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Mark what two texts have in common, word by word.

    >>> was, now = compared("a big red bus", "a red bus")
    >>> was
    (('same', 'a'), ('gone', ' big'), ('same', ' red bus'))
    >>> now
    (('same', 'a'), ('same', ' red bus'))
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


def _opened(reader: Reader, form: Form, xml: str) -> tuple[Scene, Instance]:
    began_at = reader.now.isoformat()
    session = Session(
        *(_NOBODY, reader.language, "summary"), form.form_id, form.version, began_at=began_at
    )
    occasion = Occasion(reader.now, _NOBODY, reader.locale_of)
    scene = Scene(reader.programme, Person(reader.language), session, occasion)
    return scene, read_submission(form, xml, surroundings_of(scene, form))


def _lines(scene: Scene, instance: Instance) -> Iterator[Line]:
    around: tuple[str, ...] = ()
    stops = (stop for stop in instance.stops() if changeable(stop, instance))
    for number, stop in enumerate(stops, 1):
        line = _line(scene, instance, number, stop, around)
        if line.value:
            around = stop.groups
            yield line


def _line(scene: Scene, instance: Instance, number: int, stop: Stop, around: Sequence[str]) -> Line:
    say = scene.locale.say
    question = say(label_of(instance, stop))
    titles = tuple(map(say, titles_of(instance, stop, around)))
    if isinstance(stop, RepeatStop):
        times = str(stop.count)
        return Line(number, stop.reference, question, times, times, titles=titles)
    asked, about = asked_of(scene, instance, stop), stop.question
    value = asked.state.value
    shown = say(stop_kind(instance, stop).show(asked, value)) if value else ""
    file = value if about.holds_file(value) else ""
    words = value if about.kind == "text" and not file else shown
    choices = _choices(instance, stop) if value else ()
    told = (about.kind, about.path, file, titles, choices)
    return Line(number, stop.reference, question, value, words, *told)


def _choices(instance: Instance, stop: QuestionStop) -> tuple[tuple[str, str], ...]:
    choices = instance.state(stop.reference).choices
    if stop.question.kind not in CHOSEN or len(choices) > CHOICES_MAX:
        return ()
    return tuple(zip(choices.names(), choices.labels(), strict=True))
