"""A case as one message: what is doubted first, then all answers, then what is known around them.

Everything somebody wrote stands in it as they wrote it, made harmless: marks are escaped by whoever
shows it, and signs that turn the direction of writing are taken out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from conversations.entries import answer_in_short, question_in_short
from conversations.moderating.dossier import Beside, Deed, Dossier, Doubted
from conversations.moderating.testimony import OthersSaid, Step, how_many
from conversations.perusal import Line
from conversations.phrases import Phrase, Speech, phrase, phrase_of_many, verbatim
from conversations.replies import Block
from conversations.reviewing.acts import Claim, Release
from conversations.reviewing.words import act_named, outcome_named, severity_named

FLAG: Final = "⚑"

TURNING: Final = dict.fromkeys(
    (0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
"""Signs that turn the direction of writing, and can make a text read as what it is not."""

DOUBTS_MAX: Final = 12
LINES_MAX: Final = 60
DEEDS_MAX: Final = 6
STEPS_MAX: Final = 6
STEP_LINES_MAX: Final = 12
DIFFERING_MAX: Final = 12
TEXT_MAX: Final = 1_000
"""Characters of a written answer that are shown."""

WORDS_MAX: Final = 300
"""Characters of one other text that a card shows."""

NOTHING: Final = "…"
"""Stands for an answer where there is none."""


def harmless(text: str) -> str:
    """Take out what would turn the direction of writing.

    >>> harmless("a" + chr(0x202E) + "b")
    'ab'
    """
    return text.translate(TURNING)


def card(dossier: Dossier, waiting: int) -> tuple[Block, ...]:
    """Show a case."""
    return tuple(_blocks(dossier, waiting))


def _blocks(dossier: Dossier, waiting: int) -> Iterator[Block]:
    yield Block(verbatim("{code} · {title}", code=dossier.code, title=dossier.title), "title")
    yield from _heads(dossier)
    for doubt in dossier.doubts[:DOUBTS_MAX]:
        yield Block(_doubt(doubt), "item")
    if (rest := len(dossier.doubts) - DOUBTS_MAX) > 0:
        # Translators: ends a list of doubts about a report that is too long to be shown whole.
        yield Block(phrase_of_many("and {count} more", "and {count} more", rest), "item")
    for line in dossier.lines[:LINES_MAX]:
        yield from _answer(dossier, line)
    yield from _around(dossier)
    if waiting:
        # Translators: under a report that a moderator looks at: how many others wait.
        told = phrase_of_many("{count} more is waiting.", "{count} more are waiting.", waiting)
        yield Block(told, "hint")


def _heads(dossier: Dossier) -> Iterator[Block]:
    case = dossier.case
    # Translators: to moderators: when a report was sent, and by when it should be looked at.
    when = phrase("Sent {sent_at}, to be looked at by {look_by}",
                  sent_at=dossier.sent_at, look_by=dossier.look_by)  # fmt: skip
    yield Block(when, "item")
    if dossier.area is not None:
        # Translators: to moderators: the area in which a report was made.
        yield Block(phrase("Area: {area}", area=dossier.area), "item")
    if case.appealed:
        # Translators: to moderators: the reporter did not accept what was decided.
        yield Block(phrase("The reporter asks for another look."), "item")
    if case.state == "second":
        # Translators: to moderators: one person has decided, and another must agree.
        first = phrase("One person decided: {outcome}. You are the second.",
                       outcome=outcome_named(case.proposed))  # fmt: skip
        yield Block(first, "item")
    if case.escalated:
        # Translators: to moderators: a report that a moderator did not want to decide alone.
        yield Block(phrase("Left to a senior moderator."), "item")


def _doubt(doubt: Doubted) -> Phrase:
    words = harmless(doubt.words)[:WORDS_MAX]
    severity = severity_named(doubt.severity)
    if doubt.other_code:
        return verbatim(
            "⚑ {severity}: {words} ({code})", severity=severity, words=words, code=doubt.other_code
        )
    return verbatim("⚑ {severity}: {words}", severity=severity, words=words)


def _answer(dossier: Dossier, line: Line) -> Iterator[Block]:
    for title in line.titles:
        yield Block(verbatim("{title}", title=title), "group")
    mark = f"{FLAG} " if dossier.is_doubted(line) else ""
    asked = verbatim("{mark}{number}. {question}", mark=mark, number=line.number,
                     question=question_in_short(line.question, colon=True))  # fmt: skip
    yield Block(asked, "item")
    yield Block(answer_shown(line), "answer")
    if caption := dossier.caption(line):
        words = harmless(caption)[:WORDS_MAX]
        yield Block(verbatim("“{words}”", words=words), "item")
    if (changed := dossier.change(line)) is not None:
        original = answer_in_short(changed.here.words if changed.here else NOTHING)
        # Translators: under an answer that a moderator corrected: what the reporter had written.
        yield Block(phrase("before: {original}", original=original), "item")


def answer_shown(line: Line) -> Speech:
    """Say an answer: what somebody wrote at length, all else in short."""
    if line.kind == "text" and not line.file:
        return verbatim("{answer}", answer=harmless(line.value)[:TEXT_MAX])
    return answer_in_short(harmless(line.words))


def _around(dossier: Dossier) -> Iterator[Block]:
    past = dossier.past
    # Translators: to moderators: how many reports the same person sent before.
    earlier = phrase_of_many(
        "{count} earlier report by the same person: {approved} counted, {rejected} did not",
        "{count} earlier reports by the same person: {approved} counted, {rejected} did not",
        sum(past.values()), approved=past.get("approved", 0), rejected=past.get("rejected", 0),
    )  # fmt: skip
    if past:
        yield Block(earlier)
    for asked in dossier.asked:
        yield Block(verbatim("❓ {words}", words=harmless(asked.words)[:WORDS_MAX]))
        # Translators: to moderators: the reporter has not answered a question yet.
        nothing = phrase("no answer yet")
        said = harmless(asked.answer)[:WORDS_MAX]
        yield Block(verbatim("💬 {answer}", answer=said or nothing), "item")
    yield from _testimony(dossier.said, dossier.chain)
    for other in dossier.beside:
        yield from _other(other)
    if dossier.case.sources:
        # Translators: to moderators: how many sources beside the reporter speak for a report.
        yield Block(phrase_of_many("{count} independent source", "{count} independent sources",
                                   dossier.case.sources))  # fmt: skip
    yield from _history(dossier)


def _history(dossier: Dossier) -> Iterator[Block]:
    """Tell what was done to the case; that somebody took it on is told while they work on it."""
    shown = [deed for deed in dossier.deeds if deed.act not in _UNTOLD][-DEEDS_MAX:]
    for deed in shown:
        told = deed.words or _rechecked(deed)
        words = f": {harmless(told)[:WORDS_MAX]}" if told else ""
        done = verbatim(
            "{done_at}: {act}{words}", done_at=deed.done_at, act=act_named(deed.act), words=words
        )
        yield Block(done, "plain" if deed is shown[0] else "item")


def _rechecked(deed: Deed) -> str:
    """Say which doubts were closed, and which are new, by the signs before their names."""
    marked = [f"- {name}" for name in deed.closed]
    return ", ".join([*marked, *(f"+ {name}" for name in deed.raised)])


_UNTOLD: Final = frozenset({Claim.__name__, Release.__name__})


def _other(other: Beside) -> Iterator[Block]:
    # Translators: to moderators, above what another report says otherwise; {code} is its code.
    yield Block(phrase("Beside {code}, sent {sent_at}:", code=other.code, sent_at=other.sent_at))
    differing = [row for row in other.rows if row.differs]
    for row in differing[:DIFFERING_MAX]:
        here, there = (_beside(line) for line in (row.here, row.there))
        question = question_in_short(row.question, colon=True)
        told = verbatim("{question} {here} ≠ {there}", question=question, here=here, there=there)
        yield Block(told, "item")
    if not differing:
        # Translators: to moderators: two reports give the same answers.
        yield Block(phrase("the same answers"), "item")


def _beside(line: Line | None) -> Speech:
    return answer_in_short(harmless(line.words) if line else NOTHING)


def _testimony(said: Iterable[OthersSaid], chain: Iterable[Step]) -> Iterator[Block]:
    """Tell what others said of a report, and what its reporter said later."""
    for one in said:
        yield Block(verbatim("👥 {question}", question=harmless(one.question)[:WORDS_MAX]))
        for label, count in one.counts:
            yield Block(verbatim("{label}: {count}", label=label, count=count), "item")
        yield Block(one.grade, "item")
        yield Block(how_many(one), "item")
    for step in list(chain)[-STEPS_MAX:]:
        yield Block(_head(step))
        for question, answer in step.lines[:STEP_LINES_MAX]:
            words = harmless(answer)[:WORDS_MAX]
            said_there = verbatim("{question} {answer}", question=question, answer=words)
            yield Block(said_there, "item")


def _head(step: Step) -> Phrase:
    if step.earlier:
        # Translators: to moderators: the report to which this one is a later answer.
        return phrase("Asked about {code}, {title}, sent {sent_at}:",
                      code=step.code, title=step.title, sent_at=step.sent_at)  # fmt: skip
    # Translators: to moderators: what the same reporter answered later when asked about it.
    return phrase("Later: {code}, {title}, sent {sent_at}:",
                  code=step.code, title=step.title, sent_at=step.sent_at)  # fmt: skip
