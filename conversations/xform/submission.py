"""Instance -> the XML that ODK would send, and back for editing.

Nodes that are not relevant are left out, and so are the patterns of repeats. Namespaces keep the
prefixes of the form. Source: https://getodk.github.io/xforms-spec/#metadata
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from conversations.xform.form import Form, Question
from conversations.xform.preloads import instance_id_path
from conversations.xform.standing import Submission
from conversations.xform.tree import below, cell_of, nodes_of
from conversations.xform.xml import OPENROSA
from conversations.xpath import Node


def write(form: Form, top: Node, deprecated_id: str = "") -> Submission:
    """Write the instance of a document node as it stands, or as a correction of an earlier one."""
    root = top.children[0]
    return Submission(
        instance_id=_value(form, top, instance_id_path(form)),
        name=_value(form, top, f"{form.model.path}/meta/instanceName"),
        xml=to_xml(form, root, deprecated_id),
        attachments=tuple(_attachments(form, root)),
    )


def to_xml(form: Form, root: Node, deprecated_id: str = "") -> str:
    """Write the XML of an instance's root element."""
    spaces = {prefix: uri for prefix, uri in form.namespaces.items() if uri in _used(root)}
    if OPENROSA in _used(root) and OPENROSA not in spaces.values():
        spaces["orx"] = OPENROSA
    declared: dict[str | None, str] = {}
    declared.update(spaces.items())
    if root.namespace and root.namespace not in spaces.values():
        declared[None] = root.namespace
    element = etree.Element(_tag(root), nsmap=declared)
    _fill(element, root)
    if deprecated_id:
        _deprecate(element, deprecated_id)
    return etree.tostring(element, encoding="unicode")


def _deprecate(root: etree._Element, deprecated_id: str) -> None:
    for own in root.iterfind("{*}meta/{*}instanceID"):
        meta = own.getparent()
        assert meta is not None  # noqa: S101 - it was found below one.
        for known in meta.findall("{*}deprecatedID"):
            meta.remove(known)
        added = etree.Element(str(own.tag).replace("instanceID", "deprecatedID"))
        added.text = deprecated_id
        own.addnext(added)


def _fill(element: etree._Element, node: Node) -> None:
    for attribute in node.attributes:
        if attribute.relevant:
            element.set(_tag(attribute), attribute.text)
    if not node.children:
        element.text = node.text or None
    for child in node.children:
        if child.relevant:
            _fill(etree.SubElement(element, _tag(child)), child)


def _tag(node: Node) -> str:
    return f"{{{node.namespace}}}{node.name}" if node.namespace else node.name


def _used(root: Node) -> frozenset[str]:
    return frozenset(node.namespace for node in below(root) if node.namespace)


def _attachments(form: Form, root: Node) -> Iterator[str]:
    seen = set()
    for node in _relevant(root):
        element = form.elements.get(cell_of(node).place.path)
        held = isinstance(element, Question) and element.holds_file(node.text)
        if held and node.text not in seen:
            seen.add(node.text)
            yield node.text


def _relevant(node: Node) -> Iterator[Node]:
    if node.relevant:
        yield node
        for child in node.children:
            yield from _relevant(child)


def _value(form: Form, top: Node, path: str) -> str:
    place = form.plan.places.get(path)
    found = [] if place is None else nodes_of(top, place.names)
    return found[0].text if found and found[0].relevant else ""
