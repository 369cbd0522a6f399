"""A field-list group asked as one message: its questions numbered, their choices as rows of keys.

ODK shows a group with the appearance `field-list` (or `table-list`, which pyxform makes one of) on
one screen. In a chat that is shorter where every question of it is answered with one of a few short
keys; any other field-list stays question by question under its title. Which one it is rests on the
form and on what is on offer now, so a screen may grow and shrink as answers are given.

A person stands at a screen while they stand at its first question. Its other questions are opened
alone from the summary, or where a later answer made one of them relevant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conversations.asking import (
    asked_of,
    group_title,
    group_titles,
    has_before,
    question_label,
    shown,
    stop_kind,
)
from conversations.events import ButtonTapped
from conversations.phrases import FormText, Phrase, Speech, phrase, verbatim
from conversations.progress import is_heading, is_note
from conversations.prompt import Prompt, back_label
from conversations.questions.base import Asked, Given, Kind, Rows, bare, done_label
from conversations.replies import Block, Button
from conversations.scene import Scene
from conversations.xform.form import Element, Group, Question
from conversations.xform.instance import Instance, QuestionStop, Stop

QUESTIONS_MIN, QUESTIONS_MAX = 2, 10
BUTTONS_PER_QUESTION_MAX = 8
"""As many as Telegram shows side by side."""

BUTTONS_MAX = 60
"""Telegram allows a hundred; nobody finds their way among so many."""

LABEL_CHARACTERS_MAX = 20
ROW_CHARACTERS_MAX = 28
"""About what a narrow phone shows in one row of keys before it cuts."""

TEXT_CHARACTERS_MAX = 2500
"""Questions longer than this together are better read one by one."""

SHORT_KINDS = frozenset({"select_one", "boolean", "range", "note"})
"""Kinds that may be answered with one tap."""

_POSITION = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a question: the value it gives, whether that stands, what the kind calls it."""

    label: Speech
    action: str
    value: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One question of a screen: its number there, and its keys."""

    number: int
    stop: QuestionStop
    asked: Asked
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """A group asked as one message; `stops` are all that are relevant now, notes among them."""

    group: str
    stops: tuple[QuestionStop, ...]
    lines: tuple[Line, ...]

    @property
    def first(self) -> QuestionStop:
        """Return the question at which a person stands while the screen waits."""
        return self.lines[0].stop

    @property
    def references(self) -> tuple[str, ...]:
        """Return the references of everything on the screen, in the form's order."""
        return tuple(stop.reference for stop in self.stops)

    def missing(self) -> tuple[Line, ...]:
        """List the lines that must be answered and are not."""
        return tuple(
            line for line in self.lines if line.asked.state.required and not line.asked.state.value
        )

    def offers(self) -> tuple[tuple[str, str], ...]:
        """List what can be tapped: references and values."""
        return tuple((line.stop.reference, key.value) for line in self.lines for key in line.keys)

    def tapped(self, action: str) -> tuple[Line, str] | None:
        """Return the question a key belongs to and the value it gives; None for other keys."""
        for line in self.lines:
            if action == f"u{line.number}":
                return line, ""
            for key in line.keys:
                if action == f"q{line.number}{key.action}":
                    return line, key.value
        return None


# Which groups become a screen


def screen_at(scene: Scene, instance: Instance, stop: Stop | None) -> Screen | None:
    """Return the screen a person stands at, None where a question is asked alone."""
    if not isinstance(stop, QuestionStop) or not stop.field_list or scene.session.from_summary:
        return None
    screen = screen_of(scene, instance, stop.field_list)
    return screen if screen and screen.first.reference == stop.reference else None


def screen_of(scene: Scene, instance: Instance, group: str) -> Screen | None:
    """Return a field-list group as a screen, None where it must go question by question."""
    if not _is_short(instance.form.elements.get(_POSITION.sub("", group))):
        return None
    stops = tuple(
        stop
        for stop in instance.stops()
        if isinstance(stop, QuestionStop) and stop.field_list == group
    )
    questions = [stop for stop in stops if not (is_note(stop, instance) or is_heading(stop))]
    lines = [_line(scene, instance, number, stop) for number, stop in enumerate(questions, 1)]
    found = tuple(line for line in lines if line)
    whole = QUESTIONS_MIN <= len(found) == len(lines) <= QUESTIONS_MAX
    return Screen(group, stops, found) if whole and _fits_one_message(found) else None


def _is_short(element: Element | None) -> bool:
    """Tell whether all that a group may ever ask is answered with one tap."""
    match element:
        case Question():
            return element.kind in SHORT_KINDS
        case Group():
            return all(_is_short(child) for child in element.children)
        case _:
            return False


def _fits_one_message(lines: Iterable[Line]) -> bool:
    buttons = sum(len(line.keys) for line in lines)
    states = [line.asked.state for line in lines]
    length = sum(len(state.label or "") + len(state.hint or "") for state in states)
    pictures = any(state.media.image or state.media.audio or state.media.video for state in states)
    return buttons <= BUTTONS_MAX and length <= TEXT_CHARACTERS_MAX and not pictures


def _line(scene: Scene, instance: Instance, number: int, stop: QuestionStop) -> Line | None:
    """Return a question with its keys, None where they are many, long, or not all there is."""
    asked, kind = asked_of(scene, instance, stop), stop_kind(instance, stop)
    offer = kind.ask(asked)
    if offer.keyboard or any(block.style != "hint" for block in offer.blocks):
        return None
    keys = [_key(asked, kind, button) for row in offer.rows for button in row]
    few = 0 < len(keys) <= BUTTONS_PER_QUESTION_MAX
    return Line(number, stop, asked, tuple(filter(None, keys))) if few and all(keys) else None


