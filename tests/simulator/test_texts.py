"""Texts and their entities, counted in UTF-16 code units."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.entities import read_text
from bot.simulator.html_text import utf16_length
from bot.simulator.parameters import Arguments
from bot.simulator.refusals import Refused

MARKS = [
    ("<b>a</b>", "a", [("bold", 0, 1)]),
    ("😀<b>é</b>", "😀é", [("bold", 2, 1)]),
    ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
    ("  <b> a </b> ", "a", [("bold", 0, 1)]),
    ("a<b></b>", "a", []),
    ("<STRONG>a</strong>", "a", [("bold", 0, 1)]),
    ("<b>a</>", "a", [("bold", 0, 1)]),
    ("&lt;b&gt; &amp; &quot; &#39; &#x41; &nbsp; &", "<b> & \" ' A &nbsp; &", []),
    ("<pre>a</pre>", "a", [("pre", 0, 1)]),
    ("<code>/start</code>", "/start", [("code", 0, 6)]),
    ('<a href="https://a.org/?b=1&amp;c=2">x</a>', "x", [("text_link", 0, 1)]),
    ("<a href='not a link'>x</a>", "x", []),
    ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
    ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
    ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
    ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
    ("<u>a</u><s>b</s>", "ab", [("underline", 0, 1), ("strikethrough", 1, 1)]),
    ('<tg-time unix="1" format="r">soon</tg-time>', "soon", [("date_time", 0, 4)]),
    ("/help me at a@b.org", "/help me at a@b.org", [("bot_command", 0, 5), ("email", 12, 7)]),
]


@pytest.mark.parametrize(("html", "text", "entities"), MARKS)
def test_html_becomes_entities(html: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    """Tags become entities, references their characters, and the ends are trimmed."""
    read = read_text(Arguments({"text": html, "parse_mode": "HTML"}))
    assert read["text"] == text
    found = [(one["type"], one["offset"], one["length"]) for one in read.get("entities", [])]
    assert found == entities


def test_code_in_pre_has_a_language() -> None:
    """A `code` of a language inside `pre` is one entity."""
    html = '<pre><code class="language-python">a</code></pre>'
    read = read_text(Arguments({"text": html, "parse_mode": "HTML"}))
    assert read["entities"] == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]


def test_given_entities_move_with_the_trimmed_text() -> None:
    """White space cut off the front moves the entities along."""
    marks: list[Any] = [{"type": "bold", "offset": 2, "length": 2}]
    read = read_text(Arguments({"text": "  ab ", "entities": marks}))
    assert read == {"text": "ab", "entities": [{"type": "bold", "offset": 0, "length": 2}]}


@given(st.text(st.sampled_from("<>/bi a&;\"'=é😀#x1\n-tgcode"), max_size=60))
def test_any_html_is_read_or_refused(html: str) -> None:
    """Whatever stands between angle brackets, entities lie inside the text and on characters."""
    try:
        read = read_text(Arguments({"text": html, "parse_mode": "HTML"}))
    except Refused:
        return
    units = read["text"].encode("utf-16-le")
    assert len(units) // 2 == utf16_length(read["text"])
    for one in read.get("entities", []):
        assert one["length"] > 0
        assert one["offset"] + one["length"] <= len(units) // 2
        units[one["offset"] * 2 : (one["offset"] + one["length"]) * 2].decode("utf-16-le")
