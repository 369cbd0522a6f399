"""The body of an XForm: questions, groups and repeats."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from conversations.xform.form import (
    Bind,
    Control,
    Element,
    FixedChoice,
    Group,
    Itemset,
    Kind,
    Question,
    Repeat,
    SetValue,
    Wording,
)
from conversations.xform.gathering import Gathering
from conversations.xform.model import absolute, read_set_value
from conversations.xform.xml import attributes, children, grouped, local, parse, text_of

_CONTROLS: Final[Mapping[str, Control]] = {
    "input": "input",
    "secret": "secret",
    "select1": "select1",
    "select": "select",
    "upload": "upload",
    "audio": "upload",
    "trigger": "trigger",
    "range": "range",
    "rank": "rank",
}
_BY_CONTROL: Final[Mapping[Control, Kind]] = {
    "select1": "select_one",
    "select": "select_multiple",
    "trigger": "acknowledge",
    "range": "range",
    "rank": "rank",
}
_BY_TYPE: Final[Mapping[str, Kind]] = {
    "int": "integer",
    "integer": "integer",
    "long": "integer",
    "decimal": "decimal",
    "double": "decimal",
    "float": "decimal",
    "date": "date",
    "time": "time",
    "dateTime": "dateTime",
    "boolean": "boolean",
    "geopoint": "geopoint",
    "geotrace": "geotrace",
    "geoshape": "geoshape",
    "barcode": "barcode",
}
_LIST: Final = re.compile(r"\s*instance\(\s*['\"]([^'\"]*)['\"]\s*\)")
_QUERY_SHOWN_MAX: Final = 80
_SELECTS: Final = frozenset({"select", "select1", "rank"})
_NO_APPEARANCE: Final[frozenset[str]] = frozenset()
_PLAIN_ATTRIBUTES: Final = frozenset({"ref", "bind", "appearance", "mediatype", "rows", "query"})


@dataclass
class Body:
    """What the body holds: its elements, and the actions nested in them."""

    elements: tuple[Element, ...] = ()
    set_values: list[SetValue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Head:
    """What the body refers to: binds by path, paths by a bind's id, all paths and all lists."""

    root: str
    binds: Mapping[str, Bind]
    ids: Mapping[str, str]
    places: frozenset[str]
    lists: frozenset[str]


