"""How what the bot did reads in a transcript: its calls, and the reports that were kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from bot.markup import visible

_SENT = {
    "sendDocument": "document",
    "sendPhoto": "photo",
    "sendAudio": "audio",
    "sendVideo": "video",
    "sendVoice": "voice",
}
_UNSTABLE = frozenset({"instanceID", "start", "end", "deviceid"})
_INDENT = " " * 7


def call_lines(call: Mapping[str, Any], to: str) -> Iterator[str]:
    """Write one call of the Bot API down; `to` opens a message."""
    method, params = call["method"], call["parameters"]
    if not call["ok"]:
        yield f"  bot FAILED {method}: {call['description']}"
    elif method == "answerCallbackQuery" and params.get("text"):
        yield f"  bot {'alert' if params.get('show_alert') else 'toast'}: {params['text']}"
    elif method == "sendMessage":
        yield from _message_lines(to, params)
    elif method == "createForumTopic":
        yield f"  bot makes a topic: {params['name']}"
    elif method == "editMessageText":
        there = to.removesuffix(": ").removeprefix("  bot") if "group" in to else ""
        yield from _message_lines(f"  bot edits{there.replace(' to the', ' in the')}: ", params)
    elif method == "editMessageReplyMarkup":
        rows = (params.get("reply_markup") or {}).get("inline_keyboard")
        text = "(other buttons)" if rows else "(buttons gone)"
        yield from _message_lines("  bot edits: ", {**params, "text": text})
    elif method in _SENT:
        yield from _message_lines(to, {**params, "text": f"({_SENT[method]}){_caption(params)}"})
    elif method == "sendMediaGroup":
        media = params["media"]  # Text where files come with it, as in any form of the web.
        items = json.loads(media) if isinstance(media, str) else media
        shown = ", ".join(_caption(item).strip() for item in items)
        yield f"  bot: (album: {shown})"


def _caption(params: Mapping[str, Any]) -> str:
    return f" {params['caption']}" if params.get("caption") else ""


def _message_lines(first: str, params: Mapping[str, Any]) -> Iterator[str]:
    text = visible(params.get("text", "")).splitlines() or [""]
    yield (first + text[0]).rstrip()
    yield from ((_INDENT + line).rstrip() for line in text[1:])
    markup = params.get("reply_markup") or {}
    for row in markup.get("inline_keyboard", ()):
        yield _INDENT + " ".join(f"[{button['text']}]" for button in row)
    for row in markup.get("keyboard", ()):
        yield _INDENT + " ".join(f"<{key['text']}>" for key in row)


def saved_line(form_id: str, xml: str) -> str:
    """Write a kept report down: its form and its answers; what changes with time is left out."""
    root = ET.fromstring(xml)  # noqa: S314 - our own XML, written a moment ago.
    answers = (
        f"{_local(node.tag)}={_quoted(node.text)}"
        for node in root.iter()
        if node.text and node.text.strip() and not len(node) and _local(node.tag) not in _UNSTABLE
    )
    return f"saved: {form_id} {' '.join(answers)}".rstrip()


def _quoted(value: str) -> str:
    """Put a value of several words into quotes, and one of several lines on one."""
    line = value.replace("\n", "⏎")
    return f'"{line}"' if " " in line else line


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
