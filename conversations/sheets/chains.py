"""Follow-ups over all forms of a programme: what one form alone cannot show.

Every form that is asked after a report is in the programme; what rows and forms ask of each other
(`${answer.name}`, `${parent.name}`) is there; forms whose follow-ups lead back to them end by a
count; a high-risk programme puts nothing to others that it has not allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from conversations.sheets.counts import Count
from conversations.sheets.followups import Deadline, FollowUp
from conversations.sheets.names import ANSWER, PARENT
from conversations.sheets.reader import Sheets
from conversations.sheets.validations import Lookup, Validation
from conversations.xform.form import Form
from conversations.xform.problems import FormProblem
from conversations.xform.unknowns import expressions_of, nearest
from conversations.xpath import Expression

GIVEN: Final = frozenset({"receipt", "submitted_on"})
"""What the host tells of a report beside its answers: its code, and the day it was sent."""
CHAIN_MAX: Final = 200
"""Forms that lead to one another in a row; a programme has fewer."""


def chain_problems(
    forms: Mapping[str, Form], sheets: Mapping[str, Sheets]
) -> Iterator[tuple[str, FormProblem]]:
    """Yield the id of a form, and what is wrong with its sheets among the others, both by id."""
    for form_id, own in sheets.items():
        for deadline in own.deadlines:
            at = own.rows.get(("followups", deadline.name))
            for what, mend in _of_deadline(deadline, own, forms):
                yield form_id, FormProblem(what, mend, "followups", at, deadline.name)
        for row in own.followups:
            at = own.rows.get(("followups", row.name))
            for what, mend in _of_row(row, forms):
                yield form_id, FormProblem(what, mend, "followups", at, row.name)
        for looked in own.validations:
            at = own.rows.get(("validations", looked.name))
            for what, mend in _of_lookup(looked.lookup, forms):
                yield form_id, FormProblem(what, mend, "validations", at, looked.name)
    yield from _parents(forms, sheets)
    yield from _circles(sheets)


def _of_row(row: FollowUp, forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    columns = (
        *(("until", row.until.day), ("until", row.until.condition)),
        *(("new_anchor", row.new_anchor), ("withdraw", row.withdraw)),
    )
    yield from _of_asked(row.form, columns, forms)


def _of_lookup(row: Lookup | None, forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    if row is not None:
        columns = (("confirms", row.confirms), ("refutes", row.refutes))
        yield from _of_asked(row.form, columns, forms)


def _of_asked(
    form_id: str, columns: Iterable[tuple[str, Expression | None]], forms: Mapping[str, Form]
) -> Iterator[tuple[str, str]]:
    """Look up a form that is asked after a report, and what columns read of its answers."""
    asked = forms.get(form_id)
    if asked is None:
        mend = nearest(
            form_id, forms, "Publish it first, or put its workbook into the folder forms."
        )
        yield f"The programme has no form {form_id}.", mend
        return
    for column, expression in columns:
        for name in _read(expression, ANSWER) - names_of(asked):
            mend = nearest(name, sorted(names_of(asked)), "Write the name of a question.")
            yield f"The {column} asks {form_id} for {name}, which it does not have.", mend


def _of_deadline(
    row: Deadline, own: Sheets, forms: Mapping[str, Form]
) -> Iterator[tuple[str, str]]:
    """Look up what ends a deadline in the forms that the same sheet asks."""
    known = {name for form_id in own.forms if form_id in forms for name in names_of(forms[form_id])}
    for name in _read(row.until, ANSWER) - known:
        mend = nearest(name, sorted(known), "Write the name of a question of a form asked here.")
        yield f"The until waits for {name}, which no form has that this sheet asks.", mend


def _read(expression: Expression | None, instance_id: str) -> set[str]:
    paths = () if expression is None else expression.paths
    return {path.names[1] for path in paths if path.instance_id == instance_id and path.names[1:]}


def names_of(form: Form) -> set[str]:
    """Return the names by which others may ask for the answers of a form."""
    return {place.names[-1] for place in form.plan.places.values()} | GIVEN


def _parents(
    forms: Mapping[str, Form], sheets: Mapping[str, Sheets]
) -> Iterator[tuple[str, FormProblem]]:
    """Look up what follow-up forms ask of the reports they belong to."""
    askers: dict[str, list[str]] = {}
    for form_id, own in sheets.items():
        for asked in own.forms:
            askers.setdefault(asked, []).append(form_id)
    for form_id, form in forms.items():
        for path, column, expression in expressions_of(form):
            for name in sorted(_read(expression, PARENT)):
                for what, mend in _of_parent(name, askers.get(form_id, ()), forms):
                    told = f"The {column} asks the report for {name}{what}"
                    yield form_id, FormProblem(told, mend, "survey", None, path)


def _of_parent(
    name: str, askers: list[str] | tuple[()], forms: Mapping[str, Form]
) -> Iterator[tuple[str, str]]:
    for asker in askers:
        known = names_of(forms[asker]) if asker in forms else {name}
        if name not in known:
            mend = nearest(name, sorted(known), "Write the name of a question.")
            yield f", which {asker} does not have.", mend


def _circles(sheets: Mapping[str, Sheets]) -> Iterator[tuple[str, FormProblem]]:
    """Refuse each circle of rows without a count, at the row that closes it."""
    done = set[str]()
    for form_id in sheets:
        for way, row in _closing(form_id, (), sheets, done):
            shown = " → ".join((*way, row.form))
            what = f"These follow-ups lead round in a circle and never end: {shown}."
            mend = "Write into until of one of them how often in all, such as 3 times."
            at = sheets[way[-1]].rows.get(("followups", row.name))
            yield way[-1], FormProblem(what, mend, "followups", at, row.name)


def _closing(
    form_id: str, before: tuple[str, ...], sheets: Mapping[str, Sheets], done: set[str]
) -> Iterator[tuple[tuple[str, ...], FollowUp]]:
    """Yield the rows that lead back to a form on the way, each with the circle's forms."""
    if form_id in done:
        return
    way = (*before, form_id)
    for row in sheets[form_id].followups:
        if row.until.times is not None or row.form not in sheets:
            continue
        if row.form in way:
            yield way[way.index(row.form) :], row
        elif len(way) < CHAIN_MAX:
            yield from _closing(row.form, way, sheets, done)
    done.add(form_id)


def safety_problems(sheets: Sheets) -> Iterator[FormProblem]:
    """Refuse what a high-risk programme would put to others without having allowed it."""
    rows: tuple[Validation | Count, ...] = (*sheets.validations, *sheets.counts)
    for row in rows:
        if not row.high_risk:
            what = "The programme is high-risk, and this would ask others about a report."
            mend = "Take the row out, or write yes into high_risk if the programme has decided so."
            at = sheets.rows.get(("validations", row.name))
            yield FormProblem(what, mend, "validations", at, row.name)
