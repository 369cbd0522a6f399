"""A kept submission, opened again to be corrected.

What the XML leaves out was not relevant and is blank. The edit gets an id of its own; the id it
replaces goes into `deprecatedID`. Source: https://getodk.github.io/xforms-spec/#metadata
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conversations.xform.drafts import restore
from conversations.xform.form import Form
from conversations.xform.instance import Instance
from conversations.xform.preloads import instance_id_path
from conversations.xform.problems import FormError, FormProblem
from conversations.xform.standing import Draft, Surroundings
from conversations.xform.tree import Grower, cell_of, nodes_of
from conversations.xform.xml import parse, read_nodes
from conversations.xpath import Node, path_of, position_of


def read_submission(form: Form, xml: bytes | str, surroundings: Surroundings) -> Instance:
    """Open a submission of this form; `surroundings` carry the id the edit will have.

    Raises FormError where the XML is broken or belongs to another form.
    """
    kept = read_nodes(parse(xml, "The submission"))
    root = kept.children[0]
    if root.name != form.model.name or (root.attribute("id") or form.form_id) != form.form_id:
        what = f"The submission belongs to another form than {form.form_id}."
        raise FormError([FormProblem(what, "Open it with the form it was made with.")])
    old = nodes_of(kept, form.plan.places[instance_id_path(form)].names)
    known = replace(surroundings, deprecated_id=old[0].text if old else "")
    return Instance.resume(form, _draft(form, root), known)


def _draft(form: Form, root: Node) -> Draft:
    """Say all that the XML says, and that everything else is blank."""
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
    path = cell_of(own).place.path
    bind = form.binds.get(path)
    if own.children:
        for child in own.children:
            same = None if kept is None else kept.named.get(child.name)
            index = position_of(child) - 1
            found = same[index] if same and index < len(same) else None
            yield from _values(form, child, found)
    elif path != instance_id_path(form) and (bind is None or bind.calculate is None):
        yield path_of(own), "" if kept is None else kept.text


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
