"""XForm XML -> `Form`, or all its problems at once."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from lxml import etree

from conversations.xform.abilities import warn_of_limits
from conversations.xform.advice import advise
from conversations.xform.body import BodyReader, Head
from conversations.xform.dependencies import Planner, find_places
from conversations.xform.extras import read_extras
from conversations.xform.form import Bind, Element, Form, ModelNode, Question, Repeat, SetValue
from conversations.xform.gathering import Gathering
from conversations.xform.model import (
    absolute,
    read_binds,
    read_instances,
    read_model_node,
    read_set_value,
    read_texts,
    with_instance_id,
)
from conversations.xform.order import order_of
from conversations.xform.problems import FormError
from conversations.xform.xml import attributes, children, parse, text_of

NODES_MAX = 8_000
"""Nodes of the data of one form: four times the largest forms that are met."""

_CONVERT = "Convert the workbook again."


def read_form(xform: bytes | str, media: Mapping[str, bytes] | None = None) -> Form:
    """Read an XForm; `media` holds the files that travel with it, by name.

    Raises FormError with every problem found, and with advice about the rest of the form; what a
    chat cannot do stands in `Form.warnings`.
    Source: https://getodk.github.io/xforms-spec/
    """
    with _collector_waits():
        document = parse(xform)
        gathering = Gathering()
        model, body = _halves(document, gathering)
        root = _primary(model, gathering)
        form = _read(document, model, body, root, media or {}, gathering)
        warn_of_limits(form, model, gathering)
        if _has_errors(gathering):
            raise FormError([*gathering.problems, *advise(form, whole=False)])
    source = etree.tostring(document, encoding="unicode")
    return replace(form, warnings=tuple(gathering.problems), source=source)


@contextmanager
def _collector_waits() -> Iterator[None]:
    """Let the collector of cycles wait: what reading makes is kept, and walking it takes a fifth.

    A form is bounded by the size of its XML, so that what is put off is too.
    """
    runs = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if runs:
            gc.enable()


def _halves(
    document: etree._Element, gathering: Gathering
) -> tuple[etree._Element, etree._Element]:
    heads = [inner for head in children(document, "head") for inner in children(head, "model")]
    bodies = children(document, "body")
    if len(heads) != 1:
        gathering.refuse(f"An XForm has one model; this one has {len(heads)}.", _CONVERT)
    if len(bodies) != 1:
        gathering.refuse(f"An XForm has one body; this one has {len(bodies)}.", _CONVERT)
    _stop_at_problems(gathering)
    return heads[0], bodies[0]


def _primary(model: etree._Element, gathering: Gathering) -> ModelNode:
    instances = children(model, "instance")
    roots = children(instances[0]) if instances else []
    if len(roots) != 1:
        gathering.refuse("The model has no primary instance with one root.", _CONVERT)
        _stop_at_problems(gathering)
    nodes = sum(1 for _ in roots[0].iter())
    if nodes > NODES_MAX:
        what = f"The form has {nodes:,} nodes of data; at most {NODES_MAX:,} are read."
        gathering.refuse(what, "Part it into several forms.")
        _stop_at_problems(gathering)
    return with_instance_id(read_model_node(roots[0]))


def _read(  # noqa: PLR0913, PLR0917 - the parts of one document, read together.
    document: etree._Element,
    model: etree._Element,
    body: etree._Element,
    root: ModelNode,
    media: Mapping[str, bytes],
    gathering: Gathering,
) -> Form:
    binds = read_binds(model, root.path, gathering)
    texts, default = read_texts(model, gathering)
    instances, last_saved = read_instances(model, media, gathering)
    asked = BodyReader(_head(model, root, binds, instances), gathering).read(body)
    elements = {element.path: element for element in _all(asked.elements) if element.path}
    repeats = frozenset(path for path, one in elements.items() if isinstance(one, Repeat))
    places = find_places(root, repeats)
    binds = _known(binds, places.keys(), gathering)
    set_values = (*_model_actions(model, root, gathering), *asked.set_values)
    planner = Planner(places, binds, elements)
    plan = planner.plan()
    gathering.problems.extend(planner.problems)
    given = dict(root.attributes)
    return Form(
        form_id=given.get("id") or root.namespace or root.name,
        version=given.get("version", ""),
        title=_title(document) or given.get("id", ""),
        languages=tuple(texts),
        default_language=default,
        body=asked.elements,
        model=root,
        binds=binds,
        elements=elements,
        texts=texts,
        plan=plan,
        order=order_of(asked.elements),
        set_values=_known_targets(set_values, places.keys(), gathering),
        instances=instances,
        last_saved=last_saved,
        extras=read_extras(document),
        namespaces=_namespaces(document),
        reads_the_clock=gathering.reads_the_clock,
    )


def _head(
    model: etree._Element, root: ModelNode, binds: Mapping[str, Bind], lists: Iterable[str]
) -> Head:
    ids = {
        given["id"]: absolute(given.get("nodeset", ""), root.path)
        for given in map(attributes, children(model, "bind"))
        if "id" in given
    }
    paths = frozenset(find_places(root, frozenset()))
    return Head(root.path, binds, ids, paths, frozenset(lists))


def _all(elements: Iterable[Element]) -> Iterator[Element]:
    for element in elements:
        yield element
        if not isinstance(element, Question):
            yield from _all(element.children)


def _known(
    binds: Mapping[str, Bind], paths: Iterable[str], gathering: Gathering
) -> dict[str, Bind]:
    known = frozenset(paths)
    for path in binds:
        if path not in known:
            gathering.warn(f"A bind for {path} is passed over: the data has no such node.")
    return {path: bind for path, bind in binds.items() if path in known}


def _model_actions(
    model: etree._Element, root: ModelNode, gathering: Gathering
) -> tuple[SetValue, ...]:
    found = (
        read_set_value(element, root.path, "", gathering) for element in children(model, "setvalue")
    )
    return tuple(action for action in found if action is not None)


def _known_targets(
    set_values: Iterable[SetValue], paths: Iterable[str], gathering: Gathering
) -> tuple[SetValue, ...]:
    known = frozenset(paths)
    kept = []
    for action in set_values:
        if action.target in known:
            kept.append(action)
        else:
            gathering.warn(
                f"An action for {action.target} is passed over: the data has no such node."
            )
    return tuple(kept)


def _title(document: etree._Element) -> str:
    for head in children(document, "head"):
        for title in children(head, "title"):
            return text_of(title).strip()
    return ""


def _namespaces(document: etree._Element) -> dict[str, str]:
    return {str(prefix): str(uri) for prefix, uri in document.nsmap.items() if prefix}


def _has_errors(gathering: Gathering) -> bool:
    return any(problem.level == "error" for problem in gathering.problems)


def _stop_at_problems(gathering: Gathering) -> None:
    if _has_errors(gathering):
        raise FormError(gathering.problems)
