"""The parameters of one call, read by type.

They arrive as JSON values or, from forms and query strings, as text; Telegram treats both alike:
a number may be written as text, a list or object as JSON text. A value of the wrong type is
refused by name (Telegram would silently read many of them as zero).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bot.simulator.refusals import Refused, bad_request

Json: TypeAlias = dict[str, Any]
"""An object of the Bot API, in the member names of its documentation."""

_TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"false", "0", "no", ""})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    file_name: str
    media_type: str
    content: bytes = field(repr=False)


def check_encoding(value: object) -> None:
    """Refuse values with halves of surrogate pairs in them: no answer could carry them."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None


def wrong_type(name: str, wanted: str) -> Refused:
    """Make the refusal of a value of the wrong type, in the words Telegram uses for fields."""
    return bad_request(f'field "{name}" must be of type {wanted}')


@dataclass(frozen=True, slots=True)
class Arguments:
    """What one call was given: values by name, and the files that came with it."""

    values: Mapping[str, object]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """Return a text; a JSON number counts as its digits."""
        match self.values.get(name):
            case None:
                return default
            case bool():
                raise wrong_type(name, "String")
            case str() | int() | float() as value:
                return str(value)
        raise wrong_type(name, "String")

    def integer(self, name: str, default: int = 0) -> int:
        """Return a whole number."""
        number = self.maybe_integer(name)
        return default if number is None else number

    def maybe_integer(self, name: str) -> int | None:
        """Return a whole number, or None where it was not given."""
        match self.values.get(name):
            case None | "":
                return None
            case bool():
                raise wrong_type(name, "Number")
            case int() as value:
                return value
            case str() as text:
                return _integer(name, text)
        raise wrong_type(name, "Number")

    def maybe_number(self, name: str) -> float | None:
        """Return a number with or without a fraction, or None where it was not given."""
        match self.values.get(name):
            case None | "":
                return None
            case bool():
                raise wrong_type(name, "Number")
            case int() | float() as value:
                return float(value)
            case str() as text:
                return _number(name, text)
        raise wrong_type(name, "Number")

    def truth(self, name: str) -> bool:
        """Return a Boolean; what was not given is false."""
        match self.values.get(name):
            case None:
                return False
            case bool() as value:
                return value
            case str() as text if text.lower() in _TRUE | _FALSE:
                return text.lower() in _TRUE
            case 0 | 1 as value:
                return bool(value)
        raise wrong_type(name, "Boolean")

    def record(self, name: str) -> Json | None:
        """Return a JSON object, or None where it was not given."""
        value = self._json(name)
        if value is None or isinstance(value, dict):
            return value
        raise wrong_type(name, "Object")

    def array(self, name: str) -> list[Any] | None:
        """Return a JSON array, or None where it was not given."""
        value = self._json(name)
        if value is None or isinstance(value, list):
            return value
        raise wrong_type(name, "Array")

    def _json(self, name: str) -> Any:  # noqa: ANN401 - a JSON value
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None
        check_encoding(found)
        return found


def _integer(name: str, text: str) -> int:
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) <= len(str(2**63)):
        return int(text)
    raise wrong_type(name, "Number")


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise wrong_type(name, "Number") from None


def member(owner: Json, name: str, wanted: type, *, needed: bool = False) -> Any:  # noqa: ANN401 - a JSON value
    """Return a member of an object that came in a parameter, checked for its type.

    Wrong and missing members are refused in Telegram's words for fields.
    """
    value = owner.get(name)
    if value is None and not needed:
        return None
    if value is None:
        raise bad_request(f'can\'t find field "{name}"')
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise wrong_type(name, _NAMES.get(wanted, "Object"))
    return value


def only(owner: Json, known: frozenset[str], what: str) -> None:
    """Refuse members that the Bot API does not know; Telegram would ignore them."""
    for name in owner:
        if name not in known:
            raise bad_request(f'{what} has an unknown field "{name}"')


_NAMES: dict[type, str] = {
    str: "String",
    bool: "Boolean",
    int: "Number",
    list: "Array",
    dict: "Object",
}
