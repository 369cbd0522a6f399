"""A kept submission, opened again to be corrected.

What the XML leaves out was not relevant and has the form's own default, should it become relevant
again; preloads and dynamic defaults are those of the first time (JavaRosa: `populate` of
core/model/instance/TreeElement, `initialize` of core/model/FormDef). The edit gets an id of its
own; the id it replaces goes into `deprecatedID`.
Source: https://getodk.github.io/xforms-spec/#metadata
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from conversations.xform.drafts import restore
from conversations.xform.form import Form
from conversations.xform.instance import Instance
from conversations.xform.model import PARENT
from conversations.xform.preloads import instance_id_path
from conversations.xform.problems import FormError, FormProblem
from conversations.xform.standing import Draft, Surroundings
from conversations.xform.tree import Grower, cell_of, nodes_of
from conversations.xform.xml import parse, read_nodes
from conversations.xpath import Node, path_of, position_of


def read_submission(form: Form, xml: bytes | str, surroundings: Surroundings) -> Instance:
    """Open a submission of this form; `surroundings` carry the id the edit will have.

    What a follow-up kept of its report stands beside it again, unless the surroundings bring it.
    Raises FormError where the XML is broken or belongs to another form.
    """
    kept = read_nodes(parse(xml, "The submission"))
    root = kept.children[0]
    if root.name != form.model.name or (root.attribute("id") or form.form_id) != form.form_id:
        what = f"The submission belongs to another form than {form.form_id}."
        raise FormError([FormProblem(what, "Open it with the form it was made with.")])
    old = nodes_of(kept, form.plan.places[instance_id_path(form)].names)
    beside = {PARENT: _of_parent(root), **surroundings.beside}
    known = replace(surroundings, deprecated_id=old[0].text if old else "", beside=beside)
    instance = Instance.resume(form, _draft(form, root), known)
    instance.opened_again()
    return instance


def _of_parent(root: Node) -> Mapping[str, str]:
    """Return what a follow-up kept of the report it belongs to: `parent.due_date` and the like."""
    prefix = f"{PARENT}."
    leaves = (node for node in root.descendants() if node.name.startswith(prefix))
    return {node.name.removeprefix(prefix): node.text for node in leaves}


def _draft(form: Form, root: Node) -> Draft:
    """Say all that the XML says, and that what the world gave at first is not given anew."""
    counts = tuple(_counts(form, root))
    grower = Grower(form)
    room = grower.whole()
    restore(counts, room, grower)
    return (*counts, *_values(form, room.children[0], root))


def _counts(form: Form, node: Node) -> Iterator[tuple[str, str]]:
    for place in form.plan.places.values():
        base = "/" + "/".join(place.names[:-1])
        if place.repeat and base == _path(node):
            number = len(node.named.get(place.names[-1], ()))
            yield f"{_reference(form, node)}/{place.names[-1]}", str(number)
    for child in node.children:
        yield from _counts(form, child)


def _values(form: Form, own: Node, kept: Node | None) -> Iterator[tuple[str, str]]:
    for attribute in own.attributes:
        same = None if kept is None else kept.attribute(attribute.name)
        if same not in {None, attribute.text} and _is_given(form, attribute, same):
            yield path_of(attribute), same
    for child in own.children:
        alike = () if kept is None else kept.named.get(child.name, ())
        index = position_of(child) - 1
        yield from _values(form, child, alike[index] if index < len(alike) else None)
    text = "" if kept is None else kept.text
    told = kept is not None or _is_preloaded(form, own)
    if told and not own.children and _is_given(form, own, text):
        yield path_of(own), text


def _is_given(form: Form, node: Node, text: str) -> bool:
    """Tell whether a value is somebody's, and not worked out again; `once()` keeps its first."""
    path = cell_of(node).place.path
    bind = form.binds.get(path)
    calculate = None if bind is None else bind.calculate
    keeps = calculate is None or (bool(text) and "once" in calculate.functions)
    return keeps and path != instance_id_path(form)


def _is_preloaded(form: Form, node: Node) -> bool:
    bind = form.binds.get(cell_of(node).place.path)
    return bind is not None and bool(bind.preload)


def _path(node: Node) -> str:
    names = []
    current: Node | None = node
    while current is not None and current.parent is not None:
        names.append(current.name)
        current = current.parent
    return "/" + "/".join(reversed(names))


def _reference(form: Form, node: Node) -> str:
    if node.parent is None:
        return ""
    place = form.plan.places.get(_path(node))
    position = f"[{position_of(node)}]" if place is not None and place.repeat else ""
    return f"{_reference(form, node.parent)}/{node.name}{position}"
