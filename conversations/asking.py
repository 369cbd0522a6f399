"""How a stop of the form is put before a person, and how an answer is told back.

A message opens with what went wrong (if anything), then the notes that come before the question,
the name of the group where a new one begins, the question, its hint, how to answer, and the
present answer where there is one. Nothing here decides what happens next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile

from conversations.events import OtherSent
from conversations.phrases import FormText, Phrase, Problem, Speech, phrase, verbatim
from conversations.progress import is_note, stop_before
from conversations.prompt import (
    Prompt,
    back_label,
    clear_label,
    keep_label,
    skip_label,
    stamp,
    with_navigation,
)
from conversations.questions.base import Asked, Kind
from conversations.questions.kinds import kind_of
from conversations.questions.notes import NOTE
from conversations.questions.repeats import instance_name
from conversations.replies import Block, FormMedia, Send
from conversations.scene import Scene
from conversations.xform.form import Repeat
from conversations.xform.instance import (
    Instance,
    NodeState,
    QuestionStop,
    RepeatStop,
    Stop,
)

NOTES_CHARACTERS_MAX = 600
"""Longer notes are a message of their own, so that the question stays in sight."""

SHOWN_CHARACTERS_MAX = 200
"""So much of an answer is told back."""


def asked_of(scene: Scene, instance: Instance, stop: QuestionStop) -> Asked:
    """Gather what a kind needs to know of a question."""
    session, reference = scene.session, stop.reference
    return Asked(
        question=stop.question,
        state=instance.state(reference),
        locale=scene.locale,
        hearing=scene.hearing,
        now=scene.now,
        fits=lambda value: instance.check(reference, value) is None,
        attachment=f"{stamp(session)}-{session.step}",
        attachment_bytes_max=scene.programme.attachment_bytes_max,
        attachment_bytes_left=scene.person.attachment_bytes_left,
        scratch=session.scratch if session.current == reference else "",
    )


def stop_kind(instance: Instance, stop: QuestionStop) -> Kind:
    """Find how a stop is asked; what must not be changed is only read."""
    return NOTE if is_note(stop, instance) else kind_of(stop.question)


# Putting a stop


def prompt_for(
    scene: Scene, instance: Instance, stop: QuestionStop, notes: tuple[QuestionStop, ...] = ()
) -> Prompt:
    """Put a question before a person, the notes that lead to it first."""
    return led_by(_stop_prompt(scene, instance, stop), scene, instance, stop, notes)


def _stop_prompt(scene: Scene, instance: Instance, stop: QuestionStop) -> Prompt:
    back = ((back_label(), "back"),) if has_before(scene, instance, stop.groups) else ()
    if is_note(stop, instance):
        return with_navigation(_note_prompt(scene, instance, stop), back)
    return _question_prompt(scene, instance, stop, back)


def has_before(scene: Scene, instance: Instance, groups: Iterable[str] = ()) -> bool:
    """Tell whether there is anything to go back to.

    That is also whether there is an instance of a repeat, where the person has just said so.
    """
    session = scene.session
    if session.from_summary or any(group in session.trail for group in groups):
        return True
    return stop_before(instance, session.trail, session.current) is not None


def repeat_label(instance: Instance, stop: RepeatStop) -> FormText | None:
    """Return what the form calls an instance of a repeat."""
    label = instance.state(stop.reference).label
    return FormText(label.strip()) if label and label.strip() else None


def _note_prompt(scene: Scene, instance: Instance, stop: QuestionStop) -> Prompt:
    asked = asked_of(scene, instance, stop)
    blocks = _note_blocks(asked.state)
    return Prompt(blocks, NOTE.ask(asked).rows, media=files_of(asked.state))


def _question_prompt(
    scene: Scene, instance: Instance, stop: QuestionStop, back: tuple[tuple[Phrase, str], ...]
) -> Prompt:
    asked, kind = asked_of(scene, instance, stop), kind_of(stop.question)
    offer = kind.ask(asked)
    blocks = (
        *group_title(scene, instance, stop),
        *question_blocks(asked.state, stop),
        *offer.blocks,
        *_present(asked, kind, known=stop.reference in scene.session.trail),
    )
    # After a refused try they stand just above, and cost the person nothing more.
    standing = scene.session.failures and not scene.person.low_data
    media = () if standing else (*files_of(asked.state), *offer.media)
    prompt = Prompt(blocks, offer.rows, offer.keyboard, media)
    return with_navigation(prompt, (*back, *_ways_round(asked, kind)))


def question_blocks(state: NodeState, stop: QuestionStop) -> tuple[Block, ...]:
    """Say the question and its hint."""
    hint = (Block(FormText(state.hint.strip()), "hint"),) if state.hint else ()
    return (Block(question_label(state, stop), "question"), *hint)


def question_label(state: NodeState, stop: QuestionStop) -> FormText:
    """Return what a question says; one without a label goes by its name."""
    return FormText((state.label or "").strip() or stop.question.name)


def _present(asked: Asked, kind: Kind, *, known: bool) -> tuple[Block, ...]:
    """Say the value that stands: the person's own answer, or what the form put there."""
    if not asked.state.value or kind.shows_value:
        return ()
    answer = shown(asked, kind)
    if known:
        # Translators: the answer that was given before, and may be kept or changed.
        return (Block(phrase("Your answer now: {answer}", answer=answer)),)
    # Translators: an answer that the form suggests, and that may be kept or changed.
    return (Block(phrase("Filled in already: {answer}", answer=answer)),)


