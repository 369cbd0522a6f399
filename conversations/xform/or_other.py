"""What XLSForm's `or_other` adds: a last choice, and the question what else it is.

pyxform writes both in English in every language of the form. Whoever shows the form has words for
them in the person's language (`Surroundings.other`, `Surroundings.specify_other`).
"""

from __future__ import annotations

from conversations.xform.form import Element, Form, Plain, Question

NAME = "other"
LABEL = "Other"
_ASKS = Plain(("Specify other.",))


def asks_what_else(element: Element | None) -> bool:
    """Tell whether a question is the one that `or_other` puts after a select."""
    return isinstance(element, Question) and element.label == _ASKS


def adds_other(form: Form, question: Question) -> bool:
    """Tell whether the last choice of a select is the one that `or_other` puts there."""
    return asks_what_else(form.elements.get(f"{question.path}_{NAME}"))
