"""The head of an XForm: its instances, binds, texts and actions.

Names of nodes are local names everywhere: `/data/orx:meta` and `/data/meta` are the same path.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from conversations.xform.form import Bind, ModelNode, SetValue, TextForms
from conversations.xform.gathering import Gathering
from conversations.xform.problems import FormError
from conversations.xform.sources import blank, read_source
from conversations.xform.xml import (
    JAVAROSA,
    OPENROSA,
    attributes,
    children,
    local,
    namespace,
    read_nodes,
    text_of,
)
from conversations.xpath import Node

PARENT = "parent"
BESIDE = frozenset({PARENT, "answer"})
"""Instances that come with the report that a follow-up belongs to, not with the form."""
_TEMPLATE = f"{{{JAVAROSA}}}template"
_EVENTS = frozenset(
    {
        "odk-instance-first-load",
        "odk-instance-load",
        "odk-new-repeat",
        "xforms-ready",
        "xforms-value-changed",
    }
)


def absolute(reference: str, base: str) -> str:
    """Return the absolute path of a reference written at `base`, in local names.

    >>> absolute(" ../orx:meta/name ", "/data/group")
    '/data/meta/name'
    """
    text = reference.strip()
    names = [] if text.startswith("/") else base.split("/")[1:]
    for step in text.split("/"):
        if step == "..":
            del names[-1:]
        elif step not in ("", "."):
            mark = "@" if step.startswith("@") else ""
            names.append(mark + step.removeprefix("@").rpartition(":")[2])
    return "/" + "/".join(names)


def read_model_node(element: etree._Element, base: str = "") -> ModelNode:
    """Read a node of the primary instance and all below it."""
    path = f"{base}/{local(element)}"
    inner = tuple(read_model_node(child, path) for child in children(element))
    return ModelNode(
        path=path,
        name=local(element),
        namespace=namespace(element),
        attributes=tuple(item for item in element.items() if item[0] != _TEMPLATE),
        text="" if inner else text_of(element).strip(),
        children=inner,
        template=element.get(_TEMPLATE) is not None,
    )


def with_instance_id(root: ModelNode) -> ModelNode:
    """Return the instance with a place for its id, which every submission needs."""
    meta = next((child for child in root.children if child.name == "meta"), None)
    if meta is None:
        path = f"{root.path}/meta"
        child = ModelNode(f"{path}/instanceID", "instanceID", OPENROSA)
        added = ModelNode(path, "meta", OPENROSA, children=(child,))
        return _with_children(root, (*root.children, added))
    if any(child.name == "instanceID" for child in meta.children):
        return root
    child = ModelNode(f"{meta.path}/instanceID", "instanceID", meta.namespace)
    whole = _with_children(meta, (*meta.children, child))
    return _with_children(root, tuple(whole if one is meta else one for one in root.children))


def _with_children(node: ModelNode, inner: tuple[ModelNode, ...]) -> ModelNode:
    return ModelNode(
        node.path, node.name, node.namespace, node.attributes, node.text, inner, node.template
    )


def read_binds(model: etree._Element, root: str, gathering: Gathering) -> dict[str, Bind]:
    """Read the binds by path; the later of two for one path wins, as in ODK."""
    binds = {}
    for element in children(model, "bind"):
        given = attributes(element)
        path = absolute(given.get("nodeset") or given.get("ref") or "", root)
        binds[path] = _read_bind(path, given, gathering)
    return binds


def _read_bind(path: str, given: Mapping[str, str], gathering: Gathering) -> Bind:
    name = path.rpartition("/")[2]
    return Bind(
        path=path,
        type=(given.get("type") or "string").rpartition(":")[2],
        relevant=gathering.compile(given.get("relevant"), "relevant", name),
        required=gathering.compile(given.get("required"), "required", name),
        readonly=gathering.compile(given.get("readonly"), "read_only", name),
        constraint=gathering.compile(given.get("constraint"), "constraint", name),
        calculate=gathering.compile(given.get("calculate"), "calculation", name),
        constraint_message=gathering.message(given.get("constraintMsg"), name),
        required_message=gathering.message(given.get("requiredMsg"), name),
        preload=given.get("preload", ""),
        preload_parameters=given.get("preloadParams", ""),
        save_incomplete=given.get("saveIncomplete", "").startswith("true"),
        saveto=given.get("saveto", ""),
    )


def read_texts(
    model: etree._Element, gathering: Gathering
) -> tuple[dict[str, dict[str, TextForms]], str]:
    """Read the translations: language -> id -> forms, and the name of the default language."""
    texts: dict[str, dict[str, TextForms]] = {}
    default = ""
    for translation in (t for itext in children(model, "itext") for t in children(itext)):
        given = attributes(translation)
        language = given.get("lang", "")
        if "default" in given and given["default"] not in ("false()", "false"):
            default = language
        texts[language] = {
            attributes(text).get("id", ""): _read_forms(text, gathering)
            for text in children(translation, "text")
        }
    return texts, default or next(iter(texts), "")


def _read_forms(text: etree._Element, gathering: Gathering) -> TextForms:
    name = attributes(text).get("id", "").partition(":")[0].rpartition("/")[2] or None
    return {
        attributes(value).get("form", "long"): gathering.pieces(value, name)
        for value in children(text, "value")
    }


def read_instances(
    model: etree._Element, media: Mapping[str, bytes], gathering: Gathering
) -> tuple[dict[str, Node], frozenset[str]]:
    """Read the secondary instances by id, and the ids under which the last submission is read."""
    instances: dict[str, Node] = {}
    last_saved = set()
    for element in children(model, "instance")[1:]:
        given = attributes(element)
        instance_id, source = given.get("id", ""), given.get("src", "")
        if source.strip() == "jr://instance/last-saved":
            last_saved.add(instance_id)
        elif instance_id not in instances:
            instances[instance_id] = _read_instance(element, source, media, gathering)
    return instances, frozenset(last_saved)


def _read_instance(
    element: etree._Element, source: str, media: Mapping[str, bytes], gathering: Gathering
) -> Node:
    given, inner = attributes(element), children(element)
    if inner:
        return read_nodes(inner[0])
    if not source:
        return blank()
    try:
        found = read_source(source, media)
    except FormError as error:
        gathering.problems.extend(error.problems)
        return blank()
    if found is None and given.get("id") in BESIDE:
        return blank()
    if found is None:
        name = source.rpartition("/")[2]
        gathering.warn(
            f"The file {name} is missing, so its choices and values are blank.",
            f"Put {name} into the media folder beside the form.",
            name,
        )
    return blank() if found is None else found


def read_set_value(
    element: etree._Element, base: str, source: str, gathering: Gathering
) -> SetValue | None:
    """Read a `setvalue`; `base` is where its relative path begins, `source` whose event it is."""
    given = attributes(element)
    reference = given.get("ref") or given.get("bind")
    events = frozenset(given.get("event", "").split()) & _EVENTS
    if not reference or not events:
        gathering.warn(f"An action for “{given.get('event', '')}” is passed over.")
        return None
    path = absolute(reference, base)
    name = path.rpartition("/")[2]
    return SetValue(
        events=events,
        target=path,
        value=gathering.compile(given.get("value"), "calculation", name),
        text=text_of(element),
        source=source,
    )
