"""Which choice a person means who types instead of tapping.

In this order: the label, the number in the list, the name; then the beginning of one label and of
no word of another. Whatever else is found (the step of a scale that a number lies on, several
beginnings, words within labels, near spellings) is offered and never taken: the person says which,
by its place among what is offered if they like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from conversations.hearing import Hearing
from conversations.phrases import FormText, Locale, phrase
from conversations.questions.base import Asked
from conversations.questions.choices.folding import folded
from conversations.questions.choices.scales import STEPS_MAX, steps_with
from conversations.questions.choices.spelling import (
    WRITTEN_CHARACTERS_MAX,
    Index,
    begun,
    containing,
    index_of,
    near,
    same,
)

PARTS_MAX = 100
"""So many choices typed in one message are looked for."""

COUNTED_MAX = 20
"""People count so many choices on their screen, where no numbers are shown."""

_SEPARATORS = re.compile(r"[,;\n،؛、&+]+")
_MARKS_OF_MARKDOWN = re.compile(r"[*_`\[<#\\]")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person sees of a list: whether the choices are `numbered`, and those just `found`.

    `found` are places in the whole list, in the order in which they show; none when all show.
    """

    numbered: bool = False
    found: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The choices that `text` may mean, by their places, the likeliest first.

    `sure` says that it is the one. There are none where nothing is like it.
    """

    text: str
    places: tuple[int, ...] = ()
    sure: bool = False


def searchable(asked: Asked) -> Index:
    """Return the list of a question, ready to be searched."""
    return index_of(_labels(asked))


def _labels(asked: Asked) -> tuple[str, ...]:
    labels = asked.state.choices.labels()
    if _MARKS_OF_MARKDOWN.search("\n".join(labels)):
        return tuple(plain(asked, label) for label in labels)
    return labels


def plain(asked: Asked, label: str) -> str:
    """Return a label as a person sees it; most have no marks to take away."""
    return asked.locale.say(FormText(label)) if _MARKS_OF_MARKDOWN.search(label) else label


def find_choice(asked: Asked, text: str, seen: Seen) -> Match:
    """Find the choice a person typed, who has this before their eyes.

    Whoever is asked about one choice and writes what leads to it again means it.
    """
    match = _like(asked, text, seen)
    again = len(match.places) == 1 and match.places == seen.found
    return replace(match, sure=True) if again else match


def _like(asked: Asked, text: str, seen: Seen) -> Match:
    written = text.strip()
    if not written or len(written) > WRITTEN_CHARACTERS_MAX:
        return Match(text)
    index = searchable(asked)
    if places := same(index, written):
        return Match(written, places, sure=len(places) == 1)
    if counted := _counted(asked, index, written, seen):
        return counted
    if steps := _steps(asked, index, written):
        return Match(written, steps, sure=_says_so(asked, index, written, steps))
    if named := _named_or_counted(asked, index, written):
        return named
    beginnings, words = begun(index, written), containing(index, written)
    if found := tuple(dict.fromkeys((*beginnings, *words))):
        return Match(written, found, sure=len(found) == 1 and found == beginnings)
    return Match(written, near(index, written))


def _counted(asked: Asked, index: Index, written: str, seen: Seen) -> Match | None:
    """Find a choice by the number that is seen beside it, or by its place among a few found.

    There, a choice that has the number in its label is offered beside that.
    """
    if seen.numbered:
        number = _number(asked, written, len(asked.state.choices))
        return None if number is None else Match(written, (number,), sure=True)
    place = _number(asked, written, len(seen.found))
    if place is None:
        return None
    said = [at for at in containing(index, written) if at in seen.found]
    # A lone find is not counted: its number may be meant as another step.
    steps = _steps(asked, index, written) if len(seen.found) == 1 else ()
    meant = dict.fromkeys((seen.found[place], *said, *steps))
    return Match(written, tuple(meant), sure=len(meant) == 1)


def _says_so(asked: Asked, index: Index, written: str, steps: tuple[int, ...]) -> bool:
    """Tell whether a number begins the label of its step and stands for no other's place."""
    counted = _number(asked, written, len(asked.state.choices))
    return steps == begun(index, written) and len(steps) == 1 and counted in {None, *steps}


def _steps(asked: Asked, index: Index, written: str) -> tuple[int, ...]:
    """Find the steps of a scale that a typed number lies on."""
    if not index.has_digits:
        return ()
    labels = _labels(asked)
    said = " ".join((asked.state.label or "", *labels[:STEPS_MAX]))
    amount = asked.hearing.amount(written, said)
    if amount is None or amount.beside:
        return ()
    return steps_with(labels, amount.number, asked.locale)


def _named_or_counted(asked: Asked, index: Index, written: str) -> Match | None:
    """Find a choice by its name, or by its place where no numbers show; both are a question.

    Where the labels have numbers of their own (`5-9 km`) or are many, a number may mean something
    else.
    """
    number = _number(asked, written, len(asked.state.choices))
    named = _named(asked, written)
    found = tuple(dict.fromkeys(at for at in (number, named) if at is not None))
    if not found:
        return None
    if named is None and (index.has_digits or len(asked.state.choices) > COUNTED_MAX):
        return Match(written, tuple(dict.fromkeys((*containing(index, written), *found))))
    return Match(written, found, sure=len(found) == 1)


def _number(asked: Asked, written: str, choices: int) -> int | None:
    """Return the place that a number in the list means, in the digits of any script."""
    bare = folded(written)
    number = int(bare) if bare.isdecimal() else asked.hearing.number(written)
    return int(number) - 1 if number is not None and number in range(1, choices + 1) else None


def _named(asked: Asked, written: str) -> int | None:
    names = asked.state.choices.names()
    if written in names:
        return names.index(written)
    wanted = written.casefold()
    return next((at for at, name in enumerate(names) if name.casefold() == wanted), None)


def find_choices(asked: Asked, text: str, seen: Seen) -> tuple[Match, ...]:
    """Find several choices typed in one message, with commas, new lines or "and" between them."""
    whole = find_choice(asked, text, seen)
    if whole.sure:
        return (whole,)
    parts = _parts(text)[:PARTS_MAX]
    found = [one for part in parts for one in _joined(asked, part, seen)]
    return tuple(found) if len(found) > 1 else (whole,)


def _parts(text: str) -> list[str]:
    """Cut what was typed at commas; numbers also where there is only space between them."""
    words = text.split()
    if all(folded(word).isdecimal() for word in words):
        return words
    return [part for part in _SEPARATORS.split(text) if part.strip()]


def _joined(asked: Asked, part: str, seen: Seen) -> tuple[Match, ...]:
    """Find the choices in "red and blue", unless there is one that is called so."""
    whole = find_choice(asked, part, seen)
    parts = re.split(_joints(asked.hearing), part, flags=re.IGNORECASE)
    if whole.sure or len(parts) == 1:
        return (whole,)
    pieces = tuple(find_choice(asked, one, seen) for one in parts[:PARTS_MAX])
    return pieces if all(one.places for one in pieces) or not whole.places else (whole,)


def _joints(hearing: Hearing) -> str:
    """Return the pattern of what stands between two things, in any language that is heard."""
    return "|".join(dict.fromkeys(map(_joint, (hearing.own, *hearing.others))))


def _joint(locale: Locale) -> str:
    """Return the pattern of the "and" of a language; Arabic and Hebrew write it with the second."""
    # Translators: the word people type between two things they choose, as in: water and road.
    # Not shown.
    word = locale.say(phrase("and"))
    after = r"\s*" if locale.right_to_left and len(word) == 1 else r"\s+"
    return rf"\s+{re.escape(word)}{after}"
