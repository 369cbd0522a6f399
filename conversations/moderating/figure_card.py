"""A published figure that people doubt, as one message to a moderator, and its buttons.

The buttons carry the version of the case as it was shown, so an old card does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from conversations.events import ButtonTapped
from conversations.phrases import Phrase, phrase, phrase_of_many, verbatim
from conversations.replies import Block, Button, Buttons, Reply, Revise, Send
from conversations.reviewing.figure_words import count_told, reason_named
from conversations.reviewing.published import FigureAct, FigureCase, Recount, severity_of
from conversations.reviewing.words import severity_named

STAMP: Final = "@figure"
"""Stamps the buttons below a figure; the step is the number of its case."""

SLOT: Final = "figure"
NEXT: Final = "next"


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure as a moderator sees it.

    `named` is what it is called in their language, `reasons` how many people say what is wrong,
    `recount` what counting again gives now, `look_by` when it should be looked at, in words.
    """

    case: FigureCase
    named: str
    reasons: Mapping[str, int]
    recount: Recount | None
    look_by: str
    may_decide: bool = True


def shown(view: FigureView) -> Send:
    """Show a figure with what can be done about it."""
    return Send(tuple(_blocks(view)), _keys(view), slot=SLOT)


def act_of(tap: ButtonTapped) -> tuple[FigureAct, int] | None:
    """Read what a tap asks for, and the version that was seen; None for what is no act."""
    name, _, seen = tap.action.partition("/")
    wanted = next((one for one in get_args(FigureAct) if one == name), None)
    return (wanted, int(seen)) if wanted and seen.isdecimal() else None


def done(case: FigureCase, wanted: FigureAct, named: str) -> tuple[Reply, ...]:
    """Say what was done to a figure, with a way on, and a way back where it was decided."""
    # Translators: a button: show the next report to be looked at.
    row = [Button(phrase("Next case"), NEXT)]
    if case.state == "decided":
        # Translators: a button: take back a decision.
        row.append(Button(phrase("Undo"), f"undo/{case.version}"))
    keys = Buttons(STAMP, case.number, (tuple(row),))
    said = Block(_said(case, wanted, named))
    return Revise(SLOT, None), Send((said,), keys, slot=SLOT)


def _said(case: FigureCase, wanted: FigureAct, named: str) -> Phrase:
    match case.outcome:
        case "kept":
            # Translators: to a moderator who decided about a published number.
            return phrase("{figure}: it stands. Who doubted it is told.", figure=named)
        case "corrected":
            # Translators: to a moderator who decided about a published number.
            return phrase(
                "{figure}: corrected to {reports}. Who doubted it is told, and some hours later "
                "everybody who hears the results.",
                figure=named,
                reports=count_told(case.after),
            )
        case "withdrawn":
            # Translators: to a moderator who decided about a published number.
            return phrase(
                "{figure}: withdrawn. Who doubted it is told, and some hours later everybody who "
                "hears the results.",
                figure=named,
            )
    if wanted == "undo":
        # Translators: to a moderator who took back what they decided about a published number.
        return phrase("{figure}: open again.", figure=named)
    # Translators: to a moderator who leaves a published number to others.
    return phrase("{figure}: back in the queue.", figure=named)


def _blocks(view: FigureView) -> Iterator[Block]:
    case = view.case
    # Translators: to moderators: above a number that was published and that people doubt.
    yield Block(phrase("A published number is doubted."), "title")
    yield Block(verbatim("{figure}", figure=view.named), "item")
    # Translators: to moderators: what was published; {reports} is such as "12 reports".
    yield Block(phrase("Published: {reports}", reports=count_told(case.shown)), "item")
    if view.recount is not None:
        # Translators: to moderators: what counting again gives; {reports} is such as "12 reports".
        again = phrase("Counted again now: {reports}", reports=count_told(view.recount.count))
        yield Block(again, "item")
    for reason, count in view.reasons.items():
        people = phrase_of_many("{count} person", "{count} people", count)
        told = verbatim("⚑ {severity}: {reason} ({people})", reason=reason_named(reason),
                        severity=severity_named(severity_of((reason,))), people=people)  # fmt: skip
        yield Block(told, "item")
    # Translators: to moderators: by when something should be looked at.
    yield Block(phrase("To be looked at by {look_by}", look_by=view.look_by), "hint")


def _keys(view: FigureView) -> Buttons:
    case, recount = view.case, view.recount
    rows: list[tuple[Button, ...]] = []
    if view.may_decide:
        # Translators: a button: a published number is right and stays.
        keep = Button(phrase("It stands ✓"), f"keep/{case.version}")
        # Translators: a button: a published number is taken back.
        withdraw = Button(phrase("Withdraw ✗"), f"withdraw/{case.version}")
        rows.append((keep, withdraw))
        if recount is not None and recount.count != case.shown:
            # Translators: a button: a published number is replaced by what counting again gives.
            correct = phrase("Correct: {reports}", reports=count_told(recount.count))
            rows.append((Button(correct, f"correct/{case.version}"),))
    # Translators: a button: leave something to others, who find it in the queue again.
    rows.append((Button(phrase("Put back"), f"release/{case.version}"),))
    return Buttons(STAMP, case.number, tuple(rows))
