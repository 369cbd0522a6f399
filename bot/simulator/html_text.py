"""Telegram's HTML: tags become entities, counted in UTF-16 code units.

The errors name byte offsets, as Telegram's do. Only the tags of the Bot API exist; an `&` that
starts no known reference stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.simulator.parameters import Json
from bot.simulator.refusals import Refused, bad_request

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = frozenset({*_SIMPLE, "a", "tg-emoji", "tg-time", "code", "pre", "blockquote"})
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_PLAIN = re.compile(r"[^<&]+")
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]{1,8})|#(?P<dec>\d{1,8})|(?P<name>[a-z]+));?")
_ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>]+)\s*(?:(?P<equals>=)\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'"""
    r"""|(?P<token>[A-Za-z0-9.\-]+)(?=[\s>])))?"""
)
_URL = re.compile(r"(?:(?:https?|ftp|tg|ton|tonsite)://)?[^\s/]+\.?[^\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    begin: int


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, the unit of every offset and length of the Bot API.

    >>> utf16_length("a😀")
    3
    """
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_html(source: str) -> tuple[str, list[Json]]:
    """Turn HTML into text and its entities.

    >>> read_html("<b>a</b> &lt;")
    ('a <', [{'type': 'bold', 'offset': 0, 'length': 1}])
    """
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text: list[str] = []
        self.units = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            match self.source[self.at]:
                case "<" if self.source.startswith("</", self.at):
                    self._close()
                case "<":
                    self._begin()
                case "&":
                    self._reference()
                case _:
                    self._plain()
        if self.open:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.text), self.entities

    def _put(self, text: str) -> None:
        self.text.append(text)
        self.units += utf16_length(text)

    def _plain(self) -> None:
        found = _PLAIN.match(self.source, self.at)
        self._put(found[0] if found else "")
        self.at += len(found[0]) if found else 1

    def _reference(self) -> None:
        found = _REFERENCE.match(self.source, self.at)
        character = _referred(found) if found else ""
        self._put(character or "&")
        self.at = found.end() if found and character else self.at + 1

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _begin(self) -> None:
        begin = self.at
        end = begin + 1
        while end < len(self.source) and self.source[end] != ">" and not _space(self, end):
            end += 1
        if end >= len(self.source):
            raise _wrong(f"Unclosed start tag at byte offset {self._byte(begin)}")
        tag = self.source[begin + 1 : end].lower()
        if tag not in _TAGS:
            raise _wrong(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        self.at = end
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            where = self._byte(begin)
            raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self.open.append(_Open(tag, attributes, self.units, len(self.text)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            while self.at < len(self.source) and _space(self, self.at):
                self.at += 1
            if self.at >= len(self.source):
                raise _wrong(f"Unclosed start tag at byte offset {self._byte(begin)}")
            if self.source[self.at] == ">":
                self.at += 1
                return attributes
            name, value = self._attribute(tag, begin)
            attributes[name] = value

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        where = self._byte(begin)
        found = _ATTRIBUTE.match(self.source, self.at)
        if found is None:
            raise _wrong(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
        bare = found["equals"] is None
        if bare and not (tag == "blockquote" and found["name"] == "expandable"):
            raise _wrong(
                "Expected equal sign in declaration of an attribute of the tag "
                f'"{tag}" at byte offset {where}'
            )
        self.at = found.end()
        quoted = found["double"] if found["double"] is not None else found["single"]
        value = quoted if quoted is not None else (found["token"] or "").lower()
        return found["name"].lower(), _REFERENCE.sub(lambda one: _referred(one) or one[0], value)

    def _close(self) -> None:
        begin, where = self.at, self._byte(self.at)
        if not self.open:
            raise _wrong(f"Unexpected end tag at byte offset {where}")
        end = self.source.find(">", begin)
        if end < 0 or len(self.source[begin + 2 : end].split()) > 1:
            raise _wrong(f"Unclosed end tag at byte offset {where}")
        tag = self.source[begin + 2 : end].strip().lower()
        started = self.open.pop()
        if tag and tag != started.tag:
            raise _wrong(
                f'Unmatched end tag at byte offset {where}, expected "</{started.tag}>", '
                f'found "</{tag}>"'
            )
        self.at = end + 1
        if self.units > started.offset:
            self._entity(started)

    def _entity(self, started: _Open) -> None:
        place = {"offset": started.offset, "length": self.units - started.offset}
        last = self.entities[-1] if self.entities else {}
        same = all(last.get(name) == value for name, value in place.items())
        match started.tag:
            case "a":
                inside = "".join(self.text[started.begin :])
                self._add(_link(started.attributes.get("href") or inside), place)
            case "pre" if same and last["type"] == "code":
                self.entities[-1] = {"type": "pre", **place} | _language(last)
            case "code" if same and last["type"] == "pre":
                self.entities[-1] = last | _language(_coded(started))
            case "code":
                self._add(_coded(started), place)
            case "pre" | "blockquote":
                self._add({"type": _block(started)}, place)
            case "tg-emoji":
                self._add(_emoji(started.attributes.get("emoji-id", "")), place)
            case "tg-time":
                self._add(_moment(started.attributes), place)
            case tag:
                self._add({"type": _SIMPLE[tag]}, place)

    def _add(self, kind: Json, place: Json) -> None:
        if kind:
            self.entities.append({"type": kind["type"], **place, **kind})


def _space(reader: _Reader, position: int) -> bool:
    return reader.source[position] in " \t\r\n\0\x0b"


def _coded(started: _Open) -> Json:
    name = started.attributes.get("class", "")
    language = name.removeprefix("language-") if name.startswith("language-") else ""
    return {"type": "code", "language": language} if language else {"type": "code"}


def _language(code: Json) -> Json:
    return {"language": code["language"]} if "language" in code else {}


def _block(started: _Open) -> str:
    expandable = started.tag == "blockquote" and "expandable" in started.attributes
    return "expandable_blockquote" if expandable else started.tag


def _emoji(number: str) -> Json:
    if not number.isdigit() or not int(number):
        raise _wrong("Invalid custom emoji identifier specified")
    return {"type": "custom_emoji", "custom_emoji_id": number}


def _moment(attributes: dict[str, str]) -> Json:
    unix = attributes.get("unix", "")
    if not unix.isascii() or not unix.isdigit():
        raise _wrong("Invalid date-time specified")
    moment: Json = {"type": "date_time", "unix_time": int(unix)}
    return moment | ({"date_time_format": attributes["format"]} if "format" in attributes else {})


def _link(url: str) -> Json:
    """Return the entity of a link; an address that is none makes plain text, as with Telegram."""
    if _URL.fullmatch(url) and "." in url:
        return {"type": "text_link", "url": url if "://" in url else f"http://{url}/"}
    if url.startswith("tg://"):
        return {"type": "text_link", "url": url}
    return {}


def _referred(found: re.Match[str]) -> str:
    if found["name"]:
        return _NAMED.get(found["name"], "")
    code = int(found["hex"], 16) if found["hex"] else int(found["dec"])
    surrogate = 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - halves of a surrogate pair
    return chr(code) if 0 < code < 0x10FFFF and not surrogate else ""  # noqa: PLR2004 - the end of Unicode


def _wrong(text: str) -> Refused:
    return bad_request(f"can't parse entities: {text}")
