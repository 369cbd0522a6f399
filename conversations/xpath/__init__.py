"""The expression language: the ODK XForms dialect of XPath over light nodes.

Compile once with `compile_expression`, evaluate often with a `Scope`. Nothing here reads a clock,
a file or a random source: the `World` of the scope brings them. What differs between ODK's
clients is decided as JavaRosa (ODK Collect) does; `conversations/README.md` lists where.
"""

from conversations.xpath.compiler import Expression, compile_expression
from conversations.xpath.errors import BudgetExceeded, EvaluationError, ExpressionError
from conversations.xpath.nodes import Kind, Node, document, path_of, position_of
from conversations.xpath.paths import Path
from conversations.xpath.scope import VISITS_MAX, Scope, World
from conversations.xpath.values import Value

__all__ = [
    "VISITS_MAX",
    "BudgetExceeded",
    "EvaluationError",
    "Expression",
    "ExpressionError",
    "Kind",
    "Node",
    "Path",
    "Scope",
    "Value",
    "World",
    "compile_expression",
    "document",
    "path_of",
    "position_of",
]