def _ways_round(asked: Asked, kind: Kind) -> tuple[tuple[Phrase, str], ...]:
    """List the ways to answer without answering: keep what is there, or leave it out."""
    given = bool(asked.state.value)
    keep = ((keep_label(), "keep"),) if given and not kind.shows_value else ()
    leave = () if asked.state.required else ((clear_label() if given else skip_label(), "skip"),)
    return (*keep, *leave)


def how_to_answer(scene: Scene, instance: Instance, stop: QuestionStop) -> tuple[Block, ...]:
    """Say how a question is answered: as it says itself, else as whoever answers otherwise hears.

    No question can be answered with a sticker, so that is refused with what would do.
    """
    asked, kind = asked_of(scene, instance, stop), stop_kind(instance, stop)
    if hints := tuple(block for block in kind.ask(asked).blocks if block.style == "hint"):
        return hints
    reading = kind.read(asked, OtherSent("sticker"))
    return (Block(reading.speech, "hint"),) if isinstance(reading, Problem) else ()


# What stands around a question


def led_by(
    prompt: Prompt, scene: Scene, instance: Instance, stop: Stop, notes: Sequence[QuestionStop]
) -> Prompt:
    """Let notes lead a stop's prompt: within its message, or before it where they are long.

    What a note in the stop's own group says comes below the group's title.
    """
    if not notes:
        return prompt
    blocks = _notes_said(instance, notes)
    media = tuple(file for note in notes for file in files_of(instance.state(note.reference)))
    length = sum(len(scene.locale.say(block.speech)) for block in blocks)
    if length > NOTES_CHARACTERS_MAX or media:
        before = (Send(blocks, media=media),)
        return Prompt(prompt.blocks, prompt.rows, prompt.keyboard, prompt.media, before)
    inside = [note for note in notes if note.groups and note.groups[-1] in stop.groups]
    outside = [note for note in notes if note not in inside]
    titles = tuple(takewhile(lambda block: block.style == "group", prompt.blocks))
    below = (*_notes_said(instance, inside), *prompt.blocks[len(titles) :])
    return replace(prompt, blocks=(*_notes_said(instance, outside), *titles, *below))


def _notes_said(instance: Instance, notes: Iterable[QuestionStop]) -> tuple[Block, ...]:
    return tuple(block for note in notes for block in _note_blocks(instance.state(note.reference)))


