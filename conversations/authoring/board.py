"""/programme: the forms as they stand, with their figures; opened and closed by a tap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from conversations.authoring.desk import BOARD_STAMP, Desk
from conversations.authoring.exchange import (
    Asked,
    CloseForm,
    Count,
    CountForms,
    FormsCounted,
    OpenForm,
)
from conversations.authoring.offering import Offering
from conversations.authoring.uploads import NO_VERSION
from conversations.phrases import FormText, Phrase, phrase, phrase_of_many, verbatim
from conversations.programme import form_mark
from conversations.replies import Block, Button, Buttons, Revise, Send

SLOT: Final = "board"
FORMS_SHOWN_MAX: Final = 20

Step: TypeAlias = tuple[Desk, tuple[Asked, ...]]


def board(desk: Desk, offering: Offering, event: FormsCounted) -> Step:
    """Show the forms, in a new message or in the place of the board that stands."""
    stepped = replace(desk, board_step=desk.board_step + 1)
    blocks = tuple(_blocks(offering, event))
    keys = Buttons(BOARD_STAMP, stepped.board_step, tuple(_rows(offering)))
    if event.in_place:
        return stepped, (Revise(SLOT, blocks, keys),)
    away = (Revise(SLOT, None),) if desk.board_step else ()
    return stepped, (*away, Send(blocks, keys, slot=SLOT))


def _blocks(offering: Offering, event: FormsCounted) -> Iterator[Block]:
    # Translators: stands above a list of the programme's forms, for its coordinators.
    yield Block(phrase("The forms of this programme"), "title")
    for form_id in _shown(offering):
        yield Block(FormText(_title(offering, form_id)), "title")
        figures = _figures(event.counts.get(form_id, Count()))
        for line in (_standing(offering, form_id), *figures):
            yield Block(line, "item")
    # Translators: below the list of a programme's forms, for its coordinators.
    hint = phrase("To try or publish a form, send me its workbook (.xlsx).")
    yield Block(hint, "hint")


def _standing(offering: Offering, form_id: str) -> Phrase:
    version = offering.standing[form_id] or NO_VERSION
    if form_id in offering.closed:
        # Translators: in a list of forms: nobody new can begin this one.
        return phrase("Version {version}, closed", version=version)
    # Translators: in a list of forms: {version} is a form's version, such as 3.
    return phrase("Version {version}, open", version=version)


def _figures(count: Count) -> Iterator[Phrase]:
    # Translators: in a list of forms: how many reports were sent.
    reports = phrase_of_many("{count} report", "{count} reports", count.reports)
    if not count.under_way:
        yield reports
        return
    # Translators: in a list of forms: how many people are answering one just now.
    under_way = phrase_of_many("{count} under way", "{count} under way", count.under_way)
    yield verbatim("{reports}, {under_way}", reports=reports, under_way=under_way)
    if count.earlier:
        # Translators: in a list of forms, after the number under way.
        yield phrase_of_many(
            "{count} of these on an earlier version",
            "{count} of these on earlier versions",
            count.earlier,
        )


def _rows(offering: Offering) -> Iterator[tuple[Button, ...]]:
    for form_id in _shown(offering):
        title = _title(offering, form_id)
        if form_id in offering.closed:
            # Translators: a button; people can choose the form again.
            yield (Button(phrase("Open: {title}", title=title), f"o{form_mark(form_id)}"),)
        else:
            # Translators: a button; nobody new can choose the form any more.
            yield (Button(phrase("Close: {title}", title=title), f"c{form_mark(form_id)}"),)


def _shown(offering: Offering) -> list[str]:
    return list(offering.standing)[:FORMS_SHOWN_MAX]


def _title(offering: Offering, form_id: str) -> str:
    form = offering.form(form_id)
    return form.title if form else form_id


def switched(desk: Desk, offering: Offering, action: str) -> Step:
    """Open or close a form, and show the board as it then is."""
    form_id = next((known for known in _shown(offering) if form_mark(known) == action[1:]), None)
    again = CountForms(in_place=True)
    if form_id is None:
        return desk, (again,)
    return desk, (OpenForm(form_id) if action.startswith("o") else CloseForm(form_id), again)
