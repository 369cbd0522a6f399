"""Texts as Telegram keeps them: trimmed, within limits, with the entities of their parts.

Offsets and lengths count UTF-16 code units. Commands, mentions, links and the like are found by
the server; bold and its kind come from HTML or from the `entities` parameter.
"""

from __future__ import annotations

import re
from typing import Any

from bot.simulator.html_text import read_html, utf16_length
from bot.simulator.parameters import Arguments, Json, member, only
from bot.simulator.refusals import Refused, bad_request

TEXT_UNITS_MAX = 4096
CAPTION_UNITS_MAX = 1024
ENTITIES_MAX = 100

# Each part is bounded and starts only where a word starts, so that long words cost no more.
_FOUND = re.compile(
    r"(?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})"
    r"|(?P<url>(?:https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]|(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,8}"
    r"(?:com|org|net|info|ke|co|io|me|gov|edu|int)(?![\w.])(?:/[^\s<>\"]*[^\s<>\".,;:!?)\]])?))"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))"
    r"|(?P<mention>(?<!\w)@[A-Za-z0-9_]{3,32}(?!\w))"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d]\w*)"
)
_GIVEN = frozenset(
    {
        *("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"),
        *("bold", "italic", "underline", "strikethrough", "spoiler", "blockquote"),
        *("expandable_blockquote", "code", "pre", "text_link", "text_mention", "custom_emoji"),
        *("date_time", "bank_card_number"),
    }
)
_FIELDS = frozenset(
    {
        *("type", "offset", "length", "url", "user", "language", "custom_emoji_id"),
        *("unix_time", "date_time_format"),
    }
)
_CLOSED = frozenset({"code", "pre", "text_link", "text_mention"})


def find_entities(text: str) -> list[Json]:
    """Find the entities that Telegram itself finds in a text.

    >>> find_entities("/start now")
    [{'type': 'bot_command', 'offset': 0, 'length': 6}]
    """
    return [
        {
            "type": found.lastgroup,
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found[0]),
        }
        for found in _FOUND.finditer(text)
    ][:ENTITIES_MAX]


def spoken(text: str) -> Json:
    """Return the `text` and `entities` of a message that a person typed."""
    entities = find_entities(text)
    return {"text": text, "entities": entities} if entities else {"text": text}


def read_text(given: Arguments) -> Json:
    """Return the `text` and `entities` of sendMessage and editMessageText."""
    text, entities = _marked(given, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > TEXT_UNITS_MAX:
        raise bad_request("message is too long")
    entities = _with_found(text, entities)
    return {"text": text, "entities": entities} if entities else {"text": text}


def read_caption(given: Arguments) -> Json:
    """Return the `caption` and `caption_entities` of a message with media; none is fine."""
    caption, marks = _marked(given, "caption", "caption_entities")
    if utf16_length(caption) > CAPTION_UNITS_MAX:
        raise bad_request("message caption is too long")
    if not caption:
        return {}
    marks = _with_found(caption, marks)
    return {"caption": caption, "caption_entities": marks} if marks else {"caption": caption}


def _marked(given: Arguments, name: str, entities_name: str) -> tuple[str, list[Json]]:
    """Return a text without its ends' white space, and the entities that were given for it."""
    mode, entities = given.text("parse_mode"), given.array(entities_name)
    return _trimmed(*_parsed(given.text(name), mode, entities))


def _parsed(text: str, mode: str, entities: list[Any] | None) -> tuple[str, list[Json]]:
    match mode.lower():
        case "html":
            return read_html(text)
        case "" | "none":
            return text, _checked(text, entities or [])
        case "markdown" | "markdownv2":
            raise bad_request(f'unsupported parse_mode: the simulator reads HTML, not "{mode}"')
    raise bad_request("unsupported parse_mode")


def _checked(text: str, entities: list[Any]) -> list[Json]:
    if len(entities) > ENTITIES_MAX:
        raise bad_request("too many entities")
    starts = _starts(text)
    return [_entity(one, starts) for one in entities]


def _starts(text: str) -> frozenset[int]:
    """Return the offsets at which a character starts, and the end of the text."""
    at, starts = 0, [0]
    for character in text:
        at += utf16_length(character)
        starts.append(at)
    return frozenset(starts)


def _entity(one: object, starts: frozenset[int]) -> Json:
    if not isinstance(one, dict):
        raise _wrong("expected an Object")
    only(one, _FIELDS, "MessageEntity")
    kind = member(one, "type", str, needed=True)
    offset = member(one, "offset", int, needed=True)
    length = member(one, "length", int, needed=True)
    if kind not in _GIVEN:
        raise _wrong(f'unsupported type "{kind}"')
    if kind == "text_link" and not member(one, "url", str):
        raise _wrong('can\'t find field "url"')
    if not ({offset, offset + length} <= starts and length > 0):
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol "
            "or outside of the text"
        )
    return dict(one)


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut white space off both ends, as Telegram does, and move the entities along."""
    lead = utf16_length(text) - utf16_length(text.lstrip())
    kept = text.strip()
    end = utf16_length(kept)
    moved = [_moved(one, lead, end) for one in entities]
    return kept, [one for one in moved if one["length"] > 0]


def _moved(one: Json, lead: int, end: int) -> Json:
    start = max(one["offset"] - lead, 0)
    stop = min(one["offset"] + one["length"] - lead, end)
    return one | {"offset": start, "length": stop - start}


def _with_found(text: str, entities: list[Json]) -> list[Json]:
    closed = [one for one in entities if one["type"] in _CLOSED]
    given = {(one["offset"], one["length"], one["type"]) for one in entities}
    found = [
        one
        for one in find_entities(text)
        if not any(_overlap(one, other) for other in closed)
        and (one["offset"], one["length"], one["type"]) not in given
    ]
    return sorted([*entities, *found], key=lambda one: (one["offset"], -one["length"]))


def _overlap(one: Json, other: Json) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )


def _wrong(text: str) -> Refused:
    return bad_request(f"can't parse MessageEntity: {text}")
