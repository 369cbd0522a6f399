"""A repeat as it stands before a person: what was told, one of them in full, one more.

Child                               Child 2
1. Amina, 3                         1. What is its name? Ben
2. Ben                              Not answered:
Is there another one?               2. How old?
[Yes, add one] [No, go on]          [1] [2]
[1] [2]                             [Remove this one]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conversations.asking import cut, group_name, has_before, left_out, repeat_label
from conversations.entries import (
    PAGE_ENTRIES,
    answer_of,
    entries_of,
    entry_lines,
    number_rows,
    page_row,
)
from conversations.phrases import FormText, Speech, listed, phrase, verbatim
from conversations.progress import is_note, is_unopened
from conversations.prompt import Prompt, back_label, with_navigation
from conversations.questions.repeats import Looking, ask_for_one, ask_to_remove
from conversations.replies import Block, Button
from conversations.scene import Scene
from conversations.xform.instance import Instance, QuestionStop, RepeatStop

NAMING_ANSWERS = 2
"""So many of its first answers name an instance in the list."""

NAME_CHARACTERS_MAX = 60
"""So much of them: a list of as many as there may be fits into one message."""


def told_count(scene: Scene, stop: RepeatStop) -> int:
    """Count what was told; an instance that the form brings along, empty, is not told yet."""
    return 0 if is_unopened(stop, scene.session.trail) else stop.count


def repeat_prompt(scene: Scene, instance: Instance, stop: RepeatStop) -> Prompt:
    """Put a repeat before a person."""
    looking = Looking.at(scene.session.scratch)
    if looking.removing:
        return _removing(instance, stop, looking)
    if looking.index:
        return _one(scene, instance, stop, looking)
    back = ((back_label(), "back"),) if has_before(scene, instance) else ()
    return with_navigation(_list(scene, instance, stop), back)


def _list(scene: Scene, instance: Instance, stop: RepeatStop) -> Prompt:
    count, state = told_count(scene, stop), instance.state(stop.reference)
    words = instance.messages(stop.reference)
    offer = ask_for_one(count, words, required=state.required)
    label = repeat_label(instance, stop)
    title = (Block(label, "group"),) if label else ()
    if not count:
        return Prompt((*title, *offer.blocks), offer.rows)
    names = _names(scene, instance, stop)
    # Translators: below a list of children (or other things) with a button for each number.
    how = Block(phrase("To change or remove one, tap its number."), "hint")
    rows = (*offer.rows, *number_rows(range(1, count + 1), "i"))
    return Prompt((*title, *names, *offer.blocks, how), rows)


def _names(scene: Scene, instance: Instance, stop: RepeatStop) -> Iterator[Block]:
    for index in range(1, stop.count + 1):
        name = instance_told(scene, instance, stop, index)
        yield Block(verbatim("{number}. {name}", number=index, name=name), "item")


def instance_told(scene: Scene, instance: Instance, stop: RepeatStop, index: int) -> Speech:
    """Name an instance by the form's label where that tells them apart, else by its answers."""
    reference = f"{stop.reference}[{index}]"
    own = instance.state(reference).label
    if own and own != instance.state(stop.reference).label:
        return FormText(own)
    said = [scene.locale.say(answer) for answer in _first_answers(scene, instance, reference)]
    name = cut(listed(scene.locale, said), NAME_CHARACTERS_MAX)
    return verbatim("{name}", name=name) if said else left_out()


def _first_answers(scene: Scene, instance: Instance, reference: str) -> Iterable[Speech]:
    found: list[Speech] = []
    for stop in instance.stops():
        if reference in stop.groups and isinstance(stop, QuestionStop):
            answer = None if is_note(stop, instance) else answer_of(scene, instance, stop)
            found += [answer] if answer else []
        if len(found) == NAMING_ANSWERS:
            break
    return found


def _one(scene: Scene, instance: Instance, stop: RepeatStop, looking: Looking) -> Prompt:
    entries = entries_of(scene, instance, f"{stop.reference}[{looking.index}]")
    on_page = entries[looking.page * PAGE_ENTRIES : (looking.page + 1) * PAGE_ENTRIES]
    # Translators: under the numbered answers of one child (or other thing).
    how = Block(phrase("To change an answer, tap its number."), "hint")
    # Translators: a button below the answers about one child (or other thing told of).
    remove = Button(phrase("Remove this one"), "remove")
    rows = (
        *number_rows((entry.number for entry in on_page), "e"),
        *page_row(looking.page, len(entries)),
        (remove,),
        (Button(back_label(), "list"),),
    )
    return Prompt((*_title(instance, stop, looking), *entry_lines(on_page), how), rows)


def _removing(instance: Instance, stop: RepeatStop, looking: Looking) -> Prompt:
    offer = ask_to_remove(looking.index)
    return Prompt((*_title(instance, stop, looking), *offer.blocks), offer.rows)


def _title(instance: Instance, stop: RepeatStop, looking: Looking) -> tuple[Block, ...]:
    name = group_name(instance, f"{stop.reference}[{looking.index}]")
    return (Block(name or verbatim("# {number}", number=looking.index), "group"),)
