"""What people say of a published figure: that something is wrong with it, and what.

Below the results of a month stands one quiet button. It asks which figure is meant (where there are
several) and what is wrong with it; one tap says so. Whoever said so is told what came of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from conversations.campaigning import message as messages
from conversations.campaigning.board import form_title
from conversations.campaigning.message import WRONG, Message
from conversations.campaigning.results import figure_named
from conversations.events import ButtonTapped, Event
from conversations.phrases import Locale, Phrase, phrase, verbatim
from conversations.programme import Programme, form_mark
from conversations.replies import Acknowledge, Block, Button, Buttons, Reply, Revise, Send
from conversations.reviewing.figure_words import WITHDRAWN, count_told, reason_named
from conversations.reviewing.published import REASONS, Count, Figure, FigureCase, Reason

STAMP: Final = "@doubt"
"""Stamps the buttons of the question what is wrong; the step is the campaign's number."""

SLOT: Final = "doubt"
NOTHING: Final = "no"
LABEL_MAX: Final = 30


@dataclass(frozen=True, slots=True)
class Meant:
    """What a tap means: a figure of a message, once it is known which, and what is wrong."""

    area: str
    form_id: str = ""
    reason: Reason | None = None


def is_doubt(event: Event) -> bool:
    """Tell whether an event is about a figure that somebody doubts."""
    if not isinstance(event, ButtonTapped):
        return False
    under = event.session_key == messages.STAMP and event.action.startswith(WRONG)
    return under or event.session_key == STAMP


def meant_by(tap: ButtonTapped, message: Message) -> Meant | None:
    """Say what a tap means; None for nothing that the message tells.

    Where the message tells one figure only, nobody is asked which is meant.
    """
    form, area, reason = "", tap.action.removeprefix(WRONG), ""
    if tap.session_key == STAMP:
        form, area, reason = (*tap.action.split("/"), "", "")[:3]
    code = next((one for one in message.figures if form_mark(one) == area), None)
    if code is None:
        return None
    told = _told(message, code)
    found = next((one for one in told if form_mark(one) == form), "")
    if not form:
        found = told[0] if len(told) == 1 else ""
    elif not found:
        return None
    said = next((one for one in REASONS if one == reason), None)
    return Meant(code, found, said) if told else None


def ask(
    programme: Programme, number: int, message: Message, meant: Meant, locale: Locale
) -> tuple[Reply, ...]:
    """Ask which figure is meant, or what is wrong with it."""
    if not meant.form_id:
        # Translators: the person says that something is wrong; below stand buttons with numbers.
        which = Block(phrase("Which number do you mean?"), "question")
        rows = tuple((one,) for one in _figures(programme, message, meant.area, locale))
        keys = Buttons(STAMP, number, (*rows, (_nothing(),)))
        return (Send((which,), keys, slot=SLOT),)
    figure = Figure(message.period, meant.form_id, meant.area)
    named = Block(
        _of(programme, figure, message.figures[meant.area][meant.form_id], locale), "item"
    )
    # Translators: the person says that a published number is wrong; below stand reasons.
    what = Block(phrase("What is wrong with it?"), "question")
    mark = f"{form_mark(meant.form_id)}/{form_mark(meant.area)}"
    rows = tuple((Button(reason_named(one), f"{mark}/{one}"),) for one in REASONS)
    keys = Buttons(STAMP, number, (*rows, (_nothing(),)))
    return (Send((named, what), keys, slot=SLOT),)


def thanks() -> Revise:
    """Thank whoever said that something is wrong, and say what comes next."""
    # Translators: the person said that a published number is wrong.
    told = phrase("Thank you. Moderators look at it, and I tell you what came of it.")
    return Revise(SLOT, (Block(told),))


def said_before() -> Phrase:
    """Say that somebody has said so already."""
    # Translators: the person says once more that the same published number is wrong.
    return phrase("You have told us already. You hear what came of it.")


def left() -> Revise:
    """Take it that nothing is wrong."""
    # Translators: the person tapped that nothing is wrong with a published number after all.
    return Revise(SLOT, (Block(phrase("All right. Nothing was noted.")),))


def gone() -> Acknowledge:
    """Say that a figure is not to be doubted any more."""
    # Translators: shown for a moment after a tap below an old message with published numbers.
    return Acknowledge(phrase("These numbers are not looked at any more."), alert=True)


def too_many() -> Acknowledge:
    """Say that somebody has said so of too many figures today."""
    # Translators: the person said of very many published numbers that they are wrong.
    return Acknowledge(phrase("That is enough for today. Thank you."), alert=True)


def settled(programme: Programme, case: FigureCase, locale: Locale) -> Block:
    """Tell whoever doubted a figure what came of it."""
    named = figure_named(programme, case.figure, locale)
    match case.outcome:
        case "corrected":
            # Translators: to somebody who said that a published number is wrong; {figure} names
            # it, {before} and {after} are such as "12 reports".
            told = phrase(
                "You said that something is wrong here: {figure}. It was counted again: "
                "{after}, before: {before}. Thank you.",
                figure=named,
                before=count_told(case.shown),
                after=count_told(case.after),
            )
        case "withdrawn":
            # Translators: to somebody who said that a published number is wrong.
            told = phrase(
                "You said that something is wrong here: {figure}. The number was withdrawn. "
                "Thank you.",
                figure=named,
            )
        case _:
            # Translators: to somebody who said that a published number is wrong.
            told = phrase(
                "You said that something is wrong here: {figure}. It was looked at, and the "
                "number stands. Thank you for looking closely.",
                figure=named,
            )
    return Block(told)


def _told(message: Message, area: str) -> list[str]:
    """List the figures that a message tells of an area and that still stand, by their form."""
    figures = message.figures.get(area, {})
    return [form_id for form_id, count in figures.items() if count != WITHDRAWN]


def _figures(programme: Programme, message: Message, area: str, locale: Locale) -> Iterator[Button]:
    for form_id in _told(message, area):
        told = locale.say(_line(programme, form_id, message.figures[area][form_id]))
        label = told if len(told) <= LABEL_MAX else told[: LABEL_MAX - 1].rstrip() + "…"
        action = f"{form_mark(form_id)}/{form_mark(area)}"
        yield Button(verbatim("{label}", label=label), action)


def _line(programme: Programme, form_id: str, count: Count) -> Phrase:
    title = form_title(programme, form_id)
    return verbatim("{form}: {reports}", form=title, reports=count_told(count))


def _of(programme: Programme, figure: Figure, count: Count, locale: Locale) -> Phrase:
    named = figure_named(programme, figure, locale)
    return verbatim("{figure}: {reports}", figure=named, reports=count_told(count))


def _nothing() -> Button:
    # Translators: a button: the person does not want to say that a number is wrong, after all.
    return Button(phrase("Nothing is wrong"), NOTHING)
