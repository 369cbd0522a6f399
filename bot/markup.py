"""ODK's Markdown, as forms carry it, turned into Telegram's HTML. Pure.

ODK allows headings, bold, italic, links and `<span>`/`<p>` for colour and size
(https://docs.getodk.org/form-styling/); a phone's chat shows the first four. Whatever is not
one of these marks is text and is escaped.
"""

from __future__ import annotations

import html
import re

_ANY_MARK = re.compile(r"[*_#\[\\<>&]")
_HEADING = re.compile(r"^#{1,6} +(.+?)#*$", re.MULTILINE)
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,1000}?)(?<=\S)\1")
_ITALIC = re.compile(r"(?<![\w*_\\])([*_])(?=\S)([^\n*_]{1,1000})(?<=\S)\1(?![\w*_])")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\((https?://[^\s()]{1,500})\)")
_TAG = re.compile(r"&lt;/?(?:span|p|font)(?:\s[^\n]{0,200}?)?&gt;", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\*_#\[\]()<>])")


def telegram_html(markdown: str) -> str:
    """Turn a form's text into the HTML that Telegram reads (`parse_mode=HTML`).

    >>> telegram_html("Is **this** <5 km_away?")
    'Is <b>this</b> &lt;5 km_away?'
    >>> telegram_html("See [the page](https://example.org)")
    'See <a href="https://example.org">the page</a>'
    """
    if _ANY_MARK.search(markdown) is None:
        return markdown  # Most texts, without a look for each mark.
    text = html.escape(markdown, quote=False)
    text = _TAG.sub("", text)
    text = _LINK.sub(r'<a href="\2">\1</a>', text)
    text = _HEADING.sub(r"<b>\1</b>", text)
    text = _BOLD.sub(r"<b>\2</b>", text)
    text = _ITALIC.sub(r"<i>\2</i>", text)
    return _ESCAPED.sub(r"\1", text)


def escaped(text: str) -> str:
    """Make plain text safe inside Telegram's HTML."""
    return html.escape(text, quote=False)


def visible(marked: str) -> str:
    """Return what a person sees of Telegram's HTML.

    >>> visible("<b>5 &lt; 6</b>")
    '5 < 6'
    """
    return html.unescape(re.sub(r"<[^<>]*>", "", marked))


def length_units(marked: str) -> int:
    """Count what a person sees in UTF-16 units, as Telegram counts its limits."""
    return len(visible(marked).encode("utf-16-le")) // 2


def clipped(text: str, characters_max: int) -> str:
    """Cut a text to so many characters, saying with … that there was more.

    >>> clipped("maji moto", 5)
    'maji…'
    """
    return text if len(text) <= characters_max else text[: characters_max - 1] + "…"
