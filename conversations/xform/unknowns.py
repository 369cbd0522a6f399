"""Names in a form's expressions that stand for nothing: questions, lists, columns of lists.

Such a name reads as blank, as ODK has it, so that the form loads; its author is told the nearest
name there is. (An unknown function refuses the form: `conversations.xpath` names the nearest.)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from conversations.xform.dependencies import resolve
from conversations.xform.form import Form, Itemset, Question, Repeat
from conversations.xform.problems import FormProblem
from conversations.xpath import Expression, Node, Path

KNOWN_LENGTH_MAX = 2_000
"""Names among which the nearest is looked for."""
_YES_OR_NO = ("required", "read_only")


def expressions_of(form: Form) -> Iterator[tuple[str, str, Expression]]:
    """Yield the path, the column of the workbook and the expression of all that is worked out."""
    for path, bind in form.binds.items():
        columns = {
            "relevant": bind.relevant,
            "required": bind.required,
            "read_only": bind.readonly,
            "constraint": bind.constraint,
            "calculation": bind.calculate,
        }
        yield from ((path, name, one) for name, one in columns.items() if one is not None)
    for path, element in form.elements.items():
        if isinstance(element, Repeat) and element.count is not None:
            yield path, "repeat_count", element.count
        if isinstance(element, Question) and isinstance(element.choices, Itemset):
            yield path, "choice_filter", element.choices.nodes
    for action in form.set_values:
        if action.value is not None:
            yield action.target, "calculation", action.value


def unknown_names(form: Form) -> Iterator[FormProblem]:
    """Yield a warning for each name that stands for nothing, once for a question and a name."""
    told = set()
    for path, column, expression in expressions_of(form):
        for location in expression.paths:
            what, mend, name = _of_instance(form, location) or _of_form(form, location, path)
            if what and column in _YES_OR_NO and expression.text.strip() == name.rpartition("/")[2]:
                mend = "Write yes or no, or a condition."
            if what and (path, name) not in told:
                told.add((path, name))
                yield FormProblem(
                    f"{column} speaks of {what}.", mend, "survey", None, path, "warning"
                )


_NOTHING = ("", "", "")


def _of_form(form: Form, location: Path, path: str) -> tuple[str, str, str]:
    if location.start == "instance" or any("*" in name for name in location.names):
        return _NOTHING
    place = form.plan.places.get(path)
    if place is None:
        return _NOTHING  # A repeat without a node, of a form that is refused for it.
    names, _ = resolve(location, place.names)
    wanted = "/" + "/".join(names)
    if not names or wanted in form.plan.places:
        return _NOTHING
    known = [place.names[-1] for place in form.plan.places.values()]
    bare = location.start == "context" and len(location.names) == 1 and not location.parents
    if bare and names[-1] in known:
        return f"{names[-1]} as if it were a text", f"Write ${{{names[-1]}}}.", wanted
    otherwise = "Put a text in quotes." if bare else "Write the name of a question."
    what = f"{names[-1] if bare else wanted}, which the form does not have"
    return what, nearest(names[-1], known, otherwise), wanted


def _of_instance(form: Form, location: Path) -> tuple[str, str, str] | None:
    name = location.instance_id
    if location.start != "instance" or not name or name in form.last_saved:
        return None
    if name not in form.instances:
        mend = nearest(name, list(form.instances), "Write the name of a choice list or file.")
        return f"a list '{name}', which the form does not have", mend, name
    return _of_column(form.instances[name], location) or _NOTHING


def _of_column(instance: Node, location: Path) -> tuple[str, str, str] | None:
    match location.names:
        case ("root", "item", column) if "*" not in column and not column.startswith("@"):
            items = [item for root in instance.children for item in root.named.get("item", ())]
            columns = dict.fromkeys(cell.name for item in items for cell in item.children)
            if not items or column in columns:
                return None
            what = f"a column '{column}', which the list '{location.instance_id}' does not have"
            mend = nearest(column, list(columns), "Write the name of a column.")
            return what, mend, column
        case _:
            return None


def nearest(word: str, known: Iterable[str], otherwise: str) -> str:
    """Say which known name was perhaps meant."""
    names: Sequence[str] = list(dict.fromkeys(known))[:KNOWN_LENGTH_MAX]
    near = difflib.get_close_matches(word[:60], names, n=1)
    return f"Did you mean '{near[0]}'?" if near else otherwise
