"""The buttons below a case: what can be done with it, and what one of these things needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from conversations.moderating.bench import BENCH_STAMP, Bench
from conversations.moderating.dossier import Dossier
from conversations.moderating.exchange import CaseLaid
from conversations.perusal import Line
from conversations.phrases import FormText, phrase, verbatim
from conversations.programme import form_mark
from conversations.questions.base import Rows
from conversations.replies import Button, Buttons

SLOT: Final = "case"
"""Names the message whose buttons count."""

LABEL_MAX: Final = 30
"""Characters of a button; longer ones are cut."""

NUMBERS_IN_ROW: Final = 6
CHANGEABLE_MAX: Final = 60
OTHERS_MAX: Final = 5
COLLEAGUES_MAX: Final = 12
BLACKENED: Final = frozenset({"text", "barcode"})
"""Answers of which a part can be blacked out."""


def keys(
    bench: Bench, laid: CaseLaid, reasons: Mapping[str, str], questions: Mapping[str, str]
) -> Buttons:
    """Return the buttons of the menu that is open."""
    match bench.menu:
        case "reject":
            rows = tuple(_reasons(reasons))
        case "ask":
            rows = tuple(_questions(questions))
        case "duplicate":
            rows = tuple(_others(laid.dossier))
        case "change":
            rows = tuple(_numbers(laid.dossier))
        case "answer":
            rows = tuple(_answer(laid.dossier, bench.about))
        case "pass":
            rows = tuple(_colleagues(laid))
        case "":
            return Buttons(BENCH_STAMP, bench.step, tuple(_case(laid)))
    return Buttons(BENCH_STAMP, bench.step, (*rows, (back(),)))


def back() -> Button:
    """Return the button that leads back to the case."""
    # Translators: a button that leads a moderator back to the case.
    return Button(phrase("« Back to the case"), "back")


def _case(laid: CaseLaid) -> Rows:
    return tuple(_case_rows(laid))


def _case_rows(laid: CaseLaid) -> Iterator[tuple[Button, ...]]:
    if laid.may_decide:
        # Translators: a button under a report that a moderator looks at: it counts.
        approve = Button(phrase("Approve ✓"), "approve")
        # Translators: a button under a report that a moderator looks at: it does not count.
        yield approve, Button(phrase("Reject ✗"), "reject")
        # Translators: a button: the report tells of the same thing as another one.
        duplicate = Button(phrase("Duplicate"), "duplicate")
        # Translators: a button: the report can be neither confirmed nor refuted.
        yield duplicate, Button(phrase("Cannot be verified"), "unverifiable")
    # Translators: a button: send a question to whoever sent the report.
    ask = Button(phrase("Ask the reporter"), "ask")
    # Translators: a button: correct or black out an answer.
    change = Button(phrase("Change an answer"), "change")
    yield (ask, change) if laid.may_decide else (ask,)
    # Translators: a button: note who else, independently, says what the report says.
    source = Button(phrase("Add a source"), "source")
    # Translators: a button: several independent sources say the same.
    verified = Button(phrase("Verified"), "verify")
    yield (source, verified) if laid.may_decide else (source,)
    if laid.dossier.files or laid.dossier.places:
        # Translators: a button: send the photos and sounds of a report, and its place on a map.
        yield (Button(phrase("Pictures, sounds, map"), "files"),)
    # Translators: a button: let a senior moderator decide.
    up = Button(phrase("Leave to a senior"), "escalate")
    # Translators: a button: do not work on this report any more, so that others can.
    put_back = Button(phrase("Put back"), "release")
    yield up, put_back
    if laid.colleagues:
        # Translators: a button: let a certain other moderator work on this report.
        yield (Button(phrase("Pass on to…"), "pass"),)


def _reasons(reasons: Mapping[str, str]) -> Iterator[tuple[Button, ...]]:
    for name, words in reasons.items():
        yield (Button(FormText(_short(words)), f"r{form_mark(name)}"),)
    # Translators: a button: a moderator writes the reason.
    yield (Button(phrase("In my own words"), "words"),)


def _questions(questions: Mapping[str, str]) -> Iterator[tuple[Button, ...]]:
    for name, words in questions.items():
        yield (Button(FormText(_short(words)), f"q{form_mark(name)}"),)
    # Translators: a button: a moderator writes a question.
    yield (Button(phrase("In my own words"), "askwords"),)


def _others(dossier: Dossier) -> Iterator[tuple[Button, ...]]:
    for other in dossier.beside[:OTHERS_MAX]:
        yield (Button(verbatim("{code}", code=other.code), f"d{other.code}"),)
    # Translators: a button: a moderator writes the code of a report.
    yield (Button(phrase("Another code"), "code"),)


def _numbers(dossier: Dossier) -> Iterator[tuple[Button, ...]]:
    buttons = [
        Button(verbatim("{number}", number=line.number), f"a{line.number}")
        for line in dossier.lines[:CHANGEABLE_MAX]
        if line.kind
    ]
    for at in range(0, len(buttons), NUMBERS_IN_ROW):
        yield tuple(buttons[at : at + NUMBERS_IN_ROW])


def _answer(dossier: Dossier, reference: str) -> Iterator[tuple[Button, ...]]:
    line = dossier.line_at(reference)
    if line is None:
        return
    # Translators: a button: ask the reporter about one answer.
    yield (Button(phrase("Ask about it"), "ask"),)
    if line.takes_words:
        # Translators: a button: give an answer of a report another value.
        yield (Button(phrase("Correct it"), "correct"),)
    if dossier.caption(line) or (line.kind in BLACKENED and not line.file):
        # Translators: a button: telephone numbers, e-mail addresses and the like are blacked out.
        yield (Button(phrase("Black out personal data"), "private"),)
        # Translators: a button: a moderator writes which words are blacked out.
        yield (Button(phrase("Black out words"), "blacken"),)
    if dossier.change(line) is not None:
        # Translators: a button: the answer is again as its reporter gave it.
        yield (Button(phrase("Take the correction back"), "revert"),)


def _colleagues(laid: CaseLaid) -> Iterator[tuple[Button, ...]]:
    for number, name in laid.colleagues[:COLLEAGUES_MAX]:
        yield (Button(verbatim("{name}", name=_short(name)), f"m{number}"),)


def line_of(dossier: Dossier, action: str) -> Line | None:
    """Find the answer that a button with a number stands for."""
    return dossier.line(int(action[1:])) if action[1:].isdecimal() else None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LABEL_MAX else f"{line[: LABEL_MAX - 1].rstrip()}…"