def _key(asked: Asked, kind: Kind, button: Button) -> Key | None:
    """Return what a key gives, None where it gives no answer or has a long label."""
    reading = kind.read(asked, ButtonTapped("", 0, button.action))
    if not isinstance(reading, Given) or reading.keep:
        return None
    label = asked.locale.say(button.label)
    if len(label) > LABEL_CHARACTERS_MAX or _has_pictures(asked):
        return None
    chosen = bool(reading.value) and reading.value == asked.state.value
    return Key(button.label, button.action, reading.value, chosen)


def _has_pictures(asked: Asked) -> bool:
    few = asked.state.choices[:BUTTONS_PER_QUESTION_MAX]
    return any(choice.media.image or choice.media.audio for choice in few)


# How it looks


def screen_prompt(scene: Scene, instance: Instance, screen: Screen) -> Prompt:
    """Put a screen before a person: its title, its questions with the answers so far, its keys."""
    # Translators: under several numbered questions in one message; "Done" is the button below.
    how = Block(phrase("Tap an answer to each question, then tap Done."), "hint")
    rows = [row for line in screen.lines for row in _rows(line)]
    back = ((Button(back_label(), "back"),),) if has_before(scene, instance) else ()
    blocks = (*_head(scene, instance, screen), *_lines(instance, screen), how)
    return Prompt(blocks, (*rows, (Button(done_label(), "done"),), *back))


def _head(scene: Scene, instance: Instance, screen: Screen) -> tuple[Block, ...]:
    return group_title(scene, instance, screen.first) or tuple(
        group_titles(instance, (screen.group,))
    )


def _lines(instance: Instance, screen: Screen) -> Iterator[Block]:
    lines = {line.stop.reference: line for line in screen.lines}
    for stop in screen.stops:
        if line := lines.get(stop.reference):
            yield from _question(instance, line)
        elif not is_heading(stop) and (label := instance.state(stop.reference).label):
            yield Block(FormText(label.strip()))


def _question(instance: Instance, line: Line) -> Iterator[Block]:
    label = question_label(line.asked.state, line.stop)
    yield Block(verbatim("{number}. {label}", number=line.number, label=label), "item")
    if line.asked.state.value:
        answer = shown(line.asked, stop_kind(instance, line.stop))
        yield Block(verbatim("✓ {answer}", answer=answer), "answer")
    if line.asked.state.hint:
        yield Block(FormText(line.asked.state.hint.strip()), "hint")


def _rows(line: Line) -> Rows:
    """Lay a question's keys out in as few rows as a narrow phone shows whole."""
    buttons = [_button(line, key) for key in line.keys]
    longest = max(len(line.asked.locale.say(button.label)) for button in buttons)
    columns = max(1, ROW_CHARACTERS_MAX // (longest + 2))
    rows = -(-len(buttons) // columns)
    columns = -(-len(buttons) // rows)
    return tuple(tuple(buttons[at : at + columns]) for at in range(0, len(buttons), columns))


def _button(line: Line, key: Key) -> Button:
    """Name a key by its question's number; a chosen one takes the choice away again."""
    label = bare_label(line.asked, key.label)
    pattern = "{number} ✓ {label}" if key.chosen else "{number} · {label}"
    clears = key.chosen and not line.asked.state.required
    action = f"u{line.number}" if clears else f"q{line.number}{key.action}"
    return Button(verbatim(pattern, number=line.number, label=label), action)


def bare_label(asked: Asked, label: Speech) -> str:
    """Return a key's label without the tick that its kind may have put before it."""
    return asked.locale.say(label).strip().removeprefix("✓").removeprefix("✅").strip()


def answered_screen(scene: Scene, instance: Instance, screen: Screen) -> tuple[Block, ...]:
    """Say the questions of a screen with the answers they were given, in place of its keys."""
    return (*_head(scene, instance, screen), *_lines(instance, screen))


def still_missing(screen: Screen) -> Phrase:
    """Say which questions of a screen must be answered yet."""
    numbers = ", ".join(str(line.number) for line in screen.missing())
    # Translators: {numbers} are the numbers of questions in the message, such as 2, 5.
    return phrase("Please answer these too: {numbers}.", numbers=numbers)


# Answers that are written


_PART = re.compile(r"[,;\n،؛、]+")
_NUMBERED = re.compile(r"\s*(\d{1,2})\s*[.:)=·-]?\s+(\S.*)|\s*(\d{1,2})[.:)=]\s*(\S.*)")


def written_answers(screen: Screen, text: str) -> tuple[tuple[Line, str], ...] | None:
    """Read `1 yes, 2 no`: pairs of question and words; None where a number is not on the screen.

    Parts without a number go to the first questions that have no answer, in their order.
    """
    open_lines = [line for line in screen.lines if not line.asked.state.value]
    pairs: list[tuple[Line, str]] = []
    for part in filter(str.strip, _PART.split(text)):
        line, words = _numbered(screen, part)
        line = line or next((one for one in open_lines if one not in _taken(pairs)), None)
        if line is None:
            return None
        pairs.append((line, words))
    return tuple(pairs) or None


def _numbered(screen: Screen, part: str) -> tuple[Line | None, str]:
    match = _NUMBERED.fullmatch(part)
    if not match:
        return None, part.strip()
    number, words = int(match[1] or match[3]), match[2] or match[4]
    line = next((line for line in screen.lines if line.number == number), None)
    return (line, words) if line else (None, part.strip())


def _taken(pairs: Iterable[tuple[Line, str]]) -> list[Line]:
    return [line for line, _ in pairs]


def key_named(line: Line, words: str) -> Key | None:
    """Find the key of a question that somebody wrote the label of."""
    wanted = bare(words)
    labels = ((bare(bare_label(line.asked, key.label)), key) for key in line.keys)
    return next((key for label, key in labels if label == wanted), None)
