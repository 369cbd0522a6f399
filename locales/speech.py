"""Sentences filled in, and Markdown read as plain text.

A parameter's place is `{name}` and nothing more: no format codes, no attributes, so that a
translation can do no more than put a value somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from unicodedata import bidirectional

SENTENCES_KEPT_MAX = 4_096
"""Sentences whose places are remembered: all of ours, in a few languages."""

_PLACE = re.compile(r"\{([A-Za-z_]\w*)\}")

_LEFT_ISOLATE, _FIRST_ISOLATE, _END_ISOLATE = "\u2066", "\u2068", "\u2069"
_APART = re.compile(
    rf"(?P<command>/(?:[A-Za-z_]+|{_PLACE.pattern})|(?<!\w)\.[a-z]+)|{_PLACE.pattern}"
)
_COMMAND = re.compile(r"(?<![\w/:.<])/[a-z_]+")
_TURNED = str.maketrans("◀▶", "▶◀")

# Marks of ODK's Markdown, each with what stays of it. A backslash keeps the next mark. Emphasis
# is looked for twice, for one within another; every length is bounded, so that no text is slow.
_EMPHASIS = (
    (re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^\n]{1,500}?)(?<=[^\s*])\1(?![\w*])"), r"\2"),
    (re.compile(r"(?<![\w_])(_{1,3})(?=[^\s_])([^\n]{1,500}?)(?<=[^\s_])\1(?![\w_])"), r"\2"),
)
_MARKS = (
    (re.compile(r"(?m)^#{1,6}[ \t]+"), ""),
    (re.compile(r"\[([^\]\n]{0,500})\]\(([^)\s]{1,500})\)"), r"\1 (\2)"),
    (re.compile(r"<span\b[^>\n]{0,500}>|</span>", re.IGNORECASE), ""),
    *_EMPHASIS,
    *_EMPHASIS,
)
_MARKED = re.compile(r"[\\*_#\[<]")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!<>-])")
_HIDDEN_FROM = 0xE000
_HIDDEN = {_HIDDEN_FROM + code: chr(code) for code in range(0x80)}


@lru_cache(SENTENCES_KEPT_MAX)
def placeholders(template: str) -> frozenset[str]:
    """Return the names of the parameters a sentence has places for.

    >>> sorted(placeholders("{count} of {total}, and {not this}"))
    ['count', 'total']
    """
    return frozenset(_PLACE.findall(template))


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put the values in their places; a place without a value stays as it is.

    >>> fill("{name} has {count}.", {"name": "{count}", "count": "3"})
    '{count} has 3.'
    """
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), template)


def fill_right_to_left(template: str, values: Mapping[str, str]) -> str:
    r"""Put the values in their places in a sentence that is read from right to left.

    What is read from left to right (a name in Latin letters, a receipt code, a /command, a
    `.xlsx`) is set apart, so that its signs and figures do not change places with their
    neighbours; a pointing triangle points the other way. Source: Unicode's UAX 9, isolates.

    >>> ascii(fill_right_to_left("/start {name}", {"name": "Amina"}))
    "'\\u2066/start\\u2069 \\u2068Amina\\u2069'"
    """
    if _PLACE.fullmatch(template):
        return fill(template, values)
    return _APART.sub(lambda part: _set_apart(part, values), template.translate(_TURNED))


def _set_apart(part: re.Match[str], values: Mapping[str, str]) -> str:
    text = fill(part[0], values)
    if part["command"]:
        return f"{_LEFT_ISOLATE}{text}{_END_ISOLATE}"
    latin = any(bidirectional(sign) == "L" for sign in text)
    return f"{_FIRST_ISOLATE}{text}{_END_ISOLATE}" if latin else text


def commands_apart(text: str) -> str:
    r"""Set the /commands of a text apart, so that their slash stays before them.

    >>> ascii(commands_apart("/cancel, 5 km/h, https://example.org/path"))
    "'\\u2066/cancel\\u2069, 5 km/h, https://example.org/path'"
    """
    return _COMMAND.sub(rf"{_LEFT_ISOLATE}\g<0>{_END_ISOLATE}", text)


def plain_text(markdown: str) -> str:
    """Return what a form's text says, without the marks of ODK's Markdown.

    >>> plain_text("**When** was it? See [the map](https://example.org), not snake_case")
    'When was it? See the map (https://example.org), not snake_case'
    """
    if not _MARKED.search(markdown):
        return markdown  # Most texts, without looking for each mark.
    text = _ESCAPED.sub(lambda mark: chr(_HIDDEN_FROM + ord(mark[1])), markdown)
    for pattern, kept in _MARKS:
        text = pattern.sub(kept, text)
    return text.translate(_HIDDEN)
