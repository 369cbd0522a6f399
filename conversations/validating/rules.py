"""A row of the sheet `validations` over a report: its rule, its choices, its audience.

What says that the report is right: `yes`, where that is among the classes; else the answer of the
report that the question quotes, where it is one; else the first choice of the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from conversations.areas import Area, area_at, place_of
from conversations.audiences import Place
from conversations.phrases import FormText, Speech, phrase
from conversations.sheets.validations import (
    STOP_DEFAULT,
    AtPlace,
    HaveRole,
    InArea,
    SpeakIt,
    Validation,
    Within,
    usual_choices,
)
from conversations.validating.terms import Terms
from conversations.verdicts.answers import DEFAULT_CHOICES, choices_of
from conversations.verdicts.rule import LEAST_OF_TWO, Rule
from conversations.xform.form import Form, Itemset, Question
from conversations.xform.instance import Instance
from conversations.xform.offered import names_offered

YES = "yes"


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom a row speaks to, over a report; blank or None where it does not say.

    `fails` is set where the row wants a place that the report does not give: nobody is asked then.
    """

    area: str = ""
    km: float | None = None
    place: Place | None = None
    role: str = ""
    speaks: bool = False
    fails: bool = False


def rule_of(row: Validation, form: Form, confirming: str, terms: Terms) -> Rule:
    """Return the rule by which a row's answers are weighed.

    The sheet's usual certainty is that of two classes; more classes need more (`verdicts.rule`).
    """
    choices = choices_of(_names(row, form)) if row.choices else DEFAULT_CHOICES
    least = max(LEAST_OF_TWO, row.least)
    return Rule(
        choices,
        confirming,
        least,
        max(least, row.most),
        None if row.stop == STOP_DEFAULT else row.stop,
        row.control_share,
        terms.probation,
    )


def confirming_of(row: Validation, instance: Instance) -> str:
    """Return the class that says the report is right."""
    if not row.choices:
        return YES
    names = [one.says for one in choices_of(_names(row, instance.form)) if one.says]
    if YES in names:
        return YES
    said = (instance.worked_out(one.expression).strip() for one in row.question.quoted)
    return next((value for value in said if value in names), names[0] if names else "")


def buttons_of(row: Validation, instance: Instance) -> tuple[tuple[str, Speech], ...]:
    """Return what may be answered, with its words in the language the instance speaks."""
    if row.lookup is not None:
        return _of_record()
    if not row.choices:
        return tuple((one.name, _usual(one.label)) for one in usual_choices())
    path = _asked_by(row.choices, instance.form)
    choices = instance.state(path).choices if path else None
    labels = dict(zip(choices.names(), choices.labels(), strict=True)) if choices else {}
    return tuple((name, FormText(labels.get(name, name))) for name in _names(row, instance.form))


def _of_record() -> tuple[tuple[str, Speech], ...]:
    return (
        # Translators: to moderators; a register of a clinic, say, was looked up.
        (YES, phrase("The record bears it out")),
        # Translators: to moderators; a register of a clinic, say, was looked up.
        ("no", phrase("The record says otherwise")),
        # Translators: to moderators; a register of a clinic, say, was looked up.
        ("dk", phrase("The record says nothing of it")),
    )


def reached(row: Validation, instance: Instance, areas: Mapping[str, Area]) -> Reached:
    """Return whom a row speaks to about this report."""
    found = Reached()
    for one in row.audience:
        match one:
            case InArea():
                place = first_place(instance)
                area = area_at(areas, place) if place else ""
                found = replace(found, area=area, fails=found.fails or not area)
            case AtPlace(path):
                area = instance.state(path).value.strip()
                found = replace(found, area=area, fails=found.fails or not area)
            case Within(km, path):
                near = place_of(instance.state(path).value)
                rounded = (round(near[0], 2), round(near[1], 2)) if near else None
                found = replace(found, km=km, place=rounded, fails=found.fails or near is None)
            case SpeakIt():
                found = replace(found, speaks=True)
            case HaveRole(role):
                found = replace(found, role=role)
    return found


def _usual(label: Speech | Mapping[str, str]) -> Speech:
    assert not isinstance(label, Mapping)  # noqa: S101 - the usual choices are phrases.
    return label


def _names(row: Validation, form: Form) -> tuple[str, ...]:
    path = _asked_by(row.choices, form)
    return (names_offered(form, path) or ()) if path else ()


def _asked_by(list_name: str, form: Form) -> str:
    """Return the path of a question that uses a list, or is called like it; blank for none."""
    for path, element in form.elements.items():
        if isinstance(element, Question) and names_offered(form, path):
            of_list = isinstance(element.choices, Itemset) and (
                list_name in element.choices.nodes.instances
            )
            if of_list or element.name == list_name:
                return path
    return ""


def first_place(instance: Instance) -> Place | None:
    """Return the first place that a report gives."""
    for path, element in instance.form.elements.items():
        if isinstance(element, Question) and element.kind == "geopoint":
            try:
                state = instance.state(path)
            except KeyError:  # It stands in a repeat: which one is meant, nobody says.
                continue
            place = place_of(state.value) if state.relevant else None
            if place:
                return place
    return None
