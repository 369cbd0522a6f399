"""Which place somebody knows, learnt from a report of theirs where they never said it themselves.

The programme names the question (`place_question`) whose answer is a place that its reporter knows;
of a location in a report only its cell of 11 km is kept. What a person said by /place stands, also
that their place be forgotten. A high-risk programme learns nothing.
"""

from __future__ import annotations

from bot.kept import Kept
from bot.placenames import ELSEWHERE
from conversations.xform.form import Form, Question
from conversations.xform.instance import Instance
from conversations.xform.offered import names_offered
from storage import reach
from storage.reach import cell_of


async def learn(kept: Kept, place: tuple[float, float] | None) -> None:
    """Learn from a report that was kept; `place` is the first location it gives."""
    terms = kept.programme.validation
    if kept.programme.is_high_risk or not terms.asks:
        return
    area = _said(kept.instance, terms.place_question) if terms.place_question else ""
    cell = cell_of(*place) if place is not None else ""
    if area or cell:
        await reach.learn_place(kept.unit, kept.reporter, area, cell)


def _said(instance: Instance, name: str) -> str:
    """Return the place that a report names; blank where it names none that the form knows."""
    path = path_of(instance.form, name)
    if not path:
        return ""
    try:
        state = instance.state(path)
    except KeyError:  # It stands in a repeat: which one is meant, nobody says.
        return ""
    known = names_offered(instance.form, path) or ()
    said = state.value.strip() if state.relevant else ""
    return said if said in known and said != ELSEWHERE else ""


def path_of(form: Form, name: str) -> str:
    """Return where a form asks for the place; blank where it does not."""
    found = (
        path
        for path, element in form.elements.items()
        if isinstance(element, Question) and element.name == name
    )
    return next(found, "")
