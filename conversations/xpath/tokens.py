"""The words of an expression: text -> tokens.

XPath's own rule tells a name from an operator: after an operand `*`, `and`, `or`, `div` and `mod`
are operators, elsewhere names (XPath 1.0, section 3.7).

A whole path of names (`/data/group/age`, `../age`) is one token: forms have tens of thousands of
them, mostly the same ones.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, TypeAlias, cast

from conversations.xpath.errors import Refused

Sort: TypeAlias = Literal["number", "literal", "name", "path", "operator", "symbol", "end"]

_NAME = r"[^\W\d][\w.\-\u00b7]*"
_TOKEN = re.compile(
    rf"""(?:
    (?P<number>\d+(?:\.\d*)?|\.\d+)
  | (?P<literal>"[^"]*"|'[^']*')
  | (?P<symbol>::|\.\.|//|[()\[\].@,/])
  | (?P<operator>!=|<=|>=|[-+=<>|])
  | (?P<name>{_NAME}(?::(?!:)(?:{_NAME}|\*))?|\*)
    )\s*""",
    re.VERBOSE,
)
_PATH = re.compile(
    rf"""(?P<path>(?:/{_NAME}|(?:\.\./)+{_NAME})(?:/{_NAME})*)(?![\w.\-\u00b7])(?!\s*[\[(/:])\s*""",
    re.VERBOSE,
)
_WORD_OPERATOR = re.compile(r"(?P<operator>and|or|div|mod|\*)\s*")
_BLANK = re.compile(r"\s*")
_OPERANDS = frozenset({"number", "literal", "name", "path"})
_GOING_ON = frozenset({"/", "//", "@", "::"})
"""After these stands a step, not the beginning of a path."""
_CLOSING = frozenset({")", "]", ".", ".."})

_MISTAKES = {
    "$": "“${…}” and “$name” stand for a question only in a spreadsheet that is converted first",
    **dict.fromkeys(
        "\u201c\u201d\u2018\u2019", "use straight quotes (\" or ') instead of curly ones"
    ),
    '"': 'a closing quote (") is missing',
    "'": "a closing quote (') is missing",
    "&": "write “and” instead of “&”",
    "!": "write “!=” for “is not”, or not(…)",
    "%": "write “mod” for the remainder of a division",
}


class Token(NamedTuple):
    """One word: what sort it is, its text (a literal's without quotes) and where it begins."""

    sort: Sort
    text: str
    position: int


def tokens_of(text: str) -> list[Token]:
    """Split an expression into tokens, the last of sort "end"; raise Refused where it cannot."""
    tokens: list[Token] = []
    position, length = _skip_blank(text, 0), len(text)
    after_operand, value = False, ""
    while position < length:
        sort: Sort = "operator" if after_operand else "path"
        match = (_WORD_OPERATOR if after_operand else _PATH).match(text, position)
        if match is None or value in _GOING_ON:
            match = _TOKEN.match(text, position)
            if match is None:
                raise Refused(position, _mistake(text[position]))
            sort = cast("Sort", match.lastgroup)
        value = match[sort]
        tokens.append(Token(sort, value[1:-1] if sort == "literal" else value, position))
        position = match.end()
        after_operand = sort in _OPERANDS or value in _CLOSING
    tokens.append(Token("end", "", length))
    return tokens


def _skip_blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _mistake(character: str) -> str:
    return _MISTAKES.get(character, f"“{character}” means nothing here; remove it")