def _note_blocks(state: NodeState) -> tuple[Block, ...]:
    hint = (Block(FormText(state.hint.strip()), "hint"),) if state.hint else ()
    value = (Block(verbatim("{value}", value=state.value)),) if state.value else ()
    return (Block(FormText((state.label or "").strip())), *hint, *value)


def group_title(scene: Scene, instance: Instance, stop: QuestionStop) -> tuple[Block, ...]:
    """Name the groups that this question stands in and the one before it does not; once."""
    if scene.session.failures:
        return ()
    trail = tuple(ref for ref in scene.session.trail if ref not in scene.session.notes)
    earlier = trail[: trail.index(stop.reference)] if stop.reference in trail else trail
    last = earlier[-1] if earlier else ""
    begun = [group for group in stop.groups if not last.startswith(f"{group}/")]
    return tuple(group_titles(instance, begun))


def group_titles(instance: Instance, groups: Iterable[str]) -> Iterable[Block]:
    """Name groups; one without a label has no name."""
    names = (group_name(instance, group) for group in groups)
    return (Block(name, "group") for name in names if name)


def group_name(instance: Instance, reference: str) -> Speech | None:
    """Name a group, or an instance of a repeat with its place: `Child 2`, `Child 2 of 3`."""
    label = instance.state(reference).label
    if not label or not reference.endswith("]"):
        return FormText(label) if label else None
    repeat, _, index = reference.removesuffix("]").rpartition("[")
    if label != instance.state(repeat).label:
        return FormText(label)  # It tells this instance from the others by itself.
    return instance_name(FormText(label), int(index), _counted(instance, repeat))


def _counted(instance: Instance, repeat: str) -> int | None:
    """Return how many instances there will be, where the form counts them."""
    element = instance.element(repeat)
    if not isinstance(element, Repeat) or (element.count is None and not element.fixed):
        return None
    return int(instance.state(repeat).value)


def files_of(state: NodeState) -> tuple[FormMedia, ...]:
    """List the files that belong to a question or a note."""
    media = state.media
    files = (
        FormMedia("image", media.big_image or media.image),
        FormMedia("audio", media.audio),
        FormMedia("video", media.video),
    )
    return tuple(file for file in files if file.file_name)


# Telling back


def shown(asked: Asked, kind: Kind) -> Speech:
    """Say the present answer in words, not at more length than helps."""
    speech = kind.show(asked, asked.state.value)
    text = asked.locale.say(speech)
    if len(text) <= SHOWN_CHARACTERS_MAX:
        return speech
    return verbatim("{text}", text=cut(text, SHOWN_CHARACTERS_MAX))


def cut(text: str, characters_max: int) -> str:
    """Cut a text that is too long, behind a word where there is one near.

    >>> cut("the nearest maternity ward", 20)
    'the nearest…'
    """
    if len(text) <= characters_max:
        return text
    space = text.rfind(" ", characters_max // 2, characters_max)
    return f"{text[: space if space > 0 else characters_max - 1]}…"


def answered_blocks(scene: Scene, instance: Instance, stop: QuestionStop) -> tuple[Block, ...]:
    """Say the question with the answer it has been given, in place of its keys."""
    asked = asked_of(scene, instance, stop)
    answer = ticked(scene, instance, stop)
    return (Block(question_label(asked.state, stop), "question"), Block(answer))


def ticked(scene: Scene, instance: Instance, stop: QuestionStop) -> Speech:
    """Say the answer with a tick before it."""
    asked = asked_of(scene, instance, stop)
    if not asked.state.value:
        return left_out()
    return verbatim("✓ {answer}", answer=shown(asked, stop_kind(instance, stop)))


def left_out() -> Phrase:
    """Say that a question has no answer."""
    # Translators: stands where an answer would stand.
    return phrase("no answer")