class BodyReader:
    """Read the body of one form; problems go to the gathering."""

    def __init__(self, head: Head, gathering: Gathering) -> None:
        """Know the head of the form, and where problems go."""
        self._root, self._binds, self._ids = head.root, head.binds, head.ids
        self._places, self._lists, self._gathering = head.places, head.lists, gathering
        self._set_values: list[SetValue] = []

    def read(self, body: etree._Element) -> Body:
        """Read all elements of the body."""
        return Body(self._elements(body, self._root), self._set_values)

    def _elements(self, parent: etree._Element, base: str) -> tuple[Element, ...]:
        found = (self._element(element, base) for element in children(parent))
        return tuple(element for element in found if element is not None)

    def _element(self, element: etree._Element, base: str) -> Element | None:
        match local(element):
            case "group":
                return self._group(element, base)
            case "repeat":
                return self._repeat(element, base)
            case "label" | "hint":
                return None
            case "setvalue":
                self._action(element, base, base)
                return None
            case name if name in _CONTROLS:
                return self._question(element, _CONTROLS[name], base)
            case name:
                self._gathering.warn(f"An element “{name}” of the form is passed over.")
                return None

    def _path(self, given: Mapping[str, str], base: str) -> str | None:
        if "bind" in given and given["bind"] in self._ids:
            return self._ids[given["bind"]]
        reference = given.get("ref") or given.get("nodeset")
        if reference is None:
            return None
        return absolute(reference, base)

    def _group(self, element: etree._Element, base: str) -> Element:
        given = attributes(element)
        path = self._path(given, base)
        if path is not None and path not in self._places:
            self._gathering.warn(f"The data has no node for the group {path}.", "", _name(path))
            path = None
        inner = self._elements(element, path or base)
        label = self._wording(children(element, "label"), path)
        appearance = _appearance(given)
        match inner:
            case (Repeat() as repeat,) if path in (None, repeat.path):
                # XLSForm writes a repeat as a group around it that carries its label.
                return replace(
                    repeat,
                    label=label or repeat.label,
                    appearance=appearance | repeat.appearance,
                )
        if given.get("intent"):
            self._gathering.warn(
                "A chat cannot open another app.", "Ask for the values.", _name(path or "")
            )
        return Group(path or "", _name(path or ""), inner, appearance, label)

    def _repeat(self, element: etree._Element, base: str) -> Element:
        given = attributes(element)
        path = self._path(given, base) or base
        if path not in self._places:
            self._gathering.refuse(
                f"The repeat {path} has no node in the data.",
                "Convert the workbook again.",
                _name(path),
            )
        return Repeat(
            path,
            _name(path),
            self._elements(element, path),
            _appearance(given),
            self._wording(children(element, "label"), path),
            self._gathering.compile(given.get("count"), "repeat_count", _name(path)),
            fixed=given.get("noAddRemove", "").strip() in ("true()", "true", "1"),
        )

    def _action(self, element: etree._Element, base: str, source: str) -> None:
        action = read_set_value(element, base, source, self._gathering)
        if action is not None:
            self._set_values.append(action)

    def _question(self, element: etree._Element, control: Control, base: str) -> Element | None:
        given = attributes(element)
        path = self._path(given, base)
        if path is None:
            self._gathering.refuse(f"A question of kind “{control}” names no node of the data.")
            return None
        if path not in self._places:
            self._gathering.warn(
                f"The question is passed over: the data has no node {path}.",
                "Convert the workbook again.",
                _name(path),
            )
            return None
        inner = grouped(element)
        for action in inner.get("setvalue", ()):
            self._action(action, path, path)
        bind, media_type = self._binds.get(path) or Bind(path), given.get("mediatype", "")
        found = self._choices(inner, given.get("query"), _name(path))
        if isinstance(found, Itemset) and control == "input" and "query" in given:
            control = "select1"
        return Question(
            path=path,
            name=_name(path),
            control=control,
            kind=_kind(control, bind, media_type),
            appearance=_appearance(given),
            label=self._wording(inner.get("label", ()), path),
            hint=self._wording(inner.get("hint", ()), path),
            choices=() if found is None and control in _SELECTS else found,
            media_type=media_type,
            parameters={
                name: text for name, text in given.items() if name not in _PLAIN_ATTRIBUTES
            },
            rows=int(given["rows"]) if given.get("rows", "").isdecimal() else None,
        )

    def _wording(self, texts: Sequence[etree._Element], path: str | None) -> Wording | None:
        return self._gathering.wording(texts[0], _name(path or "")) if texts else None

    def _choices(
        self, inner: Mapping[str, list[etree._Element]], query: str | None, name: str
    ) -> tuple[FixedChoice, ...] | Itemset | None:
        if "itemset" in inner:
            (itemset, *_) = inner["itemset"]
            return self._itemset(itemset, attributes(itemset).get("nodeset"), name)
        if query and self._has_list(query, name):
            blank = parse("<itemset><value ref='name'/><label ref='label'/></itemset>")
            return self._itemset(blank, query, name)
        return tuple(self._choice(item, name) for item in inner.get("item", ())) or None

    def _has_list(self, query: str, name: str) -> bool:
        """Tell whether the list of a `select_one_external` came with the form; warn if not."""
        found = _LIST.match(query)
        if found and found[1] in self._lists:
            return True
        self._gathering.warn(
            f"The choices of this question are not in the form: {query[:_QUERY_SHOWN_MAX]}.",
            "It is asked as text. Load the workbook in place of the XForm, or use select_one.",
            name,
        )
        return False

    def _itemset(self, itemset: etree._Element, nodes: str | None, name: str) -> Itemset | None:
        found = self._gathering.compile(nodes, "choice_filter", name)
        inner = grouped(itemset)
        values = [attributes(child).get("ref") for child in inner.get("value", ())]
        value = self._gathering.compile(values[0] if values else None, "choice name", name)
        if found is None or value is None:
            if not self._gathering.problems:
                self._gathering.refuse("Its choices name no list.", "", name)
            return None
        return Itemset(found, value, self._wording(inner.get("label", ()), name))

    def _choice(self, item: etree._Element, name: str) -> FixedChoice:
        inner = grouped(item)
        values = [text_of(value) for value in inner.get("value", ())]
        label = self._wording(inner.get("label", ()), name)
        return FixedChoice(values[0].strip() if values else "", label)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _appearance(given: Mapping[str, str]) -> frozenset[str]:
    return frozenset(given["appearance"].split()) if "appearance" in given else _NO_APPEARANCE


def _kind(control: Control, bind: Bind, media_type: str) -> Kind:
    match control:
        case "input" | "secret":
            kind = _BY_TYPE.get(bind.type, "text")
            return "note" if kind == "text" and _always(bind) else kind
        case "upload":
            return _media_kind(media_type)
        case _:
            return _BY_CONTROL[control]


def _always(bind: Bind) -> bool:
    return bind.readonly is not None and bind.readonly.text.strip() in ("true()", "1", "true")


def _media_kind(media_type: str) -> Kind:
    match media_type.partition("/")[0]:
        case "image":
            return "image"
        case "audio":
            return "audio"
        case "video":
            return "video"
        case _:
            return "file"
