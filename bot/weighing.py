"""How much data one pass through a form costs a phone.

Counted, in each language: every question and note put once, in the messages and keys that the bot
sends (the JSON of its calls in UTF-8), the answer told back once and listed once in the summary,
and the form's pictures, sounds and films as they lie in the programme. A repeat counts as one
instance, a question that is asked of few as if it were asked of this person.

Not counted: what the connection and Telegram's app add, and what people send. Telegram makes large
photos smaller, so a heavy picture costs less than its file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.rendering import render
from conversations.asking import prompt_for, question_label
from conversations.entries import LABEL_CHARACTERS_MAX
from conversations.phrases import Locale, verbatim
from conversations.programme import Programme
from conversations.progress import is_note
from conversations.prompt import sent
from conversations.replies import Block, Reply, Revise, Send
from conversations.scene import Scene, instance_of
from conversations.session import Session
from conversations.turn import Occasion, Person
from conversations.xform.form import Form, Question, Repeat
from conversations.xform.instance import Instance, QuestionStop

BYTES_IN_KILOBYTE = 1000
BUTTON_BYTES = 60
"""About what an answer's number costs under the summary."""

_POSITION = re.compile(r"\[\d+\]")
KEY = "0" * 32
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Weight:
    """What one pass through a form sends, in bytes."""

    form_id: str
    language: str
    text_bytes: int
    media_bytes: int

    def __str__(self) -> str:
        """Say it in a line."""
        text, media = _kilobytes(self.text_bytes), _kilobytes(self.media_bytes)
        both = _kilobytes(self.text_bytes + self.media_bytes)
        said = f"{self.form_id} in {self.language}: {text} kB of text"
        return f"{said}, {media} kB of media, {both} kB together" if self.media_bytes else said


def _kilobytes(size_bytes: int) -> int:
    return -(-size_bytes // BYTES_IN_KILOBYTE)


def weigh(programme: Programme, locale_of: Callable[[str], Locale]) -> Iterator[Weight]:
    """Weigh each offered form in each of the programme's languages."""
    for key in (*programme.offered, *programme.asked):
        for language in programme.languages:
            yield _weight(programme, programme.forms[key], language, locale_of)


def _weight(
    programme: Programme, form: Form, language: str, locale_of: Callable[[str], Locale]
) -> Weight:
    session = Session(
        key=KEY,
        language=language,
        stage="question",
        form_id=form.form_id,
        form_version=form.version,
        step=100,
        from_summary=True,  # So that each question has its key to go back.
        began_at=BEGAN.isoformat(),
    )
    person = Person(language, frozenset({programme.consent.version}))
    scene = Scene(programme, person, session, Occasion(BEGAN, KEY, locale_of))
    instance = _with_an_instance_each(instance_of(scene, form))
    replies = [reply for stop in _questions(instance) for reply in _said(scene, instance, stop)]
    return Weight(
        form.form_id,
        language,
        _text_bytes(replies, scene.locale),
        _media_bytes(programme, replies),
    )


def _with_an_instance_each(instance: Instance) -> Instance:
    """Add an instance to every repeat that has none, those inside repeats too."""
    for path, element in instance.form.elements.items():
        if isinstance(element, Repeat):
            parent, _, name = path.rpartition("/")
            for reference in _at(instance, parent):
                if instance.state(f"{reference}/{name}").value == "0":
                    instance.add_repeat(f"{reference}/{name}")
    return instance


def _at(instance: Instance, path: str) -> list[str]:
    return [ref for ref in instance.references() if _POSITION.sub("", ref) == path]


def _questions(instance: Instance) -> Iterator[QuestionStop]:
    for reference in instance.references():
        element = instance.element(reference)
        if isinstance(element, Question) and element.label is not None:
            yield QuestionStop(reference, element)


def _said(scene: Scene, instance: Instance, stop: QuestionStop) -> Iterator[Reply]:
    """Say a question, its answer in its place, and its line of the summary."""
    here = scene.at(replace(scene.session, current=stop.reference))
    yield from sent(prompt_for(here, instance, stop), here.session)
    label = question_label(instance.state(stop.reference), stop)
    if is_note(stop, instance):
        return
    yield Revise("question", (Block(label, "question"), Block(verbatim("✓ {answer}", answer=""))))
    line = scene.locale.say(label)[:LABEL_CHARACTERS_MAX] + " " * BUTTON_BYTES
    yield Send((Block(verbatim("{line}", line=line), "item"),))


def _text_bytes(replies: Iterable[Reply], locale: Locale) -> int:
    calls = render(replies, locale)
    return sum(len(json.dumps(call.params, ensure_ascii=False).encode()) for call in calls)


def _media_bytes(programme: Programme, replies: Iterable[Reply]) -> int:
    """Count each file once: a phone keeps what it has shown."""
    sends = (reply for reply in replies if isinstance(reply, Send))
    names = {file.file_name for send in sends for file in send.media}
    return sum(len(programme.media.get(name, b"")) for name in names)
