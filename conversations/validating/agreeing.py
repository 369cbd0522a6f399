"""How far residents and moderators say the same, in words for coordinators.

By question and language, by wording where a question has had several, and by area. What few
people or few reports stand behind is left out. What stands out (`verdicts.wording`) is told
plainly, once by a message of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from conversations.phrases import Phrase, phrase, verbatim
from conversations.replies import Block, Send
from conversations.verdicts.wording import (
    Judged,
    Key,
    Misread,
    Slice,
    by_area,
    by_question_and_language,
    by_wording,
    misread,
    sliced,
)

LINES_MAX: Final = 20
NOTICES_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class Agreements:
    """What is shown: each key with what stands behind it, and what stands out."""

    questions: Mapping[Key, Slice] = field(default_factory=dict)
    """By form, question and language; and version, where a question's words were changed."""

    areas: Mapping[Key, Slice] = field(default_factory=dict)
    misread: Sequence[Misread] = ()


def agreements_of(judged: Sequence[Judged]) -> Agreements:
    """Take together what is to be shown."""
    of_wordings = sliced(judged, by_wording)
    questions: dict[Key, Slice] = {}
    for key, part in sliced(judged, by_question_and_language).items():
        worded = {one: found for one, found in of_wordings.items() if one[:3] == key}
        questions |= worded if len(worded) > 1 else {key: part}
    return Agreements(_shown(questions), _shown(sliced(judged, by_area)), misread(judged))


def _shown(slices: Mapping[Key, Slice]) -> Mapping[Key, Slice]:
    return {key: part for key, part in slices.items() if part.shown and key[-1]}


def shown(found: Agreements) -> Iterator[Block]:
    """Show what stands out, and then all that is known."""
    yield from (Block(one) for one in notices(found.misread))
    if found.questions:
        # Translators: to a coordinator, above a list of questions.
        yield Block(phrase("Residents and moderators say the same:"))
    for key, part in list(found.questions.items())[:LINES_MAX]:
        yield Block(line((key[0], key[1]), key[2], "".join(key[3:]), part), "item")
    if found.areas:
        # Translators: to a coordinator, above a list of places.
        yield Block(phrase("The same by place:"))
    for (area,), part in list(found.areas.items())[:LINES_MAX]:
        yield Block(_counts(verbatim("{area}", area=area), part), "item")


def line(question: tuple[str, str], language: str, wording: str, part: Slice) -> Phrase:
    """Say how often residents and moderators agree about a question."""
    return _counts(_named(question, language, wording), part)


def _counts(what: Phrase, part: Slice) -> Phrase:
    # Translators: {what} is a question or a place; numbers of answers.
    return phrase("{what}: {agreed} of {answers}", what=what, agreed=part.agreed,
                  answers=part.answers)  # fmt: skip


def notices(found: Sequence[Misread]) -> tuple[Phrase, ...]:
    """Say what stands out, the lowest share first."""
    return tuple(map(_notice, sorted(found, key=lambda one: one.percent)[:NOTICES_MAX]))


def message(found: Sequence[Misread]) -> Send:
    """Tell a coordinator of it, unasked."""
    # Translators: to a coordinator; /validations is a command.
    more = phrase("More: /validations")
    return Send((*(Block(one) for one in notices(found)), Block(more)))


def _notice(one: Misread) -> Phrase:
    what = _named(one.question, one.language, one.wording)
    if one.otherwise is None:
        # Translators: to a coordinator; {what} is a question that people may misunderstand.
        return phrase(
            "⚠ {what}: residents and moderators say the same in only {percent} of 100 answers "
            "(reports: {reports}). People may misread it: let somebody who speaks the language "
            "look at its words.",
            what=what,
            percent=one.percent,
            reports=one.reports,
        )
    # Translators: to a coordinator; {what} is a question that people may misunderstand.
    return phrase(
        "⚠ {what}: residents and moderators say the same in {percent} of 100 answers, elsewhere in "
        "{otherwise} of 100 (reports: {reports}). People may misread it: let somebody who speaks "
        "the language look at its words.",
        what=what,
        percent=one.percent,
        otherwise=one.otherwise,
        reports=one.reports,
    )


def _named(question: tuple[str, str], language: str, wording: str) -> Phrase:
    _, name = question
    if not name:
        # Translators: to a coordinator; {language} is the tag of a language.
        return phrase("All questions in {language}", language=language)
    if not wording:
        return verbatim("{name} ({language})", name=name, language=language)
    # Translators: to a coordinator; {name} is a question, {language} a language's tag,
    # {versions} are versions of a form.
    return phrase(
        "{name} ({language}, version {versions})", name=name, language=language, versions=wording
    )
