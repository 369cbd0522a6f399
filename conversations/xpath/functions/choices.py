"""Functions over answers to select questions: space-separated names."""

from __future__ import annotations

import math

from conversations.xpath.scope import Scope
from conversations.xpath.signatures import pure, scoped


def _selected(names: str, name: str) -> bool:
    """Tell whether a name stands in the answer; several names must stand there in a row.

    Source: JavaRosa.
    """
    return f" {name.strip()} " in f" {names} "


def _selected_at(names: str, index: float) -> str:
    parts = names.split()
    if math.isnan(index) or not 0 <= index < len(parts):
        return ""
    return parts[int(index)]


def _choice_name(scope: Scope, value: str, path: str) -> str:
    return scope.world.choice_label(value, path.strip(), scope.node)


FUNCTIONS = (
    pure("selected", "ss", "boolean", _selected),
    pure("is-selected", "ss", "boolean", _selected),
    pure("selected-at", "sn", "string", _selected_at),
    pure("count-selected", "s", "number", lambda names: float(len(names.split()))),
    scoped("jr:choice-name", "ss", "string", _choice_name),
)
