"""Little data: what a person is sent who pays for every megabyte.

Whoever asks for it (/data) gets the words of a form at once, and its pictures, sounds and films on
request: a key under the question says what there is and how heavy. This is the one place that
holds files back; every prompt passes through it.
"""

from __future__ import annotations

from dataclasses import replace

from conversations.asking import files_of
from conversations.phrases import Phrase, phrase, phrase_of_many
from conversations.progress import is_note
from conversations.prompt import Prompt
from conversations.replies import Button, FormMedia, Key, Keyboard
from conversations.scene import Scene
from conversations.xform.instance import Instance

SHOW = "show"
"""The action of the key that asks for what is held back."""

BYTES_IN_KILOBYTE = 1000


def spared(prompt: Prompt, scene: Scene, instance: Instance | None) -> Prompt:
    """Hold a prompt's files back where the person wants little data, and offer them by a key."""
    if not scene.person.low_data:
        return prompt
    light = replace(
        prompt, media=(), before=tuple(replace(send, media=()) for send in prompt.before)
    )
    files = held_back(prompt, scene, instance)
    return _with_key(light, _label(scene, files)) if files else light


def light(scene: Scene, files: tuple[FormMedia, ...]) -> tuple[FormMedia, ...]:
    """Return what is sent of files that belong to no question: none, where data is dear."""
    return () if scene.person.low_data else files


def held_back(prompt: Prompt, scene: Scene, instance: Instance | None) -> tuple[FormMedia, ...]:
    """List the files that belong to a prompt, those of the notes just before it first."""
    notes = _notes_before(instance, scene.session.current) if instance else ()
    files = (*notes, *prompt.media)
    return tuple(dict.fromkeys(files))


def _notes_before(instance: Instance, current: str) -> tuple[FormMedia, ...]:
    """List the files of the notes that lead to a question; they are read with it."""
    leading: list[FormMedia] = []
    for stop in instance.stops():
        if stop.reference == current:
            return tuple(leading)
        if is_note(stop, instance):
            leading += files_of(instance.state(stop.reference))
        else:
            leading = []
    return ()


def _with_key(prompt: Prompt, label: Phrase) -> Prompt:
    if prompt.keyboard:
        rows = (*prompt.keyboard.rows, (Key(label, action=SHOW),))
        return replace(prompt, keyboard=Keyboard(rows))
    return replace(prompt, rows=((Button(label, SHOW),), *prompt.rows))


def _label(scene: Scene, files: tuple[FormMedia, ...]) -> Phrase:
    size = sum(len(scene.programme.media.get(file.file_name, b"")) for file in files)
    kilobytes = max(1, round(size / BYTES_IN_KILOBYTE))
    match {file.kind for file in files}:
        case kinds if kinds == {"image"}:
            # Translators: a key; pictures come only when it is tapped. kB is kilobytes.
            return phrase_of_many(
                "🖼 Show picture ({size} kB)",
                "🖼 {count} pictures ({size} kB)",
                len(files),
                size=kilobytes,
            )
        case kinds if kinds == {"audio"}:
            # Translators: a key; the sound comes only when it is tapped. kB is kilobytes.
            return phrase("🔊 Play the sound ({size} kB)", size=kilobytes)
        case kinds if kinds == {"video"}:
            # Translators: a key; the film comes only when it is tapped. kB is kilobytes.
            return phrase("🎞 Show the film ({size} kB)", size=kilobytes)
        case _:
            # Translators: a key; pictures and sounds come only when it is tapped. kB is kilobytes.
            return phrase("Show and play ({size} kB)", size=kilobytes)
