"""Text -> `Expression`: bounded closures over light nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from conversations.xpath.nodes import Node
from conversations.xpath.paths import Path
from conversations.xpath.scope import Scope

Value: TypeAlias = "float | str | bool | list[Node]"


class ExpressionError(Exception):
    """A form author's expression cannot be used: `problem` says why and what to do.

    `position` is the 0-based character of `text` at which it went wrong.
    """

    def __init__(self, text: str, position: int, problem: str) -> None:
        """Keep the expression, the place and the words for its author."""
        super().__init__(f"{problem} (at character {position + 1} of: {text[:200]})")
        self.text = text
        self.position = position
        self.problem = problem


class Expression:
    """A compiled expression; evaluating it is pure, bounded and repeatable.

    `functions` are the names of the functions it calls, `paths` what it reads, `instances` the
    ids of secondary instances it names (`instance()` and `pulldata()`), `choice_questions` the
    literal paths of `jr:choice-name`, `text_ids` the literal ids of `jr:itext`.
    """

    text: str
    functions: frozenset[str]
    paths: tuple[Path, ...]
    instances: frozenset[str]
    choice_questions: frozenset[str]
    text_ids: frozenset[str]

    def value(self, scope: Scope) -> Value:
        """Evaluate to whatever the expression yields; a date is its ISO 8601 string."""
        raise NotImplementedError

    def string(self, scope: Scope) -> str:
        """Evaluate and convert as `string()` does; a blank or missing node is ''."""
        raise NotImplementedError

    def number(self, scope: Scope) -> float:
        """Evaluate and convert as `number()` does: dates are days since 1970, else NaN."""
        raise NotImplementedError

    def boolean(self, scope: Scope) -> bool:
        """Evaluate and convert as `boolean()` does."""
        raise NotImplementedError

    def nodes(self, scope: Scope) -> list[Node]:
        """Evaluate to nodes in document order (or as randomized); [] when it yields none."""
        raise NotImplementedError


def compile_expression(text: str, namespaces: Mapping[str, str] | None = None) -> Expression:
    """Compile an ODK XPath expression.

    `namespaces` maps prefixes to URIs; a prefix it does not know matches by local name alone.
    Raises ExpressionError for what cannot be used, with all limits checked here.
    """
    raise NotImplementedError
