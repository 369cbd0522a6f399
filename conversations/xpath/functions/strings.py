"""Functions that make and look into texts."""

from __future__ import annotations

import functools
import math
from typing import Any

import re2  # type: ignore[import-untyped]  # google-re2 ships no types.

from conversations.xpath.errors import EvaluationError, Refused
from conversations.xpath.scope import Scope
from conversations.xpath.signatures import Function, context_text, converted, pure, scoped
from conversations.xpath.syntax import Call, Literal
from conversations.xpath.values import Code, Run, as_string

PATTERN_MAX = 2_000
"""Characters of a regular expression."""

TEXT_MAX = 1_000_000
"""Characters of a text an expression may make."""

UUID_MAX = 1_000
"""Characters of a random id."""

_QUIET = re2.Options()
_QUIET.log_errors = False
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BLANKS = dict.fromkeys(map(ord, "\t\r\n"), " ")


def _bounded(text: str) -> str:
    if len(text) > TEXT_MAX:
        message = f"the expression makes a text of more than {TEXT_MAX:,} characters"
        raise EvaluationError(message)
    return text


def _concat(*texts: list[str]) -> str:
    return _bounded("".join(text for several in texts for text in several))


def _join(separator: list[str], *texts: list[str]) -> str:
    between = separator[0] if separator else ""
    return _bounded(between.join(text for several in texts for text in several))


def _substr(text: str, start: float, end: float = math.inf) -> str:
    """Cut from `start` (0-based) up to, not including, `end`; negative counts from the end.

    Source: JavaRosa; the XForms specification knows no negative positions.
    """
    return text[_whole(start, len(text)) : _whole(end, len(text))]


def _whole(number: float, most: int) -> int:
    if math.isnan(number):
        return 0
    return int(max(-most - 1, min(most, number)))


def _substring(text: str, start: float, length: float = math.inf) -> str:
    """Cut by 1-based position and length, both rounded (XPath 1.0, section 4.2)."""
    begin = math.floor(start + 0.5) if math.isfinite(start) else start
    end = begin + (math.floor(length + 0.5) if math.isfinite(length) else length)
    return "".join(
        character for place, character in enumerate(text, start=1) if begin <= place < end
    )


def _before(text: str, mark: str) -> str:
    head, found, _ = text.partition(mark) if mark else ("", "", "")
    return head if found else ""


def _after(text: str, mark: str) -> str:
    return text.partition(mark)[2] if mark else text


def _translate(text: str, old: str, new: str) -> str:
    table: dict[int, str | None] = {}
    for index, character in enumerate(old):
        table.setdefault(ord(character), new[index] if index < len(new) else None)
    return text.translate(table)


def _normalize_space(scope: Scope, text: str | None = None) -> str:
    whole = context_text(scope) if text is None else text
    return " ".join(part for part in whole.translate(_BLANKS).split(" ") if part)


def _length(scope: Scope, text: str | None = None) -> float:
    return float(len(context_text(scope) if text is None else text))


def _string(scope: Scope, text: str | None = None) -> str:
    return context_text(scope) if text is None else text


def _uuid(scope: Scope, length: float | None = None) -> str:
    random = scope.world.random
    if length is not None:
        count = int(min(length, UUID_MAX)) if length > 0 else 0
        return "".join(_ALPHABET[int(random() * len(_ALPHABET))] for _ in range(count))
    bits = 0
    for _ in range(4):
        bits = bits << 32 | int(random() * 2**32)
    bits = bits & ~(0xF << 76) | 4 << 76  # The version: random.
    bits = bits & ~(0x3 << 62) | 2 << 62  # The variant: RFC 4122.
    digits = f"{bits:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


@functools.lru_cache(maxsize=512)
def _pattern(pattern: str) -> Any:  # noqa: ANN401 - re2 has no types.
    """Compile a regular expression in RE2; raise EvaluationError for what it refuses."""
    if len(pattern) > PATTERN_MAX:
        message = f"the regular expression has more than {PATTERN_MAX:,} characters"
        raise EvaluationError(message)
    try:
        return re2.compile(pattern, options=_QUIET)
    except re2.error as error:
        reason = error.args[0].decode() if error.args else ""
        message = (
            f"the regular expression cannot be used ({reason}); look-around, back references and "
            "repetitions over 1,000 are not supported"
        )
        raise EvaluationError(message) from None


def _answered_pattern(pattern: str) -> Any:  # noqa: ANN401 - re2 has no types.
    """Compile a regular expression that answers make; what is said of it quotes none of them."""
    try:
        return _pattern(pattern)
    except EvaluationError:
        message = "the regular expression cannot be used"
        raise EvaluationError(message) from None


def _regex(call: Call, codes: list[Code]) -> Run:
    """Match the whole text, as JavaRosa and ODK's documentation have it."""
    text, pattern = converted("ss", codes)
    written = call.arguments[1]
    if not isinstance(written, Literal):
        return lambda scope: _answered_pattern(pattern(scope)).fullmatch(text(scope)) is not None
    try:
        fullmatch = _pattern(written.text).fullmatch
    except EvaluationError as error:
        raise Refused(written.position, error.problem) from None
    return lambda scope: fullmatch(text(scope)) is not None


def _itext(_call: Call, codes: list[Code]) -> Run:
    text_id = as_string(codes[0])
    return lambda scope: scope.world.itext(text_id(scope))


FUNCTIONS = (
    scoped("string", "?s", "string", _string),
    pure("concat", "*t", "string", _concat),
    pure("join", "t*t", "string", _join),
    pure("substr", "sn?n", "string", _substr),
    pure("substring", "sn?n", "string", _substring),
    pure("substring-before", "ss", "string", _before),
    pure("substring-after", "ss", "string", _after),
    pure("translate", "sss", "string", _translate),
    scoped("string-length", "?s", "number", _length),
    scoped("normalize-space", "?s", "string", _normalize_space),
    pure("contains", "ss", "boolean", lambda text, part: part in text),
    pure("starts-with", "ss", "boolean", str.startswith),
    pure("ends-with", "ss", "boolean", str.endswith),
    scoped("uuid", "?n", "string", _uuid),
    Function("regex", "ss", "boolean", _regex),
    Function("jr:itext", "s", "string", _itext),
    scoped("property", "s", "string", lambda scope, name: scope.world.property(name)),
    scoped("version", "", "string", lambda scope: scope.world.version),
)
