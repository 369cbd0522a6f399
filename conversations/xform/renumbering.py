"""A form under another version: for authors who do not number their workbooks themselves."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from conversations.xform.form import Form, ModelNode
from conversations.xform.xml import children, parse


def with_version(form: Form, version: str) -> Form:
    """Return the form under another version, in its source too."""
    document = parse(form.source)
    (model,) = children(children(document, "head")[0], "model")
    root = children(children(model, "instance")[0])[0]
    root.set("version", version)
    source = etree.tostring(document, encoding="unicode")
    return replace(form, version=version, source=source, model=_numbered(form.model, version))


def _numbered(root: ModelNode, version: str) -> ModelNode:
    others = tuple((name, value) for name, value in root.attributes if name != "version")
    return replace(root, attributes=(*others, ("version", version)))
