"""Values the form asks of the world rather than of a person.

Source: https://getodk.github.io/xforms-spec/#preload-attributes
"""

from __future__ import annotations

from datetime import datetime

from conversations.xform.form import Bind, Form
from conversations.xform.standing import Surroundings
from conversations.xform.tree import cell_of, nodes_of
from conversations.xform.xml import holdable
from conversations.xpath import Node


def load(form: Form, top: Node, surroundings: Surroundings) -> None:
    """Write all preloads that hold from the beginning, and the instance's id."""
    for bind in form.binds.values():
        value = _value(bind, surroundings)
        if value is not None:
            _put(form, top, bind.path, value)
    place = instance_id_path(form)
    own = nodes_of(top, form.plan.places[place].names)[0]
    if not own.text or place in form.binds:
        own.text = with_scheme(surroundings.instance_id)
        # An id may be calculated in old forms; that the host gave it keeps the calculation out.
        cell_of(own).given = True


def end(form: Form, top: Node, now: datetime) -> None:
    """Write the preloads that hold at the end."""
    for bind in form.binds.values():
        if bind.preload == "timestamp" and bind.preload_parameters == "end":
            _put(form, top, bind.path, stamp(now))


def instance_id_path(form: Form) -> str:
    """Return the path of the instance's id."""
    return f"{form.model.path}/meta/instanceID"


def with_scheme(instance_id: str) -> str:
    """Return an instance id as ODK writes it.

    >>> with_scheme("5b2e")
    'uuid:5b2e'
    """
    return instance_id if ":" in instance_id else f"uuid:{instance_id}"


def stamp(moment: datetime) -> str:
    """Write a moment as ODK does, with milliseconds and zone."""
    return moment.isoformat(timespec="milliseconds")


def _value(bind: Bind, surroundings: Surroundings) -> str | None:
    match bind.preload, bind.preload_parameters:
        case "timestamp", "start":
            return stamp(surroundings.started_at)
        case "date", "today":
            return surroundings.started_at.date().isoformat()
        case "uid", _:
            return with_scheme(surroundings.instance_id)
        case "property", name:
            return property_of(name, surroundings)
    return None


def property_of(name: str, surroundings: Surroundings) -> str | None:
    """Return what the host says of the device or the person; None for what it does not know."""
    known = {key.replace("-", "").lower(): text for key, text in surroundings.properties.items()}
    return known.get(name.rpartition(":")[2].replace("-", "").lower())


def _put(form: Form, top: Node, path: str, value: str) -> None:
    for node in nodes_of(top, form.plan.places[path].names):
        node.text = holdable(value)
